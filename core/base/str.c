/* SPDX-License-Identifier: MIT */
/*
 * ASCII case and blanks are decided here and not by <ctype.h>, which asks the locale and takes
 * negative chars badly.
 */
#include "core/base/str.h"

#include <limits.h>
#include <string.h>

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_from(const char *cstr)
{
	return cstr ? (struct str){ cstr, strlen(cstr) } : STR_NONE;
}

/* memcmp with NULL is undefined, even for no bytes at all. */
static int compare_bytes(const char *a, const char *b, size_t len)
{
	return len ? memcmp(a, b, len) : 0;
}

bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && compare_bytes(a.ptr, b.ptr, a.len) == 0;
}

static bool equal_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (fold(a[i]) != fold(b[i]))
			return false;
	}
	return true;
}

bool str_equal_nocase(struct str a, struct str b)
{
	return a.len == b.len && equal_nocase(a.ptr, b.ptr, a.len);
}

int str_compare(struct str a, struct str b)
{
	int order = compare_bytes(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && compare_bytes(s.ptr, prefix.ptr, prefix.len) == 0;
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	        (!suffix.len || memcmp(s.ptr + (s.len - suffix.len), suffix.ptr, suffix.len) == 0);
}

ptrdiff_t str_find_nocase(struct str s, struct str needle)
{
	for (size_t at = 0; needle.len <= s.len && at <= s.len - needle.len; at++) {
		if (!needle.len ||
		        (fold(s.ptr[at]) == fold(needle.ptr[0]) &&
		                equal_nocase(s.ptr + at, needle.ptr, needle.len)))
			return (ptrdiff_t)at;
	}
	return -1;
}

static bool is_trimmed(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_trimmed(s.ptr[s.len - 1]))
		s.len--;
	while (s.len && is_trimmed(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	return s;
}

bool str_split(struct str *rest, char separator, struct str *part)
{
	const char *end;

	if (!rest->ptr)
		return false;
	end = memchr(rest->ptr, separator, rest->len);
	*part = *rest;
	if (end) {
		part->len = (size_t)(end - rest->ptr);
		rest->ptr = end + 1;
		rest->len -= part->len + 1;
	} else {
		*rest = STR_NONE;
	}
	return true;
}

const char *str_next(const char *word)
{
	return word + strlen(word) + 1;
}

bool str_word(struct str *rest, struct str *word)
{
	size_t start = 0;
	size_t end;

	while (start < rest->len && is_blank(rest->ptr[start]))
		start++;
	for (end = start; end < rest->len && !is_blank(rest->ptr[end]); end++)
		;
	if (start == end)
		return false;
	*word = (struct str){ rest->ptr + start, end - start };
	rest->ptr += end;
	rest->len -= end;
	return true;
}

static unsigned digit_value(char c)
{
	unsigned char lower = fold(c);

	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10U : UINT_MAX;
}

static bool number_in_base(struct str s, unsigned base, uint64_t *number)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = digit_value(s.ptr[i]);

		if (digit >= base || __builtin_mul_overflow(sum, base, &sum) ||
		        __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	if (s.len)
		*number = sum;
	return s.len > 0;
}

bool str_u64(struct str s, uint64_t *number)
{
	return number_in_base(s, 10, number);
}

bool str_hex(struct str s, uint64_t *number)
{
	return number_in_base(s, 16, number);
}

bool str_i64(struct str s, int64_t *number)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t size;

	if (negative)
		s = (struct str){ s.ptr + 1, s.len - 1 };
	if (!str_u64(s, &size) || size > (uint64_t)INT64_MAX + negative)
		return false;
	*number = (int64_t)(negative ? 0 - size : size);
	return true;
}

#define DISTANCE_MAX 32

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* "Optimal string alignment": three rows of the classic table, so that a swap can look two back. */
unsigned str_distance(struct str a, struct str b)
{
	uint8_t rows[3][DISTANCE_MAX + 1] = { 0 };
	uint8_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= b.len; j++)
		now[j] = (uint8_t)j;
	for (size_t i = 1; i <= a.len; i++) {
		uint8_t *oldest = before;

		before = last;
		last = now;
		now = oldest;
		now[0] = (uint8_t)i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = fold(a.ptr[i - 1]) == fold(b.ptr[j - 1]);
			unsigned best = min3(last[j] + 1U, now[j - 1] + 1U, last[j - 1] + !same);

			if (i > 1 && j > 1 && fold(a.ptr[i - 1]) == fold(b.ptr[j - 2]) &&
			        fold(a.ptr[i - 2]) == fold(b.ptr[j - 1]))
				best = min3(best, before[j - 2] + 1U, best);
			now[j] = (uint8_t)best;
		}
	}
	return now[b.len];
}
