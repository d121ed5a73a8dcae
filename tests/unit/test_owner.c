/* SPDX-License-Identifier: MIT */
/* core/sys/owner: on recorded trees, and live where the kernel refuses, hides or runs out. */

#include "core/sys/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"

#define REFUSED "needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"
#define SKIPPED 77

struct tree {
	char path[64];
	struct world world;
	struct notes notes;
	struct owners *owners;
};

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->path, "/tmp/test_owner.XXXXXX");
	if (!mkdtemp(tree->path))
		return -1;
	chmod(tree->path, 0755);
	tree->world = (struct world){ .root = -1, .replay = true, .hz = 100 };
	tree->world.proc = open(tree->path, O_RDONLY | O_DIRECTORY);
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	owners_free(tree->owners);
	notes_release(&tree->notes);
	snprintf(command, sizeof(command), "rm -rf '%s'", tree->path);
	if (tree->world.proc >= 0)
		close(tree->world.proc);
	free(tree);
	return system(command);
}

static void begin(struct tree *tree, const char *backend, uint32_t needs)
{
	owners_free(tree->owners);
	tree->owners = owners_new(&tree->world, &tree->notes, backend, needs);
}

static void put_fd(const struct tree *tree, unsigned pid, const char *fd, const char *target)
{
	char path[64];

	snprintf(path, sizeof(path), "%u", pid);
	mkdirat(tree->world.proc, path, 0755);
	snprintf(path, sizeof(path), "%u/fd", pid);
	mkdirat(tree->world.proc, path, 0755);
	snprintf(path, sizeof(path), "%u/fd/%s", pid, fd);
	assert_int_equal(symlinkat(target, tree->world.proc, path), 0);
}

static void put_comm(const struct tree *tree, unsigned pid, const char *comm)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%u/comm", pid);
	fd = openat(tree->world.proc, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_int_equal(write(fd, comm, strlen(comm)), strlen(comm));
	close(fd);
}

static void owner_is(struct tree *tree, uint64_t inode, size_t i, uint32_t pid, uint32_t fd)
{
	const struct owner *owner = owners_get(tree->owners, inode, i);

	assert_non_null(owner);
	assert_int_equal(owner->process->pid, pid);
	assert_int_equal(owner->fd, fd);
}

static void test_table(void **state)
{
	struct tree *tree = *state;

	/* Made in an order that no directory would give back; 7 is shared, and held twice by 200. */
	put_fd(tree, 1000, "4", "socket:[7]");
	put_fd(tree, 200, "12", "socket:[7]");
	put_fd(tree, 200, "3", "socket:[7]");
	put_fd(tree, 200, "100", "socket:[7]");
	put_fd(tree, 200, "5", "socket:[18446744073709551615]");
	put_fd(tree, 30, "0", "socket:[7]");
	put_fd(tree, 30, "1", "/dev/null");
	put_comm(tree, 200, "srv\n");
	begin(tree, NULL, NEED_PROC_COMM);
	assert_int_equal(owners_count(tree->owners, 7), 3);
	owner_is(tree, 7, 0, 30, 0);
	owner_is(tree, 7, 1, 200, 3);
	owner_is(tree, 7, 2, 1000, 4);
	assert_null(owners_get(tree->owners, 7, 3));
	assert_null(owners_get(tree->owners, 7, 4));
	/* In any order of questions. */
	owner_is(tree, 7, 2, 1000, 4);
	owner_is(tree, UINT64_MAX, 0, 200, 5);
	owner_is(tree, 7, 1, 200, 3);
	owner_is(tree, 7, 0, 30, 0);
	assert_null(owners_get(tree->owners, UINT64_MAX, 1));
	assert_null(owners_get(tree->owners, 8, 0));
	assert_int_equal(owners_count(tree->owners, 8), 0);
	assert_int_equal(owners_count(tree->owners, 0), 0);
	assert_string_equal(owners_get(tree->owners, 7, 1)->process->comm.ptr, "srv");
	assert_null(owners_get(tree->owners, 7, 0)->process->comm.ptr);
	assert_string_equal(owners_backend(tree->owners), "procfs");
	assert_null(owners_reason(tree->owners));
	assert_int_equal(owners_hidden(tree->owners), 0);
}

