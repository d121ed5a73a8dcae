/* SPDX-License-Identifier: MIT */
/*
 * An address is printed as the number that its four bytes are to this processor ("%08X" of a
 * __be32): 127.0.0.1 is 0100007F on a little-endian machine and 7F000001 on the others. So the
 * number is put back into memory as it came out.
 *
 * The form of a line is a text with a letter a field, read by one function; everything must be
 * there and nothing else be between:
 *
 *	2 4 8	so many hexadecimal digits, one value
 *	x	hexadecimal digits, as many as there are
 *	d	decimal, 64 bits
 *	u	decimal, 32 bits
 *	p	a kernel pointer, no value
 *	blank	one or more
 *	:	itself
 */
#include "core/sys/sock_procfs_parse.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/sys/conn.h"

#define VALUES_MAX 20

struct scan {
	const char *at, *end;
	uint64_t values[VALUES_MAX];
};

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* At least @least and at most @most digits, no more than @max. Division would be the obvious guard
 * against overflow, and take longer than all the rest. */
static bool number(
        struct scan *s, unsigned base, unsigned least, unsigned most, uint64_t max, uint64_t *out)
{
	uint64_t sum = 0;
	unsigned count = 0;
	unsigned value;

	for (; count < most && s->at < s->end && (value = digit(*s->at)) < base; count++) {
		if (__builtin_mul_overflow(sum, base, &sum) ||
		        __builtin_add_overflow(sum, value, &sum))
			return false;
		s->at++;
	}
	*out = sum;
	return count >= least && sum <= max;
}

/* "%pK": 8 or 16 hexadecimal digits, or as many bytes of "(____ptrval____)" while the kernel has no
 * random numbers yet. */
static bool pointer(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && (digit(*s->at) < 16 || memchr("()_ptrvl", *s->at, 8)))
		s->at++;
	return s->at - start == 8 || s->at - start == 16;
}

static void blanks(struct scan *s)
{
	while (s->at < s->end && *s->at == ' ')
		s->at++;
}

static bool scan_form(struct scan *s, const char *form)
{
	uint64_t *value = s->values;
	bool good = true;

	for (; *form && good; form++) {
		unsigned width = digit(*form);

		if (*form == 'p') {
			good = pointer(s);
		} else if (*form == 'd' || *form == 'u') {
			good = number(
			        s, 10, 1, 20, *form == 'd' ? UINT64_MAX : UINT32_MAX, value++);
		} else if (*form == 'x') {
			good = number(s, 16, 1, 16, UINT64_MAX, value++);
		} else if (width < 10) {
			good = number(s, 16, width, width, UINT64_MAX, value++);
		} else {
			good = s->at < s->end && *s->at++ == *form;
			if (*form == ' ')
				blanks(s);
		}
	}
	return good;
}

static bool at_end(struct scan *s)
{
	blanks(s);
	return s->at == s->end;
}

/* The front of the line has this form, and a blank or nothing is behind it. */
static bool scan_line(struct scan *s, struct str line, const char *form)
{
	s->at = line.ptr;
	s->end = line.ptr + line.len;
	return scan_form(s, form) && (s->at == s->end || *s->at == ' ');
}

static bool wanted(uint32_t states, uint64_t state)
{
	return state < 32 && states >> state & 1;
}

static uint16_t take_address(const uint64_t **value, bool ipv6, uint8_t *ip)
{
	for (unsigned i = 0; i < (ipv6 ? 16 : 4); i += 4) {
		uint32_t word = (uint32_t)*(*value)++;

		memcpy(ip + i, &word, sizeof(word));
	}
	return (uint16_t)*(*value)++;
}

#define INET_REST " 2 8:8 2:x 8 u d d d p"

/* "sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode ref pointer ...". The
 * state first: the rest is not read where nobody wants it. */
enum procnet procnet_inet(struct str line, bool ipv6, uint32_t states, struct procnet_inet *out)
{
	const char *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;
	const size_t state_at = ipv6 ? 77 : 29; /* behind the colon */
	const uint64_t *value;
	struct scan s;

