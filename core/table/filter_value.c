/* SPDX-License-Identifier: MIT */
/*
 * From the type of a column, an operator and a text to the test that a row is put to.
 *
 * All that counts is one kind of test: a range of unsigned numbers. Sizes, rates, durations, times,
 * ports and signed numbers only differ in how they are read. Words (enumerations, yes and no) are a
 * set of bits.
 */
#include "core/table/filter.h"

#include <net/if.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/base/option.h"
#include "core/table/filter_node.h"
#include "core/table/word.h"

enum {
	TEXTS = 1 << COLUMN_TEXT | 1 << COLUMN_PATH,
	WORDS = 1 << COLUMN_ENUM | 1 << COLUMN_BOOL,
	ENDS = 1 << COLUMN_ENDPOINT | 1 << COLUMN_ADDR,
	SEARCHED = TEXTS | ENDS | 1 << COLUMN_ENUM,
};

/* By type, from COLUMN_UINT on. */
static const char samples[] = "number such as 5, 10k or 1..9\0"
                              "number such as 42 or 0x2a\0"
                              "number such as -5, 10k or 1..9\0"
                              "\0" /* enum */
                              "\0" /* bool */
                              "size such as 1500, 10k or 4Mi..\0"
                              "rate such as 100k, 2Mi.. or 1Mbit\0"
                              "duration such as 50ms, 5s or 2m..\0"
                              "time such as 2026-11-21T17:34, or 5m (ago)\0"
                              "address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22\0"
                              "address such as 10.0.0.1, 10.0.0.0/8 or fe80::1\0"
                              "port from 0 to 65535";

/* 64 is 0 in a mask of 64 bits. */
static const char bools[] = "\1yes\0"
                            "\100no\0"
                            "\1true\0"
                            "\100false\0"
                            "\1"
                            "1\0"
                            "\100"
                            "0\0";

static bool is(unsigned types, const struct column *column)
{
	return (types >> column->type & 1) != 0;
}

static struct str tail(struct str s, size_t from)
{
	return (struct str){ s.ptr + from, s.len - from };
}

int filter_no(enum column_type type, const char *shown, size_t at, struct str value)
{
	const char *sample = samples;
	bool with_port = type == COLUMN_ENDPOINT;
	struct filter_node end = { 0 };
	struct str zone = value, part;

	/* All of it was read but for the zone. */
	if ((with_port || type == COLUMN_ADDR) && !filter_endpoint(value, with_port, &end) &&
	        end.has_prefix && end.prefix.kind == ADDR_IPV6) {
		str_split(&zone, '%', &part);
		at += (size_t)(zone.ptr - value.ptr);
		str_split(&zone, ']', &part);
		return filter_refuse(shown, at, "no interface '", part, "'");
	}
	while (type-- > COLUMN_UINT)
		sample += strlen(sample) + 1;
	return diag_at(DIAG_USAGE, shown, at, "'%.*s' is no %s", STR_ARG(value), sample);
}

/* Takes "12" or "1.5" off the front; *parts is 10 for one place behind the point, 100 for two. */
static bool take_decimal(struct str *s, uint64_t *digits, uint64_t *parts)
{
	struct str rest = *s;
	bool point = false;

	*digits = 0;
	*parts = 1;
	for (; rest.len; rest = tail(rest, 1)) {
		unsigned digit = (unsigned)(*rest.ptr - '0');

		if (*rest.ptr == '.' && !point && rest.ptr != s->ptr)
			point = true;
		else if (digit > 9)
			break;
		else if (__builtin_mul_overflow(*digits, 10, digits) ||
		        __builtin_add_overflow(*digits, digit, digits) ||
		        (point && __builtin_mul_overflow(*parts, 10, parts)))
			return false;
	}
	*s = rest;
	return true;
}

/* "12", "1.5k", "4Mi", with the suffixes of a size or rate. A fraction needs a unit. */
static bool read_scaled(enum column_type type, struct str s, uint64_t *number)
{
	static const char units[] = "kMGT";
	const char *start = s.ptr, *unit;
	uint64_t parts, scale = 1;

	if (!take_decimal(&s, number, &parts) || s.ptr == start)
		return false;
	unit = s.len ? strchr(units, *s.ptr == 'K' ? 'k' : *s.ptr) : NULL;
	if (unit) {
		bool binary = s.len > 1 && s.ptr[1] == 'i';

		s = tail(s, 1u + binary);
		for (; unit >= units; unit--)
			scale *= binary ? 1024 : 1000;
	}
	if ((parts > 1 && scale == 1) || __builtin_mul_overflow(*number, scale, number))
		return false;
	*number /= parts;
	if (type == COLUMN_RATE && str_equal(s, STR("bit"))) {
		*number /= 8;
		return true;
	}
	return !s.len || ((type == COLUMN_BYTES || type == COLUMN_RATE) && str_equal(s, STR("B")));
}

