/* SPDX-License-Identifier: MIT */
/* core/sys/netlink: what is believed of a reply, and what not. */

#include "core/sys/netlink.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/diag.h"
#include "netlink_build.h"

struct seen {
	size_t count, stop_at;
	uint16_t types[8];
	size_t lens[8];
};

static bool take(void *context, uint16_t type, struct cursor body)
{
	struct seen *seen = context;

	assert_true(seen->count < 8);
	seen->types[seen->count] = type;
	seen->lens[seen->count++] = cursor_left(&body);
	return seen->count != seen->stop_at;
}

static struct netlink nl;

static void message(uint16_t type, uint16_t flags, uint32_t seq, size_t len)
{
	wire_begin(type, flags, seq);
	buf_fill(&wire, 'x', len);
	wire_end();
}

static void test_messages(void **state)
{
	struct seen seen = { 0 };

	message(20, 0, 7, 0);
	message(21, 0, 7, 5);
	message(NLMSG_NOOP, 0, 7, 4);
	message(18, 0, 7, 8);
	assert_int_equal(wire_parse(&nl, take, &seen), 0);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.types[2], 18);
	assert_int_equal(seen.lens[0], 0);
	assert_int_equal(seen.lens[1], 5);
	assert_int_equal(wire_parse(&nl, take, &seen), 0); /* nothing at all */
}

static void test_ends(void **state)
{
	struct seen seen = { 0 };

	message(20, 0, 7, 4);
	wire_close(NLMSG_DONE, 7, 0);
	message(20, 0, 7, 4);
	assert_int_equal(wire_parse(&nl, take, &seen), 1);
	assert_int_equal(seen.count, 1);
	wire_close(NLMSG_DONE, 7, -EAGAIN);
	assert_int_equal(wire_parse(&nl, take, &seen), -EAGAIN);
	wire_close(NLMSG_ERROR, 7, -ENOENT);
	assert_int_equal(wire_parse(&nl, take, &seen), -ENOENT);
	wire_close(NLMSG_ERROR, 7, 0);
	assert_int_equal(wire_parse(&nl, take, &seen), 1);
	wire_close(NLMSG_ERROR, 7, INT32_MIN); /* no errno */
	assert_int_equal(wire_parse(&nl, take, &seen), -EBADMSG);
	message(NLMSG_DONE, 0, 7, 2); /* without its number */
	assert_int_equal(wire_parse(&nl, take, &seen), 1);
	message(NLMSG_OVERRUN, 0, 7, 0);
	assert_int_equal(wire_parse(&nl, take, &seen), -ENOBUFS);
	assert_int_equal(seen.count, 1);
}

static void test_stop(void **state)
{
	struct seen seen = { .stop_at = 2 };

	for (int i = 0; i < 4; i++)
		message(20, 0, 7, 4);
	assert_int_equal(wire_parse(&nl, take, &seen), 2);
	assert_int_equal(seen.count, 2);
}

static void test_foreign(void **state)
{
	struct seen seen = { 0 };

	nl.seq = 7;
	message(20, 0, 6, 4);
	wire_close(NLMSG_DONE, 6, 0);
	message(20, 0, 7, 4);
	assert_int_equal(wire_parse(&nl, take, &seen), 0);
	assert_int_equal(seen.count, 1);
	nl.seq = 0;
}

static void test_interrupted(void **state)
{
	struct seen seen = { 0 };

	message(20, NLM_F_MULTI, 7, 4);
	assert_int_equal(wire_parse(&nl, take, &seen), 0);
	assert_false(nl.interrupted);
	message(20, NLM_F_MULTI | NLM_F_DUMP_INTR, 7, 4);
	assert_int_equal(wire_parse(&nl, take, &seen), 0);
	assert_true(nl.interrupted);
}

static void set_length(uint32_t len)
{
	memcpy(wire.ptr + wire_message, &len, sizeof(len));
}

static void test_malformed(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 15, 21, 0x7fffffff, 0xffffffff };
	struct seen seen = { 0 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		message(20, 0, 7, 4);
		set_length(lengths[i]);
		assert_int_equal(wire_parse(&nl, take, &seen), -EBADMSG);
	}
	assert_int_equal(seen.count, 0);
	for (size_t len = 1; len < 20; len++) { /* cut short */
		message(20, 0, 7, 4);
		wire.len = len;
		assert_int_equal(wire_parse(&nl, take, &seen), -EBADMSG);
	}
	assert_int_equal(seen.count, 0);
}

