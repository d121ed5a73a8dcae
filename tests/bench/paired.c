/* SPDX-License-Identifier: MIT */
/*
 * paired ROUNDS <COMMANDS: runs commands one after the other, again and again, so that whatever else
 * the machine does meets all of them alike; then prints a line for each:
 *
 *	LABEL rows cpu_us cpu_min_us wall_us rss_kb
 *
 * A line of stdin is a command: its label, a tab, and words without any quoting (no shell is started,
 * which would cost more than what is measured). Medians; CPU is user and system of the command and what
 * it waited for. Output goes to /dev/null, but for one run before the first round, in which lines
 * that speak of TCP or UDP are counted.
 *
 * It is small, static and uses vfork, because the kernel counts as a command's memory also what its
 * parent had before the exec.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define WORDS_MAX    64
#define ROUNDS_MAX   1001

static struct command {
	char text[1024];
	char *label, *words[WORDS_MAX];
	long rows, rss;
	long cpu[ROUNDS_MAX], wall[ROUNDS_MAX];
} commands[COMMANDS_MAX];

static int compare(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long us(struct timeval time)
{
	return time.tv_sec * 1000000 + time.tv_usec;
}

static int null;

static pid_t start(struct command *command, int out)
{
	pid_t pid = vfork();

	if (pid == 0) {
		dup2(null, 0);
		dup2(out, 1);
		dup2(null, 2);
		execv(command->words[0], command->words);
		_exit(127);
	}
	if (pid < 0) {
		perror("paired: vfork");
		exit(2);
	}
	return pid;
}

static void check(const struct command *command, int status)
{
	/* 5: rows without all owners, 1: lsof always says so when it lacks something */
	if (WIFEXITED(status) && WEXITSTATUS(status) != 127)
		return;
	fprintf(stderr, "paired: %s: status %d\n", command->words[0], status);
	exit(2);
}

static void count_rows(struct command *command)
{
	char line[4096];
	int pipes[2], status;
	pid_t pid;
	FILE *in;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		exit(2);
	pid = start(command, pipes[1]);
	close(pipes[1]);
	in = fdopen(pipes[0], "r");
	while (in && fgets(line, sizeof(line), in))
		command->rows += strcasestr(line, "tcp") != NULL || strcasestr(line, "udp") != NULL;
	if (in)
		fclose(in);
	waitpid(pid, &status, 0);
	check(command, status);
}

static void measure(struct command *command, int round)
{
	struct rusage used;
	long began = now_us();
	int status;
	pid_t pid = start(command, null);

	while (wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
		continue;
	command->wall[round] = now_us() - began;
	command->cpu[round] = us(used.ru_utime) + us(used.ru_stime);
	if (used.ru_maxrss > command->rss)
		command->rss = used.ru_maxrss;
	check(command, status);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1, count = 0;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (count < COMMANDS_MAX &&
	        fgets(commands[count].text, sizeof(commands[count].text), stdin)) {
		struct command *command = &commands[count];
		char *rest = command->text;
		int words = 0;

		command->label = strsep(&rest, "\t");
		for (char *word = strtok(rest, " \n"); word && words < WORDS_MAX - 1;
		        word = strtok(NULL, " \n"))
			command->words[words++] = word;
		count += words > 0;
	}
	for (int i = 0; i < count; i++)
		count_rows(&commands[i]);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++)
			measure(&commands[i], round);
	}
	for (int i = 0; i < count; i++) {
		struct command *command = &commands[i];

		qsort(command->cpu, (size_t)rounds, sizeof(long), compare);
		qsort(command->wall, (size_t)rounds, sizeof(long), compare);
		printf("%s\t%ld\t%ld\t%ld\t%ld\t%ld\n", command->label, command->rows,
		        command->cpu[rounds / 2], command->cpu[0], command->wall[rounds / 2],
		        command->rss);
	}
	return 0;
}
