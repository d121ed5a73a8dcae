/* SPDX-License-Identifier: MIT */
/* core/base/diag: the stored sentence, the caret below it, the nearest name. */

#include "core/base/diag.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/str.h"

static void test_sentence(void **state)
{
	(void)state;
	assert_string_equal(diag_text(), "");
	assert_string_equal(diag_caret(), "");
	assert_int_equal(diag(-EACCES, "open %s", "/proc/net/tcp"), -EACCES);
	assert_string_equal(diag_text(), "open /proc/net/tcp: Permission denied");
	assert_int_equal(diag(DIAG_USAGE, "unknown column '%s'", "prot"), DIAG_USAGE);
	assert_string_equal(diag_text(), "unknown column 'prot'");
	assert_int_equal(diag(-4000, "x"), -4000);
	assert_string_equal(diag_text(), "x: error 4000");
}

static void test_quotes_itself(void **state)
{
	(void)state;
	diag(DIAG_USAGE, "inner");
	diag(DIAG_USAGE, "outer: %s", diag_text());
	assert_string_equal(diag_text(), "outer: inner");
}

static void test_hostile_sentence(void **state)
{
	(void)state;
	diag(DIAG_USAGE, "unknown '%s'", "\x1b]0;x\x07\n\xe2\x80\xae");
	assert_string_equal(diag_text(),
	        "unknown '?]0;x?"
	        "?"
	        "?'");
}

static void test_caret(void **state)
{
	(void)state;
	assert_int_equal(diag_at(DIAG_USAGE, "port:x", 5, "no number"), DIAG_USAGE);
	assert_string_equal(diag_text(), "no number");
	assert_string_equal(diag_caret(), "port:x\n     ^\n");
	diag_at(DIAG_USAGE, "ab", 2, "ends early");
	assert_string_equal(diag_caret(), "ab\n  ^\n");
	diag_at(DIAG_USAGE, "ab", 99, "beyond");
	assert_string_equal(diag_caret(), "ab\n  ^\n");
	diag_at(DIAG_USAGE, "", 0, "empty");
	assert_string_equal(diag_caret(), "\n^\n");
	diag(DIAG_USAGE, "no place");
	assert_string_equal(diag_caret(), "");
}

/* Wide, combining and unsafe characters move the caret by what a terminal shows. */
static void test_caret_columns(void **state)
{
	(void)state;
	diag_at(DIAG_USAGE, "\xe6\x97\xa5x", 3, "wide");
	assert_string_equal(diag_caret(), "\xe6\x97\xa5x\n  ^\n");
	diag_at(DIAG_USAGE, "e\xcc\x81x", 3, "combining");
	assert_string_equal(diag_caret(), "e\xcc\x81x\n ^\n");
	diag_at(DIAG_USAGE, "\x1b[1mx\xff\n", 4, "unsafe");
	assert_string_equal(diag_caret(), "?[1mx??\n    ^\n");
	diag_at(DIAG_USAGE, "\xe6\x97\xa5", 1, "inside a character");
	assert_string_equal(diag_caret(), "???\n ^\n");
}

/* However long the text is, the caret stands under the same byte, within the width. */
static void test_caret_window(void **state)
{
	char text[401];

	(void)state;
	for (size_t i = 0; i < 400; i++)
		text[i] = (char)('a' + i % 26);
	text[400] = '\0';
	for (size_t offset = 0; offset <= 400; offset++) {
		const char *newline, *line;
		size_t column;

		diag_at(DIAG_USAGE, text, offset, "far");
		newline = strchr(diag_caret(), '\n');
		line = diag_caret();
		column = strlen(newline + 1) - 2;
		assert_true(newline - line <= 72);
		assert_true((size_t)(newline - line) >= column);
		if (offset < 400)
			assert_int_equal(line[column], text[offset]);
		else
			assert_int_equal(line[column], '\n');
	}
}

static void test_errno_words(void **state)
{
	(void)state;
	for (int error = 1; error < 140; error++) {
		const char *words = diag_errno(error);

		if (strncmp(words, "error ", 6) != 0)
			assert_string_equal(words, strerror(error));
	}
	assert_string_equal(diag_errno(EPERM), "Operation not permitted");
	assert_string_equal(diag_errno(EDQUOT), "Disk quota exceeded");
	assert_string_equal(diag_errno(1234), "error 1234");
	assert_string_equal(diag_errno(0), "error 0");
}

static const char *const names[] = { "proto", "state", "local", "laddr", "lport", "remote", "raddr",
	"rport", "pid", "comm", "mem", "container", "container_name", NULL };

static const char *next_name(const void *context, size_t i)
{
	const char *const *list = context;

	return list[i];
}

static const char *nearest(const char *word)
{
	const char *found = diag_nearest(word, strlen(word), next_name, names);

	return found ? found : "none";
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest("prot"), "proto");
	assert_string_equal(nearest("porto"), "proto");
	assert_string_equal(nearest("PROTO"), "proto");
	assert_string_equal(nearest("sate"), "state");
	assert_string_equal(nearest("rem"), "mem"); /* one edit is nearer than a beginning */
	assert_string_equal(nearest("remo"), "remote");
	assert_string_equal(nearest("remote_address"), "remote");
	assert_string_equal(nearest("cont"), "container");
	assert_string_equal(nearest("contianer"), "container");
	assert_string_equal(nearest("pix"), "pid");
	assert_string_equal(nearest("pd"), "none"); /* one edit is half of the word */
	assert_string_equal(nearest("re"), "none"); /* too short for a beginning */
	assert_string_equal(nearest("xyzzy"), "none");
	assert_string_equal(nearest(""), "none");
}

/* A run of continuation bytes around the caret is no character to step back over. */
static void test_caret_in_continuation_bytes(void **state)
{
	char text[80];

	(void)state;
	memset(text, 0x89, sizeof(text) - 1);
	memcpy(text, "coc", 3);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(diag_at(DIAG_USAGE, text, 70, "x"), DIAG_USAGE);
	assert_non_null(strchr(diag_caret(), '^'));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentence),
		cmocka_unit_test(test_quotes_itself),
		cmocka_unit_test(test_hostile_sentence),
		cmocka_unit_test(test_caret),
		cmocka_unit_test(test_caret_columns),
		cmocka_unit_test(test_caret_window),
		cmocka_unit_test(test_errno_words),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_caret_in_continuation_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
