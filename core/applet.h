/* SPDX-License-Identifier: MIT */
/*
 * An applet is one const struct in one file. main.c finds it by name; usage, documentation and the
 * letter table are printed from what it declares here.
 */
#ifndef SOCKBOX_APPLET_H
#define SOCKBOX_APPLET_H

#include <stddef.h>

#include "core/base/option.h"
#include "core/table/schema.h"

struct applet {
	const char *name;
	const char *summary;          /* one line for the list of applets */
	const char *usage;            /* what stands behind the name: "[options] [filter words]" */
	const char *examples;         /* three lines that work, each "command  # what it answers" */
	const struct option *options; /* its own; the common ones are common_options */
	size_t option_count;
	const struct schema *schema; /* of its row; NULL without */
	int (*main)(
	        int argc, char **argv); /* argv[0] is the applet's name; returns the exit status */
};

enum exit_status {
	EXIT_OK = 0,
	EXIT_NOTHING = 1, /* the whole answer, and nothing matched */
	EXIT_USAGE = 2,
	EXIT_UNABLE = 3,  /* nothing could be answered */
	EXIT_OUTPUT = 4,  /* output could not be written */
	EXIT_PARTIAL = 5, /* rows were printed, some are missing */
};

#endif
