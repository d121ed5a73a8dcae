/* SPDX-License-Identifier: MIT */
/*
 * TCP and its relatives by inet_diag (include/uapi/linux/inet_diag.h).
 *
 * The old request TCPDIAG_GETSOCK names no family, so one walk over the kernel's table, which is most
 * of the cost, serves IPv4 and IPv6. It exists for TCP only; the others take a dump a family.
 * What the filter can say of ports and addresses goes along as a program (sock_bytecode.h). A kernel
 * that refuses the program is asked again without.
 */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/sys/sock_bytecode.h"
#include "core/sys/sock_diag.h"
#include "core/sys/sock_tcpinfo.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define EXT(number)   (1u << ((number) - 1))
#define ULP_INFO_NAME 1

/* The kernel's numbers; 0: it has no diag. The protocols stand in an order that says more: those up to
 * MPTCP have TCP's timers, and to those up to UDP-Lite a program may be given, because it sees the ports
 * and addresses that the row will show. */
static const uint16_t numbers[PROTO_UNIX] = {
	[PROTO_TCP] = IPPROTO_TCP,
	[PROTO_MPTCP] = IPPROTO_MPTCP,
	[PROTO_UDP] = IPPROTO_UDP,
	[PROTO_UDPLITE] = IPPROTO_UDPLITE,
	[PROTO_RAW] = IPPROTO_RAW,
	[PROTO_SCTP] = IPPROTO_SCTP,
};

/* An association has SCTP's own states (include/net/sctp/constants.h) and always a remote port; an
 * endpoint has TCP's. */
static uint8_t sctp_state(const struct inet_diag_msg *msg)
{
	static const uint8_t states[] = { STATE_UNCONN, STATE_SYN_SENT, STATE_SYN_SENT,
		STATE_ESTABLISHED, STATE_FIN_WAIT_1, STATE_FIN_WAIT_2, STATE_CLOSE_WAIT,
		STATE_LAST_ACK };

	if (!msg->id.idiag_dport)
		return msg->idiag_state;
	return msg->idiag_state < ARRAY_COUNT(states) ? states[msg->idiag_state] : 0;
}

/* TCP's bound sockets come only when BOUND_INACTIVE is asked for, and then call themselves closed. */
static uint8_t state_of(enum conn_proto proto, const struct inet_diag_msg *msg)
{
	if (proto == PROTO_SCTP)
		return sctp_state(msg);
	if (proto == PROTO_TCP && msg->idiag_state == STATE_UNCONN)
		return STATE_BOUND_INACTIVE;
	return msg->idiag_state;
}

static void timer(struct conn *conn, const struct inet_diag_msg *msg)
{
	if (msg->idiag_timer >= TIMER_PERSIST)
		return;
	conn->timer = (uint8_t)(msg->idiag_timer + 1);
	if (conn->timer != TIMER_OFF)
		conn->timeout = msg->idiag_expires * NS_PER_MSEC;
}

static struct str text_of(const struct cursor *body)
{
	const char *bytes = (const char *)body->at;

	return (struct str){ bytes, strnlen(bytes, cursor_left(body)) };
}

static void ulp(struct conn *conn, const struct cursor *nested)
{
	struct cursor rest = *nested;
	struct netlink_attr attr;

	while (netlink_attr_next(&rest, &attr)) {
		if (attr.type == ULP_INFO_NAME && str_equal(text_of(&attr.body), STR("mptcp")))
			conn->subflow = 1;
	}
}

static void info(struct sock_run *run, const struct cursor *body)
{
	struct conn *conn = &run->conn;

	if (!conn->tcp)
		return;
	if (conn->proto == PROTO_TCP)
		sock_tcpinfo(conn->tcp, body, conn->state, &run->opts);
	else if (conn->proto == PROTO_MPTCP && conn->state != STATE_LISTEN)
		sock_mptcpinfo(conn->tcp, body);
}

/* All have at least a byte. */
static void attribute(struct sock_run *run, uint16_t type, const struct cursor *body)
{
	struct conn *conn = &run->conn;
	struct cursor rest = *body;
	uint8_t byte = cursor_u8(&rest);

	switch (type) {
	case INET_DIAG_INFO:
		info(run, body);
		break;
	case INET_DIAG_CONG:
		if (conn->tcp)
			conn->tcp->cc = text_of(body);
		break;
	case INET_DIAG_TCLASS:
		/* An IPv4 connection of an IPv6 socket uses the IPv4 value, which came before. */
		if (!prefix_holds(&(struct prefix){ .kind = ADDR_IPV4 }, conn->remote.kind,
		            conn->remote.ip))
			conn->tos = byte;
		break;
	case INET_DIAG_TOS:
		conn->tos = byte;
		break;
	case INET_DIAG_SKMEMINFO:
		diag_meminfo(run, body, false);
		break;
	case INET_DIAG_SKV6ONLY:
		conn->v6only = byte != 0;
		break;
	case INET_DIAG_MARK:
		rest = *body;
		if (cursor_left(&rest) >= 4)
			conn->mark = cursor_u32(&rest);
		break;
	case INET_DIAG_ULP_INFO:
		ulp(conn, body);
		break;
	default:
		break;
	}
}

static void end(struct endpoint *end, bool ipv6, const void *ip, uint16_t port_be, uint32_t ifindex)
{
	sock_end_ip(end, ipv6 ? ADDR_IPV6 : ADDR_IPV4, ip, ntohs(port_be), ifindex);
}

