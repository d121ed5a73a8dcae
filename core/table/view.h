/* SPDX-License-Identifier: MIT */
/*
 * What is asked for, complete before anything is read: columns, filter, order, format. Its needs say
 * what must be collected.
 */
#ifndef SOCKBOX_TABLE_VIEW_H
#define SOCKBOX_TABLE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/table/filter.h"
#include "core/table/schema.h"

struct sink_format;

enum time_format {
	TIME_RFC3339,
	TIME_EPOCH,
	TIME_RELATIVE,
	TIME_LOCAL,
};

struct sort_key {
	uint8_t column; /* index in the schema */
	bool descending;
};

struct view {
	const struct schema *schema;
	uint8_t columns[SCHEMA_COLUMNS_MAX]; /* indexes in the schema, in order of display */
	size_t count;
	struct sort_key sort[8];
	size_t sort_count;
	struct filter *filter; /* owned */
	const struct sink_format *format;
	bool header;
	bool print0;
	bool color;
	enum time_format time;
	struct column_set named; /* by -o or the filter: what such a column lacks counts */
};

/** The schema's default columns, no order, an empty filter, a table with header. */
void view_init(struct view *view, const struct schema *schema);
void view_release(struct view *view);

/**
 * -o LIST: "a,b" these; "+a,b" added to what is there; "-a" dropped from it; "all". Items of all
 * three kinds may be mixed ("+rtt,-pid"); a plain first item replaces. 0 or DIAG_USAGE.
 */
int view_columns(struct view *view, const char *list);

/** Puts a column where it is not yet: for letters such as -i and -m. Not "named". */
void view_add(struct view *view, const char *list);

/** Puts a column at the front unless it is shown already: sample and time under -d. */
void view_prepend(struct view *view, const char *name);

/** -k LIST: names with an optional leading '-' for descending. 0 or DIAG_USAGE. */
int view_sort(struct view *view, const char *list);

/** OR of the needs of columns, filter and sort keys. */
uint32_t view_needs(const struct view *view);

#endif
