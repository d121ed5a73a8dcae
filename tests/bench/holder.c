/* SPDX-License-Identifier: MIT */
/*
 * holder PROCESSES PAIRS LISTENERS UDP: that many processes, each with so many TCP connections to
 * itself (both ends are sockets of the list), listeners and UDP sockets.
 *
 * Every process has an address of its own in 127.0.0.0/8, every fourth one uses ::1 and a port of
 * its own: so that ephemeral ports are never short, and hash tables see something like real life.
 * The limit of descriptors is never met, because it is spread over processes. Says "ready SOCKETS" and
 * holds all until the end of stdin.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct end {
	struct sockaddr_storage any;
	socklen_t len;
};

static void die(const char *what)
{
	fprintf(stderr, "holder: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static struct end end_of(int process, int port)
{
	struct end end = { 0 };

	if (process % 4 == 3) {
		struct sockaddr_in6 *in6 = (void *)&end.any;

		in6->sin6_family = AF_INET6;
		in6->sin6_addr = in6addr_loopback;
		in6->sin6_port = htons((unsigned short)(port ? port + process * 8 : 0));
		end.len = sizeof(*in6);
	} else {
		struct sockaddr_in *in = (void *)&end.any;

		in->sin_family = AF_INET;
		in->sin_addr.s_addr = htonl(0x7f000000u + 256u * (unsigned)(process / 200 + 1) +
		        (unsigned)(process % 200 + 1));
		in->sin_port = htons((unsigned short)port);
		end.len = sizeof(*in);
	}
	return end;
}

static int bound(const struct end *end, int type)
{
	int fd = socket(end->any.ss_family, type, 0);

	if (fd < 0)
		die("socket");
	if (bind(fd, (const void *)&end->any, end->len) != 0)
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 128) != 0)
		die("listen");
	return fd;
}

static void make_sockets(int process, int pairs, int listeners, int udp)
{
	struct end end = end_of(process, 7000);
	int listener = bound(&end, SOCK_STREAM);

	while (pairs-- > 0) {
		int fd = socket(end.any.ss_family, SOCK_STREAM, 0);

		if (fd < 0 || connect(fd, (void *)&end.any, end.len) != 0)
			die("connect");
		if (accept(listener, NULL, NULL) < 0)
			die("accept");
	}
	if (!listeners)
		close(listener);
	while (--listeners > 0) {
		end = end_of(process, 7000 + listeners);
		bound(&end, SOCK_STREAM);
	}
	while (udp-- > 0) {
		end = end_of(process, 0);
		bound(&end, SOCK_DGRAM);
	}
}

int main(int argc, char **argv)
{
	int number[4] = { 1, 1, 1, 0 };
	int done[2];
	char byte;

	for (int i = 0; i < 4 && i + 1 < argc; i++)
		number[i] = atoi(argv[i + 1]);
	if (pipe(done) != 0)
		die("pipe");
	for (int process = 0; process < number[0]; process++) {
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(done[0]);
			close(0);
			make_sockets(process, number[1], number[2], number[3]);
			if (write(done[1], "", 1) != 1)
				_exit(1);
			close(done[1]);
			for (;;)
				pause();
		default:
			break;
		}
	}
	close(done[1]);
	for (int process = 0; process < number[0]; process++) {
		if (read(done[0], &byte, 1) != 1)
			die("a process ended");
	}
	printf("ready %d\n", number[0] * (2 * number[1] + number[2] + number[3]));
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		continue;
	return 0;
}
