/* SPDX-License-Identifier: MIT */
/*
 * The formats, for sink_formats alone.
 */
#ifndef SOCKBOX_TABLE_SINK_FORMATS_H
#define SOCKBOX_TABLE_SINK_FORMATS_H

#include "core/table/sink.h"

/** A format that writes a row as one line from left to right, told by its punctuation. */
struct line_format {
	struct sink_format format;
	/* Escapes; NULL: as JSON has it, with a sibling for raw bytes. */
	void (*text)(struct buf *out, struct str text);
	char unknown[5];
	char between;
	char open, close;  /* of a record, or 0 */
	char key_quote;    /* around a key, or 0 */
	char key_end;      /* behind a key; 0: no keys */
	char value_quote;  /* around what is no text, or 0 */
	bool bare_numbers; /* but not around numbers */
	bool header;
};

extern const struct sink_format sink_table;
extern const struct line_format sink_tsv, sink_csv, sink_jsonl, sink_kv, sink_value;

#endif
