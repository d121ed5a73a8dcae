/* SPDX-License-Identifier: MIT */
/* core/table/escape: hostile names leave as one printable line in every format. */

#include "core/table/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct buf out;

static void assert_out(const char *expected)
{
	assert_string_equal(buf_view(&out).ptr, expected);
	assert_int_equal(out.len, strlen(expected));
	buf_clear(&out);
}

/* clang-format off */
/* One row a hostile name: how each format has it. */
static const struct {
	struct str text;
	unsigned width; /* of plain */
	const char *plain, *tsv, *csv, *json, *shell;
} rows[] = {
	{ STR("nginx"), 5, "nginx", "nginx", "nginx", "nginx", "'nginx'" },
	{ STR(""), 0, "", "\\e", "\"\"", "", "''" },
	{ STR("-"), 1, "-", "\\-", "\"-\"", "-", "'-'" },
	{ STR("a-"), 2, "a-", "a-", "a-", "a-", "'a-'" },
	{ STR("a b"), 3, "a b", "a b", "a b", "a b", "'a b'" },
	{ STR("\033]0;x\a"), 12, "\\x1b]0;x\\x07", "\\x1b]0;x\\x07", "\\x1b]0;x\\x07", "\\u001b]0;x\\u0007",
	        "'\\x1b]0;x\\x07'" },
	{ STR("a\tb\nc\r"), 15, "a\\x09b\\x0ac\\x0d", "a\\tb\\nc\\x0d", "\"a\\x09b\\x0ac\\x0d\"", "a\\tb\\nc\\u000d",
	        "'a\\x09b\\x0ac\\x0d'" },
	{ STR("a\0b\177"), 10, "a\\x00b\\x7f", "a\\x00b\\x7f", "a\\x00b\\x7f", "a\\u0000b\\u007f", "'a\\x00b\\x7f'" },
	{ STR("a\xc2\x9b" "1m"), 9, "a\\u{9b}1m", "a\\u{9b}1m", "a\\u{9b}1m", "a\\u009b1m", "'a\\u{9b}1m'" },
	{ STR("\xe2\x80\xae" "exe"), 11, "\\u{202e}exe", "\\u{202e}exe", "\\u{202e}exe", "\\u202eexe",
	        "'\\u{202e}exe'" },
	{ STR("\xf3\xa0\x80\x81"), 9, "\\u{e0001}", "\\u{e0001}", "\\u{e0001}", "\\udb40\\udc01", "'\\u{e0001}'" },
	{ STR("\xf3\xb0\x8c\x81"), 9, "\\u{f0301}", "\\u{f0301}", "\\u{f0301}", "\\udb80\\udf01", "'\\u{f0301}'" },
	{ STR("a\xff\xc3"), 9, "a\\xff\\xc3", "a\\xff\\xc3", "a\\xff\\xc3", "a\xef\xbf\xbd\xef\xbf\xbd",
	        "'a\\xff\\xc3'" },
	{ STR("\xef\xbf\xbd"), 1, "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd", "'\xef\xbf\xbd'" },
	{ STR("it's \"x\""), 8, "it's \"x\"", "it's \"x\"", "\"it's \"\"x\"\"\"", "it's \\\"x\\\"", "'it'\\''s \"x\"'" },
	{ STR("a\\b"), 4, "a\\\\b", "a\\\\b", "a\\\\b", "a\\\\b", "'a\\\\b'" },
	{ STR("a,b"), 3, "a,b", "a,b", "\"a,b\"", "a,b", "'a,b'" },
	{ STR("=1+2"), 4, "=1+2", "=1+2", "\"=1+2\"", "=1+2", "'=1+2'" },
	{ STR("+x"), 2, "+x", "+x", "\"+x\"", "+x", "'+x'" },
	{ STR("@x"), 2, "@x", "@x", "\"@x\"", "@x", "'@x'" },
	{ STR("x=@"), 3, "x=@", "x=@", "x=@", "x=@", "'x=@'" },
	{ STR("$(id)`"), 6, "$(id)`", "$(id)`", "$(id)`", "$(id)`", "'$(id)`'" },
	{ STR("\xc3\xa4"), 1, "\xc3\xa4", "\xc3\xa4", "\xc3\xa4", "\xc3\xa4", "'\xc3\xa4'" },
	{ STR("\xe6\xbc\xa2z"), 3, "\xe6\xbc\xa2z", "\xe6\xbc\xa2z", "\xe6\xbc\xa2z", "\xe6\xbc\xa2z", "'\xe6\xbc\xa2z'" },
	{ STR("a) R 1 (b"), 9, "a) R 1 (b", "a) R 1 (b", "a) R 1 (b", "a) R 1 (b", "'a) R 1 (b'" },
};
/* clang-format on */

static void test_plain(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(escape_plain(&out, rows[i].text), rows[i].width);
		assert_out(rows[i].plain);
	}
}

static void test_tsv(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		escape_tsv(&out, rows[i].text);
		assert_out(rows[i].tsv);
	}
}

static void test_csv(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		escape_csv(&out, rows[i].text);
		assert_out(rows[i].csv);
	}
}

static void test_json(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool whole = !strstr(rows[i].json, "\xef\xbf\xbd") ||
		        strstr(rows[i].text.ptr, "\xef\xbf\xbd");

		assert_int_equal(escape_json(&out, rows[i].text), whole);
		assert_out(rows[i].json);
	}
}

static void test_shell(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		escape_shell(&out, rows[i].text);
		assert_out(rows[i].shell);
	}
}

/* What stands in the buffer before is left alone and not counted. */
static void test_appends(void **state)
{
	buf_text(&out, "\033[1m");
	assert_int_equal(escape_plain(&out, STR("x\n")), 5);
	assert_out("\033[1mx\\x0a");
}

static int teardown(void **state)
{
	buf_release(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_tsv),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_appends),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
