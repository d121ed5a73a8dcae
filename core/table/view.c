/* SPDX-License-Identifier: MIT */
/*
 * Lists of columns, as -o and -k have them. A list is read into a copy of the view, so that one
 * with an error changes nothing.
 */
#include "core/table/view.h"

#include <assert.h>
#include <string.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/table/sink.h"
#include "core/table/word.h"

/* One item of a list: what stands in front of the name, and the columns that it stands for. */
struct item {
	char sign; /* '+', '-' or 0 */
	bool all;
	struct column_set columns;
};

static ptrdiff_t view_place(const struct view *view, size_t column)
{
	const uint8_t *at = memchr(view->columns, (int)column, view->count);

	return at ? at - view->columns : -1;
}

static void view_insert(struct view *view, size_t place, size_t column)
{
	uint8_t *at = view->columns + place;

	if (view_place(view, column) >= 0)
		return;
	memmove(at + 1, at, view->count - place);
	*at = (uint8_t)column;
	view->count++;
}

static void view_drop(struct view *view, size_t column)
{
	ptrdiff_t place = view_place(view, column);

	if (place < 0)
		return;
	view->count--;
	memmove(view->columns + place, view->columns + place + 1, view->count - (size_t)place);
}

/* @text is the whole list, for the caret. */
static int read_item(
        const struct schema *schema, const char *text, struct str word, struct item *item)
{
	word = str_trim(word);
	item->sign = '\0';
	if (word.len && (word.ptr[0] == '+' || word.ptr[0] == '-')) {
		item->sign = word.ptr[0];
		word = (struct str){ word.ptr + 1, word.len - 1 };
	}
	item->all = str_equal(word, STR("all"));
	if (item->all) {
		item->columns = schema_known(schema, UINT32_MAX);
		return 0;
	}
	if (schema_resolve(schema, word, &item->columns))
		return 0;
	if (!word.len)
		return diag_at(
		        DIAG_USAGE, text, (size_t)(word.ptr - text), "a column name is missing");
	return word_unknown("column", text, word, schema_word, schema, "-o help lists them all");
}

static void apply_item(struct view *view, const struct item *item)
{
	for (size_t i = 0; i < view->schema->count; i++) {
		if (!column_set_has(&item->columns, i))
			continue;
		if (item->sign == '-') {
			view_drop(view, i);
			column_set_drop(&view->named, i);
		} else {
			view_insert(view, view->count, i);
			if (!item->all)
				column_set_add(&view->named, i);
		}
	}
}

int view_columns(struct view *view, const char *list)
{
	struct view next = *view;
	struct str rest = str_from(list);
	bool first = true;
	struct str word;

	while (str_split(&rest, ',', &word)) {
		struct item item;
		int result = read_item(view->schema, list, word, &item);

		if (result)
			return result;
		if (first && !item.sign) {
			next.count = 0;
			next.named = (struct column_set){ 0 };
		}
		first = false;
		apply_item(&next, &item);
	}
	if (!next.count)
		return diag_at(DIAG_USAGE, list, 0, "no column is left");
	*view = next;
	return 0;
}

/* What our own code names exists. */
static struct column_set own_columns(const struct view *view, struct str name)
{
	struct column_set columns = { 0 };
	bool known = schema_resolve(view->schema, name, &columns);

	assert(known);
	(void)known;
	return columns;
}

void view_add(struct view *view, const char *list)
{
	struct str rest = str_from(list);
	struct str word;

	while (str_split(&rest, ',', &word)) {
		struct item item = { .all = true, .columns = own_columns(view, word) };

		apply_item(view, &item);
	}
}

void view_prepend(struct view *view, const char *name)
{
	int column = schema_find(view->schema, str_from(name));

	assert(column >= 0);
	view_insert(view, 0, (size_t)column);
}

int view_sort(struct view *view, const char *list)
{
	struct view next = *view;
	struct str rest = str_from(list);
	struct str word;

	next.sort_count = 0;
	while (str_split(&rest, ',', &word)) {
		struct item item;
		int result = read_item(view->schema, list, word, &item);

		if (result)
			return result;
		for (size_t i = 0; i < view->schema->count; i++) {
			if (!column_set_has(&item.columns, i))
				continue;
			if (next.sort_count == ARRAY_COUNT(next.sort))
				return diag_at(DIAG_USAGE, list, (size_t)(word.ptr - list),
				        "too many sort keys: %zu at most", ARRAY_COUNT(next.sort));
			next.sort[next.sort_count++] =
			        (struct sort_key){ (uint8_t)i, item.sign == '-' };
		}
	}
	*view = next;
	return 0;
}

uint32_t view_needs(const struct view *view)
{
	uint32_t needs = filter_needs(view->filter);

	for (size_t i = 0; i < view->count; i++)
		needs |= view->schema->columns[view->columns[i]].needs;
	for (size_t i = 0; i < view->sort_count; i++)
		needs |= view->schema->columns[view->sort[i].column].needs;
	return needs;
}

void view_init(struct view *view, const struct schema *schema)
{
	*view = (struct view){
		.schema = schema,
		.filter = filter_new(schema),
		.format = sink_formats[0],
		.header = true,
	};
	view_add(view, schema->defaults);
}

void view_release(struct view *view)
{
	filter_free(view->filter);
	view->filter = NULL;
}
