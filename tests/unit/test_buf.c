/* SPDX-License-Identifier: MIT */
/* core/base/buf: numbers and messages against libc's printf. */

#include "core/base/buf.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, 65535, 999999999, 1000000000, 4294967295,
	4294967296, 4294967297, 9999999999, 10000000000, 999999999999999999, 1000000000000000000,
	4294967296000000000, INT64_MAX, UINT64_C(9223372036854775808),
	UINT64_C(10000000000000000000), UINT64_MAX - 1, UINT64_MAX };
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static struct buf out;

static void assert_out(const char *expected)
{
	assert_string_equal(out.ptr, expected);
	assert_int_equal(out.len, strlen(expected));
	buf_clear(&out);
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static void check_number(uint64_t number)
{
	char text[64];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	buf_u64(&out, number);
	assert_out(text);
	snprintf(text, sizeof(text), "%" PRId64, (int64_t)number);
	buf_i64(&out, (int64_t)number);
	assert_out(text);
	snprintf(text, sizeof(text), "%012" PRIu64, number);
	buf_u64_pad(&out, number, 12);
	assert_out(text);
	snprintf(text, sizeof(text), "%04" PRIx64, number);
	buf_hex(&out, number, 4);
	assert_out(text);
	snprintf(text, sizeof(text), "%" PRIx64, number);
	buf_hex(&out, number, 1);
	assert_out(text);
}

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUMBERS; i++)
		check_number(numbers[i]);
	srand(2);
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t number =
		        (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();

		check_number(number >> rand() % 64);
	}
}

static void test_nano(void **state)
{
	static const struct {
		uint64_t nano;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 1, "0.000000001" },
		{ 1500000000, "1.5" },
		{ 1000000000, "1" },
		{ 100000000000, "100" },
		{ 50000000, "0.05" },
		{ 123456789012, "123.456789012" },
		{ UINT64_MAX, "18446744073.709551615" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_nano(&out, rows[i].nano);
		assert_out(rows[i].text);
	}
}

static void test_base64(void **state)
{
	/* RFC 4648, section 10 */
	static const char *const rows[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "+//+" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_text(&out, "");
		buf_base64(&out, rows[i][0], strlen(rows[i][0]));
		assert_out(rows[i][1]);
	}
}

static void test_pieces(void **state)
{
	struct buf empty = { 0 };

	(void)state;
	assert_int_equal(buf_view(&empty).len, 0);
	assert_non_null(buf_view(&empty).ptr);
	buf_clear(&empty);
	buf_release(&empty);
	buf_char(&out, 'a');
	buf_text(&out, "bc");
	buf_str(&out, STR("d"));
	buf_str(&out, STR_NONE);
	buf_fill(&out, '.', 3);
	buf_fill(&out, '.', 0);
	buf_add(&out, "xyz", 2);
	buf_add(&out, NULL, 0);
	assert_true(str_equal(buf_view(&out), STR("abcd...xy")));
	assert_out("abcd...xy");
	buf_add(&out, "a\0b", 3);
	assert_true(str_equal(buf_view(&out), STR("a\0b")));
	buf_clear(&out);
}

/* Grows at each size by just what is asked; ASan holds it to its bounds. */
static void test_growth(void **state)
{
	(void)state;
	for (size_t size = 0; size < 300; size++) {
		struct buf grown = { 0 };

		for (unsigned i = 0; i < 5; i++) {
			char *at = buf_reserve(&grown, size);

			memset(at, 'x', size + 1);
			grown.len += size;
			assert_true(grown.cap > grown.len);
		}
		buf_release(&grown);
		assert_null(grown.ptr);
	}
}

static void test_format(void **state)
{
	struct str none = str_from(NULL);
	char text[256];

	(void)state;
	buf_format(
	        &out, "%s|%.*s|%c|%d|%u|%x|%%", "one", 2, "twotwo", 'c', -5, 4000000000U, 0xbeefU);
	assert_out("one|tw|c|-5|4000000000|beef|%");
	buf_format(&out, "%zu %" PRIu64 " %" PRId64, (size_t)12345, UINT64_MAX, (int64_t)-1);
	assert_out("12345 18446744073709551615 -1");
	buf_format(&out, "%s", "");
	assert_out("");
	buf_format(&out, "%.*s%.*s", STR_ARG(none), STR_ARG(STR("x")));
	assert_out("x");
	for (size_t i = 0; i < NUMBERS; i++) {
		static const char format[] = "%" PRId64 " %" PRIu64 " %d %u %x";
		uint64_t number = numbers[i];

		snprintf(text, sizeof(text), format, (int64_t)number, number, (int)number,
		        (unsigned)number, (unsigned)number);
		buf_format(&out, format, (int64_t)number, number, (int)number, (unsigned)number,
		        (unsigned)number);
		assert_out(text);
	}
}

static void test_safe(void **state)
{
	(void)state;
	buf_safe(&out, STR("plain \xc3\xa4 \xe6\x97\xa5 \\"));
	assert_out("plain \xc3\xa4 \xe6\x97\xa5 \\");
	buf_safe(&out, STR("\x1b]0;x\x07\n\0\x7f\xc2\x9b"));
	assert_out("?]0;x?????");
	buf_safe(&out, STR("a\xff\xc3(\xe2\x80\xae\xf0\x9f"));
	assert_out("a?"
	           "?(?"
	           "?"
	           "?");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nano),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_safe),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
