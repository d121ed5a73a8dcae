/* SPDX-License-Identifier: MIT */
/*
 * The table: a map from inode to a chain through one array, so that a socket costs an owner of 16
 * bytes and its place in the map, and nothing is allocated for it. The chain is a ring and the map
 * knows its last member: appending keeps the order of pids and needs no walk, even where 500
 * workers share a listener.
 */
#include "core/sys/owner.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/sys/owner_backend.h"

struct owners {
	struct owner_pass pass;
	struct notes *notes;
	const struct owner_backend *forced;  /* by name, or NULL */
	const struct owner_backend *backend; /* that made the table, or NULL */
	const char *why;                     /* of status */
	const char *reason;                  /* found once a table: many rows ask */
	bool reasoned;
	int status;
	bool made;
	/* Where the last owners_get() was: rows ask for one after the other. */
	uint64_t last_inode;
	size_t last_i;
	uint32_t last_at;
};

/* Best first. */
static const struct owner_backend *const backends[] = { &owner_backend_procfs };

static const struct owner_backend *find_backend(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_COUNT(backends); i++) {
		if (strcmp(backends[i]->name, name) == 0)
			return backends[i];
	}
	return NULL;
}

struct owners *owners_new(
        const struct world *world, struct notes *notes, const char *backend, uint32_t needs)
{
	struct owners *owners = mem_alloc(sizeof(*owners));

	owners->pass.world = world;
	owners->pass.needs = needs & NEED_PROC_ALL;
	owners->notes = notes;
	owners->forced = find_backend(backend);
	owners->last_at = MAP_NONE;
	return owners;
}

void owners_free(struct owners *owners)
{
	if (!owners)
		return;
	arena_release(&owners->pass.arena);
	buf_release(&owners->pass.scratch);
	ancestry_release(&owners->pass.ancestry);
	map_release(&owners->pass.by_inode);
	free(owners->pass.list);
	free(owners);
}

static void pass_clear(struct owner_pass *pass)
{
	arena_reset(&pass->arena);
	ancestry_clear(&pass->ancestry);
	map_clear(&pass->by_inode);
	pass->count = 0;
	pass->processes = pass->hidden = 0;
	pass->error = 0;
	pass->refused = pass->invisible = false;
}

void owners_refresh(struct owners *owners)
{
	pass_clear(&owners->pass);
	owners->backend = NULL;
	owners->status = 0;
	owners->why = NULL;
	owners->made = false;
	owners->reasoned = false;
	owners->last_at = MAP_NONE;
}

const struct process *owner_read(struct owner_pass *pass, int dirfd, uint32_t pid)
{
	struct process *process = arena_alloc(&pass->arena, sizeof(*process));
	uint32_t needs = pass->needs;
	bool ancestors = (needs & NEED_PROC_ANCESTORS) != 0;
	int result;

	/* Their names are remembered here, so process_read() shall not read them. */
	if (ancestors)
		needs = (needs & ~(uint32_t)NEED_PROC_ANCESTORS) | NEED_PROC_STAT;
	result =
	        process_read(pass->world, dirfd, pid, needs, process, &pass->arena, &pass->scratch);
	if (result == -ESRCH)
		return NULL;
	if (result) {
		pass->hidden++;
		pass->error = -result;
	}
	if (ancestors)
		ancestry_fill(&pass->ancestry, pass->world, process, &pass->arena, &pass->scratch);
	return process;
}

void owner_add(struct owner_pass *pass, const struct process *process, uint64_t inode, uint32_t fd)
{
	uint32_t last = map_get(&pass->by_inode, inode);
	uint32_t at = pass->count, next = at;

	if (last != MAP_NONE) {
		struct owner *before = &pass->list[last];

		if (before->process == process) {
			before->fd = fd < before->fd ? fd : before->fd;
			return;
		}
		next = before->next;
		before->next = at;
	}
	pass->list = mem_grow(pass->list, pass->count++, sizeof(*pass->list));
	pass->list[at] = (struct owner){ process, fd, next };
	map_put(&pass->by_inode, inode, at);
}

static void take_note(const struct owners *owners)
{
	const struct owner_pass *pass = &owners->pass;

	notes_add(owners->notes, NOTE_WHY, pass->processes, "processes looked at: owner by %s",
	        owners->backend->name);
	if (pass->error)
		notes_add(owners->notes, NOTE_PARTIAL, pass->hidden, "processes not read whole: %s",
		        diag_errno(pass->error));
}

static void make(struct owners *owners)
{
	if (owners->made)
		return;
	owners->made = true;
	for (size_t i = 0; i < ARRAY_COUNT(backends); i++) {
		const struct owner_backend *backend = backends[i];
		int result;

		if (owners->forced && owners->forced != backend)
			continue;
		result = backend->probe(owners->pass.world, &owners->why);
		if (result == 0)
			result = backend->collect(&owners->pass, &owners->why);
		owners->status = result;
		if (result == 0) {
			owners->backend = backend;
			owners->why = NULL;
			take_note(owners);
			return;
		}
		notes_add(owners->notes, NOTE_WHY, 0, "owner: %s passed over: %s", backend->name,
		        owners->why);
		pass_clear(&owners->pass);
	}
}

const struct owner *owners_get(struct owners *owners, uint64_t inode, size_t i)
{
	const struct owner *list;
	uint32_t last, at;

	make(owners);
	list = owners->pass.list;
	last = map_get(&owners->pass.by_inode, inode);
	if (last == MAP_NONE)
		return NULL;
	if (owners->last_at == MAP_NONE || owners->last_inode != inode || owners->last_i > i) {
		owners->last_inode = inode;
		owners->last_i = 0;
		owners->last_at = list[last].next;
	}
	for (at = owners->last_at; owners->last_i < i && at != last; owners->last_i++)
		at = list[at].next;
	owners->last_at = at;
	return owners->last_i == i ? &list[at] : NULL;
}

size_t owners_count(struct owners *owners, uint64_t inode)
{
	size_t count = 0;
	uint32_t last, at;

	make(owners);
	last = map_get(&owners->pass.by_inode, inode);
	if (last == MAP_NONE)
		return 0;
	at = last;
	do {
		at = owners->pass.list[at].next;
		count++;
	} while (at != last);
	return count;
}

size_t owners_hidden(struct owners *owners)
{
	make(owners);
	return owners->pass.hidden;
}

/* Do we hold already what looking into other users' processes needs? Then something else refuses. */
static bool is_privileged(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint32_t needed = 1u << CAP_SYS_PTRACE | 1u << CAP_DAC_READ_SEARCH;

	return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & needed) == needed;
}

static const char *find_reason(const struct owners *owners)
{
	if (owners->status)
		return owners->why;
	if (owners->pass.error)
		return diag_errno(owners->pass.error);
	if (owners->pass.refused)
		return is_privileged()
		        ? "the kernel refuses their processes (Landlock, LSM, user namespace)"
		        : "needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH";
	return owners->pass.invisible ? "/proc is mounted with hidepid" : NULL;
}

const char *owners_reason(struct owners *owners)
{
	make(owners);
	if (!owners->reasoned) {
		owners->reasoned = true;
		owners->reason = find_reason(owners);
	}
	return owners->reason;
}

int owners_status(struct owners *owners, const char **why)
{
	make(owners);
	*why = owners->why;
	return owners->status;
}

const char *owners_backend(struct owners *owners)
{
	make(owners);
	return owners->backend ? owners->backend->name : NULL;
}
