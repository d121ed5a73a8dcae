/* SPDX-License-Identifier: MIT */
/*
 * A file costs 4 to 6 us (status 9), of which the kernel takes nearly all. So only what a need
 * names is opened, and stat, where it is read anyway, gives comm too.
 *
 * comm is the same bytes in both: stat does not escape it (status does) and neither cuts it to 15,
 * so that kernel workers have up to 63 (fs/proc/array.c proc_task_name()).
 *
 * A process that ended makes a read fail with ESRCH, and an open with ENOENT. But a kernel thread
 * has no exe, a small kernel no cgroup, a recorded world no file that was not asked for: so a file
 * that is missing only raises the question, which is answered by looking for comm at the end.
 */
#include "core/sys/process.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/sys/ancestry.h"

#define SMALL_MAX  4096
#define CGROUP_MAX 65536
#define DELETED    " (deleted)" /* d_path() of fs/d_path.c */

struct reading {
	const struct world *world;
	int dirfd;
	struct process *process;
	struct arena *arena;
	struct buf *scratch;
	int error;    /* -errno of what could not be read though it is there: EMFILE, EIO, EPERM */
	bool gone;    /* some read said ESRCH */
	bool missing; /* some file was not there */
};

void process_clear(struct process *process)
{
	*process = (struct process){
		.pid = UINT32_MAX,
		.ppid = UINT32_MAX,
		.started = UINT64_MAX,
		.start_ticks = UINT64_MAX,
		.age = UINT64_MAX,
	};
}

static bool came(struct reading *r, int64_t result)
{
	if (result >= 0 || result == -EFBIG)
		return true;
	if (result == -ESRCH)
		r->gone = true;
	else if (result == -ENOENT)
		r->missing = true;
	else
		r->error = (int)result;
	return false;
}

static bool read_text(struct reading *r, const char *name, size_t limit)
{
	return came(r, file_read(r->dirfd, name, r->scratch, limit));
}

static void read_comm(struct reading *r)
{
	struct str text;

	if (!read_text(r, "comm", SMALL_MAX))
		return;
	text = buf_view(r->scratch);
	text.len -= text.len && text.ptr[text.len - 1] == '\n';
	r->process->comm = arena_str(r->arena, text);
}

/* Nothing where the ticks are beyond any clock. */
static void fill_times(const struct world *world, struct process *process)
{
	uint64_t hz = world->hz ? world->hz : 100;
	uint64_t seconds = process->start_ticks / hz;
	uint64_t start = seconds * NS_PER_SEC + process->start_ticks % hz * NS_PER_SEC / hz;

	if (seconds >= UINT64_MAX / NS_PER_SEC)
		return;
	process->started = world->wall_ns - world->boot_ns + start;
	process->age = world->boot_ns > start ? world->boot_ns - start : 0;
}

static void read_stat(struct reading *r)
{
	struct process *process = r->process;
	struct str comm;
	uint32_t tty_nr;

	if (!read_text(r, "stat", SMALL_MAX) ||
	        !process_parse_stat(buf_view(r->scratch), &comm, &process->ppid, &tty_nr,
	                &process->start_ticks))
		return;
	process->comm = arena_str(r->arena, comm);
	fill_times(r->world, process);
	if (process_tty_name(tty_nr, r->scratch))
		process->tty = arena_str(r->arena, buf_view(r->scratch));
}

/* In a recorded world the link is text and what it names would be a file of this machine. */
static bool exe_is_gone(const struct reading *r)
{
	struct stat st;

	return r->world->replay || (fstatat(r->dirfd, "exe", &st, 0) == 0 && st.st_nlink == 0);
}

static void read_exe(struct reading *r)
{
	struct str path;

	if (!came(r, file_readlink(r->dirfd, "exe", r->scratch)))
		return;
	path = buf_view(r->scratch);
	if (str_ends(path, STR(DELETED)) && exe_is_gone(r))
		path.len -= sizeof(DELETED) - 1;
	r->process->exe = arena_str(r->arena, path);
}

static void read_cmdline(struct reading *r)
{
	struct buf joined = { 0 };

	if (read_text(r, "cmdline", SMALL_MAX) &&
	        process_parse_cmdline(buf_view(r->scratch), &joined))
		r->process->cmdline = arena_str(r->arena, buf_view(&joined));
	buf_release(&joined);
}

static void read_cgroup(struct reading *r)
{
	struct str path;

	if (read_text(r, "cgroup", CGROUP_MAX) && process_parse_cgroup(buf_view(r->scratch), &path))
		r->process->cgroup = arena_str(r->arena, path);
}

static void read_ancestors(struct reading *r)
{
	struct ancestry ancestry = { 0 };

	ancestry_fill(&ancestry, r->world, r->process, r->arena, r->scratch);
	ancestry_release(&ancestry);
}

int process_read(const struct world *world, int dirfd, uint32_t pid, uint32_t needs,
        struct process *process, struct arena *arena, struct buf *scratch)
{
	struct reading r = { world, dirfd, process, arena, scratch, 0, false, false };
	struct stat st;

	process_clear(process);
	process->pid = pid;
	if (needs & (NEED_PROC_STAT | NEED_PROC_ANCESTORS))
		read_stat(&r);
	if (needs & NEED_PROC_COMM && !process->comm.ptr)
		read_comm(&r);
	if (needs & NEED_PROC_EXE)
		read_exe(&r);
	if (needs & NEED_PROC_CMDLINE)
		read_cmdline(&r);
	if (needs & NEED_PROC_CGROUP)
		read_cgroup(&r);
	if (needs & NEED_PROC_ANCESTORS)
		read_ancestors(&r);
	if (r.missing && !world->replay && fstatat(dirfd, "comm", &st, 0) < 0)
		r.gone |= errno == ENOENT || errno == ESRCH;
	return r.gone ? -ESRCH : r.error;
}
