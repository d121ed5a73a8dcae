/* SPDX-License-Identifier: MIT */
/*
 * Makes sockets as its arguments say, so that a test knows exactly what conns has to show.
 *
 *	mksock comm web tcp-listen 127.0.0.1:80 state fin-wait-2 [::1]:81 bytes 1000 unix-listen @a\0b
 *
 * Words are read one after the other: settings hold for the sockets made after them, verbs make
 * sockets, "bytes", "back", "queue" and "pace" work on the latest TCP pair. Each socket that is held is told
 * as "socket WHAT FD INODE COOKIE", and when everything is there "ready PID" follows. It ends at the
 * end of stdin, or after 5 minutes, so that a test that was killed leaves nothing behind.
 *
 * TCP states are reached without packet filters, by what the two ends do: an end whose receiver has
 * a full buffer cannot send its FIN, so it stays in FIN_WAIT_1, CLOSING or LAST_ACK as long as we
 * like; TCP_DEFER_ACCEPT keeps a connection in SYN_RECV until data comes; SYN_SENT needs an address
 * that does not answer (a veth whose neighbour entry is wrong). Each state is checked by TCP_INFO.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* tcp_states.h, of which netinet/tcp.h has the same numbers. */
enum {
	EST = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT_1,
	FIN_WAIT_2,
	TIME_WAIT,
	UNCONN,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING
};

struct address {
	struct sockaddr_storage any;
	socklen_t len;
};

/* What holds for the sockets that come after. */
static struct {
	int backlog, v6only, rcvbuf, sndbuf, mark, tos, reuseport, keepalive;
	const char *device, *cc;
} set = { .backlog = 5, .v6only = -1 };

static int pair[2] = { -1, -1 }; /* the latest TCP pair: who connected, who accepted */
static int last = -1;            /* the latest socket */
static size_t pace;              /* bytes each 50 ms on the latest pair */
static int flicker;              /* a new name each millisecond */

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
	va_list args;
	int error = errno;

	fputs("mksock: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(1);
}

static void rest(unsigned ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

static void tell(const char *what, int fd)
{
	struct stat st;
	uint64_t cookie = 0;

	if (fstat(fd, &st) != 0)
		die("%s: fstat", what);
	getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &(socklen_t){ sizeof(cookie) });
	printf("socket %s %d %llu %llu\n", what, fd, (unsigned long long)st.st_ino,
	        (unsigned long long)cookie);
	last = fd;
}

/* "\n", "\e", "\0", "\xNN" and "\\" in place; an argument cannot hold a NUL by itself. */
static size_t unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; out++) {
		if (in[0] != '\\' || in[1] == '\0') {
			*out = *in++;
			continue;
		}
		in += 2;
		switch (in[-1]) {
		case 'n':
			*out = '\n';
			break;
		case 'e':
			*out = '\033';
			break;
		case '0':
			*out = '\0';
			break;
		case 'x':
			*out = (char)strtoul(
			        (const char[]){ in[0], in[0] ? in[1] : 0, 0 }, NULL, 16);
			in += in[0] && in[1] ? 2 : 0;
			break;
		default:
			*out = in[-1];
			break;
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}

/* "127.0.0.1:80", "[fe80::1%v0]:80"; without port 0. */
static struct address parse(const char *text)
{
	struct address address = { 0 };
	char host[128], *zone, *end;
	const char *port = NULL;

	snprintf(host, sizeof(host), "%s", text[0] == '[' ? text + 1 : text);
	end = text[0] == '[' ? strrchr(host, ']') : strchr(host, ':');
	if (end) {
		port = strchr(end, ':');
		*end = '\0';
		port = port ? port + 1 : end[1] == ':' ? end + 2 : NULL;
	}
	if (text[0] == '[') {
		struct sockaddr_in6 *in6 = (void *)&address.any;

		if ((zone = strchr(host, '%')) != NULL) {
			*zone = '\0';
			in6->sin6_scope_id = if_nametoindex(zone + 1);
		}
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)(port ? atoi(port) : 0));
		address.len = sizeof(*in6);
		if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1)
			die("%s: no address", text);
	} else {
		struct sockaddr_in *in = (void *)&address.any;

		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)(port ? atoi(port) : 0));
		address.len = sizeof(*in);
		if (inet_pton(AF_INET, host, &in->sin_addr) != 1)
			die("%s: no address", text);
	}
	return address;
}

