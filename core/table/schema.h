/* SPDX-License-Identifier: MIT */
/*
 * A row type: its columns and the words by which people call them. All help, the JSON Schema and
 * the completions are printed from here.
 */
#ifndef SOCKBOX_TABLE_SCHEMA_H
#define SOCKBOX_TABLE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/str.h"
#include "core/table/column.h"

#define SCHEMA_COLUMNS_MAX 128

/** A set of columns, by their place in the schema. */
struct column_set {
	uint64_t bits[SCHEMA_COLUMNS_MAX / 64];
};

struct schema {
	const char *name; /* "conn" */
	uint32_t version;
	const struct column *columns;
	size_t count;
	size_t row_size;
	const char *defaults; /* columns of the default view: "proto,state,..." */
	const char *bare;     /* columns in which a bare word is looked for */
	const char *ends;     /* endpoint columns that a bare address matches */
	const char *number;   /* what a bare number was probably meant for: "port" */
	/* Lists as str_next() reads them; NULL without. */
	const char *
	        aliases; /* other words for one or several columns: "port\0" "lport,rport\0"; a filter
	                      * term on several holds if any of them matches */
	const char *
	        costs; /* for -o help: "\1reads /proc/PID/fd\0", the byte is 1 for the need 1u << 0 */
	const char *
	        idioms; /* what a user of another tool would try, a whole word, and what it is here:
	                      * "established\0" "state:established\0"; asked before a bare word is searched */
};

/** Index of a column by its name, or -1. Aliases are not looked at. */
int schema_find(const struct schema *schema, struct str name);

/** The columns that a name or an alias stands for; false if neither knows it. */
bool schema_resolve(const struct schema *schema, struct str name, struct column_set *columns);

/** What stands behind @word in a list of pairs (aliases, idioms), or NULL. */
const char *schema_pair(const char *pairs, struct str word);

/** Nearest column or alias name to a misspelt one, or NULL. */
const char *schema_nearest(const struct schema *schema, struct str name);

/** The i-th column or, behind them, alias name; NULL at the end. For diag_nearest(); @schema is a struct schema. */
const char *schema_word(const void *schema, size_t i);

/** The columns that can be read when @needs were collected. */
struct column_set schema_known(const struct schema *schema, uint32_t needs);

/** -o help: name, type, unit, cost and meaning of each column, 80 columns wide where the words allow. */
void schema_help(const struct schema *schema, struct buf *out);

/** --schema: a JSON Schema (2020-12) of one record, with units, enumerations and version. */
void schema_json(const struct schema *schema, struct buf *out);

static inline bool column_set_has(const struct column_set *set, size_t i)
{
	return (set->bits[i / 64] >> i % 64 & 1) != 0;
}

static inline void column_set_add(struct column_set *set, size_t i)
{
	set->bits[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void column_set_drop(struct column_set *set, size_t i)
{
	set->bits[i / 64] &= ~(UINT64_C(1) << i % 64);
}

#endif
