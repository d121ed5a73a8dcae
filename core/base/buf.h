/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer, and the few ways in which this program turns things into text.
 *
 * There is no printf in here: its machine for floating point and wide characters costs 12 kB in a
 * static binary and most of the time of a line, and nothing here needs it.
 */
#ifndef SOCKBOX_BASE_BUF_H
#define SOCKBOX_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/** Zero-initialise; ptr is always NUL-terminated behind len once something was added. */
struct buf {
	char *ptr;
	size_t len;
	size_t cap;
};

void buf_release(struct buf *buf); /* frees and zeroes */
void buf_clear(struct buf *buf);   /* len = 0, memory stays */

/** Room for @size more bytes behind len (plus the NUL); returns its start. len is the caller's to
 * move, and then the NUL behind it the caller's to write. */
char *buf_reserve(struct buf *buf, size_t size);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_char(struct buf *buf, char c);
void buf_text(struct buf *buf, const char *cstr);
void buf_str(struct buf *buf, struct str s);
void buf_fill(struct buf *buf, char c, size_t count);
void buf_u64(struct buf *buf, uint64_t number);
void buf_i64(struct buf *buf, int64_t number);
void buf_u64_pad(struct buf *buf, uint64_t number, unsigned digits); /* leading zeros */
void buf_hex(struct buf *buf, uint64_t number, unsigned digits); /* lower case, at least digits */

/**
 * A number of billionths as a decimal without trailing zeros: 1500000000 is "1.5", 0 is "0".
 * This is how nanoseconds become seconds in machine formats.
 */
void buf_nano(struct buf *buf, uint64_t nano);

/** What stands behind the whole number there: ".5" for 500000000, nothing for 0. */
void buf_fraction(struct buf *buf, uint64_t nano);

/**
 * Adds @text for a person: what utf8_unsafe() names, and each byte that is not UTF-8, becomes '?'.
 * For messages, which quote what strangers wrote; sinks escape without loss.
 */
void buf_safe(struct buf *buf, struct str text);

/** Bytes behind the last newline. */
size_t buf_column(const struct buf *buf);

/** Adds the words of @text, in lines of 80 columns, from column @indent on or behind what stands there. */
void buf_words(struct buf *buf, const char *text, size_t indent);

/** buf_add of base64 (RFC 4648, section 4, padded). */
void buf_base64(struct buf *buf, const void *bytes, size_t len);

/**
 * A small formatter for messages: %s %.*s %c %d %u %x %zu %% and, for 64 bits, PRIu64 and PRId64,
 * with no flags or widths. Anything else is an error of ours and asserts.
 */
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vformat(struct buf *buf, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));

/** What the buffer holds, as text that lives until the buffer changes. */
struct str buf_view(const struct buf *buf);

#endif
