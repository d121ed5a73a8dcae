/* SPDX-License-Identifier: MIT */
/* core/sys/process: hostile names in each text, and a process read from a recorded tree and live. */

#include "core/sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/sys/ancestry.h"

#define NUMBERS " S 7 1 1 34817 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 100"

static void same(struct str text, const char *expected)
{
	if (!expected) {
		assert_null(text.ptr);
		return;
	}
	assert_non_null(text.ptr);
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static bool parse(
        const char *text, struct str *comm, uint32_t *ppid, uint32_t *tty, uint64_t *start)
{
	return process_parse_stat(str_from(text), comm, ppid, tty, start);
}

static void test_stat(void **state)
{
	static const char worker[] =
	        "kworker/u257:31-this-name-has-sixty-three-bytes-events_unbound_";
	char long_name[200];
	struct str comm;
	uint32_t ppid, tty;
	uint64_t start;

	(void)state;
	assert_true(parse("42 (sshd)" NUMBERS "\n", &comm, &ppid, &tty, &start));
	same(comm, "sshd");
	assert_int_equal(ppid, 7);
	assert_int_equal(tty, 34817);
	assert_int_equal(start, 12345);
	assert_true(parse("42 (a) R 1 (b)" NUMBERS, &comm, &ppid, &tty, &start));
	same(comm, "a) R 1 (b");
	assert_int_equal(ppid, 7);
	assert_true(parse("42 (a\nb)" NUMBERS, &comm, &ppid, &tty, &start));
	same(comm, "a\nb");
	assert_true(parse("42 ()" NUMBERS, &comm, &ppid, &tty, &start));
	same(comm, "");
	assert_true(parse("42 ()))" NUMBERS, &comm, &ppid, &tty, &start));
	same(comm, "))");
	assert_int_equal(strlen(worker), 63);
	snprintf(long_name, sizeof(long_name), "42 (%s)" NUMBERS, worker);
	assert_true(parse(long_name, &comm, &ppid, &tty, &start));
	same(comm, worker);
}

static void test_stat_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"(",
		")",
		")(",
		"42",
		"42 (a",
		"42 a)" NUMBERS,
		"(a)" NUMBERS,
		" (a)" NUMBERS,
		"x (a)" NUMBERS,
		"42(a)" NUMBERS,
		"42 (a) S",
		"42 (a) S x 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 5",
		"42 (a) S 1 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0",
		"42 (a) S 1 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 -5",
	};
	struct str comm = STR("before");
	uint32_t ppid = 1, tty = 2;
	uint64_t start = 3;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parse(bad[i], &comm, &ppid, &tty, &start))
			fail_msg("taken: %s", bad[i]);
	}
	assert_false(process_parse_stat(STR_NONE, &comm, &ppid, &tty, &start));
	same(comm, "before");
	assert_int_equal(ppid + tty + start, 6);
}

static void test_cgroup(void **state)
{
	struct str path = STR("before");

	(void)state;
	assert_true(process_parse_cgroup(STR("0::/system.slice/a:b.service\n"), &path));
	same(path, "/system.slice/a:b.service");
	assert_true(process_parse_cgroup(
	        STR("4:memory:/\n3:cpu,cpuacct:/docker/1234\n1:name=systemd:/x\n"), &path));
	same(path, "/docker/1234");
	assert_true(process_parse_cgroup(STR("4:memory:/longer/than\n0::/v2\n"), &path));
	same(path, "/v2");
	assert_true(process_parse_cgroup(STR("0::/"), &path));
	same(path, "/");
	assert_false(process_parse_cgroup(STR(""), &path));
	assert_false(process_parse_cgroup(STR_NONE, &path));
	assert_false(process_parse_cgroup(STR("0::\nx::/a\n1:b\n:::/\n"), &path));
	same(path, "/");
}

static void test_cmdline(void **state)
{
	struct buf out = { 0 };

	(void)state;
	assert_true(process_parse_cmdline(STR("ls\0-l\0\0a b\0"), &out));
	assert_string_equal(out.ptr, "ls -l  a b");
	assert_true(process_parse_cmdline(STR("nginx: master\0\0\0\0"), &out));
	assert_string_equal(out.ptr, "nginx: master");
	assert_false(process_parse_cmdline(STR(""), &out));
	assert_false(process_parse_cmdline(STR("\0\0"), &out));
	assert_false(process_parse_cmdline(STR_NONE, &out));
	buf_release(&out);
}

