/* SPDX-License-Identifier: MIT */
/*
 * A row is copied as bytes; what it points to is listed once, when the set of columns is first seen:
 * the blocks, and the texts in row and blocks, of which several columns may show the same one.
 *
 * The sort is a merge sort of our own: libc's qsort is not stable, and musl's needs twice the
 * comparisons. The keys are read out of the rows once, not at each of the 15 comparisons of a row.
 */
#include "core/table/sample.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum part_kind {
	PART_BLOCK, /* a pointer to a struct; stands before the parts of that struct */
	PART_TEXT,  /* a struct str */
	PART_END,   /* a struct endpoint, which may be a text */
};

/** Something that a row only points to. */
struct sample_part {
	uint16_t block; /* as in struct column; 0 for a part of the row itself */
	uint16_t offset;
	uint16_t size; /* of a block */
	uint8_t kind;
	bool keep; /* a column that we were asked for reads it */
};

void sample_init(struct sample *sample, const struct schema *schema)
{
	*sample = (struct sample){ .schema = schema };
	arena_init(&sample->arena);
}

/* Lists what a column reads outside of the row's own bytes; other columns may have it listed already. */
static void list_part(
        struct sample *sample, enum part_kind kind, const struct column *column, bool keep)
{
	struct sample_part *part = &sample->parts[sample->part_count];
	struct sample_part *known = sample->parts;

	*part = (struct sample_part){
		.block = column->block, .offset = column->offset, .kind = (uint8_t)kind
	};
	if (kind == PART_BLOCK) {
		part->block = 0;
		part->offset = (uint16_t)(column->block - 1);
		part->size = column->block_size;
	}
	while (memcmp(known, part, offsetof(struct sample_part, keep)) != 0)
		known++;
	sample->part_count += known == part;
	known->keep |= keep;
}

static void list_parts(struct sample *sample, const struct column_set *columns)
{
	const struct schema *schema = sample->schema;

	if (!sample->parts)
		sample->parts = mem_alloc(array_size(schema->count * 2, sizeof(*sample->parts)));
	sample->part_count = 0;
	sample->columns = *columns;
	for (size_t i = 0; i < schema->count; i++) {
		const struct column *column = &schema->columns[i];
		bool keep = column_set_has(columns, i);

		if (column->block)
			list_part(sample, PART_BLOCK, column, keep);
		if (column->type == COLUMN_TEXT || column->type == COLUMN_PATH)
			list_part(sample, PART_TEXT, column, keep);
		else if (column->type == COLUMN_ENDPOINT)
			list_part(sample, PART_END, column, keep);
		/* The address or port of an end that is a text is unknown: they keep none. */
		else if (column->type == COLUMN_ADDR || column->type == COLUMN_PORT)
			list_part(sample, PART_END, column, false);
	}
}

/* Where the part is, in a row or in the block to which it points; NULL where there is no block. */
static void *part_at(const struct sample_part *part, void *row)
{
	char *at = row;

	if (part->block)
		memcpy(&at, at + (part->block - 1), sizeof(at));
	return at ? at + part->offset : NULL;
}

/* The part of @copy still is the source's: takes it over, or makes it unknown. */
static void copy_part(struct arena *arena, const struct sample_part *part, void *copy)
{
	void *at = part_at(part, copy);
	struct endpoint *end = at;
	struct str *text = at;
	void **block = at;

	if (!at || (part->kind == PART_END && end->kind != ADDR_TEXT))
		return;
	if (part->kind == PART_BLOCK) {
		const void *from = *block;

		*block = part->keep && from ? arena_alloc(arena, part->size) : NULL;
		if (*block)
			memcpy(*block, from, part->size);
		return;
	}
	if (part->kind == PART_END) {
		text = &end->text;
		end->kind = part->keep ? ADDR_TEXT : ADDR_NONE;
	}
	*text = arena_str(arena, part->keep ? *text : STR_NONE);
}

void *sample_add(struct sample *sample, const void *row, const struct column_set *columns)
{
	void *copy = arena_alloc(&sample->arena, sample->schema->row_size);

	memcpy(copy, row, sample->schema->row_size);
	if (!sample->parts || memcmp(columns, &sample->columns, sizeof(*columns)) != 0)
		list_parts(sample, columns);
	for (size_t i = 0; i < sample->part_count; i++)
		copy_part(&sample->arena, &sample->parts[i], copy);
	if (sample->count == sample->cap) {
		sample->cap = sample->cap ? array_size(sample->cap, 2) : 256;
		sample->rows =
		        mem_resize(sample->rows, array_size(sample->cap, sizeof(*sample->rows)));
	}
	sample->rows[sample->count++] = copy;
	return copy;
}

/* A row, and its keys in the order in which they count. */
struct entry {
	void *row;
	struct value keys[];
};

struct order {
	const struct column *columns;
	const struct sort_key *keys;
	size_t count;
};

static int compare(const struct order *order, const struct entry *a, const struct entry *b)
{
	int result = 0;

	for (size_t i = 0; i < order->count && !result; i++) {
		const struct sort_key *key = &order->keys[i];

		result = column_compare(&order->columns[key->column], &a->keys[i], &b->keys[i]);
		/* Unknown comes last in both directions. */
		if (key->descending && a->keys[i].kind != VALUE_NONE &&
		        b->keys[i].kind != VALUE_NONE)
			result = -result;
	}
	return result;
}

/* @spare has room for half of them. */
static void merge_sort(const struct order *order, const struct entry **entries,
        const struct entry **spare, size_t count)
{
	size_t middle = count / 2;
	size_t left = 0;
	size_t right = middle;

	if (count < 2)
		return;
	merge_sort(order, entries, spare, middle);
	merge_sort(order, entries + middle, spare, count - middle);
	memcpy(spare, entries, middle * sizeof(*entries));
	/* What is left of the right half when the left one is used up stands where it belongs. */
	while (left < middle) {
		bool in_order = right == count || compare(order, spare[left], entries[right]) <= 0;
		size_t to = left + right - middle;

		entries[to] = in_order ? spare[left++] : entries[right++];
	}
}

void sample_sort(struct sample *sample, const struct sort_key *keys, size_t count)
{
	struct order order = { sample->schema->columns, keys, count };
	size_t size = sizeof(struct entry) + count * sizeof(struct value);
	size_t rows = sample->count;
	char *entries = mem_alloc(array_size(rows, size));
	const struct entry **sorted = mem_alloc(array_size(rows, 2 * sizeof(*sorted)));

	for (size_t i = 0; i < rows; i++) {
		struct entry *entry = (struct entry *)(void *)(entries + i * size);

		sorted[i] = entry;
		entry->row = sample->rows[i];
		for (size_t k = 0; k < count; k++)
			entry->keys[k] = column_value(&order.columns[keys[k].column], entry->row);
	}
	merge_sort(&order, sorted, sorted + rows, rows);
	for (size_t i = 0; i < rows; i++)
		sample->rows[i] = sorted[i]->row;
	free(sorted);
	free(entries);
}

void sample_clear(struct sample *sample)
{
	arena_reset(&sample->arena);
	sample->count = 0;
}

void sample_release(struct sample *sample)
{
	arena_release(&sample->arena);
	free(sample->rows);
	free(sample->parts);
	*sample = (struct sample){ .schema = sample->schema };
}