static void option(int fd, int level, int name, int value, const char *what)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) != 0)
		die("%s", what);
}

static int make(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	if (fd < 0)
		die("socket family %d type %d protocol %d", family, type, protocol);
	if (set.rcvbuf)
		option(fd, SOL_SOCKET, SO_RCVBUF, set.rcvbuf, "rcvbuf");
	if (set.sndbuf)
		option(fd, SOL_SOCKET, SO_SNDBUF, set.sndbuf, "sndbuf");
	if (set.mark)
		option(fd, SOL_SOCKET, SO_MARK, set.mark, "mark");
	if (family != AF_INET && family != AF_INET6)
		return fd;
	if (set.v6only >= 0 && family == AF_INET6 && type != SOCK_RAW)
		option(fd, IPPROTO_IPV6, IPV6_V6ONLY, set.v6only, "v6only");
	if (set.tos && family == AF_INET)
		option(fd, IPPROTO_IP, IP_TOS, set.tos, "tos");
	if (set.tos && family == AF_INET6)
		option(fd, IPPROTO_IPV6, IPV6_TCLASS, set.tos, "tclass");
	if (set.reuseport)
		option(fd, SOL_SOCKET, SO_REUSEPORT, 1, "reuseport");
	if (set.keepalive)
		option(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "keepalive");
	if (set.device &&
	        setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, set.device,
	                (socklen_t)strlen(set.device)) != 0)
		die("dev %s", set.device);
	if (set.cc && type == SOCK_STREAM &&
	        setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, set.cc, (socklen_t)strlen(set.cc)) != 0)
		die("cc %s", set.cc);
	return fd;
}

static int bound(const char *where, int type, int protocol)
{
	struct address address = parse(where);
	int fd = make(address.any.ss_family, type, protocol);

	if (type == SOCK_STREAM)
		option(fd, SOL_SOCKET, SO_REUSEADDR, 1, "reuseaddr");
	if (bind(fd, (void *)&address.any, address.len) != 0)
		die("bind %s", where);
	return fd;
}

static int listening(const char *where, int protocol)
{
	int fd = bound(where, SOCK_STREAM, protocol);

	if (listen(fd, set.backlog) != 0)
		die("listen %s", where);
	return fd;
}

static int connecting(const char *where, int protocol, int flags)
{
	struct address address = parse(where);
	int fd = make(address.any.ss_family, SOCK_STREAM | flags, protocol);

	if (connect(fd, (void *)&address.any, address.len) != 0 && errno != EINPROGRESS)
		die("connect %s", where);
	return fd;
}

/* A connection whose listener is gone again. */
static void connected(const char *where, int protocol)
{
	int listener = listening(where, protocol);

	pair[0] = connecting(where, protocol, 0);
	pair[1] = accept(listener, NULL, NULL);
	if (pair[1] < 0)
		die("accept %s", where);
	close(listener);
}

static void expect(int fd, int state)
{
	struct tcp_info info = { 0 };

	for (int i = 0; i < 200; i++) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &(socklen_t){ sizeof(info) }) != 0)
			die("TCP_INFO");
		if (info.tcpi_state == state)
			return;
		rest(10);
	}
	errno = ETIMEDOUT;
	die("state %d instead of %d", info.tcpi_state, state);
}

/* Until the other end takes no more: its window is closed then, and what comes after stays here. */
static void fill(int fd)
{
	char block[4096] = { 0 };

	for (int idle = 0; idle < 3;) {
		if (send(fd, block, sizeof(block), MSG_DONTWAIT) > 0) {
			idle = 0;
		} else {
			idle++;
			rest(20);
		}
	}
}

