/* SPDX-License-Identifier: MIT */
/*
 * Every link in every /proc/PID/fd is read: the kernel has no shorter way for one who has no BPF.
 * It takes 2.8 us a descriptor (d_lookup, fget_task, d_name), so all that may be saved is what is
 * not done: no getxattr for a label, no stat, no name of a process that holds no socket, no
 * sorting. What was tried and costs the same or more: paths "PID/fd/N" from /proc (15 % more),
 * O_RDONLY for the directory of the process, guessing numbers instead of listing them, statx, a
 * second thread.
 *
 * The process is read at its first socket and before the others are added: so one that ends just
 * then leaves nothing in the table. Its descriptor of /proc/PID is bound to the process, not to the
 * number; a successor with the same pid cannot be seen through it.
 *
 * Threads share the table of descriptors of their process. One that has unshared it
 * (CLONE_FILES) is not seen here.
 */
#include "core/sys/owner_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/diag.h"
#include "core/base/file.h"
#include "core/base/mem.h"

#define LINK_ROOM 32 /* "socket:[" and 20 digits */

struct scan {
	struct owner_pass *pass;
	struct dir dir;
	uint32_t *pids;
	size_t count;
};

/* A name that is a number, of a process or a descriptor. */
static bool name_number(const char *name, uint32_t *number)
{
	uint64_t value;

	if (!str_u64(str_from(name), &value) || value > UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	return true;
}

static void count_hidden(struct owner_pass *pass, int error)
{
	if (error == ENOENT || error == ESRCH)
		return; /* it is gone */
	pass->hidden++;
	if (error == EACCES || error == EPERM)
		pass->refused = true;
	else
		pass->error = error;
}

/* The inode of descriptor @name, or 0 where it is no socket (inode 0 is never given to one); *error
 * where the link could not be read. */
static uint64_t socket_inode(int dirfd, const char *name, int *error)
{
	char link[LINK_ROOM];
	ssize_t len = readlinkat(dirfd, name, link, sizeof(link));
	uint64_t inode;

	if (len < 0)
		*error = errno == ENOENT ? 0 : errno;
	if (len < 10 || memcmp(link, "socket:[", 8) != 0 || link[len - 1] != ']')
		return 0;
	return str_u64((struct str){ link + 8, (size_t)len - 9 }, &inode) ? inode : 0;
}

/* A directory that could not be opened has no names, and an error. */
static void scan_descriptors(struct scan *scan, int dirfd, uint32_t pid)
{
	const struct process *process = NULL;
	struct dir *dir = &scan->dir;
	const char *name;
	int error = 0;

	while (!error && (name = dir_next(dir))) {
		uint64_t inode = socket_inode(dir->fd, name, &error);
		uint32_t fd;

		if (!inode || !name_number(name, &fd))
			continue;
		if (!process)
			process = owner_read(scan->pass, dirfd, pid);
		if (!process)
			return;
		owner_add(scan->pass, process, inode, fd);
	}
	if (!error)
		error = -dir->error;
	if (error)
		count_hidden(scan->pass, error);
}

static void scan_process(struct scan *scan, uint32_t pid)
{
	struct buf *name = &scan->pass->scratch;
	int dirfd;

	buf_clear(name);
	buf_u64(name, pid);
	dirfd = openat(scan->pass->world->proc, name->ptr, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0) {
		count_hidden(scan->pass, errno);
		return;
	}
	dir_open(&scan->dir, dirfd, "fd");
	scan_descriptors(scan, dirfd, pid);
	dir_close(&scan->dir);
	close(dirfd);
}

/* The kernel lists them in order. The file system of a recorded world, which is small, does not. */
static void add_pid(struct scan *scan, uint32_t pid)
{
	size_t at = scan->count++;

	scan->pids = mem_grow(scan->pids, at, sizeof(pid));
	for (; at && scan->pids[at - 1] > pid; at--)
		scan->pids[at] = scan->pids[at - 1];
	scan->pids[at] = pid;
}

static int list_pids(struct scan *scan)
{
	const char *name;
	uint32_t pid;

	dir_open(&scan->dir, scan->pass->world->proc, ".");
	while ((name = dir_next(&scan->dir))) {
		if (name_number(name, &pid) && pid)
			add_pid(scan, pid);
	}
	dir_close(&scan->dir);
	return scan->dir.error;
}

static int procfs_probe(const struct world *world, const char **why)
{
	if (world->proc >= 0)
		return 0;
	*why = world->proc_error == -ENOENT ? "no /proc" : "/proc cannot be opened";
	return world->proc_error;
}

/* Each PID namespace has a first process. Where /proc does not list it, it is mounted with
 * hidepid=invisible, and how many others it hides cannot be known. */
static int procfs_collect(struct owner_pass *pass, const char **why)
{
	struct scan scan = { .pass = pass };
	int result = list_pids(&scan);

	*why = diag_errno(-result);
	if (result == 0 && scan.count == 0) {
		*why = "no /proc";
		result = -ENOENT;
	}
	for (size_t i = 0; result == 0 && i < scan.count; i++)
		scan_process(&scan, scan.pids[i]);
	pass->processes = scan.count;
	pass->invisible = scan.count && scan.pids[0] != 1 && !pass->world->replay;
	dir_release(&scan.dir);
	free(scan.pids);
	return result;
}

const struct owner_backend owner_backend_procfs = { "procfs", procfs_probe, procfs_collect };
