/* SPDX-License-Identifier: MIT */
/*
 * The chain goes from number to number, and a number may have been given away between two reads.
 * There is no descriptor that leads from a process to its parent, but an ancestor is never younger
 * than its descendants: that is checked at each step, and a chain that fails it ends there. So does
 * a circle, which a recorded world may hold: by its length.
 */
#include "core/sys/ancestry.h"

#include <stdlib.h>

#include "core/base/file.h"
#include "core/base/mem.h"

#define STAT_MAX 4096

static struct ancestor read_ancestor(
        const struct world *world, uint32_t pid, struct arena *arena, struct buf *scratch)
{
	struct ancestor found = { 0, UINT64_MAX, STR_NONE };
	struct buf path = { 0 };
	struct str comm;
	uint32_t tty_nr;

	buf_format(&path, "%u/stat", pid);
	if (file_read(world->proc, path.ptr, scratch, STAT_MAX) >= 0 &&
	        process_parse_stat(
	                buf_view(scratch), &comm, &found.ppid, &tty_nr, &found.start_ticks))
		found.comm = arena_str(arena, comm);
	buf_release(&path);
	return found;
}

static const struct ancestor *look_up(struct ancestry *ancestry, const struct world *world,
        uint32_t pid, struct arena *arena, struct buf *scratch)
{
	uint32_t known = map_get(&ancestry->by_pid, pid);

	if (known == MAP_NONE) {
		known = (uint32_t)ancestry->count++;
		ancestry->list = mem_grow(ancestry->list, known, sizeof(*ancestry->list));
		ancestry->list[known] = read_ancestor(world, pid, arena, scratch);
		map_put(&ancestry->by_pid, pid, known);
	}
	return &ancestry->list[known];
}

void ancestry_fill(struct ancestry *ancestry, const struct world *world, struct process *process,
        struct arena *arena, struct buf *scratch)
{
	uint64_t child_start = process->start_ticks;
	uint32_t pid = process->ppid;

	if (child_start == UINT64_MAX)
		return;
	buf_clear(&ancestry->joined);
	for (unsigned depth = 0; pid && depth < ANCESTRY_DEPTH; depth++) {
		const struct ancestor *parent = look_up(ancestry, world, pid, arena, scratch);

		if (parent->start_ticks > child_start)
			break;
		buf_text(&ancestry->joined, depth ? "," : "");
		buf_str(&ancestry->joined, parent->comm);
		child_start = parent->start_ticks;
		pid = parent->ppid;
		process->ancestors = buf_view(&ancestry->joined);
	}
	if (process->ancestors.ptr)
		process->ancestors = arena_str(arena, process->ancestors);
}

void ancestry_clear(struct ancestry *ancestry)
{
	map_clear(&ancestry->by_pid);
	ancestry->count = 0;
}

void ancestry_release(struct ancestry *ancestry)
{
	map_release(&ancestry->by_pid);
	free(ancestry->list);
	buf_release(&ancestry->joined);
	*ancestry = (struct ancestry){ 0 };
}