static void transfer(int from, int to, size_t count, int read_it)
{
	static char block[65536];
	size_t sent = 0, got = 0;

	while (sent < count || (read_it && got < count)) {
		ssize_t n = send(from, block,
		        count - sent < sizeof(block) ? count - sent : sizeof(block), MSG_DONTWAIT);

		sent += n > 0 ? (size_t)n : 0;
		n = read_it ? recv(to, block, sizeof(block), MSG_DONTWAIT) : 0;
		got += n > 0 ? (size_t)n : 0;
	}
}

static const struct state {
	const char *name;
	int ends[2]; /* who connected, who accepted */
} states[] = {
	{ "established", { EST, EST } },
	{ "fin-wait-1", { FIN_WAIT_1, EST } },
	{ "fin-wait-2", { FIN_WAIT_2, CLOSE_WAIT } },
	{ "close-wait", { CLOSE_WAIT, FIN_WAIT_2 } },
	{ "last-ack", { LAST_ACK, FIN_WAIT_2 } },
	{ "closing", { CLOSING, FIN_WAIT_2 } },
	{ "time-wait", { TIME_WAIT, 0 } },
};

static void make_state(const char *name, const char *where)
{
	const struct state *state = NULL;

	if (strcmp(name, "syn-sent") == 0) {
		int fd = connecting(where, 0, SOCK_NONBLOCK);

		tell(name, fd);
		expect(fd, SYN_SENT);
		return;
	}
	if (strcmp(name, "syn-recv") == 0 || strcmp(name, "accept-queue") == 0) {
		int fd = listening(where, 0);

		if (strcmp(name, "syn-recv") == 0)
			option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60, "defer accept");
		tell(name, fd);
		tell(name, pair[0] = connecting(where, 0, 0));
		return;
	}
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].name, name) == 0)
			state = &states[i];
	errno = EINVAL;
	if (!state)
		die("state %s", name);
	if (state->ends[0] >= FIN_WAIT_1 && !set.rcvbuf)
		set.rcvbuf = set.sndbuf = 4096;
	connected(where, 0);
	if (state->ends[0] == FIN_WAIT_1 || state->ends[0] == CLOSING)
		fill(pair[0]);
	if (state->ends[0] == CLOSE_WAIT || state->ends[0] == LAST_ACK)
		shutdown(pair[1], SHUT_WR);
	if (state->ends[0] == LAST_ACK) {
		expect(pair[0], CLOSE_WAIT);
		fill(pair[0]);
	}
	if (state->ends[0] != EST && state->ends[0] != CLOSE_WAIT)
		shutdown(pair[0], SHUT_WR);
	if (state->ends[0] == CLOSING) {
		expect(pair[0], FIN_WAIT_1);
		shutdown(pair[1], SHUT_WR);
	}
	set.rcvbuf = set.sndbuf = 0;
	if (state->ends[0] == TIME_WAIT) {
		expect(pair[0], FIN_WAIT_2);
		close(pair[1]);
		rest(20);
		close(pair[0]);
		return;
	}
	for (int i = 0; i < 2; i++) {
		expect(pair[i], state->ends[i]);
		tell(name, pair[i]);
	}
}

static struct address unix_address(char *copy)
{
	struct address address = { 0 };
	struct sockaddr_un *un = (void *)&address.any;
	size_t len = unescape(copy);

	un->sun_family = AF_UNIX;
	if (len >= sizeof(un->sun_path)) {
		errno = ENAMETOOLONG;
		die("unix path");
	}
	memcpy(un->sun_path, copy, len);
	if (copy[0] == '@')
		un->sun_path[0] = '\0';
	address.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (copy[0] != '@'));
	return address;
}