static bool read_time(struct str s, uint64_t *number)
{
	uint64_t ago, now = clock_wall();

	if (clock_parse(s, number))
		return true;
	if (!duration_parse(s, false, &ago))
		return false;
	*number = ago < now ? now - ago : 0;
	return true;
}

static bool read_signed(struct str s, uint64_t *number)
{
	bool minus = str_starts(s, STR("-"));

	if (!read_scaled(COLUMN_INT, tail(s, minus), number) || *number >= FILTER_SIGN)
		return false;
	*number = (minus ? -*number : *number) ^ FILTER_SIGN;
	return true;
}

static uint64_t largest(enum column_type type)
{
	return type == COLUMN_PORT ? UINT16_MAX : UINT64_MAX;
}

static bool read_number(enum column_type type, struct str s, uint64_t *number)
{
	if (type == COLUMN_DURATION)
		return duration_parse(s, false, number);
	if (type == COLUMN_TIME)
		return read_time(s, number);
	if (type == COLUMN_INT)
		return read_signed(s, number);
	if (type != COLUMN_PORT && type != COLUMN_HEX)
		return read_scaled(type, s, number);
	if (type == COLUMN_HEX && str_starts(s, STR("0x")))
		return str_hex(tail(s, 2), number);
	return str_u64(s, number) && *number <= largest(type);
}

/*
 * A number or a range into low and high. Returns what could not be read, or STR_NONE; the whole
 * text where a range runs backwards. An open beginning leaves out port 0, which is "any" and no port.
 */
static struct str read_range(enum column_type type, struct str s, uint64_t *low, uint64_t *high)
{
	ptrdiff_t dots = str_find_nocase(s, STR(".."));
	struct str first = { s.ptr, dots < 0 ? s.len : (size_t)dots };
	struct str last = dots < 0 ? STR_NONE : tail(s, first.len + 2);

	*low = type == COLUMN_PORT;
	*high = largest(type);
	if ((first.len || dots < 0) && !read_number(type, first, low))
		return first;
	if (dots < 0)
		*high = *low;
	else if (last.len && !read_number(type, last, high))
		return last;
	if (!first.len && *high < *low)
		*low = *high;
	return (!first.len && !last.len) || *low > *high ? s : STR_NONE;
}

/* low and high hold the number as read; low > high is a range that holds nothing. */
static void open_range(enum column_type type, enum filter_op op, struct filter_node *leaf)
{
	uint64_t number = leaf->low;
	uint64_t floor = type == COLUMN_PORT && number;
	uint64_t ceiling = largest(type);
	bool less = op == FILTER_OP_LESS || op == FILTER_OP_LESS_EQUAL;

	leaf->low = less ? floor : number;
	leaf->high = less ? number : ceiling;
	if (op == (less ? FILTER_OP_LESS_EQUAL : FILTER_OP_MORE_EQUAL))
		return;
	if (number == (less ? 0 : ceiling)) {
		leaf->low = 1;
		leaf->high = 0;
	} else if (less) {
		leaf->high--;
	} else {
		leaf->low++;
	}
}

static bool is_bare_number(struct str s)
{
	uint64_t number;

	return read_scaled(COLUMN_UINT, s, &number) && s.ptr[s.len - 1] <= '9';
}

/* Where @value, which is the item or a part of it, stands in what the user wrote. */
static size_t place(const struct filter_term *term, struct str value)
{
	return term->at + term->item.at + (size_t)(value.ptr - term->item.text.ptr);
}

static int bad_value(const struct filter_term *term, struct str bad)
{
	return filter_no(term->column->type, term->shown, place(term, bad), bad);
}

static int bad_number(const struct filter_term *term, struct str bad)
{
	const struct column *column = term->column;

	if (column->type == COLUMN_DURATION && is_bare_number(bad))
		return diag_at(DIAG_USAGE, term->shown, place(term, bad),
		        "%s needs a unit: %s%s%.*sms", column->name, column->name, term->sign,
		        STR_ARG(bad));
	if (column->type == COLUMN_PORT && bad.len && bad.ptr[0] > '9')
		return filter_refuse(term->shown, place(term, bad),
		        "ports are numbers; did you mean lservice:", bad, "?");
	return bad_value(term, bad);
}

