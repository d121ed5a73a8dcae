/* SPDX-License-Identifier: MIT */
/* core/table/column: values out of rows, unknown ones, order. */

#include "core/table/column.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/table_rows.h"

static struct value get(const char *name, const struct thing *thing)
{
	return column_value(thing_column(name), thing);
}

static void test_known(void **state)
{
	static const struct {
		const char *name;
		uint64_t number;
	} numbers[] = {
		{ "state", 2 },
		{ "yes", 1 },
		{ "small", 65534 },
		{ "pid", 4242 },
		{ "big", UINT64_MAX - 1 },
		{ "flags", 42 },
		{ "rx", 1234567 },
		{ "age", 1500000000 },
		{ "lport", 443 },
		{ "rtt", 850000 },
		{ "mode", 1 },
	};
	struct more more;
	struct thing thing = thing_known(&more);
	struct value value;

	for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
		value = get(numbers[i].name, &thing);
		assert_int_equal(value.kind, VALUE_UINT);
		assert_true(value.u == numbers[i].number);
	}
	value = get("tiny", &thing);
	assert_int_equal(value.kind, VALUE_INT);
	assert_true(value.i == -127);
	assert_true(get("offset", &thing).i == -5);
	assert_true(get("wide", &thing).i == INT64_MAX);
	value = get("comm", &thing);
	assert_int_equal(value.kind, VALUE_TEXT);
	assert_true(str_equal(value.text, STR("nginx")));
	assert_true(str_equal(get("note", &thing).text, STR("fine")));
	assert_int_equal(get("local", &thing).kind, VALUE_END);
	assert_ptr_equal(get("laddr", &thing).end, &thing.local);
}

static void test_unknown(void **state)
{
	struct thing thing = thing_unknown();
	struct more more = { .rtt = UINT64_MAX };

	for (size_t i = 0; i < thing_schema.count; i++)
		assert_int_equal(column_value(&thing_columns[i], &thing).kind, VALUE_NONE);
	/* In a block that is there. */
	thing.more = &more;
	assert_int_equal(get("rtt", &thing).kind, VALUE_NONE);
	assert_int_equal(get("note", &thing).kind, VALUE_NONE);
	assert_int_equal(get("mode", &thing).kind, VALUE_NONE);
}

/* What is all but unknown. */
static void test_edges(void **state)
{
	struct thing thing = thing_unknown();

	thing.small = 0;
	thing.yes = 0;
	thing.big = 0;
	thing.tiny = INT8_MAX;
	thing.offset = INT32_MIN + 1;
	thing.comm = STR("");
	assert_true(get("small", &thing).kind == VALUE_UINT && get("small", &thing).u == 0);
	assert_true(get("yes", &thing).kind == VALUE_UINT && get("yes", &thing).u == 0);
	assert_int_equal(get("big", &thing).kind, VALUE_UINT);
	assert_true(get("tiny", &thing).i == 127);
	assert_true(get("offset", &thing).i == INT32_MIN + 1);
	assert_int_equal(get("comm", &thing).kind, VALUE_TEXT);
	thing.yes = 2;
	assert_int_equal(get("yes", &thing).kind, VALUE_NONE);
}

static void test_ends(void **state)
{
	struct thing thing = thing_unknown();

	thing.local = (struct endpoint){ .kind = ADDR_TEXT, .text = STR("/run/x") };
	assert_int_equal(get("local", &thing).kind, VALUE_END);
	assert_int_equal(get("laddr", &thing).kind, VALUE_NONE);
	assert_int_equal(get("lport", &thing).kind, VALUE_NONE);
	thing.local.text = STR_NONE;
	assert_int_equal(get("local", &thing).kind, VALUE_NONE);
	thing.local = (struct endpoint){ .kind = ADDR_IPV6, .no_port = true };
	assert_int_equal(get("laddr", &thing).kind, VALUE_END);
	assert_int_equal(get("lport", &thing).kind, VALUE_NONE);
	thing.local.no_port = false;
	assert_true(get("lport", &thing).kind == VALUE_UINT && get("lport", &thing).u == 0);
}

static int order(const char *name, const struct thing *a, const struct thing *b)
{
	struct value left = get(name, a);
	struct value right = get(name, b);
	int result = column_compare(thing_column(name), &left, &right);

	assert_int_equal(result > 0, column_compare(thing_column(name), &right, &left) < 0);
	return result;
}

static void test_compare(void **state)
{
	struct more more_a, more_b;
	struct thing a = thing_known(&more_a);
	struct thing b = thing_known(&more_b);
	struct thing unknown = thing_unknown();

	for (size_t i = 0; i < thing_schema.count; i++) {
		assert_int_equal(order(thing_columns[i].name, &a, &b), 0);
		assert_true(order(thing_columns[i].name, &a, &unknown) < 0);
		assert_int_equal(order(thing_columns[i].name, &unknown, &unknown), 0);
	}
	b.big = 3;
	b.wide = -1;
	b.comm = STR("nginy");
	b.local.port = 80;
	assert_true(order("big", &a, &b) > 0);
	assert_true(order("wide", &a, &b) > 0);
	assert_true(order("comm", &a, &b) < 0);
	assert_true(order("local", &a, &b) > 0);
	assert_true(order("lport", &a, &b) > 0);
	assert_int_equal(order("laddr", &a, &b), 0);
	b.local.ip[0] = 9;
	assert_true(order("laddr", &a, &b) > 0);
}

static void test_words(void **state)
{
	const struct column *state_column = thing_column("state");
	const char *words = column_words(state_column);

	assert_string_equal(enum_word(words, 1), "listen");
	assert_string_equal(enum_word(words, 3), "close-wait");
	assert_null(enum_word(words, 0));
	assert_null(enum_word(words, 9));
	assert_null(enum_word("", 1));
	assert_string_equal(enum_name(words, 0), "listen");
	assert_string_equal(enum_name(words, 1), "estab");
	assert_string_equal(enum_name(words, 2), "close-wait");
	assert_null(enum_name(words, 3));
	assert_string_equal(column_words(thing_column("small")), "");
	if (CONFIG_LONG_HELP)
		assert_string_equal(column_help(state_column), "state of the thing");
	assert_string_equal(column_type_name(COLUMN_ENDPOINT), "endpoint");
	assert_string_equal(column_type_name(COLUMN_DURATION), "duration");
	assert_string_equal(column_unit(COLUMN_DURATION), "s");
	assert_string_equal(column_unit(COLUMN_RATE), "bytes/s");
	assert_string_equal(column_unit(COLUMN_TEXT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
