/* SPDX-License-Identifier: MIT */
/*
 * Prints the parts of docs/ that come from the tables: "letters" gives docs/letters.md, the name of an
 * applet its page of reference. "make docs" writes them; a test compares them with what stands there.
 */
#include <string.h>

#include "core/applet.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/message.h"
#include "core/table/common.h"

#define APPLET(name) extern const struct applet applet_##name;
#include "applets.h"
#undef APPLET

static const struct applet *const applets[] = {
#define APPLET(name) &applet_##name,
#include "applets.h"
#undef APPLET
};

static const struct option *find_letter(const struct option *rows, size_t count, char letter)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static void cell(struct buf *out, const struct option *option)
{
	if (!option)
		buf_text(out, " |");
	else if (!*option->text)
		buf_format(out, " (%s) |", option_help(option));
	else
		buf_format(out, " %s%s |", option->text, *str_next(option->text) ? "=" : "");
}

static bool letter_row(struct buf *out, char letter)
{
	struct buf row = { 0 };
	bool used;

	buf_format(&row, "| `-%c` |", letter);
	cell(&row, find_letter(common_options, common_options_count, letter));
	used = find_letter(common_options, common_options_count, letter) != NULL;
	for (size_t i = 0; i < ARRAY_COUNT(applets); i++) {
		const struct option *own =
		        find_letter(applets[i]->options, applets[i]->option_count, letter);

		used = used || own;
		cell(&row, own);
	}
	buf_char(&row, '\n');
	if (used)
		buf_str(out, buf_view(&row));
	buf_release(&row);
	return used;
}

static void print_letters(struct buf *out)
{
	buf_text(out,
	        "# Letters\n\nPrinted by `make docs` from the option tables. A letter means one thing in all applets; those that\n"
	        "another tool has taught people are the exceptions (`tests/unit/test_letters.c`). `=` takes a value.\n\n"
	        "| letter | every applet |");
	for (size_t i = 0; i < ARRAY_COUNT(applets); i++)
		buf_format(out, " `%s` |", applets[i]->name);
	buf_text(out, "\n| --- | --- |");
	for (size_t i = 0; i < ARRAY_COUNT(applets); i++)
		buf_text(out, " --- |");
	buf_char(out, '\n');
	for (char c = '0'; c <= '9'; c++)
		letter_row(out, c);
	for (char c = 'a'; c <= 'z'; c++) {
		letter_row(out, c);
		letter_row(out, (char)(c - 'a' + 'A'));
	}
}

static void option_rows(struct buf *out, const struct option *rows, size_t count)
{
	buf_text(out, "| option | meaning |\n| --- | --- |\n");
	for (size_t i = 0; i < count; i++) {
		const char *name = rows[i].text, *argument = str_next(name);

		buf_text(out, "| `");
		if (rows[i].letter)
			buf_format(out, "-%c%s", rows[i].letter, *name ? ", " : "");
		if (*name)
			buf_format(out, "--%s", name);
		if (*argument)
			buf_format(out, " %s", argument);
		buf_format(out, "` | %s |\n", option_help(&rows[i]));
	}
}

static void column_rows(struct buf *out, const struct schema *schema)
{
	buf_text(out, "| column | type | unit | meaning |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < schema->count; i++) {
		const struct column *column = &schema->columns[i];

		buf_format(out, "| `%s` | %s | %s | %s |\n", column->name,
		        column_type_name(column->type), column_unit(column->type),
		        column_help(column));
	}
	buf_text(out, "\nOther names, in filters: ");
	for (const char *alias = schema->aliases; alias && *alias;
	        alias = str_next(str_next(alias)))
		buf_format(out, "%s`%s` (%s)", alias == schema->aliases ? "" : ", ", alias,
		        str_next(alias));
	buf_text(out, ".\n");
}

static void print_applet(struct buf *out, const struct applet *applet)
{
	buf_format(out,
	        "# %s: options and columns\n\nPrinted by `make docs` from the tables.\n\n    %s %s\n\n%s.\n\n## Examples\n\n",
	        applet->name, applet->name, applet->usage, applet->summary);
	for (struct str rest = str_from(applet->examples), line; str_split(&rest, '\n', &line);)
		if (line.len)
			buf_format(out, "  %.*s\n", STR_ARG(line));
	buf_text(out, "\n## Its own options\n\n");
	option_rows(out, applet->options, applet->option_count);
	buf_text(out, "\n## Options of every applet\n\n");
	option_rows(out, common_options, common_options_count);
	if (!applet->schema)
		return;
	buf_format(out, "\n## Columns\n\nShown without `-o`: %s.\n\n", applet->schema->defaults);
	column_rows(out, applet->schema);
}

int main(int argc, char **argv)
{
	struct buf out = { 0 };
	int status;

	if (argc == 2 && strcmp(argv[1], "letters") == 0)
		print_letters(&out);
	for (size_t i = 0; argc == 2 && i < ARRAY_COUNT(applets); i++)
		if (strcmp(argv[1], applets[i]->name) == 0)
			print_applet(&out, applets[i]);
	if (!out.len) {
		message("docs", "wants 'letters' or the name of an applet");
		return EXIT_USAGE;
	}
	status = message_print("docs", &out);
	buf_release(&out);
	return status;
}
