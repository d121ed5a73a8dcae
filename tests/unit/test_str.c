/* SPDX-License-Identifier: MIT */
/* core/base/str: text by pointer and length; distances against a slow recursive oracle. */

#include "core/base/str.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_equal_and_order(void **state)
{
	(void)state;
	assert_true(str_equal(STR("abc"), STR("abc")));
	assert_false(str_equal(STR("abc"), STR("abd")));
	assert_false(str_equal(STR("abc"), STR("ab")));
	assert_true(str_equal(STR_NONE, STR("")));
	assert_true(str_equal(STR("a\0b"), STR("a\0b")));
	assert_false(str_equal(STR("a\0b"), STR("a\0c")));
	assert_true(str_equal_nocase(STR("ESTAB"), STR("estab")));
	assert_false(str_equal_nocase(STR("@"), STR("`")));
	assert_false(str_equal_nocase(STR("["), STR("{")));
	assert_false(str_equal_nocase(STR("\xc4"), STR("\xe4")));
	assert_true(str_compare(STR("a"), STR("b")) < 0);
	assert_true(str_compare(STR("ab"), STR("a")) > 0);
	assert_true(str_compare(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_compare(STR_NONE, STR("")), 0);
	assert_true(str_compare(STR_NONE, STR("x")) < 0);
}

static void test_from(void **state)
{
	(void)state;
	assert_null(str_from(NULL).ptr);
	assert_int_equal(str_from("abc").len, 3);
	assert_non_null(str_from("").ptr);
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("")));
	assert_false(str_starts(STR("a"), STR("ab")));
	assert_false(str_starts(STR("xab"), STR("ab")));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_true(str_ends(STR("abc"), STR("")));
	assert_true(str_ends(STR_NONE, STR("")));
	assert_false(str_ends(STR("c"), STR("bc")));
	assert_false(str_ends(STR("bcx"), STR("bc")));
}

static void test_find(void **state)
{
	(void)state;
	assert_int_equal(str_find_nocase(STR("nginx: Worker"), STR("wORKER")), 7);
	assert_int_equal(str_find_nocase(STR("aab"), STR("ab")), 1);
	assert_int_equal(str_find_nocase(STR("abc"), STR("")), 0);
	assert_int_equal(str_find_nocase(STR(""), STR("")), 0);
	assert_int_equal(str_find_nocase(STR_NONE, STR("a")), -1);
	assert_int_equal(str_find_nocase(STR("ab"), STR("abc")), -1);
	assert_int_equal(str_find_nocase(STR("a\0b"), STR("\0B")), 1);
}

static void test_trim(void **state)
{
	(void)state;
	assert_true(str_equal(str_trim(STR(" \t a b\r\n")), STR("a b")));
	assert_int_equal(str_trim(STR(" \n ")).len, 0);
	assert_int_equal(str_trim(STR_NONE).len, 0);
}

/* "a,b" splits into "[a][b]". */
static void assert_split(struct str text, const char *expected)
{
	char out[64] = "";
	struct str part;

	while (str_split(&text, ',', &part)) {
		assert_non_null(part.ptr);
		strcat(out, "[");
		strncat(out, part.ptr, part.len);
		strcat(out, "]");
	}
	assert_null(text.ptr);
	assert_string_equal(out, expected);
}

static void test_split(void **state)
{
	(void)state;
	assert_split(STR("a,b"), "[a][b]");
	assert_split(STR("a,"), "[a][]");
	assert_split(STR(",a"), "[][a]");
	assert_split(STR(""), "[]");
	assert_split(STR(",,"), "[][][]");
	assert_split(STR_NONE, "");
}

static void test_word(void **state)
{
	struct str rest = STR("  0: 00000000:0016\t0A\n");
	struct str word;

	(void)state;
	assert_true(str_word(&rest, &word));
	assert_true(str_equal(word, STR("0:")));
	assert_true(str_word(&rest, &word));
	assert_true(str_equal(word, STR("00000000:0016")));
	assert_true(str_word(&rest, &word));
	assert_true(str_equal(word, STR("0A")));
	assert_false(str_word(&rest, &word));
	rest = STR_NONE;
	assert_false(str_word(&rest, &word));
}

