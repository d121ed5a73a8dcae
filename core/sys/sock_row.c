/* SPDX-License-Identifier: MIT */
/*
 * What is the same in a row whoever brought it: so backends give equal rows for equal sockets.
 */
#include "core/sys/sock_backend.h"

#include <linux/if_ether.h>
#include <string.h>

#include "core/sys/names.h"

void sock_end_text(struct endpoint *end, struct str text)
{
	end->kind = ADDR_TEXT;
	end->no_port = true;
	end->text = text;
}

void sock_begin(struct sock_run *run, enum conn_proto proto, enum conn_family family)
{
	struct conn *conn = &run->conn;
	uint32_t needs = run->query->needs;

	conn_clear(conn);
	conn->proto = (uint8_t)proto;
	conn->family = (uint8_t)family;
	conn->netns = run->netns;
	conn->time = run->query->world->wall_ns;
	conn->via = run->via;
	if (family >= FAMILY_UNIX) {
		sock_end_text(&conn->local, STR("*"));
		sock_end_text(&conn->remote, STR("*"));
	}
	if (needs & (NEED_TCPINFO | NEED_CC)) {
		conn_tcp_clear(&run->tcp);
		conn->tcp = &run->tcp;
	}
	if (needs & NEED_MEMORY) {
		memset(&run->memory, 0xff, sizeof(run->memory));
		conn->memory = &run->memory;
	}
}

void sock_queues(struct conn *conn, uint32_t rx, uint32_t tx)
{
	conn->rxq = rx;
	if (conn->state == STATE_LISTEN)
		conn->backlog = tx;
	else
		conn->txq = tx;
}

bool sock_row(struct sock_run *run)
{
	struct conn *conn = &run->conn;
	uint32_t wanted = run->query->states[conn->proto][conn->family == FAMILY_INET6];

	if (conn->state == STATE_NEW_SYN_RECV)
		conn->state = STATE_SYN_RECV;
	if (conn->state > 31 || !(wanted >> conn->state & 1))
		return true;
	/* Connections that wait to be accepted, which /proc/net/unix has and unix_diag counts at the listener. */
	if (conn->proto == PROTO_UNIX && conn->inode == 0)
		return true;
	/* The kernel keeps no user for these and says 0, which would be root. Of orphans and of connections
	 * not yet accepted (no inode) kernels before 6.17 do the same (sock_i_uid()). */
	if (conn->state == STATE_SYN_RECV || conn->state == STATE_TIME_WAIT ||
	        conn->timer == TIMER_TIMEWAIT ||
	        (conn->proto < PROTO_UNIX && !conn->inode && !conn->uid))
		conn->uid = UINT32_MAX;
	run->rows++;
	if (!run->query->row(run->query->context, conn))
		run->enough = true;
	return !run->enough;
}

void sock_end_ip(
        struct endpoint *end, uint8_t kind, const void *ip, uint16_t port, uint32_t ifindex)
{
	end->kind = kind;
	end->port = port;
	memcpy(end->ip, ip, kind == ADDR_IPV4 ? 4 : 16);
	if (kind == ADDR_IPV6 && end->ip[0] == 0xfe && (end->ip[1] & 0xc0) == 0x80)
		end->zone = ifindex;
}

void sock_unix_name(struct sock_run *run, struct str name)
{
	struct conn *conn = &run->conn;

	if (!name.len)
		return;
	if (name.ptr[0] == '\0') {
		buf_clear(&run->local);
		buf_char(&run->local, '@');
		buf_add(&run->local, name.ptr + 1, name.len - 1);
		name = buf_view(&run->local);
	} else if (name.ptr[name.len - 1] == '\0') {
		name.len--;
	}
	conn->path = name;
	sock_end_text(&conn->local, name);
}

void sock_packet_ends(struct sock_run *run, uint16_t ethertype, uint32_t ifindex)
{
	struct buf *out = &run->local;
	struct str name = STR("*");

	buf_clear(out);
	if (ethertype == ETH_P_ALL) {
		buf_char(out, '*');
	} else {
		buf_text(out, "0x");
		buf_hex(out, ethertype, 4);
	}
	buf_char(out, ':');
	if (ifindex) {
		if (!run->names)
			run->names = names_new(run->query->world);
		name = names_interface(run->names, ifindex);
	}
	if (name.ptr)
		buf_str(out, name);
	else
		buf_u64(out, ifindex);
	run->conn.ifindex = ifindex;
	sock_end_text(&run->conn.local, buf_view(out));
}

/* In the order of their numbers; one NUL between them. */
static const char netlink_names[] =
        "route\0unused\0usersock\0fw\0sock_diag\0nflog\0xfrm\0selinux\0iscsi\0"
        "audit\0fib_lookup\0connector\0netfilter\0ip6_fw\0dnrtmsg\0uevent\0"
        "generic\0\0scsitransport\0ecryptfs\0rdma\0crypto\0smc";

void sock_netlink_ends(struct sock_run *run, uint32_t protocol, uint32_t portid)
{
	struct str rest = STR(netlink_names), name;
	struct buf *out = &run->local;

	for (uint32_t i = 0; str_split(&rest, '\0', &name) && i < protocol; i++)
		name.len = 0;
	buf_clear(out);
	if (name.len)
		buf_str(out, name);
	else
		buf_u64(out, protocol);
	buf_char(out, '/');
	/* Only sockets with a port are in the kernel's list, but for its own; those have inodes too. */
	if (portid) {
		buf_u64(out, portid);
	} else {
		buf_text(out, "kernel");
		run->conn.inode = 0;
	}
	sock_end_text(&run->conn.local, buf_view(out));
}