	if (!colon)
		return PROCNET_BAD;
	line = (struct str){ colon, line.len - (size_t)(colon - line.ptr) };
	if (line.len < state_at)
		return PROCNET_BAD;
	if (!scan_line(&s, (struct str){ colon + state_at, line.len - state_at }, " 2") ||
	        !s.values[0])
		return PROCNET_BAD;
	if (!wanted(states, s.values[0]))
		return PROCNET_SKIP;
	if (!scan_line(&s, line, ipv6 ? ": 8888:4 8888:4" INET_REST : ": 8:4 8:4" INET_REST))
		return PROCNET_BAD;
	value = s.values;
	*out = (struct procnet_inet){ .drops = UINT64_MAX };
	out->lport = take_address(&value, ipv6, out->local);
	out->rport = take_address(&value, ipv6, out->remote);
	out->state = (uint8_t)value[0];
	out->txq = (uint32_t)value[1];
	out->rxq = (uint32_t)value[2];
	out->timer = (uint8_t)value[3];
	out->when = value[4];
	out->uid = (uint32_t)value[6];
	out->inode = value[8];
	/* Only datagram sockets have a single number behind the pointer. */
	if (scan_form(&s, " d") && at_end(&s))
		out->drops = s.values[0];
	return PROCNET_ROW;
}

#define UNIX_LISTENS 0x10000 /* __SO_ACCEPTCON, include/linux/net.h */
#define SS_CONNECTED 3       /* include/uapi/linux/net.h */

/* "pointer: references protocol flags type st inode[ path]". Without inode: an end that nobody has
 * accepted yet, which unix_diag does not list either. */
enum procnet procnet_unix(struct str line, uint32_t states, struct procnet_unix *out)
{
	uint8_t state = STATE_UNCONN;
	struct scan s;

	if (!scan_line(&s, line, "p: 8 8 8 4 2 d"))
		return PROCNET_BAD;
	if (s.values[2] & UNIX_LISTENS)
		state = STATE_LISTEN;
	else if (s.values[4] == SS_CONNECTED)
		state = STATE_ESTABLISHED;
	if (!s.values[5] || !wanted(states, state))
		return PROCNET_SKIP;
	*out = (struct procnet_unix){ state, s.values[5], STR_NONE };
	if (s.at < s.end)
		out->path = (struct str){ s.at + 1, (size_t)(s.end - s.at) - 1 };
	return PROCNET_ROW;
}

#define NONE (VALUES_MAX - 1)

/* @places: which value is which member, in their order. */
static enum procnet other(
        struct str line, const char *form, const uint8_t places[7], struct procnet_other *out)
{
	uint64_t members[7];
	struct scan s;

	if (!scan_line(&s, line, form) || !at_end(&s))
		return PROCNET_BAD;
	s.values[NONE] = UINT64_MAX;
	for (size_t i = 0; i < ARRAY_COUNT(members); i++)
		members[i] = s.values[places[i]];
	*out = (struct procnet_other){
		.protocol = (uint32_t)members[0],
		.port = (uint32_t)members[1],
		.rxq = (uint32_t)members[2],
		.txq = (uint32_t)members[3],
		.uid = (uint32_t)members[4],
		.drops = members[5],
		.inode = members[6],
	};
	return PROCNET_ROW;
}

/* "pointer references type protocol interface running memory uid inode" */
enum procnet procnet_packet(struct str line, struct procnet_other *out)
{
	static const uint8_t places[] = { 2, 3, 5, NONE, 6, NONE, 7 };

	return other(line, "p d d 4 u d u u d", places, out);
}

/* "pointer protocol port groups rmem wmem dump references drops inode" */
enum procnet procnet_netlink(struct str line, struct procnet_other *out)
{
	static const uint8_t places[] = { 0, 1, 3, 4, NONE, 7, 8 };

	return other(line, "p u u 8 u u d d d d", places, out);
}
