/* SPDX-License-Identifier: MIT */
/* core/sys/conn: the table of columns holds together. */

#include "core/sys/conn.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/diag.h"
#include "core/table/filter.h"

/* Names and their order are the contract. */
static const char contract[] =
        "proto,family,state,local,laddr,lport,remote,raddr,rport,iface,inode,cookie,netns,uid,user,mark,tos,v6only,"
        "subflow,path,peer,pid,ppid,comm,exe,cmdline,fd,owners,started,age,tty,cgroup,ancestors,quality,via,rxq,txq,"
        "backlog,rcvbuf,sndbuf,mem,drops,rtt,rttvar,minrtt,rto,cwnd,ssthresh,mss,pmtu,retrans,lost,reordering,rx,tx,"
        "segs_in,segs_out,delivery_rate,pacing_rate,busy,rwnd_limited,sndbuf_limited,timer,timeout,cc,tcpopts,"
        "last_sent,last_received,rxrate,txrate,lservice,rservice,sample,time";

static void test_names(void **state)
{
	struct str rest = str_from(contract), name;
	size_t i = 0;

	while (str_split(&rest, ',', &name)) {
		assert_true(i < conn_schema.count);
		assert_true(str_equal(name, str_from(conn_schema.columns[i].name)));
		assert_int_equal(schema_find(&conn_schema, name), (int)i); /* so it is there once */
		i++;
	}
	assert_int_equal(i, conn_schema.count);
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < conn_schema.count; i++) {
		const struct column *column = &conn_schema.columns[i];

		assert_true(column->width != 0);
		assert_int_equal(*column_words(column) != '\0', column->type == COLUMN_ENUM);
		if (*column_help(column)) /* some builds have no words */
			assert_false(isupper((unsigned char)column_help(column)[0]) &&
			        islower((unsigned char)column_help(column)[1]));
	}
}

static void test_costs(void **state)
{
	uint32_t known = 0, used = 0;

	for (const char *cost = conn_schema.costs; *cost; cost = str_next(cost)) {
		uint32_t need = 1u << (*cost - 1);

		assert_true(*cost <= 32);
		assert_int_equal(known & need, 0);
		known |= need;
		if (strstr(cost, "/etc/services")) /* the numbers are those of the enum */
			assert_int_equal(need, NEED_SERVICE);
		if (strstr(cost, "/proc/PID/fd"))
			assert_int_equal(need, NEED_OWNER);
	}
	for (size_t i = 0; i < conn_schema.count; i++)
		used |= conn_schema.columns[i].needs;
	assert_int_equal(used, known);
}

static void resolves(const char *list)
{
	struct str rest = str_from(list), name;
	struct column_set set;

	while (str_split(&rest, ',', &name))
		assert_true(schema_resolve(&conn_schema, name, &set));
}

static void test_lists(void **state)
{
	resolves(conn_schema.defaults);
	resolves(conn_schema.bare);
	resolves(conn_schema.ends);
	resolves(conn_schema.number);
	for (const char *alias = conn_schema.aliases; *alias; alias = str_next(str_next(alias))) {
		assert_int_equal(schema_find(&conn_schema, str_from(alias)), -1);
		resolves(str_next(alias));
	}
}

static void is_word(const char *column, unsigned value, const char *word)
{
	int i = schema_find(&conn_schema, str_from(column));
	const char *found = enum_word(column_words(&conn_schema.columns[i]), value);

	assert_true(str_equal(str_from(found), str_from(word)));
}

static void test_enums(void **state)
{
	for (size_t i = 0; i < conn_schema.count; i++) {
		const char *words = column_words(&conn_schema.columns[i]);
		size_t names = 0;

		while (enum_name(words, names))
			names++;
		for (const char *a = words; *a; a = str_next(a)) {
			assert_true(*a > 0 && *a < 64);
			if (names && names--) /* first all names, then the synonyms */
				assert_ptr_equal(enum_word(words, (uint8_t)*a), a + 1);
			else
				assert_ptr_not_equal(enum_word(words, (uint8_t)*a), a + 1);
			assert_non_null(enum_word(words, (uint8_t)*a));
			assert_string_not_equal(a + 1, "none"); /* col:none asks for unknown */
			assert_string_not_equal(a + 1, "any");
			for (const char *b = words; b < a; b = str_next(b))
				assert_string_not_equal(a + 1, b + 1);
		}
	}
	is_word("proto", PROTO_TCP, "tcp");
	is_word("proto", PROTO_UNIX, "unix");
	is_word("proto", PROTO_VSOCK, "vsock");
	is_word("proto", PROTO_COUNT, NULL);
	is_word("family", FAMILY_INET6, "inet6");
	is_word("family", FAMILY_VSOCK, "vsock");
	is_word("family", FAMILY_COUNT, NULL);
	is_word("state", STATE_ESTABLISHED, "established");
	is_word("state", STATE_TIME_WAIT, "time-wait");
	is_word("state", STATE_LISTEN, "listen");
	is_word("state", STATE_CLOSING, "closing");
	is_word("state", STATE_NEW_SYN_RECV, NULL);
	is_word("state", STATE_BOUND_INACTIVE, "bound-inactive");
	is_word("quality", QUALITY_HIDDEN, "hidden");
	is_word("timer", TIMER_PERSIST, "persist");
}

/* sock.c asks for protocols by this place. */
static void test_proto_first(void **state)
{
	assert_string_equal(conn_schema.columns[0].name, "proto");
}

static void test_clear(void **state)
{
	struct conn_tcp tcp;
	struct conn conn;

	conn_clear(&conn);
	for (size_t i = 0; i < conn_schema.count; i++) {
		if (column_value(&conn_schema.columns[i], &conn).kind != VALUE_NONE)
			fail_msg("%s is not unknown", conn_schema.columns[i].name);
	}
	conn_tcp_clear(&tcp);
	conn.tcp = &tcp;
	for (size_t i = 0; i < conn_schema.count; i++) {
		if (column_value(&conn_schema.columns[i], &conn).kind != VALUE_NONE)
			fail_msg("%s is not unknown", conn_schema.columns[i].name);
	}
}

/* What people of other tools type is answered. */
static void test_idioms(void **state)
{
	static const char *const fine[] = { "established", "listening", "estab", "udp", "ping",
		"ipv6", "state:estab", "proto:udp", "sport:22", "dst:10.0.0.0/8", "src:10.1.2.3:80",
		"service:http", "process:nginx", "port:443" };
	struct filter *filter;

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		filter = filter_new(&conn_schema);
		if (filter_text(filter, fine[i]) != 0)
			fail_msg("%s: %s", fine[i], diag_text());
		filter_free(filter);
	}
	for (const char *idiom = conn_schema.idioms; *idiom; idiom = str_next(str_next(idiom))) {
		filter = filter_new(&conn_schema);
		assert_int_equal(filter_text(filter, idiom), DIAG_USAGE);
		assert_non_null(strstr(diag_text(), str_next(idiom)));
		filter_free(filter);
	}
	filter = filter_new(&conn_schema);
	assert_int_equal(filter_text(filter, "443"), DIAG_USAGE);
	assert_non_null(strstr(diag_text(), "port:443"));
	filter_free(filter);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_enums),
		cmocka_unit_test(test_proto_first),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_idioms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
