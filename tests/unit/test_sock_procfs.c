/* SPDX-License-Identifier: MIT */
/* core/sys/sock_procfs: lines as kernels write them, forged ones, and files in pieces. */

#include "core/sys/sock_procfs_parse.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/sys/names.h"
#include "core/sys/sock_backend.h"

#define ALL UINT32_MAX
#define TCP_HEAD \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define UNIX_HEAD "Num       RefCount Protocol Flags    Type St Inode Path\n"

/* The four bytes as the kernel of this machine prints them. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORD(a, b, c, d) #d #c #b #a
#else
#define WORD(a, b, c, d) #a #b #c #d
#endif
#define LOOPBACK  WORD(7F, 00, 00, 01)
#define NOWHERE   "00000000"
#define LOOPBACK6 NOWHERE NOWHERE NOWHERE WORD(00, 00, 00, 01)
#define NOWHERE6  NOWHERE NOWHERE NOWHERE NOWHERE
#define LINKLOCAL WORD(FE, 80, 00, 00) NOWHERE WORD(02, 00, 5E, FF) WORD(FE, 00, 53, 01)

static void same(struct str text, const char *expected)
{
	if (!expected) {
		assert_null(text.ptr);
		return;
	}
	assert_non_null(text.ptr);
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static void test_tcp(void **state)
{
	static const uint8_t loopback[] = { 127, 0, 0, 1 };
	struct procnet_inet row;

	(void)state;
	assert_int_equal(
	        procnet_inet(
	                STR("   0: " LOOPBACK ":1F90 " NOWHERE
	                    ":0000 0A 00000000:00000005 00:00000000 "
	                    "00000000  1000        0 4242 1 00000000d3a5a8e5 100 0 0 10 0                     "),
	                false, ALL, &row),
	        PROCNET_ROW);
	assert_memory_equal(row.local, loopback, 4);
	assert_int_equal(row.lport, 8080);
	assert_int_equal(row.rport, 0);
	assert_int_equal(row.state, STATE_LISTEN);
	assert_int_equal(row.rxq, 5);
	assert_int_equal(row.txq, 0);
	assert_int_equal(row.timer, 0);
	assert_int_equal(row.uid, 1000);
	assert_int_equal(row.inode, 4242);
	assert_true(row.drops == UINT64_MAX);
	/* A connection with a timer; the table has more than 9999 rows; ssthresh is -1. */
	assert_int_equal(
	        procnet_inet(
	                STR("123456: " LOOPBACK ":1F90 " LOOPBACK
	                    ":D431 01 0000000A:0000000B 02:0000A1B2 "
	                    "00000000 4294967294        0 18446744073709551615 2 0000000000000000 20 4 30 10 -1"),
	                false, ALL, &row),
	        PROCNET_ROW);
	assert_int_equal(row.rport, 54321);
	assert_int_equal(row.txq, 10);
	assert_int_equal(row.rxq, 11);
	assert_int_equal(row.timer, 2);
	assert_int_equal(row.when, 0xa1b2);
	assert_true(row.uid == 4294967294U && row.inode == UINT64_MAX && row.drops == UINT64_MAX);
	/* TIME_WAIT and SYN_RECV end with the pointer. */
	assert_int_equal(
	        procnet_inet(
	                STR("   4: " LOOPBACK ":0016 " LOOPBACK
	                    ":C350 06 00000000:00000000 03:00001770 00000000"
	                    "     0        0 0 3 000000005f7bd9a6                                      "),
	                false, ALL, &row),
	        PROCNET_ROW);
	assert_int_equal(row.state, STATE_TIME_WAIT);
	assert_int_equal(row.timer, 3);
	assert_int_equal(row.inode, 0);
	assert_true(row.drops == UINT64_MAX);
}

