/* SPDX-License-Identifier: MIT */
/*
 * What a schema tells of itself: to people (-o help) and to programs (--schema).
 *
 * A cost is a sentence too long for a table of 80 columns, and many columns share one: so the table
 * has the number of a footnote.
 */
#include "core/table/schema.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/table/escape.h"

/* By type: what its values are in JSON; times are also numbers, as --time says. */
static const char json_types[][8] = {
	[COLUMN_TEXT] = "string",
	[COLUMN_PATH] = "string",
	[COLUMN_UINT] = "integer",
	[COLUMN_HEX] = "string",
	[COLUMN_INT] = "integer",
	[COLUMN_ENUM] = "string",
	[COLUMN_BOOL] = "boolean",
	[COLUMN_BYTES] = "integer",
	[COLUMN_RATE] = "integer",
	[COLUMN_DURATION] = "number",
	[COLUMN_TIME] = "string",
	[COLUMN_ENDPOINT] = "string",
	[COLUMN_ADDR] = "string",
	[COLUMN_PORT] = "integer",
};

enum cell {
	CELL_NAME,
	CELL_TYPE,
	CELL_UNIT,
	CELL_COST,
	CELL_MEANING,
	CELLS,
};

/* @at: the columns in which the cells begin. */
static void put_line(struct buf *out, const size_t at[CELLS], const char *const cells[CELLS])
{
	for (size_t i = 0; i < CELLS; i++)
		buf_words(out, cells[i], at[i]);
	buf_char(out, '\n');
}

/* "1,2": the numbers of the footnotes of the needs. */
static void make_cost(struct buf *cost, const struct schema *schema, uint32_t needs)
{
	const char *note = schema->costs;

	buf_clear(cost);
	for (size_t i = 1; note && *note; note = str_next(note), i++) {
		if (needs >> (*note - 1) & 1)
			buf_format(cost, cost->len ? ",%zu" : "%zu", i);
	}
	if (!cost->len)
		buf_text(cost, needs ? "some" : "free");
}

static void make_meaning(struct buf *meaning, const struct column *column)
{
	const char *words = column_words(column);
	const char *name;

	buf_clear(meaning);
	buf_text(meaning, column_help(column));
	for (size_t i = 0; (name = enum_name(words, i)); i++)
		buf_format(meaning, "%s %s", i ? "," : ":", name);
}

static void widen(size_t *width, size_t len)
{
	if (*width < len)
		*width = len;
}

static void lay_out(const struct schema *schema, size_t at[CELLS])
{
	struct buf cost = { 0 };
	size_t name_width = strlen("name");
	size_t cost_width = strlen("cost");

	for (size_t i = 0; i < schema->count; i++) {
		make_cost(&cost, schema, schema->columns[i].needs);
		widen(&name_width, strlen(schema->columns[i].name));
		widen(&cost_width, cost.len);
	}
	buf_release(&cost);
	at[CELL_NAME] = 0;
	at[CELL_TYPE] = name_width + 2;
	at[CELL_UNIT] = at[CELL_TYPE] + strlen("duration  ");
	at[CELL_COST] = at[CELL_UNIT] + strlen("bytes/s  ");
	at[CELL_MEANING] = at[CELL_COST] + cost_width + 2;
}

void schema_help(const struct schema *schema, struct buf *out)
{
	const char *const titles[CELLS] = { "name", "type", "unit", "cost", "meaning" };
	const char *note = schema->costs;
	const char *alias = schema->aliases;
	struct buf cost = { 0 };
	struct buf meaning = { 0 };
	size_t at[CELLS];

	lay_out(schema, at);
	put_line(out, at, titles);
	for (size_t i = 0; i < schema->count; i++) {
		const struct column *column = &schema->columns[i];

		make_cost(&cost, schema, column->needs);
		make_meaning(&meaning, column);
		put_line(out, at,
		        (const char *const[CELLS]){ column->name, column_type_name(column->type),
		                column_unit(column->type), cost.ptr, meaning.ptr });
	}
	buf_release(&cost);
	buf_release(&meaning);
	for (size_t i = 1; note && *note; note = str_next(note), i++)
		buf_format(out, "cost %zu: %s\n", i, note + 1);
	for (; alias && *alias; alias = str_next(str_next(alias)))
		buf_format(out, "alias %s: %s\n", alias, str_next(alias));
}

static void put_json_string(struct buf *out, const char *text)
{
	buf_char(out, '"');
	escape_json(out, str_from(text));
	buf_char(out, '"');
}

static void put_member(struct buf *out, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	buf_char(out, ',');
	put_json_string(out, key);
	buf_char(out, ':');
	put_json_string(out, text);
}

static void put_property(struct buf *out, const struct column *column)
{
	const char *name;

	put_json_string(out, column->name);
	buf_text(out, ":{\"type\":[");
	put_json_string(out, json_types[column->type]);
	buf_text(out, column->type == COLUMN_TIME ? ",\"number\",\"null\"]" : ",\"null\"]");
	put_member(out, "description", column_help(column));
	put_member(out, "unit", column_unit(column->type));
	if (column->type == COLUMN_ENUM) {
		buf_text(out, ",\"enum\":[");
		for (size_t i = 0; (name = enum_name(column_words(column), i)); i++) {
			put_json_string(out, name);
			buf_char(out, ',');
		}
		buf_text(out, "null]");
	}
	buf_char(out, '}');
}

void schema_json(const struct schema *schema, struct buf *out)
{
	buf_text(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
	put_member(out, "title", schema->name);
	buf_text(out, ",\"version\":");
	buf_u64(out, schema->version);
	buf_text(out, ",\"type\":\"object\",\"properties\":{\n");
	for (size_t i = 0; i < schema->count; i++) {
		if (i)
			buf_text(out, ",\n");
		put_property(out, &schema->columns[i]);
	}
	/* A text that is no UTF-8 has its bytes in a second member. */
	buf_text(out,
	        "},\n\"patternProperties\":{\"_b64$\":{\"type\":\"string\",\"contentEncoding\":\"base64\"}},"
	        "\"additionalProperties\":false}\n");
}
