/* SPDX-License-Identifier: MIT */
/*
 * A socket and the process that owns it: the row of `conns`, and one of `top`'s.
 */
#ifndef SOCKBOX_SYS_CONN_H
#define SOCKBOX_SYS_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/str.h"
#include "core/sys/process.h"
#include "core/table/schema.h"

enum conn_proto {
	PROTO_UNKNOWN = 0,
	PROTO_TCP,
	PROTO_MPTCP,
	PROTO_UDP,
	PROTO_UDPLITE,
	PROTO_RAW,
	PROTO_ICMP, /* ping sockets */
	PROTO_SCTP,
	PROTO_UNIX,
	PROTO_PACKET,
	PROTO_NETLINK,
	PROTO_VSOCK,
	PROTO_COUNT,
};

enum conn_family {
	FAMILY_UNKNOWN = 0,
	FAMILY_INET,
	FAMILY_INET6,
	FAMILY_UNIX,
	FAMILY_PACKET,
	FAMILY_NETLINK,
	FAMILY_VSOCK,
	FAMILY_COUNT,
};

/** The kernel's numbers (include/net/tcp_states.h), which the other families borrow. */
enum conn_state {
	STATE_UNKNOWN = 0,
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT_1,
	STATE_FIN_WAIT_2,
	STATE_TIME_WAIT,
	STATE_UNCONN, /* TCP_CLOSE: bound or idle, for UDP and the like the ordinary one */
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_LISTEN,
	STATE_CLOSING,
	STATE_NEW_SYN_RECV,   /* the kernel's private one; shown as syn-recv */
	STATE_BOUND_INACTIVE, /* 6.8 and later, only when asked for */
};

/** How sure the owner is. */
enum conn_quality {
	QUALITY_UNKNOWN = 0,
	QUALITY_EXACT,  /* the process holds a descriptor of this very socket */
	QUALITY_NONE,   /* the kernel's own, orphaned or in TIME_WAIT: nobody can hold it */
	QUALITY_HIDDEN, /* somebody may hold it, whom we were not allowed to look at */
};

/** What the kernel waits for before it acts by itself: one more than inet_diag's and /proc/net's number. */
enum conn_timer {
	TIMER_UNKNOWN = 0,
	TIMER_OFF,
	TIMER_ON, /* retransmission, loss probe, reordering */
	TIMER_KEEPALIVE,
	TIMER_TIMEWAIT,
	TIMER_PERSIST, /* zero window probe */
};

/** From tcp_info and the attributes beside it; unknown numbers are all ones. */
struct conn_tcp {
	uint64_t rtt, rttvar, minrtt, rto; /* ns */
	uint64_t cwnd, ssthresh, mss, pmtu;
	uint64_t retrans; /* segments retransmitted in all */
	uint64_t lost, reordering;
	uint64_t rx, tx; /* payload bytes, SYN and FIN taken out */
	uint64_t segs_in, segs_out;
	uint64_t delivery_rate, pacing_rate;         /* bytes/s */
	uint64_t busy, rwnd_limited, sndbuf_limited; /* ns */
	uint64_t last_sent, last_received;           /* ns ago */
	struct str cc;                               /* congestion control */
	struct str tcpopts;                          /* "ts,sack,ecn,wscale:7/7" */
};

struct conn_memory {
	uint32_t rcvbuf, sndbuf; /* limits, bytes */
	uint64_t mem;            /* allocated now: receive, send, forward, options, backlog */
	uint64_t drops;
};

struct conn {
	/* Here all ones is "unknown". */
	uint64_t inode, cookie, netns, peer; /* peer: inode of a UNIX socket's other end */
	uint64_t mark;           /* 32 bits, wider so that 0xffffffff is not "unknown" */
	uint64_t timeout;        /* ns until the timer fires */
	uint64_t time;           /* wall ns of the sample */
	uint64_t rxrate, txrate; /* bytes/s since the sample before */
	uint32_t uid;
	uint32_t rxq, txq;   /* bytes waiting (a listener: connections waiting) */
	uint32_t backlog;    /* a listener's limit */
	uint32_t fd, owners; /* lowest descriptor of this owner; how many processes hold it */
	uint32_t sample;
	uint16_t tos;            /* IP_TOS or traffic class: a byte, and wider like mark */
	uint8_t v6only, subflow; /* bool */

	/* From here zero is. */
	uint8_t proto, family, state; /* enums above */
	uint8_t quality, timer;       /* enums */
	uint32_t ifindex;             /* bound to; 0: none */
	struct endpoint local, remote;
	struct str path; /* UNIX; an abstract name begins with '@' */
	struct str iface, user, lservice, rservice;
	struct str via;                /* backends that said so: "netlink", "netlink+procfs" */
	const struct process *process; /* owner, or NULL */
	struct conn_tcp *tcp;
	struct conn_memory *memory;
};

/** What must be collected for a column; costs are in conn_schema. The NEED_PROC_ bits are process.h's. */
enum conn_need {
	NEED_OWNER = 1u << 8,
	NEED_TCPINFO = 1u << 9,
	NEED_CC = 1u << 10,
	NEED_MEMORY = 1u << 11,
	NEED_TOS = 1u << 12,
	NEED_USER = 1u << 13,    /* /etc/passwd */
	NEED_SERVICE = 1u << 14, /* /etc/services */
	NEED_IFACE = 1u << 15,
	NEED_NETNS = 1u << 16,
	NEED_RATES = 1u << 17, /* two samples */
	NEED_PEER = 1u << 18,
	NEED_BACKEND = 1u << 19, /* via */
};

extern const struct schema conn_schema;

/** Every member unknown, numbers all ones, texts and pointers NULL. */
void conn_clear(struct conn *conn);
void conn_tcp_clear(struct conn_tcp *tcp);

#endif