static void test_ipv6(void **state)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	static const uint8_t linklocal[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0x5e, 0xff, 0xfe,
		0, 0x53, 1 };
	struct procnet_inet row;

	(void)state;
	assert_int_equal(procnet_inet(STR("   1: " LOOPBACK6 ":0035 " LINKLOCAL
	                                  ":FFFF 07 00000100:00000200 00:00000000 "
	                                  "00000000   101        0 777 2 0000000061b5b8a4 12"),
	                         true, ALL, &row),
	        PROCNET_ROW);
	assert_memory_equal(row.local, loopback, 16);
	assert_memory_equal(row.remote, linklocal, 16);
	assert_int_equal(row.lport, 53);
	assert_int_equal(row.rport, 65535);
	assert_int_equal(row.state, STATE_UNCONN);
	assert_int_equal(row.txq, 256);
	assert_int_equal(row.rxq, 512);
	assert_int_equal(row.drops, 12);
	assert_int_equal(procnet_inet(STR("   1: " LOOPBACK ":0035 " LOOPBACK
	                                  ":0000 07 00000000:00000000 00:00000000 "
	                                  "00000000   101        0 777 2 0000000061b5b8a4 12"),
	                         true, ALL, &row),
	        PROCNET_BAD);
}

#define GOOD                               \
	"   0: " LOOPBACK ":1F90 " NOWHERE \
	":0000 0A 00000000:00000005 00:00000000 00000000  1000        0 4242 1 00000000d3a5a8e5"

static void test_states(void **state)
{
	struct procnet_inet row;

	(void)state;
	assert_int_equal(procnet_inet(STR(GOOD), false, 1u << STATE_LISTEN, &row), PROCNET_ROW);
	assert_int_equal(procnet_inet(STR(GOOD), false, ~(1u << STATE_LISTEN), &row), PROCNET_SKIP);
	assert_int_equal(procnet_inet(STR("   0: " LOOPBACK ":1F90 " NOWHERE ":0000 00 0"), false,
	                         ALL, &row),
	        PROCNET_BAD);
	assert_int_equal(procnet_inet(STR("   0: " LOOPBACK ":1F90 " NOWHERE ":0000 20 0"), false,
	                         ALL, &row),
	        PROCNET_SKIP);
}

/* No start of a line is a line, and no byte of it may be another kind of byte. */
static void test_cut(void **state)
{
	static const char good[] = GOOD;
	static const char unix_line[] =
	        "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /a";
	struct procnet_inet row = { .inode = 1 };
	struct procnet_unix other = { .inode = 1 };

	(void)state;
	assert_int_equal(procnet_inet((struct str){ good, sizeof(good) - 1 }, false, ALL, &row),
	        PROCNET_ROW);
	row.inode = 1;
	for (size_t len = 0; len < sizeof(good) - 1; len++) {
		char *copy = malloc(len + 1);

		memcpy(copy, good, len);
		if (procnet_inet((struct str){ len ? copy : NULL, len }, false, ALL, &row) ==
		                PROCNET_ROW &&
		        len != sizeof(good) - 1 - 8) /* a pointer of 8 digits is one too */
			fail_msg("taken: %.*s", (int)len, copy);
		free(copy);
	}
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		char copy[sizeof(good)];
		enum procnet what;

		memcpy(copy, good, sizeof(good));
		copy[i] = '\x80';
		what = procnet_inet((struct str){ copy, sizeof(good) - 1 }, false, ALL, &row);
		if (i >= 4 && what == PROCNET_ROW)
			fail_msg("taken: %s", copy);
	}
	for (size_t len = 0; len < sizeof(unix_line) - 8; len++)
		assert_int_equal(
		        procnet_unix((struct str){ unix_line, len }, ALL, &other), PROCNET_BAD);
	assert_int_equal(other.inode, 1);
}

static void test_numbers(void **state)
{
	struct procnet_other row;

	(void)state;
	/* One more than fits. */
	assert_int_equal(
	        procnet_netlink(
	                STR("00000000da528c2b 0 4294967295 00000000 0 0 0 2 0 18446744073709551615"),
	                &row),
	        PROCNET_ROW);
	assert_true(row.port == UINT32_MAX && row.inode == UINT64_MAX);
	assert_int_equal(
	        procnet_netlink(STR("00000000da528c2b 0 4294967296 00000000 0 0 0 2 0 4"), &row),
	        PROCNET_BAD);
	assert_int_equal(
	        procnet_netlink(
	                STR("00000000da528c2b 0 1 00000000 0 0 0 2 0 18446744073709551616"), &row),
	        PROCNET_BAD);
	assert_int_equal(
	        procnet_netlink(
	                STR("00000000da528c2b 0 1 00000000 0 0 0 2 0 99999999999999999999"), &row),
	        PROCNET_BAD);
}

