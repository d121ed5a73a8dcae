/* SPDX-License-Identifier: MIT */
/*
 * Errors go up as a code; the sentence is stored here, where it is known.
 *
 *	return diag(-errno, "open %s", path);
 *
 * The applet prints it with its own name in front. For -errno codes the system's words are put
 * behind it ("open /proc/net/tcp: Permission denied"). Core never prints.
 */
#ifndef SOCKBOX_BASE_DIAG_H
#define SOCKBOX_BASE_DIAG_H

#include <stddef.h>

/** A wrong option, column, filter word or value: the caller's exit status 2. Not an errno. */
#define DIAG_USAGE (-10001)

/**
 * Stores the sentence for @code (-errno, or DIAG_USAGE) and returns @code. The last one wins.
 * The format is buf_format()'s; the result is made safe by buf_safe().
 */
int diag(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * The same for a place in what the user wrote: @text is shown below the sentence with a caret under
 * byte @offset. @text is copied.
 */
int diag_at(int code, const char *text, size_t offset, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/** The stored sentence (never NULL), complete with the system's words; no newline at its end. */
const char *diag_text(void);

/**
 * The two lines with the text and the caret, each with its newline, or "" where none was stored.
 * Control and other unsafe bytes are shown as '?', so that the caret stands right.
 */
const char *diag_caret(void);

/** Short words for an errno ("Permission denied"), from a table of our own for the common ones. */
const char *diag_errno(int error);

/**
 * The candidate nearest to @word, or NULL if none is near: at most 2 edits, and fewer than half of
 * the word; a candidate that @word begins or that begins @word is near too (3 letters at least).
 * @next(context, i) gives the i-th candidate, NULL behind the last.
 */
const char *diag_nearest(const char *word, size_t len,
        const char *(*next)(const void *context, size_t i), const void *context);

#endif
