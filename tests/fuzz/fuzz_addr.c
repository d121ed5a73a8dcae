/* SPDX-License-Identifier: MIT */
/*
 * Any text as an address and as a prefix, against inet_pton; what was read is written and read again.
 * An input of 16 bytes is an address too, so that formatting meets every pattern of zeros.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_format(uint8_t kind, const uint8_t ip[16])
{
	static const uint8_t zero[12];
	char expected[INET6_ADDRSTRLEN];
	uint8_t back[16], back_kind;
	struct buf out = { 0 };

	inet_ntop(kind == ADDR_IPV4 ? AF_INET : AF_INET6, ip, expected, sizeof(expected));
	addr_format(&out, kind, ip);
	/* glibc dots ::1.2.3.4, which is not v4-mapped. */
	if (kind == ADDR_IPV4 || memcmp(ip, zero, 12) != 0 || !(ip[12] || ip[13]))
		must(strcmp(out.ptr, expected) == 0);
	must(addr_parse(buf_view(&out), &back_kind, back));
	must(back_kind == kind && memcmp(back, ip, kind == ADDR_IPV4 ? 4 : 16) == 0);
	buf_release(&out);
}

static void check_address(struct str text, const char *cstr)
{
	uint8_t kind = ADDR_NONE, ip[16] = { 0 };
	uint8_t expected[16] = { 0 };
	bool whole = strlen(cstr) == text.len;
	bool dotted = whole && inet_pton(AF_INET, cstr, expected) == 1;
	bool good = dotted || (whole && inet_pton(AF_INET6, cstr, expected) == 1);

	must(addr_parse(text, &kind, ip) == good);
	if (!good)
		return;
	must(kind == (dotted ? ADDR_IPV4 : ADDR_IPV6));
	must(memcmp(ip, expected, 16) == 0);
	check_format(kind, ip);
}

/* Bit by bit, which is slow and obvious. */
static bool slow_holds(const struct prefix *prefix, const uint8_t ip[16])
{
	for (unsigned bit = 0; bit < prefix->bits; bit++) {
		unsigned mask = 0x80U >> bit % 8;

		if ((prefix->ip[bit / 8] ^ ip[bit / 8]) & mask)
			return false;
	}
	return true;
}

static void check_prefix(struct str text)
{
	struct prefix prefix, again;
	struct buf out = { 0 };
	uint8_t ip[16];
	unsigned top;

	if (!prefix_parse(text, &prefix))
		return;
	top = prefix.kind == ADDR_IPV4 ? 32 : 128;
	must(prefix.bits <= top);
	must(prefix_holds(&prefix, prefix.kind, prefix.ip));
	for (unsigned bit = 0; bit < top; bit++) {
		memcpy(ip, prefix.ip, 16);
		ip[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
		must(prefix_holds(&prefix, prefix.kind, ip) == slow_holds(&prefix, ip));
		must(slow_holds(&prefix, ip) == (bit >= prefix.bits));
	}
	addr_format(&out, prefix.kind, prefix.ip);
	buf_format(&out, "/%u", (unsigned)prefix.bits);
	must(prefix_parse(buf_view(&out), &again));
	must(again.kind == prefix.kind && again.bits == prefix.bits);
	must(memcmp(again.ip, prefix.ip, 16) == 0);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	char cstr[128];

	if (size >= sizeof(cstr))
		return 0;
	if (size)
		memcpy(cstr, data, size);
	cstr[size] = '\0';
	check_address(text, cstr);
	check_prefix(text);
	if (size == 16) {
		check_format(ADDR_IPV4, data);
		check_format(ADDR_IPV6, data);
	}
	return 0;
}
