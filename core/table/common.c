/* SPDX-License-Identifier: MIT */
/*
 * The options that mean the same in every applet. Their order is that of usage.
 */
#include "core/table/common.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/table/sink.h"
#include "core/table/word.h"

/* clang-format off */
const struct option common_options[] = {
	OPT_TEXT('o', "columns", "LIST", common, columns, "columns in their order; +a adds, -a drops, all; help lists them"),
	OPT_TEXT('k', "sort", "LIST", common, sort, "sort by these columns; -a is descending"),
	OPT_TEXT('Y', "filter", "EXPR", common, filter, "rows for which this is true; bare words do the same"),
	OPT_TEXT('F', "format", "F", common, format, "table, tsv, csv, jsonl, kv or value"),
	OPT_FLAG('J', "", common, jsonl, "-F jsonl: a JSON object a line"),
	OPT_FLAG('H', "no-header", common, no_header, "no header line"),
	OPT_FLAG(0, "print0", common, print0, "end records with NUL"),
	OPT_SECONDS('d', "delay", "SEC", common, delay_ns, 0, "repeat after this time"),
	OPT_COUNT('c', "count", "N", common, count, "stop after N samples"),
	OPT_FLAG('q', "quiet", common, quiet, "no output, only the exit status"),
	OPT_SECONDS(0, "wait", "SEC", common, wait_ns, 1, "return when something matches; SEC or forever"),
	OPT_TEXT(0, "time", "FMT", common, time, "rfc3339, epoch, relative, or local where built in"),
	OPT_TEXT(0, "color", "WHEN", common, color, "auto, always or never"),
	OPT_TEXT(0, "backend", "NAME", common, backend, "ask this source only"),
	OPT_TEXT(0, "replay", "DIR", common, replay, "read a recorded system"),
	OPT_FLAG(0, "schema", common, schema, "print the JSON Schema of a record"),
	OPT_FLAG('v', "why", common, why, "say which backend answered, and what it cost"),
	OPT_FLAG(0, "stats", common, stats, "at the end a JSON line of counts on stderr"),
	OPT_FLAG(0, "partial-ok", common, partial_ok, "missing parts do not change the exit status"),
	OPT_FLAG(0, "line-buffered", common, by_line, "write line by line"),
	OPT_FLAG('h', "help", common, help, "this text"),
};
/* clang-format on */

const size_t common_options_count = ARRAY_COUNT(common_options);

static int set_time(const struct common *common, struct view *view)
{
	/* As enum time_format. */
	const char *words = CONFIG_LOCALTIME ? "rfc3339\0epoch\0relative\0local\0"
	                                     : "rfc3339\0epoch\0relative\0";
	int format = common->time ? word_choose("time format", common->time, words) : 0;

	if (format < 0)
		return format;
	view->time = (enum time_format)format;
	return 0;
}

static int set_color(const struct common *common, struct view *view, bool on_terminal)
{
	static const char words[] = "auto\0always\0never\0";
	int when = common->color ? word_choose("color", common->color, words) : 0;
	const char *refused = getenv("NO_COLOR"); /* no-color.org: if not empty */

	if (when < 0)
		return when;
	view->color = when == 1 || (when == 0 && on_terminal && !(refused && *refused));
	return 0;
}

static int set_format(const struct common *common, struct view *view)
{
	const char *name = common->jsonl ? "jsonl" : common->format;

	if (common->jsonl && common->format && strcmp(common->format, name) != 0)
		return diag(DIAG_USAGE, "-J is -F jsonl; -F %s contradicts it", common->format);
	if (name)
		view->format = sink_find(name);
	if (!view->format)
		return DIAG_USAGE;
	if (strcmp(view->format->name, "value") == 0 && view->count != 1)
		return diag(DIAG_USAGE, "-F value shows one column, not %zu: choose it by -o",
		        view->count);
	view->header = !common->no_header;
	view->print0 = common->print0;
	return 0;
}

static int set_filter(
        const struct common *common, struct view *view, size_t word_count, char **words)
{
	int result = common->filter ? filter_text(view->filter, common->filter) : 0;
	struct column_set named;

	if (!result && word_count)
		result = filter_words(view->filter, word_count, words);
	named = filter_columns(view->filter, true);
	for (size_t i = 0; i < ARRAY_COUNT(named.bits); i++)
		view->named.bits[i] |= named.bits[i];
	return result;
}

int common_view(const struct common *common, struct view *view, size_t word_count, char **words,
        bool on_terminal)
{
	int result = 0;

	if (common->count && !common->delay_ns)
		return diag(DIAG_USAGE, "-c needs -d: how long to wait between samples");
	if (common->wait_ns && common->delay_ns)
		return diag(
		        DIAG_USAGE, "--wait ends at the first match and -d repeats: choose one");
	if (common->columns && strcmp(common->columns, "help") != 0)
		result = view_columns(view, common->columns);
	if (!result && common->sort)
		result = view_sort(view, common->sort);
	if (!result)
		result = set_filter(common, view, word_count, words);
	if (!result)
		result = set_format(common, view);
	if (!result)
		result = set_time(common, view);
	if (!result)
		result = set_color(common, view, on_terminal);
	return result;
}
