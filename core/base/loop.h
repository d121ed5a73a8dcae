/* SPDX-License-Identifier: MIT */
/*
 * Waiting: until a time, a descriptor or a signal. The caller owns the loop; a live source lends a
 * descriptor and is called when it is readable.
 *
 * SIGINT, SIGTERM and SIGHUP end the loop cleanly and are re-raised by loop_raise() after the
 * output is out; so does SIGALRM, which a parent may have asked for and which is used here besides.
 * SIGUSR1 asks for the counts of what was lost. They are blocked except while waiting, so that none is
 * missed between a test and the wait (ppoll's own promise), and while writing, which may block too.
 */
#ifndef SOCKBOX_BASE_LOOP_H
#define SOCKBOX_BASE_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOP_FDS 16 /* descriptors that loop_wait() takes at most */

enum loop_event {
	LOOP_TIME,   /* the deadline is reached */
	LOOP_READY,  /* at least one descriptor is readable or has failed */
	LOOP_END,    /* a signal that ends the program came, now or before */
	LOOP_REPORT, /* SIGUSR1 came */
};

/** Takes over the signals; once, before the first wait. */
void loop_start(void);

/**
 * Waits until @deadline (clock_now() time; UINT64_MAX: for ever) or for one of @count descriptors.
 * ready[i], where ready is not NULL, is set for each. A deadline that has passed still looks for
 * signals and descriptors; a ready one comes before LOOP_TIME, so a caller with a busy descriptor
 * looks at the clock itself. A negative descriptor is passed over.
 */
enum loop_event loop_wait(uint64_t deadline, const int *fds, bool *ready, size_t count);

/** Has a signal that ends the program come? Long work may ask; does not block. */
bool loop_ended(void);

bool loop_started(void);

/**
 * Around a call that may block for ever, as write(2) does: true lets the signals in, which make it
 * fail with EINTR; false keeps them out again. It is to be made again then, unless loop_given_up().
 * Before loop_start() nothing happens, at no cost.
 */
void loop_hear(bool signals_come);

/**
 * Has the program to end, and has a reader that stalls had its time (100 ms)? A call that blocks then
 * is interrupted every 100 ms.
 */
bool loop_given_up(void);

/** Gives the signals back and raises the one that ended the loop, if any: does not return then. */
void loop_raise(void);

#endif
