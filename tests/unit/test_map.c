/* SPDX-License-Identifier: MIT */
/* core/base/map: against a plain array. */

#include "core/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_empty(void **state)
{
	struct map map = { 0 };

	(void)state;
	assert_true(map_get(&map, 0) == MAP_NONE);
	map_clear(&map);
	map_release(&map);
	map_put(&map, 0, 0);
	assert_int_equal(map_get(&map, 0), 0);
	assert_true(map_get(&map, 1) == MAP_NONE);
	map_release(&map);
}

static void test_many(void **state)
{
	struct map map = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 25000; i++)
		map_put(&map, UINT64_C(100000) + i, i);
	assert_int_equal(map.count, 25000);
	assert_true(map.slots <= 65536);
	for (uint32_t i = 0; i < 25000; i++)
		assert_int_equal(map_get(&map, UINT64_C(100000) + i), i);
	assert_true(map_get(&map, 99999) == MAP_NONE);
	assert_true(map_get(&map, 125000) == MAP_NONE);
	map_clear(&map);
	assert_int_equal(map.count, 0);
	assert_true(map_get(&map, 100000) == MAP_NONE);
	assert_true(map.slots > 0);
	map_release(&map);
	assert_int_equal(map.slots, 0);
}

/* Never more than two thirds full, so that a search ends. */
static void test_against_array(void **state)
{
	static uint32_t oracle[500];
	struct map map = { 0 };

	(void)state;
	for (size_t i = 0; i < 500; i++)
		oracle[i] = MAP_NONE;
	srand(4);
	for (unsigned i = 0; i < 20000; i++) {
		size_t key = (size_t)rand() % 500;
		uint64_t spread = key << 32 | 7; /* the high half counts */

		if (rand() % 3 == 0) {
			oracle[key] = (uint32_t)rand();
			map_put(&map, spread, oracle[key]);
		}
		assert_true(map_get(&map, spread) == oracle[key]);
		assert_true(map.count * 3 <= map.slots * 2);
	}
	map_release(&map);
}

static void test_any_key(void **state)
{
	struct map map = { 0 };

	(void)state;
	map_put(&map, UINT64_MAX, 1);
	map_put(&map, 0, 2);
	map_put(&map, UINT64_MAX, 3);
	assert_int_equal(map.count, 2);
	assert_int_equal(map_get(&map, UINT64_MAX), 3);
	assert_int_equal(map_get(&map, 0), 2);
	map_release(&map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_against_array),
		cmocka_unit_test(test_any_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
