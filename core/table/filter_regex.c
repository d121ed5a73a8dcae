/* SPDX-License-Identifier: MIT */
/*
 * Terms with a regular expression. Over the words of an enumeration it is answered once, here; over
 * a text, for every row, which is why such a term comes last among its neighbours.
 */
#include "core/table/filter.h"

#include "core/base/diag.h"
#include "core/base/regex.h"
#include "core/table/filter_node.h"

static uint64_t words_mask(const char *words, const struct regex *regex)
{
	uint64_t mask = 0;
	const char *name;

	for (size_t i = 0; (name = enum_name(words, i)); i++) {
		if (regex_test(regex, str_from(name)))
			mask |= UINT64_C(1) << (name[-1] & 63);
	}
	return mask;
}

int filter_regex(struct filter_term *term)
{
	const struct column *column = term->column;
	const struct filter_item *item = &term->item;
	struct filter_node *leaf = &term->leaf;
	struct str pattern = { item->text.ptr + item->slashes,
		item->text.len - 2u * item->slashes };
	const char *why;
	size_t offset;
	struct regex *regex = regex_new(pattern, item->slashes, &why, &offset);

	if (!regex)
		return filter_refuse(term->shown, term->at + item->at + item->slashes + offset,
		        "regular expression: ", STR_NONE, why);
	if (column->type == COLUMN_ENUM) {
		leaf->kind = FILTER_WORDS;
		leaf->mask = words_mask(column_words(column), regex);
		regex_free(regex);
		return 0;
	}
	leaf->kind = FILTER_REGEX;
	leaf->late = true;
	leaf->regex = regex;
	return 0;
}
