/* SPDX-License-Identifier: MIT */
/*
 * The filter language of all applets (see docs/filter.md for the user's side).
 *
 *	conns port:443 comm:ssh not state:listen
 *	conns -Y 'rtt:50ms.. and (raddr:10.0.0.0/8 or user:www-data)'
 *
 * Truth has three values, because a column may be unknown: a term on an unknown value is neither
 * true nor false, not(unknown) is unknown, and a row passes on true only. The same logic serves
 * before everything is collected: with only some columns known, "false" already decides, which is
 * how rows are thrown away before their owner is looked for, and how a source learns which states
 * it needs to ask for at all.
 */
#ifndef SOCKBOX_TABLE_FILTER_H
#define SOCKBOX_TABLE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/table/schema.h"

struct filter;

enum truth {
	TRUTH_FALSE,
	TRUTH_UNKNOWN,
	TRUTH_TRUE,
};

/** An empty filter, which every row passes. The schema is static. */
struct filter *filter_new(const struct schema *schema);
void filter_free(struct filter *filter);

/**
 * Adds (ANDs) the words of a command line, each argument one token: "and", "or", "not", "(", ")",
 * "&&", "||", "!" alone are operators (a '!' before a term too), all else is one term. 0, or
 * DIAG_USAGE with sentence, the words joined by blanks and a caret stored, and nothing added.
 */
int filter_words(struct filter *filter, size_t count, char **words);

/** Adds (ANDs) an expression with quotes and brackets, as -Y has it. 0 or DIAG_USAGE. */
int filter_text(struct filter *filter, const char *text);

/** Nothing was added. */
bool filter_empty(const struct filter *filter);

/** What must be collected so that every term can be decided. */
uint32_t filter_needs(const struct filter *filter);

/**
 * The columns that some term names. @explicit_only leaves out those in which a bare word is only
 * looked for; one that is a word of an enumeration names that column.
 */
struct column_set filter_columns(const struct filter *filter, bool explicit_only);

/**
 * Does the row pass, as far as the columns in @known say? A column outside counts as undecided, its
 * memory is not read. Never allocates; regular expressions run last.
 */
enum truth filter_test(
        const struct filter *filter, const void *row, const struct column_set *known);

/** One of the alternatives that a term allows: a range of numbers (ports), a prefix, or both. */
struct filter_bound {
	bool has_prefix;
	struct prefix prefix;
	uint64_t low,
	        high; /* 0..UINT64_MAX where the term says nothing of the number; a term that no
	                     * number can satisfy ("lport<1") has low > high */
};

/**
 * For push-down: the alternatives of the first term that every passing row must satisfy (it stands
 * at the top of the ANDs, is not negated, matches by equality, range or prefix) and that speaks of
 * exactly the columns in @columns. Returns how many there are, 0 where there is no such term or
 * more than @max alternatives: no restriction is known then.
 */
size_t filter_bounds(const struct filter *filter, const struct column_set *columns,
        struct filter_bound *bounds, size_t max);

#endif
