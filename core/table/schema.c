/* SPDX-License-Identifier: MIT */
/*
 * Names are looked up a few times a run, in tables of some fifty rows: a linear search is enough.
 */
#include "core/table/schema.h"

#include "core/base/diag.h"

int schema_find(const struct schema *schema, struct str name)
{
	for (size_t i = 0; i < schema->count; i++) {
		if (str_equal(name, str_from(schema->columns[i].name)))
			return (int)i;
	}
	return -1;
}

const char *schema_pair(const char *pairs, struct str word)
{
	for (const char *at = pairs; at && *at; at = str_next(str_next(at))) {
		if (str_equal(word, str_from(at)))
			return str_next(at);
	}
	return NULL;
}

bool schema_resolve(const struct schema *schema, struct str name, struct column_set *columns)
{
	int found = schema_find(schema, name);
	struct str rest = name;
	struct str part;

	if (found < 0) {
		rest = str_from(schema_pair(schema->aliases, name));
		if (!rest.ptr)
			return false;
	}
	*columns = (struct column_set){ 0 };
	while (str_split(&rest, ',', &part)) {
		found = schema_find(schema, part);
		if (found >= 0)
			column_set_add(columns, (size_t)found);
	}
	return true;
}

const char *schema_word(const void *schema, size_t i)
{
	const struct schema *s = schema;
	const char *alias = s->aliases;

	if (i < s->count)
		return s->columns[i].name;
	for (i -= s->count; i && alias && *alias; i--)
		alias = str_next(str_next(alias));
	return alias && *alias ? alias : NULL;
}

const char *schema_nearest(const struct schema *schema, struct str name)
{
	return diag_nearest(name.ptr, name.len, schema_word, schema);
}

struct column_set schema_known(const struct schema *schema, uint32_t needs)
{
	struct column_set known = { 0 };

	for (size_t i = 0; i < schema->count; i++) {
		if (!(schema->columns[i].needs & ~needs))
			column_set_add(&known, i);
	}
	return known;
}
