/* SPDX-License-Identifier: MIT */
/*
 * Addresses: IPv4, IPv6 and, where a socket has none of these, the text that names its end (a UNIX
 * path, a netlink group, an interface).
 */
#ifndef SOCKBOX_BASE_ADDR_H
#define SOCKBOX_BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/str.h"

enum addr_kind {
	ADDR_NONE = 0, /* unknown */
	ADDR_IPV4,     /* bytes 0-3 of ip */
	ADDR_IPV6,
	ADDR_TEXT, /* text; no port */
};

/** One end of a connection. For IP kinds port 0 means "any" and is shown as '*'. */
struct endpoint {
	uint8_t kind;  /* enum addr_kind */
	bool no_port;  /* a protocol without ports (ping, raw): only the address is shown */
	uint16_t port; /* host order */
	uint32_t zone; /* interface index of a link-local IPv6 address, 0 without */
	union {
		uint8_t ip[16]; /* network order */
		struct str text;
	};
};

/** An address with how many of its leading bits count. */
struct prefix {
	uint8_t kind; /* ADDR_IPV4 or ADDR_IPV6 */
	uint8_t bits;
	uint8_t ip[16];
};

/** "10.0.0.1" or "fe80::1" (RFC 5952; v4-mapped as ::ffff:1.2.3.4) without zone and port. */
void addr_format(struct buf *out, uint8_t kind, const uint8_t ip[16]);

/**
 * "1.2.3.4:22", "[fe80::1%eth0]:22", a text as it is. @zone_name names an interface index (may be
 * NULL: the number is shown). For IP with no_port only the address.
 */
void endpoint_format(struct buf *out, const struct endpoint *end,
        const char *(*zone_name)(void *context, uint32_t zone), void *context);

/** An address alone, IPv4 dotted (four parts) or IPv6; no zone. Fills kind and ip, or returns false. */
bool addr_parse(struct str text, uint8_t *kind, uint8_t ip[16]);

/** "10.0.0.0/8", "fe80::/10", or a bare address (all bits). Host bits are cleared. */
bool prefix_parse(struct str text, struct prefix *prefix);

/** Is the address in it? An IPv4 prefix holds v4-mapped IPv6 addresses too, and the reverse. */
bool prefix_holds(const struct prefix *prefix, uint8_t kind, const uint8_t ip[16]);

/** Order for sorting: kind, then bytes (v4-mapped as IPv6), then port, then zone; text by bytes. */
int endpoint_compare(const struct endpoint *a, const struct endpoint *b);

#endif
