/* SPDX-License-Identifier: MIT */
/* core/base/cursor: never leaves its range, and remembers that it should have. */

#include "core/base/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static void test_big_endian(void **state)
{
	struct cursor c = cursor_on(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16be(&c), 0x0203);
	assert_int_equal(cursor_u32be(&c), 0x04050607);
	assert_int_equal(cursor_left(&c), 2);
	assert_false(c.failed);
	c = cursor_on("\xff\xff\xff\xff", 4);
	assert_true(cursor_u32be(&c) == UINT32_MAX);
}

static void test_host_order(void **state)
{
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	struct cursor c = cursor_on(bytes, sizeof(bytes));

	(void)state;
	memcpy(&two, bytes, 2);
	memcpy(&four, bytes + 2, 4);
	assert_int_equal(cursor_u16(&c), two);
	assert_int_equal(cursor_u32(&c), four);
	c = cursor_on(bytes + 1, 8);
	memcpy(&eight, bytes + 1, 8);
	assert_true(cursor_u64(&c) == eight);
	assert_false(c.failed);
}

/* Each read of more than there is gives zero, fails, and leaves nothing. */
static void test_short(void **state)
{
	(void)state;
	for (size_t len = 0; len < 9; len++) {
		uint8_t *exact = malloc(len ? len : 1);
		struct cursor c;
		uint8_t copy[9];

		memcpy(exact, bytes, len);
		c = cursor_on(exact, len);
		memset(copy, 0xff, sizeof(copy));
		assert_int_equal(cursor_copy(&c, copy, len + 1), 0);
		for (size_t i = 0; i <= len; i++)
			assert_int_equal(copy[i], 0);
		assert_true(c.failed);
		assert_int_equal(cursor_left(&c), 0);
		assert_int_equal(cursor_u8(&c), 0);
		c = cursor_on(exact, len);
		assert_int_equal(cursor_u32be(&c) != 0, len >= 4);
		assert_int_equal(c.failed, len < 4);
		c = cursor_on(exact, len);
		assert_null(cursor_take(&c, SIZE_MAX));
		assert_true(c.failed);
		free(exact);
	}
}

static void test_sub(void **state)
{
	struct cursor c = cursor_on(bytes, sizeof(bytes));
	struct cursor sub;

	(void)state;
	assert_true(cursor_skip(&c, 1));
	sub = cursor_sub(&c, 3);
	assert_int_equal(cursor_left(&sub), 3);
	assert_int_equal(cursor_left(&c), 5);
	assert_int_equal(cursor_u16be(&sub), 0x0203);
	assert_int_equal(cursor_u16be(&sub), 0);
	assert_true(sub.failed);
	assert_false(c.failed);
	sub = cursor_sub(&c, 6);
	assert_true(sub.failed && c.failed);
	assert_int_equal(cursor_left(&sub), 0);
	sub = cursor_sub(&c, 0);
	assert_false(sub.failed);
	assert_int_equal(cursor_left(&sub), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_big_endian),
		cmocka_unit_test(test_host_order),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_sub),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
