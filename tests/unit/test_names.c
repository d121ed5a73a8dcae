/* SPDX-License-Identifier: MIT */
/* core/sys/names: users, services and interfaces of a recorded world, and of this machine. */

#include "core/sys/names.h"

#include <fcntl.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct tree {
	char path[64];
	struct world world;
	struct names *names;
};

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->path, "/tmp/test_names.XXXXXX");
	if (!mkdtemp(tree->path))
		return -1;
	tree->world = (struct world){ .proc = -1, .replay = true };
	tree->world.root = open(tree->path, O_RDONLY | O_DIRECTORY);
	mkdirat(tree->world.root, "etc", 0755);
	tree->names = names_new(&tree->world);
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	names_free(tree->names);
	snprintf(command, sizeof(command), "rm -rf '%s'", tree->path);
	close(tree->world.root);
	free(tree);
	return system(command);
}

static void put(const struct tree *tree, const char *path, const char *text, size_t len)
{
	int fd = openat(tree->world.root, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

#define PUT(tree, path, text) put(tree, path, text, sizeof(text) - 1)

static void same(struct str text, const char *expected)
{
	if (!expected) {
		assert_null(text.ptr);
		return;
	}
	assert_non_null(text.ptr);
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static void test_users(void **state)
{
	struct tree *tree = *state;

	PUT(tree, "etc/passwd",
	        "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\n\nbad\n:x:5:5::/:\nneg:x:-1:1::/:\n"
	        "big:x:4294967296:1::/:\nw w:x:33:33::/:\nempty:x::1::/:\n#c:x:44:1::/:\nlast:x:1000:1");
	same(names_user(tree->names, 0), "root"); /* the first one */
	same(names_user(tree->names, 33), "w w");
	same(names_user(tree->names, 1000), "last");
	same(names_user(tree->names, 5), NULL);
	same(names_user(tree->names, 1), NULL);
	same(names_user(tree->names, UINT32_MAX), NULL);
	same(names_user(tree->names, 44), "#c");
	/* The file was read once. */
	PUT(tree, "etc/passwd", "new:x:0:0::/:\n");
	same(names_user(tree->names, 0), "root");
}

static void test_no_users(void **state)
{
	struct tree *tree = *state;

	same(names_user(tree->names, 0), NULL);
	same(names_user(tree->names, 65534), NULL);
}

/* A file of 17 MB is cut; its last line may hold half a number, so it does not count. */
static void test_long_file(void **state)
{
	struct tree *tree = *state;
	size_t len = (size_t)17 << 20;
	char *text = malloc(len);

	memset(text, '\n', len);
	memcpy(text, "root:x:0:", 9);
	memcpy(text + ((size_t)16 << 20) - 9, "half:x:1000:", 12);
	put(tree, "etc/passwd", text, len);
	free(text);
	same(names_user(tree->names, 0), "root");
	same(names_user(tree->names, 10), NULL);
	same(names_user(tree->names, 1000), NULL);
}

static void test_services(void **state)
{
	struct tree *tree = *state;

	PUT(tree, "etc/services",
	        "# comment\n#x 1/tcp\nssh-of-mine\t22/tcp\t\talias # Secure\nsecond 22/tcp\n"
	        "  indented 23/tcp\nonlyudp 1000/udp\nboth 1001/tcp\nboth 1001/udp\nbad 70000/tcp\nbad 1002\nbad\nbad x/tcp\n"
	        "sctp 1003/sctp\nbad /tcp\nlast 1004/tcp");
	same(names_service(tree->names, false, 22), "ssh-of-mine");
	same(names_service(tree->names, false, 23), "indented");
	same(names_service(tree->names, true, 1000), "onlyudp");
	same(names_service(tree->names, false, 1000), NULL);
	same(names_service(tree->names, false, 1001), "both");
	same(names_service(tree->names, true, 1001), "both");
	same(names_service(tree->names, false, 1002), NULL);
	same(names_service(tree->names, false, 1003), NULL);
	same(names_service(tree->names, false, 1004), "last");
	same(names_service(tree->names, false, 1), NULL);
	same(names_service(tree->names, false, 4464), NULL); /* 70000 - 65536 */
	same(names_service(tree->names, true, 4464), NULL);
	same(names_service(tree->names, false, 0), NULL);
	/* Not in the file, but built in. */
	same(names_service(tree->names, false, 443), "https");
}

static void test_builtin(void **state)
{
	struct tree *tree = *state;

	same(names_service(tree->names, false, 20), "ftp-data");
	same(names_service(tree->names, false, 22), "ssh");
	same(names_service(tree->names, true, 22), NULL);
	same(names_service(tree->names, false, 53), "domain");
	same(names_service(tree->names, true, 53), "domain");
	same(names_service(tree->names, true, 443), "https");
	same(names_service(tree->names, false, 514), "shell");
	same(names_service(tree->names, true, 514), "syslog");
	same(names_service(tree->names, true, 51820), "wireguard");
	same(names_service(tree->names, false, 51820), NULL);
	same(names_service(tree->names, false, 65535), NULL);
}

static void put_interface(const struct tree *tree, const char *name, const char *index)
{
	char path[64];

	mkdirat(tree->world.root, "sys", 0755);
	mkdirat(tree->world.root, "sys/class", 0755);
	mkdirat(tree->world.root, "sys/class/net", 0755);
	snprintf(path, sizeof(path), "sys/class/net/%s", name);
	mkdirat(tree->world.root, path, 0755);
	strcat(path, "/ifindex");
	put(tree, path, index, strlen(index));
}

static void test_interfaces(void **state)
{
	struct tree *tree = *state;

	put_interface(tree, "lo", "1\n");
	put_interface(tree, "eth0", "2\n");
	put_interface(tree, "odd", "x\n");
	put_interface(tree, "none", "");
	same(names_interface(tree->names, 1), "lo");
	same(names_interface(tree->names, 2), "eth0");
	same(names_interface(tree->names, 3), NULL);
	same(names_interface(tree->names, 0), NULL);
}

static void test_no_interfaces(void **state)
{
	struct tree *tree = *state;

	same(names_interface(tree->names, 1), NULL);
}

/* What an earlier row points to stays as it is when an index is asked for again. */
static void test_refresh(void **state)
{
	struct tree *tree = *state;
	struct str before;

	put_interface(tree, "old", "2\n");
	before = names_interface(tree->names, 2);
	same(before, "old");
	put_interface(tree, "old", "3\n");
	put_interface(tree, "new", "2\n");
	same(names_interface(tree->names, 2), "old");
	names_refresh(tree->names);
	same(names_interface(tree->names, 2), "new");
	same(before, "old");
	assert_true(names_interface(tree->names, 3).ptr == before.ptr);
}

static void test_live(void **state)
{
	struct world world = { .root = open("/", O_PATH | O_DIRECTORY), .proc = -1 };
	struct names *names = names_new(&world);

	(void)state;
	same(names_interface(names, if_nametoindex("lo")), if_nametoindex("lo") ? "lo" : NULL);
	same(names_interface(names, 1u << 30), NULL);
	same(names_interface(names, UINT32_MAX), NULL);
	names_refresh(names);
	same(names_interface(names, if_nametoindex("lo")), if_nametoindex("lo") ? "lo" : NULL);
	same(names_user(names, 0), "root");
	names_free(names);
	names_free(NULL);
	close(world.root);
}

#define IN_TREE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_users),
		IN_TREE(test_no_users),
		IN_TREE(test_long_file),
		IN_TREE(test_services),
		IN_TREE(test_builtin),
		IN_TREE(test_interfaces),
		IN_TREE(test_no_interfaces),
		IN_TREE(test_refresh),
		cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