static int number_leaf(struct filter_term *term)
{
	struct filter_node *leaf = &term->leaf;
	enum column_type type = term->column->type;
	struct str bad = STR_NONE;

	leaf->kind = FILTER_RANGE;
	if (term->op <= FILTER_OP_EQUAL)
		bad = read_range(type, term->item.text, &leaf->low, &leaf->high);
	else if (read_number(type, term->item.text, &leaf->low))
		open_range(type, term->op, leaf);
	else
		bad = term->item.text;
	return bad.ptr ? bad_number(term, bad) : 0;
}

uint64_t filter_words_mask(const char *words, struct str word)
{
	uint64_t mask = 0;

	for (; *words; words = str_next(words)) {
		if (str_equal_nocase(str_from(words + 1), word))
			mask |= UINT64_C(1) << (*words & 63);
	}
	return mask;
}

static int words_leaf(struct filter_term *term)
{
	const struct column *column = term->column;
	const char *words = column->type == COLUMN_BOOL ? bools : column_words(column);
	struct str word = term->item.text;

	term->leaf.kind = FILTER_WORDS;
	term->leaf.mask = filter_words_mask(words, word);
	if (term->leaf.mask)
		return 0;
	word.ptr = term->shown + place(term, word);
	return word_unknown(column->name, term->shown, word, enum_name, words, NULL);
}

/* The index of an interface, which is a number or a name; 0 where there is none. */
static uint32_t read_zone(struct str name)
{
	char text[IF_NAMESIZE] = { 0 };
	uint64_t number;

	if (str_u64(name, &number))
		return number <= UINT32_MAX ? (uint32_t)number : 0;
	if (name.len >= sizeof(text))
		return 0;
	memcpy(text, name.ptr, name.len);
	return if_nametoindex(text);
}

static bool read_address(struct str s, struct filter_node *leaf)
{
	struct str address;

	str_split(&s, '%', &address);
	leaf->has_prefix = prefix_parse(address, &leaf->prefix);
	if (leaf->has_prefix && s.ptr) {
		leaf->zone = read_zone(s);
		return leaf->zone && leaf->prefix.kind == ADDR_IPV6;
	}
	return leaf->has_prefix;
}

/* The port stands behind "]:", or behind the only colon. */
static bool split_port(struct str s, struct str *address, struct str *port)
{
	if (s.ptr[0] == '[') {
		s = tail(s, 1);
		str_split(&s, ']', address);
		*port = s.len ? tail(s, 1) : STR_NONE;
		return s.ptr && (!s.len || s.ptr[0] == ':');
	}
	*port = s;
	str_split(port, ':', address);
	if (port->ptr && memchr(port->ptr, ':', port->len)) {
		*address = s;
		*port = STR_NONE;
	}
	return true;
}

bool filter_endpoint(struct str text, bool with_port, struct filter_node *leaf)
{
	bool any_port;
	struct str address, port;

	leaf->kind = FILTER_END;
	leaf->low = 0;
	leaf->high = UINT64_MAX;
	if (!text.len || !split_port(text, &address, &port) || (port.ptr && !with_port))
		return false;
	any_port = !port.ptr || str_equal(port, STR("*"));
	if (!any_port && read_range(COLUMN_PORT, port, &leaf->low, &leaf->high).ptr)
		return false;
	/* As ss prints it: "*:22". */
	if (text.ptr[0] != '[' && (!address.len || str_equal(address, STR("*"))))
		return !any_port;
	return read_address(address, leaf);
}

bool filter_like_address(struct str s, bool bare)
{
	size_t i = 0, colons = 0;
	bool digit, signs = false;

	for (; i < s.len && strchr("0123456789abcdefABCDEF.:/[],*", s.ptr[i]); i++) {
		colons += s.ptr[i] == ':';
		signs |= s.ptr[i] == '.' || s.ptr[i] == '/';
	}
	if (!i || s.ptr[0] == '/' || (i < s.len && s.ptr[i] != '%'))
		return false;
	digit = s.ptr[0] >= '0' && s.ptr[0] <= '9';
	return bare ? colons > 1 || (digit && signs) : colons || digit;
}

static int text_leaf(struct filter_term *term)
{
	term->leaf.kind = term->op == FILTER_OP_EQUAL ? FILTER_EQUAL : FILTER_PART;
	term->leaf.text = term->item.text;
	return 0;
}

