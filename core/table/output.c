/* SPDX-License-Identifier: MIT */
/*
 * A reader of the file must never find half a record, and a caller must learn of every byte that did
 * not arrive: so records are gathered and written whole, and the first error stays. Where a disk
 * fills up in the middle of a block, the file is cut back to the end of the last whole record. All
 * records of an output end with the same byte (newline or NUL) and hold it nowhere else, which is how
 * that end is found.
 *
 * A pipe cannot be cut back. It takes PIPE_BUF bytes whole or not at all, so a stream gives it whole
 * records in portions of that size: a signal that ends the program while the reader stalls leaves half
 * a record there only where one is longer. To end then matters more than that record.
 */
#include "core/table/output.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/diag.h"
#include "core/base/file.h"
#include "core/base/loop.h"

#define BLOCK_SIZE ((size_t)64 * 1024)

void output_init(struct output *output, int fd)
{
	*output = (struct output){ .fd = fd };
}

/* Takes the last @len bytes off a regular file, if our position is its end. */
static void cut_back(int fd, size_t len)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	struct stat status;

	if (end < (off_t)len || fstat(fd, &status) || !S_ISREG(status.st_mode) ||
	        status.st_size != end)
		return;
	if (ftruncate(fd, end - (off_t)len) == 0)
		lseek(fd, end - (off_t)len, SEEK_SET);
}

/* Without a loop the signals' default action ends a write: no need to ask what the descriptor is. */
static size_t largest_portion(int fd, size_t len)
{
	struct stat status;

	if (len <= PIPE_BUF || !loop_started() || fstat(fd, &status) || !S_ISFIFO(status.st_mode))
		return len;
	return PIPE_BUF;
}

/* As file_put(). */
static size_t put_portions(int fd, const char *bytes, size_t len, int *error)
{
	size_t largest = largest_portion(fd, len);
	size_t done = 0;

	do {
		size_t portion = len - done;

		if (portion > largest) {
			const char *last = memrchr(bytes + done, bytes[len - 1], largest);

			portion = last ? (size_t)(last + 1 - bytes) - done : largest;
		}
		done += file_put(fd, bytes + done, portion, error);
	} while (done < len && !*error);
	return done;
}

int output_flush(struct output *output)
{
	struct buf *buf = &output->buf;
	size_t len = output->complete;
	size_t done;

	if (!len || output->error)
		return output->error;
	done = put_portions(output->fd, buf->ptr, len, &output->error);
	if (done < len) {
		const char *last = memrchr(buf->ptr, buf->ptr[len - 1], done);
		size_t whole = last ? (size_t)(last + 1 - buf->ptr) : 0;

		if (done > whole)
			cut_back(output->fd, done - whole);
		diag(output->error, "write output");
	}
	memmove(buf->ptr, buf->ptr + len, buf->len - len);
	buf->len -= len;
	output->complete = 0;
	return output->error;
}

void output_record(struct output *output)
{
	if (output->error) {
		buf_clear(&output->buf);
		return;
	}
	output->complete = output->buf.len;
	if (output->by_line || output->complete >= BLOCK_SIZE)
		output_flush(output);
}

void output_release(struct output *output)
{
	buf_release(&output->buf);
	output->complete = 0;
}
