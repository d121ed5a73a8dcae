/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a name, through every format. What leaves must be harmless to a terminal and stay in
 * its field; it is undone here by readers written apart from the escapers (a strict JSON string
 * reader, a shell's quotes, RFC 4180's, our own backslashes), and must give back what went in.
 * The first byte is the width of a screen, on which a table with that name may not cut an escape.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "core/table/escape.h"
#include "core/table/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Valid UTF-8 without anything unsafe; returns its width. */
static unsigned check_harmless(struct str text)
{
	unsigned width = 0;
	uint32_t rune = 0;

	for (size_t at = 0, len; at < text.len; at += len) {
		len = utf8_decode(text.ptr + at, text.len - at, &rune);
		must(len && !utf8_unsafe(rune));
		must(rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0));
		width += utf8_width(rune);
	}
	return width;
}

static unsigned hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	must(c >= 'a' && c <= 'f');
	return (unsigned)(c - 'a' + 10);
}

static void put_rune(struct buf *out, uint32_t rune)
{
	char text[4];

	buf_add(out, text, utf8_encode(rune, text));
}

/* Undoes our backslashes: \\ \xNN \u{N} \t \n \- \e. */
static void unescape(struct str text, struct buf *out)
{
	const char *at = text.ptr;
	const char *end = at + text.len;
	uint32_t rune;

	while (at < end) {
		if (*at != '\\') {
			buf_char(out, *at++);
			continue;
		}
		must(end - at >= 2);
		at += 2;
		switch (at[-1]) {
		case 'x':
			must(end - at >= 2);
			buf_char(out, (char)(hex_digit(at[0]) << 4 | hex_digit(at[1])));
			at += 2;
			break;
		case 'u':
			must(at < end && *at++ == '{');
			for (rune = 0; at < end && *at != '}'; at++)
				rune = rune << 4 | hex_digit(*at);
			must(at++ < end && rune >= 0x80);
			put_rune(out, rune);
			break;
		case 'e':
			must(text.len == 2);
			break;
		case '-':
			must(text.len == 2);
			buf_char(out, '-');
			break;
		default:
			must(at[-1] == '\\' || at[-1] == 't' || at[-1] == 'n');
			buf_char(out, at[-1] == 't' ? '\t' : at[-1] == 'n' ? '\n' : '\\');
		}
	}
}

static void check_undone(struct str escaped, struct str text)
{
	struct buf back = { 0 };

	unescape(escaped, &back);
	must(str_equal(buf_view(&back), text));
	buf_release(&back);
}

static void check_plain(struct str text)
{
	struct buf out = { 0 };
	struct buf again = { 0 };
	unsigned width = escape_plain(&out, text);

	must(check_harmless(buf_view(&out)) == width);
	check_undone(buf_view(&out), text);
	/* What is harmless is left as it is. */
	if (!memchr(buf_view(&out).ptr, '\\', out.len)) {
		must(escape_plain(&again, buf_view(&out)) == width);
		must(str_equal(buf_view(&again), buf_view(&out)));
	}
	buf_release(&out);
	buf_release(&again);
}

static void check_tsv(struct str text)
{
	struct buf out = { 0 };

	escape_tsv(&out, text);
	check_harmless(buf_view(&out));
	must(out.len && !str_equal(buf_view(&out), STR("-")));
	check_undone(buf_view(&out), text);
	buf_release(&out);
}

/* RFC 4180's quotes taken off. */
static void check_csv(struct str text)
{
	struct buf out = { 0 };
	struct buf field = { 0 };
	const char *at, *end;

	escape_csv(&out, text);
	check_harmless(buf_view(&out));
	must(out.len);
	at = out.ptr;
	end = at + out.len;
	if (*at == '"') {
		must(out.len >= 2 && *--end == '"');
		for (at++; at < end; at++) {
			if (*at == '"')
				must(++at < end && *at == '"');
			buf_char(&field, *at);
		}
	} else {
		must(!strchr("=+-@", *at));
		for (; at < end; at++) {
			must(*at != '"' && *at != ',');
			buf_char(&field, *at);
		}
	}
	check_undone(buf_view(&field), text);
	buf_release(&out);
	buf_release(&field);
}

