/* SPDX-License-Identifier: MIT */
/*
 * The signals stay blocked outside ppoll. That alone would leave a hole: ppoll that finds a ready
 * descriptor returns without delivering what is pending, so a source that is always ready would
 * make the program deaf. Hence pending signals are also fetched by sigtimedwait before each wait.
 *
 * A write whose reader stalls may block for ever, so signals are let in there (loop_hear()). To look
 * for a signal and then write leaves a gap between the two, which polling first does not close: other
 * writers of a pipe may take the room, and a terminal has room for one byte. So the first signal that
 * ends the program starts a timer that interrupts again and again: a write that missed one meets the
 * next. It doubles as the time that a reader who is merely slow gets for the last records.
 */
#include "core/base/loop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define PATIENCE_USEC 100000 /* how long an ending program waits for a reader, each time */

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGUSR1 };

static struct {
	struct sigaction before[ARRAY_COUNT(signals)];
	sigset_t ours;        /* those of them that are not ignored */
	sigset_t mask_before; /* given back by loop_raise() */
	sigset_t mask_wait;
	bool started;
} state;

static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t given_up; /* one more came: the timer's, or of a user in a hurry */
static volatile sig_atomic_t report;

static int set_timer(int usec)
{
	struct itimerval every = { { 0, usec }, { 0, usec } };

	return setitimer(ITIMER_REAL, &every, NULL);
}

/* Without a timer a write that would block is given up at once. */
static void note_signal(int number)
{
	int error = errno;

	if (number == SIGUSR1) {
		report = 1;
	} else if (end_signal) {
		given_up = 1;
	} else {
		end_signal = number;
		given_up = sigismember(&state.ours, SIGALRM) != 1 || set_timer(PATIENCE_USEC);
	}
	errno = error;
}

/* What the parent made us ignore (nohup, a shell's background) stays ignored; SIGUSR1 is only ever
 * asked for, and ends nothing. */
void loop_start(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	sigemptyset(&state.ours);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_COUNT(signals); i++) {
		sigaction(signals[i], NULL, &state.before[i]);
		if (state.before[i].sa_handler == SIG_IGN)
			continue;
		sigaddset(&state.ours, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &state.ours, &state.mask_before);
	state.mask_wait = state.mask_before;
	for (size_t i = 0; i < ARRAY_COUNT(signals); i++) {
		if (sigismember(&state.ours, signals[i]) != 1)
			continue;
		sigdelset(&state.mask_wait, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	state.started = true;
}

static void fetch_pending(void)
{
	const struct timespec at_once = { 0 };
	int number;

	while (state.started && (number = sigtimedwait(&state.ours, NULL, &at_once)) > 0)
		note_signal(number);
}

static struct timespec time_left(uint64_t deadline)
{
	uint64_t now = clock_now();
	uint64_t left = deadline > now ? deadline - now : 0;

	return (struct timespec){ (time_t)(left / NS_PER_SEC), (int)(left % NS_PER_SEC) };
}

/* Some of @polled are ready, or 0. */
static int wait_once(uint64_t deadline, struct pollfd *polled, size_t count)
{
	struct timespec left = time_left(deadline);

	return ppoll(polled, count, deadline == UINT64_MAX ? NULL : &left, &state.mask_wait);
}

enum loop_event loop_wait(uint64_t deadline, const int *fds, bool *ready, size_t count)
{
	struct pollfd polled[LOOP_FDS];
	int found;

	assert(state.started && count <= LOOP_FDS);
	for (size_t i = 0; i < count; i++) {
		polled[i] = (struct pollfd){ fds[i], POLLIN, 0 };
		if (ready)
			ready[i] = false;
	}
	do {
		fetch_pending();
		if (end_signal)
			return LOOP_END;
		if (report) {
			report = 0;
			return LOOP_REPORT;
		}
		found = wait_once(deadline, polled, count);
	} while (found < 0 && errno == EINTR);
	for (size_t i = 0; ready && i < count; i++)
		ready[i] = found > 0 && polled[i].revents;
	return found > 0 ? LOOP_READY : LOOP_TIME;
}

bool loop_ended(void)
{
	fetch_pending();
	return end_signal != 0;
}

void loop_hear(bool signals_come)
{
	if (state.started)
		sigprocmask(signals_come ? SIG_UNBLOCK : SIG_BLOCK, &state.ours, NULL);
}

bool loop_given_up(void)
{
	return given_up != 0;
}

bool loop_started(void)
{
	return state.started;
}

/* What the timer left behind is fetched before the default action could meet it. */
void loop_raise(void)
{
	int number;

	fetch_pending();
	number = end_signal;
	if (number) {
		set_timer(0);
		fetch_pending();
	}
	for (size_t i = 0; state.started && i < ARRAY_COUNT(signals); i++)
		sigaction(signals[i], &state.before[i], NULL);
	if (number) {
		sigdelset(&state.mask_before, number);
		raise(number);
	}
	if (state.started)
		sigprocmask(SIG_SETMASK, &state.mask_before, NULL);
	end_signal = given_up = 0;
	state.started = false;
}
