/* SPDX-License-Identifier: MIT */
/*
 * Numbers are made back to front in a small array of digits. Division by ten is a multiplication
 * written out, because -Os takes the size of a div instruction over its 20 to 40 cycles, and a
 * run of conns turns some 200,000 numbers into text.
 */
#include "core/base/buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"

#define FIRST_SIZE 64
#define PAGE_WIDTH 80
#define BILLION    UINT64_C(1000000000)
#define DIGITS_MAX 20 /* of UINT64_MAX */

void buf_release(struct buf *buf)
{
	free(buf->ptr);
	*buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->ptr)
		buf->ptr[0] = '\0';
}

char *buf_reserve(struct buf *buf, size_t size)
{
	if (buf->cap - buf->len <= size) {
		size_t need = size_sum(size_sum(buf->len, size), 1);
		size_t cap = size_sum(buf->cap, buf->cap / 2);

		cap = cap < need ? need : cap;
		buf->cap = cap < FIRST_SIZE ? FIRST_SIZE : cap;
		buf->ptr = mem_resize(buf->ptr, buf->cap);
	}
	return buf->ptr + buf->len;
}

static void advance(struct buf *buf, size_t len)
{
	buf->len += len;
	buf->ptr[buf->len] = '\0';
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *to = buf_reserve(buf, len);
	const char *from = bytes;

	advance(buf, len);
	/* Most are a few bytes, for which libc's memcpy (rep movs) takes longer to start than to copy. */
	if (len > 64) {
		memcpy(to, from, len);
		return;
	}
	for (; len >= sizeof(uint64_t); len -= sizeof(uint64_t)) {
		memcpy(to, from, sizeof(uint64_t));
		to += sizeof(uint64_t);
		from += sizeof(uint64_t);
	}
	while (len--)
		*to++ = *from++;
}

void buf_char(struct buf *buf, char c)
{
	*buf_reserve(buf, 1) = c;
	advance(buf, 1);
}

void buf_text(struct buf *buf, const char *cstr)
{
	buf_add(buf, cstr, strlen(cstr));
}

void buf_str(struct buf *buf, struct str s)
{
	buf_add(buf, s.ptr, s.len);
}

void buf_fill(struct buf *buf, char c, size_t count)
{
	memset(buf_reserve(buf, count), c, count);
	advance(buf, count);
}

/* At least @digits digits of @number before @end; returns where they begin. */
static char *digits32(char *end, uint32_t number, unsigned digits)
{
	const char *enough = end - digits;

	while (number || end > enough) {
		uint32_t tenth = (uint32_t)(number * UINT64_C(0xcccccccd) >> 35);

		*--end = (char)('0' + (number - tenth * 10));
		number = tenth;
	}
	return end;
}

void buf_u64_pad(struct buf *buf, uint64_t number, unsigned digits)
{
	char text[DIGITS_MAX];
	char *end = text + sizeof(text);
	char *start = end;
	size_t len;

	while (number > UINT32_MAX) {
		uint64_t rest = number % BILLION;

		number /= BILLION;
		start = digits32(start, (uint32_t)rest, 9);
	}
	start = digits32(start, (uint32_t)number, start == end);
	len = (size_t)(end - start);
	if (digits > len)
		buf_fill(buf, '0', digits - len);
	buf_add(buf, start, len);
}

void buf_u64(struct buf *buf, uint64_t number)
{
	buf_u64_pad(buf, number, 1);
}

