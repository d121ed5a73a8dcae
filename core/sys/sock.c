/* SPDX-License-Identifier: MIT */
/*
 * Who answers: each protocol is asked of the backends in turn, until both of its slots are answered.
 *
 * The kernel counts the sockets of most protocols for each network namespace (/proc/net/protocols).
 * What it has none of is not asked for: a walk over its empty table for UDP or MPTCP takes it 1 ms,
 * and a question for a protocol whose module is not loaded makes it load that (SCTP and all, as ss
 * does). And what nobody can list is missing only if there is some of it.
 */
#include "core/sys/sock.h"

#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/sys/names.h"
#include "core/sys/sock_backend.h"

static const struct sock_backend *const backends[] = { &sock_backend_netlink,
	&sock_backend_procfs };
const char sock_backends[] = "netlink\0procfs\0";

/* As /proc/net/protocols has them, two for each protocol: those of its slots, but UNIX has both for one. */
static const char used_names[] = "TCP\0TCPv6\0MPTCP\0MPTCPv6\0UDP\0UDPv6\0UDP-Lite\0UDPLITEv6\0"
                                 "RAW\0RAWv6\0PING\0PINGv6\0SCTP\0SCTPv6\0UNIX\0UNIX-STREAM\0"
                                 "PACKET\0\0NETLINK\0\0AF_VSOCK";

const char *sock_proto_name(enum conn_proto proto)
{
	return enum_word(column_words(&conn_schema.columns[0]), proto);
}

/* A backend in this run: opened when the first protocol needs it. */
struct source {
	const struct sock_backend *backend;
	void *state;
	int error;  /* of the opening */
	int reason; /* why it passed a protocol over, the latest */
	bool tried;
	uint64_t cpu_ns;
};

struct collection {
	struct sock_run run;
	struct source sources[ARRAY_COUNT(backends)];
	struct buf census; /* /proc/net/protocols; empty: not to be read */
	bool taken;
	uint32_t asked; /* protocols, as bits */
};

static unsigned slots_of(const struct sock_query *query, enum conn_proto proto)
{
	return (query->states[proto][0] ? 1u : 0u) | (query->states[proto][1] ? 2u : 0u);
}

static void say_none(struct sock_run *run, enum conn_proto proto, const char *source)
{
	notes_add(run->query->notes, NOTE_WHY, 0, "no %s sockets by %s", sock_proto_name(proto),
	        source);
}

static int open_source(struct sock_run *run, struct source *source)
{
	if (!source->tried) {
		source->tried = true;
		source->error = source->backend->open(run);
		source->state = run->state;
	}
	run->state = source->state;
	run->via = str_from(source->backend->name);
	return source->error;
}

/* What a kernel says that has no such thing, or a policy that forbids it. Another error is worth a word
 * even where the next backend answers: it knows less. */
static bool is_refusal(int error)
{
	return error == -ENOENT || error == -EOPNOTSUPP || error == -EPERM || error == -EACCES ||
	        error == -ENOSYS || error == -EINVAL || error == -EAFNOSUPPORT ||
	        error == -EPROTONOSUPPORT || error == -ESOCKTNOSUPPORT;
}

/* One protocol from one backend; the first reason is kept for what nobody answers. */
static void ask(struct sock_run *run, struct source *source, enum conn_proto proto, unsigned *slots,
        int *reason)
{
	const char *name = source->backend->name;
	uint64_t rows = run->rows, cpu = clock_cpu();
	unsigned before = *slots;
	int error = open_source(run, source);

	if (!error)
		error = source->backend->collect(run, proto, slots);
	source->cpu_ns += clock_cpu() - cpu;
	rows = run->rows - rows;
	if (rows)
		notes_add(run->query->notes, NOTE_WHY, rows, "%s sockets by %s",
		        sock_proto_name(proto), name);
	else if (*slots != before)
		say_none(run, proto, name);
	if (*slots && error) {
		notes_add(run->query->notes, NOTE_WHY, 0, "%s passed over for %s: %s", name,
		        sock_proto_name(proto), diag_errno(-error));
		if (!is_refusal(error))
			notes_add(run->query->notes, NOTE_MISSING, 0, "%s passed over: %s", name,
			        diag_errno(-error));
		*reason = *reason ? *reason : error;
		source->reason = error;
	}
}

