/* SPDX-License-Identifier: MIT */
/*
 * Every operation tests one thing and jumps forward: by "yes" to the next one, by "no" elsewhere. A
 * socket is taken when the end is reached exactly, and refused by a jump 4 bytes beyond it.
 *
 * Bounds are an AND of sets, a set is an OR of alternatives, an alternative is an address prefix and
 * a range of ports on one side. Each alternative fails into the next one and the last one into
 * refusal; each but the last ends with a jump behind its set.
 *
 * A set that the machine cannot say is left out: fewer restrictions bring more rows, and the filter
 * runs again on them.
 */
#include "core/sys/sock_bytecode.h"

#include <assert.h>
#include <linux/inet_diag.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"

#define REFUSE   0xffff
#define PORT_MAX 0xffff

enum side {
	LOCAL = 1,
	REMOTE = 2
};

struct program {
	uint8_t *code;
	size_t len;
};

/* "no" holds the place to go to until all places are known. */
static void emit(
        struct program *program, uint8_t code, size_t no, const void *args, size_t args_len)
{
	struct inet_diag_bc_op op = { code, (uint8_t)(sizeof(op) + args_len), (uint16_t)no };

	assert(program->len + sizeof(op) + args_len <= SOCK_BYTECODE_MAX);
	memcpy(program->code + program->len, &op, sizeof(op));
	if (args_len)
		memcpy(program->code + program->len + sizeof(op), args, args_len);
	program->len += sizeof(op) + args_len;
}

/* What an address test is for the kernel: prefix_holds() lets an IPv6 prefix of mapped addresses hold
 * IPv4, but a shorter one not; the kernel lets an IPv4 prefix hold mapped addresses. */
static struct prefix kernel_prefix(const struct prefix *prefix)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct prefix out = *prefix;

	if (out.kind == ADDR_IPV6 && out.bits >= 96 &&
	        memcmp(out.ip, mapped, sizeof(mapped)) == 0) {
		out.kind = ADDR_IPV4;
		out.bits = (uint8_t)(out.bits - 96);
		memmove(out.ip, out.ip + 12, 4);
	}
	return out;
}

static size_t prefix_args(const struct prefix *bound, uint8_t args[24])
{
	struct prefix prefix = kernel_prefix(bound);
	size_t len = prefix.kind == ADDR_IPV4 ? 4 : 16;
	struct inet_diag_hostcond cond = { .family = prefix.kind == ADDR_IPV4 ? AF_INET : AF_INET6,
		.prefix_len = prefix.bits,
		.port = -1 };

	memcpy(args, &cond, sizeof(cond));
	memcpy(args + sizeof(cond), prefix.ip, len);
	return sizeof(cond) + len;
}

/* Writes the tests, or with @program NULL only tells how long they are. */
static size_t alternative(
        struct program *program, const struct filter_bound *bound, enum side side, size_t no)
{
	bool local = side == LOCAL;
	uint8_t args[24];
	size_t len = 0, args_len;
	/* A port is the "no" of an operation of its own that is never run. */
	struct inet_diag_bc_op port = { 0 };

	if (bound->has_prefix) {
		args_len = prefix_args(&bound->prefix, args);
		len += sizeof(port) + args_len;
		if (program)
			emit(program, local ? INET_DIAG_BC_S_COND : INET_DIAG_BC_D_COND, no, args,
			        args_len);
	}
	if (bound->low > 0) {
		port.no = (uint16_t)bound->low;
		len += 2 * sizeof(port);
		if (program)
			emit(program, local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE, no, &port,
			        sizeof(port));
	}
	if (bound->high < PORT_MAX) {
		port.no = (uint16_t)bound->high;
		len += 2 * sizeof(port);
		if (program)
			emit(program, local ? INET_DIAG_BC_S_LE : INET_DIAG_BC_D_LE, no, &port,
			        sizeof(port));
	}
	return len;
}

/* How long the set will be, jumps included; 0: it cannot be said, or says nothing. */
static size_t set_length(const struct sock_bounds *set, unsigned sides)
{
	size_t total = 0;

	for (size_t i = 0; i < set->count; i++) {
		size_t len = alternative(NULL, &set->list[i], LOCAL, 0);

		if (!len || set->list[i].low > PORT_MAX)
			return 0;
		total += (len + sizeof(struct inet_diag_bc_op)) *
		        (sides == (LOCAL | REMOTE) ? 2 : 1);
	}
	return total ? total - sizeof(struct inet_diag_bc_op) : 0;
}

static void add_set(struct program *program, const struct sock_bounds *set, unsigned sides)
{
	size_t len = set_length(set, sides), end = program->len + len;

	if (!len)
		return;
	for (size_t i = 0; i < set->count; i++) {
		for (unsigned side = LOCAL; side <= REMOTE; side <<= 1) {
			size_t next;

			if (!(sides & side))
				continue;
			next = program->len + alternative(NULL, &set->list[i], side, 0);
			if (next == end) {
				alternative(program, &set->list[i], side, REFUSE);
				return;
			}
			alternative(program, &set->list[i], side,
			        next + sizeof(struct inet_diag_bc_op));
			emit(program, INET_DIAG_BC_JMP, end, NULL, 0);
		}
	}
}

/* From places to distances. */
static void link_jumps(struct program *program)
{
	struct inet_diag_bc_op op;

	for (size_t at = 0; at < program->len; at += op.yes) {
		memcpy(&op, program->code + at, sizeof(op));
		op.no = (uint16_t)((op.no == REFUSE ? program->len + 4 : op.no) - at);
		memcpy(program->code + at, &op, sizeof(op));
	}
}

size_t sock_bytecode(const struct sock_query *query, uint8_t code[SOCK_BYTECODE_MAX])
{
	const struct {
		const struct sock_bounds *set;
		unsigned sides;
	} sets[] = {
		{ &query->lport, LOCAL },
		{ &query->rport, REMOTE },
		{ &query->port, LOCAL | REMOTE },
		{ &query->laddr, LOCAL },
		{ &query->raddr, REMOTE },
		{ &query->addr, LOCAL | REMOTE },
	};
	struct program program = { code, 0 };

	for (size_t i = 0; i < ARRAY_COUNT(sets); i++)
		add_set(&program, sets[i].set, sets[i].sides);
	link_jumps(&program);
	return program.len;
}
