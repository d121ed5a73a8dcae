/* SPDX-License-Identifier: MIT */
/*
 * Messages are built whole and written by one call, so that two programs on one terminal do not
 * mix their lines. stderr itself may be closed or full: there is nobody left to tell, so that is
 * not looked at.
 */
#include "core/message.h"

#include <errno.h>
#include <stdarg.h>

#include "core/base/diag.h"
#include "core/base/file.h"

void message_write(struct buf *text)
{
	file_write(2, text->ptr, text->len);
	buf_release(text);
}

void message(const char *name, const char *format, ...)
{
	struct buf line = { 0 };
	va_list args;

	buf_format(&line, "%s: ", name);
	va_start(args, format);
	buf_vformat(&line, format, args);
	va_end(args);
	buf_char(&line, '\n');
	message_write(&line);
}

int message_diag(const char *name, int code)
{
	struct buf text = { 0 };

	buf_format(&text, "%s: %s\n%s", name, diag_text(), diag_caret());
	message_write(&text);
	return code == DIAG_USAGE ? EXIT_USAGE : EXIT_UNABLE;
}

int message_unwritten(const char *name, int error)
{
	if (error != -EPIPE)
		message(name, "write to standard output: %s", diag_errno(-error));
	return EXIT_OUTPUT;
}

int message_print(const char *name, const struct buf *out)
{
	int error = file_write(1, out->ptr, out->len);

	return error ? message_unwritten(name, error) : EXIT_OK;
}

void message_usage(const struct applet *applet, const struct option_group *groups, size_t count,
        struct buf *out)
{
	buf_format(out, "Usage: %s %s\n\n%s: %s\n\n", applet->name, applet->usage, applet->name,
	        applet->summary);
	options_usage(groups, count, out);
	if (applet->schema)
		buf_format(out,
		        "\nColumns: '%s -o help' lists them; each is a filter word, sort and JSON key.\n"
		        "Filter: column:value, a..b, prefixes 10.0.0.0/8, any of a,b; and or not ( ).\n",
		        applet->name);
	buf_format(out, "\nExamples:\n%s", applet->examples);
	buf_text(out,
	        "\nExit status: 0 found, 1 nothing matched, 2 wrong usage, 3 not possible,\n"
	        "4 output not written, 5 some rows or columns are missing (stderr says which).\n");
}
