/* SPDX-License-Identifier: MIT */
/*
 * Dumps over netlink (RFC 3549; include/uapi/linux/netlink.h): one request, many messages back.
 */
#ifndef SOCKBOX_SYS_NETLINK_H
#define SOCKBOX_SYS_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/sys/world.h"

struct netlink {
	const struct world *world;
	int fd; /* -1 in a replay, and after a dump that ended early */
	int protocol;
	uint32_t seq; /* of the latest request; 0 takes any, as a replay must */
	char *buffer;
	bool ended;       /* the kernel has said all that it will to the latest request */
	bool interrupted; /* NLM_F_DUMP_INTR was seen: the kernel's table changed while it was walked */
	/** Gets the body of each answer; false to stop early: the rest is dropped with the socket. */
	bool (*message)(void *context, uint16_t type, struct cursor body);
	void *context;
};

/** @protocol NETLINK_SOCK_DIAG etc. 0 or -errno, no sentence; it is to be closed in both cases. */
int netlink_open(struct netlink *nl, const struct world *world, int protocol);
void netlink_close(struct netlink *nl); /* takes one that was never opened, if zeroed with fd -1 */

/** One attribute (struct nlattr): its type without flags, and its bytes. */
struct netlink_attr {
	uint16_t type;
	struct cursor body;
};

/** The next attribute; false at the end or where the rest is malformed. */
bool netlink_attr_next(struct cursor *attrs, struct netlink_attr *attr);

/**
 * Sends a dump request of @type with @payload and gives the answers to nl->message. @path is the file
 * below world.root that holds them in a replay.
 * 0, or -errno: the kernel's own (ENOENT, EOPNOTSUPP, EPERM...) or that of the socket. No sentence.
 */
int netlink_dump(struct netlink *nl, const char *path, uint16_t type, const struct buf *payload);

/** Parses @len bytes of messages as a dump's answer: what netlink_dump does with each datagram, and
 * what fuzzers call. Returns 1 when NLMSG_DONE was met, 2 when nl->message stopped it, 0 to read on, or
 * -errno. */
int netlink_parse(struct netlink *nl, const void *bytes, size_t len);

#endif
