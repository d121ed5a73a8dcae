/* SPDX-License-Identifier: MIT */
/*
 * Made by hand because a run of conns on a busy server formats 50,000 addresses, and inet_ntop goes
 * through snprintf for each of their parts.
 *
 * What is read is what inet_pton reads (no octal, no missing parts, no zone), and what is written
 * is RFC 5952: the first of the longest runs of two or more zero groups is cut. Only v4-mapped
 * addresses get a dotted tail: glibc dots ::1.2.3.4 too, which RFC 4291 deprecates.
 */
#include "core/base/addr.h"

#include <string.h>

#define TEXT_MAX 46 /* INET6_ADDRSTRLEN */

static const uint8_t mapped_start[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool is_mapped(const uint8_t ip[16])
{
	return memcmp(ip, mapped_start, sizeof(mapped_start)) == 0;
}

/* A reciprocal in place of a division by ten: right for all of 0 to 65535. */
static char *put_decimal(char *at, uint32_t number)
{
	char digits[5];
	unsigned count = 0;

	do {
		uint32_t tenth = number * 52429 >> 19;

		digits[count++] = (char)('0' + (number - tenth * 10));
		number = tenth;
	} while (number);
	while (count)
		*at++ = digits[--count];
	return at;
}

static char *put_ipv4(char *at, const uint8_t ip[4])
{
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		at = put_decimal(at, ip[i]);
	}
	return at;
}

static char *put_group(char *at, uint32_t group)
{
	unsigned shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		*at++ = "0123456789abcdef"[group >> shift & 15];
		if (!shift)
			return at;
	}
}

static uint32_t group_at(const uint8_t ip[16], unsigned i)
{
	return (uint32_t)ip[2 * i] << 8 | ip[2 * i + 1];
}

/* The first of the longest runs of zero groups; a run of one is none. */
static unsigned longest_gap(const uint8_t ip[16], unsigned *len)
{
	unsigned best = 8;

	*len = 1;
	for (unsigned i = 0, run = 0; i < 8; i++) {
		run = group_at(ip, i) ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			best = i + 1 - run;
		}
	}
	return best;
}

static char *put_ipv6(char *at, const uint8_t ip[16])
{
	unsigned gap_len;
	unsigned gap = longest_gap(ip, &gap_len);

	if (is_mapped(ip)) {
		memcpy(at, "::ffff:", 7);
		return put_ipv4(at + 7, ip + 12);
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == gap) {
			*at++ = ':';
			i += gap_len - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = put_group(at, group_at(ip, i));
	}
	return at;
}

static char *put_ip(char *at, uint8_t kind, const uint8_t ip[16])
{
	return kind == ADDR_IPV4 ? put_ipv4(at, ip) : put_ipv6(at, ip);
}

static bool is_ip(uint8_t kind)
{
	return kind == ADDR_IPV4 || kind == ADDR_IPV6;
}

void addr_format(struct buf *out, uint8_t kind, const uint8_t ip[16])
{
	char text[TEXT_MAX];

	if (is_ip(kind))
		buf_add(out, text, (size_t)(put_ip(text, kind, ip) - text));
}

static void add_zone(struct buf *out, uint32_t zone,
        const char *(*zone_name)(void *context, uint32_t zone), void *context)
{
	const char *name = zone_name ? zone_name(context, zone) : NULL;

	buf_char(out, '%');
	if (name)
		buf_text(out, name);
	else
		buf_u64(out, zone);
}

void endpoint_format(struct buf *out, const struct endpoint *end,
        const char *(*zone_name)(void *context, uint32_t zone), void *context)
{
	bool bracket = end->kind == ADDR_IPV6 && !end->no_port;
	char text[TEXT_MAX + 8];
	char *at = text;

	if (end->kind == ADDR_TEXT)
		buf_str(out, end->text);
	if (!is_ip(end->kind))
		return;
	if (bracket)
		*at++ = '[';
	at = put_ip(at, end->kind, end->ip);
	if (end->zone) {
		buf_add(out, text, (size_t)(at - text));
		add_zone(out, end->zone, zone_name, context);
		at = text;
	}
	if (bracket)
		*at++ = ']';
	if (!end->no_port) {
		*at++ = ':';
		if (end->port)
			at = put_decimal(at, end->port);
		else
			*at++ = '*';
	}
	buf_add(out, text, (size_t)(at - text));
}

static bool parse_ipv4(struct str text, uint8_t ip[4])
{
	struct str rest = text;
	struct str part;
	unsigned parts = 0;

	while (str_split(&rest, '.', &part)) {
		uint64_t number;

		if (parts == 4 || part.len > 3 || (part.len > 1 && part.ptr[0] == '0') ||
		        !str_u64(part, &number) || number > 255)
			return false;
		ip[parts++] = (uint8_t)number;
	}
	return parts == 4;
}