static void make_unix(const char *verb, char *path)
{
	int type = strstr(verb, "dgram")    ? SOCK_DGRAM
	        : strstr(verb, "seqpacket") ? SOCK_SEQPACKET
	                                    : SOCK_STREAM;
	struct address address = unix_address(path);
	int fd = make(AF_UNIX, type, 0), other;

	if (bind(fd, (void *)&address.any, address.len) != 0)
		die("bind unix");
	tell(verb, fd);
	if (type != SOCK_DGRAM && listen(fd, set.backlog) != 0)
		die("listen unix");
	if (strcmp(verb, "unix-pair") != 0)
		return;
	tell(verb, other = make(AF_UNIX, type, 0));
	if (connect(other, (void *)&address.any, address.len) != 0)
		die("connect unix");
	tell(verb, accept(fd, NULL, NULL));
}

static void make_packet(const char *device)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(0x88b5) };
	int fd = make(AF_PACKET, SOCK_RAW, htons(0x88b5)); /* an experimental type: nothing comes */

	ll.sll_ifindex = (int)if_nametoindex(device);
	if (bind(fd, (void *)&ll, sizeof(ll)) != 0)
		die("packet %s", device);
	tell("packet", fd);
}

static void make_netlink(int protocol)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	int fd = make(AF_NETLINK, SOCK_RAW, protocol);

	if (bind(fd, (void *)&nl, sizeof(nl)) != 0)
		die("netlink %d", protocol);
	tell("netlink", fd);
}

static void make_vsock(unsigned port)
{
	struct sockaddr_vm vm = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = port
	};
	int fd = make(AF_VSOCK, SOCK_STREAM, 0);

	if (bind(fd, (void *)&vm, sizeof(vm)) != 0 || listen(fd, 1) != 0)
		die("vsock %u", port);
	tell("vsock", fd);
}

static void make_pair(const char *verb, const char *where, int protocol)
{
	connected(where, protocol);
	tell(verb, pair[0]);
	tell(verb, pair[1]);
}

static void make_udp_pair(const char *one, const char *two)
{
	struct address a = parse(one), b = parse(two);
	int fd[2] = { bound(one, SOCK_DGRAM, 0), bound(two, SOCK_DGRAM, 0) };

	if (connect(fd[0], (void *)&b.any, b.len) != 0 ||
	        connect(fd[1], (void *)&a.any, a.len) != 0)
		die("udp-pair");
	tell("udp-pair", fd[0]);
	tell("udp-pair", fd[1]);
}

static void workers(int count)
{
	while (count-- > 0) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid > 0) {
			printf("worker %d\n", pid);
			continue;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

/* The kernel gives /proc/PID/cmdline from where the arguments were put at exec. */
static void set_argv(char **argv, int argc, char *text)
{
	size_t room = (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) + 1 - argv[0]),
	       len = unescape(text);

	memset(argv[0], 0, room);
	memcpy(argv[0], text, len < room ? len : room - 1);
}

