/* SPDX-License-Identifier: MIT */
/* core/sys/rates: bytes a second from two samples, by cookie. */

#include "core/sys/rates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/clock.h"

static struct rates *rates;
static struct conn_tcp tcp;
static struct conn conn;

static void fill(uint64_t cookie, uint64_t rx, uint64_t tx)
{
	conn_clear(&conn);
	conn_tcp_clear(&tcp);
	conn.tcp = &tcp;
	conn.cookie = cookie;
	tcp.rx = rx;
	tcp.tx = tx;
	rates_fill(rates, &conn);
}

static int setup(void **state)
{
	rates = rates_new();
	rates_next(rates, 10 * NS_PER_SEC);
	return 0;
}

static int teardown(void **state)
{
	rates_free(rates);
	rates_free(NULL);
	return 0;
}

static void test_two_samples(void **state)
{
	fill(1, 1000, 50);
	assert_true(conn.rxrate == UINT64_MAX && conn.txrate == UINT64_MAX);
	rates_next(rates, 12 * NS_PER_SEC);
	fill(1, 3000, 50);
	assert_int_equal(conn.rxrate, 1000);
	assert_int_equal(conn.txrate, 0);
	fill(2, 9, 9); /* new */
	assert_true(conn.rxrate == UINT64_MAX);
	rates_next(rates, 12 * NS_PER_SEC + 500 * NS_PER_MSEC);
	fill(2, 19, 8); /* counts never fall: the number was given to another socket */
	assert_int_equal(conn.rxrate, 20);
	assert_true(conn.txrate == UINT64_MAX);
	rates_next(rates, 13 * NS_PER_SEC);
	fill(1, 4000, 60); /* was not in the sample before */
	assert_true(conn.rxrate == UINT64_MAX);
}

/* A socket with several owners is several rows of one sample. */
static void test_rows_of_one_socket(void **state)
{
	fill(1, 100, 0);
	fill(1, 100, 0);
	rates_next(rates, 11 * NS_PER_SEC);
	for (int i = 0; i < 2; i++) {
		fill(1, 400, 0);
		assert_int_equal(conn.rxrate, 300);
	}
}

static void test_unknown(void **state)
{
	fill(UINT64_MAX, 1, 1);
	fill(3, UINT64_MAX, UINT64_MAX);
	fill(4, 5, UINT64_MAX);
	rates_next(rates, 11 * NS_PER_SEC);
	fill(UINT64_MAX, 2, 2);
	assert_true(conn.rxrate == UINT64_MAX);
	fill(3, 5, 5);
	assert_true(conn.rxrate == UINT64_MAX && conn.txrate == UINT64_MAX);
	fill(4, 6, 7);
	assert_int_equal(conn.rxrate, 1);
	assert_true(conn.txrate == UINT64_MAX);
	conn.tcp = NULL;
	rates_fill(rates, &conn);
	assert_true(conn.rxrate == UINT64_MAX);
}

static void test_extremes(void **state)
{
	fill(1, 0, 0);
	fill(2, 0, 0);
	rates_next(rates, 10 * NS_PER_SEC); /* no time has passed */
	fill(1, 100, 100);
	assert_true(conn.rxrate == UINT64_MAX);
	rates_next(rates, 10 * NS_PER_SEC + 1000);
	fill(1, UINT64_C(1) << 62, 1000100);
	assert_true(conn.rxrate == UINT64_MAX); /* no such rate */
	assert_true(conn.txrate == UINT64_C(1000000000000));
	rates_next(rates, 8640010 * NS_PER_SEC + 1000); /* 100 days */
	fill(1, (UINT64_C(1) << 62) + (UINT64_C(1) << 61), 1000100);
	assert_true(conn.rxrate == (UINT64_C(1) << 61) / 8640000);
	assert_int_equal(conn.txrate, 0);
}

static void test_many(void **state)
{
	for (uint64_t i = 0; i < 10000; i++)
		fill(i, i, 2 * i);
	for (int sample = 1; sample < 4; sample++) {
		rates_next(rates, (10 + sample) * NS_PER_SEC);
		for (uint64_t i = 0; i < 10000; i++) {
			fill(i, i + sample * i, 2 * i);
			assert_int_equal(conn.rxrate, i);
		}
	}
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_two_samples),
		TEST(test_rows_of_one_socket),
		TEST(test_unknown),
		TEST(test_extremes),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