/* A directory may give back the numbers in any order. */
static void test_lowest(void **state)
{
	struct tree *tree = *state;
	char fd[8];

	for (unsigned pid = 1; pid <= 8; pid++) {
		for (unsigned i = 0; i < 10; i++) {
			snprintf(fd, sizeof(fd), "%u", pid * 10 + i * 7 % 10);
			put_fd(tree, pid, fd, "socket:[9]");
		}
	}
	begin(tree, NULL, 0);
	for (unsigned pid = 1; pid <= 8; pid++)
		owner_is(tree, 9, pid - 1, pid, pid * 10);
	assert_int_equal(owners_count(tree->owners, 9), 8);
}

static void test_odd_links(void **state)
{
	static const char *const targets[] = {
		"socket:[]",
		"socket:[0]",
		"socket:[12",
		"socket:[12]x",
		"socket:[1 2]",
		"socket:[-1]",
		"socket:",
		"s",
		"socket:[x]",
		"Socket:[12]",
		"socket:[99999999999999999999999999999999999]",
		"pipe:[12]",
		"/socket:[12]",
	};
	struct tree *tree = *state;
	char name[8];

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		snprintf(name, sizeof(name), "%zu", i);
		put_fd(tree, 9, name, targets[i]);
	}
	put_fd(tree, 9, "x1", "socket:[12]");
	put_fd(tree, 9, "1x", "socket:[12]");
	put_fd(tree, 9, "4294967296", "socket:[12]");
	put_fd(tree, 9, "4294967295", "socket:[13]");
	mkdirat(tree->world.proc, "0", 0755);
	mkdirat(tree->world.proc, "99999999999", 0755);
	mkdirat(tree->world.proc, "8", 0755); /* without fd: it ended */
	begin(tree, NULL, NEED_PROC_ALL);
	assert_int_equal(owners_count(tree->owners, 12), 0);
	assert_int_equal(owners_count(tree->owners, 0), 0);
	assert_int_equal(owners_count(tree->owners, 13), 1);
	assert_int_equal(owners_hidden(tree->owners), 0);
	assert_false(notes_partial(&tree->notes));
}

static void test_refresh(void **state)
{
	struct tree *tree = *state;

	put_fd(tree, 5, "1", "socket:[7]");
	begin(tree, "netlink", 0);
	owner_is(tree, 7, 0, 5, 1);
	put_fd(tree, 6, "1", "socket:[7]");
	assert_int_equal(owners_count(tree->owners, 7), 1);
	owners_refresh(tree->owners);
	assert_int_equal(owners_count(tree->owners, 7), 2);
	unlinkat(tree->world.proc, "5/fd/1", 0);
	owners_refresh(tree->owners);
	owner_is(tree, 7, 0, 6, 1);
	assert_null(owners_get(tree->owners, 7, 1));
}

static void test_no_proc(void **state)
{
	struct tree *tree = *state;
	const char *why = NULL;

	/* An empty directory. */
	begin(tree, "procfs", 0);
	assert_null(owners_get(tree->owners, 7, 0));
	assert_int_equal(owners_status(tree->owners, &why), -ENOENT);
	assert_string_equal(why, "no /proc");
	assert_string_equal(owners_reason(tree->owners), "no /proc");
	assert_null(owners_backend(tree->owners));
	close(tree->world.proc);
	tree->world.proc = -1;
	tree->world.proc_error = -ENOENT;
	begin(tree, NULL, 0);
	assert_int_equal(owners_status(tree->owners, &why), -ENOENT);
	assert_string_equal(why, "no /proc");
	tree->world.proc_error = -EACCES;
	begin(tree, NULL, 0);
	assert_int_equal(owners_status(tree->owners, &why), -EACCES);
	assert_string_equal(why, "/proc cannot be opened");
	assert_int_equal(owners_count(tree->owners, 7), 0);
}