/* Words with one operand. False: unknown word. */
static int do_one(const char *verb, char *what)
{
	static const struct {
		const char *name;
		int *to;
	} numbers[] = {
		{ "backlog", &set.backlog },
		{ "v6only", &set.v6only },
		{ "rcvbuf", &set.rcvbuf },
		{ "sndbuf", &set.sndbuf },
		{ "mark", &set.mark },
		{ "tos", &set.tos },
		{ "reuseport", &set.reuseport },
		{ "keepalive", &set.keepalive },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].name, verb) == 0)
			return *numbers[i].to = atoi(what), 1;
	if (strcmp(verb, "dev") == 0)
		set.device = *what ? what : NULL;
	else if (strcmp(verb, "cc") == 0)
		set.cc = what;
	else if (strcmp(verb, "comm") == 0)
		unescape(what), prctl(PR_SET_NAME, what);
	else if (strcmp(verb, "uid") == 0) {
		if (setegid((gid_t)atoi(what)) != 0 || seteuid((uid_t)atoi(what)) != 0)
			die("uid %s", what);
	} else if (strcmp(verb, "tcp-listen") == 0)
		tell(verb, listening(what, 0));
	else if (strcmp(verb, "tcp-bound") == 0)
		tell(verb, bound(what, SOCK_STREAM, 0));
	else if (strcmp(verb, "tcp-connect") == 0)
		tell(verb, connecting(what, 0, 0));
	else if (strcmp(verb, "tcp-pair") == 0)
		make_pair(verb, what, 0);
	else if (strcmp(verb, "mptcp-listen") == 0)
		tell(verb, listening(what, IPPROTO_MPTCP));
	else if (strcmp(verb, "mptcp-pair") == 0)
		make_pair(verb, what, IPPROTO_MPTCP);
	else if (strcmp(verb, "udp") == 0)
		tell(verb, bound(what, SOCK_DGRAM, 0));
	else if (strcmp(verb, "udplite") == 0)
		tell(verb, bound(what, SOCK_DGRAM, IPPROTO_UDPLITE));
	else if (strcmp(verb, "icmp") == 0)
		tell(verb, bound(what, SOCK_DGRAM, what[0] == '[' ? IPPROTO_ICMPV6 : IPPROTO_ICMP));
	else if (strcmp(verb, "packet") == 0)
		make_packet(what);
	else if (strcmp(verb, "netlink") == 0)
		make_netlink(atoi(what));
	else if (strcmp(verb, "vsock") == 0)
		make_vsock((unsigned)atoi(what));
	else if (strncmp(verb, "unix-", 5) == 0)
		make_unix(verb, what);
	else if (strcmp(verb, "bytes") == 0)
		transfer(pair[0], pair[1], strtoul(what, NULL, 10), 1);
	else if (strcmp(verb, "back") == 0)
		transfer(pair[1], pair[0], strtoul(what, NULL, 10), 1);
	else if (strcmp(verb, "queue") == 0)
		transfer(pair[0], pair[1], strtoul(what, NULL, 10), 0), rest(20);
	else if (strcmp(verb, "pace") == 0)
		pace = strtoul(what, NULL, 10);
	else if (strcmp(verb, "flicker") == 0)
		flicker = atoi(what);
	else if (strcmp(verb, "fork") == 0)
		workers(atoi(what));
	else if (strcmp(verb, "sleep") == 0)
		fflush(stdout), rest((unsigned)atoi(what));
	else
		return 0;
	return 1;
}

static void hold(void)
{
	static const char *const names[] = { "one", "\033]0;two\a", "a) R 1 (b", "\n\n", "\377" };
	char block[256];

	for (unsigned turn = 0;; turn++) {
		int n = poll(&(struct pollfd){ .fd = 0, .events = POLLIN }, 1,
		        flicker        ? 1
		                : pace ? 50
		                       : -1);

		if (flicker)
			prctl(PR_SET_NAME, names[turn % 5]);

		if (n > 0 && read(0, block, sizeof(block)) <= 0)
			return;
		if (n == 0 && pace)
			transfer(pair[0], pair[1], pace, 1);
	}
}

int main(int argc, char **argv)
{
	char **words = calloc((size_t)argc + 2, sizeof(*words));

	if (!words)
		return 1;
	for (int i = 1; i < argc; i++)
		words[i - 1] = strdup(argv[i]);
	signal(SIGPIPE, SIG_IGN);
	alarm(300);
	for (char **word = words; *word; word++) {
		const char *verb = word[0];

		errno = EINVAL;
		if (strcmp(verb, "dup") == 0) {
			if (dup(last) < 0)
				die("dup");
		} else if (!word[1]) {
			die("%s: wants an operand", verb);
		} else if (strcmp(verb, "argv") == 0) {
			set_argv(argv, argc, *++word);
		} else if (strcmp(verb, "state") == 0 && word[2]) {
			make_state(word[1], word[2]);
			word += 2;
		} else if (strcmp(verb, "raw") == 0 && word[2]) {
			tell(verb, bound(word[1], SOCK_RAW, atoi(word[2])));
			word += 2;
		} else if (strcmp(verb, "udp-pair") == 0 && word[2]) {
			make_udp_pair(word[1], word[2]);
			word += 2;
		} else if (do_one(verb, *++word) == 0) {
			die("%s: no such word", verb);
		}
	}
	printf("ready %d\n", (int)getpid());
	fflush(stdout);
	hold();
	return 0;
}