static void test_unix(void **state)
{
	struct procnet_unix row;

	(void)state;
	assert_int_equal(
	        procnet_unix(
	                STR("00000000b2b3a9a1: 00000002 00000000 00010000 0001 01 12345 /run/a b"),
	                ALL, &row),
	        PROCNET_ROW);
	assert_int_equal(row.state, STATE_LISTEN);
	assert_int_equal(row.inode, 12345);
	same(row.path, "/run/a b");
	assert_int_equal(
	        procnet_unix(STR("b2b3a9a1: 00000003 00000000 00000000 0001 03    77"), ALL, &row),
	        PROCNET_ROW);
	assert_int_equal(row.state, STATE_ESTABLISHED);
	assert_int_equal(row.inode, 77);
	same(row.path, NULL);
	assert_int_equal(
	        procnet_unix(STR("(____ptrval____): 00000002 00000000 00000000 0002 01 1 @a@b"),
	                ALL, &row),
	        PROCNET_ROW);
	assert_int_equal(row.state, STATE_UNCONN);
	same(row.path, "@a@b");
	assert_int_equal(
	        procnet_unix(STR("0000000000000000: 00000002 00000000 00000000 0001 02     0 /s"),
	                ALL, &row),
	        PROCNET_SKIP);
	assert_int_equal(
	        procnet_unix(STR("0000000000000000: 00000002 00000000 00000000 0001 03     7 /s"),
	                1u << STATE_LISTEN, &row),
	        PROCNET_SKIP);
	assert_int_equal(
	        procnet_unix(
	                STR("0000000000000000: 00000002 00000000 00000000 0001 03 1 "), ALL, &row),
	        PROCNET_ROW);
	same(row.path, "");
}

static void test_unix_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"Num       RefCount Protocol Flags    Type St Inode Path",
		"a: 00000002 00000000 00000000 0001 03 1",
		"00000000000000000: 00000002 00000000 00000000 0001 03 1",
		"0000000000000000: 2 00000000 00000000 0001 03 1",
		"0000000000000000: 00000002 00000000 0 0001 03 1",
		"0000000000000000: 00000002 00000000 00000000 0001 03 x",
		"0000000000000000: 00000002 00000000 00000000 0001 03",
		"0000000000000000: 00000002 00000000 00000000 0001 03 1/path",
		"0000000000000000: 00000002 00000000 00000000 0001 03 -1",
		"000000000000000g: 00000002 00000000 00000000 0001 03 1",
		" 0000000000000000: 00000002 00000000 00000000 0001 03 1",
	};
	struct procnet_unix row;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (procnet_unix(str_from(bad[i]), ALL, &row) != PROCNET_BAD)
			fail_msg("taken: %s", bad[i]);
	}
}

static void test_packet_netlink(void **state)
{
	struct procnet_other row;

	(void)state;
	assert_int_equal(
	        procnet_packet(
	                STR("00000000a8b3e0c3 3      3    88cc   2     1 1024   0      4567  "),
	                &row),
	        PROCNET_ROW);
	assert_int_equal(row.protocol, 0x88cc);
	assert_int_equal(row.port, 2);
	assert_int_equal(row.rxq, 1024);
	assert_int_equal(row.uid, 0);
	assert_int_equal(row.inode, 4567);
	assert_true(row.drops == UINT64_MAX);
	assert_int_equal(
	        procnet_packet(
	                STR("sk               RefCnt Type Proto  Iface R Rmem   User   Inode"),
	                &row),
	        PROCNET_BAD);
	assert_int_equal(
	        procnet_netlink(
	                STR("00000000f25ff7b4 15  4294963210 00000001 212      1        0     2        9        1513    "),
	                &row),
	        PROCNET_ROW);
	assert_int_equal(row.protocol, 15);
	assert_true(row.port == 4294963210U);
	assert_int_equal(row.rxq, 212);
	assert_int_equal(row.txq, 1);
	assert_int_equal(row.drops, 9);
	assert_int_equal(row.inode, 1513);
	assert_true(row.uid == UINT32_MAX);
}

/* The backend, on a recorded tree. */
struct tree {
	char path[64];
	struct world world;
	struct notes notes;
	struct sock_query query;
	struct sock_run run;
	struct conn rows[8];
	char paths[8][64];
	size_t count, enough;
	uint64_t inodes;
};

