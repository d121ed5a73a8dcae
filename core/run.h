/* SPDX-License-Identifier: MIT */
/*
 * The life of a run that all row-printing applets share: samples once or repeated, waiting for a
 * match, order, the sink, notes on stderr, and the exit status that follows from all of it. An
 * applet brings a collect function that calls run_row() for each row.
 */
#ifndef SOCKBOX_RUN_H
#define SOCKBOX_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/applet.h"
#include "core/base/notes.h"
#include "core/table/common.h"
#include "core/table/sample.h"
#include "core/table/sink.h"

struct run {
	/* The applet's to fill before run_samples(). */
	const char *name;
	const struct view *view;
	const struct common *common;
	bool twice; /* a first, silent sample is wanted: rates */
	int (*collect)(struct run *run, void *context); /* 0, or -errno with a sentence */
	void *context;
	const char *(*zone_name)(void *context, uint32_t zone);
	const char *backends; /* for --stats; collect sets it */

	/* Collect reads these, and adds to notes. */
	struct notes notes;
	uint32_t number; /* of this sample, from 1; 0 is the silent one */
	uint64_t wall;   /* time of this sample; collect may set it to the recorded world's */

	/* Private. */
	struct output out;
	struct sink sink;
	struct sample sample;
	struct column_set columns; /* what a kept row must hold */
	struct column_set known;
	uint64_t rows; /* printed in this sample */
	uint64_t rows_total;
	uint64_t began; /* monotonic */
	bool begun;     /* the header is out */
};

/** Does the row pass the filter, everything being collected? */
enum truth run_test(const struct run *run, const void *row);

/**
 * Takes a row that has passed: prints it or keeps it to be sorted. False when no more are wanted
 * (found under -q, output broken): collect should end then, without an error.
 */
bool run_row(struct run *run, const void *row);

/** Runs to the end and returns the exit status. */
int run_samples(struct run *run);

#endif
