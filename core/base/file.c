/* SPDX-License-Identifier: MIT */
/*
 * A /proc file is made anew for each read and tells no size: it is read until there is no more, into
 * a buffer that the caller keeps, so that reading 500 of them asks the heap for nothing.
 */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cursor.h"
#include "core/base/loop.h"
#include "core/base/mem.h"

#define LIMIT_DEFAULT ((size_t)64 << 20)
#define READ_SIZE     4095 /* with the NUL a page, which most /proc files fit */
#define LINK_SIZE     255
#define LINK_MAX_SIZE 65536
#define DIR_BYTES     32768

static ssize_t read_again(int fd, void *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/* One byte more than the limit is asked for: it tells a file that was cut from one that fits. */
static int64_t read_all(int fd, struct buf *out, size_t limit)
{
	size_t room = READ_SIZE;

	for (;;) {
		ssize_t got;

		if (room - 1 > limit - out->len)
			room = limit - out->len + 1;
		got = read_again(fd, buf_reserve(out, room), room);
		if (got <= 0)
			return got ? got : (int64_t)out->len;
		out->len += (size_t)got;
		if (out->len > limit) {
			out->len = limit;
			return -EFBIG;
		}
		room = out->cap - out->len < READ_SIZE ? READ_SIZE : out->cap - out->len - 1;
	}
}

int64_t file_read(int dirfd, const char *path, struct buf *out, size_t limit)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int64_t result;

	buf_clear(out);
	if (fd < 0)
		return -errno;
	result = read_all(fd, out, limit ? limit : LIMIT_DEFAULT);
	out->ptr[out->len] = '\0';
	close(fd);
	return result;
}

/* A link that fills the room may have been cut. */
int64_t file_readlink(int dirfd, const char *path, struct buf *out)
{
	buf_clear(out);
	for (size_t room = LINK_SIZE; room < LINK_MAX_SIZE; room *= 2) {
		ssize_t got = readlinkat(dirfd, path, buf_reserve(out, room), room);

		if (got < 0)
			return -errno;
		if ((size_t)got < room) {
			out->len = (size_t)got;
			out->ptr[out->len] = '\0';
			return got;
		}
	}
	return -ENAMETOOLONG;
}

/* A reader that stalls must not make the program deaf, so that it can be ended (base/loop). */
size_t file_put(int fd, const void *bytes, size_t len, int *error)
{
	struct pollfd wait = { fd, POLLOUT, 0 };
	size_t done = 0;

	*error = 0;
	loop_hear(true);
	while (done < len && !*error) {
		ssize_t put = write(fd, (const char *)bytes + done, len - done);

		if (put > 0)
			done += (size_t)put;
		else if (put == 0)
			*error = -EIO;
		else if (errno == EAGAIN && poll(&wait, 1, -1) > 0)
			continue;
		else if (errno != EINTR || loop_given_up())
			*error = -errno;
	}
	loop_hear(false);
	return done;
}

int file_write(int fd, const void *bytes, size_t len)
{
	int error;

	file_put(fd, bytes, len, &error);
	return error;
}

int dir_open(struct dir *dir, int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = fd < 0 ? -errno : 0;

	dir_close(dir);
	dir->at = dir->len = 0;
	dir->error = result;
	if (result)
		return result;
	if (!dir->bytes)
		dir->bytes = mem_alloc(DIR_BYTES);
	dir->fd = fd;
	return 0;
}

static bool refill(struct dir *dir)
{
	int got = (int)syscall(SYS_getdents64, dir->fd, dir->bytes, DIR_BYTES);

	dir->at = 0;
	dir->len = got > 0 ? (size_t)got : 0;
	if (got < 0)
		dir->error = -errno;
	return got > 0;
}

/* struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name with its NUL. */
static const char *take_name(struct dir *dir)
{
	struct cursor record = cursor_on(dir->bytes + dir->at, dir->len - dir->at);
	struct cursor name;
	size_t len;

	cursor_skip(&record, 16);
	len = cursor_u16(&record);
	cursor_skip(&record, 1);
	name = cursor_sub(&record, len < 19 ? SIZE_MAX : len - 19);
	if (record.failed || !memchr(name.at, '\0', cursor_left(&name))) {
		dir->error = -EIO;
		return NULL;
	}
	dir->at += len;
	return (const char *)name.at;
}

const char *dir_next(struct dir *dir)
{
	while (!dir->error && (dir->at < dir->len || refill(dir))) {
		const char *name = take_name(dir);

		if (name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			return name;
	}
	return NULL;
}

/* In a dir that was only zeroed fd is 0, but not ours: the memory tells. */
void dir_close(struct dir *dir)
{
	if (dir->bytes && dir->fd >= 0)
		close(dir->fd);
	dir->fd = -1;
}

void dir_release(struct dir *dir)
{
	dir_close(dir);
	free(dir->bytes);
	dir->bytes = NULL;
}

/* open() gives the lowest free number, which here is the one that is missing. An initramfs may have
 * no /dev/null: a mere path descriptor of the root fails every use just as well. */
void file_guard_stdio(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			open("/", O_PATH);
	}
}
