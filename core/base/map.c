/* SPDX-License-Identifier: MIT */
/*
 * Linear probing from a multiplicative hash (Knuth's golden ratio, its high bits): inodes and pids
 * come in runs, which it spreads evenly, and neighbours of a slot share a cache line. A free slot is
 * one whose value is MAP_NONE, so that any key will do. Nothing is ever removed singly.
 */
#include "core/base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

#define FIRST_SLOTS 64

/* Where @key is, or the free slot where it belongs; there is always a free one. */
static size_t find_slot(const struct map *map, uint64_t key)
{
	unsigned shift = (unsigned)__builtin_clzll(map->slots) + 1;
	size_t slot = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> shift);

	while (map->values[slot] != MAP_NONE && map->keys[slot] != key)
		slot = (slot + 1) & (map->slots - 1);
	return slot;
}

uint32_t map_get(const struct map *map, uint64_t key)
{
	return map->slots ? map->values[find_slot(map, key)] : MAP_NONE;
}

static void grow(struct map *map)
{
	struct map old = *map;

	map->slots = old.slots ? array_size(old.slots, 2) : FIRST_SLOTS;
	map->keys = mem_alloc(array_size(map->slots, sizeof(*map->keys)));
	map->values = mem_alloc(array_size(map->slots, sizeof(*map->values)));
	map_clear(map);
	for (size_t i = 0; i < old.slots; i++) {
		if (old.values[i] != MAP_NONE)
			map_put(map, old.keys[i], old.values[i]);
	}
	map_release(&old);
}

void map_put(struct map *map, uint64_t key, uint32_t value)
{
	size_t slot;

	assert(value != MAP_NONE);
	if (map->count >= map->slots / 3 * 2)
		grow(map);
	slot = find_slot(map, key);
	map->count += map->values[slot] == MAP_NONE;
	map->keys[slot] = key;
	map->values[slot] = value;
}

void map_clear(struct map *map)
{
	map->count = 0;
	if (map->slots)
		memset(map->values, 0xff, map->slots * sizeof(*map->values));
}

void map_release(struct map *map)
{
	free(map->keys);
	free(map->values);
	*map = (struct map){ 0 };
}
