/* SPDX-License-Identifier: MIT */
/* core/base/file: in a directory of its own; pipes that block; descriptors that are missing. */

#include "core/base/file.h"

#include <dirent.h>
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/loop.h"

static char root[] = "/tmp/sockbox-file-XXXXXX";
static int root_fd = -1;

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	root_fd = open(root, O_RDONLY | O_DIRECTORY);
	return root_fd < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	DIR *dir = opendir(root);
	struct dirent *entry;

	(void)state;
	while (dir && (entry = readdir(dir)))
		unlinkat(root_fd, entry->d_name, 0);
	closedir(dir);
	close(root_fd);
	return rmdir(root);
}

static void make_file(const char *name, const void *bytes, size_t len)
{
	int fd = openat(root_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, bytes, len), 0);
	close(fd);
}

static void test_read(void **state)
{
	static char bytes[100000];
	static const size_t sizes[] = { 0, 1, 4094, 4095, 4096, 4097, 8190, 8191, 65536, 100000 };
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 % 251);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		make_file("file", bytes, sizes[i]);
		assert_int_equal(file_read(root_fd, "file", &out, 0), sizes[i]);
		assert_int_equal(out.len, sizes[i]);
		assert_memory_equal(out.ptr, bytes, sizes[i]);
		assert_int_equal(out.ptr[out.len], 0);
		if (!sizes[i])
			continue;
		assert_int_equal(file_read(root_fd, "file", &out, sizes[i]), sizes[i]);
		assert_int_equal(file_read(root_fd, "file", &out, SIZE_MAX), sizes[i]);
		if (sizes[i] == 1)
			continue;
		assert_int_equal(file_read(root_fd, "file", &out, sizes[i] - 1), -EFBIG);
		assert_int_equal(out.len, sizes[i] - 1);
		assert_memory_equal(out.ptr, bytes, out.len);
		assert_int_equal(out.ptr[out.len], 0);
	}
	buf_release(&out);
}

static void test_read_errors(void **state)
{
	struct buf out = { 0 };

	(void)state;
	buf_text(&out, "before");
	assert_int_equal(file_read(root_fd, "none", &out, 0), -ENOENT);
	assert_int_equal(out.len, 0);
	assert_int_equal(file_read(AT_FDCWD, root, &out, 0), -EISDIR);
	assert_true(file_read(AT_FDCWD, "/proc/self/stat", &out, 0) > 0);
	assert_int_equal(out.ptr[out.len - 1], '\n');
	buf_release(&out);
}

static void test_readlink(void **state)
{
	char target[2001];
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(file_readlink(root_fd, "none", &out), -ENOENT);
	for (size_t len = 1; len <= 2000; len += len < 250 || len > 260 ? 50 : 1) {
		memset(target, 'x', len);
		target[len] = '\0';
		assert_int_equal(symlinkat(target, root_fd, "link"), 0);
		assert_int_equal(file_readlink(root_fd, "link", &out), len);
		assert_string_equal(out.ptr, target);
		assert_int_equal(unlinkat(root_fd, "link", 0), 0);
	}
	buf_release(&out);
}

/* More than a pipe holds, not blocking, to a reader that is late. */
static void test_write_waits(void **state)
{
	static char bytes[300000];
	int ends[2];
	pid_t child;
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 % 251);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		static char read_bytes[sizeof(bytes) + 1000];
		size_t sum = 0;
		ssize_t got;

		close(ends[1]);
		fcntl(ends[0], F_SETFL, 0);
		usleep(20000);
		while (sum <= sizeof(bytes) && (got = read(ends[0], read_bytes + sum, 1000)) > 0)
			sum += (size_t)got;
		_exit(sum == sizeof(bytes) && memcmp(bytes, read_bytes, sum) == 0 ? 0 : 1);
	}
	close(ends[0]);
	assert_int_equal(file_write(ends[1], bytes, sizeof(bytes)), 0);
	close(ends[1]);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

/* How a child ends that does @body and gets the signal meanwhile. */
static int ended_by(int number, void (*body)(void))
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		alarm(10);
		loop_start();
		body();
		loop_raise();
		_exit(9);
	}
	usleep(50000);
	kill(child, number);
	waitpid(child, &status, 0);
	return status;
}

static int stalled[2];

static void write_to_stalled(void)
{
	static char bytes[300000];
	int error;

	if (file_put(stalled[1], bytes, sizeof(bytes), &error) >= sizeof(bytes) || error != -EINTR)
		_exit(1);
}

/* As write_to_stalled(), but the signal is there before the write. */
static void write_when_ended(void)
{
	raise(SIGHUP);
	write_to_stalled();
}