static bool take(void *context, struct conn *conn)
{
	struct tree *tree = context;

	if (tree->count < 8) {
		tree->rows[tree->count] = *conn;
		snprintf(tree->paths[tree->count], 64, "%.*s",
		        STR_ARG(conn->local.kind == ADDR_TEXT ? conn->local.text : STR("")));
	}
	tree->inodes += conn->inode;
	return ++tree->count != tree->enough;
}

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->path, "/tmp/test_sock.XXXXXX");
	if (!mkdtemp(tree->path))
		return -1;
	tree->world = (struct world){ .replay = true, .hz = 100, .wall_ns = 5 };
	tree->world.root = open(tree->path, O_RDONLY | O_DIRECTORY);
	mkdirat(tree->world.root, "proc", 0755);
	mkdirat(tree->world.root, "proc/net", 0755);
	tree->world.proc = openat(tree->world.root, "proc", O_PATH | O_DIRECTORY);
	tree->query = (struct sock_query){
		.world = &tree->world, .notes = &tree->notes, .row = take, .context = tree
	};
	tree->query.needs = NEED_MEMORY;
	memset(tree->query.states, 0xff, sizeof(tree->query.states));
	tree->run = (struct sock_run){ .query = &tree->query };
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", tree->path);
	close(tree->world.root);
	close(tree->world.proc);
	notes_release(&tree->notes);
	buf_release(&tree->run.local);
	buf_release(&tree->run.remote);
	names_free(tree->run.names);
	free(tree);
	return system(command);
}

static FILE *create(const struct tree *tree, const char *name)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/net/%s", tree->path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	return file;
}

static void put(const struct tree *tree, const char *name, const char *text)
{
	FILE *file = create(tree, name);

	fputs(text, file);
	fclose(file);
}

static int collect(struct tree *tree, enum conn_proto proto, unsigned *slots)
{
	int result;

	tree->count = 0;
	tree->inodes = 0;
	tree->run.enough = false;
	tree->run.rows = 0;
	assert_int_equal(sock_backend_procfs.probe(&tree->world), 0);
	assert_int_equal(sock_backend_procfs.open(&tree->run), 0);
	result = sock_backend_procfs.collect(&tree->run, proto, slots);
	sock_backend_procfs.close(&tree->run);
	return result;
}

static void test_collect(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 3;

	put(tree, "tcp",
	        TCP_HEAD GOOD
	        "\n   1: " LOOPBACK ":0016 " LOOPBACK
	        ":C350 06 00000000:00000000 03:00000064 00000000     0        0 0 3 000000005f7bd9a6   \n");
	put(tree, "tcp6",
	        TCP_HEAD
	        "   0: " NOWHERE6 ":0016 " NOWHERE6
	        ":0000 01 00000007:00000000 00:00000000 00000000     0        0 9 1 00000000d3a5a8e5 100 0 0 10 -1\n");
	assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
	assert_int_equal(slots, 0);
	assert_int_equal(tree->count, 3);
	assert_int_equal(tree->rows[0].proto, PROTO_TCP);
	assert_int_equal(tree->rows[0].family, FAMILY_INET);
	assert_int_equal(tree->rows[0].local.kind, ADDR_IPV4);
	assert_int_equal(tree->rows[0].local.port, 8080);
	assert_int_equal(tree->rows[0].rxq, 5);
	assert_true(tree->rows[0].txq == UINT32_MAX); /* a listener has none */
	assert_int_equal(tree->rows[0].timer, TIMER_OFF);
	assert_true(tree->rows[0].timeout == UINT64_MAX);
	assert_int_equal(tree->rows[0].uid, 1000);
	assert_int_equal(tree->rows[1].timer, TIMER_TIMEWAIT);
	assert_int_equal(tree->rows[1].timeout, UINT64_C(1000000000));
	assert_true(tree->rows[1].uid == UINT32_MAX); /* the kernel does not keep it */
	assert_int_equal(tree->rows[2].family, FAMILY_INET6);
	assert_int_equal(tree->rows[2].txq, 7);
	slots = 2;
	assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
	assert_int_equal(tree->count, 1);
	assert_false(notes_partial(&tree->notes));
	/* The caller has enough. */
	slots = 3;
	tree->enough = 1;
	assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
	assert_int_equal(tree->count, 1);
	assert_int_equal(slots, 0);
}

