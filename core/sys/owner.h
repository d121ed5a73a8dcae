/* SPDX-License-Identifier: MIT */
/*
 * Whose is this socket: from an inode to the processes that hold a descriptor of it.
 *
 * The table is made in one pass on the first question, so that a run whose rows are all thrown out
 * before never pays for it. Processes are read during the pass (see process.h why), but only those
 * that hold a socket.
 */
#ifndef SOCKBOX_SYS_OWNER_H
#define SOCKBOX_SYS_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/notes.h"
#include "core/sys/process.h"

struct owners;

/** One process that holds a socket. */
struct owner {
	const struct process *process; /* lives until the next owners_refresh */
	uint32_t fd;                   /* lowest of its descriptors of this socket */
	uint32_t next;                 /* private: chain */
};

/**
 * @needs: process_need bits that the view asks for. @backend forces one by name (NULL: best first; a name
 * that answers other questions only counts as NULL). Nothing is read yet.
 */
struct owners *owners_new(
        const struct world *world, struct notes *notes, const char *backend, uint32_t needs);
void owners_free(struct owners *owners);

/** Forgets the table: the next question reads anew. */
void owners_refresh(struct owners *owners);

/**
 * The @i-th process (from 0, in order of pid) that holds the socket with @inode; NULL behind the last.
 * owners_count() gives how many. Both make the table where it is not there.
 */
const struct owner *owners_get(struct owners *owners, uint64_t inode, size_t i);
size_t owners_count(struct owners *owners, uint64_t inode);

/** Processes whose descriptors this table lacks: we were not allowed to see them, or ran out of
 * descriptors or memory (then notes have a NOTE_PARTIAL too). 0 says nothing where others are invisible. */
size_t owners_hidden(struct owners *owners);

/**
 * Why the table may lack owners, in a few words to be put behind "N sockets without owner: ":
 * "needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH", "the kernel refuses...", "/proc is mounted with hidepid", "no /proc", the
 * words of an errno. NULL where every process was looked into: a socket that has an inode but no
 * owner then belongs to a process of another PID namespace or was closed meanwhile, and is not hidden.
 */
const char *owners_reason(struct owners *owners);

/** 0, or -errno and @why (static text) where no backend could answer at all (no /proc). */
int owners_status(struct owners *owners, const char **why);

/** Which backend made the table ("procfs"); NULL where none. */
const char *owners_backend(struct owners *owners);

#endif
