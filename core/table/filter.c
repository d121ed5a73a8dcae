/* SPDX-License-Identifier: MIT */
/*
 * The nodes of a filter, and what others may ask of it without showing it a row.
 */
#include "core/table/filter.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/table/filter_node.h"

#define SHOWN_MAX 60 /* bytes of a word in a sentence */

static uint16_t append(struct filter *filter, const struct filter_node *node)
{
	filter->nodes = mem_grow(filter->nodes, filter->count, sizeof(*node));
	filter->nodes[filter->count] = *node;
	return (uint16_t)filter->count++;
}

struct filter *filter_new(const struct schema *schema)
{
	struct filter *filter = mem_alloc(sizeof(*filter));
	struct filter_node top = { .kind = FILTER_AND };

	filter->schema = schema;
	append(filter, &top);
	return filter;
}

void filter_cut(struct filter *filter, uint32_t count)
{
	while (filter->count > count) {
		struct filter_node *node = &filter->nodes[--filter->count];

		if (node->kind == FILTER_REGEX)
			regex_free(node->regex);
		filter->leaves -= node->kind > FILTER_OR;
	}
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	filter_cut(filter, 0);
	arena_release(&filter->arena);
	free(filter->nodes);
	free(filter);
}

void filter_link(struct filter *filter, struct filter_list *list, uint16_t index)
{
	struct filter_node *node = &filter->nodes[index];
	uint16_t *before = node->late ? &list->last : &list->last_cheap;
	uint16_t *link = *before ? &filter->nodes[*before].next : &list->first;

	node->next = *link;
	*link = index;
	if (list->last == *before)
		list->last = index;
	*before = index;
}

int filter_refuse(
        const char *shown, size_t at, const char *before, struct str word, const char *after)
{
	int len = word.len > SHOWN_MAX ? SHOWN_MAX : (int)word.len;

	return diag_at(DIAG_USAGE, shown, at, "%s%.*s%s", before, len, word.ptr, after);
}

int filter_add(struct filter *filter, const struct filter_node *leaf, struct filter_list *list,
        const char *shown, size_t at)
{
	if (filter->leaves == FILTER_LEAVES_MAX) {
		if (leaf->kind == FILTER_REGEX)
			regex_free(leaf->regex);
		return diag_at(DIAG_USAGE, shown, at, "the filter has more than %d terms",
		        FILTER_LEAVES_MAX);
	}
	filter->leaves++;
	filter_link(filter, list, append(filter, leaf));
	return 0;
}

uint16_t filter_group(struct filter *filter, enum filter_kind kind, const struct filter_list *list)
{
	struct filter_node group = { .kind = (uint8_t)kind, .first = list->first };

	/* Every group has two children at least, so that there are fewer groups than leaves. */
	if (list->first == list->last)
		return list->first;
	group.late = filter->nodes[list->last].late;
	return append(filter, &group);
}

bool filter_empty(const struct filter *filter)
{
	return filter->count == 1;
}

struct column_set filter_columns(const struct filter *filter, bool explicit_only)
{
	struct column_set columns = { 0 };

	for (uint32_t i = 1; i < filter->count; i++) {
		const struct filter_node *node = &filter->nodes[i];

		if (node->kind > FILTER_OR && !(explicit_only && node->bare))
			column_set_add(&columns, node->column);
	}
	return columns;
}

uint32_t filter_needs(const struct filter *filter)
{
	struct column_set columns = filter_columns(filter, false);
	uint32_t needs = 0;

	for (size_t i = 0; i < filter->schema->count; i++) {
		if (column_set_has(&columns, i))
			needs |= filter->schema->columns[i].needs;
	}
	return needs;
}

/* The alternatives found so far, each once: an alias gives the same ones for each of its columns. */
struct gather {
	const struct filter *filter;
	struct column_set columns;
	struct filter_bound *bounds;
	size_t count, max;
};

static bool same_bound(const struct filter_bound *a, const struct filter_bound *b)
{
	return a->low == b->low && a->high == b->high && a->has_prefix == b->has_prefix &&
	        memcmp(&a->prefix, &b->prefix, sizeof(a->prefix)) == 0;
}

static bool gather_leaf(struct gather *gather, const struct filter_node *node)
{
	struct filter_bound bound = { node->has_prefix, node->prefix, node->low, node->high };
	size_t i = 0;

	if (node->kind != FILTER_END &&
	        (node->kind != FILTER_RANGE ||
	                gather->filter->schema->columns[node->column].type == COLUMN_INT))
		return false;
	column_set_add(&gather->columns, node->column);
	while (i < gather->count && !same_bound(&gather->bounds[i], &bound))
		i++;
	if (i == gather->max)
		return false;
	gather->bounds[i] = bound;
	gather->count += i == gather->count;
	return true;
}

/* A zone is left out of a bound, which may promise less than the term, not more. */
static bool gather_node(struct gather *gather, const struct filter_node *node)
{
	const struct filter_node *nodes = gather->filter->nodes;

	if (node->negate || node->kind == FILTER_AND)
		return false;
	if (node->kind != FILTER_OR)
		return gather_leaf(gather, node);
	for (uint16_t i = node->first; i; i = nodes[i].next) {
		if (!gather_node(gather, &nodes[i]))
			return false;
	}
	return true;
}

static size_t find_bounds(const struct filter_node *node, const struct column_set *columns,
        const struct gather *empty)
{
	const struct filter_node *nodes = empty->filter->nodes;
	struct gather gather = *empty;
	size_t count = 0;

	if (node->kind == FILTER_AND && !node->negate) {
		for (uint16_t i = node->first; i && !count; i = nodes[i].next)
			count = find_bounds(&nodes[i], columns, empty);
		return count;
	}
	if (!gather_node(&gather, node) || memcmp(&gather.columns, columns, sizeof(*columns)) != 0)
		return 0;
	return gather.count;
}

size_t filter_bounds(const struct filter *filter, const struct column_set *columns,
        struct filter_bound *bounds, size_t max)
{
	const struct gather empty = { .filter = filter, .bounds = bounds, .max = max };

	return find_bounds(&filter->nodes[0], columns, &empty);
}
