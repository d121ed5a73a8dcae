/* SPDX-License-Identifier: MIT */
/* core/base/option: the grammar of getopt_long, and what is said about mistakes. */

#include "core/base/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/diag.h"

#define WORDS_MAX 16

struct target {
	bool quiet;
	bool listening;
	bool tcp;
	uint32_t set;
	const char *columns;
	const char *color;
	uint64_t count;
	uint64_t delay;
	uint64_t wait;
};

static const struct option rows[] = {
	OPT_FLAG('q', "quiet", target, quiet, "no output, only the exit status"),
	OPT_FLAG('l', "listening", target, listening, "only sockets that listen"),
	OPT_FLAG('n', "", target, quiet, ""),
	OPT_FLAG(0, "delayed", target, quiet, ""),
	OPT_SET('u', "udp", target, set, 4, "UDP"),
	OPT_SET('x', "unix", target, set, 8, "UNIX"),
};

static const struct option common[] = {
	OPT_TEXT('o', "columns", "LIST", target, columns, "columns and their order"),
	OPT_COUNT('c', "count", "N", target, count, "stop after N samples"),
	OPT_TEXT(0, "color", "WHEN", target, color, ""),
	OPT_SECONDS('d', "delay", "SEC", target, delay, 0, "repeat"),
	OPT_SECONDS(0, "wait", "SEC", target, wait, 1, "return as soon as something matches"),
	OPT_FLAG(0, "waiting", target, quiet, ""),
	OPT_FLAG('t', "tcp", target, tcp, "TCP"),
	OPT_FLAG('l', "long-names-are-fine-too", target, tcp,
	        "a letter that an earlier group has, and a help text so long that it must be broken "
	        "into several lines of fixed length"),
};

static struct target target;
static char *words[WORDS_MAX];
static size_t word_count;

/* Parses the words of @line, which are separated by one space each. */
static int parse(const char *line)
{
	static char text[256];
	struct option_group groups[] = {
		{ "Sockets", rows, sizeof(rows) / sizeof(rows[0]), &target },
		{ "Common", common, sizeof(common) / sizeof(common[0]), &target },
	};
	struct str rest = { text, strlen(line) };
	struct str word;
	int argc = 1;

	memset(&target, 0, sizeof(target));
	strcpy(text, line);
	words[0] = text + 255;
	while (*line && str_split(&rest, ' ', &word)) {
		words[argc] = text + (word.ptr - text);
		words[argc++][word.len] = '\0';
	}
	words[argc] = NULL;
	word_count = 99;
	return options_parse(groups, 2, argc, words, &word_count);
}

static void test_letters(void **state)
{
	(void)state;
	assert_int_equal(parse("-tlq"), 0);
	assert_true(target.tcp && target.listening && target.quiet);
	assert_int_equal(word_count, 0);
	assert_int_equal(parse("-tc5 -u -x"), 0);
	assert_true(target.tcp);
	assert_int_equal(target.count, 5);
	assert_int_equal(target.set, 12);
	assert_int_equal(parse("-tc 5"), 0);
	assert_int_equal(target.count, 5);
	assert_int_equal(parse("-o -comm"), 0);
	assert_string_equal(target.columns, "-comm");
	assert_int_equal(parse("-ofirst -o second"), 0);
	assert_string_equal(target.columns, "second");
	assert_int_equal(parse("-n"), 0);
	assert_int_equal(parse(""), 0);
}

static void test_long(void **state)
{
	(void)state;
	assert_int_equal(parse("--columns=a=b --count 7 --quiet"), 0);
	assert_string_equal(target.columns, "a=b");
	assert_int_equal(target.count, 7);
	assert_true(target.quiet);
	assert_int_equal(parse("--columns="), 0);
	assert_string_equal(target.columns, "");
	assert_int_equal(parse("--qui --cou=3"), 0);
	assert_true(target.quiet);
	assert_int_equal(target.count, 3);
	/* a whole name is meant even where others begin with it */
	assert_int_equal(parse("--delay=1 --wait=2"), 0);
	assert_true(target.delay && target.wait && !target.quiet);
	assert_int_equal(parse("--long-names"), 0);
	assert_true(target.tcp && !target.listening);
}

static void test_words(void **state)
{
	(void)state;
	assert_int_equal(parse("port:22 -t - state:listen -o x -- -q --quiet"), 0);
	assert_int_equal(word_count, 5);
	assert_string_equal(words[1], "port:22");
	assert_string_equal(words[2], "-");
	assert_string_equal(words[3], "state:listen");
	assert_string_equal(words[4], "-q");
	assert_string_equal(words[5], "--quiet");
	assert_true(target.tcp);
	assert_false(target.quiet);
	assert_string_equal(target.columns, "x");
	assert_int_equal(parse("a  b"), 0); /* an empty word is a word */
	assert_int_equal(word_count, 3);
	assert_int_equal(parse("-o --"), 0);
	assert_string_equal(target.columns, "--");
}

static void test_seconds(void **state)
{
	(void)state;
	assert_int_equal(parse("-d 0.5 --wait=forever"), 0);
	assert_true(target.delay == 500000000);
	assert_true(target.wait == UINT64_MAX);
	assert_int_equal(parse("-d500ms --wait 2m"), 0);
	assert_true(target.delay == 500000000);
	assert_true(target.wait == UINT64_C(120000000000));
}

