/* SPDX-License-Identifier: MIT */
/*
 * Nearly all text is plain ASCII: it is copied in runs, and only the byte at which a run ends is
 * looked at. The formats then differ in the one quote that ends their runs, and in how the
 * odd byte is written.
 *
 * The backslash is doubled in every format that writes \x1b, CSV too: else an escape could not be
 * told from a name that really holds these four characters.
 */
#include "core/table/escape.h"

#include <string.h>

#include "core/base/utf8.h"

enum style {
	STYLE_PLAIN,
	STYLE_TSV,
	STYLE_CSV,
	STYLE_SHELL,
	STYLE_JSON,
};

/* By style: the quote that may not stand bare, and what is written for it. */
static const char quotes[][6] = {
	[STYLE_PLAIN] = "\\\\\\",
	[STYLE_TSV] = "\\\\\\",
	[STYLE_CSV] = "\"\"\"",
	[STYLE_SHELL] = "''\\''",
	[STYLE_JSON] = "\"\\\"",
};

static bool is_plain(char byte, char quote)
{
	return byte >= ' ' && byte < 0x7f && byte != '\\' && byte != quote;
}

static void put_hex(struct buf *out, const char *before, uint32_t number, unsigned digits)
{
	buf_text(out, before);
	buf_hex(out, number, digits);
}

static void put_json(struct buf *out, uint32_t rune)
{
	if (rune > 0xffff) {
		put_hex(out, "\\u", 0xd800 + ((rune - 0x10000) >> 10), 4);
		rune = 0xdc00 + (rune & 0x3ff);
	}
	put_hex(out, "\\u", rune, 4);
}

/* An unsafe character, or an invalid byte (@size 0) given as @rune. */
static void put_unsafe(struct buf *out, enum style style, size_t size, uint32_t rune)
{
	bool named = (style == STYLE_TSV || style == STYLE_JSON) && size;

	if (named && (rune == '\t' || rune == '\n'))
		buf_text(out, rune == '\t' ? "\\t" : "\\n");
	else if (style == STYLE_JSON && !size)
		buf_text(out, "\xef\xbf\xbd");
	else if (style == STYLE_JSON)
		put_json(out, rune);
	else if (!size || rune < 0x80)
		put_hex(out, "\\x", rune, 2);
	else {
		put_hex(out, "\\u{", rune, 1);
		buf_char(out, '}');
	}
}

/* Returns the width; *valid is cleared at a byte that is no UTF-8. */
static unsigned escape(struct buf *out, enum style style, struct str text, bool *valid)
{
	const char *at = text.ptr;
	const char *end = at + text.len;
	char quote = quotes[style][0];
	unsigned width = 0;

	for (;;) {
		const char *run = at;
		size_t before, size;
		uint32_t rune = 0;

		while (at < end && is_plain(*at, quote))
			at++;
		buf_add(out, run, (size_t)(at - run));
		width += (unsigned)(at - run);
		if (at >= end)
			return width;
		before = out->len;
		size = utf8_decode(at, (size_t)(end - at), &rune);
		if (!size) {
			*valid = false;
			rune = (uint8_t)*at;
		}
		if (size && !utf8_unsafe(rune) && rune >= 0x80) {
			buf_add(out, at, size);
			width += utf8_width(rune);
		} else {
			if (*at == quote)
				buf_text(out, quotes[style] + 1);
			else if (*at == '\\')
				buf_text(out, "\\\\");
			else
				put_unsafe(out, style, size, rune);
			width += (unsigned)(out->len - before);
		}
		at += size ? size : 1;
	}
}

unsigned escape_plain(struct buf *out, struct str text)
{
	bool valid;

	return escape(out, STYLE_PLAIN, text, &valid);
}

void escape_tsv(struct buf *out, struct str text)
{
	bool valid;

	if (!text.len)
		buf_text(out, "\\e");
	else if (str_equal(text, STR("-")))
		buf_text(out, "\\-");
	else
		escape(out, STYLE_TSV, text, &valid);
}

/* The empty text is quoted, which tells it from the unknown one. */
void escape_csv(struct buf *out, struct str text)
{
	bool quoted = !text.len || strchr("=+-@", text.ptr[0]);
	bool valid;

	for (size_t i = 0; i < text.len && !quoted; i++)
		quoted = text.ptr[i] && strchr(",\"\r\n", text.ptr[i]);
	buf_fill(out, '"', quoted);
	escape(out, STYLE_CSV, text, &valid);
	buf_fill(out, '"', quoted);
}

bool escape_json(struct buf *out, struct str text)
{
	bool valid = true;

	escape(out, STYLE_JSON, text, &valid);
	return valid;
}

void escape_shell(struct buf *out, struct str text)
{
	bool valid;

	buf_char(out, '\'');
	escape(out, STYLE_SHELL, text, &valid);
	buf_char(out, '\'');
}