/* SIGUSR1 asks for a report, which is no reason to give up. */
static void write_on_report(void)
{
	if (fork() == 0) {
		usleep(10000);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	write_to_stalled();
}

static void test_write_ends(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	signal(SIGUSR1, SIG_DFL);
	for (size_t i = 0; i < 6; i++) {
		int number = numbers[i % 3];

		signal(number, SIG_DFL);
		assert_int_equal(pipe2(stalled, i < 3 ? 0 : O_NONBLOCK), 0);
		assert_int_equal(WTERMSIG(ended_by(number, write_to_stalled)), number);
		assert_int_equal(WTERMSIG(ended_by(number, write_on_report)), number);
		assert_int_equal(WTERMSIG(ended_by(SIGHUP, write_when_ended)), SIGHUP);
		close(stalled[0]);
		close(stalled[1]);
	}
}

/* What has room is written whole though the program ends: the last block is not lost. */
static void write_last_block(void)
{
	static const char bytes[65536];
	int error;

	raise(SIGTERM);
	if (file_put(stalled[1], bytes, sizeof(bytes), &error) != sizeof(bytes) || error)
		_exit(1);
}

static void test_write_after_end(void **state)
{
	(void)state;
	assert_int_equal(pipe(stalled), 0);
	assert_int_equal(WTERMSIG(ended_by(SIGTERM, write_last_block)), SIGTERM);
	close(stalled[0]);
	close(stalled[1]);
}

static void test_write_errors(void **state)
{
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_int_equal(file_write(fd, "x", 1), -ENOSPC);
	assert_int_equal(file_write(fd, "", 0), 0);
	close(fd);
	assert_int_equal(file_write(fd, "x", 1), -EBADF);
}

static void test_dir(void **state)
{
	struct dir dir = { 0 };
	static bool seen[3000];
	const char *name;
	size_t count = 0;

	(void)state;
	dir_close(&dir); /* zeroed: closes nothing */
	assert_true(fcntl(0, F_GETFD) >= 0);
	for (unsigned i = 0; i < 3000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "entry-%u", i);
		make_file(text, "", 0);
	}
	for (unsigned round = 0; round < 2; round++) {
		memset(seen, 0, sizeof(seen));
		count = 0;
		assert_int_equal(dir_open(&dir, root_fd, "."), 0);
		while ((name = dir_next(&dir))) {
			unsigned number;

			assert_string_not_equal(name, ".");
			assert_string_not_equal(name, "..");
			if (sscanf(name, "entry-%u", &number) != 1)
				continue;
			assert_false(seen[number]);
			seen[number] = true;
			count++;
		}
		assert_int_equal(count, 3000);
		assert_int_equal(dir.error, 0);
		assert_null(dir_next(&dir));
	}
	dir_release(&dir);
	dir_release(&dir);
}

static void test_dir_errors(void **state)
{
	struct dir dir = { 0 };
	int fd;

	(void)state;
	assert_int_equal(dir_open(&dir, root_fd, "none"), -ENOENT);
	assert_null(dir_next(&dir));
	assert_int_equal(dir_open(&dir, AT_FDCWD, "/proc/self/stat"), -ENOTDIR);
	assert_int_equal(dir_open(&dir, AT_FDCWD, "/proc/self/fd"), 0);
	fd = dir.fd;
	assert_non_null(dir_next(&dir));
	assert_int_equal(dir_open(&dir, root_fd, "none"), -ENOENT);
	assert_null(dir_next(&dir));
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(dir_open(&dir, AT_FDCWD, "/proc/self/fd"), 0);
	close(dir.fd);
	assert_null(dir_next(&dir));
	assert_int_equal(dir.error, -EBADF);
	dir.fd = -1;
	dir_release(&dir);
}

static int guarded_child(unsigned closed)
{
	for (int fd = 0; fd < 3; fd++) {
		if (closed >> fd & 1)
			close(fd);
	}
	file_guard_stdio();
	for (int fd = 0; fd < 3; fd++) {
		char byte = 0;

		if (fcntl(fd, F_GETFD) < 0)
			return 1;
		if (!(closed >> fd & 1))
			continue;
		if ((fd ? write(fd, &byte, 1) : read(fd, &byte, 1)) >= 0)
			return 2;
	}
	return open("/dev/null", O_RDONLY) < 3 ? 3 : 0;
}

static void test_guard(void **state)
{
	(void)state;
	for (unsigned closed = 0; closed < 8; closed++) {
		pid_t child = fork();
		int status;

		if (child == 0)
			_exit(guarded_child(closed));
		waitpid(child, &status, 0);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_readlink),
		cmocka_unit_test(test_write_waits),
		cmocka_unit_test(test_write_ends),
		cmocka_unit_test(test_write_after_end),
		cmocka_unit_test(test_write_errors),
		cmocka_unit_test(test_dir),
		cmocka_unit_test(test_dir_errors),
		cmocka_unit_test(test_guard),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
