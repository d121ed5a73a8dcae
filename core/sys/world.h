/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel is asked: this machine, or a recorded tree (--replay DIR).
 *
 * A recorded world is a directory with what a source would have read: proc/..., etc/..., sys/... as
 * files and links, netlink/NAME with the messages of a dump as they came, and `world` with the time
 * ("wall_ns N", "boot_ns N", "hz N", one a line). A backend opens everything below world.root and
 * never by an absolute path; so one code serves both.
 */
#ifndef SOCKBOX_SYS_WORLD_H
#define SOCKBOX_SYS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct world {
	int root;       /* directory that paths such as "proc/net/tcp" are below */
	int proc;       /* "proc" below it, or -1 (then proc_error says why) */
	int proc_error; /* -errno of the above; -ENOENT also where /proc is an empty directory */
	bool replay;
	uint64_t wall_ns; /* when the sample began: real time, and time since boot */
	uint64_t boot_ns;
	uint32_t hz; /* clock ticks a second in /proc/PID/stat (USER_HZ) */
};

/** @replay_dir NULL: this machine. 0 or -errno with a sentence. A missing /proc is no error. */
int world_open(struct world *world, const char *replay_dir);

/** A new sample: takes the time again (a replay's stands still). */
void world_tick(struct world *world);

void world_close(struct world *world);

#endif
