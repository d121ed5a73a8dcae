/* SPDX-License-Identifier: MIT */
/*
 * What is to be asked.
 *
 * The plan needs no knowledge of the filter's language: it asks the filter about rows of which only
 * protocol, family and state are known, and what is false for them already is not asked for. So
 * "state:listen" spares the walk over all connections, and "-a not proto:unix" the UNIX dump.
 */
#include <string.h>

#include "core/base/mem.h"
#include "core/sys/sock.h"

#define BIT(n)           (1u << (n))
#define STATES_LISTENING BIT(STATE_LISTEN)
#define STATES_ALL       (BIT(STATE_BOUND_INACTIVE) - BIT(STATE_ESTABLISHED))
#define PROTOS_DEFAULT   (BIT(PROTO_TCP) | BIT(PROTO_MPTCP) | BIT(PROTO_UDP) | BIT(PROTO_UDPLITE))
#define PROTOS_ALL       (BIT(PROTO_COUNT) - BIT(PROTO_TCP))

#define COLUMNS_KNOWN "proto,state,family"

/* Of a list of names. */
static struct column_set columns_of(const char *names)
{
	struct column_set set = { { 0 } }, one;
	struct str rest = str_from(names), name;

	while (str_split(&rest, ',', &name)) {
		schema_resolve(&conn_schema, name, &one);
		for (size_t i = 0; i < ARRAY_COUNT(set.bits); i++)
			set.bits[i] |= one.bits[i];
	}
	return set;
}

/* Does the filter speak of any of these? */
static bool mentions(const struct filter *filter, const char *names)
{
	struct column_set a = columns_of(names), b;
	uint64_t common = 0;

	if (!filter)
		return false;
	b = filter_columns(filter, true);
	for (size_t i = 0; i < ARRAY_COUNT(a.bits); i++)
		common |= a.bits[i] & b.bits[i];
	return common != 0;
}

/* TCP's unconnected sockets do not listen; those of other protocols are bound and take what comes. */
static uint32_t listening(enum conn_proto proto)
{
	bool connects = proto == PROTO_TCP || proto == PROTO_MPTCP || proto == PROTO_SCTP;

	return connects ? STATES_LISTENING : STATES_LISTENING | BIT(STATE_UNCONN);
}

/* Takes out of @states what cannot pass the filter. */
static uint32_t passing(const struct filter *filter, const struct column_set *known,
        enum conn_proto proto, uint8_t family, uint32_t states)
{
	struct conn conn;

	if (!filter)
		return states;
	conn_clear(&conn);
	conn.proto = (uint8_t)proto;
	conn.family = family;
	for (unsigned state = STATE_ESTABLISHED; state <= STATE_BOUND_INACTIVE; state++) {
		conn.state = (uint8_t)state;
		if (states & BIT(state) && filter_test(filter, &conn, known) == TRUTH_FALSE)
			states &= ~BIT(state);
	}
	return states;
}

static void plan_bound(struct sock_bounds *bounds, const struct filter *filter, const char *name,
        const char *or_name)
{
	struct column_set columns = columns_of(name);

	bounds->count = 0;
	if (!filter)
		return;
	bounds->count = filter_bounds(filter, &columns, bounds->list, ARRAY_COUNT(bounds->list));
	if (bounds->count || !or_name)
		return;
	columns = columns_of(or_name);
	bounds->count = filter_bounds(filter, &columns, bounds->list, ARRAY_COUNT(bounds->list));
}

static void plan_bounds(struct sock_query *query, const struct filter *filter)
{
	plan_bound(&query->lport, filter, "lport", NULL);
	plan_bound(&query->rport, filter, "rport", NULL);
	plan_bound(&query->port, filter, "port", NULL);
	plan_bound(&query->laddr, filter, "laddr", "local");
	plan_bound(&query->raddr, filter, "raddr", "remote");
	plan_bound(&query->addr, filter, "addr", NULL);
}

/* Which protocols: letters, else those that the filter speaks of, else TCP and UDP. */
static uint32_t chosen(const struct sock_selection *selection, const struct filter *filter)
{
	if (selection->protos)
		return selection->protos;
	return selection->all || mentions(filter, COLUMNS_KNOWN ",path") ? PROTOS_ALL
	                                                                 : PROTOS_DEFAULT;
}

/* The family of a protocol's slot, 0 where it has no second one. */
static uint8_t family_of(enum conn_proto proto, unsigned slot)
{
	_Static_assert(PROTO_VSOCK - PROTO_UNIX == FAMILY_VSOCK - FAMILY_UNIX, "same order");
	if (proto < PROTO_UNIX)
		return slot ? FAMILY_INET6 : FAMILY_INET;
	return slot ? 0 : (uint8_t)(FAMILY_UNIX + (proto - PROTO_UNIX));
}

/* -4 and -6 say which IP, and leave out what is no IP unless a letter asks for it. */
static bool left_out(const struct sock_selection *selection, enum conn_proto proto, unsigned slot)
{
	if (!selection->ipv4 && !selection->ipv6)
		return false;
	if (proto >= PROTO_UNIX)
		return !selection->protos;
	return !(slot ? selection->ipv6 : selection->ipv4);
}

void sock_plan(struct sock_query *query, const struct sock_selection *selection,
        const struct filter *filter)
{
	struct column_set known = columns_of(COLUMNS_KNOWN);
	uint32_t selected = chosen(selection, filter), states = STATES_ALL;

	if (selection->all || mentions(filter, "state"))
		states |= BIT(STATE_BOUND_INACTIVE);
	memset(query->states, 0, sizeof(query->states));
	for (enum conn_proto proto = PROTO_TCP; proto < PROTO_COUNT; proto++) {
		for (unsigned slot = 0; slot < 2; slot++) {
			uint8_t family = family_of(proto, slot);
			if (!family || !(selected & BIT(proto)) || left_out(selection, proto, slot))
				continue;
			query->states[proto][slot] = passing(filter, &known, proto, family,
			        selection->listening ? listening(proto) : states);
		}
	}
	if (CONFIG_PUSHDOWN)
		plan_bounds(query, filter);
	query->filter = filter;
}
