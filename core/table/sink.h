/* SPDX-License-Identifier: MIT */
/*
 * Rows leave through a sink: begin, row, end. A format is one file and one line in sink_formats.
 * Each escapes for its format, and no other code prints a string from outside.
 */
#ifndef SOCKBOX_TABLE_SINK_H
#define SOCKBOX_TABLE_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "core/table/output.h"
#include "core/table/view.h"

struct sink;

struct sink_format {
	const char *name;
	void (*begin)(struct sink *sink); /* header; once */
	void (*row)(struct sink *sink, const void *row);
	void (*drain)(struct sink *sink); /* nothing more for now: hold nothing back; may be NULL */
	void (*release)(struct sink *sink); /* may be NULL */
};

/** The date of the second that was formatted last, without fraction. */
struct time_cache {
	uint64_t second;
	struct buf text; /* empty: none yet */
};

struct sink {
	const struct sink_format *format;
	const struct view *view;
	struct output *out;
	unsigned screen_width; /* 0: not on a terminal, never cut */
	uint64_t now;          /* wall time, for --time relative */
	void *state;           /* the format's own, heap */
	/* Interface names in addresses, or NULL. */
	const char *(*zone_name)(void *context, uint32_t zone);
	void *zone_context;
	struct time_cache *times; /* by sink_begin(); without it every time is formatted whole */
};

/** Ends with a row whose name is NULL. */
extern const struct sink_format *const sink_formats[];

/** Finds a format by name; NULL and DIAG_USAGE stored (with the nearest name) if there is none. */
const struct sink_format *sink_find(const char *name);

/** Writes the header. @sink is the caller's, filled: view, out, screen_width, zone_name. */
void sink_begin(struct sink *sink);
void sink_row(struct sink *sink, const void *row);

/** The end of a sample or of what a stream had: all rows given so far are in the output, which is flushed. */
int sink_drain(struct sink *sink);
void sink_end(struct sink *sink);

/** For formats: the bytes appended so far end a record, whose last byte ("\n", NUL for --print0) comes here. */
void sink_finish(struct sink *sink);

/* Rendering that formats share. */

/** A value for people: 1.2M, 12ms, listen; unknown is "-". Returns the width in terminal columns. */
unsigned render_plain(struct buf *out, const struct sink *sink, const struct column *column,
        const struct value *value);

/** Is it a text from outside (a text column, or an end that is a path), to be escaped by the format? */
bool render_text(const struct value *value, struct str *text);

/** Are the column's values bare words in JSON: numbers, true and false? Asks the view's time format. */
bool render_is_number(const struct sink *sink, const struct column *column);

/**
 * A value for machines, not quoted: 1234567, 0.012, listen, 192.0.2.1:443. It holds letters, digits
 * and ".:%*[]_+-" only, so that no format needs to escape it. Appends nothing for unknown and where
 * render_text() is true: that text the caller escapes itself.
 */
void render_raw(struct buf *out, const struct sink *sink, const struct column *column,
        const struct value *value);

#endif
