/* SPDX-License-Identifier: MIT */
/*
 * A row type much like that of conns, for the tests and the fuzzer of the filter: two ends with
 * aliases over both, a column of each type, and columns that need to be collected.
 */
#ifndef SOCKBOX_TESTS_FILTER_ROWS_H
#define SOCKBOX_TESTS_FILTER_ROWS_H

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/table/filter.h"
#include "core/table/schema.h"

enum {
	NEED_OWNER = 1,
	NEED_TCPINFO = 2,
};

struct tcpish {
	uint64_t rtt; /* ns */
	uint32_t retrans;
};

struct sock {
	uint8_t proto, state, v6only;
	int32_t offset;
	uint32_t pid, mark;
	uint64_t inode, rx, txrate, started;
	struct str comm, exe, cc;
	struct endpoint local, remote;
	struct tcpish *tcp;
};

#define SOCK_PROTOS \
	"\1tcp\0"   \
	"\2udp\0"   \
	"\3unix\0"  \
	"\77sctp\0"
#define SOCK_STATES       \
	"\1established\0" \
	"\2listen\0"      \
	"\3time-wait\0"   \
	"\4close-wait\0"  \
	"\1estab\0"       \
	"\2listening\0"

enum {
	PROTO,
	STATE,
	LOCAL,
	LADDR,
	LPORT,
	REMOTE,
	RADDR,
	RPORT,
	V6ONLY,
	OFFSET,
	PID,
	MARK,
	INODE,
	RX,
	TXRATE,
	STARTED,
	COMM,
	EXE,
	CC,
	RTT,
	RETRANS,
};

static const struct column sock_columns[] = {
	[PROTO] = COL_ENUM(sock, proto, 5, 0, SOCK_PROTOS, "protocol"),
	[STATE] = COL_ENUM(sock, state, 5, 0, SOCK_STATES, "state"),
	[LOCAL] = COL_ENDPOINT(sock, local, 20, 0, "local end"),
	[LADDR] = COL_ADDR(sock, local, "laddr", 20, 0, "local address"),
	[LPORT] = COL_PORT(sock, local, "lport", -5, 0, "local port"),
	[REMOTE] = COL_ENDPOINT(sock, remote, 20, 0, "remote end"),
	[RADDR] = COL_ADDR(sock, remote, "raddr", 20, 0, "remote address"),
	[RPORT] = COL_PORT(sock, remote, "rport", -5, 0, "remote port"),
	[V6ONLY] = COL_BOOL(sock, v6only, 3, 0, "no IPv4"),
	[OFFSET] = COL_INT(sock, offset, 3, 0, "signed"),
	[PID] = COL_UINT(sock, pid, -7, NEED_OWNER, "process"),
	[MARK] = COL_HEX(sock, mark, 7, 0, "mark"),
	[INODE] = COL_UINT(sock, inode, -7, 0, "inode"),
	[RX] = COL_BYTES(sock, rx, -7, NEED_TCPINFO, "received"),
	[TXRATE] = COL_RATE(sock, txrate, -7, NEED_TCPINFO, "bytes a second"),
	[STARTED] = COL_TIME(sock, started, 20, NEED_OWNER, "start of the process"),
	[COMM] = COL_TEXT(sock, comm, 15, NEED_OWNER, "name"),
	[EXE] = COL_PATH(sock, exe, 15, NEED_OWNER, "program"),
	[CC] = COL_TEXT(sock, cc, 6, NEED_TCPINFO, "congestion control"),
	[RTT] = COL_DURATION_IN(sock, tcp, tcpish, rtt, -7, NEED_TCPINFO, "round trip"),
	[RETRANS] = COL_UINT_IN(sock, tcp, tcpish, retrans, -7, NEED_TCPINFO, "sent again"),
};

static const char sock_aliases[] = "port\0"
                                   "lport,rport\0"
                                   "sport\0"
                                   "lport\0"
                                   "dport\0"
                                   "rport\0"
                                   "src\0"
                                   "local\0"
                                   "dst\0"
                                   "remote\0"
                                   "process\0"
                                   "comm\0"
                                   "addr\0"
                                   "local,remote\0";

static const char sock_idioms[] = "state\0"
                                  "state:established\0"
                                  "sport\0"
                                  "sport:22\0"
                                  "dev\0"
                                  "iface:eth0\0"
                                  "aux\0"
                                  "the ps of another tool\0";

static const struct schema sock_schema = {
	.name = "sock",
	.version = 1,
	.columns = sock_columns,
	.count = ARRAY_COUNT(sock_columns),
	.row_size = sizeof(struct sock),
	.defaults = "proto,state,local,remote",
	.bare = "proto,state,local,remote,comm",
	.ends = "local,remote",
	.number = "port",
	.aliases = sock_aliases,
	.idioms = sock_idioms,
};

static inline struct endpoint ip_end(const char *text, uint16_t port)
{
	struct endpoint end = { .port = port };

	addr_parse(str_from(text), &end.kind, end.ip);
	return end;
}

static inline struct endpoint text_end(const char *text)
{
	return (struct endpoint){ .kind = ADDR_TEXT, .text = str_from(text) };
}

/* Every member unknown. */
static inline struct sock sock_unknown(void)
{
	struct sock sock;

	memset(&sock, 0xff, sizeof(sock));
	sock.proto = sock.state = 0;
	sock.offset = INT32_MIN;
	sock.comm = sock.exe = sock.cc = STR_NONE;
	sock.local = sock.remote = (struct endpoint){ .kind = ADDR_NONE };
	sock.tcp = NULL;
	return sock;
}

/* 192.0.2.1:443 to 198.51.100.7:50000, established, nginx */
static inline struct sock sock_known(struct tcpish *tcp)
{
	struct sock sock = {
		.proto = 1,
		.state = 1,
		.v6only = 0,
		.offset = -5,
		.pid = 4242,
		.mark = 0x2a,
		.inode = 123456,
		.rx = 1500000,
		.txrate = 125000,
		.started = UINT64_C(1763746455) * NS_PER_SEC, /* 2025-11-21T17:34:15Z */
		.comm = STR("nginx"),
		.exe = STR("/usr/sbin/nginx"),
		.cc = STR("cubic"),
		.local = ip_end("192.0.2.1", 443),
		.remote = ip_end("198.51.100.7", 50000),
		.tcp = tcp,
	};

	*tcp = (struct tcpish){ .rtt = 50 * NS_PER_MSEC, .retrans = 3 };
	return sock;
}

static inline struct column_set sock_set(const char *names)
{
	struct column_set set = { 0 };
	struct str rest = str_from(names), name;

	while (*names && str_split(&rest, ',', &name))
		column_set_add(&set, (size_t)schema_find(&sock_schema, name));
	return set;
}

#endif
