/* SPDX-License-Identifier: MIT */
/*
 * The parts of the netlink backend: one file asks inet_diag, one the other families. The message
 * functions are what fuzzers and tests feed by netlink_parse().
 */
#ifndef SOCKBOX_SYS_SOCK_DIAG_H
#define SOCKBOX_SYS_SOCK_DIAG_H

#include "core/base/map.h"
#include "core/sys/netlink.h"
#include "core/sys/sock_backend.h"

/** What a message function gets as its context. */
struct diag_dump {
	struct sock_run *run;
	enum conn_proto proto;
	struct map seen; /* by cookie, where the kernel lists a socket twice */
};

bool diag_inet_message(void *context, uint16_t type, struct cursor body); /* before PROTO_UNIX */
bool diag_other_message(void *context, uint16_t type, struct cursor body);

/** As sock_backend.collect, for the protocols that are theirs. */
int diag_inet_collect(struct sock_run *run, enum conn_proto proto, unsigned *slots);
int diag_other_collect(struct sock_run *run, enum conn_proto proto, unsigned *slots);

/**
 * One dump for the slots in @asked, which are answered where it went well or rows came before it went
 * wrong (a note says so then). 0 or -errno.
 */
int diag_ask(struct sock_run *run, enum conn_proto proto, uint16_t type, const struct buf *request,
        unsigned asked, unsigned *slots);

/** The array of SK_MEMINFO_ numbers (include/uapi/linux/sock_diag.h) into the memory columns; and, for
 * families that tell their queues no other way, into rxq and txq. */
void diag_meminfo(struct sock_run *run, const struct cursor *body, bool queues);

/** Two halves, low first. */
uint64_t diag_cookie(const uint32_t halves[2]);

#endif
