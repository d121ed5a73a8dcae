/* SPDX-License-Identifier: MIT */
/*
 * Rows that are kept: to be sorted, or compared with the next sample. A row that only passes through
 * to a sink is never copied.
 */
#ifndef SOCKBOX_TABLE_SAMPLE_H
#define SOCKBOX_TABLE_SAMPLE_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/table/schema.h"
#include "core/table/view.h"

struct sample_part;

struct sample {
	const struct schema *schema;
	struct arena arena; /* rows, blocks and strings */
	void **rows;
	size_t count, cap;
	struct sample_part *parts; /* what a row only points to, for the columns below */
	size_t part_count;
	struct column_set columns;
};

void sample_init(struct sample *sample, const struct schema *schema);

/**
 * Copies a row with the texts and blocks that the columns in @columns read, so that the source may
 * reuse its own. Other texts and blocks of the copy are unknown.
 */
void *sample_add(struct sample *sample, const void *row, const struct column_set *columns);

/** Orders the rows; equal rows stay in the order in which they came. */
void sample_sort(struct sample *sample, const struct sort_key *keys, size_t count);

void sample_clear(struct sample *sample); /* keeps memory for the next */
void sample_release(struct sample *sample);

#endif
