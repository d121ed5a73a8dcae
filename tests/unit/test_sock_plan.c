/* SPDX-License-Identifier: MIT */
/* core/sys/sock: what is asked for, by letters and by what the filter says of protocol, family and state. */

#include "core/sys/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "netlink_build.h"

#include <linux/inet_diag.h>

#define BIT(n) (1u << (n))
#define ALL    0x1ffeu /* established to new-syn-recv */
#define BOUND  BIT(STATE_BOUND_INACTIVE)

static struct sock_query query;

static void plan(struct sock_selection selection, const char *text)
{
	struct filter *filter = filter_new(&conn_schema);

	memset(query.states, 0x55, sizeof(query.states)); /* whatever was there before */
	query.lport.count = query.addr.count = 5;
	if (text && filter_text(filter, text) != 0)
		fail_msg("%s", diag_text());
	sock_plan(&query, &selection, filter);
	filter_free(filter);
}

/* The protocols asked for, as bits. */
static uint32_t protos(unsigned slot)
{
	uint32_t bits = 0;

	for (unsigned proto = 0; proto < PROTO_COUNT; proto++)
		bits |= query.states[proto][slot] ? BIT(proto) : 0;
	return bits;
}

#define TCP_AND_UDP (BIT(PROTO_TCP) | BIT(PROTO_MPTCP) | BIT(PROTO_UDP) | BIT(PROTO_UDPLITE))
#define IP          (TCP_AND_UDP | BIT(PROTO_RAW) | BIT(PROTO_ICMP) | BIT(PROTO_SCTP))
#define EVERY       (IP | BIT(PROTO_UNIX) | BIT(PROTO_PACKET) | BIT(PROTO_NETLINK) | BIT(PROTO_VSOCK))

static void test_default(void **state)
{
	plan((struct sock_selection){ 0 }, NULL);
	assert_int_equal(protos(0), TCP_AND_UDP);
	assert_int_equal(protos(1), TCP_AND_UDP);
	assert_int_equal(query.states[PROTO_TCP][0], ALL);
	assert_int_equal(query.states[PROTO_UDP][1], ALL);
	assert_int_equal(query.lport.count + query.rport.count + query.port.count, 0);
	assert_int_equal(query.laddr.count + query.raddr.count + query.addr.count, 0);
	plan((struct sock_selection){ 0 }, "comm:ssh port:22");
	assert_int_equal(protos(0), TCP_AND_UDP);
	sock_plan(&query, &(struct sock_selection){ 0 }, NULL); /* without a filter */
	assert_int_equal(protos(0), TCP_AND_UDP);
	assert_int_equal(query.port.count, 0);
}

static void test_all(void **state)
{
	plan((struct sock_selection){ .all = true }, NULL);
	assert_int_equal(protos(0), EVERY);
	assert_int_equal(protos(1), IP);
	assert_int_equal(query.states[PROTO_TCP][0], ALL | BOUND);
}

static void test_letters(void **state)
{
	plan((struct sock_selection){ .protos = BIT(PROTO_UNIX) }, NULL);
	assert_int_equal(protos(0), BIT(PROTO_UNIX));
	assert_int_equal(protos(1), 0);
	plan((struct sock_selection){ .ipv4 = true }, NULL);
	assert_int_equal(protos(0), TCP_AND_UDP);
	assert_int_equal(protos(1), 0);
	plan((struct sock_selection){ .ipv6 = true, .all = true }, NULL);
	assert_int_equal(protos(0), 0);
	assert_int_equal(protos(1), IP);
	plan((struct sock_selection){ .ipv6 = true, .protos = BIT(PROTO_TCP) | BIT(PROTO_UNIX) },
	        NULL);
	assert_int_equal(protos(0), BIT(PROTO_UNIX));
	assert_int_equal(protos(1), BIT(PROTO_TCP));
}

static void test_listening(void **state)
{
	plan((struct sock_selection){ .listening = true, .all = true }, NULL);
	assert_int_equal(query.states[PROTO_TCP][0], BIT(STATE_LISTEN));
	assert_int_equal(query.states[PROTO_MPTCP][1], BIT(STATE_LISTEN));
	assert_int_equal(query.states[PROTO_UDP][0], BIT(STATE_LISTEN) | BIT(STATE_UNCONN));
	assert_int_equal(query.states[PROTO_UNIX][0], BIT(STATE_LISTEN) | BIT(STATE_UNCONN));
}

