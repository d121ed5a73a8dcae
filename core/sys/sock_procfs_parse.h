/* SPDX-License-Identifier: MIT */
/*
 * Lines of /proc/net/tcp, unix and the like: pure parsers, apart so that tests and fuzzers reach
 * them. They take any bytes without their newline, and fill nothing where they return false.
 */
#ifndef SOCKBOX_SYS_SOCK_PROCFS_PARSE_H
#define SOCKBOX_SYS_SOCK_PROCFS_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

/** What became of a line. */
enum procnet {
	PROCNET_BAD,  /* a heading, or no line that the kernel writes */
	PROCNET_SKIP, /* good, but its state was not asked for, or nobody's yet (unix) */
	PROCNET_ROW,
};

/** tcp, udp, udplite, raw, icmp and their "6" (net/ipv4/tcp_ipv4.c get_tcp4_sock(), net/ipv4/udp.c
 * udp4_format_sock(), net/ipv6/datagram.c __ip6_dgram_sock_seq_show()...): one form for all. */
struct procnet_inet {
	uint8_t local[16], remote[16]; /* network order; IPv4 in the first four */
	uint16_t lport, rport;
	uint8_t state; /* enum conn_state */
	uint8_t timer; /* 0 off, 1 retransmission, 2 keepalive, 3 TIME_WAIT, 4 zero window probe */
	uint32_t txq, rxq, uid;
	uint64_t when; /* until the timer fires, in ticks of USER_HZ */
	uint64_t inode;
	uint64_t drops; /* UINT64_MAX where the line has none: tcp's means something else there */
};

/** @ipv6: addresses have 32 digits. @states: bits of the states that are wanted. */
enum procnet procnet_inet(struct str line, bool ipv6, uint32_t states, struct procnet_inet *out);

struct procnet_unix {
	uint8_t state; /* enum conn_state, from the one that is shown and the flag of a listener */
	uint64_t inode;
	struct str path; /* points into the line; '@' stands for NUL; ptr NULL: unnamed */
};

/** A path may hold a newline and what looks like another line: see sock_procfs.c. */
enum procnet procnet_unix(struct str line, uint32_t states, struct procnet_unix *out);

/** packet and netlink. */
struct procnet_other {
	uint32_t protocol;      /* ethertype, host order; netlink: NETLINK_ROUTE... */
	uint32_t port;          /* netlink port; packet: interface index */
	uint32_t rxq, txq, uid; /* all ones where there is none */
	uint64_t drops, inode;
};

enum procnet procnet_packet(struct str line, struct procnet_other *out);
enum procnet procnet_netlink(struct str line, struct procnet_other *out);

#endif
