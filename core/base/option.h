/* SPDX-License-Identifier: MIT */
/*
 * Command-line options as tables. Usage text, errors with the nearest name, and the documentation's
 * letter table all come from the rows.
 *
 *	OPT_FLAG('q', "quiet", common, quiet, "no output, only the exit status"),
 *	OPT_TEXT('o', "columns", "LIST", common, columns, "columns and their order"),
 *
 * Grammar: getopt_long's, in our own few lines: bundled letters (-tln), values attached or next
 * (-d1, -d 1, --delay=1, --delay 1), "--" ends the options, "-" is a word, words and options mix,
 * and an unambiguous beginning of a long name will do.
 */
#ifndef SOCKBOX_BASE_OPTION_H
#define SOCKBOX_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

enum option_type {
	OPTION_FLAG,    /* bool: true */
	OPTION_SET,     /* uint32_t: |= value */
	OPTION_TEXT,    /* const char *: the argument as it is; given twice, the last wins */
	OPTION_COUNT,   /* uint64_t: a whole number from 1 */
	OPTION_SECONDS, /* uint64_t: nanoseconds; "0.5", "5", also 500ms, 2m; "forever" is UINT64_MAX
	                 * where value is 1 */
};

struct option {
	char letter;     /* 0: only the long name */
	uint8_t type;    /* enum option_type */
	uint16_t offset; /* of the member in the target */
	uint32_t value;  /* for OPTION_SET, OPTION_SECONDS */
	/* Packed as str_next() reads it: the long name without dashes (empty: only the letter), what the
	 * value is called in usage (empty for flags), and one line of help (empty: accepted for habit,
	 * not shown). One pointer: each would cost a relocation. */
	const char *text;
};

/** Sentences that explain can be left out of a small binary: the names stay. */
#if CONFIG_LONG_HELP
#define HELP(text) "\0" text
#else
#define HELP(text) ""
#endif

#define OPT_ROW(type_, letter_, name_, argument_, target_, member_, value_, help_) \
	{ .letter = (letter_),                                                     \
		.type = (type_),                                                   \
		.offset = offsetof(struct target_, member_),                       \
		.value = (value_),                                                 \
		.text = name_ "\0" argument_ HELP(help_) }
#define OPT_FLAG(letter, name, target, member, help) \
	OPT_ROW(OPTION_FLAG, letter, name, "", target, member, 0, help)
#define OPT_SET(letter, name, target, member, bit, help) \
	OPT_ROW(OPTION_SET, letter, name, "", target, member, bit, help)
#define OPT_TEXT(letter, name, argument, target, member, help) \
	OPT_ROW(OPTION_TEXT, letter, name, argument, target, member, 0, help)
#define OPT_COUNT(letter, name, argument, target, member, help) \
	OPT_ROW(OPTION_COUNT, letter, name, argument, target, member, 0, help)
#define OPT_SECONDS(letter, name, argument, target, member, forever, help) \
	OPT_ROW(OPTION_SECONDS, letter, name, argument, target, member, forever, help)

/** What the value is called in usage, empty for flags; and the line of help. The name is text itself. */
const char *option_argument(const struct option *row);
const char *option_help(const struct option *row);

/** A table and the struct that it writes to. */
struct option_group {
	const char *title; /* heading in usage */
	const struct option *rows;
	size_t count;
	void *target;
};

/**
 * Parses argv[1..]. Words that are no options are gathered, in order, in argv[1..*words] (argv is
 * permuted). Returns 0, or DIAG_USAGE with sentence, caret and nearest name stored. The groups are
 * asked in order; the first that knows a letter or name has it.
 */
int options_parse(const struct option_group *groups, size_t group_count, int argc, char **argv,
        size_t *words);

/** The option lines of usage, 80 columns wide. */
void options_usage(const struct option_group *groups, size_t group_count, struct buf *out);

/** A duration as the user writes it: "5s", "50ms", "1.5h", "2m", "3us", "1d"; a bare number counts
 * as seconds only where @bare_seconds. False if it is no duration. */
bool duration_parse(struct str text, bool bare_seconds, uint64_t *ns);

#endif