/* What a POSIX shell makes of the word, which must be plain's text. */
static void check_shell(struct str text)
{
	struct buf out = { 0 };
	struct buf word = { 0 };
	struct buf plain = { 0 };
	bool quoted = false;

	escape_shell(&out, text);
	escape_plain(&plain, text);
	check_harmless(buf_view(&out));
	must(out.len >= 2 && out.ptr[0] == '\'');
	for (const char *at = out.ptr; at < out.ptr + out.len; at++) {
		if (*at == '\'') {
			quoted = !quoted;
		} else if (quoted) {
			buf_char(&word, *at);
		} else {
			must(*at == '\\' && at[1] == '\'');
			buf_char(&word, *++at);
		}
	}
	must(!quoted);
	must(str_equal(buf_view(&word), buf_view(&plain)));
	buf_release(&out);
	buf_release(&word);
	buf_release(&plain);
}

static uint32_t json_hex(const char *at, const char *end)
{
	must(end - at >= 6 && at[0] == '\\' && at[1] == 'u');
	return hex_digit(at[2]) << 12 | hex_digit(at[3]) << 8 | hex_digit(at[4]) << 4 |
	        hex_digit(at[5]);
}

/* The inside of a JSON string, by RFC 8259 and no laxer. */
static void json_read(struct str text, struct buf *out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char means[] = "\"\\/\b\f\n\r\t";
	const char *at = text.ptr;
	const char *end = at + text.len;

	while (at < end) {
		const char *letter;
		uint32_t rune;

		must(*at != '"' && (uint8_t)*at >= 0x20);
		if (*at != '\\') {
			buf_char(out, *at++);
			continue;
		}
		must(end - at >= 2);
		letter = at[1] ? strchr(letters, at[1]) : NULL;
		if (letter) {
			buf_char(out, means[letter - letters]);
			at += 2;
			continue;
		}
		rune = json_hex(at, end);
		at += 6;
		must(rune < 0xdc00 || rune > 0xdfff);
		if (rune >= 0xd800 && rune <= 0xdbff) {
			uint32_t low = json_hex(at, end);

			must(low >= 0xdc00 && low <= 0xdfff);
			rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
			at += 6;
		}
		put_rune(out, rune);
	}
}

static void check_json(struct str text)
{
	struct buf out = { 0 };
	struct buf back = { 0 };
	struct buf replaced = { 0 };
	bool valid = true;
	uint32_t rune = 0;

	for (size_t at = 0, len; at < text.len; at += len + !len) {
		len = utf8_decode(text.ptr + at, text.len - at, &rune);
		valid = valid && len;
		put_rune(&replaced, len ? rune : 0xfffd);
	}
	must(escape_json(&out, text) == valid);
	check_harmless(buf_view(&out));
	json_read(buf_view(&out), &back);
	must(str_equal(buf_view(&back), buf_view(&replaced)));
	buf_release(&out);
	buf_release(&back);
	buf_release(&replaced);
}

struct row {
	struct str name;
	uint32_t number;
};

static const struct column columns[] = {
	COL_TEXT(row, name, 4, 0, "a name"),
	COL_UINT(row, number, -3, 0, "a number"),
	COL_TEXT(row, name, 4, 0, "again"),
};

static const struct schema schema = {
	.name = "row",
	.columns = columns,
	.count = 3,
	.row_size = sizeof(struct row),
	.defaults = "name",
};

/* A line of a table, cut to a screen: one line, harmless, no wider, and no escape is cut. */
static void check_table(struct str text, unsigned screen_width)
{
	struct row row = { text, 7 };
	struct view view = {
		.schema = &schema, .columns = { 0, 1, 2 }, .count = 3, .format = sink_find("table")
	};
	struct output output = { .fd = -1 };
	struct sink sink = { .view = &view, .out = &output, .screen_width = screen_width };
	struct str line;
	unsigned width;
	struct buf back = { 0 };

	sink_begin(&sink);
	sink_row(&sink, &row);
	sink.format->drain(&sink);
	line = buf_view(&output.buf);
	must(line.len && line.ptr[line.len - 1] == '\n');
	line.len--;
	width = check_harmless(line);
	if (screen_width && width >= screen_width) {
		must(width == screen_width);
		if (line.ptr[line.len - 1] == '+')
			line.len--;
	}
	unescape(line, &back);
	output.complete = 0; /* it is not to be written */
	buf_clear(&output.buf);
	sink_end(&sink);
	output_release(&output);
	buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	check_plain(text);
	check_tsv(text);
	check_csv(text);
	check_shell(text);
	check_json(text);
	if (size)
		check_table((struct str){ text.ptr + 1, size - 1 }, data[0] % 80);
	return 0;
}