static void test_numbers(void **state)
{
	static const struct str bad[] = { { NULL, 0 }, { "", 0 }, { "-1", 2 }, { "+1", 2 },
		{ " 1", 2 }, { "1 ", 2 }, { "0x1", 3 }, { "1\0", 2 },
		{ "18446744073709551616", 20 }, { "99999999999999999999", 20 }, { "1e3", 3 },
		{ "a", 1 } };
	uint64_t number = 7;
	int64_t with_sign = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_u64(bad[i], &number));
	assert_int_equal(number, 7);
	assert_true(str_u64(STR("18446744073709551615"), &number));
	assert_true(number == UINT64_MAX);
	assert_true(str_u64(STR("0000000000000000000000012"), &number));
	assert_int_equal(number, 12);
	assert_true(str_hex(STR("DEADbeef"), &number));
	assert_int_equal(number, 0xdeadbeef);
	assert_true(str_hex(STR("ffffffffffffffff"), &number));
	assert_true(number == UINT64_MAX);
	assert_false(str_hex(STR("10000000000000000"), &number));
	assert_false(str_hex(STR("g"), &number));
	assert_true(str_i64(STR("-9223372036854775808"), &with_sign));
	assert_true(with_sign == INT64_MIN);
	assert_true(str_i64(STR("9223372036854775807"), &with_sign));
	assert_true(with_sign == INT64_MAX);
	assert_true(str_i64(STR("-0"), &with_sign));
	assert_int_equal(with_sign, 0);
	assert_false(str_i64(STR("9223372036854775808"), &with_sign));
	assert_false(str_i64(STR("-9223372036854775809"), &with_sign));
	assert_false(str_i64(STR("-"), &with_sign));
	assert_false(str_i64(STR("--1"), &with_sign));
}

/* The definition itself, exponential: optimal string alignment. */
static unsigned slow_distance(const char *a, size_t i, const char *b, size_t j)
{
	unsigned best, other;

	if (!i || !j)
		return (unsigned)(i + j);
	best = slow_distance(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
	other = slow_distance(a, i - 1, b, j) + 1;
	best = other < best ? other : best;
	other = slow_distance(a, i, b, j - 1) + 1;
	best = other < best ? other : best;
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
		other = slow_distance(a, i - 2, b, j - 2) + 1;
		best = other < best ? other : best;
	}
	return best;
}

static void test_distance(void **state)
{
	char long_word[33];

	(void)state;
	assert_int_equal(str_distance(STR("prot"), STR("proto")), 1);
	assert_int_equal(str_distance(STR("porto"), STR("proto")), 1);
	assert_int_equal(str_distance(STR("PROTO"), STR("proto")), 0);
	assert_int_equal(str_distance(STR(""), STR("abc")), 3);
	assert_int_equal(str_distance(STR("abc"), STR("")), 3);
	memset(long_word, 'a', sizeof(long_word));
	assert_int_equal(str_distance((struct str){ long_word, 32 }, STR("")), 32);
	assert_true(str_distance((struct str){ long_word, 33 }, STR("")) == UINT_MAX);
	srand(1);
	for (unsigned i = 0; i < 3000; i++) {
		char a[6], b[6];
		size_t a_len = (size_t)rand() % 6, b_len = (size_t)rand() % 6;

		for (unsigned k = 0; k < 6; k++) {
			a[k] = (char)('a' + rand() % 3);
			b[k] = (char)('a' + rand() % 3);
		}
		assert_int_equal(str_distance((struct str){ a, a_len }, (struct str){ b, b_len }),
		        slow_distance(a, a_len, b, b_len));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_and_order),
		cmocka_unit_test(test_from),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
