/* SPDX-License-Identifier: MIT */
/*
 * One function turns a value into words; people get other ones than machines in five types only.
 *
 * People's numbers hold two or three digits that count, and the unit: 1.2M, 12ms, 3m12s. They are cut,
 * not rounded: what has not lasted a second is not shown as one.
 * Machines get SI base units: bytes, seconds, and times with all the digits that they have.
 *
 * Most rows of a stream share their second, and turning one into a date is the dearest part of a
 * line (a peer asks the file system for the time zone each time), so its text is kept.
 */
#include "core/table/sink.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/table/escape.h"

#define DATE_LEN 19 /* "2026-11-21T17:34:15"; the zone follows */

static void put_size(struct buf *out, uint64_t number)
{
	const char *letter = "kMGTPE";
	uint64_t tenths = number / 100; /* of a thousand */

	if (number < 1000) {
		buf_u64(out, number);
		return;
	}
	for (; tenths >= 10000; tenths /= 1000)
		letter++;
	buf_u64(out, tenths / 10);
	if (tenths < 100) {
		buf_char(out, '.');
		buf_u64(out, tenths % 10);
	}
	buf_char(out, *letter);
}

/* Up to a minute: one unit. */
static void put_short(struct buf *out, uint64_t ns)
{
	static const char units[][3] = { "ns", "us", "ms", "s" };
	unsigned unit = 0;
	uint64_t one = 1;

	while (unit < 3 && (ns >= one * 1000 || !ns)) {
		one *= 1000;
		unit++;
	}
	buf_u64(out, ns / one);
	if (unit > 1 && ns && ns / one < 10) {
		buf_char(out, '.');
		buf_u64_pad(out, ns % one / (one / 100), 2);
	}
	buf_text(out, units[unit]);
}

static void put_duration(struct buf *out, uint64_t ns)
{
	static const struct {
		uint32_t seconds;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	uint64_t seconds = ns / NS_PER_SEC;

	for (unsigned i = 0; i + 1 < ARRAY_COUNT(units); i++) {
		if (seconds < units[i].seconds)
			continue;
		buf_u64(out, seconds / units[i].seconds);
		buf_char(out, units[i].letter);
		buf_u64_pad(out, seconds % units[i].seconds / units[i + 1].seconds, 2);
		buf_char(out, units[i + 1].letter);
		return;
	}
	put_short(out, ns);
}

static void put_date(struct buf *out, const struct sink *sink, uint64_t ns, bool plain)
{
	struct time_cache none = { 0 };
	struct time_cache *cache = sink->times ? sink->times : &none;
	uint64_t second = ns / NS_PER_SEC;
	uint64_t rest = ns % NS_PER_SEC;
	struct buf *text = &cache->text;

	if (!text->len || cache->second != second) {
		buf_clear(text);
		(CONFIG_LOCALTIME && sink->view->time == TIME_LOCAL ? clock_local : clock_rfc3339)(
		        text, second * NS_PER_SEC, 0);
		cache->second = second;
	}
	buf_add(out, text->ptr, DATE_LEN);
	if (plain) {
		buf_char(out, '.');
		buf_u64_pad(out, rest / NS_PER_MSEC, 3);
	} else {
		buf_fraction(out, rest);
	}
	buf_text(out, text->ptr + DATE_LEN);
	buf_release(&none.text);
}

static void put_time(struct buf *out, const struct sink *sink, uint64_t ns, bool plain)
{
	bool future = ns > sink->now;
	uint64_t distance = future ? ns - sink->now : sink->now - ns;

	if (sink->view->time == TIME_EPOCH) {
		buf_nano(out, ns);
	} else if (sink->view->time != TIME_RELATIVE) {
		put_date(out, sink, ns, plain);
	} else if (plain) {
		buf_text(out, future ? "in " : "");
		put_duration(out, distance);
		buf_text(out, future ? "" : " ago");
	} else {
		buf_text(out, future ? "-" : "");
		buf_nano(out, distance);
	}
}

/* The kernel lets an interface be called nearly anything: such a one is shown by its number, so that
 * no format needs to quote addresses. */
static const char *safe_zone(void *context, uint32_t zone)
{
	const struct sink *sink = *(const struct sink **)context;
	const char *name = sink->zone_name ? sink->zone_name(sink->zone_context, zone) : NULL;

	for (const char *at = name; at && *at; at++) {
		char lower = (char)(*at | 0x20);

		if (!(lower >= 'a' && lower <= 'z') && !(*at >= '0' && *at <= '9') && *at != '.' &&
		        *at != '_' && *at != '-')
			return NULL;
	}
	return name;
}

static void put_end(
        struct buf *out, const struct sink *sink, const struct endpoint *end, bool alone)
{
	struct endpoint shown = *end;

	shown.no_port |= alone;
	endpoint_format(out, &shown, safe_zone, &sink);
}

static void put_value(struct buf *out, const struct sink *sink, const struct column *column,
        const struct value *value, bool plain)
{
	static const char truths[][2][6] = { { "false", "true" }, { "no", "yes" } };
	const char *word;

	switch (column->type) {
	case COLUMN_HEX:
		buf_text(out, "0x");
		buf_hex(out, value->u, 1);
		return;
	case COLUMN_INT:
		buf_i64(out, value->i);
		return;
	case COLUMN_ENUM:
		word = enum_word(column_words(column), value->u);
		if (word) {
			buf_text(out, word);
			return;
		}
		break;
	case COLUMN_BOOL:
		buf_text(out, truths[plain][value->u]);
		return;
	case COLUMN_BYTES:
	case COLUMN_RATE:
		if (plain) {
			put_size(out, value->u);
			return;
		}
		break;
	case COLUMN_DURATION:
		(plain ? put_duration : buf_nano)(out, value->u);
		return;
	case COLUMN_TIME:
		put_time(out, sink, value->u, plain);
		return;
	case COLUMN_ENDPOINT:
	case COLUMN_ADDR:
		put_end(out, sink, value->end, column->type == COLUMN_ADDR);
		return;
	case COLUMN_PORT:
		if (plain && !value->u) {
			buf_char(out, '*');
			return;
		}
		break;
	default:
		break;
	}
	buf_u64(out, value->u);
}

bool render_text(const struct value *value, struct str *text)
{
	if (value->kind == VALUE_TEXT)
		*text = value->text;
	else if (value->kind == VALUE_END && value->end->kind == ADDR_TEXT)
		*text = value->end->text;
	else
		return false;
	return true;
}

bool render_is_number(const struct sink *sink, const struct column *column)
{
	const uint32_t numbers = 1u << COLUMN_UINT | 1u << COLUMN_INT | 1u << COLUMN_BOOL |
	        1u << COLUMN_BYTES | 1u << COLUMN_RATE | 1u << COLUMN_DURATION | 1u << COLUMN_PORT;

	if (column->type == COLUMN_TIME)
		return sink->view->time == TIME_EPOCH || sink->view->time == TIME_RELATIVE;
	return (numbers >> column->type & 1) != 0;
}

unsigned render_plain(struct buf *out, const struct sink *sink, const struct column *column,
        const struct value *value)
{
	size_t before = out->len;
	struct str text;

	if (render_text(value, &text))
		return escape_plain(out, text);
	if (value->kind == VALUE_NONE)
		buf_char(out, '-');
	else
		put_value(out, sink, column, value, true);
	return (unsigned)(out->len - before);
}

void render_raw(struct buf *out, const struct sink *sink, const struct column *column,
        const struct value *value)
{
	struct str text;

	if (value->kind != VALUE_NONE && !render_text(value, &text))
		put_value(out, sink, column, value, false);
}
