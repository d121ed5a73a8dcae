/* SPDX-License-Identifier: MIT */
/* Netlink messages put together by hand, as the kernel would send them. */
#ifndef SOCKBOX_TESTS_NETLINK_BUILD_H
#define SOCKBOX_TESTS_NETLINK_BUILD_H

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/sys/netlink.h"

static struct buf wire;
static size_t wire_message; /* where the latest message begins */

static inline void wire_begin(uint16_t type, uint16_t flags, uint32_t seq)
{
	struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq };

	wire_message = wire.len;
	buf_add(&wire, &header, sizeof(header));
}

static inline void wire_end(void)
{
	uint32_t len = (uint32_t)(wire.len - wire_message);

	memcpy(wire.ptr + wire_message, &len, sizeof(len));
	buf_fill(&wire, '\0', NLMSG_ALIGN(len) - len);
}

static inline void wire_attr(uint16_t type, const void *bytes, size_t len)
{
	struct nlattr attr = { (uint16_t)(sizeof(attr) + len), type };

	buf_add(&wire, &attr, sizeof(attr));
	buf_add(&wire, bytes, len);
	buf_fill(&wire, '\0', NLMSG_ALIGN(len) - len);
}

static inline void wire_u32(uint16_t type, uint32_t number)
{
	wire_attr(type, &number, sizeof(number));
}

/* NLMSG_DONE or NLMSG_ERROR. */
static inline void wire_close(uint16_t type, uint32_t seq, int error)
{
	wire_begin(type, 0, seq);
	buf_add(&wire, &error, sizeof(error));
	wire_end();
}

static char *wire_exact;

/* Parses what was built, from a block of exactly its size that lives until the next. */
static inline int wire_parse(struct netlink *nl,
        bool (*message)(void *context, uint16_t type, struct cursor body), void *context)
{
	size_t len = wire.len;

	free(wire_exact);
	wire_exact = malloc(len ? len : 1);
	if (len)
		memcpy(wire_exact, wire.ptr, len);
	buf_clear(&wire);
	nl->message = message;
	nl->context = context;
	return netlink_parse(nl, wire_exact, len);
}

static inline void wire_release(void)
{
	free(wire_exact);
	wire_exact = NULL;
	buf_release(&wire);
}

#endif