/* 300 processes share listeners; each of 40 sockets comes back as it was put. */
static void test_many(void **state)
{
	struct tree *tree = *state;
	char target[32], fd[8];

	for (unsigned pid = 300; pid; pid--) {
		put_fd(tree, pid, "3", "socket:[1]");
		put_fd(tree, pid, "4", "socket:[2]");
		snprintf(target, sizeof(target), "socket:[%u]", 1000 + pid);
		snprintf(fd, sizeof(fd), "%u", pid + 9);
		put_fd(tree, pid, fd, target);
	}
	begin(tree, NULL, 0);
	assert_int_equal(owners_count(tree->owners, 1), 300);
	assert_int_equal(owners_count(tree->owners, 2), 300);
	for (unsigned pid = 1; pid <= 300; pid++) {
		owner_is(tree, 1, pid - 1, pid, 3);
		owner_is(tree, 2, 300 - pid, 301 - pid, 4);
		owner_is(tree, 1000 + pid, 0, pid, pid + 9);
	}
	assert_null(owners_get(tree->owners, 1, 300));
}

/* Runs @body in a child, because it changes what the process may do; its exit status. */
static int in_child(int (*body)(struct tree *tree), struct tree *tree)
{
	pid_t child;
	int status = 0;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(body(tree));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool become_nobody(void)
{
	return setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0;
}

static bool hides(struct tree *tree, size_t hidden, const char *reason)
{
	const char *said = owners_reason(tree->owners);
	const char *why = NULL;

	if (owners_status(tree->owners, &why) || owners_hidden(tree->owners) != hidden || !said ||
	        strcmp(said, reason)) {
		fprintf(stderr, "# hidden %zu, %s\n", owners_hidden(tree->owners),
		        said ? said : "no reason");
		return false;
	}
	return true;
}

static int refused_body(struct tree *tree)
{
	if (geteuid() == 0 && !become_nobody())
		return SKIPPED;
	begin(tree, NULL, 0);
	if (owners_count(tree->owners, 7) != 1 || owners_count(tree->owners, 8) != 0)
		return 1;
	/* Not the fault of the answer: the applet decides whether that matters. */
	return hides(tree, 3, REFUSED) && !notes_partial(&tree->notes) ? 0 : 2;
}

static void test_refused(void **state)
{
	struct tree *tree = *state;
	int result;

	put_fd(tree, 1, "3", "socket:[7]");
	put_fd(tree, 2, "3", "socket:[8]");
	put_fd(tree, 3, "3", "socket:[8]");
	assert_int_equal(fchmodat(tree->world.proc, "2/fd", 0, 0), 0);
	assert_int_equal(fchmodat(tree->world.proc, "3", 0, 0), 0);
	/* What CAP_DAC_READ_SEARCH alone gives: the list, but no link. */
	put_fd(tree, 4, "3", "socket:[8]");
	assert_int_equal(fchmodat(tree->world.proc, "4/fd", 0444, 0), 0);
	result = in_child(refused_body, tree);
	fchmodat(tree->world.proc, "2/fd", 0700, 0);
	fchmodat(tree->world.proc, "3", 0700, 0);
	if (result == SKIPPED)
		skip();
	assert_int_equal(result, 0);
}

/* Out of descriptors is not silent. One is left: enough to open the process, not its fd. */
static int exhausted_body(struct tree *tree)
{
	struct buf out = { 0 };
	int next = open("/dev/null", O_RDONLY);
	struct rlimit limit = { (rlim_t)next + 1, (rlim_t)next + 1 };

	close(next);
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return SKIPPED;
	begin(tree, NULL, 0);
	if (!hides(tree, 2, "Too many open files") || !notes_partial(&tree->notes))
		return 1;
	notes_say(&tree->notes, NOTE_PARTIAL, "x", &out);
	return strcmp(out.ptr, "x: 2 processes not read whole: Too many open files\n") == 0 ? 0 : 2;
}

static void test_exhausted(void **state)
{
	struct tree *tree = *state;
	int result;

	put_fd(tree, 1, "3", "socket:[7]");
	put_fd(tree, 2, "3", "socket:[8]");
	result = in_child(exhausted_body, tree);
	if (result == SKIPPED)
		skip();
	assert_int_equal(result, 0);
}

static struct world live_world(void)
{
	return (struct world){
		.root = -1,
		.proc = open("/proc", O_PATH | O_DIRECTORY),
		.hz = (uint32_t)sysconf(_SC_CLK_TCK),
		.wall_ns = clock_wall(),
		.boot_ns = clock_boot(),
	};
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static void test_live(void **state)
{
	struct tree *tree = *state;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), twin = dup(fd);
	uint64_t inode = inode_of(fd);
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	close(tree->world.proc);
	tree->world = live_world();
	begin(tree, NULL, NEED_PROC_ALL);
	assert_int_equal(owners_count(tree->owners, inode), 2);
	if (getpid() < child) {
		owner_is(tree, inode, 0, (uint32_t)getpid(), (uint32_t)fd);
		owner_is(tree, inode, 1, (uint32_t)child, (uint32_t)fd);
		assert_int_equal(owners_get(tree->owners, inode, 1)->process->ppid, getpid());
		assert_non_null(owners_get(tree->owners, inode, 1)->process->ancestors.ptr);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	owners_refresh(tree->owners);
	assert_int_equal(owners_count(tree->owners, inode), 1);
	close(fd);
	close(twin);
}

static int hidepid_body(struct tree *tree)
{
	int fd;

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("proc", tree->path, "proc", 0, "hidepid=2") < 0)
		return SKIPPED;
	close(tree->world.proc);
	tree->world.proc = open(tree->path, O_PATH | O_DIRECTORY);
	tree->world.replay = false;
	if (!become_nobody())
		return SKIPPED;
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	begin(tree, NULL, NEED_PROC_ALL);
	/* Having changed its user, this process itself cannot be looked at by others, but by itself. */
	if (owners_count(tree->owners, inode_of(fd)) != 1)
		return 1;
	return hides(tree, 0, "/proc is mounted with hidepid") ? 0 : 2;
}

static void test_hidepid(void **state)
{
	int result = in_child(hidepid_body, *state);

	if (result == SKIPPED)
		skip();
	assert_int_equal(result, 0);
}

static int nobody_body(struct tree *tree)
{
	const char *why;
	int fd;

	if (geteuid() == 0 && !become_nobody())
		return SKIPPED;
	close(tree->world.proc);
	tree->world = live_world();
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	begin(tree, NULL, NEED_PROC_COMM);
	if (owners_count(tree->owners, inode_of(fd)) != 1 || owners_status(tree->owners, &why))
		return 1;
	return owners_hidden(tree->owners) > 0 && owners_reason(tree->owners) ? 0 : 2;
}

static void test_nobody(void **state)
{
	int result = in_child(nobody_body, *state);

	if (result == SKIPPED)
		skip();
	assert_int_equal(result, 0);
}

/* Processes that begin and end all the while: no error, and each owner has its own data. */
static void test_churn(void **state)
{
	struct tree *tree = *state;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	uint64_t inode = inode_of(fd);
	pid_t maker = fork();
	size_t met = 0;

	if (maker == 0) {
		for (;;) {
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			waitpid(child, NULL, 0);
		}
	}
	close(tree->world.proc);
	tree->world = live_world();
	begin(tree, NULL, NEED_PROC_ALL);
	for (int round = 0; round < 30; round++) {
		const struct owner *owner;
		const char *why;

		owners_refresh(tree->owners);
		assert_int_equal(owners_status(tree->owners, &why), 0);
		for (size_t i = 0; (owner = owners_get(tree->owners, inode, i)); i++) {
			const struct process *p = owner->process;

			met++;
			assert_non_null(p->comm.ptr);
			assert_true(p->ppid != UINT32_MAX && p->start_ticks != UINT64_MAX);
			assert_true(p->pid == (uint32_t)getpid() || p->ppid == (uint32_t)getpid() ||
			        p->ppid == (uint32_t)maker);
		}
	}
	kill(maker, SIGKILL);
	waitpid(maker, NULL, 0);
	close(fd);
	assert_true(met >= 60);
	assert_false(notes_partial(&tree->notes));
}

#define IN_TREE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_table),
		IN_TREE(test_lowest),
		IN_TREE(test_odd_links),
		IN_TREE(test_refresh),
		IN_TREE(test_no_proc),
		IN_TREE(test_many),
		IN_TREE(test_refused),
		IN_TREE(test_exhausted),
		IN_TREE(test_live),
		IN_TREE(test_hidepid),
		IN_TREE(test_nobody),
		IN_TREE(test_churn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