/* Up to four hexadecimal digits at *at; how many there were. */
static size_t parse_group(struct str text, size_t at, uint8_t group[2])
{
	size_t len = 0;
	uint64_t number = 0;

	while (len < 4 && len < text.len - at &&
	        str_hex((struct str){ text.ptr + at, len + 1 }, &number))
		len++;
	group[0] = (uint8_t)(number >> 8);
	group[1] = (uint8_t)number;
	return len;
}

/* Moves what stands behind the "::" to the end. */
static bool close_gap(uint8_t ip[16], size_t count, size_t gap)
{
	if (gap > 16)
		return count == 16;
	if (count == 16)
		return false;
	memmove(ip + (16 - (count - gap)), ip + gap, count - gap);
	memset(ip + gap, 0, 16 - count);
	return true;
}

static bool parse_ipv6(struct str text, uint8_t ip[16])
{
	size_t count = 0;
	size_t gap = SIZE_MAX;
	size_t at = 0;

	if (str_starts(text, STR("::"))) {
		gap = 0;
		at = 2;
	}
	while (at < text.len) {
		uint8_t group[2];
		size_t len = parse_group(text, at, group);

		if (!len || count == 16)
			return false;
		if (at + len < text.len && text.ptr[at + len] == '.') {
			if (count > 12 ||
			        !parse_ipv4(
			                (struct str){ text.ptr + at, text.len - at }, ip + count))
				return false;
			count += 4;
			break;
		}
		memcpy(ip + count, group, sizeof(group));
		count += 2;
		at += len;
		if (at == text.len)
			break;
		if (text.ptr[at++] != ':' || at == text.len)
			return false;
		if (text.ptr[at] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = count;
			at++;
		}
	}
	return close_gap(ip, count, gap);
}

bool addr_parse(struct str text, uint8_t *kind, uint8_t ip[16])
{
	uint8_t parsed[16] = { 0 };
	bool dotted = parse_ipv4(text, parsed);

	if (!dotted && !parse_ipv6(text, parsed))
		return false;
	*kind = dotted ? ADDR_IPV4 : ADDR_IPV6;
	memcpy(ip, parsed, sizeof(parsed));
	return true;
}

/* The bits of byte @i that count when @bits of the whole do. */
static uint8_t byte_mask(unsigned bits, unsigned i)
{
	unsigned here = bits <= 8 * i ? 0 : bits - 8 * i;

	return (uint8_t)(0xff00U >> (here < 8 ? here : 8));
}

bool prefix_parse(struct str text, struct prefix *prefix)
{
	struct prefix parsed = { 0 };
	struct str rest = text;
	struct str address;
	uint64_t bits;

	if (!str_split(&rest, '/', &address) || !addr_parse(address, &parsed.kind, parsed.ip))
		return false;
	bits = parsed.kind == ADDR_IPV4 ? 32 : 128;
	parsed.bits = (uint8_t)bits;
	if (rest.ptr && (!str_u64(rest, &bits) || bits > parsed.bits))
		return false;
	parsed.bits = (uint8_t)bits;
	for (unsigned i = 0; i < 16; i++)
		parsed.ip[i] &= byte_mask(parsed.bits, i);
	*prefix = parsed;
	return true;
}

static void as_ipv6(uint8_t to[16], uint8_t kind, const uint8_t ip[16])
{
	if (kind == ADDR_IPV4) {
		memcpy(to, mapped_start, sizeof(mapped_start));
		memcpy(to + 12, ip, 4);
	} else {
		memcpy(to, ip, 16);
	}
}

/* All are compared as IPv6. But "::/0" says "any IPv6", so a prefix that is wider than the
 * v4-mapped range does not hold IPv4. */
bool prefix_holds(const struct prefix *prefix, uint8_t kind, const uint8_t ip[16])
{
	unsigned bits = prefix->bits + (prefix->kind == ADDR_IPV4 ? 96U : 0U);
	uint8_t inside[16], address[16];

	if (!is_ip(kind) || !is_ip(prefix->kind) || (kind == ADDR_IPV4 && bits < 96))
		return false;
	as_ipv6(inside, prefix->kind, prefix->ip);
	as_ipv6(address, kind, ip);
	for (unsigned i = 0; i < 16; i++) {
		if ((inside[i] ^ address[i]) & byte_mask(bits, i))
			return false;
	}
	return true;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

int endpoint_compare(const struct endpoint *a, const struct endpoint *b)
{
	int order = ORDER(a->kind, b->kind);

	if (order || a->kind == ADDR_NONE)
		return order;
	if (a->kind == ADDR_TEXT)
		return str_compare(a->text, b->text);
	order = memcmp(a->ip, b->ip, a->kind == ADDR_IPV4 ? 4 : 16);
	if (!order)
		order = ORDER(a->port, b->port);
	return order ? order : ORDER(a->zone, b->zone);
}
