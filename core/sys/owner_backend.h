/* SPDX-License-Identifier: MIT */
/*
 * What the owner table and its backends have between them; nobody else includes this.
 */
#ifndef SOCKBOX_SYS_OWNER_BACKEND_H
#define SOCKBOX_SYS_OWNER_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/map.h"
#include "core/sys/ancestry.h"
#include "core/sys/owner.h"

/** The table while a backend fills it. */
struct owner_pass {
	const struct world *world;
	uint32_t needs;     /* process_need bits */
	struct arena arena; /* processes and their texts */
	struct buf scratch;
	struct ancestry ancestry;
	struct map by_inode; /* to the last owner in the chain, whose next is the first */
	struct owner *list;
	uint32_t count;
	size_t processes; /* looked at */
	size_t hidden;    /* could not be looked into */
	int error;        /* of these the last that was not for lack of permission: EMFILE... */
	bool refused;     /* some for lack of permission */
	bool invisible;   /* /proc does not even list all */
};

struct owner_backend {
	const char *name;
	/** Could it answer in this world? 0, or -errno and *why (static text). Cheap. */
	int (*probe)(const struct world *world, const char **why);
	/** Gives every holder of a socket to owner_add(), process after process in order of pid.
	 * What was refused is counted in the pass. 0, or -errno and *why where nothing could be
	 * read at all. */
	int (*collect)(struct owner_pass *pass, const char **why);
};

extern const struct owner_backend owner_backend_procfs;

/** Reads the process whose /proc/PID is open at @dirfd; NULL if it is gone. Lives as the pass. */
const struct process *owner_read(struct owner_pass *pass, int dirfd, uint32_t pid);

/** @process holds the socket. All of one process' must come in a row: then those that it holds by
 * several descriptors are found to be the same, and the lowest is kept. */
void owner_add(struct owner_pass *pass, const struct process *process, uint64_t inode, uint32_t fd);

#endif
