/* SPDX-License-Identifier: MIT */
/*
 * The one way in which bytes from outside are read: a cursor cannot leave its range. A read beyond
 * the end gives zero and latches cursor.failed; a parser may read a whole header and ask once.
 * No struct is ever laid over the bytes.
 */
#ifndef SOCKBOX_BASE_CURSOR_H
#define SOCKBOX_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

static inline struct cursor cursor_on(const void *bytes, size_t len)
{
	return (struct cursor){ bytes, (const uint8_t *)bytes + len, false };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/** The next @n bytes, or NULL (and failed) if there are fewer; the position moves by what was given. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *bytes = c->at;

	if (cursor_left(c) < n) {
		c->failed = true;
		c->at = c->end;
		return NULL;
	}
	c->at += n;
	return bytes;
}

/** Copies @n bytes out; fills with zeros where there are fewer. */
static inline bool cursor_copy(struct cursor *c, void *to, size_t n)
{
	const uint8_t *bytes = cursor_take(c, n);

	if (bytes)
		memcpy(to, bytes, n);
	else
		memset(to, 0, n);
	return bytes != NULL;
}

static inline bool cursor_skip(struct cursor *c, size_t n)
{
	return cursor_take(c, n) != NULL;
}

/** A cursor over the next @n bytes of this one, which moves behind them; failed if there are fewer. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *bytes = cursor_take(c, n);
	struct cursor sub = { bytes, bytes, !bytes };

	if (bytes)
		sub.end = bytes + n;
	return sub;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	uint8_t v = 0;

	cursor_copy(c, &v, sizeof(v));
	return v;
}

/* Host byte order (netlink), and big-endian (what comes from a network). */
static inline uint16_t cursor_u16(struct cursor *c)
{
	uint16_t v = 0;

	cursor_copy(c, &v, sizeof(v));
	return v;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	uint32_t v = 0;

	cursor_copy(c, &v, sizeof(v));
	return v;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t v = 0;

	cursor_copy(c, &v, sizeof(v));
	return v;
}

static inline uint16_t cursor_u16be(struct cursor *c)
{
	uint8_t b[2] = { 0 };

	cursor_copy(c, b, sizeof(b));
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t cursor_u32be(struct cursor *c)
{
	uint8_t b[4] = { 0 };

	cursor_copy(c, b, sizeof(b));
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

#endif
