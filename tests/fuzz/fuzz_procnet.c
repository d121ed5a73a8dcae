/* SPDX-License-Identifier: MIT */
/*
 * Lines of /proc/net. The first byte chooses the file, the second the states; the rest is its text.
 * Properties: a row that is taken holds what its line says, which is shown by writing it out again
 * in the kernel's form; a refused line fills nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sys/conn.h"
#include "core/sys/sock_procfs_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ALL       UINT32_MAX
#define LINES_MAX 6

static char *hex_address(char *to, const uint8_t *ip, unsigned words, unsigned port)
{
	for (unsigned i = 0; i < words; i++) {
		uint32_t word;

		memcpy(&word, ip + 4 * i, 4);
		to += sprintf(to, "%08X", word);
	}
	return to + sprintf(to, ":%04X", port);
}

static void upper(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = (char)(text[i] >= 'a' && text[i] <= 'f' ? text[i] - 32 : text[i]);
}

/* From the colon to the state nothing is left out, but for the number of blanks. */
static void check_inet(struct str line, const struct procnet_inet *row, bool ipv6)
{
	char expected[128], copy[128];
	const char *colon = memchr(line.ptr, ':', line.len);
	char *end;

	end = hex_address(expected, row->local, ipv6 ? 4 : 1, row->lport);
	*end++ = ' ';
	end = hex_address(end, row->remote, ipv6 ? 4 : 1, row->rport);
	end += sprintf(end, " %02X %08X:%08X %02X:", row->state, row->txq, row->rxq, row->timer);
	assert(colon && (size_t)(line.ptr + line.len - colon) > (size_t)(end - expected));
	if (colon[1] != ' ' ||
	        memmem(colon, (size_t)(line.ptr + line.len - colon), "  ", 2) <
	                (const void *)(colon + (end - expected) + 2))
		return;
	memcpy(copy, colon + 2, (size_t)(end - expected));
	upper(copy, (size_t)(end - expected));
	assert(memcmp(copy, expected, (size_t)(end - expected)) == 0);
}

static void try_inet(struct str line, bool ipv6, uint32_t states)
{
	struct procnet_inet row, before;
	enum procnet what, narrow;

	memset(&row, 0xa5, sizeof(row));
	before = row;
	what = procnet_inet(line, ipv6, ALL, &row);
	if (what != PROCNET_ROW) {
		assert(memcmp(&row, &before, sizeof(row)) == 0);
		return;
	}
	assert(row.state > 0 && row.state < 32);
	check_inet(line, &row, ipv6);
	narrow = procnet_inet(line, ipv6, states, &row);
	assert(narrow == (states >> row.state & 1 ? PROCNET_ROW : PROCNET_SKIP));
}

static void try_unix(struct str line, uint32_t states)
{
	struct procnet_unix row, before;
	enum procnet what;

	memset(&row, 0xa5, sizeof(row));
	before = row;
	what = procnet_unix(line, states, &row);
	if (what != PROCNET_ROW) {
		assert(memcmp(&row, &before, sizeof(row)) == 0);
		return;
	}
	assert(row.inode && states >> row.state & 1);
	assert(row.state == STATE_LISTEN || row.state == STATE_ESTABLISHED ||
	        row.state == STATE_UNCONN);
	if (row.path.ptr)
		assert(row.path.ptr >= line.ptr + 42 &&
		        row.path.ptr + row.path.len == line.ptr + line.len &&
		        row.path.ptr[-1] == ' ');
}

static void try_other(struct str line, bool packet)
{
	struct procnet_other row, before;
	char decimal[24];

	memset(&row, 0xa5, sizeof(row));
	before = row;
	if ((packet ? procnet_packet(line, &row) : procnet_netlink(line, &row)) != PROCNET_ROW) {
		assert(memcmp(&row, &before, sizeof(row)) == 0);
		return;
	}
	sprintf(decimal, "%llu", (unsigned long long)row.inode);
	line = str_trim(line);
	assert(str_ends(line, str_from(decimal)));
	assert(packet ? row.protocol <= 0xffff && row.txq == UINT32_MAX : row.uid == UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text, line;
	unsigned which;
	uint32_t states;

	if (size < 2)
		return 0;
	which = data[0] % 5;
	states = 1u << data[1] % 13;
	text = (struct str){ (const char *)data + 2, size - 2 };
	for (int i = 0; i < LINES_MAX && str_split(&text, '\n', &line); i++) {
		/* A copy of its own, so that a read of one byte too many is seen. */
		char *copy = malloc(line.len ? line.len : 1);

		memcpy(copy, line.ptr, line.len);
		line.ptr = copy;
		if (which < 2)
			try_inet(line, which, states);
		else if (which == 2)
			try_unix(line, data[1] & 1 ? ALL : states);
		else
			try_other(line, which == 3);
		free(copy);
	}
	return 0;
}
