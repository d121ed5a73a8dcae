/* SPDX-License-Identifier: MIT */
/*
 * A process: the row of `procs`, one of `top`'s, and the owner in `conns`.
 *
 * Everything of one process is read through one descriptor of /proc/PID: the kernel binds it to the
 * process and not to the number, so data of two processes that had the same pid one after the other
 * cannot be mixed.
 */
#ifndef SOCKBOX_SYS_PROCESS_H
#define SOCKBOX_SYS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/str.h"
#include "core/sys/world.h"

/** Files below /proc/PID; only those asked for are opened. */
enum process_need {
	NEED_PROC_COMM = 1u << 0, /* comm */
	NEED_PROC_STAT = 1u << 1, /* stat: ppid, tty, started (and comm, so that one file serves) */
	NEED_PROC_EXE = 1u << 2,  /* exe */
	NEED_PROC_CMDLINE = 1u << 3,   /* cmdline */
	NEED_PROC_CGROUP = 1u << 4,    /* cgroup */
	NEED_PROC_ANCESTORS = 1u << 5, /* stat of each ancestor */
	NEED_PROC_ALL = 0x3f,
};

struct process {
	uint32_t pid, ppid;
	uint64_t started;     /* wall ns */
	uint64_t start_ticks; /* as in stat: with pid the identity of the process */
	uint64_t age;         /* ns */
	struct str comm;      /* up to 63 bytes (kernel workers), any byte */
	struct str
	        exe; /* as readlink gives it, " (deleted)" taken off where the file is gone (st_nlink 0) */
	struct str cmdline;   /* arguments joined by blanks, at most 4096 bytes */
	struct str tty;       /* "pts/3", "tty1"; NULL without */
	struct str cgroup;    /* v2 path, else the longest v1 path */
	struct str ancestors; /* comm of parent, its parent...: "bash,sshd,systemd" */
};

/** Every member unknown. */
void process_clear(struct process *process);

/**
 * Reads what @needs asks for of the process whose /proc/PID is open at @dirfd, texts into @arena.
 * A file that is not readable leaves its members unknown; a process that is gone returns -ESRCH (and
 * what was read before must not be used); where we were hindered
 * (EMFILE, EIO, EPERM) that -errno, with what could be read; else 0. @scratch is working memory of the caller.
 */
int process_read(const struct world *world, int dirfd, uint32_t pid, uint32_t needs,
        struct process *process, struct arena *arena, struct buf *scratch);

/* Pure parsers, for tests and fuzzers. They take any bytes, return false where they cannot make sense
 * of them, and fill nothing then. */

/** stat: "PID (comm) S PPID ..."; comm may hold ") R 1 (" and newlines: the last bracket counts. */
bool process_parse_stat(
        struct str text, struct str *comm, uint32_t *ppid, uint32_t *tty_nr, uint64_t *start_ticks);

/** cgroup: lines "0::/path" or "4:memory:/path"; gives the v2 path, else the longest v1 path. */
bool process_parse_cgroup(struct str text, struct str *path);

/** NUL-separated arguments into @out joined by blanks; trailing NULs dropped; false where empty. */
bool process_parse_cmdline(struct str text, struct buf *out);

/** Name of a tty's device number as stat gives it, into @out; false for 0. */
bool process_tty_name(uint32_t tty_nr, struct buf *out);

#endif
