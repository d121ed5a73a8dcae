/* SPDX-License-Identifier: MIT */
/* core/table/render: values for people and for machines. */

#include "core/table/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "tests/unit/table_rows.h"

static struct buf out;
static struct view view;
static struct sink sink = { .view = &view };

static int setup(void **state)
{
	view = (struct view){ .schema = &thing_schema };
	sink = (struct sink){ .view = &view };
	return 0;
}

static int teardown(void **state)
{
	buf_release(&out);
	return 0;
}

static void assert_value(const char *column, struct value value, const char *plain, const char *raw)
{
	unsigned width = render_plain(&out, &sink, thing_column(column), &value);

	assert_string_equal(buf_view(&out).ptr, plain);
	assert_int_equal(width, strlen(plain));
	buf_clear(&out);
	render_raw(&out, &sink, thing_column(column), &value);
	assert_string_equal(buf_view(&out).ptr, raw);
	buf_clear(&out);
}

static void assert_number(const char *column, uint64_t number, const char *plain, const char *raw)
{
	assert_value(column, (struct value){ .kind = VALUE_UINT, .u = number }, plain, raw);
}

static void test_numbers(void **state)
{
	assert_number("pid", 0, "0", "0");
	assert_number("big", UINT64_MAX - 1, "18446744073709551614", "18446744073709551614");
	assert_number("flags", 0x2a, "0x2a", "0x2a");
	assert_number("flags", 0, "0x0", "0x0");
	assert_value("wide", (struct value){ .kind = VALUE_INT, .i = INT64_MIN + 1 },
	        "-9223372036854775807", "-9223372036854775807");
	assert_number("state", 1, "listen", "listen");
	assert_number("state", 9, "9", "9");
	assert_number("yes", 1, "yes", "true");
	assert_number("yes", 0, "no", "false");
	assert_number("lport", 22, "22", "22");
	assert_number("lport", 0, "*", "0");
}

static void test_sizes(void **state)
{
	static const struct {
		uint64_t number;
		const char *plain;
	} rows[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1.0k" },
		{ 1099, "1.0k" },
		{ 1100, "1.1k" },
		{ 1200, "1.2k" },
		{ 9999, "9.9k" },
		{ 10000, "10k" },
		{ 12345, "12k" },
		{ 99999, "99k" },
		{ 999999, "999k" },
		{ 1000000, "1.0M" },
		{ 1234567, "1.2M" },
		{ 999999999, "999M" },
		{ 1000000000, "1.0G" },
		{ UINT64_C(15000000000000), "15T" },
		{ UINT64_MAX - 1, "18E" },
	};
	char raw[32];

	for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
		buf_u64(&out, rows[i].number);
		strcpy(raw, out.ptr);
		buf_clear(&out);
		assert_number("rx", rows[i].number, rows[i].plain, raw);
		assert_number("rate", rows[i].number, rows[i].plain, raw);
	}
}

static void test_durations(void **state)
{
	const uint64_t s = NS_PER_SEC;

	assert_number("age", 0, "0s", "0");
	assert_number("age", 1, "1ns", "0.000000001");
	assert_number("age", 999, "999ns", "0.000000999");
	assert_number("age", 850000, "850us", "0.00085");
	assert_number("age", 999999, "999us", "0.000999999");
	assert_number("age", 1000000, "1.00ms", "0.001");
	assert_number("age", 1239999, "1.23ms", "0.001239999");
	assert_number("age", 12345678, "12ms", "0.012345678");
	assert_number("age", 999999999, "999ms", "0.999999999");
	assert_number("age", s * 3 / 2, "1.50s", "1.5");
	assert_number("age", s * 42, "42s", "42");
	assert_number("age", s * 60 - 1, "59s", "59.999999999");
	assert_number("age", s * 60, "1m00s", "60");
	assert_number("age", s * 192, "3m12s", "192");
	assert_number("age", s * 3600, "1h00m", "3600");
	assert_number("age", s * (5 * 3600 + 7 * 60 + 59), "5h07m", "18479");
	assert_number("age", s * (12 * 86400 + 4 * 3600), "12d04h", "1051200");
	assert_number("age", UINT64_MAX - 1, "213503d23h", "18446744073.709551614");
}

