/* SPDX-License-Identifier: MIT */
/* core/table/output: whole records, the first error, files cut back. */

#include "core/table/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/diag.h"
#include "core/base/loop.h"

static struct output output;

static int teardown(void **state)
{
	output_release(&output);
	return 0;
}

/* An open file without a name. */
static int scratch_file(void)
{
	char path[] = "/tmp/sockbox-output-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

static off_t size_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return status.st_size;
}

static void record(const char *text)
{
	buf_text(&output.buf, text);
	output_record(&output);
}

static void assert_holds(int fd, const char *expected)
{
	char bytes[256] = { 0 };
	ssize_t got = pread(fd, bytes, sizeof(bytes) - 1, 0);

	assert_true(got >= 0);
	assert_string_equal(bytes, expected);
}

static void test_blocks(void **state)
{
	int fd = scratch_file();
	char line[101];

	memset(line, 'x', 99);
	strcpy(line + 99, "\n");
	output_init(&output, fd);
	for (unsigned i = 0; i < 600; i++)
		record(line);
	assert_int_equal(size_of(fd), 0);
	for (unsigned i = 0; i < 100; i++)
		record(line);
	/* One block has gone, and it ends with a record. */
	assert_true(size_of(fd) >= 65536);
	assert_int_equal(size_of(fd) % 100, 0);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(size_of(fd), 70000);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(size_of(fd), 70000);
	close(fd);
}

static void test_whole_records(void **state)
{
	int fd = scratch_file();

	output_init(&output, fd);
	record("one\n");
	buf_text(&output.buf, "tw");
	assert_int_equal(output_flush(&output), 0);
	assert_holds(fd, "one\n");
	record("o\n");
	assert_int_equal(output_flush(&output), 0);
	assert_holds(fd, "one\ntwo\n");
	close(fd);
}

static void test_by_line(void **state)
{
	int fd = scratch_file();

	output_init(&output, fd);
	output.by_line = true;
	record("one\n");
	assert_holds(fd, "one\n");
	close(fd);
}

static void test_full_device(void **state)
{
	int fd = open("/dev/full", O_WRONLY);

	assert_true(fd >= 0);
	output_init(&output, fd);
	record("one\n");
	assert_int_equal(output.error, 0);
	assert_int_equal(output_flush(&output), -ENOSPC);
	assert_string_equal(diag_text(), "write output: No space left on device");
	/* The error stays, and nothing is gathered any more. */
	record("two\n");
	assert_int_equal(output.buf.len, 0);
	assert_int_equal(output_flush(&output), -ENOSPC);
	close(fd);
}

static void test_closed_pipe(void **state)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	signal(SIGPIPE, SIG_IGN);
	output_init(&output, fds[1]);
	record("one\n");
	assert_int_equal(output_flush(&output), -EPIPE);
	signal(SIGPIPE, SIG_DFL);
	close(fds[1]);
}

/* A pipe that holds one page and does not wait, with a reader that takes its time. */
static void test_slow_pipe(void **state)
{
	int fds[2];
	size_t total = 0;
	ssize_t got;
	char bytes[1000];
	pid_t child;
	int status;

	assert_int_equal(pipe(fds), 0);
	fcntl(fds[1], F_SETPIPE_SZ, 4096);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(fds[0]);
		output_init(&output, fds[1]);
		for (unsigned i = 0; i < 20000; i++)
			record("123456789\n");
		_exit(output_flush(&output) != 0);
	}
	close(fds[1]);
	while ((got = read(fds[0], bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < got; i++, total++)
			assert_int_equal(
			        bytes[i], total % 10 == 9 ? '\n' : (char)('1' + total % 10));
	}
	assert_int_equal(total, 200000);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fds[0]);
}

/* Its reader stalls, and a signal ends it: what the pipe holds is whole records. */
static void test_stalled_pipe(void **state)
{
	char bytes[1000];
	int fds[2], status;
	ssize_t got;
	char last = 0;
	size_t total = 0;
	pid_t child;

	signal(SIGTERM, SIG_DFL);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		alarm(10);
		loop_start();
		output_init(&output, fds[1]);
		for (unsigned i = 0; i < 40000 && !output.error; i++)
			record(i % 100 ? "123456\n" : "1234567890\n");
		if (output.error == -EINTR)
			loop_raise();
		_exit(1);
	}
	close(fds[1]);
	usleep(50000);
	kill(child, SIGTERM);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	while ((got = read(fds[0], bytes, sizeof(bytes))) > 0) {
		last = bytes[got - 1];
		total += (size_t)got;
	}
	assert_true(total > 4096);
	assert_int_equal(last, '\n');
	close(fds[0]);
}