static void test_missing(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 3;
	char path[128];

	/* This kernel has none of these. */
	assert_int_equal(collect(tree, PROTO_UDPLITE, &slots), 0);
	assert_int_equal(slots, 0);
	assert_int_equal(tree->count, 0);
	/* Here it cannot answer. */
	slots = 3;
	assert_true(collect(tree, PROTO_SCTP, &slots) < 0);
	assert_int_equal(slots, 3);
	put(tree, "raw6", "");
	snprintf(path, sizeof(path), "%s/proc/net/raw", tree->path);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(collect(tree, PROTO_RAW, &slots), -EISDIR);
	assert_true(slots & 1);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/proc/net", tree->path);
	unlinkat(tree->world.proc, "net/raw6", 0);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(sock_backend_procfs.probe(&tree->world), -ENOENT);
	assert_int_equal(sock_backend_procfs.open(&tree->run), -ENOENT);
	tree->world.proc_error = -EACCES;
	close(tree->world.proc);
	tree->world.proc = -1;
	assert_int_equal(sock_backend_procfs.probe(&tree->world), -EACCES);
}

static void test_states_of_slot(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 3;

	put(tree, "tcp", TCP_HEAD GOOD "\n");
	put(tree, "tcp6",
	        TCP_HEAD
	        "   0: " NOWHERE6 ":0016 " NOWHERE6
	        ":0000 01 00000007:00000000 00:00000000 00000000     0        0 9 1 00000000d3a5a8e5 100 0 0 10 -1\n");
	tree->query.states[PROTO_TCP][0] = 1u << STATE_ESTABLISHED;
	tree->query.states[PROTO_TCP][1] = 1u << STATE_ESTABLISHED;
	assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
	assert_int_equal(tree->count, 1);
	assert_int_equal(tree->rows[0].inode, 9);
}

/* More than one buffer, with the border at every place of a line, and lines that fill it. */
static void test_pieces(void **state)
{
	struct tree *tree = *state;

	for (unsigned shift = 0; shift < 150; shift += 7) {
		FILE *file = create(tree, "udp");
		uint64_t expected = 0;
		unsigned slots = 1;

		fprintf(file, "%*s\n", 100 + (int)shift, "sl");
		for (unsigned i = 1; i <= 2000; i++) {
			expected += i;
			fprintf(file,
			        "%5u: " LOOPBACK ":%04X " NOWHERE
			        ":0000 07 00000000:00000000 00:00000000 00000000 "
			        "    0        0 %u 2 000000005f7bd9a6 %u         \n",
			        i, i, i, i);
		}
		fclose(file);
		assert_int_equal(collect(tree, PROTO_UDP, &slots), 0);
		assert_int_equal(tree->count, 2000);
		assert_true(tree->inodes == expected);
		assert_int_equal(tree->rows[3].memory->drops, 2000);
		assert_false(notes_partial(&tree->notes));
	}
}

static void test_overlong(void **state)
{
	static const size_t lengths[] = { 65534, 65535, 65536, 65537, 200000 };
	struct tree *tree = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		FILE *file = create(tree, "tcp");
		unsigned slots = 1;

		fputs(TCP_HEAD GOOD "\nx:", file);
		for (size_t n = 0; n < lengths[i]; n++)
			fputc(' ', file);
		/* The rest of the long line is none; the last one is cut. */
		fputs(GOOD "\n" GOOD "\n" GOOD, file);
		fclose(file);
		assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
		assert_int_equal(tree->count, 2);
	}
}

/* Linux 6.18, two ping sockets with the same number: icmp6 lists that of IPv4 too. */
static void test_ping(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 3;

	put(tree, "icmp",
	        TCP_HEAD "   55: " LOOPBACK ":004D " NOWHERE
	                 ":0000 07 00000000:00000000 00:00000000 00000000     "
	                 "0        0 262814 1 000000005f7bd9a6 0\n");
	put(tree, "icmp6",
	        TCP_HEAD "   55: " LOOPBACK6 ":004D " NOWHERE6
	                 ":0000 07 00000000:00000000 00:00000000 00000000     "
	                 "0        0 262828 1 000000005f7bd9a6 0\n"
	                 "   55: " NOWHERE6 ":004D " NOWHERE6
	                 ":0000 07 00000000:00000000 00:00000000 00000000     "
	                 "0        0 262814 1 000000005f7bd9a6 0\n");
	assert_int_equal(collect(tree, PROTO_ICMP, &slots), 0);
	assert_int_equal(tree->count, 2);
	assert_int_equal(tree->rows[0].family, FAMILY_INET);
	assert_int_equal(tree->rows[1].inode, 262828);
	assert_int_equal(tree->rows[1].timer, TIMER_UNKNOWN);
}

