/* SPDX-License-Identifier: MIT */
/*
 * Files, as far as they are read whole (/proc, /etc), listed, or written to the last byte.
 * All functions return 0 or a count, or -errno; they store no sentence (the caller knows the path).
 */
#ifndef SOCKBOX_BASE_FILE_H
#define SOCKBOX_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

/**
 * Reads @path below directory @dirfd (AT_FDCWD is fine) into @out, replacing what it held, up to
 * @limit bytes (0: 64 MiB). Read is repeated until end of file, so that a /proc file comes whole.
 * Returns the number of bytes or -errno; -EFBIG where the limit cut it (out then holds the start).
 */
int64_t file_read(int dirfd, const char *path, struct buf *out, size_t limit);

/** The text of a symbolic link into @out (replaced); its length or -errno. */
int64_t file_readlink(int dirfd, const char *path, struct buf *out);

/**
 * Writes all of it, waiting where the descriptor would block. How much was taken; *error is 0, or the
 * -errno that kept the rest; -EINTR where a signal ends the program and the reader stalls (loop.h).
 */
size_t file_put(int fd, const void *bytes, size_t len, int *error);

/** Writes all of it, waiting where the descriptor would block; 0 or -errno. */
int file_write(int fd, const void *bytes, size_t len);

/**
 * A directory read by getdents64 with a buffer of the caller's choice: libc's readdir allocates for
 * each directory, and reads 2 kB at a time.
 */
struct dir {
	int fd;
	char *bytes; /* 32 kB, heap; kept when the dir is opened again */
	size_t at, len;
	int error; /* 0, or -errno of the read that ended the listing early */
};

/** Opens @path below @dirfd. @dir is zeroed before the first time; 0 or -errno. */
int dir_open(struct dir *dir, int dirfd, const char *path);

/** The next name other than "." and "..", valid until the next call; NULL at the end. */
const char *dir_next(struct dir *dir);

void dir_close(struct dir *dir);   /* the descriptor only */
void dir_release(struct dir *dir); /* descriptor and memory */

/** Makes sure that descriptors 0, 1 and 2 exist, so that no file of ours becomes one of them.
 * A missing one is opened on /dev/null such that using it fails (0 for writing, 1 and 2 for reading). */
void file_guard_stdio(void);

#endif
