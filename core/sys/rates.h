/* SPDX-License-Identifier: MIT */
/*
 * Rates of a socket from two samples: remembers rx and tx by cookie.
 */
#ifndef SOCKBOX_SYS_RATES_H
#define SOCKBOX_SYS_RATES_H

#include "core/base/map.h"
#include "core/sys/conn.h"

struct rates;

struct rates *rates_new(void);
void rates_free(struct rates *rates);

/** A new sample at @now (monotonic ns): what was noted becomes the sample before. */
void rates_next(struct rates *rates, uint64_t now);

/** Notes conn->tcp->rx and tx; fills rxrate and txrate where the sample before knew the socket. */
void rates_fill(struct rates *rates, struct conn *conn);

#endif
