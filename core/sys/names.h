/* SPDX-License-Identifier: MIT */
/*
 * Names for numbers: users from etc/passwd, services from etc/services and a small table of our own,
 * interfaces from sys/class/net or the kernel. Files are read on the first question. Never NSS: a
 * static binary has none, and a directory server that does not answer would block a row.
 */
#ifndef SOCKBOX_SYS_NAMES_H
#define SOCKBOX_SYS_NAMES_H

#include <stdint.h>

#include "core/base/str.h"
#include "core/sys/world.h"

struct names;

struct names *names_new(const struct world *world);
void names_free(struct names *names);

/* STR_NONE where there is no name. The texts live as long as @names. */
struct str names_user(struct names *names, uint32_t uid);
struct str names_service(struct names *names, bool udp, uint16_t port);
/** Asked of the kernel again after each world_tick (an index may be given to another interface). */
struct str names_interface(struct names *names, uint32_t index);

/** 0, or the latest -errno of a file or question that hindered names from being known. */
int names_error(const struct names *names);

/** Forgets what may change between samples: interfaces. */
void names_refresh(struct names *names);

#endif
