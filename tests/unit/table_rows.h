/* SPDX-License-Identifier: MIT */
/*
 * A row type with a column of every type, for the tests of core/table.
 */
#ifndef SOCKBOX_TESTS_TABLE_ROWS_H
#define SOCKBOX_TESTS_TABLE_ROWS_H

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/table/schema.h"

enum {
	NEED_MORE = 1,
	NEED_DEAR = 2,
};

struct more {
	uint64_t rtt; /* ns */
	struct str note;
	uint8_t mode;
	uint32_t beyond; /* behind the last column */
};

struct thing {
	uint8_t state, yes;
	uint16_t small;
	uint32_t pid;
	uint64_t big, flags, rx, rate, age, when;
	int8_t tiny;
	int32_t offset;
	int64_t wide;
	struct str comm, path;
	struct endpoint local;
	struct more *more;
};

#define THING_STATES     \
	"\1listen\0"     \
	"\2estab\0"      \
	"\3close-wait\0" \
	"\1listening\0"

/* clang-format off */
static const struct column thing_columns[] = {
	COL_ENUM(thing, state, 6, 0, THING_STATES, "state of the thing"),
	COL_BOOL(thing, yes, 3, 0, "is it"),
	COL_UINT(thing, small, -5, 0, "a small number"),
	COL_UINT(thing, pid, -7, NEED_DEAR, "process that owns it, which is a sentence that does not fit a page"),
	COL_UINT(thing, big, -5, 0, "a large number"),
	COL_HEX(thing, flags, 4, 0, "flags"),
	COL_BYTES(thing, rx, -7, NEED_MORE | NEED_DEAR, "bytes received"),
	COL_RATE(thing, rate, -7, 0, "bytes a second"),
	COL_DURATION(thing, age, -6, 0, "how old"),
	COL_TIME(thing, when, 24, 0, "when"),
	COL_INT(thing, tiny, -4, 0, "a small signed number"),
	COL_INT(thing, offset, -6, 0, "a signed number"),
	COL_INT(thing, wide, -6, 0, "a large signed number"),
	COL_TEXT(thing, comm, 8, NEED_DEAR, "name \"quoted\""),
	COL_PATH(thing, path, 8, 0, "path"),
	COL_ENDPOINT(thing, local, 20, 0, "address and port"),
	COL_ADDR(thing, local, "laddr", 15, 0, "address"),
	COL_PORT(thing, local, "lport", -5, 0, "port"),
	COL_DURATION_IN(thing, more, more, rtt, -6, NEED_MORE, "round trip"),
	COL_TEXT_IN(thing, more, more, note, 6, NEED_MORE, "note"),
	COL_ENUM_IN(thing, more, more, mode, 6, NEED_MORE, THING_STATES, "mode"),
};
/* clang-format on */

static const char thing_aliases[] = "process\0comm\0numbers\0small,big\0";
static const char thing_costs[] = "\1asks for more\0\2reads /proc/PID/fd of every process\0";

static const struct schema thing_schema = {
	.name = "thing",
	.version = 3,
	.columns = thing_columns,
	.count = ARRAY_COUNT(thing_columns),
	.row_size = sizeof(struct thing),
	.defaults = "state,comm,local,pid",
	.bare = "comm",
	.ends = "local",
	.number = "lport",
	.aliases = thing_aliases,
	.costs = thing_costs,
};

#define ALL_COLUMNS \
	"state,yes,small,pid,big,flags,rx,rate,age,when,tiny,offset,wide,comm,path,local,laddr,lport,rtt,note,mode"

/* Every member unknown. */
static inline struct thing thing_unknown(void)
{
	struct thing thing;

	memset(&thing, 0xff, sizeof(thing));
	thing.state = 0;
	thing.tiny = INT8_MIN;
	thing.offset = INT32_MIN;
	thing.wide = INT64_MIN;
	thing.comm = thing.path = STR_NONE;
	thing.local = (struct endpoint){ .kind = ADDR_NONE };
	thing.more = NULL;
	return thing;
}

/* Every member known, with values that a careless reader would get wrong. */
static inline struct thing thing_known(struct more *more)
{
	struct thing thing = {
		.state = 2,
		.yes = 1,
		.small = 65534,
		.pid = 4242,
		.big = UINT64_MAX - 1,
		.flags = 0x2a,
		.rx = 1234567,
		.rate = 999,
		.age = 1500000000,
		.when = UINT64_C(1763746455) * NS_PER_SEC + 120000000,
		.tiny = -127,
		.offset = -5,
		.wide = INT64_MAX,
		.comm = STR("nginx"),
		.path = STR("/usr/sbin/nginx"),
		.local = { .kind = ADDR_IPV4, .port = 443, .ip = { 192, 0, 2, 1 } },
		.more = more,
	};

	*more = (struct more){ .rtt = 850000, .note = STR("fine"), .mode = 1, .beyond = 77 };
	return thing;
}

static inline const struct column *thing_column(const char *name)
{
	return &thing_columns[schema_find(&thing_schema, str_from(name))];
}

#endif
