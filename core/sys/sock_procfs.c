/* SPDX-License-Identifier: MIT */
/*
 * Sockets from /proc/net, for where netlink is refused or the kernel lacks the module that would
 * answer (ping sockets have none). It knows less: no cookie, no interface and so no zone, no
 * backlog, no tcp_info, no peer, of UNIX sockets no user and no queues, and no TCP socket that is
 * bound but idle; and it is slower: a page a read, and udp begins each page at the start again
 * (25,000 sockets: 0.5 s).
 *
 * A file is read in pieces and a line at a time: /proc/net/tcp of a million sockets is 150 MB.
 *
 * /proc/net/unix is best effort: a path may hold a newline, and behind it what looks like another
 * line, which nobody can tell from a real one. What is not well formed is dropped. Rows with an
 * inode that was seen before are kept: dropping them would let a forged line hide a real one. The
 * netlink backend, whose names carry their length, is asked first.
 *
 * /proc/net/icmp and icmp6 both list a ping socket that shares its place in the kernel's table with
 * one of the right family (net/ipv4/ping.c ping_get_next() does not look), then with no address:
 * there an inode counts once.
 */
#include "core/sys/sock_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/sys/sock_procfs_parse.h"

#define READ_SIZE 65536

struct procfs {
	int net;          /* the directory */
	int fd;           /* the file that is being read, or -1 */
	int error;        /* -errno that ended it early */
	struct map pings; /* inodes of those that were given */
	bool overlong;    /* what is at the front is the rest of a line that was too long */
	size_t at, len;
	char bytes[READ_SIZE];
};

static const struct procfs_file {
	char name[10];
	uint8_t proto;
	uint8_t family;
} files[] = {
	{ "tcp", PROTO_TCP, FAMILY_INET },
	{ "tcp6", PROTO_TCP, FAMILY_INET6 },
	{ "udp", PROTO_UDP, FAMILY_INET },
	{ "udp6", PROTO_UDP, FAMILY_INET6 },
	{ "udplite", PROTO_UDPLITE, FAMILY_INET },
	{ "udplite6", PROTO_UDPLITE, FAMILY_INET6 },
	{ "raw", PROTO_RAW, FAMILY_INET },
	{ "raw6", PROTO_RAW, FAMILY_INET6 },
	{ "icmp", PROTO_ICMP, FAMILY_INET },
	{ "icmp6", PROTO_ICMP, FAMILY_INET6 },
	{ "unix", PROTO_UNIX, FAMILY_UNIX },
	{ "packet", PROTO_PACKET, FAMILY_PACKET },
	{ "netlink", PROTO_NETLINK, FAMILY_NETLINK },
};

