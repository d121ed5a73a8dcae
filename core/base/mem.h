/* SPDX-License-Identifier: MIT */
/*
 * Heap memory that is there or ends the program.
 *
 * Running out of memory is the one error that core does not hand up: it prints one line and exits
 * with status 3, because no caller could do better and each would have to be tested for it.
 */
#ifndef SOCKBOX_BASE_MEM_H
#define SOCKBOX_BASE_MEM_H

#include <stddef.h>

/** Zeroed memory of @size bytes, to be given to free(); never NULL, also for size 0. */
void *mem_alloc(size_t size);

/** @ptr (or NULL) grown or shrunk to @size bytes; what is new is not zeroed. Never NULL. */
void *mem_resize(void *ptr, size_t size);

/**
 * @list, of @count elements of @size bytes, with room for one more at least; not zeroed. All its
 * elements must have been added so, because its room is not stored: it follows from the count.
 */
void *mem_grow(void *list, size_t count, size_t size);

/** n * size; a product that does not fit ends the program as running out of memory does. */
size_t array_size(size_t n, size_t size);

/** a + b; a sum that does not fit ends the program as running out of memory does. */
size_t size_sum(size_t a, size_t b);

/** Number of elements of an array (not of a pointer). */
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