static struct cursor wire_cursor(void)
{
	return cursor_on(wire.ptr, wire.len);
}

static void test_attributes(void **state)
{
	struct netlink_attr attr;
	struct cursor c;

	buf_clear(&wire);
	wire_attr(3, "abcde", 5);
	wire_attr(NLA_F_NESTED | 4, "", 0);
	wire_attr(NLA_F_NET_BYTEORDER | 5, "xy", 2);
	wire.len -= 2; /* the last one need not be aligned */
	c = wire_cursor();
	assert_true(netlink_attr_next(&c, &attr));
	assert_int_equal(attr.type, 3);
	assert_int_equal(cursor_left(&attr.body), 5);
	assert_true(netlink_attr_next(&c, &attr));
	assert_int_equal(attr.type, 4);
	assert_int_equal(cursor_left(&attr.body), 0);
	assert_true(netlink_attr_next(&c, &attr));
	assert_int_equal(attr.type, 5);
	assert_memory_equal(attr.body.at, "xy", 2);
	assert_false(netlink_attr_next(&c, &attr));
	assert_false(c.failed);
	assert_int_equal(cursor_left(&c), 0);
	buf_clear(&wire);
}

static void test_bad_attributes(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 9, 0xffff };
	struct netlink_attr attr;
	struct cursor c;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		buf_clear(&wire);
		wire_attr(3, "abcd", 4);
		memcpy(wire.ptr, &lengths[i], sizeof(lengths[i]));
		c = wire_cursor();
		assert_false(netlink_attr_next(&c, &attr));
		assert_true(c.failed);
		assert_false(netlink_attr_next(&c, &attr)); /* and it stays at the end */
	}
	wire.len = 3;
	c = wire_cursor();
	assert_false(netlink_attr_next(&c, &attr));
	buf_clear(&wire);
}

static char dir[] = "/tmp/test_netlink.XXXXXX";

static void put_file(int dirfd, const char *path, const void *bytes, size_t len)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void test_replay(void **state)
{
	static const char times[] =
	        "wall_ns 1500000000000000000\nboot_ns 77\nfuture words\nhz 250\n";
	struct seen seen = { 0 };
	struct netlink recorded;
	struct world world;
	int fd;

	assert_non_null(mkdtemp(dir));
	assert_int_equal(world_open(&world, dir), -ENOENT); /* no file "world" */
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	put_file(fd, "world", times, sizeof(times) - 1);
	assert_int_equal(mkdirat(fd, "netlink", 0755), 0);
	message(20, 0, 99, 4);
	wire_close(NLMSG_DONE, 99, 0);
	put_file(fd, "netlink/some", wire.ptr, wire.len);
	buf_clear(&wire);

	assert_int_equal(world_open(&world, dir), 0);
	assert_true(world.wall_ns == UINT64_C(1500000000000000000));
	assert_int_equal(world.boot_ns, 77);
	assert_int_equal(world.hz, 250);
	assert_int_equal(world.proc, -1);
	assert_int_equal(world.proc_error, -ENOENT);
	world_tick(&world);
	assert_int_equal(world.boot_ns, 77);

	assert_int_equal(netlink_open(&recorded, &world, 4), 0);
	recorded.message = take;
	recorded.context = &seen;
	assert_int_equal(netlink_dump(&recorded, "netlink/some", 20, &wire), 0);
	assert_int_equal(seen.count, 1);
	assert_int_equal(netlink_dump(&recorded, "netlink/none", 20, &wire), -ENOENT);
	netlink_close(&recorded);
	world_close(&world);
	unlinkat(fd, "netlink/some", 0);
	unlinkat(fd, "netlink", AT_REMOVEDIR);
	unlinkat(fd, "world", 0);
	close(fd);
	rmdir(dir);
}

static void test_world_here(void **state)
{
	struct world world;
	uint64_t before;

	assert_int_equal(world_open(&world, NULL), 0);
	assert_true(world.root >= 0);
	assert_true(world.hz > 0);
	before = world.boot_ns;
	world_tick(&world);
	assert_true(world.boot_ns > before);
	world_close(&world);
	assert_int_equal(world_open(&world, "/nonexistent/tree"), -ENOENT);
	assert_string_equal(diag_text(), "open /nonexistent/tree: No such file or directory");
}

static int teardown(void **state)
{
	wire_release();
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_bad_attributes),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_world_here),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
