/* SPDX-License-Identifier: MIT */
/*
 * Everything is opened below two directories, so that a recorded tree stands for a machine. O_PATH
 * asks for no right to list them, only to go through.
 */
#include "core/sys/world.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#define USER_HZ    100 /* on all machines but Alpha */
#define FILE_LIMIT 4096

static int open_dir(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* "wall_ns N", "boot_ns N", "hz N", one a line; other words are for later versions. */
static int replay_times(struct world *world)
{
	static const char words[][8] = { "wall_ns", "boot_ns", "hz" };
	uint64_t numbers[ARRAY_COUNT(words)] = { 0, 0, USER_HZ };
	struct buf text = { 0 };
	int64_t got = file_read(world->root, "world", &text, FILE_LIMIT);
	struct str rest = buf_view(&text), line, word;

	while (got > 0 && str_split(&rest, '\n', &line)) {
		for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
			struct str number = line;

			if (str_word(&number, &word) && str_equal(word, str_from(words[i])))
				str_u64(str_trim(number), &numbers[i]);
		}
	}
	buf_release(&text);
	world->wall_ns = numbers[0];
	world->boot_ns = numbers[1];
	if (numbers[2] && numbers[2] <= UINT32_MAX)
		world->hz = (uint32_t)numbers[2];
	return got < 0 ? (int)got : 0;
}

/* A /proc that is not mounted is an empty directory; "self" is in every one that is. */
static bool proc_empty(int proc)
{
	struct stat st;

	return fstatat(proc, "self", &st, AT_SYMLINK_NOFOLLOW) < 0;
}

int world_open(struct world *world, const char *replay_dir)
{
	const char *path = replay_dir ? replay_dir : "/";
	int error = 0;

	*world = (struct world){ .proc = -1, .replay = replay_dir != NULL, .hz = USER_HZ };
	world->root = open_dir(AT_FDCWD, path);
	if (world->root < 0)
		return diag(world->root, "open %s", path);
	world->proc = open_dir(world->root, "proc");
	if (world->proc >= 0 && !world->replay && proc_empty(world->proc)) {
		close(world->proc);
		world->proc = -ENOENT;
	}
	if (world->proc < 0) {
		world->proc_error = world->proc;
		world->proc = -1;
	}
	if (world->replay)
		error = replay_times(world);
	if (error) {
		world_close(world);
		return diag(error, "%s is no recorded world: open its file world", path);
	}
	world_tick(world);
	return 0;
}

void world_tick(struct world *world)
{
	if (world->replay)
		return;
	world->wall_ns = clock_wall();
	world->boot_ns = clock_boot();
}

void world_close(struct world *world)
{
	if (world->root >= 0)
		close(world->root);
	if (world->proc >= 0)
		close(world->proc);
	world->root = world->proc = -1;
}
