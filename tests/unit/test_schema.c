/* SPDX-License-Identifier: MIT */
/* core/table/schema, schema_help: names, needs, and what is printed of them. */

#include "core/table/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/table_rows.h"

static void test_find(void **state)
{
	struct column_set set;

	assert_int_equal(schema_find(&thing_schema, STR("state")), 0);
	assert_int_equal(schema_find(&thing_schema, STR("small")), 2);
	assert_int_equal(schema_find(&thing_schema, STR("process")), -1);
	assert_int_equal(schema_find(&thing_schema, STR("stat")), -1);
	assert_int_equal(schema_find(&thing_schema, STR("")), -1);
	assert_true(schema_resolve(&thing_schema, STR("numbers"), &set));
	assert_true(set.bits[0] == (1u << 2 | 1u << 4) && !set.bits[1]);
	assert_true(schema_resolve(&thing_schema, STR("big"), &set));
	assert_true(set.bits[0] == 1u << 4);
	assert_false(schema_resolve(&thing_schema, STR("bi"), &set));
	assert_false(schema_resolve(&thing_schema, STR(""), &set));
}

static void test_nearest(void **state)
{
	assert_string_equal(schema_nearest(&thing_schema, STR("stat")), "state");
	assert_string_equal(schema_nearest(&thing_schema, STR("procss")), "process");
	assert_null(schema_nearest(&thing_schema, STR("zzzzzz")));
}

static void test_known(void **state)
{
	struct column_set none = schema_known(&thing_schema, 0);
	struct column_set more = schema_known(&thing_schema, NEED_MORE);
	struct column_set all = schema_known(&thing_schema, NEED_MORE | NEED_DEAR);
	size_t rx = (size_t)schema_find(&thing_schema, STR("rx"));
	size_t rtt = (size_t)schema_find(&thing_schema, STR("rtt"));

	assert_true(column_set_has(&none, 0));
	assert_false(column_set_has(&none, rx) || column_set_has(&none, rtt));
	/* rx needs both. */
	assert_true(column_set_has(&more, rtt) && !column_set_has(&more, rx));
	assert_true(all.bits[0] == (UINT64_C(1) << ARRAY_COUNT(thing_columns)) - 1);
}

static void test_help(void **state)
{
	static const char expected[] =
	        "name    type      unit     cost  meaning\n"
	        "state   enum               free  state of the thing: listen, estab, close-wait\n"
	        "yes     bool               free  is it\n"
	        "small   uint               free  a small number\n"
	        "pid     uint               2     process that owns it, which is a sentence that\n"
	        "                                 does not fit a page\n"
	        "big     uint               free  a large number\n"
	        "flags   hex                free  flags\n"
	        "rx      bytes     bytes    1,2   bytes received\n"
	        "rate    rate      bytes/s  free  bytes a second\n"
	        "age     duration  s        free  how old\n"
	        "when    time               free  when\n"
	        "tiny    int                free  a small signed number\n"
	        "offset  int                free  a signed number\n"
	        "wide    int                free  a large signed number\n"
	        "comm    text               2     name \"quoted\"\n"
	        "path    path               free  path\n"
	        "local   endpoint           free  address and port\n"
	        "laddr   address            free  address\n"
	        "lport   port               free  port\n"
	        "rtt     duration  s        1     round trip\n"
	        "note    text               1     note\n"
	        "mode    enum               1     mode: listen, estab, close-wait\n"
	        "cost 1: asks for more\n"
	        "cost 2: reads /proc/PID/fd of every process\n"
	        "alias process: comm\n"
	        "alias numbers: small,big\n";
	struct buf out = { 0 };

	schema_help(&thing_schema, &out);
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

static void test_json(void **state)
{
	static const char *const parts[] = {
		"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"thing\",\"version\":3,"
		"\"type\":\"object\",\"properties\":{\n",
		"\"state\":{\"type\":[\"string\",\"null\"],\"description\":\"state of the thing\","
		"\"enum\":[\"listen\",\"estab\",\"close-wait\",null]},\n",
		"\"yes\":{\"type\":[\"boolean\",\"null\"],\"description\":\"is it\"},\n",
		"\"flags\":{\"type\":[\"string\",\"null\"],",
		"\"rx\":{\"type\":[\"integer\",\"null\"],\"description\":\"bytes received\",\"unit\":\"bytes\"},\n",
		"\"age\":{\"type\":[\"number\",\"null\"],\"description\":\"how old\",\"unit\":\"s\"},\n",
		"\"when\":{\"type\":[\"string\",\"number\",\"null\"],",
		"\"description\":\"name \\\"quoted\\\"\"",
		"\"lport\":{\"type\":[\"integer\",\"null\"],",
		"null]}},\n\"patternProperties\":{\"_b64$\":{\"type\":\"string\",\"contentEncoding\":\"base64\"}},"
		"\"additionalProperties\":false}\n",
	};
	struct buf out = { 0 };
	const char *at;

	schema_json(&thing_schema, &out);
	at = out.ptr;
	for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
		at = strstr(at, parts[i]);
		if (!at)
			fail_msg("not there: %s", parts[i]);
		at++;
	}
	assert_string_equal(at - 1, parts[ARRAY_COUNT(parts) - 1]);
	buf_release(&out);
}

/* A schema with nothing but columns. */
static void test_bare_schema(void **state)
{
	static const struct schema bare = { .columns = thing_columns, .count = 2, .name = "bare" };
	struct column_set set;
	struct buf out = { 0 };

	assert_false(schema_resolve(&bare, STR("process"), &set));
	assert_null(schema_nearest(&bare, STR("zzzz")));
	schema_help(&bare, &out);
	assert_string_equal(out.ptr,
	        "name   type      unit     cost  meaning\n"
	        "state  enum               free  state of the thing: listen, estab, close-wait\n"
	        "yes    bool               free  is it\n");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_bare_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
