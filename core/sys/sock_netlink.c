/* SPDX-License-Identifier: MIT */
/*
 * Sockets by NETLINK_SOCK_DIAG: the kernel's own list, asked for protocol by protocol through one
 * netlink socket.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/sys/sock_diag.h"

uint64_t diag_cookie(const uint32_t halves[2])
{
	return (uint64_t)halves[1] << 32 | halves[0];
}

void diag_meminfo(struct sock_run *run, const struct cursor *body, bool queues)
{
	uint32_t numbers[SK_MEMINFO_VARS] = { 0 };
	struct conn *conn = &run->conn;
	struct cursor rest = *body;
	size_t len = cursor_left(body);
	uint64_t queued;
	int32_t forward;

	if (len < (SK_MEMINFO_OPTMEM + 1) * sizeof(numbers[0]))
		return;
	cursor_copy(&rest, numbers, len < sizeof(numbers) ? len : sizeof(numbers));
	if (queues) {
		conn->rxq = numbers[SK_MEMINFO_RMEM_ALLOC];
		conn->txq = numbers[SK_MEMINFO_WMEM_ALLOC];
	}
	if (!conn->memory)
		return;
	conn->memory->rcvbuf = numbers[SK_MEMINFO_RCVBUF];
	conn->memory->sndbuf = numbers[SK_MEMINFO_SNDBUF];
	memcpy(&forward, &numbers[SK_MEMINFO_FWD_ALLOC], sizeof(forward));
	queued = numbers[SK_MEMINFO_WMEM_QUEUED];
	/* What TCP has queued to send is held once, and counted again while the device has it. */
	if (queued < numbers[SK_MEMINFO_WMEM_ALLOC])
		queued = numbers[SK_MEMINFO_WMEM_ALLOC];
	conn->memory->mem = queued + numbers[SK_MEMINFO_RMEM_ALLOC] + numbers[SK_MEMINFO_OPTMEM] +
	        numbers[SK_MEMINFO_BACKLOG] + (forward > 0 ? (uint32_t)forward : 0u);
	if (len > SK_MEMINFO_DROPS * sizeof(numbers[0]))
		conn->memory->drops = numbers[SK_MEMINFO_DROPS];
}

int diag_ask(struct sock_run *run, enum conn_proto proto, uint16_t type, const struct buf *request,
        unsigned asked, unsigned *slots)
{
	struct diag_dump dump = { .run = run, .proto = proto };
	const char *name = sock_proto_name(proto), *slot = "";
	struct notes *notes = run->query->notes;
	struct netlink *nl = run->state;
	uint64_t before = run->rows;
	struct buf path = { 0 };
	int error;

	if (proto != PROTO_TCP && proto < PROTO_UNIX)
		slot = asked == 1 ? "4" : "6";
	buf_format(&path, "netlink/%s%s", name, slot);
	nl->message = proto < PROTO_UNIX ? diag_inet_message : diag_other_message;
	nl->context = &dump;
	nl->interrupted = false;
	error = netlink_dump(nl, path.ptr, type, request);
	buf_release(&path);
	map_release(&dump.seen);
	if (error && run->rows == before)
		return error;
	*slots &= ~asked;
	if (error)
		notes_add(notes, NOTE_PARTIAL, 0, "the kernel's list of %s sockets broke off: %s",
		        name, diag_errno(-error));
	if (nl->interrupted)
		notes_add(notes, NOTE_MISSING, 0,
		        "%s sockets changed while they were listed: some may lack or come twice",
		        name);
	return 0;
}

static void close_netlink(struct sock_run *run)
{
	netlink_close(run->state);
	free(run->state);
}

static int open_netlink(struct sock_run *run)
{
	int error;

	run->state = mem_alloc(sizeof(struct netlink));
	error = netlink_open(run->state, run->query->world, NETLINK_SOCK_DIAG);
	if (error)
		close_netlink(run);
	return error;
}

static int probe_netlink(const struct world *world)
{
	struct netlink nl;
	int error = netlink_open(&nl, world, NETLINK_SOCK_DIAG);

	netlink_close(&nl);
	return error;
}

static int collect_netlink(struct sock_run *run, enum conn_proto proto, unsigned *slots)
{
	int error = proto < PROTO_UNIX ? diag_inet_collect(run, proto, slots)
	                               : diag_other_collect(run, proto, slots);

	if (run->enough)
		*slots = 0;
	return *slots ? error : 0;
}

const struct sock_backend sock_backend_netlink = {
	.name = "netlink",
	.probe = probe_netlink,
	.open = open_netlink,
	.collect = collect_netlink,
	.close = close_netlink,
};
