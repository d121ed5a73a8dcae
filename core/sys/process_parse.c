/* SPDX-License-Identifier: MIT */
/*
 * The texts of /proc/PID, as fs/proc/array.c, fs/proc/base.c and kernel/cgroup write them. Anybody
 * may have chosen comm, the arguments and (with rights) a cgroup's name, so none of them ends where
 * it says that it does: comm ends at the last bracket of stat, because what follows it is numbers
 * and one letter only.
 */
#include "core/sys/process.h"

#include <string.h>

/* Places of the fields behind the bracket. */
enum stat_field {
	STAT_STATE,
	STAT_PPID,
	STAT_TTY = 4,
	STAT_START = 19,
	STAT_NEEDED,
};

bool process_parse_stat(
        struct str text, struct str *comm, uint32_t *ppid, uint32_t *tty_nr, uint64_t *start_ticks)
{
	struct str rest = text, name, word;
	int64_t numbers[STAT_NEEDED] = { 0 };
	uint64_t pid;
	const char *close;

	if (!str_split(&rest, '(', &word) || !str_ends(word, STR(" ")) || !rest.ptr)
		return false;
	word.len--;
	close = memrchr(rest.ptr, ')', rest.len);
	if (!close || !str_u64(word, &pid))
		return false;
	name = (struct str){ rest.ptr, (size_t)(close - rest.ptr) };
	rest = (struct str){ close + 1, rest.len - name.len - 1 };
	for (int field = STAT_STATE; field < STAT_NEEDED; field++) {
		if (!str_word(&rest, &word) ||
		        (field != STAT_STATE && !str_i64(word, &numbers[field])))
			return false;
	}
	if (numbers[STAT_PPID] < 0 || numbers[STAT_START] < 0)
		return false;
	*comm = name;
	*ppid = (uint32_t)numbers[STAT_PPID];
	*tty_nr = (uint32_t)numbers[STAT_TTY];
	*start_ticks = (uint64_t)numbers[STAT_START];
	return true;
}

/* "0::/path" is version 2; of the others the longest, because controllers that are not in use
 * stand at "/". A line whose first part is no number is the rest of a path with a newline in it. */
bool process_parse_cgroup(struct str text, struct str *path)
{
	struct str best = STR_NONE, line, number, controllers;
	uint64_t id;

	while (str_split(&text, '\n', &line)) {
		if (!str_split(&line, ':', &number) || !str_split(&line, ':', &controllers))
			continue;
		if (!str_u64(number, &id) || !line.len || line.ptr[0] != '/')
			continue;
		if (id == 0 && controllers.len == 0) {
			*path = line;
			return true;
		}
		if (line.len > best.len)
			best = line;
	}
	if (best.ptr)
		*path = best;
	return best.ptr != NULL;
}

/* A program that writes its own title leaves many NULs behind it, and none in it. */
bool process_parse_cmdline(struct str text, struct buf *out)
{
	buf_clear(out);
	while (text.len && !text.ptr[text.len - 1])
		text.len--;
	if (!text.len)
		return false;
	buf_str(out, text);
	for (size_t i = 0; i < out->len; i++) {
		if (!out->ptr[i])
			out->ptr[i] = ' ';
	}
	return true;
}

/* new_encode_dev() of include/linux/kdev_t.h; majors from Documentation/admin-guide/devices.txt. */
bool process_tty_name(uint32_t tty_nr, struct buf *out)
{
	uint32_t major = tty_nr >> 8 & 0xfff;
	uint32_t minor = (tty_nr & 0xff) | (tty_nr >> 12 & 0xfff00);

	buf_clear(out);
	if (!tty_nr)
		return false;
	if (major >= 136 && major <= 143)
		buf_format(out, "pts/%u", minor + (major - 136) * 256);
	else if (major == 4)
		buf_format(out, minor < 64 ? "tty%u" : "ttyS%u", minor < 64 ? minor : minor - 64);
	else
		buf_format(out, "%u:%u", major, minor);
	return true;
}
