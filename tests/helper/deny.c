/* SPDX-License-Identifier: MIT */
/*
 * Runs a command for which some system calls fail, as containers and old kernels make them.
 *
 *	deny socket/netlink:EAFNOSUPPORT,bpf:EPERM COMMAND...
 *
 * A rule is CALL[/FIRST-ARGUMENT]:ERROR; the argument a number, or for socket the name of a family;
 * CALL a name from the table or a number. It is a seccomp filter, so the command cannot take it off,
 * and what it starts has it too.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__arm__)
#define ARCH AUDIT_ARCH_ARM
#endif

struct word {
	const char *name;
	unsigned value;
};

static const struct word calls[] = {
	{ "socket", __NR_socket },
	{ "bind", __NR_bind },
	{ "sendto", __NR_sendto },
	{ "sendmsg", __NR_sendmsg },
	{ "recvmsg", __NR_recvmsg },
	{ "recvfrom", __NR_recvfrom },
	{ "setsockopt", __NR_setsockopt },
	{ "getsockopt", __NR_getsockopt },
	{ "openat", __NR_openat },
	{ "getdents64", __NR_getdents64 },
	{ "readlinkat", __NR_readlinkat },
	{ "read", __NR_read },
	{ "pread64", __NR_pread64 },
	{ "write", __NR_write },
	{ "writev", __NR_writev },
	{ "mmap", __NR_mmap },
	{ "mremap", __NR_mremap },
	{ "ioctl", __NR_ioctl },
	{ "prctl", __NR_prctl },
	{ "capget", __NR_capget },
	{ "capset", __NR_capset },
	{ "statx", __NR_statx },
	{ "getrandom", __NR_getrandom },
	{ "prlimit64", __NR_prlimit64 },
	{ "rt_sigaction", __NR_rt_sigaction },
	{ "clock_gettime", __NR_clock_gettime },
	{ "ppoll", __NR_ppoll },
	{ "signalfd4", __NR_signalfd4 },
	{ "timerfd_create", __NR_timerfd_create },
	{ "epoll_create1", __NR_epoll_create1 },
	{ "setns", __NR_setns },
	{ "ptrace", __NR_ptrace },
	{ "bpf", __NR_bpf },
	{ "perf_event_open", __NR_perf_event_open },
	{ "seccomp", __NR_seccomp },
#ifdef __NR_poll
	{ "poll", __NR_poll },
#endif
#ifdef __NR_readlink
	{ "readlink", __NR_readlink },
#endif
#ifdef __NR_open
	{ "open", __NR_open },
#endif
#ifdef __NR_openat2
	{ "openat2", __NR_openat2 },
#endif
#ifdef __NR_landlock_create_ruleset
	{ "landlock_create_ruleset", __NR_landlock_create_ruleset },
#endif
};

static const struct word families[] = {
	{ "unix", AF_UNIX },
	{ "inet", AF_INET },
	{ "inet6", AF_INET6 },
	{ "netlink", AF_NETLINK },
	{ "packet", AF_PACKET },
	{ "vsock", AF_VSOCK },
};

static const struct word errors[] = {
	{ "EPERM", EPERM },
	{ "EACCES", EACCES },
	{ "ENOSYS", ENOSYS },
	{ "EAFNOSUPPORT", EAFNOSUPPORT },
	{ "ENOMEM", ENOMEM },
	{ "ENOBUFS", ENOBUFS },
	{ "EMFILE", EMFILE },
	{ "EIO", EIO },
	{ "EOPNOTSUPP", EOPNOTSUPP },
	{ "ENOENT", ENOENT },
	{ "EINVAL", EINVAL },
	{ "EPROTONOSUPPORT", EPROTONOSUPPORT },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned look_up(const struct word *words, size_t count, const char *name)
{
	char *end;
	unsigned value = (unsigned)strtoul(name, &end, 0);

	if (*name && !*end)
		return value;
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return words[i].value;
	fprintf(stderr, "deny: what is %s?\n", name);
	exit(99);
}

static struct sock_filter code[512];
static unsigned short len;

static void add(struct sock_filter step)
{
	if (len == COUNT(code))
		exit(99);
	code[len++] = step;
}

static void load(size_t offset)
{
	add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void add_rule(char *rule)
{
	char *error = strchr(rule, ':'), *argument = strchr(rule, '/');
	const size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	if (!error)
		exit(99);
	*error++ = '\0';
	if (argument)
		*argument++ = '\0';
	load(offsetof(struct seccomp_data, nr));
	/* Where it is another call, over what follows: the argument's two steps and the return. */
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	        look_up(calls, COUNT(calls), rule), 0, argument ? 3 : 1));
	if (argument) {
		load(offsetof(struct seccomp_data, args[0]) + low);
		add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		        look_up(families, COUNT(families), argument), 0, 1));
	}
	add((struct sock_filter)BPF_STMT(
	        BPF_RET | BPF_K, SECCOMP_RET_ERRNO | look_up(errors, COUNT(errors), error)));
}

int main(int argc, char **argv)
{
	struct sock_fprog program;

	if (argc < 3) {
		fputs("deny: CALL[/ARGUMENT]:ERROR[,...] COMMAND...\n", stderr);
		return 99;
	}
#ifdef ARCH
	/* Numbers of another architecture would be other calls. */
	load(offsetof(struct seccomp_data, arch));
	add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0));
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
#endif
	for (char *rule = strtok(argv[1], ","); rule; rule = strtok(NULL, ","))
		add_rule(rule);
	add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	program = (struct sock_fprog){ len, code };
	if (geteuid() != 0)
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("deny");
		return 99;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
