/* SPDX-License-Identifier: MIT */
/*
 * The signals stay blocked outside ppoll. That alone would leave a hole: ppoll that finds a ready
 * descriptor returns without delivering what is pending, so a source that is always ready would
 * make the program deaf. Hence pending signals are also fetched by sigtimedwait before each wait.
 */
#include "core/base/loop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1 };

static struct {
	struct sigaction before[ARRAY_COUNT(signals)];
	sigset_t ours;        /* those of them that are not ignored */
	sigset_t mask_before; /* given back by loop_raise() */
	sigset_t mask_wait;
	bool started;
} state;

static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t report;

static void note_signal(int number)
{
	if (number == SIGUSR1)
		report = 1;
	else if (!end_signal)
		end_signal = number;
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

void loop_raise(void)
{
	int number;

	fetch_pending();
	number = end_signal;
	for (size_t i = 0; state.started && i < ARRAY_COUNT(signals); i++)
		sigaction(signals[i], &state.before[i], NULL);
	if (number) {
		sigdelset(&state.mask_before, number);
		raise(number);
	}
	if (state.started)
		sigprocmask(SIG_SETMASK, &state.mask_before, NULL);
	end_signal = 0;
	state.started = false;
}
