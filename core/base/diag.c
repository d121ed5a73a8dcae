/* SPDX-License-Identifier: MIT */
/*
 * One sentence is stored, not a chain: the code that knows what went wrong writes it, those above
 * pass the number on. Sentences quote what users and strangers wrote, so they are made safe for a
 * terminal here, once.
 */
#include "core/base/diag.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

#define ERRNO_MAX 4095 /* the kernel's own limit for a negative code */

/* A line with a caret must fit a terminal, however long the filter is. */
#define CARET_WIDTH  72
#define CARET_BEFORE 40

static struct buf sentence;
static struct buf caret;

/* Those that our calls meet. The words are glibc's, so that messages read as people know them. */
#define ERRORS(X)                                                   \
	X(EPERM, "Operation not permitted")                         \
	X(ENOENT, "No such file or directory")                      \
	X(ESRCH, "No such process")                                 \
	X(EIO, "Input/output error")                                \
	X(ENXIO, "No such device or address")                       \
	X(EBADF, "Bad file descriptor")                             \
	X(EAGAIN, "Resource temporarily unavailable")               \
	X(ENOMEM, "Cannot allocate memory")                         \
	X(EACCES, "Permission denied")                              \
	X(EBUSY, "Device or resource busy")                         \
	X(EEXIST, "File exists")                                    \
	X(EXDEV, "Invalid cross-device link")                       \
	X(ENODEV, "No such device")                                 \
	X(ENOTDIR, "Not a directory")                               \
	X(EISDIR, "Is a directory")                                 \
	X(EINVAL, "Invalid argument")                               \
	X(ENFILE, "Too many open files in system")                  \
	X(EMFILE, "Too many open files")                            \
	X(EFBIG, "File too large")                                  \
	X(ENOSPC, "No space left on device")                        \
	X(EROFS, "Read-only file system")                           \
	X(EPIPE, "Broken pipe")                                     \
	X(ENAMETOOLONG, "File name too long")                       \
	X(ENOSYS, "Function not implemented")                       \
	X(ELOOP, "Too many levels of symbolic links")               \
	X(EBADMSG, "Bad message")                                   \
	X(EMSGSIZE, "Message too long")                             \
	X(EPROTONOSUPPORT, "Protocol not supported")                \
	X(EOPNOTSUPP, "Operation not supported")                    \
	X(EAFNOSUPPORT, "Address family not supported by protocol") \
	X(ENOBUFS, "No buffer space available")                     \
	X(ECONNREFUSED, "Connection refused")                       \
	X(EDQUOT, "Disk quota exceeded")

/* One text for all words: a table of pointers would cost a relocation each in a static-pie. */
#define ERROR_CODE(code, words)  code,
#define ERROR_WORDS(code, words) words "\0"
static const uint16_t error_codes[] = { ERRORS(ERROR_CODE) };
static const char error_words[] = ERRORS(ERROR_WORDS);

const char *diag_errno(int error)
{
	static struct buf other;
	const char *words = error_words;

	for (size_t i = 0; i < ARRAY_COUNT(error_codes); i++) {
		if (error_codes[i] == error)
			return words;
		words += strlen(words) + 1;
	}
	buf_clear(&other);
	buf_format(&other, "error %d", error);
	return other.ptr;
}

/* The new sentence is made aside first: it may quote the old one. */
__attribute__((format(printf, 2, 0))) static int store(int code, const char *format, va_list args)
{
	struct buf raw = { 0 };
	struct buf safe = { 0 };

	buf_vformat(&raw, format, args);
	if (code < 0 && code >= -ERRNO_MAX)
		buf_format(&raw, ": %s", diag_errno(-code));
	buf_safe(&safe, buf_view(&raw));
	buf_release(&raw);
	buf_release(&sentence);
	sentence = safe;
	return code;
}

int diag(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	store(code, format, args);
	va_end(args);
	buf_clear(&caret);
	return code;
}

static size_t width(struct str text)
{
	size_t columns = 0;
	uint32_t rune = 0;

	for (size_t at = 0, step; at < text.len; at += step) {
		step = utf8_decode(text.ptr + at, text.len - at, &rune);
		columns += step ? utf8_width(rune) : 1;
		step += !step;
	}
	return columns;
}

/* Back to the start of a character, so that a window does not begin or end inside one. */
static size_t boundary(struct str text, size_t at)
{
	size_t first = at > 3 ? at - 3 : 0; /* no character is longer; what is, is none */

	while (at > first && at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void draw_caret(struct str text, size_t offset)
{
	size_t start = 0;
	size_t end = text.len;
	size_t columns;

	offset = offset > end ? end : offset;
	if (end > CARET_WIDTH && offset > CARET_BEFORE)
		start = boundary(text, offset - CARET_BEFORE);
	if (end - start > CARET_WIDTH)
		end = boundary(text, start + CARET_WIDTH);
	/* Up to the caret first, measured as it is shown. */
	buf_clear(&caret);
	buf_safe(&caret, (struct str){ text.ptr + start, offset - start });
	columns = width(buf_view(&caret));
	buf_safe(&caret, (struct str){ text.ptr + offset, end - offset });
	buf_char(&caret, '\n');
	buf_fill(&caret, ' ', columns);
	buf_text(&caret, "^\n");
}

int diag_at(int code, const char *text, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	store(code, format, args);
	va_end(args);
	draw_caret(str_from(text), offset);
	return code;
}

const char *diag_text(void)
{
	return sentence.ptr ? sentence.ptr : "";
}

const char *diag_caret(void)
{
	return caret.ptr ? caret.ptr : "";
}

/*
 * Smaller is nearer. A word and its beginning stand between one edit and two, so that "rem" finds
 * "remote" and not "mem", but "pord" finds "port"; a beginning also breaks the tie of equal edits.
 */
static unsigned farness(struct str word, struct str candidate)
{
	bool begins = (word.len >= 3 && str_starts(candidate, word)) ||
	        (candidate.len >= 3 && str_starts(word, candidate));
	unsigned edits = str_distance(word, candidate);

	if (edits <= 2 && edits * 2 < word.len)
		return edits * 2 + 1 - begins;
	return begins ? 4 : UINT_MAX;
}

const char *diag_nearest(const char *word, size_t len,
        const char *(*next)(const void *context, size_t i), const void *context)
{
	const char *nearest = NULL;
	unsigned best = UINT_MAX;
	const char *candidate;

	for (size_t i = 0; (candidate = next(context, i)); i++) {
		unsigned far = farness((struct str){ word, len }, str_from(candidate));

		if (far < best) {
			best = far;
			nearest = candidate;
		}
	}
	return nearest;
}
