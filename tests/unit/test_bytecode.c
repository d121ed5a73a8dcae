/* SPDX-License-Identifier: MIT */
/*
 * core/sys/sock_bytecode, run by a machine of our own that does what inet_diag_bc_audit and
 * inet_diag_bc_run of net/ipv4/inet_diag.c do. For random bounds and sockets the program must take
 * exactly what the bounds allow.
 */

#include "core/sys/sock_bytecode.h"

#include <linux/inet_diag.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

struct socket {
	uint8_t kind; /* of both ends */
	uint8_t ip[2][16];
	uint16_t port[2];
};

static size_t operation_size(const uint8_t *code, size_t left)
{
	struct inet_diag_hostcond cond;

	switch (code[0]) {
	case INET_DIAG_BC_JMP:
		return 4;
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
		return 8;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		assert_true(left >= 4 + sizeof(cond));
		memcpy(&cond, code + 4, sizeof(cond));
		assert_true(cond.family == AF_INET || cond.family == AF_INET6);
		assert_int_equal(cond.port, -1);
		assert_true(cond.prefix_len <= (cond.family == AF_INET ? 32 : 128));
		return 4 + sizeof(cond) + (cond.family == AF_INET ? 4 : 16);
	default:
		fail_msg("operation %u", code[0]);
		return 0;
	}
}

/* Is there an operation that begins where @left bytes are left? */
static bool begins(const uint8_t *code, size_t len, size_t left)
{
	struct inet_diag_bc_op op;

	for (size_t at = 0; at < len; at += op.yes) {
		if (len - at == left)
			return true;
		memcpy(&op, code + at, sizeof(op));
		assert_true(op.yes >= 4);
	}
	return left == 0;
}

static void audit(const uint8_t *code, size_t len)
{
	struct inet_diag_bc_op op;

	assert_true(len <= SOCK_BYTECODE_MAX);
	for (size_t at = 0; at < len; at += op.yes) {
		size_t left = len - at, size = operation_size(code + at, left);

		memcpy(&op, code + at, sizeof(op));
		assert_true(size <= left);
		assert_int_equal(op.yes, size);
		assert_true(op.no >= size && op.no <= left + 4 && op.no % 4 == 0);
		if (op.no < left)
			assert_true(begins(code, len, left - op.no));
	}
}

static bool match_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	for (unsigned i = 0; i < bits; i++) {
		if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	}
	return true;
}

