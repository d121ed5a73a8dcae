/* SPDX-License-Identifier: MIT */
/*
 * Where lines go: a descriptor, written in blocks of whole records, with the first error kept. Exit
 * status 0 means that everything was written, so nobody may write past this.
 */
#ifndef SOCKBOX_TABLE_OUTPUT_H
#define SOCKBOX_TABLE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

struct output {
	int fd;
	bool by_line;    /* write each record at once (--line-buffered) */
	int error;       /* 0, or the first -errno; later records are dropped */
	struct buf buf;  /* records not yet written; sinks append here */
	size_t complete; /* bytes of buf that end a record */
};

void output_init(struct output *output, int fd);

/** The bytes appended to output->buf so far end a record; writes when 64 kB are there or by_line. */
void output_record(struct output *output);

/**
 * Writes all complete records. 0 or -errno (also of an earlier write). Where a regular file took only
 * a part of a record, the file is cut back to the last whole one.
 */
int output_flush(struct output *output);

void output_release(struct output *output); /* does not close fd */

#endif
