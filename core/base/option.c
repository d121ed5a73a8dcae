/* SPDX-License-Identifier: MIT */
/*
 * Why not getopt_long: it prints by itself, knows no caret and no nearest name, wants the letters a
 * second time as a string, and keeps its place in globals.
 *
 * Words are moved to the front of argv as they are met. They overtake only what was already read, so
 * no second array is needed.
 */
#include "core/base/option.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/mem.h"

#define USAGE_HELP 26 /* column in which the help begins */

/* All groups as one list, for the searches. */
struct table {
	const struct option_group *groups;
	size_t count;
};

/* The argument being read, and where in it. */
struct parser {
	struct table table;
	char **argv;
	int argc;
	int at; /* index of the word */
};

/* The i-th row of all groups; *target is what its group writes to. */
static const struct option *table_row(const struct table *table, size_t i, void **target)
{
	for (size_t g = 0; g < table->count; g++) {
		const struct option_group *group = &table->groups[g];

		if (i < group->count) {
			*target = group->target;
			return &group->rows[i];
		}
		i -= group->count;
	}
	return NULL;
}

const char *option_argument(const struct option *row)
{
	return str_next(row->text);
}

const char *option_help(const struct option *row)
{
	return CONFIG_LONG_HELP ? str_next(option_argument(row)) : "";
}

static const char *next_name(const void *context, size_t i)
{
	void *target;
	const struct option *row = table_row(context, i, &target);

	return row ? row->text : NULL;
}

/* Each unit is so many of the one before. */
static const struct {
	char name[3];
	uint16_t count;
} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000 }, { "s", 1000 }, { "m", 60 }, { "h", 60 },
	{ "d", 24 } };

static uint64_t unit_ns(struct str name)
{
	uint64_t ns = 1;

	for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
		ns *= units[i].count;
		if (str_equal(name, str_from(units[i].name)))
			return ns;
	}
	return 0;
}

static size_t digits_at(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
		end++;
	return end - at;
}

bool duration_parse(struct str text, bool bare_seconds, uint64_t *ns)
{
	size_t whole_len = digits_at(text, 0);
	size_t end = whole_len;
	size_t point = whole_len;
	uint64_t whole, sum, unit;

	if (end < text.len && text.ptr[end] == '.') {
		end += 1 + digits_at(text, end + 1);
		if (end == point + 1)
			return false;
	}
	unit = bare_seconds && end == text.len
	        ? NS_PER_SEC
	        : unit_ns((struct str){ text.ptr + end, text.len - end });
	if (!unit || !str_u64((struct str){ text.ptr, whole_len }, &whole) ||
	        __builtin_mul_overflow(whole, unit, &sum))
		return false;
	for (size_t i = point + 1; i < end; i++) {
		unit /= 10;
		if (__builtin_add_overflow(sum, (uint64_t)(text.ptr[i] - '0') * unit, &sum))
			return false;
	}
	*ns = sum;
	return true;
}

static const char *wanted(const struct option *row)
{
	if (row->type == OPTION_COUNT)
		return "a whole number from 1";
	return row->value ? "seconds (0.5), a duration (500ms, 2m) or 'forever'"
	                  : "seconds (0.5) or a duration (500ms, 2m)";
}

/* Puts @text where the row says; false if it is not what the type wants. */
static bool store(const struct option *row, void *target, const char *text)
{
	void *member = (char *)target + row->offset;
	struct str value = str_from(text);
	uint64_t number = UINT64_MAX;

	switch ((enum option_type)row->type) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return true;
	case OPTION_SET:
		*(uint32_t *)member |= row->value;
		return true;
	case OPTION_TEXT:
		*(const char **)member = text;
		return true;
	case OPTION_COUNT:
		if (!str_u64(value, &number) || !number)
			return false;
		break;
	case OPTION_SECONDS:
		if (!(row->value && str_equal(value, STR("forever"))) &&
		        !(duration_parse(value, true, &number) && (number || row->value)))
			return false;
		break;
	}
	*(uint64_t *)member = number;
	return true;
}

/* The option's value: attached, or the next word, which it then uses up. */
static int take_value(
        struct parser *p, const struct option *row, void *target, bool is_long, char *value)
{
	const char *help = option_help(row);
	const char *dashes = is_long ? "--" : "-";
	struct str name = is_long ? str_from(row->text) : (struct str){ &row->letter, 1 };
	const char *word = p->argv[p->at];

	if (!value && p->at + 1 == p->argc)
		return diag_at(DIAG_USAGE, word, strlen(word), "%s%.*s needs %s%s%s", dashes,
		        STR_ARG(name), option_argument(row), *help ? ": " : "", help);
	if (!value)
		value = p->argv[++p->at];
	word = p->argv[p->at];
	if (store(row, target, value))
		return 0;
	return diag_at(DIAG_USAGE, word, (size_t)(value - word), "%s%.*s needs %s, not '%s'",
	        dashes, STR_ARG(name), wanted(row), value);
}