bool diag_inet_message(void *context, uint16_t type, struct cursor body)
{
	const struct diag_dump *dump = context;
	struct sock_run *run = dump->run;
	struct conn *conn = &run->conn;
	struct inet_diag_msg msg;
	struct netlink_attr attr;
	bool ipv6;

	(void)type;
	if (!cursor_copy(&body, &msg, sizeof(msg)))
		return true;
	ipv6 = msg.idiag_family == AF_INET6;
	if (!ipv6 && msg.idiag_family != AF_INET)
		return true;
	sock_begin(run, dump->proto, ipv6 ? FAMILY_INET6 : FAMILY_INET);
	conn->state = state_of(dump->proto, &msg);
	end(&conn->local, ipv6, msg.id.idiag_src, msg.id.idiag_sport, msg.id.idiag_if);
	end(&conn->remote, ipv6, msg.id.idiag_dst, msg.id.idiag_dport, msg.id.idiag_if);
	conn->ifindex = msg.id.idiag_if;
	conn->cookie = diag_cookie(msg.id.idiag_cookie);
	conn->inode = msg.idiag_inode;
	conn->uid = msg.idiag_uid;
	sock_queues(conn, msg.idiag_rqueue, msg.idiag_wqueue);
	if (dump->proto <= PROTO_MPTCP)
		timer(conn, &msg);
	while (netlink_attr_next(&body, &attr)) {
		if (cursor_left(&attr.body))
			attribute(run, attr.type, &attr.body);
	}
	/* What a TCP socket carries is told to those only who are told the mark, before Linux 6.15. */
	if (dump->proto == PROTO_TCP && conn->subflow > 1 && conn->mark != UINT64_MAX)
		conn->subflow = 0;
	return sock_row(run);
}

/* Who has no such thing tells nothing of it. */
static uint8_t extensions(uint32_t needs)
{
	uint32_t ext = 0;

	if (needs & NEED_TCPINFO)
		ext |= EXT(INET_DIAG_INFO);
	if (needs & NEED_CC)
		ext |= EXT(INET_DIAG_CONG);
	if (needs & NEED_MEMORY)
		ext |= EXT(INET_DIAG_SKMEMINFO);
	if (needs & NEED_TOS)
		ext |= EXT(INET_DIAG_TOS) | EXT(INET_DIAG_TCLASS);
	return (uint8_t)ext;
}

static void add_attribute(struct buf *request, uint16_t type, const void *bytes, size_t len)
{
	struct nlattr attr = { (uint16_t)(NLA_HDRLEN + len), type };

	buf_add(request, &attr, sizeof(attr));
	buf_add(request, bytes, len);
}

/* The request for the slots; both at once is the old one. */
static uint16_t make_request(
        struct sock_run *run, enum conn_proto proto, unsigned slots, struct buf *request)
{
	uint8_t ext = extensions(run->query->needs);
	uint32_t number = numbers[proto], states = 0;
	struct inet_diag_req_v2 one = { .sdiag_family = slots & 1 ? AF_INET : AF_INET6,
		.sdiag_protocol = (uint8_t)number,
		.idiag_ext = ext };
	struct inet_diag_req both = { .idiag_ext = ext };

	if (slots & 1)
		states = sock_states(run, proto, 0);
	if (slots & 2)
		states |= sock_states(run, proto, 1);
	/* SCTP's associations are in states of their own. */
	if (proto == PROTO_SCTP)
		states = UINT32_MAX;
	one.idiag_states = both.idiag_states = states;
	if (slots == 3) {
		buf_add(request, &both, sizeof(both));
		return TCPDIAG_GETSOCK;
	}
	/* MPTCP's number does not fit; a kernel that does not know the attribute must not answer with TCP. */
	if (number > UINT8_MAX)
		one.sdiag_protocol = 0;
	buf_add(request, &one, sizeof(one));
	if (number > UINT8_MAX)
		add_attribute(request, INET_DIAG_REQ_PROTOCOL, &number, sizeof(number));
	return SOCK_DIAG_BY_FAMILY;
}

static int ask(struct sock_run *run, enum conn_proto proto, unsigned asked, unsigned *slots)
{
	struct buf request = { 0 };
	uint8_t program[SOCK_BYTECODE_MAX];
	uint16_t type = make_request(run, proto, asked, &request);
	size_t plain = request.len, len = 0;
	int error;

	if (CONFIG_PUSHDOWN && proto <= PROTO_UDPLITE)
		len = sock_bytecode(run->query, program);
	if (len)
		add_attribute(&request, INET_DIAG_REQ_BYTECODE, program, len);
	error = diag_ask(run, proto, type, &request, asked, slots);
	if (error == -EINVAL && len) {
		request.len = plain;
		error = diag_ask(run, proto, type, &request, asked, slots);
	}
	buf_release(&request);
	return error;
}

int diag_inet_collect(struct sock_run *run, enum conn_proto proto, unsigned *slots)
{
	int error = 0, result;

	if (!numbers[proto])
		return -EPROTONOSUPPORT;
	if (proto == PROTO_TCP && (*slots == 3 || run->query->world->replay))
		error = ask(run, proto, 3, slots);
	for (unsigned slot = 1; slot <= 2; slot++) {
		result = *slots & slot ? ask(run, proto, slot, slots) : 0;
		if (result)
			error = result;
	}
	return error;
}