/* In a stream as well nothing is lost, with records that are longer than a pipe takes at once. */
static void test_long_records(void **state)
{
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 20000, 3, 60000 };
	static char bytes[60000];
	int fds[2], status;
	FILE *file;
	pid_t child;

	memset(bytes, 'x', sizeof(bytes));
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(fds[0]);
		loop_start();
		output_init(&output, fds[1]);
		for (unsigned i = 0; i < 70; i++) {
			buf_add(&output.buf, bytes, sizes[i % 7] - 1);
			record("\n");
		}
		_exit(output_flush(&output) != 0);
	}
	close(fds[1]);
	file = fdopen(fds[0], "r");
	for (unsigned i = 0; i < 70; i++) {
		char line[60001];

		assert_non_null(fgets(line, sizeof(line), file));
		assert_int_equal(strlen(line), sizes[i % 7]);
		assert_int_equal(line[sizes[i % 7] - 1], '\n');
	}
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A file that may not grow beyond @limit bytes takes @records; gives what output_flush() returned. */
static int write_limited(int fd, rlim_t limit, const char *const *records, size_t count)
{
	struct rlimit before, cut;
	int result;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	cut = (struct rlimit){ limit, before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	output_init(&output, fd);
	for (size_t i = 0; i < count; i++) {
		buf_add(&output.buf, records[i],
		        strlen(records[i]) + (records[i][strlen(records[i]) - 1] != '\n'));
		output_record(&output);
	}
	setrlimit(RLIMIT_FSIZE, &cut);
	result = output_flush(&output);
	setrlimit(RLIMIT_FSIZE, &before);
	return result;
}

static void test_cut_back(void **state)
{
	static const char *const lines[] = { "one\n", "two\n", "three\n" };
	int fd = scratch_file();

	assert_int_equal(write_limited(fd, 10, lines, 3), -EFBIG);
	assert_int_equal(size_of(fd), 8);
	assert_holds(fd, "one\ntwo\n");
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 8);
	output_release(&output);
	close(fd);
	/* Not even the first record fits. */
	fd = scratch_file();
	assert_int_equal(write_limited(fd, 2, lines, 3), -EFBIG);
	assert_int_equal(size_of(fd), 0);
	output_release(&output);
	close(fd);
	/* It ends with a whole one: nothing is to be cut. */
	fd = scratch_file();
	assert_int_equal(write_limited(fd, 4, lines, 3), -EFBIG);
	assert_holds(fd, "one\n");
	close(fd);
}

static void test_cut_back_nul(void **state)
{
	static const char *const records[] = { "o\nx", "two", "three" };
	int fd = scratch_file();
	char bytes[16];

	assert_int_equal(write_limited(fd, 10, records, 3), -EFBIG);
	assert_int_equal(size_of(fd), 8);
	assert_int_equal(pread(fd, bytes, sizeof(bytes), 0), 8);
	assert_memory_equal(bytes, "o\nx\0two\0", 8);
	close(fd);
}

/* What others wrote before us stays; what stands behind us is not ours to cut. */
static void test_cut_back_shared(void **state)
{
	static const char *const lines[] = { "one\n", "two\n", "three\n" };
	int fd = scratch_file();

	assert_int_equal(write(fd, "head", 4), 4);
	assert_int_equal(write_limited(fd, 10, lines, 3), -EFBIG);
	assert_holds(fd, "headone\n");
	output_release(&output);
	close(fd);
	fd = scratch_file();
	assert_int_equal(write(fd, "0123456789abcdefghij", 20), 20);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(write_limited(fd, 6, lines, 3), -EFBIG);
	assert_holds(fd, "one\ntw6789abcdefghij");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_blocks, teardown),
		cmocka_unit_test_teardown(test_whole_records, teardown),
		cmocka_unit_test_teardown(test_by_line, teardown),
		cmocka_unit_test_teardown(test_full_device, teardown),
		cmocka_unit_test_teardown(test_closed_pipe, teardown),
		cmocka_unit_test_teardown(test_slow_pipe, teardown),
		cmocka_unit_test_teardown(test_stalled_pipe, teardown),
		cmocka_unit_test_teardown(test_long_records, teardown),
		cmocka_unit_test_teardown(test_cut_back, teardown),
		cmocka_unit_test_teardown(test_cut_back_nul, teardown),
		cmocka_unit_test_teardown(test_cut_back_shared, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