/* With subset=pid there is no /proc/net, but one in each process. */
static int open_net(const struct world *world)
{
	int fd;

	if (world->proc < 0)
		return world->proc_error;
	fd = openat(world->proc, "net", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && !world->replay)
		fd = openat(world->proc, "self/net", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int procfs_probe(const struct world *world)
{
	int fd = open_net(world);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int procfs_open(struct sock_run *run)
{
	int fd = open_net(run->query->world);
	struct procfs *procfs;

	if (fd < 0)
		return fd;
	procfs = mem_alloc(sizeof(*procfs));
	procfs->net = fd;
	procfs->fd = -1;
	run->state = procfs;
	return 0;
}

static void procfs_close(struct sock_run *run)
{
	struct procfs *procfs = run->state;

	close(procfs->net);
	map_release(&procfs->pings);
	free(procfs);
	run->state = NULL;
}

/* More bytes behind those that are there; false at the end of the file. */
static bool refill(struct procfs *procfs)
{
	ssize_t got;

	memmove(procfs->bytes, procfs->bytes + procfs->at, procfs->len - procfs->at);
	procfs->len -= procfs->at;
	procfs->at = 0;
	if (procfs->len == READ_SIZE) {
		procfs->len = 0;
		procfs->overlong = true;
	}
	do
		got = read(procfs->fd, procfs->bytes + procfs->len, READ_SIZE - procfs->len);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		procfs->error = -errno;
	else
		procfs->len += (size_t)got;
	return got > 0;
}

/* The next line without its newline. What follows the last newline is no line: a read was cut. */
static bool next_line(struct procfs *procfs, struct str *line)
{
	for (;;) {
		char *start = procfs->bytes + procfs->at;
		char *end = memchr(start, '\n', procfs->len - procfs->at);
		bool rest = procfs->overlong;

		if (!end) {
			if (!refill(procfs))
				return false;
			continue;
		}
		*line = (struct str){ start, (size_t)(end - start) };
		procfs->at += line->len + 1;
		procfs->overlong = false;
		if (!rest)
			return true;
	}
}

static uint64_t ticks_ns(const struct world *world, uint64_t ticks)
{
	uint64_t hz = world->hz ? world->hz : 100;

	return ticks > UINT32_MAX ? UINT64_MAX : ticks * NS_PER_SEC / hz;
}

static bool first_ping(struct procfs *procfs, uint64_t inode)
{
	bool first = map_get(&procfs->pings, inode) == MAP_NONE;

	map_put(&procfs->pings, inode, 0);
	return first;
}

static enum procnet inet_row(struct sock_run *run, const struct procfs_file *file, struct str line)
{
	bool ipv6 = file->family == FAMILY_INET6;
	uint8_t kind = ipv6 ? ADDR_IPV6 : ADDR_IPV4;
	struct conn *conn = &run->conn;
	struct procnet_inet row;
	enum procnet what = procnet_inet(line, ipv6, sock_states(run, file->proto, ipv6), &row);

	if (what != PROCNET_ROW)
		return what;
	conn->state = row.state;
	sock_end_ip(&conn->local, kind, row.local, row.lport, 0);
	sock_end_ip(&conn->remote, kind, row.remote, row.rport, 0);
	conn->rxq = row.rxq;
	if (row.state != STATE_LISTEN)
		conn->txq = row.txq;
	conn->uid = row.uid;
	conn->inode = row.inode;
	if (file->proto == PROTO_TCP && row.timer < TIMER_PERSIST) {
		conn->timer = row.timer + 1;
		if (row.timer)
			conn->timeout = ticks_ns(run->query->world, row.when);
	}
	if (conn->memory)
		conn->memory->drops = row.drops;
	if (file->proto == PROTO_ICMP)
		what = first_ping(run->state, row.inode) ? what : PROCNET_SKIP;
	return what;
}

static enum procnet unix_row(struct sock_run *run, struct str line)
{
	struct procnet_unix row;
	enum procnet what = procnet_unix(line, sock_states(run, PROTO_UNIX, 0), &row);

	if (what != PROCNET_ROW)
		return what;
	run->conn.state = row.state;
	run->conn.inode = row.inode;
	sock_unix_name(run, row.path);
	return what;
}

static enum procnet other_row(struct sock_run *run, const struct procfs_file *file, struct str line)
{
	bool packet = file->proto == PROTO_PACKET;
	struct conn *conn = &run->conn;
	struct procnet_other row;
	enum procnet what = packet ? procnet_packet(line, &row) : procnet_netlink(line, &row);

	if (what != PROCNET_ROW)
		return what;
	conn->state = STATE_UNCONN;
	conn->rxq = row.rxq;
	conn->txq = row.txq;
	conn->uid = row.uid;
	conn->inode = row.inode;
	if (conn->memory)
		conn->memory->drops = row.drops;
	if (packet)
		sock_packet_ends(run, (uint16_t)row.protocol, row.port);
	else
		sock_netlink_ends(run, row.protocol, row.port);
	return what;
}

static enum procnet fill_row(struct sock_run *run, const struct procfs_file *file, struct str line)
{
	sock_begin(run, file->proto, file->family);
	if (file->family == FAMILY_INET || file->family == FAMILY_INET6)
		return inet_row(run, file, line);
	return file->family == FAMILY_UNIX ? unix_row(run, line) : other_row(run, file, line);
}

/* The first line is a heading. A bad one behind it may be the rest of a UNIX path; in other files
 * it means that this kernel writes another form, and that must not pass for "no sockets". */
static void read_lines(struct sock_run *run, const struct procfs_file *file)
{
	struct procfs *procfs = run->state;
	uint64_t bad = 0;
	struct str line;

	procfs->at = procfs->len = 0;
	procfs->error = 0;
	procfs->overlong = false;
	if (!next_line(procfs, &line))
		return;
	while (!run->enough && next_line(procfs, &line)) {
		enum procnet what = fill_row(run, file, line);

		bad += what == PROCNET_BAD;
		if (what == PROCNET_ROW)
			sock_row(run);
	}
	if (bad)
		notes_add(run->query->notes, file->proto == PROTO_UNIX ? NOTE_WHY : NOTE_PARTIAL,
		        bad, "lines of /proc/net/%s not understood", file->name);
}

/* A file that is missing where others are: this kernel has no such sockets. */
static int read_file(struct sock_run *run, const struct procfs_file *file)
{
	struct procfs *procfs = run->state;
	uint64_t rows = run->rows;

	procfs->fd = openat(procfs->net, file->name, O_RDONLY | O_CLOEXEC);
	if (procfs->fd < 0)
		return errno == ENOENT ? 0 : -errno;
	read_lines(run, file);
	close(procfs->fd);
	if (!procfs->error)
		return 0;
	if (run->rows == rows)
		return procfs->error;
	notes_add(run->query->notes, NOTE_PARTIAL, 0, "/proc/net/%s was not read to its end: %s",
	        file->name, diag_errno(-procfs->error));
	return 0;
}

static int procfs_collect(struct sock_run *run, enum conn_proto proto, unsigned *slots)
{
	int result = -EPROTONOSUPPORT;

	for (size_t i = 0; i < ARRAY_COUNT(files) && !run->enough; i++) {
		unsigned slot = 1u << (files[i].family == FAMILY_INET6);

		if (files[i].proto != proto || !(*slots & slot))
			continue;
		result = read_file(run, &files[i]);
		if (result < 0)
			return result;
		*slots &= ~slot;
	}
	if (run->enough) {
		*slots = 0;
		return 0;
	}
	return result;
}

const struct sock_backend sock_backend_procfs = {
	"procfs",
	procfs_probe,
	procfs_open,
	procfs_collect,
	procfs_close,
};
