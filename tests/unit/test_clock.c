/* SPDX-License-Identifier: MIT */
/* core/base/clock: dates against gmtime_r and localtime_r, there and back. */

#include "core/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LAST_SECOND (UINT64_MAX / NS_PER_SEC)

static struct buf out;

static int teardown(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static void assert_out(const char *expected)
{
	assert_string_equal(buf_view(&out).ptr, expected);
	buf_clear(&out);
}

static void check_utc(uint64_t second)
{
	time_t when = (time_t)second;
	struct tm tm;
	char expected[64];
	uint64_t back = 0;

	gmtime_r(&when, &tm);
	strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &tm);
	clock_rfc3339(&out, second * NS_PER_SEC, 0);
	assert_string_equal(out.ptr, expected);
	assert_true(clock_parse(buf_view(&out), &back));
	assert_true(back == second * NS_PER_SEC);
	buf_clear(&out);
}

/* Each day that has a number, at its first and last second. */
static void test_every_day(void **state)
{
	(void)state;
	for (uint64_t second = 0; second + 86400 < LAST_SECOND; second += 86400) {
		check_utc(second);
		check_utc(second + 86399);
	}
	check_utc(LAST_SECOND);
}

static void test_fraction(void **state)
{
	uint64_t when = UINT64_C(1795282455123456789);

	(void)state;
	clock_rfc3339(&out, when, 9);
	assert_out("2026-11-21T17:34:15.123456789Z");
	clock_rfc3339(&out, when, 3);
	assert_out("2026-11-21T17:34:15.123Z");
	clock_rfc3339(&out, when, 1);
	assert_out("2026-11-21T17:34:15.1Z");
	clock_rfc3339(&out, when, 0);
	assert_out("2026-11-21T17:34:15Z");
	clock_rfc3339(&out, NS_PER_SEC - 1, 6); /* cut, not rounded */
	assert_out("1970-01-01T00:00:00.999999Z");
	clock_rfc3339(&out, NS_PER_MSEC, 3);
	assert_out("1970-01-01T00:00:00.001Z");
}

static void check_local(uint64_t second)
{
	time_t when = (time_t)second;
	struct tm tm;
	char text[64], expected[64];
	uint64_t back = 0;

	localtime_r(&when, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.5%z", &tm);
	snprintf(expected, sizeof(expected), "%.*s:%s", (int)strlen(text) - 2, text,
	        text + strlen(text) - 2);
	clock_local(&out, second * NS_PER_SEC + NS_PER_SEC / 2, 1);
	assert_string_equal(out.ptr, expected);
	assert_true(clock_parse(buf_view(&out), &back));
	assert_true(back == second * NS_PER_SEC + NS_PER_SEC / 2);
	buf_clear(&out);
}

static void test_local(void **state)
{
	static const char *const zones[] = { "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3",
		"EST5EDT,M3.2.0,M11.1.0", "IST-5:30", "NST3:30", "LINT-14", "AoE12" };

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		for (uint64_t second = 50000; second < UINT64_C(4000000000); second += 9876543)
			check_local(second);
	}
	/* there is no number for 1969: shown as UTC */
	clock_local(&out, 0, 0);
	assert_out("1970-01-01T00:00:00+00:00");
	setenv("TZ", "UTC0", 1);
	tzset();
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "1970-01-01", 0 },
		{ "2026-11-21", UINT64_C(1795219200) * NS_PER_SEC },
		{ "2026-11-21T17:34", UINT64_C(1795282440) * NS_PER_SEC },
		{ "2026-11-21T17:34Z", UINT64_C(1795282440) * NS_PER_SEC },
		{ "2026-11-21T17:34:15.5", UINT64_C(1795282455) * NS_PER_SEC + 500000000 },
		{ "2026-11-21T17:34:15.123456789123Z",
		        UINT64_C(1795282455) * NS_PER_SEC + 123456789 },
		{ "2026-11-21T18:34:15+01:00", UINT64_C(1795282455) * NS_PER_SEC },
		{ "2026-11-21T12:04-05:30", UINT64_C(1795282440) * NS_PER_SEC },
		{ "1969-12-31T23:00-01:00", 0 },
		{ "2024-02-29", UINT64_C(1709164800) * NS_PER_SEC },
	};
	static const char *const bad[] = { "", "2026", "2026-11", "2026-11-2", "2026-1-21",
		"2026-13-01", "2026-00-01", "2026-01-00", "2026-02-29", "2100-02-29", "2026-04-31",
		"2026-11-21T", "2026-11-21T17", "2026-11-21T17:", "2026-11-21T24:00",
		"2026-11-21T17:60", "2026-11-21T17:34:60",
		"2026-11-21T17:34:", "2026-11-21T17:34:15.", "2026-11-21 17:34", "2026-11-21Z",
		"2026-11-21T17:34z", "2026-11-21T17:34+1:00", "2026-11-21T17:34+0100",
		"2026-11-21T17:34+01:00x", "2026-11-21T17:34Zx", "+026-11-21", "1969-12-31",
		"1970-01-01T00:00+00:01", "2555-01-01", "2554-12-31", "9999-12-31", " 2026-11-21",
		"2026-11-21T17:34:15.5.5", "1969-02-31" };
	uint64_t ns = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (clock_parse(str_from(bad[i]), &ns))
			fail_msg("'%s' is no time", bad[i]);
	}
	assert_false(clock_parse(STR_NONE, &ns));
	assert_int_equal(ns, 7);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!clock_parse(str_from(good[i].text), &ns) || ns != good[i].ns)
			fail_msg("'%s' gives %llu", good[i].text, (unsigned long long)ns);
	}
}

static void test_clocks(void **state)
{
	uint64_t before = clock_now();
	uint64_t wall = clock_wall();

	(void)state;
	assert_true(before > 0 && clock_now() >= before);
	assert_true(clock_boot() >= before);
	assert_true(clock_cpu() > 0 && clock_cpu() < UINT64_C(100) * NS_PER_SEC);
	assert_true(wall / NS_PER_SEC <= (uint64_t)time(NULL) + 1);
	assert_true(wall / NS_PER_SEC + 1 >= (uint64_t)time(NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_fraction),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
