/* SPDX-License-Identifier: MIT */
/*
 * The bounds of a query as a program for inet_diag's machine (include/uapi/linux/inet_diag.h;
 * inet_diag_bc_run and _audit in net/ipv4/inet_diag.c), which the kernel runs on each socket instead
 * of sending it. It brings every row that the bounds allow, and perhaps more.
 */
#ifndef SOCKBOX_SYS_SOCK_BYTECODE_H
#define SOCKBOX_SYS_SOCK_BYTECODE_H

#include <stddef.h>
#include <stdint.h>

#include "core/sys/sock.h"

/* Six sets of eight alternatives, each on two sides at most, of 48 bytes. */
#define SOCK_BYTECODE_MAX (6 * 8 * 2 * 48)

/** Fills @code; returns its length, a multiple of 4, or 0 where nothing is to be restricted. */
size_t sock_bytecode(const struct sock_query *query, uint8_t code[SOCK_BYTECODE_MAX]);

#endif