/* The long name exactly, or the first that begins so; *others lists what else begins so. */
static const struct option *find_long(
        const struct table *table, struct str name, void **target, struct buf *others)
{
	const struct option *found = NULL;
	const struct option *row;
	void *its_target;

	for (size_t i = 0; (row = table_row(table, i, &its_target)); i++) {
		bool exact;

		if (!str_starts(str_from(row->text), name))
			continue;
		exact = !row->text[name.len];
		if (!found || exact) {
			found = row;
			*target = its_target;
		} else if (strcmp(found->text, row->text) != 0) {
			buf_format(others, ", '--%s'", row->text);
		}
		if (exact) {
			buf_clear(others);
			break;
		}
	}
	return found;
}

/* @name stands behind a dash of the word. */
static int unknown(const struct parser *p, struct str name, const char *near)
{
	const char *word = p->argv[p->at];
	bool is_long = name.ptr == word + 1 && name.ptr[0] == '-';

	return diag_at(DIAG_USAGE, word, (size_t)(name.ptr - word) + is_long,
	        "unknown option '-%.*s'; %s%s%s", STR_ARG(name),
	        near ? "did you mean '--" : "-h lists them all", near ? near : "",
	        near ? "'?" : "");
}

static int parse_long(struct parser *p)
{
	char *word = p->argv[p->at];
	char *equals = strchr(word, '=');
	struct str name = { word + 2, equals ? (size_t)(equals - word) - 2 : strlen(word + 2) };
	struct buf others = { 0 };
	const struct option *row;
	void *target;
	int result;

	row = find_long(&p->table, name, &target, &others);
	if (!row || !name.len)
		result = unknown(p, (struct str){ word + 1, name.len + 1 },
		        diag_nearest(name.ptr, name.len, next_name, &p->table));
	else if (others.len)
		result = diag_at(DIAG_USAGE, word, 2 + name.len, "'--%.*s' may be '--%s'%s",
		        STR_ARG(name), row->text, others.ptr);
	else if (*option_argument(row))
		result = take_value(p, row, target, true, equals ? equals + 1 : NULL);
	else if (equals)
		result = diag_at(DIAG_USAGE, word, (size_t)(equals - word), "--%s takes no value",
		        row->text);
	else
		result = store(row, target, NULL) ? 0 : DIAG_USAGE;
	buf_release(&others);
	return result;
}

/* "-quiet" is a row of letters here, but who writes it means the name. */
static int unknown_letter(const struct parser *p, const char *at)
{
	const char *word = p->argv[p->at];
	struct buf none = { 0 };
	void *target;
	const struct option *row = find_long(&p->table, str_from(word + 1), &target, &none);

	buf_release(&none);
	if (row && strcmp(row->text, word + 1) == 0)
		return unknown(p, str_from(word + 1), row->text);
	return unknown(p, (struct str){ at, 1 }, NULL);
}

static const struct option *find_letter(const struct table *table, char letter, void **target)
{
	const struct option *row;

	for (size_t i = 0; (row = table_row(table, i, target)); i++) {
		if (row->letter == letter)
			return row;
	}
	return NULL;
}

/* "-tln", "-d1", "-tld 1": letters up to one that takes the rest, or the next word, as its value. */
static int parse_letters(struct parser *p)
{
	for (char *at = p->argv[p->at] + 1; *at; at++) {
		void *target;
		const struct option *row = find_letter(&p->table, *at, &target);

		if (!row)
			return unknown_letter(p, at);
		if (*option_argument(row))
			return take_value(p, row, target, false, at[1] ? at + 1 : NULL);
		store(row, target, NULL);
	}
	return 0;
}

int options_parse(
        const struct option_group *groups, size_t group_count, int argc, char **argv, size_t *words)
{
	struct parser p = { { groups, group_count }, argv, argc, 1 };
	bool only_words = false;
	size_t count = 0;

	for (; p.at < argc; p.at++) {
		char *word = argv[p.at];
		bool is_long = word[0] == '-' && word[1] == '-';
		int result;

		if (only_words || word[0] != '-' || !word[1]) {
			argv[++count] = word;
			continue;
		}
		if (is_long && !word[2]) {
			only_words = true;
			continue;
		}
		result = is_long ? parse_long(&p) : parse_letters(&p);
		if (result)
			return result;
	}
	*words = count;
	return 0;
}

static void add_row(struct buf *out, const struct option *row)
{
	const char *argument = option_argument(row);

	if (row->letter)
		buf_format(out, "  -%c%s", row->letter, *row->text ? ", " : "");
	else
		buf_fill(out, ' ', 6);
	buf_format(
	        out, "%s%s%s%s", *row->text ? "--" : "", row->text, *argument ? " " : "", argument);
	if (buf_column(out) + 2 > USAGE_HELP)
		buf_char(out, '\n');
	buf_words(out, option_help(row), USAGE_HELP);
	buf_char(out, '\n');
}

void options_usage(const struct option_group *groups, size_t group_count, struct buf *out)
{
	for (size_t g = 0; g < group_count; g++) {
		if (g)
			buf_char(out, '\n');
		if (groups[g].title)
			buf_format(out, "%s:\n", groups[g].title);
		for (size_t i = 0; i < groups[g].count; i++) {
			if (!CONFIG_LONG_HELP || *option_help(&groups[g].rows[i]))
				add_row(out, &groups[g].rows[i]);
		}
	}
}
