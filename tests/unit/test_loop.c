/* SPDX-License-Identifier: MIT */
/* core/base/loop: deadlines, descriptors, signals; in a child where a signal ends it. */

#include "core/base/loop.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"

#define FOREVER UINT64_MAX

static void test_deadline(void **state)
{
	uint64_t start = clock_now();

	(void)state;
	loop_start();
	assert_int_equal(loop_wait(start + 20 * NS_PER_MSEC, NULL, NULL, 0), LOOP_TIME);
	assert_true(clock_now() - start >= 20 * NS_PER_MSEC);
	assert_int_equal(loop_wait(0, NULL, NULL, 0), LOOP_TIME);
	assert_false(loop_ended());
	loop_raise();
}

static void test_descriptors(void **state)
{
	int a[2], b[2];
	int fds[3];
	bool ready[3] = { true, true, true };

	(void)state;
	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	fds[0] = a[0];
	fds[1] = -1;
	fds[2] = b[0];
	loop_start();
	assert_int_equal(loop_wait(0, fds, ready, 3), LOOP_TIME);
	assert_false(ready[0] || ready[1] || ready[2]);
	assert_int_equal(write(b[1], "x", 1), 1);
	assert_int_equal(loop_wait(FOREVER, fds, ready, 3), LOOP_READY);
	assert_false(ready[0] || ready[1]);
	assert_true(ready[2]);
	/* a deadline that has passed still looks */
	assert_int_equal(loop_wait(0, fds, NULL, 3), LOOP_READY);
	/* the other end is gone: a failure is ready too */
	close(a[1]);
	assert_int_equal(loop_wait(FOREVER, fds, ready, 1), LOOP_READY);
	assert_true(ready[0]);
	loop_raise();
	close(a[0]);
	close(b[0]);
	close(b[1]);
}

static void test_report(void **state)
{
	(void)state;
	loop_start();
	raise(SIGUSR1);
	assert_int_equal(loop_wait(FOREVER, NULL, NULL, 0), LOOP_REPORT);
	assert_int_equal(loop_wait(0, NULL, NULL, 0), LOOP_TIME);
	assert_false(loop_ended());
	loop_raise();
}

/* Runs @body in a child, without the sanitizer's leak check, and returns how it ended. */
static int status_of(void (*body)(int signal), int signal_number)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		alarm(10);
		body(signal_number);
		_exit(9);
	}
	waitpid(child, &status, 0);
	return status;
}

static void end_pending(int number)
{
	loop_start();
	raise(number);
	if (!loop_ended() || loop_wait(FOREVER, NULL, NULL, 0) != LOOP_END ||
	        loop_wait(0, NULL, NULL, 0) != LOOP_END)
		_exit(1);
	loop_raise();
}

static void end_while_waiting(int number)
{
	pid_t parent = getpid();

	loop_start();
	if (fork() == 0) {
		usleep(20000);
		kill(parent, number);
		_exit(0);
	}
	if (loop_wait(FOREVER, NULL, NULL, 0) != LOOP_END)
		_exit(1);
	loop_raise();
}

/* A descriptor that is always ready must not make it deaf. */
static void end_while_busy(int number)
{
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
		_exit(1);
	loop_start();
	if (loop_wait(FOREVER, ends, NULL, 1) != LOOP_READY)
		_exit(2);
	raise(number);
	if (loop_wait(FOREVER, ends, NULL, 1) != LOOP_END)
		_exit(3);
	loop_raise();
}

/* A report that comes with the end does not hide it, whichever is first. */
static void end_and_report(int number)
{
	loop_start();
	raise(SIGUSR1);
	raise(number);
	if (loop_wait(FOREVER, NULL, NULL, 0) != LOOP_END)
		_exit(1);
	loop_raise();
}

/* A call that begins after the signal was seen is interrupted too, each time. */
static void end_blocked_calls(int number)
{
	char byte;
	int ends[2];

	if (pipe(ends) != 0)
		_exit(1);
	loop_start();
	raise(number);
	if (!loop_ended())
		_exit(2);
	for (unsigned i = 0; i < 3; i++) {
		loop_hear(true);
		if (read(ends[0], &byte, 1) != -1 || errno != EINTR)
			_exit(3);
		loop_hear(false);
		if (!loop_given_up())
			_exit(4);
	}
	raise(SIGALRM); /* held back, and not what ends it */
	loop_raise();
}

static void test_ends(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	static void (*const bodies[])(int) = { end_pending, end_while_waiting, end_while_busy,
		end_and_report, end_blocked_calls };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < sizeof(bodies) / sizeof(bodies[0]); k++) {
			int status = status_of(bodies[k], numbers[i]);

			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), numbers[i]);
		}
	}
}

/* Under nohup SIGHUP is ignored, and stays so. */
static void ignored(int number)
{
	signal(number, SIG_IGN);
	loop_start();
	raise(number);
	if (loop_ended() || loop_wait(0, NULL, NULL, 0) != LOOP_TIME)
		_exit(1);
	loop_raise();
	raise(number);
	_exit(0);
}

/* A parent that blocked SIGTERM: it must end us nevertheless, as everybody's SIGTERM does. */
static void blocked(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
	end_while_waiting(number);
}

static void test_inherited(void **state)
{
	int status = status_of(ignored, SIGHUP);

	(void)state;
	assert_int_equal(status, 0);
	status = status_of(blocked, SIGTERM);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void test_gives_back(void **state)
{
	sigset_t before, after;
	struct sigaction action;

	(void)state;
	sigprocmask(SIG_SETMASK, NULL, &before);
	loop_start();
	loop_raise();
	sigprocmask(SIG_SETMASK, NULL, &after);
	for (int number = 1; number < 32; number++)
		assert_int_equal(sigismember(&before, number), sigismember(&after, number));
	sigaction(SIGINT, NULL, &action);
	assert_true(action.sa_handler == SIG_DFL);
	loop_raise(); /* nothing to do */
	loop_hear(true);
	assert_false(loop_started() || loop_given_up());
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_gives_back),
	};

	/* A runner in the background may have made us ignore them. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
