/* SPDX-License-Identifier: MIT */
/*
 * Replies of the kernel to dumps of sockets, as netlink_parse and the message functions read them. The
 * first byte says which protocol, the second what is asked for and after how many rows it is enough.
 */
#include <assert.h>
#include <linux/netlink.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/sys/names.h"
#include "core/sys/sock_diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct kind {
	enum conn_proto proto;
	bool (*message)(void *context, uint16_t type, struct cursor body);
} kinds[] = {
	{ PROTO_TCP, diag_inet_message },
	{ PROTO_MPTCP, diag_inet_message },
	{ PROTO_UDP, diag_inet_message },
	{ PROTO_RAW, diag_inet_message },
	{ PROTO_SCTP, diag_inet_message },
	{ PROTO_UNIX, diag_other_message },
	{ PROTO_PACKET, diag_other_message },
	{ PROTO_NETLINK, diag_other_message },
	{ PROTO_VSOCK, diag_other_message },
};

struct taken {
	enum conn_proto proto;
	unsigned rows, enough;
	uint64_t sum; /* makes the sanitizers look at every byte */
};

static void touch_text(struct taken *taken, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		taken->sum += (uint8_t)text.ptr[i];
}

static void touch_end(struct taken *taken, const struct endpoint *end)
{
	assert(end->kind == ADDR_IPV4 || end->kind == ADDR_IPV6 || end->kind == ADDR_TEXT);
	if (end->kind == ADDR_TEXT) {
		assert(end->no_port && end->text.ptr);
		touch_text(taken, end->text);
	}
	assert(!end->zone || (end->ip[0] == 0xfe && (end->ip[1] & 0xc0) == 0x80));
}

static bool row(void *context, struct conn *conn)
{
	struct taken *taken = context;

	assert(conn->proto == taken->proto);
	assert(conn->family > FAMILY_UNKNOWN && conn->family < FAMILY_COUNT);
	assert(conn->state >= STATE_ESTABLISHED && conn->state <= STATE_BOUND_INACTIVE);
	assert(conn->state != STATE_NEW_SYN_RECV);
	assert(conn->timer <= TIMER_PERSIST);
	assert(conn->v6only <= 1 || conn->v6only == 0xff);
	assert(conn->subflow <= 1 || conn->subflow == 0xff);
	touch_end(taken, &conn->local);
	touch_end(taken, &conn->remote);
	touch_text(taken, conn->path);
	if (conn->tcp) {
		touch_text(taken, conn->tcp->cc);
		touch_text(taken, conn->tcp->tcpopts);
	}
	return ++taken->rows != taken->enough;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct world world = { .root = -1, .proc = -1, .replay = true };
	struct notes notes = { 0 };
	struct sock_query query = { .world = &world, .notes = &notes, .row = row };
	struct sock_run run = { .query = &query };
	struct diag_dump dump = { .run = &run };
	struct netlink nl = { .world = &world, .fd = -1, .context = &dump };
	struct taken taken = { 0 };
	const struct kind *kind;
	int result;

	if (size < 2)
		return 0;
	kind = &kinds[data[0] % ARRAY_COUNT(kinds)];
	taken.proto = dump.proto = kind->proto;
	taken.enough = data[1] >> 4;
	query.context = &taken;
	if (data[1] & 1)
		query.needs = NEED_TCPINFO | NEED_CC | NEED_MEMORY | NEED_TOS | NEED_PEER;
	query.states[kind->proto][0] = 0x3ffe;
	query.states[kind->proto][1] = data[1] & 2 ? 0 : 0x3ffe;
	nl.message = kind->message;
	result = netlink_parse(&nl, data + 2, size - 2);
	assert(result <= 2);
	assert((result == 2) == run.enough);
	assert(run.rows == taken.rows);
	assert(taken.rows <= (size - 2) / sizeof(struct nlmsghdr));
	assert(!taken.enough || taken.rows <= taken.enough);
	map_release(&dump.seen);
	buf_release(&run.local);
	buf_release(&run.remote);
	buf_release(&run.opts);
	names_free(run.names);
	notes_release(&notes);
	return 0;
}
