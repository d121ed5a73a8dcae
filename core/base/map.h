/* SPDX-License-Identifier: MIT */
/*
 * From a 64-bit key (inode, cookie, pid) to a 32-bit number, mostly an index into an array of the
 * caller's. Open addressing, at most two thirds full: 25,000 entries take 0.8 MB and no chain is
 * walked (ss spends a third of its time in the chains of a table that is too small).
 */
#ifndef SOCKBOX_BASE_MAP_H
#define SOCKBOX_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

/** Zero-initialise. Values may be anything but MAP_NONE. */
struct map {
	uint64_t *keys;
	uint32_t *values;
	size_t slots; /* a power of two, or 0 */
	size_t count;
};

uint32_t map_get(const struct map *map, uint64_t key);       /* MAP_NONE where it is not */
void map_put(struct map *map, uint64_t key, uint32_t value); /* replaces */
void map_clear(struct map *map);                             /* keeps the memory */
void map_release(struct map *map);

#endif
