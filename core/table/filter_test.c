/* SPDX-License-Identifier: MIT */
/*
 * A row against the nodes. AND is the least of its children's truths and OR the greatest, with
 * false < unknown < true, so order does not matter and the dear ones may come last.
 *
 * This runs for every row: a port of 25,000 sockets must not cost more than reading it.
 */
#include "core/table/filter.h"

#include "core/base/buf.h"
#include "core/table/filter_node.h"

#define ADDRESS_MAX 128 /* more than "[" IPv6 "%" zone "]:" port */

/* One look at one row. The value read last is kept, because lists ask the same column again. */
struct look {
	const struct filter *filter;
	const void *row;
	const struct column_set *known;
	size_t column;
	bool decided;
	struct value value;
};

static bool end_matches(const struct filter_node *node, const struct endpoint *end)
{
	bool port = node->low || node->high != UINT64_MAX;

	if (end->kind == ADDR_TEXT)
		return false;
	if (port && (end->no_port || end->port < node->low || end->port > node->high))
		return false;
	if (!node->has_prefix)
		return true;
	return prefix_holds(&node->prefix, end->kind, end->ip) &&
	        (!node->zone || node->zone == end->zone);
}

/* The text of a value that has one: an address is none. */
static struct str text_of(const struct value *value)
{
	if (value->kind == VALUE_TEXT)
		return value->text;
	return value->end->kind == ADDR_TEXT ? value->end->text : STR_NONE;
}

static bool regex_matches(
        const struct filter_node *node, const struct value *value, bool address_only)
{
	char address[ADDRESS_MAX];
	struct buf out = { .ptr = address, .cap = sizeof(address) };
	struct str text = text_of(value);

	if (!text.ptr) {
		struct endpoint end = *value->end;

		/* The array is longer than any address, so the buffer asks for no memory. */
		end.no_port |= address_only;
		endpoint_format(&out, &end, NULL, NULL);
		text = buf_view(&out);
	}
	if (text.len > FILTER_SUBJECT_MAX)
		text.len = FILTER_SUBJECT_MAX;
	return regex_test(node->regex, text);
}

static bool leaf_matches(const struct look *look, const struct filter_node *node)
{
	const struct value *value = &look->value;
	uint64_t number = value->u;
	struct str text;

	switch (node->kind) {
	case FILTER_RANGE:
		if (value->kind == VALUE_INT)
			number = (uint64_t)value->i ^ FILTER_SIGN;
		return number >= node->low && number <= node->high;
	case FILTER_WORDS:
		return number < 64 && (node->mask >> number & 1) != 0;
	case FILTER_END:
		return end_matches(node, value->end);
	case FILTER_REGEX:
		return regex_matches(node, value,
		        look->filter->schema->columns[node->column].type == COLUMN_ADDR);
	default:
		text = text_of(value);
		if (!text.ptr)
			return false;
		return node->kind == FILTER_EQUAL ? str_equal(text, node->text)
		                                  : str_find_nocase(text, node->text) >= 0;
	}
}

static enum truth test_leaf(struct look *look, const struct filter_node *node)
{
	if (node->column != look->column) {
		look->column = node->column;
		look->decided = column_set_has(look->known, node->column);
		if (look->decided)
			look->value = column_value(
			        &look->filter->schema->columns[node->column], look->row);
	}
	if (!look->decided)
		return TRUTH_UNKNOWN;
	if (node->kind == FILTER_UNKNOWN)
		return look->value.kind == VALUE_NONE ? TRUTH_TRUE : TRUTH_FALSE;
	if (look->value.kind == VALUE_NONE)
		return TRUTH_UNKNOWN;
	return leaf_matches(look, node) ? TRUTH_TRUE : TRUTH_FALSE;
}

/* The parser holds the depth of groups at twice FILTER_DEPTH_MAX. */
static enum truth test_node(struct look *look, const struct filter_node *node)
{
	const struct filter_node *nodes = look->filter->nodes;
	enum truth stop = node->kind == FILTER_AND ? TRUTH_FALSE : TRUTH_TRUE;
	enum truth truth = TRUTH_TRUE - stop;

	if (node->kind > FILTER_OR) {
		truth = test_leaf(look, node);
	} else {
		for (uint16_t i = node->first; i && truth != stop; i = nodes[i].next) {
			enum truth child = test_node(look, &nodes[i]);

			if (stop == TRUTH_FALSE ? child < truth : child > truth)
				truth = child;
		}
	}
	return node->negate ? TRUTH_TRUE - truth : truth;
}

enum truth filter_test(const struct filter *filter, const void *row, const struct column_set *known)
{
	struct look look = { .filter = filter, .row = row, .known = known, .column = SIZE_MAX };

	return test_node(&look, &filter->nodes[0]);
}