static void test_not_understood(void **state)
{
	struct tree *tree = *state;
	struct buf out = { 0 };
	unsigned slots = 1;

	put(tree, "tcp",
	        TCP_HEAD GOOD "\n"
	                      "0: a new form\n0: of line\n");
	assert_int_equal(collect(tree, PROTO_TCP, &slots), 0);
	assert_int_equal(tree->count, 1);
	notes_say(&tree->notes, NOTE_PARTIAL, "x", &out);
	assert_string_equal(out.ptr, "x: 2 lines of /proc/net/tcp not understood\n");
	buf_release(&out);
}

static void test_forged(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 1;

	put(tree, "unix",
	        UNIX_HEAD
	        "0000000000000000: 00000002 00000000 00010000 0001 01 1 /a\nnot a line\n 0000000000000000: 00000002 00000000 00010000 0001 01 9 /indented\n"
	        "0000000000000000: 00000002 00000000 00010000 0001 01 2\n"
	        "0000000000000000: 00000002 00000000 00010000 0001 01 3 @abstract\x1b]0;x\a\n"
	        "0000000000000000: 00000002 00000000 00010000 0001 01 3 /of the same inode\n");
	assert_int_equal(collect(tree, PROTO_UNIX, &slots), 0);
	assert_int_equal(tree->count, 4);
	assert_string_equal(tree->paths[0], "/a");
	assert_string_equal(tree->paths[1], "*");
	assert_null(tree->rows[1].path.ptr);
	assert_string_equal(tree->paths[2], "@abstract\x1b]0;x\a");
	assert_string_equal(tree->paths[3], "/of the same inode");
	assert_false(notes_partial(&tree->notes));
}

static void test_others(void **state)
{
	struct tree *tree = *state;
	unsigned slots = 1;

	mkdirat(tree->world.root, "sys", 0755);
	mkdirat(tree->world.root, "sys/class", 0755);
	mkdirat(tree->world.root, "sys/class/net", 0755);
	mkdirat(tree->world.root, "sys/class/net/eth7", 0755);
	close(openat(tree->world.root, "sys/class/net/eth7/ifindex", O_CREAT | O_WRONLY, 0644));
	put(tree, "../../sys/class/net/eth7/ifindex", "7\n");
	put(tree, "packet",
	        "sk RefCnt Type Proto  Iface R Rmem   User   Inode\n"
	        "00000000a8b3e0c3 3      3    0806   7     1 24     1000   4567  \n"
	        "00000000a8b3e0c3 3      3    0003   0     1 0      0      4568  \n");
	put(tree, "netlink",
	        "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
	        "00000000da528c2b 0   77         00000000 1        2        0     2        3        4       \n");
	assert_int_equal(collect(tree, PROTO_PACKET, &slots), 0);
	assert_int_equal(tree->count, 2);
	assert_string_equal(tree->paths[0], "0x0806:eth7");
	assert_int_equal(tree->rows[0].ifindex, 7);
	assert_int_equal(tree->rows[0].uid, 1000);
	assert_int_equal(tree->rows[0].rxq, 24);
	assert_int_equal(tree->rows[0].state, STATE_UNCONN);
	assert_string_equal(tree->paths[1], "*:*");
	slots = 1;
	assert_int_equal(collect(tree, PROTO_NETLINK, &slots), 0);
	assert_int_equal(tree->count, 1);
	assert_string_equal(tree->paths[0], "route/77");
	assert_int_equal(tree->rows[0].rxq, 1);
	assert_int_equal(tree->rows[0].txq, 2);
	assert_int_equal(tree->rows[0].memory->drops, 3);
	assert_int_equal(tree->rows[0].inode, 4);
	assert_true(tree->rows[0].uid == UINT32_MAX);
}

#define IN_TREE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_unix_refused),
		cmocka_unit_test(test_packet_netlink),
		IN_TREE(test_collect),
		IN_TREE(test_missing),
		IN_TREE(test_states_of_slot),
		IN_TREE(test_pieces),
		IN_TREE(test_overlong),
		IN_TREE(test_ping),
		IN_TREE(test_not_understood),
		IN_TREE(test_forged),
		IN_TREE(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