static void assert_wrong(const char *line, const char *sentence, const char *caret)
{
	assert_int_equal(parse(line), DIAG_USAGE);
	assert_string_equal(diag_text(), sentence);
	assert_string_equal(diag_caret(), caret);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_wrong("-tZq", "unknown option '-Z'; -h lists them all", "-tZq\n  ^\n");
	assert_wrong("--colunms=a", "unknown option '--colunms'; did you mean '--columns'?",
	        "--colunms=a\n  ^\n");
	assert_wrong("--xyzzy", "unknown option '--xyzzy'; -h lists them all", "--xyzzy\n  ^\n");
	assert_wrong("--co 1", "'--co' may be '--columns', '--count', '--color'", "--co\n    ^\n");
	assert_wrong("-quiet", "unknown option '-quiet'; did you mean '--quiet'?", "-quiet\n ^\n");
	assert_wrong("-wait", "unknown option '-wait'; did you mean '--wait'?", "-wait\n ^\n");
	assert_wrong("-w", "unknown option '-w'; -h lists them all", "-w\n ^\n");
	assert_wrong("--=x", "unknown option '--'; -h lists them all", "--=x\n  ^\n");
	assert_wrong("-t\xff", "unknown option '-?'; -h lists them all", "-t?\n  ^\n");
}

static void test_values(void **state)
{
	(void)state;
	assert_wrong("-c x", "-c needs a whole number from 1, not 'x'", "x\n^\n");
	assert_wrong("-tc0", "-c needs a whole number from 1, not '0'", "-tc0\n   ^\n");
	assert_wrong("--count=-1", "--count needs a whole number from 1, not '-1'",
	        "--count=-1\n        ^\n");
	assert_wrong("-c 99999999999999999999",
	        "-c needs a whole number from 1, not '99999999999999999999'",
	        "99999999999999999999\n^\n");
	assert_wrong("-d forever",
	        "-d needs seconds (0.5) or a duration (500ms, 2m), not 'forever'", "forever\n^\n");
	assert_wrong("--wait=soon",
	        "--wait needs seconds (0.5), a duration (500ms, 2m) or 'forever', not 'soon'",
	        "--wait=soon\n       ^\n");
	assert_wrong("--quiet=1", "--quiet takes no value", "--quiet=1\n       ^\n");
	assert_wrong("-t -o", "-o needs LIST: columns and their order", "-o\n  ^\n");
	assert_wrong("--columns", "--columns needs LIST: columns and their order",
	        "--columns\n         ^\n");
	assert_wrong("--color", "--color needs WHEN", "--color\n       ^\n");
}

static void test_usage(void **state)
{
	static const char expected[] =
	        "Sockets:\n"
	        "  -q, --quiet             no output, only the exit status\n"
	        "  -l, --listening         only sockets that listen\n"
	        "  -u, --udp               UDP\n"
	        "  -x, --unix              UNIX\n"
	        "\n"
	        "Common:\n"
	        "  -o, --columns LIST      columns and their order\n"
	        "  -c, --count N           stop after N samples\n"
	        "  -d, --delay SEC         repeat\n"
	        "      --wait SEC          return as soon as something matches\n"
	        "  -t, --tcp               TCP\n"
	        "  -l, --long-names-are-fine-too\n"
	        "                          a letter that an earlier group has, and a help text so\n"
	        "                          long that it must be broken into several lines of\n"
	        "                          fixed length\n";
	const struct option_group groups[] = {
		{ "Sockets", rows, sizeof(rows) / sizeof(rows[0]), &target },
		{ "Common", common, sizeof(common) / sizeof(common[0]), &target },
	};
	struct buf out = { 0 };

	(void)state;
	options_usage(groups, 2, &out);
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

static void test_duration(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "5s", UINT64_C(5000000000) },
		{ "50ms", 50000000 },
		{ "1.5h", UINT64_C(5400000000000) },
		{ "2m", UINT64_C(120000000000) },
		{ "3us", 3000 },
		{ "7ns", 7 },
		{ "1d", UINT64_C(86400000000000) },
		{ "0.000000001s", 1 },
		{ "0.0000000001s", 0 },
		{ "1.25ms", 1250000 },
		{ "0s", 0 },
		{ "18446744073709551615ns", UINT64_MAX },
		{ "213503d", UINT64_C(18446659200000000000) },
	};
	static const char *const bad[] = { "", "s", "5", "5x", "5 s", " 5s", "-5s", "+5s", "5.s",
		".5s", "5..5s", "5.5.5s", "5sec", "5S", "5e3s", "1:30", "0x5s", "213504d",
		"99999999999999999999s", "18446744073709551616ns", "18446744073.9999999999s", "5s ",
		"forever" };
	uint64_t ns = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (duration_parse(str_from(bad[i]), false, &ns))
			fail_msg("'%s' is no duration", bad[i]);
	}
	assert_false(duration_parse(STR_NONE, true, &ns));
	assert_false(duration_parse(STR(""), true, &ns));
	assert_int_equal(ns, 7);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!duration_parse(str_from(good[i].text), false, &ns) || ns != good[i].ns)
			fail_msg("'%s' gives %llu", good[i].text, (unsigned long long)ns);
	}
	assert_true(duration_parse(STR("5"), true, &ns));
	assert_true(ns == UINT64_C(5000000000));
	assert_true(duration_parse(STR("0.25"), true, &ns));
	assert_true(ns == 250000000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
