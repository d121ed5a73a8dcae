/* SPDX-License-Identifier: MIT */
/* Texts of /proc/PID: the first byte chooses stat, cgroup, cmdline, or the number of a tty. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/sys/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct str part, struct str text)
{
	return part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len;
}

/* Whatever comm holds, what follows its bracket has none. */
static void try_stat(struct str text)
{
	struct str comm = STR_NONE;
	uint32_t ppid = 1, tty = 2;
	uint64_t start = 3;

	if (!process_parse_stat(text, &comm, &ppid, &tty, &start)) {
		assert(!comm.ptr && ppid == 1 && tty == 2 && start == 3);
		return;
	}
	assert(inside(comm, text) && comm.ptr[-1] == '(' && comm.ptr[-2] == ' ' &&
	        comm.ptr[comm.len] == ')');
	assert(!memchr(comm.ptr + comm.len + 1, ')',
	        (size_t)(text.ptr + text.len - (comm.ptr + comm.len + 1))));
	assert(!memchr(text.ptr, '(', (size_t)(comm.ptr - 1 - text.ptr)));
}

static void try_cgroup(struct str text)
{
	struct str path = STR_NONE;

	if (!process_parse_cgroup(text, &path)) {
		assert(!path.ptr);
		return;
	}
	assert(inside(path, text) && path.len && path.ptr[0] == '/');
	assert(!memchr(path.ptr, '\n', path.len));
	assert(path.ptr[-1] == ':');
}

static void try_cmdline(struct str text)
{
	struct buf out = { 0 };
	bool good = process_parse_cmdline(text, &out);

	assert(good == (out.len > 0));
	assert(out.len <= text.len && (!out.len || !memchr(out.ptr, '\0', out.len)));
	for (size_t i = 0; i < out.len; i++)
		assert(text.ptr[i] ? out.ptr[i] == text.ptr[i] : out.ptr[i] == ' ');
	for (size_t i = out.len; i < text.len; i++)
		assert(!text.ptr[i]);
	buf_release(&out);
}

static void try_tty(struct str text)
{
	struct buf out = { 0 };
	uint32_t number;

	if (text.len < 4)
		return;
	memcpy(&number, text.ptr, 4);
	assert(process_tty_name(number, &out) == (number != 0));
	assert(!number || (out.len >= 3 && out.len < 24));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const tries[])(
	        struct str text) = { try_stat, try_cgroup, try_cmdline, try_tty };
	struct str text;
	char *copy;

	if (size < 1)
		return 0;
	copy = malloc(size > 1 ? size - 1 : 1);
	memcpy(copy, data + 1, size - 1);
	text = (struct str){ copy, size - 1 };
	tries[data[0] % 4](text);
	free(copy);
	return 0;
}
