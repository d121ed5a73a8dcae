/* SPDX-License-Identifier: MIT */
/* core/table/view: lists of columns and sort keys, and the needs that they make. */

#include "core/table/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "tests/unit/table_rows.h"

static struct view view;

static int setup(void **state)
{
	view_init(&view, &thing_schema);
	return 0;
}

static int teardown(void **state)
{
	view_release(&view);
	return 0;
}

static void assert_columns(const char *expected)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < view.count; i++)
		buf_format(&names, "%s%s", i ? "," : "", thing_columns[view.columns[i]].name);
	assert_string_equal(buf_view(&names).ptr, expected);
	buf_release(&names);
}

static bool is_named(const char *name)
{
	return column_set_has(&view.named, (size_t)schema_find(&thing_schema, str_from(name)));
}

static void test_defaults(void **state)
{
	assert_columns("state,comm,local,pid");
	assert_true(view.header && !view.print0 && !view.color && !view.sort_count);
	assert_true(!view.named.bits[0] && !view.named.bits[1]);
	assert_non_null(view.format);
}

static void test_lists(void **state)
{
	static const struct {
		const char *list, *expected;
	} rows[] = {
		{ "big", "big" },
		{ "big,small", "big,small" },
		{ "+big,small", "state,comm,local,pid,big,small" },
		{ "+big,-state,-pid", "comm,local,big" },
		{ "-state", "comm,local,pid" },
		{ "-state,state", "comm,local,pid,state" },
		{ "big,+rx,-big", "rx" },
		{ "pid,big,pid", "pid,big" },
		{ "+pid", "state,comm,local,pid" },
		{ "all", ALL_COLUMNS },
		{ "all,-state,-mode",
		        "yes,small,pid,big,flags,rx,rate,age,when,tiny,offset,wide,comm,path,local,laddr,lport,rtt,note" },
		{ "-all,pid", "pid" },
		{ "numbers,process", "small,big,comm" },
		{ " big , small ", "big,small" },
		{ "-rx", "state,comm,local,pid" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
		view_release(&view);
		view_init(&view, &thing_schema);
		assert_int_equal(view_columns(&view, rows[i].list), 0);
		assert_columns(rows[i].expected);
	}
}

static void test_named(void **state)
{
	assert_int_equal(view_columns(&view, "+big,-pid"), 0);
	assert_true(is_named("big"));
	assert_false(is_named("pid") || is_named("state"));
	assert_int_equal(view_columns(&view, "pid,comm,-comm"), 0);
	assert_true(is_named("pid"));
	assert_false(is_named("comm") || is_named("big"));
	assert_int_equal(view_columns(&view, "all"), 0);
	assert_false(view.named.bits[0]);
	view_add(&view, "rx");
	assert_false(is_named("rx"));
}

static void assert_refused(int result, const char *sentence, const char *caret)
{
	assert_int_equal(result, DIAG_USAGE);
	assert_string_equal(diag_text(), sentence);
	assert_string_equal(diag_caret(), caret);
	assert_columns("state,comm,local,pid");
}

static void test_refused(void **state)
{
	assert_refused(view_columns(&view, "big,stat"),
	        "unknown column 'stat'; did you mean 'state'?", "big,stat\n    ^\n");
	assert_refused(view_columns(&view, "big,-zzzzzz"),
	        "unknown column 'zzzzzz'; -o help lists them all", "big,-zzzzzz\n     ^\n");
	assert_refused(
	        view_columns(&view, "big,,pid"), "a column name is missing", "big,,pid\n    ^\n");
	assert_refused(view_columns(&view, "big,"), "a column name is missing", "big,\n    ^\n");
	assert_refused(view_columns(&view, "+"), "a column name is missing", "+\n ^\n");
	assert_refused(view_columns(&view, ""), "a column name is missing", "\n^\n");
	assert_refused(view_columns(&view, "-all"), "no column is left", "-all\n^\n");
}

static void test_add(void **state)
{
	view_add(&view, "rx,pid,rtt");
	assert_columns("state,comm,local,pid,rx,rtt");
	view_prepend(&view, "when");
	view_prepend(&view, "pid");
	assert_columns("when,state,comm,local,pid,rx,rtt");
}

static void test_sort(void **state)
{
	assert_int_equal(view_sort(&view, "-rx,comm"), 0);
	assert_int_equal(view.sort_count, 2);
	assert_int_equal(view.sort[0].column, schema_find(&thing_schema, STR("rx")));
	assert_true(view.sort[0].descending);
	assert_int_equal(view.sort[1].column, schema_find(&thing_schema, STR("comm")));
	assert_false(view.sort[1].descending);
	assert_int_equal(view_sort(&view, "-numbers"), 0);
	assert_int_equal(view.sort_count, 2);
	assert_true(view.sort[0].descending && view.sort[1].descending);
	assert_refused(view_sort(&view, "-comn"), "unknown column 'comn'; did you mean 'comm'?",
	        "-comn\n ^\n");
	assert_refused(
	        view_sort(&view, "pid,all"), "too many sort keys: 8 at most", "pid,all\n    ^\n");
	assert_int_equal(view.sort_count, 2);
}

static void test_needs(void **state)
{
	assert_int_equal(view_columns(&view, "state,local"), 0);
	assert_int_equal(view_needs(&view), 0);
	assert_int_equal(view_sort(&view, "-rtt"), 0);
	assert_int_equal(view_needs(&view), NEED_MORE);
	assert_int_equal(filter_text(view.filter, "comm:x"), 0);
	assert_int_equal(view_needs(&view), NEED_MORE | NEED_DEAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_named, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_add, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sort, setup, teardown),
		cmocka_unit_test_setup_teardown(test_needs, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
