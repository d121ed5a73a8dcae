/* SPDX-License-Identifier: MIT */
/*
 * The families that are not IP: UNIX, packet, netlink and vsock sockets, each by its own diag
 * (include/uapi/linux/{unix,packet,netlink,vm_sockets}_diag.h). They are relatives: requests and
 * messages differ in what stands before the inode, and in the numbers of their attributes.
 *
 * A UNIX socket's name comes with its length, so that one with a newline in it cannot forge a row, as
 * it can in /proc/net/unix.
 */
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "core/sys/sock_diag.h"

#define VSOCK_ANY UINT32_MAX
/* Newer than some headers. */
#define UNIX_SHOW_UID 0x40
#define UNIX_ATTR_UID 7

enum meaning {
	IGNORED = 0,
	NAME,
	PEER,
	QUEUES,
	MEMORY,
	UID,
	INTERFACE
};

/* In the order of enum conn_proto. */
static const struct kind {
	uint8_t family, protocol;
	bool has_state; /* in the third byte; else that, or with the fourth, is the protocol */
	uint8_t inode; /* its place, in words of 32 bits; two of the cookie follow, then attributes */
	uint8_t show;          /* what is always asked for */
	uint8_t attributes[8]; /* enum meaning, by type */
} kinds[] = {
	{ AF_UNIX, 0, true, 1, UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN | UNIX_SHOW_UID,
	        { [UNIX_DIAG_NAME] = NAME,
	                [UNIX_DIAG_PEER] = PEER,
	                [UNIX_DIAG_RQLEN] = QUEUES,
	                [UNIX_DIAG_MEMINFO] = MEMORY,
	                [UNIX_ATTR_UID] = UID } },
	{ AF_PACKET, 0, false, 1, PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
	        { [PACKET_DIAG_INFO] = INTERFACE,
	                [PACKET_DIAG_UID] = UID,
	                [PACKET_DIAG_MEMINFO] = MEMORY } },
	{ AF_NETLINK, NDIAG_PROTO_ALL, false, 4, NDIAG_SHOW_MEMINFO,
	        { [NETLINK_DIAG_MEMINFO] = MEMORY } },
	{ AF_VSOCK, 0, true, 5, 0, { 0 } },
};

#define HEAD_WORDS 8 /* of the longest */

/* Leaves the numbers as they are where there are fewer. */
static bool read_numbers(const struct cursor *body, uint32_t *numbers, size_t count)
{
	struct cursor rest = *body;
	size_t len = count * sizeof(*numbers);

	return cursor_left(body) >= len && cursor_copy(&rest, numbers, len);
}

static void attribute(
        struct sock_run *run, enum meaning meaning, const struct cursor *body, struct str *name)
{
	uint32_t numbers[2];
	struct conn *conn = &run->conn;

	switch (meaning) {
	case NAME:
		*name = (struct str){ (const char *)body->at, cursor_left(body) };
		break;
	case PEER:
		if (read_numbers(body, numbers, 1))
			conn->peer = numbers[0];
		break;
	case QUEUES:
		if (read_numbers(body, numbers, 2))
			sock_queues(conn, numbers[0], numbers[1]);
		break;
	case MEMORY:
		diag_meminfo(run, body, conn->proto != PROTO_UNIX);
		break;
	case UID:
		read_numbers(body, &conn->uid, 1);
		break;
	case INTERFACE:
		read_numbers(body, &conn->ifindex, 1);
		break;
	case IGNORED:
		break;
	}
}

static void vsock_end(struct endpoint *end, struct buf *out, const uint32_t cid_port[2])
{
	buf_clear(out);
	for (size_t i = 0; i < 2; i++) {
		if (i)
			buf_char(out, ':');
		if (cid_port[i] == VSOCK_ANY)
			buf_char(out, '*');
		else
			buf_u64(out, cid_port[i]);
	}
	sock_end_text(end, buf_view(out));
}

/* netlink_diag walks all sockets and then those with multicast groups once more; it means to leave out
 * the ones that it had (sk_hashed in net/netlink/diag.c), but since the hash table is of another kind,
 * 3.17, it does not. */
static bool seen_before(struct diag_dump *dump, uint64_t cookie)
{
	if (dump->proto != PROTO_NETLINK)
		return false;
	if (map_get(&dump->seen, cookie) != MAP_NONE)
		return true;
	map_put(&dump->seen, cookie, 0);
	return false;
}

bool diag_other_message(void *context, uint16_t type, struct cursor body)
{
	struct diag_dump *dump = context;
	struct sock_run *run = dump->run;
	struct conn *conn = &run->conn;
	const struct kind *kind = &kinds[dump->proto - PROTO_UNIX];
	uint32_t head[HEAD_WORDS];
	struct str name = STR_NONE;
	struct netlink_attr attr;
	uint16_t ethertype;
	uint8_t start[4];

	(void)type;
	if (!cursor_copy(&body, head, (kind->inode + 3u) * sizeof(head[0])))
		return true;
	memcpy(start, head, sizeof(start));
	memcpy(&ethertype, start + 2, sizeof(ethertype));
	if (start[0] != kind->family)
		return true;
	sock_begin(run, dump->proto, (enum conn_family)(FAMILY_UNIX + (kind - kinds)));
	conn->state = kind->has_state ? start[2] : STATE_UNCONN;
	conn->inode = head[kind->inode];
	conn->cookie = diag_cookie(head + kind->inode + 1);
	if (seen_before(dump, conn->cookie))
		return true;
	while (netlink_attr_next(&body, &attr)) {
		if (attr.type < ARRAY_COUNT(kind->attributes))
			attribute(run, kind->attributes[attr.type], &attr.body, &name);
	}
	if (dump->proto == PROTO_UNIX) {
		sock_unix_name(run, name);
	} else if (dump->proto == PROTO_PACKET) {
		sock_packet_ends(run, ethertype, conn->ifindex);
	} else if (dump->proto == PROTO_NETLINK) {
		sock_netlink_ends(run, start[2], head[1]);
	} else {
		vsock_end(&conn->local, &run->local, head + 1);
		vsock_end(&conn->remote, &run->remote, head + 3);
	}
	return sock_row(run);
}

/* Where the states are not asked for, what is to be shown stands a word earlier. A dump reads neither
 * inode nor cookie, so that there one request serves both. */
int diag_other_collect(struct sock_run *run, enum conn_proto proto, unsigned *slots)
{
	const struct kind *kind = &kinds[proto - PROTO_UNIX];
	const uint8_t start[4] = { kind->family, kind->protocol };
	uint32_t words[6] = { 0, sock_states(run, proto, 0), kind->show, kind->show };
	struct buf request = { 0 };
	int error;

	memcpy(words, start, sizeof(start));
	if (proto == PROTO_UNIX && run->query->needs & NEED_PEER)
		words[3] |= UDIAG_SHOW_PEER;
	if (proto == PROTO_UNIX && run->query->needs & NEED_MEMORY)
		words[3] |= UDIAG_SHOW_MEMINFO;
	buf_add(&request, words, sizeof(words));
	error = diag_ask(run, proto, SOCK_DIAG_BY_FAMILY, &request, 1, slots);
	buf_release(&request);
	return error;
}
