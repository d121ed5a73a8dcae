/* SPDX-License-Identifier: MIT */
/*
 * Which sockets exist. Backends, best first: netlink (sock_diag, NETLINK_SOCK_DIAG), procfs
 * (/proc/net). They are chosen for each protocol by itself, because the kernel may have a diag module
 * for one and not for another (ping sockets have none at all; RAW's is often not built).
 */
#ifndef SOCKBOX_SYS_SOCK_H
#define SOCKBOX_SYS_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/notes.h"
#include "core/sys/conn.h"
#include "core/sys/world.h"
#include "core/table/filter.h"

/** Restrictions of one end that a source may use to bring fewer rows; none where the count is 0. */
struct sock_bounds {
	struct filter_bound list[8];
	size_t count;
};

struct sock_query {
	const struct world *world;
	struct notes *notes;
	const char *backend; /* forced by name, or NULL */
	uint32_t needs;      /* conn_need bits */
	/** Bit s: sockets in state s are wanted; [0] IPv4 (and families without addresses), [1] IPv6.
	 * 0: not asked for at all. */
	uint32_t states[PROTO_COUNT][2];
	struct sock_bounds lport, rport, port; /* port: of either end */
	struct sock_bounds laddr, raddr, addr;
	/** Takes one socket; it and what it points to live until the return. False: enough. */
	bool (*row)(void *context, struct conn *conn);
	void *context;
	const struct filter *filter; /* what planned it */
};

/** What the user chose by letters. All zero: the default selection. */
struct sock_selection {
	uint32_t protos; /* bit 1 << enum conn_proto; 0: default */
	bool all;        /* -a: every family */
	bool listening;  /* -l: only listening or bound */
	bool ipv4, ipv6; /* -4, -6 */
};

/**
 * Fills states and bounds: by the selection, and by asking the filter with only proto, family and
 * state known which combinations cannot pass.
 */
void sock_plan(struct sock_query *query, const struct sock_selection *selection,
        const struct filter *filter);

/**
 * Brings every socket that the plan asks for, possibly more. 0 (what is missing went to notes), or
 * -errno with a sentence where nothing could be answered by any backend.
 */
int sock_collect(struct sock_query *query);

/** Names of the backends of all questions, for --backend: "netlink\0procfs\0". */
extern const char sock_backends[];

#endif
