/* SPDX-License-Identifier: MIT */
/*
 * A value is read out of its row at the moment it is needed, so that a row costs nothing for the
 * columns that nobody shows. Rows are our own structs, aligned as the compiler laid them out; the
 * unsigned members alone come in four sizes.
 */
#include "core/table/column.h"

#include <string.h>

/* Arrays instead of pointers: a static-pie relocates each pointer at its start. */
static const struct {
	char name[9];
	char unit[8];
	uint8_t kind; /* enum value_kind */
} types[] = {
	[COLUMN_TEXT] = { "text", "", VALUE_TEXT },
	[COLUMN_PATH] = { "path", "", VALUE_TEXT },
	[COLUMN_UINT] = { "uint", "", VALUE_UINT },
	[COLUMN_HEX] = { "hex", "", VALUE_UINT },
	[COLUMN_INT] = { "int", "", VALUE_INT },
	[COLUMN_ENUM] = { "enum", "", VALUE_UINT },
	[COLUMN_BOOL] = { "bool", "", VALUE_UINT },
	[COLUMN_BYTES] = { "bytes", "bytes", VALUE_UINT },
	[COLUMN_RATE] = { "rate", "bytes/s", VALUE_UINT },
	[COLUMN_DURATION] = { "duration", "s", VALUE_UINT },
	[COLUMN_TIME] = { "time", "", VALUE_UINT },
	[COLUMN_ENDPOINT] = { "endpoint", "", VALUE_END },
	[COLUMN_ADDR] = { "address", "", VALUE_END },
	[COLUMN_PORT] = { "port", "", VALUE_UINT },
};

const char *column_type_name(enum column_type type)
{
	return types[type].name;
}

const char *column_unit(enum column_type type)
{
	return types[type].unit;
}

static uint64_t read_unsigned(const void *at, unsigned size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static void number_value(struct value *value, const struct column *column, const void *at)
{
	unsigned unused = 64 - column->size * 8u;
	uint64_t number = read_unsigned(at, column->size);
	bool known = number != UINT64_MAX >> unused;

	if (column->type == COLUMN_ENUM)
		known = number != 0;
	if (column->type == COLUMN_BOOL)
		known = number <= 1;
	if (column->type == COLUMN_INT) {
		/* Up to the sign bit of 64 and back down, which copies it. */
		value->i = (int64_t)(number << unused) >> unused;
		known = number != (UINT64_C(1) << 63) >> unused;
	} else {
		value->u = number;
	}
	if (known)
		value->kind = types[column->type].kind;
}

static void end_value(struct value *value, const struct column *column, const struct endpoint *end)
{
	bool text = end->kind == ADDR_TEXT;

	if (end->kind == ADDR_NONE || (text && (column->type != COLUMN_ENDPOINT || !end->text.ptr)))
		return;
	if (column->type != COLUMN_PORT) {
		value->kind = VALUE_END;
		value->end = end;
	} else if (!end->no_port) {
		value->kind = VALUE_UINT;
		value->u = end->port;
	}
}

struct value column_value(const struct column *column, const void *row)
{
	struct value value = { .kind = VALUE_NONE };
	const void *at = row;

	if (column->block) {
		at = *(const void *const *)(const void *)((const char *)row + (column->block - 1));
		if (!at)
			return value;
	}
	at = (const char *)at + column->offset;
	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_PATH:
		value.text = *(const struct str *)at;
		value.kind = value.text.ptr ? VALUE_TEXT : VALUE_NONE;
		break;
	case COLUMN_ENDPOINT:
	case COLUMN_ADDR:
	case COLUMN_PORT:
		end_value(&value, column, at);
		break;
	default:
		number_value(&value, column, at);
	}
	return value;
}

static int compare_ends(
        const struct column *column, const struct endpoint *a, const struct endpoint *b)
{
	struct endpoint left = *a;
	struct endpoint right = *b;

	if (column->type == COLUMN_ADDR)
		left.port = right.port = 0;
	return endpoint_compare(&left, &right);
}

int column_compare(const struct column *column, const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return (a->kind == VALUE_NONE) - (b->kind == VALUE_NONE);
	switch (a->kind) {
	case VALUE_UINT:
		return (a->u > b->u) - (a->u < b->u);
	case VALUE_INT:
		return (a->i > b->i) - (a->i < b->i);
	case VALUE_TEXT:
		return str_compare(a->text, b->text);
	case VALUE_END:
		return compare_ends(column, a->end, b->end);
	case VALUE_NONE:
		break;
	}
	return 0;
}

const char *column_help(const struct column *column)
{
	return CONFIG_LONG_HELP ? str_next(column->name) : "";
}

const char *column_words(const struct column *column)
{
	if (column->type != COLUMN_ENUM)
		return "";
	return str_next(CONFIG_LONG_HELP ? column_help(column) : column->name);
}

const char *enum_word(const char *words, uint64_t value)
{
	for (; *words; words = str_next(words)) {
		if ((uint8_t)*words == value)
			return words + 1;
	}
	return NULL;
}

const char *enum_name(const void *words, size_t i)
{
	char last = '\0';

	for (const char *word = words; *word > last; word = str_next(word)) {
		if (!i--)
			return word + 1;
		last = *word;
	}
	return NULL;
}
