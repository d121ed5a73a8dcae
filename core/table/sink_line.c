/* SPDX-License-Identifier: MIT */
/*
 * The formats that write a row from left to right differ in punctuation and in who escapes text,
 * so that is all that they say of themselves.
 *
 * CSV records end with LF, not with RFC 4180's CR LF: every reader takes it, and a shell's does not
 * find a CR at the end of its last field.
 */
#include <string.h>

#include "core/table/escape.h"
#include "core/table/sink_formats.h"

/* JSON holds text, and a name in the file system any bytes: where some had to be replaced, the
 * bytes themselves follow in NAME_b64. */
static void put_json_text(struct buf *out, const char *name, struct str text)
{
	bool whole;

	buf_char(out, '"');
	whole = escape_json(out, text);
	buf_char(out, '"');
	if (whole)
		return;
	buf_text(out, ",\"");
	buf_text(out, name);
	buf_text(out, "_b64\":\"");
	buf_base64(out, text.ptr, text.len);
	buf_char(out, '"');
}

static void put_mark(struct buf *out, char mark)
{
	if (mark)
		buf_char(out, mark);
}

static void put_key(struct buf *out, const struct line_format *line, const char *name)
{
	put_mark(out, line->key_quote);
	buf_text(out, name);
	put_mark(out, line->key_quote);
	buf_char(out, line->key_end);
}

static void put_cell(struct sink *sink, const struct line_format *line, const struct column *column,
        const void *row)
{
	struct buf *out = &sink->out->buf;
	struct value value = column_value(column, row);
	struct str text;
	bool bare;
	char quote;

	if (value.kind == VALUE_NONE) {
		buf_text(out, line->unknown);
	} else if (render_text(&value, &text)) {
		if (line->text)
			line->text(out, text);
		else
			put_json_text(out, column->name, text);
	} else {
		bare = line->bare_numbers && render_is_number(sink, column);
		quote = bare ? '\0' : line->value_quote;
		put_mark(out, quote);
		render_raw(out, sink, column, &value);
		put_mark(out, quote);
	}
}

/* A record, or with a NULL row the header. */
static void put_line(struct sink *sink, const void *row)
{
	const struct line_format *line = (const struct line_format *)(const void *)sink->format;
	const struct view *view = sink->view;
	struct buf *out = &sink->out->buf;

	put_mark(out, line->open);
	for (size_t i = 0; i < view->count; i++) {
		const struct column *column = &view->schema->columns[view->columns[i]];

		if (i)
			buf_char(out, line->between);
		if (line->key_end)
			put_key(out, line, column->name);
		if (row)
			put_cell(sink, line, column, row);
		else
			buf_text(out, column->name);
	}
	put_mark(out, line->close);
	sink_finish(sink);
}

static void line_begin(struct sink *sink)
{
	const struct line_format *line = (const struct line_format *)(const void *)sink->format;

	if (line->header && sink->view->header)
		put_line(sink, NULL);
}

#define FORMAT(name_) .format = { .name = (name_), .begin = line_begin, .row = put_line }

const struct line_format sink_tsv = {
	FORMAT("tsv"),
	.text = escape_tsv,
	.unknown = "-",
	.between = '\t',
	.header = true,
};

const struct line_format sink_csv = {
	FORMAT("csv"),
	.text = escape_csv,
	.unknown = "",
	.between = ',',
	.header = true,
};

const struct line_format sink_jsonl = {
	FORMAT("jsonl"),
	.unknown = "null",
	.between = ',',
	.open = '{',
	.close = '}',
	.key_quote = '"',
	.key_end = ':',
	.value_quote = '"',
	.bare_numbers = true,
};

const struct line_format sink_kv = {
	FORMAT("kv"),
	.text = escape_shell,
	.unknown = "''",
	.between = ' ',
	.key_end = '=',
	.value_quote = '\'',
};

/* One column; a view with more is refused by common_view(), or gets tabs. */
const struct line_format sink_value = {
	FORMAT("value"),
	.text = escape_tsv,
	.unknown = "-",
	.between = '\t',
};
