/* SPDX-License-Identifier: MIT */
/* core/base/arena: alignment, zeroes (also after a reset), no heap request in a second round. */

#include "core/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_zero(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

/* Allocates about @total bytes in random pieces and fills them with ones. */
static void fill(struct arena *arena, size_t total)
{
	while (total) {
		size_t size = (size_t)rand() % 700;
		unsigned char *bytes;
		struct str copy;

		size = size > total ? total : size;
		total -= size;
		bytes = arena_alloc(arena, size);
		assert_true((uintptr_t)bytes % _Alignof(max_align_t) == 0);
		assert_true(is_zero(bytes, size));
		memset(bytes, 0xff, size);
		copy = arena_str(arena, STR("abc"));
		assert_true(str_equal(copy, STR("abc")));
		assert_int_equal(copy.ptr[3], 0);
	}
}

static void test_rounds(void **state)
{
	struct arena arena = { 0 };
	struct arena_chunk *kept;

	(void)state;
	srand(3);
	fill(&arena, 1000);
	arena_reset(&arena);
	fill(&arena, 500000);
	arena_reset(&arena);
	fill(&arena, 500000);
	arena_reset(&arena);
	kept = arena.chunks;
	fill(&arena, 500000);
	assert_ptr_equal(arena.chunks, kept);
	arena_release(&arena);
	assert_null(arena.chunks);
}

static void test_large(void **state)
{
	struct arena arena;
	unsigned char *bytes;

	(void)state;
	arena_init(&arena);
	arena_reset(&arena);
	bytes = arena_alloc(&arena, 3000000);
	assert_true(is_zero(bytes, 3000000));
	memset(bytes, 0xff, 3000000);
	assert_non_null(arena_alloc(&arena, 0));
	fill(&arena, 100000);
	arena_reset(&arena);
	fill(&arena, 3000000);
	arena_release(&arena);
}

static void test_text(void **state)
{
	struct arena arena = { 0 };
	struct str copy;

	(void)state;
	assert_null(arena_str(&arena, STR_NONE).ptr);
	copy = arena_str(&arena, STR(""));
	assert_non_null(copy.ptr);
	assert_string_equal(copy.ptr, "");
	copy = arena_str(&arena, STR("a\0b"));
	assert_int_equal(copy.len, 3);
	assert_memory_equal(copy.ptr, "a\0b", 4);
	arena_release(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
