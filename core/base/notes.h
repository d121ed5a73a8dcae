/* SPDX-License-Identifier: MIT */
/*
 * What a run has to say beside its rows: what is missing and why (stderr, once, and the exit
 * status), and for -v which backend answered and what it cost. Collected here because core does not
 * print; the applet does, at the end of each sample.
 */
#ifndef SOCKBOX_BASE_NOTES_H
#define SOCKBOX_BASE_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

enum note_kind {
	NOTE_WHY,     /* for -v only: backends chosen and passed over, costs */
	NOTE_MISSING, /* something that rows or columns lack; said once */
	NOTE_PARTIAL, /* the same, and the answer is not whole: exit status 5 */
};

struct note {
	enum note_kind kind;
	uint64_t count; /* how often it was met; summed over equal sentences, latest sample only */
	bool said;      /* already printed in an earlier sample */
	char *text;     /* without the count: "sockets without owner: needs CAP_SYS_PTRACE" */
};

struct notes {
	struct note *list;
	size_t count;
};

/**
 * Adds @count to the note with this kind and sentence, which is made by buf_format(). A count of 0
 * means that the sentence stands alone ("no /proc: owners unknown"); else it is printed in front.
 */
void notes_add(struct notes *notes, enum note_kind kind, uint64_t count, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/** A new sample begins: counts go to zero, sentences stay remembered as said. */
void notes_next(struct notes *notes);

bool notes_partial(
        const struct notes *notes); /* is there a NOTE_PARTIAL in the latest sample or before */

/** Appends each note of @kind not yet said, as "PREFIX: [COUNT ]SENTENCE\n", and marks it said. */
void notes_say(struct notes *notes, enum note_kind kind, const char *prefix, struct buf *out);

void notes_release(struct notes *notes);

#endif
