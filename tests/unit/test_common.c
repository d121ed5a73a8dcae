/* SPDX-License-Identifier: MIT */
/* core/table/common: options to view. */

#include "core/table/common.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "core/base/diag.h"
#include "core/table/sink.h"
#include "tests/unit/table_rows.h"

static struct common common;
static struct view view;

static int setup(void **state)
{
	unsetenv("NO_COLOR");
	common = (struct common){ 0 };
	view_init(&view, &thing_schema);
	return 0;
}

static int teardown(void **state)
{
	view_release(&view);
	return 0;
}

/* A command line, words divided by '|', as an applet takes it. */
static int parse(const char *line, bool on_terminal)
{
	const struct option_group group = { "options", common_options, common_options_count,
		&common };
	char text[200];
	char *argv[20] = { "thing" };
	int argc = 1;
	size_t words;
	int result;

	teardown(NULL);
	setup(NULL);
	strcpy(text, line);
	for (char *word = strtok(text, "|"); word; word = strtok(NULL, "|"))
		argv[argc++] = word;
	result = options_parse(&group, 1, argc, argv, &words);
	return result ? result : common_view(&common, &view, words, argv + 1, on_terminal);
}

static void assert_refused(const char *line, const char *sentence)
{
	assert_int_equal(parse(line, false), DIAG_USAGE);
	assert_string_equal(diag_text(), sentence);
}

static void test_defaults(void **state)
{
	assert_int_equal(parse("", false), 0);
	assert_string_equal(view.format->name, "table");
	assert_true(view.header && !view.print0 && !view.color);
	assert_int_equal(view.time, TIME_RFC3339);
	assert_int_equal(view.count, 4);
	assert_true(filter_empty(view.filter));
}

static void test_all(void **state)
{
	assert_int_equal(
	        parse("-o|big,+pid|-k|-big|-Y|small:1|-F|csv|-H|--print0|-d|0.5|-c|3|--time|epoch|"
	              "--color=always|comm:x",
	                false),
	        0);
	assert_int_equal(view.count, 2);
	assert_int_equal(view.sort_count, 1);
	assert_string_equal(view.format->name, "csv");
	assert_true(!view.header && view.print0 && view.color);
	assert_int_equal(view.time, TIME_EPOCH);
	assert_true(common.delay_ns == 500000000 && common.count == 3);
	assert_false(filter_empty(view.filter));
	for (size_t i = 0; i < thing_schema.count; i++) {
		const char *name = thing_columns[i].name;
		bool named = !strcmp(name, "big") || !strcmp(name, "pid") ||
		        !strcmp(name, "small") || !strcmp(name, "comm");

		assert_int_equal(column_set_has(&view.named, i), named);
	}
}

static void test_flags(void **state)
{
	assert_int_equal(
	        parse("-Jqv|--stats|--partial-ok|--line-buffered|--schema|--wait=forever|--backend|netlink|"
	              "--replay|dir|-h",
	                false),
	        0);
	assert_string_equal(view.format->name, "jsonl");
	assert_true(
	        common.quiet && common.why && common.stats && common.partial_ok && common.by_line);
	assert_true(common.schema && common.help && common.wait_ns == UINT64_MAX);
	assert_string_equal(common.backend, "netlink");
	assert_string_equal(common.replay, "dir");
	assert_int_equal(parse("--wait|5", false), 0);
	assert_true(common.wait_ns == 5 * NS_PER_SEC);
	/* The caller prints the help; the columns are as they were. */
	assert_int_equal(parse("-o|help", false), 0);
	assert_int_equal(view.count, 4);
	assert_int_equal(parse("-J|-F|jsonl", false), 0);
	assert_int_equal(parse("-F|value|-o|pid", false), 0);
}

static void test_color(void **state)
{
	assert_int_equal(parse("", true), 0);
	assert_true(view.color);
	assert_int_equal(parse("--color=never", true), 0);
	assert_false(view.color);
	assert_int_equal(parse("--color=auto", false), 0);
	assert_false(view.color);
}

static void test_no_color(void **state)
{
	char *no_words[] = { NULL };

	setenv("NO_COLOR", "", 1);
	assert_int_equal(common_view(&common, &view, 0, no_words, true), 0);
	assert_true(view.color);
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(common_view(&common, &view, 0, no_words, true), 0);
	assert_false(view.color);
	/* Who asks for it gets it. */
	common.color = "always";
	assert_int_equal(common_view(&common, &view, 0, no_words, true), 0);
	assert_true(view.color);
}

static void test_refused(void **state)
{
	assert_refused("-o|stat", "unknown column 'stat'; did you mean 'state'?");
	assert_refused("-k|stat", "unknown column 'stat'; did you mean 'state'?");
	assert_refused("-F|cvs", "unknown format 'cvs'; did you mean 'csv'?");
	assert_refused("--time|epoc", "unknown time format 'epoc'; did you mean 'epoch'?");
	assert_refused(
	        "--time|x", "unknown time format 'x'; there are rfc3339, epoch, relative, local");
	assert_refused("--color|alway", "unknown color 'alway'; did you mean 'always'?");
	assert_refused("-c|3", "-c needs -d: how long to wait between samples");
	assert_refused("-c|3|--wait|1", "-c needs -d: how long to wait between samples");
	assert_refused("-F|value", "-F value shows one column, not 4: choose it by -o");
	assert_refused("-F|value|-o|pid,comm", "-F value shows one column, not 2: choose it by -o");
	assert_refused("-J|-F|csv", "-J is -F jsonl; -F csv contradicts it");
	assert_int_equal(parse("-Y|small:x", false), DIAG_USAGE);
	assert_int_equal(parse("small:x", false), DIAG_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_color, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_color, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
