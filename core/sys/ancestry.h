/* SPDX-License-Identifier: MIT */
/*
 * The names of a process' ancestors. 500 workers of one server have the same ones, so what was
 * read is remembered for one pass over the processes.
 */
#ifndef SOCKBOX_SYS_ANCESTRY_H
#define SOCKBOX_SYS_ANCESTRY_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/map.h"
#include "core/sys/process.h"
#include "core/sys/world.h"

#define ANCESTRY_DEPTH 32

struct ancestor {
	uint32_t ppid;
	uint64_t start_ticks; /* UINT64_MAX: could not be read */
	struct str comm;      /* in the arena */
};

/** Zero-initialise. Good for one pass: pids are given to other processes after it. */
struct ancestry {
	struct map by_pid;
	struct ancestor *list;
	size_t count;
	struct buf joined;
};

/**
 * Fills process->ancestors from ppid and start_ticks, which must be known (else nothing is done):
 * nearest first, joined by commas, at most ANCESTRY_DEPTH. A parent that began after its child has
 * got the number of one that is gone, and ends the chain.
 */
void ancestry_fill(struct ancestry *ancestry, const struct world *world, struct process *process,
        struct arena *arena, struct buf *scratch);

/** For the next pass, which has an arena of its own: keeps the memory. */
void ancestry_clear(struct ancestry *ancestry);
void ancestry_release(struct ancestry *ancestry);

#endif
