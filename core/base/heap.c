/* SPDX-License-Identifier: MIT */
/*
 * malloc and its kin in 500 bytes, in place of libc's 6 kB, where a .config asks for it (SMALL_HEAP).
 *
 * Theory: this program asks for little and mostly once: buffers that double, arenas, tables. Blocks up
 * to 16 kB come in powers of two from chunks and go back to a list a size; larger ones are mappings of
 * their own, which realloc() moves without a copy. What libc's allocator does better, and why it is the
 * default: it notices corrupted and doubly freed blocks, and gives small memory back to the kernel.
 *
 * There are no threads, so there are no locks.
 */
#if CONFIG_SMALL_HEAP && !defined(__SANITIZE_ADDRESS__)

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HEAD     16 /* in front of a block: its size; keeps 16-byte alignment */
#define SMALLEST 5  /* 32 bytes, head included */
#define LARGEST  14 /* 16 kB */
#define CHUNK    ((size_t)65536)

union block {
	size_t size; /* of the whole block */
	char head[HEAD];
};

static union block *lists[LARGEST + 1]; /* of free blocks; the next is behind the head */
static char *chunk;
static size_t chunk_left;

static union block **next_of(union block *block)
{
	return (union block **)(void *)(block + 1);
}

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static union block *take_small(unsigned class)
{
	union block *block = lists[class];
	size_t size = (size_t)1 << class;

	if (block) {
		lists[class] = *next_of(block);
		return block;
	}
	if (chunk_left < size) {
		chunk = map(CHUNK);
		chunk_left = chunk ? CHUNK : 0;
		if (!chunk)
			return NULL;
	}
	block = (union block *)(void *)chunk;
	chunk += size;
	chunk_left -= size;
	return block;
}

/* Not named malloc where we use it ourselves: the compiler knows malloc and memset to be calloc. */
static union block *take(size_t wanted)
{
	union block *block = NULL;
	size_t size = wanted + HEAD;
	unsigned class = SMALLEST;

	if (wanted < PTRDIFF_MAX - CHUNK) {
		if (size > (size_t)1 << LARGEST) {
			size = (size + 4095) & ~(size_t)4095;
			block = map(size);
		} else {
			while ((size_t)1 << class < size)
				class ++;
			size = (size_t)1 << class;
			block = take_small(class);
		}
	}
	if (block)
		block->size = size;
	else
		errno = ENOMEM;
	return block;
}

void *malloc(size_t wanted)
{
	union block *block = take(wanted);

	return block ? block + 1 : NULL;
}

void free(void *memory)
{
	union block *block = memory;
	unsigned class = SMALLEST;

	if (!block)
		return;
	block--;
	if (block->size > (size_t)1 << LARGEST) {
		munmap(block, block->size);
		return;
	}
	while ((size_t)1 << class < block->size)
		class ++;
	*next_of(block) = lists[class];
	lists[class] = block;
}

void *calloc(size_t n, size_t size)
{
	union block *block;
	size_t total;

	if (__builtin_mul_overflow(n, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	block = take(total);
	if (!block)
		return NULL;
	/* A mapping of its own is zero already, and touching it would cost its pages. */
	if (block->size <= (size_t)1 << LARGEST)
		memset(block + 1, 0, total);
	return block + 1;
}

void *realloc(void *memory, size_t wanted)
{
	union block *block = memory;
	union block *grown;

	if (!block)
		return malloc(wanted);
	block--;
	if (wanted <= block->size - HEAD)
		return memory;
	if (block->size > (size_t)1 << LARGEST && wanted < PTRDIFF_MAX - CHUNK) {
		size_t size = (wanted + HEAD + 4095) & ~(size_t)4095;

		block = mremap(block, block->size, size, MREMAP_MAYMOVE);
		if (block == MAP_FAILED)
			return NULL;
		block->size = size;
		return block + 1;
	}
	grown = take(wanted);
	if (!grown)
		return NULL;
	memcpy(grown + 1, memory, block->size - HEAD);
	free(memory);
	return grown + 1;
}

#else
extern int heap_is_libcs; /* a translation unit must not be empty */
#endif