static int end_leaf(struct filter_term *term)
{
	struct str text = term->item.text;
	bool with_port = term->column->type == COLUMN_ENDPOINT;

	if (filter_endpoint(text, with_port, &term->leaf))
		return 0;
	if (!with_port || filter_like_address(text, false))
		return bad_value(term, text);
	return text_leaf(term);
}

/* "none" and "any", alone. */
static bool unknown_leaf(struct filter_term *term)
{
	term->leaf.kind = FILTER_UNKNOWN;
	term->leaf.negate = str_equal(term->text, STR("any"));
	return term->op == FILTER_OP_MATCH &&
	        (term->leaf.negate || str_equal(term->text, STR("none")));
}

static int value_leaf(struct filter_term *term)
{
	const struct column *column = term->column;

	if (unknown_leaf(term))
		return 0;
	term->leaf.negate = false;
	if (term->op == FILTER_OP_REGEX || term->item.slashes)
		return filter_regex(term);
	if (is(WORDS, column))
		return words_leaf(term);
	if (is(ENDS, column))
		return end_leaf(term);
	return is(TEXTS, column) ? text_leaf(term) : number_leaf(term);
}

static int add_value(struct filter_term *term)
{
	struct filter *filter = term->filter;
	int result;

	term->leaf = (struct filter_node){ 0 };
	term->leaf.column = (uint8_t)(term->column - filter->schema->columns);
	result = value_leaf(term);
	return result < 0 ? result
	                  : filter_add(filter, &term->leaf, &term->list, term->shown,
	                            term->at + term->item.at);
}

/* Length of the "/text/" at the front; 0 where there is none. */
static size_t slashed_len(struct str s)
{
	for (size_t i = 1; s.len && s.ptr[0] == '/' && i < s.len; i++) {
		if (s.ptr[i] == '/' && (i + 1 == s.len || s.ptr[i + 1] == ','))
			return i + 1;
	}
	return 0;
}

void filter_items(struct filter *filter, struct str list, bool slashes, struct filter_item *item)
{
	*item = (struct filter_item){ .list = list, .rest = list, .may_slash = slashes };
	item->copy = arena_alloc(&filter->arena, list.len);
}

bool filter_item(struct filter_item *item)
{
	struct str s = item->rest;
	size_t slashed = item->may_slash && s.ptr ? slashed_len(s) : 0;
	size_t i = 0;

	if (!s.ptr)
		return false;
	item->at = (size_t)(s.ptr - item->list.ptr);
	item->slashes = slashed != 0;
	item->text = (struct str){ item->copy, 0 };
	for (; slashed ? i < slashed : i < s.len && s.ptr[i] != ','; i++) {
		if (!slashed && s.ptr[i] == '\\' && i + 1 < s.len &&
		        (s.ptr[i + 1] == ',' || s.ptr[i + 1] == '\\'))
			i++;
		item->copy[item->text.len++] = s.ptr[i];
	}
	item->copy += item->text.len;
	item->rest = i < s.len ? (struct str){ s.ptr + i + 1, s.len - i - 1 } : STR_NONE;
	return true;
}

static int check_operator(const struct filter_term *term)
{
	const struct column *column = term->column;
	bool searched = term->op == FILTER_OP_REGEX;

	if (term->op <= FILTER_OP_EQUAL || !is(searched ? ~SEARCHED : TEXTS | WORDS | ENDS, column))
		return 0;
	return diag_at(DIAG_USAGE, term->shown, term->op_at,
	        "'%s' needs a %s, and %s is of type %s", term->sign, searched ? "text" : "number",
	        column->name, column_type_name(column->type));
}

int filter_values(struct filter_term *term, size_t i)
{
	struct filter_item *item = &term->item;
	int result;

	term->column = &term->filter->schema->columns[i];
	result = check_operator(term);
	*item = (struct filter_item){ .text = term->text };
	if (result == 0 && term->op > FILTER_OP_EQUAL)
		return add_value(term);
	filter_items(term->filter, term->text,
	        term->op == FILTER_OP_MATCH && term->column->type == COLUMN_TEXT, item);
	while (result == 0 && filter_item(item)) {
		if (!item->text.len)
			return filter_refuse(term->shown, term->at + item->at,
			        "no value in the list; a comma in a value is written '\\,'",
			        STR_NONE, "");
		result = add_value(term);
	}
	return result;
}
