/* SPDX-License-Identifier: MIT */
/*
 * churn SECONDS RATE: RATE times a second a process that lives for some milliseconds and holds a UDP
 * socket meanwhile.
 *
 * Everything about such a process says its number: comm is "cPID", the one argument too, and the
 * socket is bound to port 10000 + PID % 50000. So a reader that mixes two processes which had the same
 * number one after the other, or a socket with another one's name, shows a row that contradicts
 * itself. Name and argument are set before the socket is made. Run it in a PID namespace with a small
 * kernel.pid_max: numbers come back soon then.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void rest(long us)
{
	nanosleep(&(struct timespec){ us / 1000000, us % 1000000 * 1000 }, NULL);
}

static void child(char **argv, size_t room)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "c%d", (int)getpid());
	prctl(PR_SET_NAME, name);
	memset(argv[0], 0, room);
	strcpy(argv[0], name);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	in.sin_port = htons((unsigned short)(10000 + getpid() % 50000));
	/* The port may still be the one's before us, whose socket is not quite gone. */
	if (fd < 0 || bind(fd, (void *)&in, sizeof(in)) != 0)
		_exit(0);
	rest(2000 + getpid() % 7 * 1000);
	_exit(0);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 1;
	long rate = argc > 2 ? atol(argv[2]) : 1000;
	size_t room = (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) - argv[0]);
	struct timespec begin, now;
	long made = 0;

	if (room < 12)
		return 2;
	signal(SIGCHLD, SIG_IGN); /* no zombies */
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (;;) {
		double passed;

		clock_gettime(CLOCK_MONOTONIC, &now);
		passed = (double)(now.tv_sec - begin.tv_sec) +
		        (double)(now.tv_nsec - begin.tv_nsec) / 1e9;
		if (passed >= seconds)
			break;
		if ((double)made >= passed * (double)rate) {
			rest(200);
			continue;
		}
		made++;
		if (fork() == 0)
			child(argv, room);
	}
	printf("%ld\n", made);
	return 0;
}
