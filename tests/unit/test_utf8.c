/* SPDX-License-Identifier: MIT */
/* core/base/utf8: every character there and back, every short invalid text refused, classes. */

#include "core/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_scalar(uint32_t rune)
{
	return rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff);
}

/* Each character, in a block of exactly its size; and cut by a byte it is none. */
static void test_roundtrip(void **state)
{
	(void)state;
	for (uint32_t rune = 0; rune <= 0x10ffff; rune++) {
		char text[4];
		size_t len = utf8_encode(rune, text);
		uint32_t back = UINT32_MAX;
		size_t got = utf8_decode(text, len, &back);

		assert_int_equal(len, 1 + (rune > 0x7f) + (rune > 0x7ff) + (rune > 0xffff));
		if (is_scalar(rune)) {
			assert_int_equal(got, len);
			assert_int_equal(back, rune);
		} else {
			assert_int_equal(got, 0);
			assert_true(back == UINT32_MAX);
		}
		if (len > 1)
			assert_int_equal(utf8_decode(text, len - 1, &back), 0);
	}
}

/* All texts of three bytes: what decodes must be what encoding it gives. */
static void test_all_short(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes < 0x1000000; bytes += 1 + (bytes > 0x800000 ? 2 : 0)) {
		char text[3] = { (char)(bytes >> 16), (char)(bytes >> 8), (char)bytes };
		char again[4];
		uint32_t rune = 0;
		size_t len = utf8_decode(text, 3, &rune);

		if (len && (utf8_encode(rune, again) != len || memcmp(text, again, len) != 0))
			fail_msg("%06x decodes as %x", bytes, rune);
	}
}

static void test_invalid(void **state)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xfe", "\xff", "\xc3(", "\xe2\x82(", "\xe2(\xac", "\xf0\x9f\x98(", "\xc3\xc3" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t rune = 7;

		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &rune), 0);
		assert_int_equal(rune, 7);
	}
}

static void test_unsafe(void **state)
{
	static const uint32_t unsafe[] = { 0, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c,
		0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c,
		0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe000, 0xf8ff,
		0xd800, 0xdfff, 0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x2ffff, 0x9fffe,
		0xe0000, 0xe0041, 0xe007f, 0xf0000, 0xffffd, 0x100000, 0x10ffff, 0x110000,
		UINT32_MAX };
	static const uint32_t safe[] = { ' ', '~', '\\', 0xa0, 0xe4, 0x3b1, 0x5d0, 0x627, 0x2010,
		0x2027, 0x2030, 0x20ac, 0x3042, 0x65e5, 0xac00, 0xfdcf, 0xfdf0, 0xfffd, 0x1f600,
		0x20000, 0x2fffd, 0x30000, 0x301 };

	(void)state;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		if (!utf8_unsafe(unsafe[i]))
			fail_msg("U+%04X is not safe", unsafe[i]);
	}
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
		if (utf8_unsafe(safe[i]))
			fail_msg("U+%04X is safe", safe[i]);
	}
}

static void test_width(void **state)
{
	static const uint32_t narrow[] = { ' ', 'a', '~', 0xa0, 0xe4, 0x2ff, 0x370, 0x3b1, 0x627,
		0x20ac, 0x2500, 0x2588, 0xff61, 0xffee, 0x1d400, 0x1f321, 0x2027, 0x23e8, 0x4dc0 };
	static const uint32_t wide[] = { 0x1100, 0x231a, 0x23e9, 0x2e80, 0x3000, 0x3042, 0x4dbf,
		0x4e00, 0x6df0, 0x9fff, 0xa4c6, 0xac00, 0xd7a3, 0xf900, 0xff01, 0xff60, 0xffe0,
		0x17000, 0x18cd5, 0x1b000, 0x1f004, 0x1f300, 0x1f600, 0x1f9ff, 0x20000, 0x2a6d6,
		0x3134a };
	static const uint32_t zero[] = { 0x300, 0x36f, 0x483, 0x591, 0x64b, 0x94d, 0xe31, 0x1ab0,
		0x20d0, 0x302a, 0x3099, 0xfe0f, 0xfe20, 0x1161, 0x11ff, 0x1d167, 0x1e8d0 };

	(void)state;
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
		if (utf8_width(narrow[i]) != 1)
			fail_msg("U+%04X takes one column", narrow[i]);
	}
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		if (utf8_width(wide[i]) != 2)
			fail_msg("U+%04X takes two columns", wide[i]);
	}
	for (size_t i = 0; i < sizeof(zero) / sizeof(zero[0]); i++) {
		if (utf8_width(zero[i]) != 0)
			fail_msg("U+%04X takes no column", zero[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roundtrip),
		cmocka_unit_test(test_all_short),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_unsafe),
		cmocka_unit_test(test_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
