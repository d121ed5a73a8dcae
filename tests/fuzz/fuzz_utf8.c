/* SPDX-License-Identifier: MIT */
/*
 * Decoding against a second implementation that follows the table of RFC 3629, section 4, row by row;
 * encoding what was decoded; and buf_safe(), whose output must be valid and harmless whatever comes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* One row: the ranges that each byte must be in; unused ones are 0. */
static const uint8_t syntax[][4][2] = {
	{ { 0x00, 0x7f } },
	{ { 0xc2, 0xdf }, { 0x80, 0xbf } },
	{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, { 0x80, 0xbf } },
	{ { 0xe1, 0xec }, { 0x80, 0xbf }, { 0x80, 0xbf } },
	{ { 0xed, 0xed }, { 0x80, 0x9f }, { 0x80, 0xbf } },
	{ { 0xee, 0xef }, { 0x80, 0xbf }, { 0x80, 0xbf } },
	{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } },
	{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } },
	{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, { 0x80, 0xbf }, { 0x80, 0xbf } },
};

static size_t row_matches(const uint8_t row[4][2], const uint8_t *data, size_t size)
{
	size_t len = 0;

	while (len < 4 && row[len][1]) {
		if (len == size || data[len] < row[len][0] || data[len] > row[len][1])
			return 0;
		len++;
	}
	return len;
}

static size_t slow_length(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < sizeof(syntax) / sizeof(syntax[0]); i++) {
		size_t len = row_matches(syntax[i], data, size);

		if (len)
			return len;
	}
	return 0;
}

static uint32_t slow_rune(const uint8_t *data, size_t len)
{
	switch (len) {
	case 1:
		return data[0];
	case 2:
		return (data[0] - 0xc0U) * 64 + (data[1] - 0x80U);
	case 3:
		return (data[0] - 0xe0U) * 4096 + (data[1] - 0x80U) * 64 + (data[2] - 0x80U);
	default:
		return (data[0] - 0xf0U) * 262144 + (data[1] - 0x80U) * 4096 +
		        (data[2] - 0x80U) * 64 + (data[3] - 0x80U);
	}
}

static size_t check_one(const uint8_t *data, size_t size)
{
	uint32_t rune = UINT32_MAX;
	size_t len = utf8_decode((const char *)data, size, &rune);
	char again[4];

	must(len == slow_length(data, size));
	if (!len)
		return 1;
	must(rune == slow_rune(data, len));
	must(utf8_encode(rune, again) == len && memcmp(again, data, len) == 0);
	must(utf8_width(rune) <= 2);
	return len;
}

static void check_safe(const uint8_t *data, size_t size)
{
	struct buf once = { 0 };
	struct buf twice = { 0 };
	uint32_t rune = 0;

	buf_safe(&once, (struct str){ (const char *)data, size });
	for (size_t at = 0, len; at < once.len; at += len) {
		len = utf8_decode(once.ptr + at, once.len - at, &rune);
		must(len && !utf8_unsafe(rune));
		must(rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0));
	}
	buf_safe(&twice, buf_view(&once));
	must(str_equal(buf_view(&once), buf_view(&twice)));
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;)
		at += check_one(data + at, size - at);
	check_safe(data, size);
	return 0;
}