static bool host(const uint8_t *args, uint8_t kind, const uint8_t ip[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *prefix = args + sizeof(struct inet_diag_hostcond);
	unsigned family = args[0], bits = args[1];

	if ((family == AF_INET) == (kind == ADDR_IPV4))
		return match_bits(ip, prefix, bits);
	return family == AF_INET && memcmp(ip, mapped, 12) == 0 &&
	        match_bits(ip + 12, prefix, bits);
}

static bool run(const uint8_t *code, size_t len, const struct socket *socket)
{
	ptrdiff_t left = (ptrdiff_t)len;

	while (left > 0) {
		struct inet_diag_bc_op op, args = { 0 };
		bool yes = false;

		memcpy(&op, code, sizeof(op));
		if (op.yes >= 8)
			memcpy(&args, code + 4, sizeof(args));
		if (op.code == INET_DIAG_BC_S_GE)
			yes = socket->port[0] >= args.no;
		else if (op.code == INET_DIAG_BC_S_LE)
			yes = socket->port[0] <= args.no;
		else if (op.code == INET_DIAG_BC_D_GE)
			yes = socket->port[1] >= args.no;
		else if (op.code == INET_DIAG_BC_D_LE)
			yes = socket->port[1] <= args.no;
		else if (op.code == INET_DIAG_BC_S_COND)
			yes = host(code + 4, socket->kind, socket->ip[0]);
		else if (op.code == INET_DIAG_BC_D_COND)
			yes = host(code + 4, socket->kind, socket->ip[1]);
		code += yes ? op.yes : op.no;
		left -= yes ? op.yes : op.no;
	}
	return left == 0;
}

/* What the bounds mean, said plainly. */

static bool bound_allows(const struct filter_bound *bound, const struct socket *socket, int end)
{
	return (!bound->has_prefix ||
	               prefix_holds(&bound->prefix, socket->kind, socket->ip[end])) &&
	        socket->port[end] >= bound->low && socket->port[end] <= bound->high;
}

static bool set_allows(
        const struct sock_bounds *set, const struct socket *socket, bool local, bool remote)
{
	for (size_t i = 0; i < set->count; i++) {
		if ((local && bound_allows(&set->list[i], socket, 0)) ||
		        (remote && bound_allows(&set->list[i], socket, 1)))
			return true;
	}
	return set->count == 0;
}

static bool allows(const struct sock_query *query, const struct socket *socket)
{
	return set_allows(&query->lport, socket, true, false) &&
	        set_allows(&query->rport, socket, false, true) &&
	        set_allows(&query->port, socket, true, true) &&
	        set_allows(&query->laddr, socket, true, false) &&
	        set_allows(&query->raddr, socket, false, true) &&
	        set_allows(&query->addr, socket, true, true);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

/* Few values, so that much matches. */
static const char *const addresses[] = { "10.0.0.1", "10.0.0.2", "10.1.0.1", "::ffff:10.0.0.1",
	"::ffff:10.1.0.1", "::1", "fe80::1", "2001:db8::1", "0.0.0.0", "::", "::ffff:0.0.0.0" };
static const char *const prefixes[] = { "10.0.0.0/8", "10.0.0.1", "10.0.0.0/31", "0.0.0.0/0",
	"::/0", "::/80", "::/96", "::ffff:0:0/96", "::ffff:10.0.0.0/104", "::ffff:10.0.0.1",
	"fe80::/10", "::1", "2001:db8::/33", "::ffff:0:0/95" };

static void random_set(struct sock_bounds *set, bool ports, bool addrs)
{
	memset(set, 0, sizeof(*set));
	if (dice(3))
		return;
	set->count = dice(4) ? 1 + dice(3) : 8;
	for (size_t i = 0; i < set->count; i++) {
		struct filter_bound *bound = &set->list[i];

		bound->low = ports && dice(4) ? dice(10) : 0;
		bound->high = !ports || !dice(4) ? UINT64_MAX
		        : dice(2)                ? bound->low
		                                 : bound->low + dice(8);
		bound->has_prefix = addrs && dice(5);
		assert_true(
		        prefix_parse(str_from(prefixes[dice(sizeof(prefixes) / sizeof(*prefixes))]),
		                &bound->prefix));
	}
}

static void random_socket(struct socket *socket)
{
	uint8_t kind;

	memset(socket, 0, sizeof(*socket));
	do {
		assert_true(
		        addr_parse(str_from(addresses[dice(11)]), &socket->kind, socket->ip[0]));
		assert_true(addr_parse(str_from(addresses[dice(11)]), &kind, socket->ip[1]));
	} while (kind != socket->kind);
	socket->port[0] = (uint16_t)dice(12);
	socket->port[1] = (uint16_t)dice(12);
}

static void test_random(void **state)
{
	static uint8_t code[SOCK_BYTECODE_MAX];
	unsigned taken = 0, refused = 0;

	for (int round = 0; round < 4000; round++) {
		struct sock_query query = { 0 };
		size_t len;

		random_set(&query.lport, true, false);
		random_set(&query.rport, true, false);
		random_set(&query.port, true, false);
		random_set(&query.laddr, true, true);
		random_set(&query.raddr, true, true);
		random_set(&query.addr, true, true);
		len = sock_bytecode(&query, code);
		assert_int_equal(len % 4, 0);
		audit(code, len);
		for (int i = 0; i < 30; i++) {
			struct socket socket;
			bool expected;

			random_socket(&socket);
			expected = allows(&query, &socket);
			assert_int_equal(run(code, len, &socket), expected);
			taken += expected;
			refused += !expected;
		}
	}
	assert_true(taken > 20000 && refused > 20000);
}

static void test_longest(void **state)
{
	static uint8_t code[SOCK_BYTECODE_MAX];
	struct sock_query query = { 0 };
	struct filter_bound bound = { .has_prefix = true, .low = 5, .high = 6 };
	struct sock_bounds set = { .count = 8 };

	assert_true(prefix_parse(STR("2001:db8::/32"), &bound.prefix));
	for (size_t i = 0; i < 8; i++)
		set.list[i] = bound;
	query.lport = query.rport = query.port = query.laddr = query.raddr = query.addr = set;
	audit(code, sock_bytecode(&query, code));
}

static void test_unsayable(void **state)
{
	static uint8_t code[SOCK_BYTECODE_MAX];
	struct sock_query query = { 0 };

	assert_int_equal(sock_bytecode(&query, code), 0);
	query.lport =
	        (struct sock_bounds){ .list = { { .low = 0, .high = UINT64_MAX } }, .count = 1 };
	assert_int_equal(sock_bytecode(&query, code), 0); /* any port */
	query.lport.list[0] = (struct filter_bound){ .low = 70000, .high = 70000 };
	assert_int_equal(sock_bytecode(&query, code), 0); /* no port; the filter will say so */
	query.lport.list[0] = (struct filter_bound){ .low = 65535, .high = 65535 };
	assert_int_equal(sock_bytecode(&query, code), 8);
	query.lport.list[0] = (struct filter_bound){ .low = 0, .high = 0 };
	assert_int_equal(sock_bytecode(&query, code), 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_unsayable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
