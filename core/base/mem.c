/* SPDX-License-Identifier: MIT */
/*
 * The last words are written by write(2) alone: at this point nothing that might allocate may run.
 */
#include "core/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
	static const char words[] = "sockbox: out of memory\n";
	ssize_t written = write(STDERR_FILENO, words, sizeof(words) - 1);

	(void)written; /* there is nobody left to tell */
	_exit(3);
}

void *mem_alloc(size_t size)
{
	void *ptr = calloc(1, size ? size : 1);

	if (!ptr)
		out_of_memory();
	return ptr;
}

void *mem_resize(void *ptr, size_t size)
{
	void *moved = realloc(ptr, size ? size : 1);

	if (!moved)
		out_of_memory();
	return moved;
}

/* There is room for 16, and for twice as many whenever they are a power of two. */
void *mem_grow(void *list, size_t count, size_t size)
{
	if (count & (count - 1) || (count && count < 16))
		return list;
	return mem_resize(list, array_size(count ? size_sum(count, count) : 16, size));
}

size_t array_size(size_t n, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(n, size, &product))
		out_of_memory();
	return product;
}

size_t size_sum(size_t a, size_t b)
{
	if (b > SIZE_MAX - a)
		out_of_memory();
	return a + b;
}