static void tty_is(uint32_t major, uint32_t minor, const char *expected)
{
	uint32_t number = (minor & 0xff) | major << 8 | (minor & 0xfff00) << 12;
	struct buf out = { 0 };

	assert_true(process_tty_name(number, &out));
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

static void test_tty(void **state)
{
	struct buf out = { 0 };

	(void)state;
	assert_false(process_tty_name(0, &out));
	tty_is(4, 1, "tty1");
	tty_is(4, 63, "tty63");
	tty_is(4, 64, "ttyS0");
	tty_is(136, 3, "pts/3");
	tty_is(136, 300, "pts/300");
	tty_is(137, 3, "pts/259");
	tty_is(204, 64, "204:64");
	tty_is(5, 1, "5:1");
	buf_release(&out);
}

/* A recorded tree in a temporary directory. */
struct tree {
	char path[64];
	struct world world;
	struct arena arena;
	struct buf scratch;
};

static void put(const struct tree *tree, const char *name, const char *text, size_t len)
{
	int fd = openat(tree->world.proc, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void put_stat(
        const struct tree *tree, unsigned pid, const char *comm, unsigned ppid, unsigned start)
{
	char name[32], text[128];

	snprintf(name, sizeof(name), "%u", pid);
	mkdirat(tree->world.proc, name, 0755);
	snprintf(name, sizeof(name), "%u/stat", pid);
	snprintf(text, sizeof(text), "%u (%s) S %u 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 %u\n", pid,
	        comm, ppid, start);
	put(tree, name, text, strlen(text));
}

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->path, "/tmp/test_process.XXXXXX");
	if (!mkdtemp(tree->path))
		return -1;
	tree->world = (struct world){ .root = -1, .replay = true, .hz = 100 };
	tree->world.wall_ns = 1000 * NS_PER_SEC;
	tree->world.boot_ns = 300 * NS_PER_SEC;
	tree->world.proc = open(tree->path, O_RDONLY | O_DIRECTORY);
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", tree->path);
	close(tree->world.proc);
	arena_release(&tree->arena);
	buf_release(&tree->scratch);
	free(tree);
	return system(command);
}

static int read_pid(struct tree *tree, unsigned pid, uint32_t needs, struct process *process)
{
	char name[16];
	int dirfd, result;

	snprintf(name, sizeof(name), "%u", pid);
	dirfd = openat(tree->world.proc, name, O_PATH | O_DIRECTORY);
	assert_true(dirfd >= 0);
	result = process_read(
	        &tree->world, dirfd, pid, needs, process, &tree->arena, &tree->scratch);
	close(dirfd);
	return result;
}

static void test_read(void **state)
{
	struct tree *tree = *state;
	char arguments[5000];
	struct process p;

	put_stat(tree, 42, "a) R 1 (b\nc\\n", 7, 10050);
	put(tree, "42/comm", "other\n\n", 7);
	memset(arguments, 'x', sizeof(arguments));
	put(tree, "42/cmdline", arguments, sizeof(arguments));
	put(tree, "42/cgroup", "0::/a/b\n", 8);
	assert_int_equal(symlinkat("/usr/bin/x (deleted)", tree->world.proc, "42/exe"), 0);

	assert_int_equal(read_pid(tree, 42, NEED_PROC_ALL, &p), 0);
	assert_int_equal(p.pid, 42);
	assert_int_equal(p.ppid, 7);
	same(p.comm, "a) R 1 (b\nc\\n");
	same(p.exe, "/usr/bin/x");
	same(p.cgroup, "/a/b");
	same(p.tty, NULL);
	assert_int_equal(p.cmdline.len, 4096);
	assert_int_equal(p.start_ticks, 10050);
	assert_int_equal(p.started, 700 * NS_PER_SEC + 100500 * NS_PER_MSEC);
	assert_int_equal(p.age, 199500 * NS_PER_MSEC);
	same(p.ancestors, NULL);

	/* Only what was asked for; of comm one newline goes. */
	assert_int_equal(read_pid(tree, 42, NEED_PROC_COMM, &p), 0);
	same(p.comm, "other\n");
	assert_true(p.ppid == UINT32_MAX && p.started == UINT64_MAX && p.age == UINT64_MAX);
	assert_null(p.exe.ptr);
	assert_null(p.cmdline.ptr);
	assert_int_equal(read_pid(tree, 42, 0, &p), 0);
	assert_null(p.comm.ptr);
	assert_int_equal(p.pid, 42);
}

static void test_read_odd(void **state)
{
	struct tree *tree = *state;
	struct process p;

	/* In a recorded world a missing file is no sign that the process is gone. */
	mkdirat(tree->world.proc, "5", 0755);
	assert_int_equal(read_pid(tree, 5, NEED_PROC_ALL, &p), 0);
	assert_null(p.comm.ptr);
	put(tree, "5/cmdline", "", 0);
	put(tree, "5/comm", "", 0);
	assert_int_equal(read_pid(tree, 5, NEED_PROC_CMDLINE | NEED_PROC_COMM, &p), 0);
	assert_null(p.cmdline.ptr);
	same(p.comm, "");
	/* Begun after the sample did: no age below zero. */
	put_stat(tree, 5, "late", 1, 40000);
	assert_int_equal(read_pid(tree, 5, NEED_PROC_STAT, &p), 0);
	assert_int_equal(p.age, 0);
	put(tree, "5/stat", "5 (x) S 1 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551615",
	        67);
	assert_int_equal(read_pid(tree, 5, NEED_PROC_STAT, &p), 0);
	assert_true(p.started == UINT64_MAX && p.age == UINT64_MAX);
}

static void test_ancestors(void **state)
{
	struct tree *tree = *state;
	struct process p;

	put_stat(tree, 1, "init", 0, 1);
	put_stat(tree, 10, "sshd", 1, 10);
	put_stat(tree, 20, "ba)sh", 10, 20);
	put_stat(tree, 30, "vi", 20, 30);
	assert_int_equal(read_pid(tree, 30, NEED_PROC_ANCESTORS, &p), 0);
	same(p.ancestors, "ba)sh,sshd,init");
	/* The number of the parent was given to a younger process. */
	put_stat(tree, 20, "new", 10, 31);
	assert_int_equal(read_pid(tree, 30, NEED_PROC_ANCESTORS, &p), 0);
	same(p.ancestors, NULL);
	/* A parent that cannot be read. */
	put_stat(tree, 30, "vi", 77, 30);
	assert_int_equal(read_pid(tree, 30, NEED_PROC_ANCESTORS, &p), 0);
	same(p.ancestors, NULL);
	/* A circle ends. */
	put_stat(tree, 20, "x", 10, 5);
	put_stat(tree, 10, "y", 20, 5);
	put_stat(tree, 30, "vi", 20, 30);
	assert_int_equal(read_pid(tree, 30, NEED_PROC_ANCESTORS, &p), 0);
	assert_int_equal(p.ancestors.len, 2 * ANCESTRY_DEPTH - 1);
}

/* The names of ancestors are read once a pass, and again in the next. */
static void test_ancestry(void **state)
{
	struct tree *tree = *state;
	struct ancestry ancestry = { 0 };
	struct process p = { .ppid = 10, .start_ticks = 99 };

	put_stat(tree, 10, "old", 0, 10);
	ancestry_fill(&ancestry, &tree->world, &p, &tree->arena, &tree->scratch);
	same(p.ancestors, "old");
	put_stat(tree, 10, "new", 0, 10);
	ancestry_fill(&ancestry, &tree->world, &p, &tree->arena, &tree->scratch);
	same(p.ancestors, "old");
	ancestry_clear(&ancestry);
	ancestry_fill(&ancestry, &tree->world, &p, &tree->arena, &tree->scratch);
	same(p.ancestors, "new");
	ancestry_release(&ancestry);
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

/* What the kernel really does with a name, in comm and in stat. */
static void test_live_name(void **state)
{
	static const char hostile[] = "a\\n) R\n\033]0;x"; /* 13 bytes, and a comm has 15 */
	struct world world = live_world();
	struct arena arena = { 0 };
	struct buf scratch = { 0 };
	char before[32] = "";
	struct process by_comm, by_stat;
	int dirfd = openat(world.proc, "self", O_PATH | O_DIRECTORY);

	(void)state;
	prctl(PR_GET_NAME, before);
	prctl(PR_SET_NAME, hostile);
	assert_int_equal(
	        process_read(&world, dirfd, 1, NEED_PROC_COMM, &by_comm, &arena, &scratch), 0);
	assert_int_equal(
	        process_read(&world, dirfd, 1, NEED_PROC_STAT, &by_stat, &arena, &scratch), 0);
	prctl(PR_SET_NAME, before);
	same(by_comm.comm, hostile);
	same(by_stat.comm, hostile);
	assert_int_equal(by_stat.ppid, getppid());
	assert_true(by_stat.age < 3600 * NS_PER_SEC);
	assert_int_equal(
	        process_read(&world, dirfd, 1, NEED_PROC_ALL, &by_stat, &arena, &scratch), 0);
	assert_non_null(by_stat.exe.ptr);
	assert_non_null(by_stat.cmdline.ptr);
	close(dirfd);
	close(world.proc);
	arena_release(&arena);
	buf_release(&scratch);
}

static void test_live_gone(void **state)
{
	static const uint32_t needs[] = { NEED_PROC_COMM, NEED_PROC_STAT, NEED_PROC_EXE,
		NEED_PROC_CMDLINE, NEED_PROC_CGROUP, NEED_PROC_ALL };
	struct world world = live_world();
	struct arena arena = { 0 };
	struct buf scratch = { 0 };
	struct process process;
	char name[16];
	pid_t child = fork();
	int dirfd;

	(void)state;
	if (child == 0) {
		pause();
		_exit(0);
	}
	snprintf(name, sizeof(name), "%d", child);
	dirfd = openat(world.proc, name, O_PATH | O_DIRECTORY);
	assert_int_equal(
	        process_read(&world, dirfd, 1, NEED_PROC_ALL, &process, &arena, &scratch), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		assert_int_equal(
		        process_read(&world, dirfd, 1, needs[i], &process, &arena, &scratch),
		        -ESRCH);
	close(dirfd);
	close(world.proc);
	arena_release(&arena);
	buf_release(&scratch);
}

/* A program that was removed while it runs, and one whose name merely ends like that. */
static void test_live_deleted(void **state)
{
	char path[] = "/tmp/test_process (deleted).XXXXXX", copy[64];
	struct world world = live_world();
	struct arena arena = { 0 };
	struct buf scratch = { 0 };
	struct process process;
	char command[256], name[16];
	int dirfd;
	pid_t child;

	(void)state;
	assert_non_null(mkdtemp(path));
	snprintf(copy, sizeof(copy), "%s/sh (deleted)", path);
	snprintf(command, sizeof(command), "cp /bin/sleep '%s'", copy);
	assert_int_equal(system(command), 0);
	child = fork();
	if (child == 0) {
		execl(copy, "sleep", "60", (char *)NULL);
		_exit(1);
	}
	snprintf(name, sizeof(name), "%d", child);
	dirfd = openat(world.proc, name, O_PATH | O_DIRECTORY);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(
		        process_read(&world, dirfd, 1, NEED_PROC_EXE, &process, &arena, &scratch),
		        0);
		if (process.exe.len && strstr(process.exe.ptr, "/sh "))
			break;
		usleep(1000);
	}
	same(process.exe, copy);
	unlink(copy);
	assert_int_equal(
	        process_read(&world, dirfd, 1, NEED_PROC_EXE, &process, &arena, &scratch), 0);
	same(process.exe, copy); /* the kernel's " (deleted)" is off, its own stays */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	rmdir(path);
	close(dirfd);
	close(world.proc);
	arena_release(&arena);
	buf_release(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_stat_refused),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_tty),
		cmocka_unit_test_setup_teardown(test_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read_odd, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ancestors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ancestry, set_up, tear_down),
		cmocka_unit_test(test_live_name),
		cmocka_unit_test(test_live_gone),
		cmocka_unit_test(test_live_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