/* A term on proto, state, family or path replaces the default selection. */
static void test_filter(void **state)
{
	plan((struct sock_selection){ 0 }, "proto:unix,tcp");
	assert_int_equal(protos(0), BIT(PROTO_UNIX) | BIT(PROTO_TCP));
	assert_int_equal(protos(1), BIT(PROTO_TCP));
	plan((struct sock_selection){ 0 }, "protocol:udp");
	assert_int_equal(protos(0), BIT(PROTO_UDP));
	plan((struct sock_selection){ 0 }, "not proto:unix");
	assert_int_equal(protos(0), EVERY & ~BIT(PROTO_UNIX));
	plan((struct sock_selection){ 0 }, "family:ipv6");
	assert_int_equal(protos(0), 0);
	assert_int_equal(protos(1), IP);
	plan((struct sock_selection){ 0 }, "path~docker");
	assert_int_equal(protos(0), EVERY);
	plan((struct sock_selection){ 0 }, "state:listen");
	assert_int_equal(protos(0), EVERY);
	assert_int_equal(query.states[PROTO_TCP][0], BIT(STATE_LISTEN));
	plan((struct sock_selection){ 0 }, "not state:listen");
	assert_int_equal(query.states[PROTO_TCP][0], (ALL | BOUND) & ~BIT(STATE_LISTEN));
	plan((struct sock_selection){ 0 }, "state:bound-inactive proto:tcp");
	assert_int_equal(query.states[PROTO_TCP][1], BOUND);
	plan((struct sock_selection){ .protos = BIT(PROTO_UDP) }, "state:established");
	assert_int_equal(protos(0), BIT(PROTO_UDP));
	assert_int_equal(query.states[PROTO_UDP][0], BIT(STATE_ESTABLISHED));
	plan((struct sock_selection){ .protos = BIT(PROTO_UDP) }, "proto:tcp");
	assert_int_equal(protos(0) | protos(1), 0);
}

/* So does a bare word of a protocol or state, which may be text as well; other bare words do not. */
static void test_bare(void **state)
{
	static const char *const words[] = { "unix", "netlink", "icmp", "ssh,packet", "listening" };

	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		plan((struct sock_selection){ 0 }, words[i]);
		assert_int_equal(protos(0), EVERY);
	}
	plan((struct sock_selection){ 0 }, "not unix");
	assert_int_equal(protos(0), EVERY & ~BIT(PROTO_UNIX));
	plan((struct sock_selection){ 0 }, "bound");
	assert_int_equal(query.states[PROTO_TCP][0], ALL | BOUND);
	plan((struct sock_selection){ 0 }, "ssh,uni 10.0.0.1");
	assert_int_equal(protos(0), TCP_AND_UDP);
}

static void test_either(void **state)
{
	/* What is not known yet may still be true. */
	plan((struct sock_selection){ 0 }, "proto:unix or port:22");
	assert_int_equal(protos(0), EVERY);
	plan((struct sock_selection){ 0 }, "proto:tcp (state:listen or comm:ssh)");
	assert_int_equal(query.states[PROTO_TCP][0], ALL | BOUND);
	plan((struct sock_selection){ 0 }, "(proto:tcp state:listen) or (proto:udp family:inet)");
	assert_int_equal(query.states[PROTO_TCP][0], BIT(STATE_LISTEN));
	assert_int_equal(query.states[PROTO_UDP][0], ALL | BOUND);
	assert_int_equal(query.states[PROTO_UDP][1], 0);
}

static void test_bounds(void **state)
{
	plan((struct sock_selection){ 0 },
	        "lport:22 rport:1..5,9 port:80 laddr:10.0.0.0/8 dst:[::1]:53");
	assert_int_equal(query.lport.count, 1);
	assert_int_equal(query.lport.list[0].low, 22);
	assert_int_equal(query.lport.list[0].high, 22);
	assert_int_equal(query.rport.count, 2);
	assert_int_equal(query.port.count, 1);
	assert_int_equal(query.laddr.count, 1);
	assert_int_equal(query.laddr.list[0].prefix.bits, 8);
	assert_int_equal(query.raddr.count, 1);
	assert_true(query.raddr.list[0].has_prefix);
	assert_int_equal(query.raddr.list[0].low, 53);
	plan((struct sock_selection){ 0 }, "lport:1,2,3,4,5,6,7,8,9");
	assert_int_equal(query.lport.count, 0);
}

