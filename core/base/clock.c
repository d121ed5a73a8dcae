/* SPDX-License-Identifier: MIT */
/*
 * Dates are computed, not asked of libc: gmtime_r walks the years and strftime its format, for each
 * row of a stream. The arithmetic is Howard Hinnant's "days_from_civil": years begin in March, so
 * that the day of February that comes and goes is the last one, and months have a linear formula.
 */
#include "core/base/clock.h"

#include <time.h>

#define DAY_SECONDS 86400

struct civil {
	uint32_t year, month, day; /* 2026, 1-12, 1-31 */
};

static uint64_t read_clock(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * NS_PER_SEC + (uint64_t)now.tv_nsec;
}

uint64_t clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

uint64_t clock_cpu(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

/* Days are since 1970-01-01; 719468 of them lie between 0000-03-01 and that. */
static struct civil civil_from_days(uint32_t days)
{
	uint32_t shifted = days + 719468;
	uint32_t era = shifted / 146097; /* of 400 years */
	uint32_t day = shifted % 146097;
	uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
	uint32_t month = (5 * day_of_year + 2) / 153; /* from March */
	struct civil date = { year + era * 400, month + 3,
		day_of_year - (153 * month + 2) / 5 + 1 };

	if (date.month > 12) {
		date.month -= 12;
		date.year++;
	}
	return date;
}

static int64_t days_from_civil(struct civil date)
{
	uint32_t year = date.year - (date.month < 3);
	uint32_t month = date.month < 3 ? date.month + 9 : date.month - 3;
	uint32_t era = year / 400;
	uint32_t year_of_era = year % 400;
	uint32_t day = (153 * month + 2) / 5 + date.day - 1 + year_of_era * 365 + year_of_era / 4 -
	        year_of_era / 100;

	return (int64_t)era * 146097 + day - 719468;
}

/* A number and what stands in front of it. */
static void put(struct buf *out, char before, uint32_t number, unsigned digits)
{
	buf_char(out, before);
	buf_u64_pad(out, number, digits);
}

/* "2026-11-21T17:34:15.123" of seconds that count in the zone to be shown. */
static void format(struct buf *out, uint64_t seconds, uint32_t nano, unsigned digits)
{
	struct civil date = civil_from_days((uint32_t)(seconds / DAY_SECONDS));
	uint32_t rest = (uint32_t)(seconds % DAY_SECONDS);

	buf_u64_pad(out, date.year, 4);
	put(out, '-', date.month, 2);
	put(out, '-', date.day, 2);
	put(out, 'T', rest / 3600, 2);
	put(out, ':', rest / 60 % 60, 2);
	put(out, ':', rest % 60, 2);
	if (!digits)
		return;
	for (unsigned i = digits; i < 9; i++)
		nano /= 10;
	put(out, '.', nano, digits);
}

void clock_rfc3339(struct buf *out, uint64_t wall_ns, unsigned digits)
{
	format(out, wall_ns / NS_PER_SEC, (uint32_t)(wall_ns % NS_PER_SEC), digits);
	buf_char(out, 'Z');
}

/* Only the offset is libc's. West of Greenwich the first hours of 1970 have no number: as UTC. */
void clock_local(struct buf *out, uint64_t wall_ns, unsigned digits)
{
	uint64_t seconds = wall_ns / NS_PER_SEC;
	time_t when = (time_t)seconds;
	struct tm local;
	int32_t offset = 0;

	if (localtime_r(&when, &local))
		offset = (int32_t)local.tm_gmtoff;
	if (offset < 0 && seconds < (uint64_t)-offset)
		offset = 0;
	format(out, seconds + (uint64_t)(int64_t)offset, (uint32_t)(wall_ns % NS_PER_SEC), digits);
	put(out, offset < 0 ? '-' : '+', (uint32_t)(offset < 0 ? -offset : offset) / 3600, 2);
	put(out, ':', (uint32_t)(offset < 0 ? -offset : offset) / 60 % 60, 2);
}

static bool take_char(struct str *text, char c)
{
	if (!text->len || text->ptr[0] != c)
		return false;
	*text = (struct str){ text->ptr + 1, text->len - 1 };
	return true;
}

/* Exactly @digits digits, from @min to @max. */
static bool take_number(
        struct str *text, unsigned digits, uint32_t min, uint32_t max, uint32_t *number)
{
	uint64_t value;

	if (text->len < digits || !str_u64((struct str){ text->ptr, digits }, &value) ||
	        value < min || value > max)
		return false;
	*text = (struct str){ text->ptr + digits, text->len - digits };
	*number = (uint32_t)value;
	return true;
}

static bool take_date(struct str *text, struct civil *date)
{
	struct civil back;

	if (!take_number(text, 4, 1969, 2554, &date->year) || !take_char(text, '-') ||
	        !take_number(text, 2, 1, 12, &date->month) || !take_char(text, '-') ||
	        !take_number(text, 2, 1, 31, &date->day))
		return false;
	/* The last day of 1969 may be 1970 elsewhere; there is nothing before that. */
	if (date->year < 1970)
		return date->month == 12 && date->day == 31;
	back = civil_from_days((uint32_t)days_from_civil(*date));
	return back.day == date->day;
}

/* One to nine digits behind the point, as nanoseconds; more are read and dropped. */
static bool take_fraction(struct str *text, uint32_t *nano)
{
	uint32_t unit = 100000000;
	uint32_t digit;
	size_t before = text->len;

	*nano = 0;
	while (take_number(text, 1, 0, 9, &digit)) {
		*nano += digit * unit;
		unit /= 10;
	}
	return text->len < before;
}

static bool take_time(struct str *text, uint32_t *seconds, uint32_t *nano)
{
	uint32_t hour, minute, second = 0;

	if (!take_number(text, 2, 0, 23, &hour) || !take_char(text, ':') ||
	        !take_number(text, 2, 0, 59, &minute))
		return false;
	if (take_char(text, ':')) {
		if (!take_number(text, 2, 0, 59, &second))
			return false;
		if (take_char(text, '.') && !take_fraction(text, nano))
			return false;
	}
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

static bool take_zone(struct str *text, int32_t *offset)
{
	uint32_t hour, minute;
	bool west;

	if (!text->len || take_char(text, 'Z'))
		return true;
	west = take_char(text, '-');
	if ((!west && !take_char(text, '+')) || !take_number(text, 2, 0, 23, &hour) ||
	        !take_char(text, ':') || !take_number(text, 2, 0, 59, &minute))
		return false;
	*offset = (int32_t)(hour * 3600 + minute * 60);
	*offset = west ? -*offset : *offset;
	return true;
}

bool clock_parse(struct str text, uint64_t *wall_ns)
{
	struct civil date;
	uint32_t seconds = 0, nano = 0;
	int32_t offset = 0;
	int64_t sum;
	uint64_t ns;

	if (!take_date(&text, &date))
		return false;
	if (text.len &&
	        (!take_char(&text, 'T') || !take_time(&text, &seconds, &nano) ||
	                !take_zone(&text, &offset)))
		return false;
	sum = days_from_civil(date) * DAY_SECONDS + seconds - offset;
	if (text.len || sum < 0 || __builtin_mul_overflow((uint64_t)sum, NS_PER_SEC, &ns) ||
	        __builtin_add_overflow(ns, nano, &ns))
		return false;
	*wall_ns = ns;
	return true;
}
