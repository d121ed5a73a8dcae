/* SPDX-License-Identifier: MIT */
/* core/base/regex: every construct, what is refused and where, bytes that are no text, and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/base/regex.h"

static bool matches(struct str pattern, struct str subject, bool nocase)
{
	const char *why = "no reason";
	size_t offset = 0;
	struct regex *regex = regex_new(pattern, nocase, &why, &offset);
	bool found;

	if (!regex)
		fail_msg("/%.*s/: %s at %zu", STR_ARG(pattern), why, offset);
	found = regex_test(regex, subject);
	assert_int_equal(regex_test(regex, subject), found);
	regex_free(regex);
	return found;
}

/* A pattern, subjects that it matches, "!" and subjects that it does not; all divided by blanks, '~' is a blank
 * in a subject, "''" the empty one. */
static void check_table(const char *const *rows, size_t count, bool nocase)
{
	for (size_t i = 0; i < count; i++) {
		struct str rest = str_from(rows[i]), pattern, subject;
		bool expected = true;

		assert_true(str_split(&rest, ' ', &pattern));
		while (str_split(&rest, ' ', &subject)) {
			char text[100];

			if (str_equal(subject, STR("!"))) {
				expected = false;
				continue;
			}
			if (str_equal(subject, STR("''")))
				subject.len = 0;
			assert_true(subject.len < sizeof(text));
			for (size_t k = 0; k < subject.len; k++)
				text[k] = subject.ptr[k] == '~' ? ' ' : subject.ptr[k];
			if (matches(pattern, (struct str){ text, subject.len }, nocase) != expected)
				fail_msg("/%.*s/%s on '%.*s'", STR_ARG(pattern), nocase ? "i" : "",
				        STR_ARG(subject));
		}
	}
}

#define CHECK(rows, nocase) check_table(rows, ARRAY_COUNT(rows), nocase)

static void test_characters(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"abc abc xabcx ababc ! ab acb ABC ''",
		"a.c abc a.c a~c ! ac abbc",
		"^$ '' ! a",
		"} a} ! a",
		"] a] ! a",
		"a\\.c a.c ! abc",
		"\\(\\)\\[\\]\\{\\}\\*\\+\\?\\^\\$\\|\\\\\\/ ()[]{}*+?^$|\\/ ! x",
		"\\- - ! x",
		"caf\xc3\xa9$ caf\xc3\xa9 ! cafe caf\xc3",
		"\\\xc3\xa9 \xc3\xa9 ! e",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
	assert_true(matches(STR(""), STR(""), false));
	assert_true(matches(STR(""), STR("x"), false));
	assert_true(matches(STR_NONE, STR_NONE, false));
}

static void test_brackets(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^[abc]$ a b c ! d '' ab",
		"^[^abc]$ d ~ ! a b c ''",
		"^[a-cx-z]$ a b c x y z ! d w -",
		"^[]a]$ ] a ! b",
		"^[^]a]$ b [ ! ] a",
		"^[]-a]$ ] ^ _ ` a ! b \\",
		"^[-a]$ - a ! b",
		"^[a-]$ - a ! b",
		"^[^-a]$ b ! - a",
		"^[--/]$ - . / ! 0 ,",
		"^[+--]$ + , - ! . *",
		"^[a\\]$ a \\ ! ]",
		"^[\\n]$ \\ n",
		"^[.*$^]$ . * $ ^ ! a",
		"^[[a]$ [ a ! ]",
		"^[a:]$ a : ! [",
		"^[(|)]$ ( | ) ! a",
		"^[[:alpha:]_]+$ aZ_ ! a1 -",
		"^[^[:alpha:]_]+$ 1-~ ! 1a _",
		"^[[:alpha:][:digit:]-]$ a 1 - ! _",
		"[z-\xc3\xa9]$ z { \xc3\xa9 \xc2\x80 ! y \xc3\xaa",
		"^[\xc3\xa9]$ \xc3\xa9 ! e \xc3 \xa9 \xc3\xa8",
		"^[^\xc3\xa9]$ e \xc3 \xa9 \xc3\xa8 ! \xc3\xa9",
		"^[\xe2\x82\xac-\xf0\x9f\x98\x80]$ \xe2\x82\xac \xf0\x9f\x98\x80 ! \xe2\x82\xab \xf0\x9f\x98\x81",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
}

