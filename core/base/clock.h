/* SPDX-License-Identifier: MIT */
/*
 * Time is nanoseconds in uint64_t, monotonic unless named wall.
 */
#ifndef SOCKBOX_BASE_CLOCK_H
#define SOCKBOX_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

#define NS_PER_SEC  UINT64_C(1000000000)
#define NS_PER_MSEC UINT64_C(1000000)

uint64_t clock_now(void);  /* CLOCK_MONOTONIC */
uint64_t clock_wall(void); /* CLOCK_REALTIME, since 1970 */
uint64_t clock_boot(void); /* CLOCK_BOOTTIME: what start times of processes count in */
uint64_t clock_cpu(void);  /* user and system time of this process */

/** "2026-11-21T17:34:15.123456789Z" with just @digits fraction digits (0 to 9), cut, not rounded. */
void clock_rfc3339(struct buf *out, uint64_t wall_ns, unsigned digits);

/** The same in the zone of TZ or /etc/localtime (libc's), with its offset behind it. */
void clock_local(struct buf *out, uint64_t wall_ns, unsigned digits);

/** Reads "2026-11-21", "2026-11-21T17:34[:15[.5]][Z|+hh:mm]" (no zone: UTC); false if it is no such text. */
bool clock_parse(struct str text, uint64_t *wall_ns);

#endif