void buf_i64(struct buf *buf, int64_t number)
{
	if (number < 0)
		buf_char(buf, '-');
	buf_u64(buf, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void buf_hex(struct buf *buf, uint64_t number, unsigned digits)
{
	char text[16];
	char *end = text + sizeof(text);
	char *start = end;
	size_t len;

	do {
		*--start = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number);
	len = (size_t)(end - start);
	if (digits > len)
		buf_fill(buf, '0', digits - len);
	buf_add(buf, start, len);
}

void buf_nano(struct buf *buf, uint64_t nano)
{
	buf_u64(buf, nano / BILLION);
	buf_fraction(buf, nano % BILLION);
}

void buf_fraction(struct buf *buf, uint64_t nano)
{
	if (!nano)
		return;
	buf_char(buf, '.');
	buf_u64_pad(buf, nano, 9);
	while (buf->ptr[buf->len - 1] == '0')
		buf->len--;
	buf->ptr[buf->len] = '\0';
}

void buf_safe(struct buf *buf, struct str text)
{
	while (text.len) {
		uint32_t rune = 0;
		size_t step = utf8_decode(text.ptr, text.len, &rune);

		if (!step || utf8_unsafe(rune))
			buf_char(buf, '?');
		else
			buf_add(buf, text.ptr, step);
		step += !step;
		text = (struct str){ text.ptr + step, text.len - step };
	}
}

size_t buf_column(const struct buf *buf)
{
	const char *newline = buf->len ? memrchr(buf->ptr, '\n', buf->len) : NULL;

	return newline ? (size_t)(buf->ptr + buf->len - newline) - 1 : buf->len;
}

void buf_words(struct buf *buf, const char *text, size_t indent)
{
	struct str rest = str_from(text);
	struct str word;

	while (str_word(&rest, &word)) {
		size_t column = buf_column(buf);

		if (column > indent && column + 1 + word.len > PAGE_WIDTH) {
			buf_char(buf, '\n');
			column = 0;
		}
		buf_fill(buf, ' ', column < indent ? indent - column : column > indent);
		buf_str(buf, word);
	}
}

void buf_base64(struct buf *buf, const void *bytes, size_t len)
{
	static const char letters[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *from = bytes;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)from[i] << 16;
		char four[4];

		if (len - i > 1)
			three |= (uint32_t)from[i + 1] << 8;
		if (len - i > 2)
			three |= from[i + 2];
		for (unsigned k = 0; k < 4; k++)
			four[k] = k > len - i ? '=' : letters[three >> (18 - 6 * k) & 63];
		buf_add(buf, four, sizeof(four));
	}
}

void buf_format(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vformat(buf, format, args);
	va_end(args);
}

/* Every number is fetched at one of two places, and every text at one: va_arg is a dozen instructions. */
void buf_vformat(struct buf *buf, const char *format, va_list args)
{
	for (;;) {
		size_t run = strcspn(format, "%");
		bool wide = false;
		uint64_t number;
		size_t len = 0;
		char kind;

		buf_add(buf, format, run);
		format += run;
		if (!*format++)
			return;
		/* PRIu64 is "lu" or "llu". */
		for (; *format == 'l' || *format == 'z'; format++)
			wide = *format == 'l' || sizeof(size_t) == sizeof(uint64_t);
		kind = *format++;
		if (kind == '%') {
			buf_char(buf, '%');
			continue;
		}
		if (kind == '.') {
			assert(strncmp(format, "*s", 2) == 0);
			format += 2;
			len = va_arg(args, unsigned);
		}
		if (kind == '.' || kind == 's') {
			const char *text = va_arg(args, const char *);

			buf_str(buf, kind == 's' ? str_from(text) : (struct str){ text, len });
			continue;
		}
		number = wide ? va_arg(args, uint64_t) : va_arg(args, unsigned);
		if (kind == 'c')
			buf_char(buf, (char)number);
		else if (kind == 'd')
			buf_i64(buf, wide ? (int64_t)number : (int32_t)number);
		else if (kind == 'x')
			buf_hex(buf, number, 1);
		else if (kind == 'u')
			buf_u64(buf, number);
		else
			assert(false && "a conversion that buf_format() does not know");
	}
}

struct str buf_view(const struct buf *buf)
{
	return (struct str){ buf->ptr ? buf->ptr : "", buf->len };
}
