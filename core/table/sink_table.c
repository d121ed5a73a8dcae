/* SPDX-License-Identifier: MIT */
/*
 * Columns are as wide as what stands in them, which is known only when the rows are: so rendered
 * cells are held back until 32 kB are gathered or the source has no more for now. In a longer answer
 * the widths are then fixed and rows stream through; a cell that is too wide pushes what follows,
 * and the line falls back into its columns where there is room. Widths never shrink, so that samples
 * stand below each other. The header is held back as the first row.
 *
 * A cell gets no more than WIDTH_MAX of padding: one command line of 4 kB must not make every other
 * line that long.
 */
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/table/sink_formats.h"

#define HOLD_SIZE ((size_t)32 * 1024)
#define WIDTH_MAX 64
#define GAP       2

#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define NORMAL "\033[0m"

struct cell {
	uint32_t start; /* in table.text; the next cell's is the end */
	uint32_t width : 31;
	uint32_t unknown : 1;
};

struct table {
	struct buf text;
	struct cell *cells; /* of all rows held back, and one behind them */
	size_t count, cap;
	bool title;   /* the first row held back is the header */
	bool flowing; /* widths are fixed until the source is drained */
	uint8_t widths[SCHEMA_COLUMNS_MAX];
};

static const struct column *column_at(const struct sink *sink, size_t i)
{
	return &sink->view->schema->columns[sink->view->columns[i]];
}

static void add_cell(struct table *table, unsigned width, bool unknown)
{
	if (table->count + 2 > table->cap) {
		table->cap = (table->count + 2) * 2;
		table->cells =
		        mem_resize(table->cells, array_size(table->cap, sizeof(*table->cells)));
	}
	table->cells[table->count].width = width & INT32_MAX;
	table->cells[table->count].unknown = unknown;
	table->cells[++table->count].start = (uint32_t)table->text.len;
}

static void table_begin(struct sink *sink)
{
	struct table *table = mem_alloc(sizeof(*table));

	sink->state = table;
	table->cells = mem_alloc(sizeof(*table->cells));
	table->cap = 1;
	table->title = sink->view->header;
	for (size_t i = 0; table->title && i < sink->view->count; i++) {
		size_t before = table->text.len;

		buf_text(&table->text, column_at(sink, i)->name);
		add_cell(table, (unsigned)(table->text.len - before), false);
	}
}

/* @stream: more will come that we cannot see, so the declared widths are the least. */
static void fit(const struct sink *sink, struct table *table, bool stream)
{
	size_t columns = sink->view->count;

	for (size_t i = 0; stream && i < columns; i++) {
		int width = abs(column_at(sink, i)->width);

		if (width > table->widths[i])
			table->widths[i] = (uint8_t)width;
	}
	for (size_t i = 0, column = 0; i < table->count; i++) {
		uint32_t width = table->cells[i].width;

		if (width > WIDTH_MAX)
			width = WIDTH_MAX;
		if (width > table->widths[column])
			table->widths[column] = (uint8_t)width;
		if (++column == columns)
			column = 0;
	}
}

/*
 * How much of a rendered line fits *room columns, of which it is taken; no escape is cut inside. A real
 * ESC in it can only be our own color.
 */
static size_t cut(const char *text, size_t len, unsigned *room)
{
	size_t at = 0;

	while (at < len) {
		uint32_t rune = 0;
		size_t size = utf8_decode(text + at, len - at, &rune);
		unsigned width = utf8_width(rune);

		if (rune == '\\') {
			size = text[at + 1] == 'x' ? 4 : 2;
			if (text[at + 1] == 'u')
				while (text[at + size - 1] != '}')
					size++;
			width = (unsigned)size;
		} else if (rune == '\033') {
			while (text[at + size - 1] != 'm')
				size++;
			width = 0;
		}
		if (width > *room)
			break;
		*room -= width;
		at += size;
	}
	return at;
}

/*
 * Lays out a row, whose cells begin at @cells. Returns the column behind its last cell. Blanks are only
 * written in front of a cell, so there are none at the end.
 */
static unsigned lay(const struct sink *sink, const struct cell *cells)
{
	const struct table *table = sink->state;
	struct buf *out = &sink->out->buf;
	unsigned at = 0;  /* where the column begins */
	unsigned end = 0; /* of what is there */

	for (size_t i = 0; i < sink->view->count; i++) {
		size_t len = cells[i + 1].start - cells[i].start;
		unsigned width = cells[i].width;
		unsigned start = at;
		bool dim = cells[i].unknown && sink->view->color;

		if (column_at(sink, i)->width < 0 && width < table->widths[i])
			start += table->widths[i] - width;
		at += table->widths[i] + (unsigned)GAP;
		if (!len)
			continue;
		if (end && start < end + GAP)
			start = end + GAP;
		buf_fill(out, ' ', start - end);
		if (dim)
			buf_text(out, DIM);
		buf_add(out, table->text.ptr + cells[i].start, len);
		if (dim)
			buf_text(out, NORMAL);
		end = start + width;
	}
	return end;
}

/* A line that is wider than the screen ends in '+'. */
static void put_row(struct sink *sink, const struct cell *cells, bool title)
{
	struct buf *out = &sink->out->buf;
	size_t before = out->len;
	bool colored = title && sink->view->color;

	if (colored)
		buf_text(out, BOLD);
	if (lay(sink, cells) > sink->screen_width && sink->screen_width) {
		unsigned room = sink->screen_width - 1;

		out->len = before + cut(out->ptr + before, out->len - before, &room);
		buf_fill(out, ' ', room);
		buf_char(out, '+');
		colored = sink->view->color;
	}
	if (colored)
		buf_text(out, NORMAL);
	sink_finish(sink);
}

static void put_held(struct sink *sink, struct table *table)
{
	size_t columns = sink->view->count;

	for (size_t i = 0; i < table->count; i += columns)
		put_row(sink, table->cells + i, i == 0 && table->title);
	table->title = false;
	table->count = 0;
	buf_clear(&table->text);
}

static void table_row(struct sink *sink, const void *row)
{
	struct table *table = sink->state;

	for (size_t i = 0; i < sink->view->count; i++) {
		const struct column *column = column_at(sink, i);
		struct value value = column_value(column, row);

		add_cell(table, render_plain(&table->text, sink, column, &value),
		        value.kind == VALUE_NONE);
	}
	if (!table->flowing && table->text.len >= HOLD_SIZE) {
		fit(sink, table, true);
		table->flowing = true;
	}
	if (table->flowing)
		put_held(sink, table);
}

static void table_drain(struct sink *sink)
{
	struct table *table = sink->state;

	fit(sink, table, sink->out->by_line);
	put_held(sink, table);
	table->flowing = false;
}

static void table_release(struct sink *sink)
{
	struct table *table = sink->state;

	buf_release(&table->text);
	free(table->cells);
	free(table);
	sink->state = NULL;
}

const struct sink_format sink_table = {
	.name = "table",
	.begin = table_begin,
	.row = table_row,
	.drain = table_drain,
	.release = table_release,
};
