/* SPDX-License-Identifier: MIT */
/*
 * Any text as a filter, over rows made of the bytes behind its first newline.
 *
 * A text that begins with '|' is words with '|' between them, else it is an expression. What must
 * hold: a refusal says why, where, and leaves nothing; the same text gives the same answers; less
 * knowledge never gives another answer than the whole, only none; what a filter says that it needs
 * suffices; "not (x)" is the opposite of x; a row that passes is inside the bounds.
 */
#include <assert.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "tests/unit/filter_rows.h"

#define ROWS 6

static uint64_t seed;

static uint64_t draw(void)
{
	seed += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = seed;
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

#define PICK(array) ((array)[draw() % ARRAY_COUNT(array)])

static struct endpoint draw_end(void)
{
	static const char *const addresses[] = { "10.0.0.1", "192.0.2.1", "::1", "fe80::1",
		"::ffff:10.0.0.1", "::" };
	static const char *const texts[] = { "/run/a.sock", "", "eth0" };
	static const uint16_t ports[] = { 0, 22, 80, 443, 65535 };
	struct endpoint end = { .kind = ADDR_NONE };

	switch (draw() % 8) {
	case 0:
		return end;
	case 1:
		return text_end(PICK(texts));
	default:
		end = ip_end(PICK(addresses), PICK(ports));
		end.no_port = draw() % 8 == 0;
		end.zone = end.kind == ADDR_IPV6 ? draw() % 3 : 0;
		return end;
	}
}

static struct str draw_text(void)
{
	static const struct str texts[] = { { NULL, 0 }, { "", 0 }, { "nginx", 5 }, { "SSHd", 4 },
		{ "a\0b\xff", 4 }, { "/usr/bin/x", 10 }, { "none", 4 }, { "a,b\\c", 5 } };

	return PICK(texts);
}

static uint64_t draw_number(uint64_t unknown)
{
	static const uint64_t numbers[] = { 0, 1, 5, 80, 1000, 4242, 65535, 1000000, 50000000 };

	return draw() % 8 ? PICK(numbers) : unknown;
}

static struct sock draw_row(struct tcpish *tcp)
{
	struct sock row = {
		.proto = draw() % 5,
		.state = draw() % 6,
		.v6only = draw() % 3,
		.offset = draw() % 8 ? (int32_t)(draw() % 20) - 10 : INT32_MIN,
		.pid = (uint32_t)draw_number(UINT32_MAX),
		.mark = (uint32_t)draw_number(UINT32_MAX),
		.inode = draw_number(UINT64_MAX),
		.rx = draw_number(UINT64_MAX),
		.txrate = draw_number(UINT64_MAX),
		.started = draw() % 3 ? draw() % 3 * UINT64_C(800000000) * NS_PER_SEC : UINT64_MAX,
		.comm = draw_text(),
		.exe = draw_text(),
		.cc = draw_text(),
		.local = draw_end(),
		.remote = draw_end(),
		.tcp = draw() % 3 ? tcp : NULL,
	};

	*tcp = (struct tcpish){ draw_number(UINT64_MAX), (uint32_t)draw_number(UINT32_MAX) };
	return row;
}

/* The filter that @text makes, or NULL. */
static struct filter *parse(const char *text)
{
	struct filter *filter = filter_new(&sock_schema);
	int result;

	if (text[0] == '|') {
		char *copy = strdup(text + 1), *rest = copy;
		char **words = mem_alloc(array_size(strlen(text) + 1, sizeof(*words)));
		size_t count = 0;

		while (rest)
			words[count++] = strsep(&rest, "|");
		result = filter_words(filter, count, words);
		free(words);
		free(copy);
	} else {
		result = filter_text(filter, text);
	}
	if (result == 0)
		return filter;
	assert(result == DIAG_USAGE && filter_empty(filter) && filter_needs(filter) == 0);
	assert(diag_text()[0] && strchr(diag_caret(), '^'));
	filter_free(filter);
	return NULL;
}

static bool inside(const struct filter_bound *bound, const struct value *value)
{
	if (value->kind == VALUE_UINT)
		return value->u >= bound->low && value->u <= bound->high;
	if (value->kind != VALUE_END)
		return false;
	if (bound->has_prefix && !prefix_holds(&bound->prefix, value->end->kind, value->end->ip))
		return false;
	return (bound->low == 0 && bound->high == UINT64_MAX) ||
	        (!value->end->no_port && value->end->port >= bound->low &&
	                value->end->port <= bound->high);
}

static void check_bounds(const struct filter *filter, const struct sock *row)
{
	static const char *const sets[] = { "lport", "rport", "lport,rport", "laddr", "raddr",
		"laddr,raddr", "local", "remote", "local,remote", "pid", "rx" };

	for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
		struct filter_bound bounds[8];
		struct column_set set = sock_set(sets[i]);
		size_t count = filter_bounds(filter, &set, bounds, ARRAY_COUNT(bounds));
		bool fits = count == 0;

		assert(count <= ARRAY_COUNT(bounds));
		for (size_t c = 0; c < sock_schema.count; c++) {
			struct value value = column_value(&sock_columns[c], row);

			for (size_t n = 0; n < count && column_set_has(&set, c); n++)
				fits |= inside(&bounds[n], &value);
		}
		assert(fits);
	}
}

static void check_row(const struct filter *filter, const struct filter *twin,
        const struct filter *opposite, const struct sock *row)
{
	struct column_set all = schema_known(&sock_schema, ~0u);
	struct column_set needed = schema_known(&sock_schema, filter_needs(filter));
	struct column_set used = filter_columns(filter, false);
	enum truth truth = filter_test(filter, row, &all);

	assert(filter_test(twin, row, &all) == truth);
	assert(filter_test(filter, row, &needed) == truth);
	assert(filter_test(filter, row, &used) == truth);
	if (opposite)
		assert(filter_test(opposite, row, &all) == TRUTH_TRUE - truth);
	for (unsigned i = 0; i < 4; i++) {
		struct column_set some = { { draw() & draw(), 0 } };
		enum truth part = filter_test(filter, row, &some);

		assert(part == TRUTH_UNKNOWN || part == truth);
	}
	if (truth == TRUTH_TRUE)
		check_bounds(filter, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	size_t len = newline ? (size_t)(newline - data) : size;
	char *text = mem_alloc(len + 1);
	struct buf negated = { 0 };
	struct filter *filter, *twin, *opposite = NULL;

	if (len)
		memcpy(text, data, len);
	seed = 0;
	for (size_t i = len; i < size; i++)
		seed = seed * 257 + data[i];
	filter = parse(text);
	twin = parse(text);
	assert(!filter == !twin);
	if (filter) {
		buf_format(&negated, "not (%s)", text);
		if (text[0] != '|' && !filter_empty(filter) && text[strlen(text) - 1] != '\\' &&
		        len + 6 <= 65536) {
			/* One more bracket may be one too many. */
			opposite = parse(negated.ptr);
			assert(opposite || strstr(diag_text(), "64"));
		}
		for (unsigned i = 0; i < ROWS; i++) {
			struct tcpish tcp;
			struct sock row = draw_row(&tcp);

			check_row(filter, twin, opposite, &row);
		}
	}
	filter_free(filter);
	filter_free(twin);
	filter_free(opposite);
	buf_release(&negated);
	free(text);
	return 0;
}