static bool forced_out(const struct sock_query *query, const struct sock_backend *backend)
{
	return query->backend && strcmp(query->backend, backend->name) != 0;
}

/* "TCP 2304 12 ...": name, size of a socket, sockets; the last are added to the slot of that name. Of
 * vsock the kernel always says 0, and so one is added: there may be some. */
static void census_line(struct str line, enum conn_proto proto, uint64_t used[2])
{
	struct str names = STR(used_names), name, word, count;
	uint64_t number;

	if (!str_word(&line, &word) || !str_word(&line, &count) || !str_word(&line, &count) ||
	        !str_u64(count, &number))
		return;
	for (unsigned i = 2 * PROTO_TCP; str_split(&names, '\0', &name); i++) {
		if (i / 2 == proto && str_equal(word, name))
			used[proto < PROTO_UNIX ? i % 2 : 0] += number + (proto == PROTO_VSOCK);
	}
}

/* MPTCP is counted from Linux 6.3; that is in the long-term kernels from 6.6, which has this too. */
static bool counts_mptcp(const struct world *world)
{
	struct buf text = { 0 };
	int64_t got = file_read(world->root, "proc/sys/net/mptcp/scheduler", &text, 0);

	buf_release(&text);
	return got >= 0;
}

/* The census: how many sockets are in use, by slot. False: the kernel does not say. */
static bool census(struct collection *all, enum conn_proto proto, uint64_t used[2])
{
	const struct world *world = all->run.query->world;
	struct str rest, line;

	used[0] = used[1] = 0;
	if (!all->taken && file_read(world->root, "proc/net/protocols", &all->census, 0) < 0)
		buf_clear(&all->census);
	all->taken = true;
	rest = buf_view(&all->census);
	while (str_split(&rest, '\n', &line))
		census_line(line, proto, used);
	if (proto == PROTO_MPTCP && !(used[0] + used[1]) && !counts_mptcp(world))
		return false;
	return all->census.len && !(proto == PROTO_VSOCK && used[0]);
}

/* The slots that there are sockets of, as far as the kernel says. TCP's TIME_WAIT is not counted,
 * and the others left out here are never empty. A recorded world has what was asked for then. */
static unsigned inhabited(struct collection *all, enum conn_proto proto, unsigned slots)
{
	unsigned left = slots;
	uint64_t used[2];

	if (!slots || proto == PROTO_TCP || proto == PROTO_UNIX || proto == PROTO_NETLINK ||
	        all->run.query->world->replay || !census(all, proto, used))
		return slots;
	for (unsigned slot = 0; slot < 2; slot++) {
		if (!used[slot])
			left &= ~(1u << slot);
	}
	if (!left)
		say_none(&all->run, proto, "/proc/net/protocols");
	return left;
}

/* The name of a diag module without its "_diag". */
static const char *module_of(enum conn_proto proto)
{
	if (proto == PROTO_UDPLITE)
		return "udp";
	return proto == PROTO_PACKET ? "af_packet" : sock_proto_name(proto);
}

/*
 * Nobody could answer: that is no matter (true) where there is nothing to list. Where the kernel does
 * not say, they are missed if every machine has such sockets or if nothing else was asked for; else
 * (vsock under -a) each run would complain of what most machines do not use.
 */