/* A recorded world with a netlink dump of TCP and nothing else. */

static char dir[] = "/tmp/test_sock_plan.XXXXXX";
static unsigned rows;

static bool count(void *context, struct conn *conn)
{
	assert_int_equal(conn->netns, 4026531840);
	assert_true(str_equal(conn->via, STR("netlink")));
	rows++;
	return true;
}

static void put_file(int dirfd, const char *path, const void *bytes, size_t len)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void put_world(int fd)
{
	static const char used[] =
	        "protocol  size sockets\nTCP 1 3\nMPTCP 1 0\nMPTCPv6 1 7\nAF_VSOCK 1 0\n";
	struct inet_diag_msg msg = { .idiag_family = 2, .idiag_state = STATE_LISTEN };

	for (int i = 0; i < 3; i++) {
		wire_begin(20, 0, 0);
		buf_add(&wire, &msg, sizeof(msg));
		wire_end();
	}
	wire_close(NLMSG_DONE, 0, 0);
	mkdirat(fd, "netlink", 0755);
	mkdirat(fd, "proc", 0755);
	mkdirat(fd, "proc/self", 0755);
	mkdirat(fd, "proc/self/ns", 0755);
	mkdirat(fd, "proc/net", 0755);
	symlinkat("net:[4026531840]", fd, "proc/self/ns/net");
	put_file(fd, "world", "hz 100\n", 7);
	put_file(fd, "netlink/tcp", wire.ptr, wire.len);
	put_file(fd, "proc/net/protocols", used, sizeof(used) - 1);
	wire_release();
}

static const struct note *note_of(const struct notes *notes, const char *text)
{
	for (size_t i = 0; i < notes->count; i++) {
		if (strcmp(notes->list[i].text, text) == 0)
			return &notes->list[i];
	}
	return NULL;
}

static void test_collect(void **state)
{
	struct notes notes = { 0 };
	struct world world;
	char command[64];
	int fd;

	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	put_world(fd);
	assert_int_equal(world_open(&world, dir), 0);
	plan((struct sock_selection){ .protos = BIT(PROTO_TCP) | BIT(PROTO_MPTCP) |
	                     BIT(PROTO_SCTP) | BIT(PROTO_VSOCK) },
	        NULL);
	query.world = &world;
	query.notes = &notes;
	query.backend = NULL;
	query.needs = NEED_NETNS;
	query.row = count;
	assert_int_equal(sock_collect(&query), 0);
	assert_int_equal(rows, 3);
	assert_true(notes_partial(&notes));
	/* Nobody lists MPTCP here, of which the kernel has seven; of SCTP it knows nothing. */
	assert_int_equal(
	        note_of(&notes, "mptcp sockets are not shown: needs the kernel module mptcp_diag")
	                ->count,
	        7);
	assert_non_null(note_of(&notes, "no sctp sockets by /proc/net/protocols"));
	assert_int_equal(note_of(&notes, "tcp sockets by netlink")->count, 3);

	/* Of vsock the kernel counts nothing: nobody is told who asked for more than that. */
	assert_int_equal(
	        note_of(&notes, "vsock sockets are not shown: needs the kernel module vsock_diag")
	                ->kind,
	        NOTE_WHY);
	query.states[PROTO_VSOCK][0] = 0;
	query.states[PROTO_TCP][0] = query.states[PROTO_TCP][1] = 0;
	query.states[PROTO_MPTCP][0] = query.states[PROTO_MPTCP][1] = 0;
	assert_int_equal(sock_collect(&query), 0); /* none is an answer */
	plan((struct sock_selection){ .protos = BIT(PROTO_MPTCP) }, NULL);
	assert_int_equal(sock_collect(&query), -EPROTONOSUPPORT);
	assert_string_equal(diag_text(),
	        "list mptcp sockets (kernel module mptcp_diag) by netlink: No such file or "
	        "directory; by procfs: Protocol not supported");
	query.backend = "procfs";
	assert_int_equal(sock_collect(&query), -EPROTONOSUPPORT);
	assert_string_equal(diag_text(),
	        "list mptcp sockets (kernel module mptcp_diag) by procfs: Protocol not "
	        "supported");
	assert_int_equal(rows, 3);
	notes_release(&notes);
	world_close(&world);
	close(fd);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_listening),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_either),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_collect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