static void test_classes(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name, *members;
	} classes[] = {
		{ "digit", "0123456789" },
		{ "lower", "abcdefghijklmnopqrstuvwxyz" },
		{ "upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
		{ "alpha", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" },
		{ "alnum", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" },
		{ "xdigit", "0123456789abcdefABCDEF" },
		{ "blank", " \t" },
		{ "space", " \t\n\v\f\r" },
		{ "punct", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" },
		{ "cntrl", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18"
		           "\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f" },
	};
	/* clang-format on */
	char pattern[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(classes); i++) {
		snprintf(pattern, sizeof(pattern), "^[[:%s:]]$", classes[i].name);
		for (unsigned c = 0; c < 256; c++) {
			char byte = (char)c;

			assert_int_equal(
			        matches(str_from(pattern), (struct str){ &byte, 1 }, false),
			        c && strchr(classes[i].members, byte));
		}
	}
	for (unsigned c = 0; c < 256; c++) {
		struct str text = { (char[]){ (char)c }, 1 };

		assert_int_equal(matches(STR("[[:print:]]"), text, false), c >= ' ' && c <= '~');
		assert_int_equal(matches(STR("[[:graph:]]"), text, false), c > ' ' && c <= '~');
	}
}

static void test_anchors(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^ab abc ! cab",
		"ab$ cab ! abc",
		"a^b ! ab a^b a",
		"a$b ! ab a$b",
		"^a|b$ ac cb a b ! ca bc",
		"(^a|b)c ac bc xbc ! xac",
		"x*^a a ! xa",
		"(^|/)usr(/|$) usr /usr/ usr/x x/usr ! xusr usrx",
		"(^a)*b b ab xb xab",
		"(^a)+b ab ! b xab",
		"^(a$)? a b ''",
		"(^a){2} ! a aa",
		"(a$){2} ! a aa",
		"^(^a?){2}$ a '' ! aa",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
	/* A newline is a character like others. */
	assert_false(matches(STR("^b"), STR("a\nb"), false));
	assert_true(matches(STR("a.b"), STR("a\nb"), false));
	assert_true(matches(STR("[^a]b"), STR("a\nb"), false));
}

static void test_groups(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^(nginx|haproxy)$ nginx haproxy ! ngin nginxx haprox",
		"^(a|b|c|)$ a b c '' ! d aa",
		"^(|a)b$ b ab ! a",
		"^(a||b)$ a b '' ! ab",
		"^()$ '' ! a",
		"^(()|a)+$ '' a aaa ! b",
		"^a(b(c(d|e)|f)|g)h$ abcdh abceh abfh agh ! abh ach abcfh",
		"^a|^b|^c a b c ! xa xb xc",
		"((((((((((a)))))))))) a ! b",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
}

static void test_repetitions(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^ab*c$ ac abc abbbbc ! a adc",
		"^ab+c$ abc abbbbc ! ac",
		"^ab?c$ ac abc ! abbc",
		"^a{3}$ aaa ! aa aaaa ''",
		"^a{2,}$ aa aaa aaaaaaaa ! a ''",
		"^a{0,}$ '' a aaaaaa ! b",
		"^a{2,4}$ aa aaa aaaa ! a aaaaa",
		"^a{,2}$ '' a aa ! aaa",
		"^a{,}$ '' aaa ! b",
		"^a{0}b$ b ! ab",
		"^a{0,0}b$ b ! ab",
		"^a{0,1}b$ b ab ! aab",
		"^a{1}b$ ab ! b aab",
		"^a{1,1}b$ ab ! b aab",
		"^a{003}$ aaa ! aa",
		"^(ab|c){2}$ abc cab cc abab ! ab abcc",
		"^((a|b){2}c){1,2}$ abc bbcaac ! ab abcab",
		"^(a{2}){2,3}$ aaaa aaaaaa ! aa aaaaa aaaaaaaa",
		"^(a*)*$ '' aaaa ! b",
		"^(a+)+b$ ab aaab ! b",
		"^(a?){3}$ '' a aaa ! aaaa",
		"^a**$ '' aaa ! b",
		"^a+*?$ '' aaa ! b",
		"^a{2}{3}$ aaaaaa ! aaaaa aaaaaaa",
		"^[ab]{2}.{3}$ abxyz ! abxy",
		"^([0-9]{1,3}\\.){3}[0-9]{1,3}$ 192.0.2.77 ! 192.0.2 1920.0.2.1",
		"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}$ 01234567-abcd-0123456789ab ! 0123456-abcd-0123456789ab",
		"^(\\w\\W){2}$ a-b- ! a-b",
	};
	/* clang-format on */
	char text[256];

	(void)state;
	CHECK(rows, false);
	memset(text, 'a', sizeof(text));
	assert_true(matches(STR("^a{255}$"), (struct str){ text, 255 }, false));
	assert_false(matches(STR("^a{255}$"), (struct str){ text, 254 }, false));
	assert_false(matches(STR("^a{255}$"), (struct str){ text, 256 }, false));
	assert_true(matches(STR("^a{1,255}$"), (struct str){ text, 255 }, false));
	assert_false(matches(STR("^a{1,255}$"), (struct str){ text, 256 }, false));
	assert_true(matches((struct str){ text, 256 }, (struct str){ text, 256 }, false));
	assert_false(matches((struct str){ text, 256 }, (struct str){ text, 255 }, false));
}

static void test_escapes(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^\\w+$ aZ_09 ! a-b ''",
		"^\\W$ - ~ ! a _ 0",
		"^\\s$ ~ ! a",
		"^\\S$ a ! ~",
		"\\bfoo\\b foo a-foo-b foo~x ! foox afoo _foo",
		"\\<foo foo a-foo foox ! afoo",
		"foo\\> foo foo-a afoo ! foox",
		"\\Boo\\B foox ! oo foo oox",
		"\\B '' - -- ab ! a",
		"\\b a -a ! '' -",
		"\\`a ab ! ba",
		"a\\' ba ! ab",
		"\\w{2}(\\s\\w)* ab~c ab ! a~b",
		"^(\\<\\S){2}$ ! Ab",
		"^(\\<\\S+\\>\\s?){2}$ a~b ab~cd ! ab a~b~c",
		"^(\\Ba|b){2}$ ba bb ! ab aa",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
}

static void test_nocase(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^aBc$ abc ABC AbC ! abd",
		"^[a-c]$ a A C ! d D",
		"^[A-C]$ a A c ! d D",
		"^[^a-c]$ d D 1 ! a A",
		"^[[:upper:]]$ a A ! 1",
		"^[^[:lower:]]$ 1 ! a A",
		"^[Z-a]$ z Z a A _ ! b B",
		"^[@[{`]$ @ [ { `",
		"^@$ @ ! `",
		"^[1-9_]$ 5 _ ! ? \x7f",
		"\xc3\xa9 \xc3\xa9 ! \xc3\x89",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, true);
	assert_false(matches(STR("a"), STR("A"), false));
}

/* A character is one unit, and a byte that is part of none too. */
static void test_bytes(void **state)
{
	/* clang-format off */
	static const char *const rows[] = {
		"^.$ \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xff \xc3 ! \xc3\xa9\xa9 \xe2\x82 \xc3\xa9x",
		"^..$ \xe2\x82 \xc3\xa9\xa9 \xc0\x80",
		"^...$ \xed\xa0\x80 \xe0\x80\x80",
		"^[^a]$ \xc3\xa9 \xff",
		"\xa9 \xa9 ! \xc3\xa9",
		"\xc3 \xc3 \xc3\xc3\xa9 ! \xc3\xa9",
		"^[\x80-\xff]+$ \xff\x80\xc3 ! \xc3\xa9 a",
		"^\\W$ \xc3\xa9 \xff",
		"^\\S+$ \xc2\xa0",
		"\\ba\\b \xc3\xa9" "a\xc3\xa9",
	};
	/* clang-format on */

	(void)state;
	CHECK(rows, false);
	assert_true(matches(STR("^a.b$"), STR("a\0b"), false));
	assert_true(matches(STR("^a[^b]b\\b"), STR("a\0b\0c"), false));
	assert_true(matches(STR("^[[:print:]]?.[^x]$"), STR("\0\0"), false));
	assert_false(matches(STR("ab"), STR("a\0b"), false));
}

static void test_refusals(void **state)
{
	/* clang-format off */
	static const struct {
		const char *pattern;
		size_t offset;
		const char *sentence;
	} rows[] = {
		{ "*a", 0, "nothing to repeat; \\ makes it a character" },
		{ "a|+", 2, "nothing to repeat; \\ makes it a character" },
		{ "a(?)", 2, "nothing to repeat; \\ makes it a character" },
		{ "{2}", 0, "nothing to repeat; \\ makes it a character" },
		{ "a^*", 2, "nothing to repeat; \\ makes it a character" },
		{ "a$+", 2, "nothing to repeat; \\ makes it a character" },
		{ "\\b{2}", 2, "nothing to repeat; \\ makes it a character" },
		{ "ab{", 2, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{1", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{1,", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{1,2", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{1,2,3}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{x}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{-1}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{3,1}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{256}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{256,}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{0,256}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{,257}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{4294967297}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "a{1,99999999999999999999}", 1, "repetitions are {3}, {3,} or {3,5}, at most 255" },
		{ "x((a{99}){99}){99}", 9, "repetitions too large together" },
		{ "(a{200,}){30}", 9, "repetitions too large together" },
		{ "((\\w{255})?){255}", 4, "repetitions too large together" },
		{ "(a", 0, "'(' without ')'" },
		{ "a(b(c)", 1, "'(' without ')'" },
		{ "(a|(b", 3, "'(' without ')'" },
		{ "a)", 1, "')' without '('" },
		{ ")", 0, "')' without '('" },
		{ "(a))b", 3, "')' without '('" },
		{ "x[abc", 1, "'[' without ']'" },
		{ "[", 0, "'[' without ']'" },
		{ "[]", 0, "'[' without ']'" },
		{ "[^]", 0, "'[' without ']'" },
		{ "[a-", 2, "'-' in brackets is first, last, or from low to high" },
		{ "[[:alpha:]", 0, "'[' without ']'" },
		{ "[xz-a]", 2, "'-' in brackets is first, last, or from low to high" },
		{ "[a-c-e]", 4, "'-' in brackets is first, last, or from low to high" },
		{ "[a-[:digit:]]", 1, "'-' in brackets is first, last, or from low to high" },
		{ "[0-[:digit:]]", 1, "'-' in brackets is first, last, or from low to high" },
		{ "[[:digit:]-z]", 10, "'-' in brackets is first, last, or from low to high" },
		{ "[a--]", 1, "'-' in brackets is first, last, or from low to high" },
		{ "[[:word:]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[:alpha]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[:alpha:x]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[:alph:]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[::]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[:", 1, "no such class; there are alpha, digit, space..." },
		{ "[x[=a=]]", 2, "no such class; there are alpha, digit, space..." },
		{ "[[=alpha:]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[.a.]]", 1, "no such class; there are alpha, digit, space..." },
		{ "[[:\xc3\xa9:]]", 1, "no such class; there are alpha, digit, space..." },
		{ "ab\\", 2, "nothing behind the \\" },
		{ "(a)\\1", 3, "back-references are slow and not allowed" },
		{ "(a)\\9", 3, "back-references are slow and not allowed" },
		{ "a\\d+", 1, "no such escape; there are \\w \\W \\s \\S \\b \\B" },
		{ "\\n", 0, "no such escape; there are \\w \\W \\s \\S \\b \\B" },
		/* The first of two. */
		{ "\\d(", 0, "no such escape; there are \\w \\W \\s \\S \\b \\B" },
	};
	/* clang-format on */
	char text[300];
	const char *why = NULL;
	size_t offset = SIZE_MAX;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
		why = NULL;
		print_message("# /%s/\n", rows[i].pattern);
		assert_null(regex_new(str_from(rows[i].pattern), false, &why, &offset));
		assert_string_equal(why, rows[i].sentence);
		assert_int_equal(offset, rows[i].offset);
	}
	memset(text, '(', sizeof(text));
	assert_null(regex_new((struct str){ text, 257 }, false, &why, &offset));
	assert_string_equal(why, "longer than 256 bytes");
	assert_int_equal(offset, 256);
	assert_null(regex_new((struct str){ text, 256 }, false, &why, &offset));
	assert_string_equal(why, "'(' without ')'");
	assert_int_equal(offset, 255);
	regex_free(NULL);
}

/* Repetitions leave room for what the rest of the pattern can come to. */
static void test_largest(void **state)
{
	static const char *const ends[] = { "\\w", "|", "a", "[[:punct:]]", "(|)", "\\b", "a|",
		"a*" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
		char text[REGEX_PATTERN_MAX] = "(.{255}){4}(.{50}){5}";
		size_t unit = strlen(ends[i]), len = strlen(text), offset;
		const char *why = "";
		struct regex *regex;

		for (; len + unit <= sizeof(text); len += unit)
			memcpy(text + len, ends[i], unit);
		regex = regex_new((struct str){ text, len }, true, &why, &offset);
		if (!strchr(ends[i], '*'))
			assert_non_null(regex);
		else
			assert_string_equal(why, "repetitions too large together");
		if (regex)
			assert_int_equal(regex_test(regex, STR("-a_")),
			        ends[i][0] != '(' && strchr(ends[i], '|'));
		regex_free(regex);
	}
}

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* Patterns that others die of, on 4 kB: a backtracking matcher would not come back. */
static void test_time(void **state)
{
	static const char *const patterns[] = {
		"(a*)*b",
		"(a|a|aa)*b",
		"(a?){200}a{200}b",
		"((a*)*)*$b",
		"(.*)(.*)(.*)(.*)(.*)[bc]",
		"(x+x+)+y|(a|b?a)*c",
		"^(([a-z])+.)+[A-Z]([a-z])+$",
		"(.?){255}(.?){126}b",
	};
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < ARRAY_COUNT(patterns); i++) {
		uint64_t start = cpu_ns();

		assert_false(
		        matches(str_from(patterns[i]), (struct str){ text, sizeof(text) }, false));
		/* 8 million steps at most, twice, with the sanitizers. */
		assert_true(cpu_ns() - start < UINT64_C(4000000000));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_repetitions),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_nocase),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
