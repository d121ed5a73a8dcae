/* SPDX-License-Identifier: MIT */
/*
 * What sock_collect() and its backends have between them; nobody else includes this.
 *
 * A backend answers for one protocol at a time. A protocol is one or two questions, the two slots of
 * sock_query.states[proto]: 0 is IPv4 or a family without addresses, 1 is IPv6. What one backend
 * leaves unanswered the next is asked for, so that each row comes once.
 */
#ifndef SOCKBOX_SYS_SOCK_BACKEND_H
#define SOCKBOX_SYS_SOCK_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/sys/conn.h"
#include "core/sys/sock.h"

struct names;

/** One sock_collect(), and the row that is being filled: no allocation is made for each. */
struct sock_run {
	struct sock_query *query;
	struct conn conn; /* sock_begin() clears it and sets proto, family and the pointers below */
	struct conn_tcp
	        tcp; /* conn.tcp where NEED_TCPINFO or NEED_CC asks for it, else that is NULL */
	struct conn_memory memory; /* conn.memory where NEED_MEMORY asks for it */
	struct buf local, remote,
	        opts; /* texts of the row, where its addresses are no IP addresses */
	uint64_t netns, rows;
	struct str via;      /* name of the backend that is at work */
	bool enough;         /* the caller's row() wants no more */
	struct names *names; /* for packet sockets; made when first needed */
	void *state;         /* the backend's own, from open to close */
};

struct sock_backend {
	const char *name;
	/** Could it answer anything in this world? 0 or -errno. Opens and closes what it needs. */
	int (*probe)(const struct world *world);
	/** Once a run, before the first collect. 0 or -errno (then it is not asked); no sentence. */
	int (*open)(struct sock_run *run);
	/**
	 * Brings the sockets of @proto for the slots in *slots (bit 0, bit 1), and clears the bit of each
	 * slot that it has answered. A slot of which a row was given counts as answered, whatever
	 * happened afterwards; what is missing then goes to notes as NOTE_PARTIAL. Returns 0, or the
	 * -errno that says why a bit stayed. Must stop, with all bits cleared, when sock_row() is false.
	 */
	int (*collect)(struct sock_run *run, enum conn_proto proto, unsigned *slots);
	void (*close)(struct sock_run *run); /* only after an open that returned 0 */
};

extern const struct sock_backend sock_backend_netlink, sock_backend_procfs;

/** The bits of conn_state that are wanted of a slot; 0: none. */
static inline uint32_t sock_states(const struct sock_run *run, enum conn_proto proto, unsigned slot)
{
	return run->query->states[proto][slot];
}

/** "tcp", as in the column. */
const char *sock_proto_name(enum conn_proto proto);

/* What every backend does with a row. In sock_row.c. */

/** Clears run->conn for the next row. @family as conn.family. Ends that are no IP addresses are "*". */
void sock_begin(struct sock_run *run, enum conn_proto proto, enum conn_family family);

/** Completes the row (netns, time, via) and gives it to the caller, unless its state is not wanted.
 * NEW_SYN_RECV becomes SYN_RECV here. False: no more rows are wanted. */
bool sock_row(struct sock_run *run);

/** An IP end; @kind ADDR_IPV4 or ADDR_IPV6, @port in host order. @ifindex becomes the zone where the
 * address is link-local (fe80::/10). */
void sock_end_ip(
        struct endpoint *end, uint8_t kind, const void *ip, uint16_t port, uint32_t ifindex);

/** Bytes or connections that wait. @tx of a listener is its backlog. */
void sock_queues(struct conn *conn, uint32_t rx, uint32_t tx);

void sock_end_text(struct endpoint *end, struct str text);

/** A UNIX socket's own end and path. @name as the kernel has it (first byte NUL: abstract, shown as '@';
 * one NUL behind a path is dropped); ptr NULL or empty: unnamed. */
void sock_unix_name(struct sock_run *run, struct str name);

/** The own end: "ETHERTYPE:interface" ("*:eth0", "0x0806:*"). Sets conn.ifindex. */
void sock_packet_ends(struct sock_run *run, uint16_t ethertype, uint32_t ifindex);

/** The own end: "route/1234". Without a port it is the kernel's own: "route/kernel", and conn.inode, which
 * must be set before, becomes 0, because no process can hold it. */
void sock_netlink_ends(struct sock_run *run, uint32_t protocol, uint32_t portid);

#endif
