/* SPDX-License-Identifier: MIT */
/*
 * What applets say to a person: on stderr, one line with the applet's name in front. Core rooms
 * never print; they leave a sentence (diag.h) or a note (notes.h).
 */
#ifndef SOCKBOX_MESSAGE_H
#define SOCKBOX_MESSAGE_H

#include "core/applet.h"
#include "core/base/buf.h"

/** Prints "NAME: SENTENCE", the sentence made by buf_format(). */
void message(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Writes @text to stderr, and releases it. */
void message_write(struct buf *text);

/** Says that stdout could not be written, but where its reader went away (-EPIPE). EXIT_OUTPUT. */
int message_unwritten(const char *name, int error);

/**
 * Prints the sentence stored for @code, with the caret under its place, and returns the exit status
 * that belongs to it: EXIT_USAGE for DIAG_USAGE, else EXIT_UNABLE.
 */
int message_diag(const char *name, int code);

/** Writes @out to stdout; EXIT_OK, or EXIT_OUTPUT with a message (none where the reader went away). */
int message_print(const char *name, const struct buf *out);

/** --help of an applet: usage, options of all groups, examples, exit status. */
void message_usage(const struct applet *applet, const struct option_group *groups, size_t count,
        struct buf *out);

#endif
