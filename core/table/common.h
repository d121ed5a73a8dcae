/* SPDX-License-Identifier: MIT */
/*
 * The options that every applet has, and the view that they make.
 */
#ifndef SOCKBOX_TABLE_COMMON_H
#define SOCKBOX_TABLE_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/option.h"
#include "core/table/view.h"

struct common {
	const char *columns;
	const char *sort;
	const char *filter;
	const char *format;
	const char *time;
	const char *color;
	const char *backend;
	const char *replay;
	uint64_t delay_ns; /* 0: once */
	uint64_t count;    /* 0: no end */
	uint64_t wait_ns;  /* 0: do not wait; UINT64_MAX: for ever */
	bool jsonl;
	bool no_header;
	bool print0;
	bool quiet;
	bool why;
	bool stats;
	bool partial_ok;
	bool by_line;
	bool schema;
	bool help;
};

extern const struct option common_options[];
extern const size_t common_options_count;

/**
 * Fills an initialised view from the options and the positional words: columns (unless they are
 * "help"), sort, filter and words, format, time, color (@on_terminal decides auto, with NO_COLOR).
 * Checks what does not go together (value wants one column; -c needs -d). 0 or DIAG_USAGE.
 */
int common_view(const struct common *common, struct view *view, size_t word_count, char **words,
        bool on_terminal);

#endif