static bool unanswered(struct collection *all, enum conn_proto proto, unsigned slots, int error)
{
	const struct sock_query *query = all->run.query;
	const char *name = sock_proto_name(proto);
	uint64_t used[2], count;
	bool counted = census(all, proto, used);
	bool missed = counted || proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_UNIX ||
	        proto == PROTO_NETLINK || all->asked == 1u << proto;
	enum note_kind kind = missed ? NOTE_PARTIAL : NOTE_WHY;

	count = counted ? (slots & 1 ? used[0] : 0) + (slots & 2 ? used[1] : 0) : 0;
	if (counted && !count)
		say_none(&all->run, proto, "/proc/net/protocols");
	else if (error == -ENOENT && !forced_out(query, &sock_backend_netlink))
		notes_add(query->notes, kind, count,
		        "%s sockets are not shown: needs the kernel module %s_diag", name,
		        module_of(proto));
	else
		notes_add(query->notes, kind, count, "%s sockets are not shown by %s: %s", name,
		        query->backend ? query->backend : backends[0]->name, diag_errno(-error));
	return counted && !count;
}

/* "net:[4026531840]" */
static uint64_t netns_inode(const struct world *world)
{
	struct buf text = { 0 };
	uint64_t inode = UINT64_MAX;
	struct str rest, part;

	if (world->proc >= 0 && file_readlink(world->proc, "self/ns/net", &text) > 0) {
		rest = buf_view(&text);
		if (str_split(&rest, '[', &part) && str_split(&rest, ']', &part))
			str_u64(part, &inode);
	}
	buf_release(&text);
	return inode;
}

static void release(struct collection *all)
{
	struct sock_run *run = &all->run;

	for (size_t i = 0; i < ARRAY_COUNT(backends); i++) {
		struct source *source = &all->sources[i];

		if (!source->tried || source->error)
			continue;
		run->state = source->state;
		source->backend->close(run);
		notes_add(run->query->notes, NOTE_WHY, source->cpu_ns / 1000,
		        "us of CPU for sockets by %s", source->backend->name);
	}
	buf_release(&run->local);
	buf_release(&run->remote);
	buf_release(&run->opts);
	buf_release(&all->census);
	names_free(run->names);
}

/* "list sockets by netlink: Operation not permitted; by procfs: No such file or directory" */
static int nobody_answered(const struct collection *all)
{
	enum conn_proto only = (enum conn_proto)__builtin_ctz(all->asked);
	struct buf text = { 0 };
	int error = 0;

	if (all->asked & (all->asked - 1))
		buf_text(&text, "list sockets");
	else
		buf_format(&text, "list %s sockets (kernel module %s_diag)", sock_proto_name(only),
		        module_of(only));
	for (size_t i = 0; i < ARRAY_COUNT(backends); i++) {
		if (!all->sources[i].reason)
			continue;
		if (error)
			buf_format(&text, ": %s;", diag_errno(-error));
		error = all->sources[i].reason;
		buf_format(&text, " by %s", backends[i]->name);
	}
	error = diag(error ? error : -EOPNOTSUPP, "%s", text.ptr);
	buf_release(&text);
	return error;
}

int sock_collect(struct sock_query *query)
{
	struct collection all = { .run = { .query = query, .netns = UINT64_MAX } };
	bool served = false, missed = false;

	if (query->needs & NEED_NETNS)
		all.run.netns = netns_inode(query->world);
	for (enum conn_proto proto = PROTO_TCP; proto < PROTO_COUNT; proto++)
		all.asked |= slots_of(query, proto) ? 1u << proto : 0;
	for (enum conn_proto proto = PROTO_TCP; proto < PROTO_COUNT && !all.run.enough; proto++) {
		unsigned wanted = inhabited(&all, proto, slots_of(query, proto));
		unsigned slots = wanted;
		int reason = 0;

		for (size_t i = 0; i < ARRAY_COUNT(backends) && slots; i++) {
			all.sources[i].backend = backends[i];
			if (!forced_out(query, backends[i]))
				ask(&all.run, &all.sources[i], proto, &slots, &reason);
		}
		served = served || slots != wanted;
		missed = (slots && !unanswered(&all, proto, slots, reason)) || missed;
	}
	release(&all);
	return missed && !served ? nobody_answered(&all) : 0;
}
