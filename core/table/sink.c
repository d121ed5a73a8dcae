/* SPDX-License-Identifier: MIT */
/*
 * What all formats share: the list of them, and the order of calls.
 */
#include "core/table/sink.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/table/sink_formats.h"
#include "core/table/word.h"

const struct sink_format *const sink_formats[] = {
	&sink_table,
	&sink_tsv.format,
	&sink_csv.format,
	&sink_jsonl.format,
	&sink_kv.format,
	&sink_value.format,
	NULL,
};

static const char *format_name(const void *context, size_t i)
{
	(void)context;
	return sink_formats[i] ? sink_formats[i]->name : NULL;
}

const struct sink_format *sink_find(const char *name)
{
	for (size_t i = 0; sink_formats[i]; i++) {
		if (strcmp(sink_formats[i]->name, name) == 0)
			return sink_formats[i];
	}
	word_unknown("format", name, str_from(name), format_name, NULL, NULL);
	return NULL;
}

void sink_begin(struct sink *sink)
{
	sink->format = sink->view->format;
	sink->times = mem_alloc(sizeof(*sink->times));
	sink->format->begin(sink);
}

void sink_row(struct sink *sink, const void *row)
{
	if (!sink->out->error)
		sink->format->row(sink, row);
}

int sink_drain(struct sink *sink)
{
	if (sink->format->drain && !sink->out->error)
		sink->format->drain(sink);
	return output_flush(sink->out);
}

void sink_end(struct sink *sink)
{
	sink_drain(sink);
	if (sink->format->release)
		sink->format->release(sink);
	if (sink->times)
		buf_release(&sink->times->text);
	free(sink->times);
	sink->times = NULL;
}

void sink_finish(struct sink *sink)
{
	buf_char(&sink->out->buf, sink->view->print0 ? '\0' : '\n');
	output_record(sink->out);
}