/* Once with and once without the cache, which must not mix seconds. */
static void test_times(void **state)
{
	const uint64_t base = UINT64_C(1763746455) * NS_PER_SEC;
	struct time_cache cache = { 0 };

	for (unsigned round = 0; round < 2; round++) {
		view.time = TIME_RFC3339;
		assert_number("when", base, "2025-11-21T17:34:15.000Z", "2025-11-21T17:34:15Z");
		assert_number("when", base + 120000000, "2025-11-21T17:34:15.120Z",
		        "2025-11-21T17:34:15.12Z");
		assert_number("when", base + 1, "2025-11-21T17:34:15.000Z",
		        "2025-11-21T17:34:15.000000001Z");
		assert_number("when", base + NS_PER_SEC, "2025-11-21T17:34:16.000Z",
		        "2025-11-21T17:34:16Z");
		assert_number("when", 0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z");
		view.time = TIME_EPOCH;
		assert_number("when", base + 120000000, "1763746455.12", "1763746455.12");
		view.time = TIME_RELATIVE;
		sink.now = base;
		assert_number("when", base - 192 * NS_PER_SEC, "3m12s ago", "192");
		assert_number("when", base, "0s ago", "0");
		assert_number("when", base + 1500000000, "in 1.50s", "-1.5");
		sink.times = &cache;
	}
	buf_release(&cache.text);
}

static void test_local_time(void **state)
{
	struct time_cache cache = { 0 };

	setenv("TZ", "XST-5:30", 1);
	tzset();
	sink.times = &cache;
	view.time = TIME_LOCAL;
	assert_number("when", UINT64_C(1763746455) * NS_PER_SEC + 500000000,
	        "2025-11-21T23:04:15.500+05:30", "2025-11-21T23:04:15.5+05:30");
	setenv("TZ", "UTC0", 1);
	tzset();
	buf_release(&cache.text);
}

static const char *zone(void *context, uint32_t zone)
{
	return zone == 2 ? context : NULL;
}

static void assert_end(const char *column, struct endpoint end, const char *expected)
{
	assert_value(column, (struct value){ .kind = VALUE_END, .end = &end }, expected, expected);
}

static void test_ends(void **state)
{
	struct endpoint v4 = { .kind = ADDR_IPV4, .port = 443, .ip = { 192, 0, 2, 1 } };
	struct endpoint v6 = {
		.kind = ADDR_IPV6, .port = 0, .ip = { 0xfe, 0x80, [15] = 1 }, .zone = 2
	};

	assert_end("local", v4, "192.0.2.1:443");
	assert_end("laddr", v4, "192.0.2.1");
	assert_end("local", v6, "[fe80::1%2]:*");
	sink.zone_name = zone;
	sink.zone_context = "eth0.7";
	assert_end("local", v6, "[fe80::1%eth0.7]:*");
	assert_end("laddr", v6, "fe80::1%eth0.7");
	/* Interfaces may be called nearly anything. */
	sink.zone_context = "e\033[1m";
	assert_end("local", v6, "[fe80::1%2]:*");
	sink.zone_context = "a,b";
	assert_end("local", v6, "[fe80::1%2]:*");
	sink.zone_context = "\xc3\xa4";
	assert_end("local", v6, "[fe80::1%2]:*");
}

static void test_texts(void **state)
{
	struct endpoint end = { .kind = ADDR_TEXT, .text = STR("/run/\033x") };
	struct str text;

	assert_value(
	        "comm", (struct value){ .kind = VALUE_TEXT, .text = STR("a\nb") }, "a\\x0ab", "");
	assert_value("comm", (struct value){ .kind = VALUE_NONE }, "-", "");
	assert_value("local", (struct value){ .kind = VALUE_NONE }, "-", "");
	assert_value("local", (struct value){ .kind = VALUE_END, .end = &end }, "/run/\\x1bx", "");
	assert_true(render_text(&(struct value){ .kind = VALUE_END, .end = &end }, &text));
	assert_true(str_equal(text, end.text));
	end.kind = ADDR_IPV4;
	assert_false(render_text(&(struct value){ .kind = VALUE_END, .end = &end }, &text));
	assert_false(render_text(&(struct value){ .kind = VALUE_NONE }, &text));
}

static void test_is_number(void **state)
{
	static const char numbers[] = "yes,small,pid,big,rx,rate,age,tiny,offset,wide,lport,rtt";
	struct str rest = STR(numbers);
	struct column_set set = { 0 };
	struct str word;

	while (str_split(&rest, ',', &word))
		column_set_add(&set, (size_t)schema_find(&thing_schema, word));
	for (size_t i = 0; i < thing_schema.count; i++)
		assert_int_equal(
		        render_is_number(&sink, &thing_columns[i]), column_set_has(&set, i));
	view.time = TIME_LOCAL;
	assert_false(render_is_number(&sink, thing_column("when")));
	view.time = TIME_EPOCH;
	assert_true(render_is_number(&sink, thing_column("when")));
	view.time = TIME_RELATIVE;
	assert_true(render_is_number(&sink, thing_column("when")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_durations, setup),
		cmocka_unit_test_setup(test_times, setup),
		cmocka_unit_test_setup(test_local_time, setup),
		cmocka_unit_test_setup(test_ends, setup),
		cmocka_unit_test_setup(test_texts, setup),
		cmocka_unit_test_setup(test_is_number, setup),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
