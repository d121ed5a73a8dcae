/* SPDX-License-Identifier: MIT */
/*
 * Memory that goes at once: the rows and strings of one sample.
 *
 * Allocation is a pointer step inside a chunk; nothing is freed by itself. A reset keeps the first
 * chunk, so that a repeated sample of the same size asks the heap for nothing.
 */
#ifndef SOCKBOX_BASE_ARENA_H
#define SOCKBOX_BASE_ARENA_H

#include <stddef.h>

#include "core/base/str.h"

struct arena_chunk;

/** Zero-initialise ({0}) or arena_init(); owns its chunks until arena_release(). */
struct arena {
	struct arena_chunk *chunks; /* newest first */
	size_t used;                /* bytes taken from the newest */
};

void arena_init(struct arena *arena);

/** @size zeroed bytes, aligned for any type; valid until reset or release. */
void *arena_alloc(struct arena *arena, size_t size);

/** A copy of @text, NUL-terminated behind its length; the empty text stays non-NULL. */
struct str arena_str(struct arena *arena, struct str text);

/** Forgets all that was allocated; keeps one chunk for the next round. */
void arena_reset(struct arena *arena);

void arena_release(struct arena *arena);

#endif
