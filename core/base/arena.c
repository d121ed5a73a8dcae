/* SPDX-License-Identifier: MIT */
/*
 * Each chunk is at least twice the one before, so that the newest is the largest and a sample of n
 * bytes costs log n requests. Invariant: what lies behind `used` in the newest chunk is zero; the
 * heap gives it so, and a reset restores it for just the bytes that were used. Large chunks come
 * from mmap and cost no memory until they are touched.
 */
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

#define FIRST_SIZE ((size_t)64 * 1024)

struct arena_chunk {
	struct arena_chunk *next; /* older */
	size_t size;              /* of bytes[] */
	max_align_t bytes[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static void add_chunk(struct arena *arena, size_t size)
{
	size_t twice = arena->chunks ? array_size(arena->chunks->size, 2) : FIRST_SIZE;
	struct arena_chunk *chunk;

	size = size < twice ? twice : size;
	chunk = mem_alloc(size_sum(sizeof(*chunk), size));
	chunk->next = arena->chunks;
	chunk->size = size;
	arena->chunks = chunk;
	arena->used = 0;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	size_t start = (arena->used + (align - 1)) & ~(align - 1);

	if (!arena->chunks || start > arena->chunks->size || arena->chunks->size - start < size) {
		add_chunk(arena, size);
		start = 0;
	}
	arena->used = start + size;
	return (char *)arena->chunks->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

struct str arena_str(struct arena *arena, struct str text)
{
	char *copy;

	if (!text.ptr)
		return STR_NONE;
	copy = take(arena, size_sum(text.len, 1), 1);
	memcpy(copy, text.ptr, text.len);
	return (struct str){ copy, text.len };
}

static void free_chunks(struct arena_chunk *chunk)
{
	while (chunk) {
		struct arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void arena_reset(struct arena *arena)
{
	if (!arena->chunks)
		return;
	free_chunks(arena->chunks->next);
	arena->chunks->next = NULL;
	memset(arena->chunks->bytes, 0, arena->used);
	arena->used = 0;
}

void arena_release(struct arena *arena)
{
	free_chunks(arena->chunks);
	arena_init(arena);
}
