/* SPDX-License-Identifier: MIT */
/* core/table/filter: what is asked of a filter before there are rows, and rows known in part. */

#include "core/table/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/table/filter_node.h"
#include "tests/unit/filter_rows.h"

static struct filter *parse(const char *expression)
{
	struct filter *filter = filter_new(&sock_schema);

	if (filter_text(filter, expression) < 0)
		fail_msg("%s: %s\n%s", expression, diag_text(), diag_caret());
	return filter;
}

/* Bounds as "22 80..90 10.0.0.0/8:22"; "" where there are none. */
static void check(const char *expression, const char *columns, const char *expected)
{
	struct filter *filter = parse(expression);
	struct column_set set = sock_set(columns);
	struct filter_bound bounds[4];
	struct buf out = { 0 };
	size_t count = filter_bounds(filter, &set, bounds, ARRAY_COUNT(bounds));

	buf_text(&out, "");
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_char(&out, ' ');
		if (bounds[i].has_prefix) {
			addr_format(&out, bounds[i].prefix.kind, bounds[i].prefix.ip);
			buf_format(&out, "/%u", bounds[i].prefix.bits);
		}
		if (bounds[i].low || bounds[i].high != UINT64_MAX)
			buf_format(&out, ":%llu..%llu", (unsigned long long)bounds[i].low,
			        (unsigned long long)bounds[i].high);
	}
	if (strcmp(buf_view(&out).ptr, expected) != 0)
		fail_msg("%s on %s: '%s', not '%s'", expression, columns, out.ptr, expected);
	buf_release(&out);
	filter_free(filter);
}

static void test_port_bounds(void **state)
{
	(void)state;
	check("lport:22", "lport", ":22..22");
	check("lport=22", "lport", ":22..22");
	check("lport:22,80", "lport", ":22..22 :80..80");
	check("lport:22,80,22", "lport", ":22..22 :80..80");
	check("lport:22..80", "lport", ":22..80");
	check("lport<1024", "lport", ":1..1023");
	check("lport>=1024", "lport", ":1024..65535");
	check("lport:0..", "lport", ":0..65535");
	check("port:22", "lport,rport", ":22..22");
	check("port:22,80", "lport,rport", ":22..22 :80..80");
	check("lport:22 or lport:80", "lport", ":22..22 :80..80");
	check("lport:22 or rport:80", "lport,rport", ":22..22 :80..80");
	check("port:22", "lport", "");
	check("lport:22", "lport,rport", "");
	check("lport!=22", "lport", "");
	check("not lport:22", "lport", "");
	check("not (port:22 or port:80)", "lport,rport", "");
	check("not not lport:22", "lport", ":22..22");
	check("lport:22 or comm:x", "lport", "");
	check("lport:any", "lport", "");
	check("lport:none", "lport", "");
	check("lport:1,2,3,4", "lport", ":1..1 :2..2 :3..3 :4..4");
	check("lport:1,2,3,4,5", "lport", "");
	check("lport:1,2,3,4,5 lport:9", "lport", ":9..9");
	check("", "lport", "");
	check("pid>5", "pid", ":6..18446744073709551615");
	check("offset:5", "offset", "");
	check("state:listen", "state", "");
}

static void test_place_of_bounds(void **state)
{
	(void)state;
	check("comm:x lport:22", "lport", ":22..22");
	check("comm~x and (lport:22 and rport:80)", "rport", ":80..80");
	check("not (lport:22 and rport:80)", "rport", "");
	check("(lport:22 and rport:80) or lport:1", "lport", "");
	check("port:22 lport:1 rport:2", "rport", ":2..2");
	check("lport:1 lport:2", "lport", ":1..1");
	check("lport:22 and not lport:80", "lport", ":22..22");
}

static void test_end_bounds(void **state)
{
	(void)state;
	check("raddr:10.1.0.0/8", "raddr", "10.0.0.0/8");
	check("raddr:::1,10.0.0.1", "raddr", "::1/128 10.0.0.1/32");
	check("remote:10.0.0.1:22", "remote", "10.0.0.1/32:22..22");
	check("remote::22", "remote", ":22..22");
	check("remote:fe80::1%1", "remote", "fe80::1/128");
	check("10.0.0.1", "local,remote", "10.0.0.1/32");
	check("10.0.0.1:22 or :80", "local,remote", "10.0.0.1/32:22..22 :80..80");
	check("dst:10.0.0.0/8", "remote", "10.0.0.0/8");
	check("remote:x", "remote", "");
	check("remote~x", "remote", "");
	check("remote:10.0.0.1,x", "remote", "");
	check("raddr!=10.0.0.1", "raddr", "");
	check("nginx", "local,remote", "");
}

static void assert_columns(struct column_set set, const char *names)
{
	struct column_set expected = sock_set(names);

	assert_memory_equal(&set, &expected, sizeof(set));
}

static void test_columns_and_needs(void **state)
{
	struct filter *filter = parse("port:22 and not (comm:x or rtt:any)");

	(void)state;
	assert_columns(filter_columns(filter, true), "lport,rport,comm,rtt");
	assert_int_equal(filter_needs(filter), NEED_OWNER | NEED_TCPINFO);
	filter_free(filter);
	filter = parse("state:listen sshd");
	assert_columns(filter_columns(filter, true), "state");
	assert_columns(filter_columns(filter, false), "state,comm,local,remote");
	assert_int_equal(filter_needs(filter), NEED_OWNER);
	assert_false(filter_empty(filter));
	filter_free(filter);
	filter = parse("10.0.0.1");
	assert_columns(filter_columns(filter, true), "");
	assert_columns(filter_columns(filter, false), "local,remote");
	assert_int_equal(filter_needs(filter), 0);
	filter_free(filter);
}

/* What is not known is not read either: the row has only its state. */
static void test_known_in_part(void **state)
{
	struct filter *filter = parse("state:listen (port:22 or comm~ssh) not pid:none");
	struct column_set known = sock_set("state"), none = { 0 };
	uint8_t *row = malloc(offsetof(struct sock, state) + 1);

	(void)state;
	row[offsetof(struct sock, state)] = 2;
	assert_int_equal(filter_test(filter, row, &known), TRUTH_UNKNOWN);
	assert_int_equal(filter_test(filter, NULL, &none), TRUTH_UNKNOWN);
	row[offsetof(struct sock, state)] = 1;
	assert_int_equal(filter_test(filter, row, &known), TRUTH_FALSE);
	free(row);
	filter_free(filter);
}

/* Whatever stands first, regular expressions are asked last: on the inside only. */
static void test_order(void **state)
{
	static const char *const expressions[] = { "comm~x pid:1 lport:2", "pid:1 comm~x lport:2",
		"(comm~x or pid:3) pid:1 lport:2 comm:/y/", "pid:1 lport:2 not comm!~x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(expressions); i++) {
		struct filter *filter = parse(expressions[i]);
		const struct filter_node *node = &filter->nodes[filter->nodes[0].first];

		assert_int_equal(node->kind, FILTER_AND);
		node = &filter->nodes[node->first];
		assert_int_equal(node->column, PID);
		node = &filter->nodes[node->next];
		assert_int_equal(node->column, LPORT);
		for (; node->next; node = &filter->nodes[node->next])
			assert_true(filter->nodes[node->next].late);
		assert_true(node->late);
		filter_free(filter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_port_bounds),
		cmocka_unit_test(test_place_of_bounds),
		cmocka_unit_test(test_end_bounds),
		cmocka_unit_test(test_columns_and_needs),
		cmocka_unit_test(test_known_in_part),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
