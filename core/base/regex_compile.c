/* SPDX-License-Identifier: MIT */
/*
 * From the pattern to the program: a descent through alternatives, branches and atoms that emits as
 * it goes. What is found out late (there are alternatives, it may be left out) goes in front of the
 * states that are there by moving them.
 *
 * The first mistake is kept and the rest of the pattern dropped, which ends all loops: so no
 * function returns whether it failed.
 */
#include "core/base/regex.h"

#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/regex_program.h"

#define REPEAT_MAX 255 /* POSIX's RE_DUP_MAX */
#define FOREVER    256 /* the upper bound of "*" */
#define TOO_MANY   257 /* stands for all larger numbers */
#define RUNE_WRONG UINT32_MAX

/* No byte of a pattern comes to more than 2.5 states (\w is five) before it is repeated, so only a
 * repetition need look whether there is room. */
#define GROWN_MAX (REGEX_STATES_MAX - 3 * REGEX_PATTERN_MAX)

struct compiler {
	const char *at, *end; /* in text; *end is NUL */
	const char *mark;     /* what an error would be about */
	const char *why, *why_at;
	struct regex_state *set; /* the last one begun */
	unsigned count;
	char text[REGEX_PATTERN_MAX + 4]; /* utf8_decode() may look at four bytes */
	struct regex_state states[REGEX_STATES_MAX];
};

/* Pairs of first and last character. */
static const char word[] = "09AZ__az", blanks[] = "\t\r  ";

/* The same behind a name; a NUL ends each. NUL itself is in none. */
static const char classes[] = "alnum:09AZaz\0"
                              "alpha:AZaz\0"
                              "blank:\t\t  \0"
                              "cntrl:\1\x1f\x7f\x7f\0"
                              "digit:09\0"
                              "graph:!~\0"
                              "lower:az\0"
                              "print: ~\0"
                              "punct:!/:@[`{~\0"
                              "space:\t\r  \0"
                              "upper:AZ\0"
                              "xdigit:09AFaf\0";

/* Leaves nothing of the pattern, which ends all loops. */
static void fail(struct compiler *c, const char *why)
{
	if (!c->why) {
		c->why = why;
		c->why_at = c->mark;
	}
	c->at = c->end;
}

static bool accept(struct compiler *c, char byte)
{
	bool there = *c->at == byte;

	c->at += there;
	return there;
}

static struct regex_state *emit(struct compiler *c, enum regex_op op, int arg)
{
	struct regex_state *state = &c->states[c->count++];

	assert(c->count <= REGEX_STATES_MAX);
	*state = (struct regex_state){ .op = (uint8_t)op, .arg = (int16_t)arg };
	return state;
}

/* A SPLIT in front of all states from @start on. */
static void insert_split(struct compiler *c, unsigned start, unsigned arg)
{
	struct regex_state *split = &c->states[start];

	memmove(split + 1, split, (c->count++ - start) * sizeof(*split));
	*split = (struct regex_state){ .op = OP_SPLIT, .arg = (int16_t)arg };
}

static void add_range(struct compiler *c, uint32_t low, uint32_t high)
{
	emit(c, OP_SET, 0)->range = (struct regex_range){ low, high };
	c->set->count++;
}

static void add_pairs(struct compiler *c, const char *pairs)
{
	for (; *pairs; pairs += 2)
		add_range(c, (unsigned char)pairs[0], (unsigned char)pairs[1]);
}

static uint32_t next_rune(struct compiler *c)
{
	uint32_t rune;

	c->at += regex_rune(c->at, 4, &rune);
	return rune;
}

static void literal(struct compiler *c)
{
	uint32_t rune = next_rune(c);

	c->set = emit(c, OP_SET, false);
	add_range(c, rune, rune);
}

/* Behind a backslash. False for an anchor. */
static bool escape(struct compiler *c)
{
	/* The conditions in the order of their numbers. */
	static const char known[] = "<>bB`'wWsS";
	char byte = *c->at;
	const char *hit = byte ? strchr(known, byte) : known;

	if (!byte) {
		fail(c, "nothing behind the \\");
	} else if (hit) {
		c->at++;
		if (hit - known <= TEXT_ENDS) {
			emit(c, OP_HOLDS, (int)(hit - known));
			return false;
		}
		c->set = emit(c, OP_SET, byte < 'a');
		add_pairs(c, (byte | 0x20) == 's' ? blanks : word);
	} else if (regex_digit((uint32_t)byte)) {
		fail(c, "back-references are slow and not allowed");
	} else if (regex_letter((uint32_t)byte)) {
		fail(c, "no such escape; there are \\w \\W \\s \\S \\b \\B");
	} else {
		literal(c);
	}
	return true;
}

/* What stands in brackets next. 0 where that was a class, whose ranges are added then. */
static uint32_t element(struct compiler *c)
{
	const char *name = c->at + 2, *class, *pairs;

	if (*c->at != '[' || (c->at[1] != ':' && c->at[1] != '=' && c->at[1] != '.'))
		return next_rune(c);
	for (class = classes; class < classes + sizeof(classes) - 1; class += strlen(class) + 1) {
		size_t len;

		pairs = strchr(class, ':') + 1;
		len = (size_t)(pairs - class);
		if (name[-1] == ':' && !strncmp(name, class, len) && name[len] == ']') {
			add_pairs(c, pairs);
			c->at = name + len + 1;
			return 0;
		}
	}
	fail(c, "no such class; there are alpha, digit, space...");
	return 0;
}

/* Behind the '['. ']' is itself where it comes first, '-' where it comes first or last. */
static void brackets(struct compiler *c)
{
	const char *open = c->mark, *first;

	c->set = emit(c, OP_SET, accept(c, '^'));
	for (first = c->at; c->at == first || *c->at != ']';) {
		uint32_t low, high;

		c->mark = c->at;
		if (!*c->at) {
			c->mark = open;
			fail(c, "'[' without ']'");
			return;
		}
		low = high = element(c);
		if (!low)
			continue;
		if (low == '-' && c->mark != first && *c->at != ']')
			low = RUNE_WRONG;
		if (*c->at == '-' && !strchr("]", c->at[1])) {
			c->at++;
			high = element(c);
		}
		if (low > high)
			fail(c, "'-' in brackets is first, last, or from low to high");
		add_range(c, low, high);
	}
	c->at++;
}

/* -1 where no digit is. */
static int number(struct compiler *c)
{
	int value = -1;

	for (; regex_digit((uint32_t)*c->at); c->at++) {
		value = (value < 0 ? 0 : value) * 10 + *c->at - '0';
		if (value > REPEAT_MAX)
			value = TOO_MANY;
	}
	return value;
}

/* What stands at a repetition's sign or brace. */
static void bounds(struct compiler *c, int *low, int *high)
{
	char byte = *c->at;

	c->at++;
	*low = byte == '+';
	*high = byte == '?' ? 1 : FOREVER;
	if (byte != '{')
		return;
	*low = *high = number(c);
	if (accept(c, ',')) {
		if (*low < 0)
			*low = 0;
		*high = number(c);
		if (*high < 0)
			*high = FOREVER;
	}
	if (*low < 0 || *low > *high || *high > FOREVER || !accept(c, '}'))
		fail(c, "repetitions are {3}, {3,} or {3,5}, at most 255");
}

/* All that was emitted from @start on is repeated as the pattern goes on to say. */
static void repeat(struct compiler *c, unsigned start)
{
	unsigned len = c->count - start;
	int low, high, copies;

	bounds(c, &low, &high);
	copies = high < FOREVER ? high : low + !low;
	if (start + (unsigned)copies * (len + 1) > GROWN_MAX)
		fail(c, "repetitions too large together");
	if (!copies || c->why) {
		c->count = start;
		return;
	}
	for (int i = 1; i < copies; i++) {
		if (i >= low)
			emit(c, OP_SPLIT, (int)len + 1);
		memcpy(&c->states[c->count], &c->states[start], len * sizeof(*c->states));
		c->count += len;
	}
	if (high == FOREVER)
		emit(c, OP_SPLIT, -(int)len);
	if (!low)
		insert_split(c, start, len + 1);
}

static void alternatives(struct compiler *c);

/* False for an anchor, which cannot be repeated. */
static bool atom(struct compiler *c)
{
	const char *mark = c->mark;
	char byte = *c->at++;

	if (byte == '\\') {
		return escape(c);
	} else if (byte == '^' || byte == '$') {
		emit(c, OP_HOLDS, byte == '^' ? TEXT_BEGINS : TEXT_ENDS);
		return false;
	} else if (byte == '[') {
		brackets(c);
	} else if (byte == '.') {
		emit(c, OP_SET, true);
	} else if (byte == '(') {
		alternatives(c);
		c->mark = mark;
		if (!accept(c, ')'))
			fail(c, "'(' without ')'");
	} else {
		c->at--;
		literal(c);
	}
	return true;
}

static void branch(struct compiler *c)
{
	unsigned start = 0;
	bool repeatable = false;

	/* The NUL is one of them. */
	while (!strchr("|)", *c->at)) {
		c->mark = c->at;
		if (!strchr("*+?{", *c->at)) {
			start = c->count;
			repeatable = atom(c);
		} else if (repeatable) {
			repeat(c, start);
		} else {
			fail(c, "nothing to repeat; \\ makes it a character");
		}
	}
}

static void alternatives(struct compiler *c)
{
	unsigned start = c->count;

	branch(c);
	while (accept(c, '|')) {
		unsigned jump;

		insert_split(c, start, c->count - start + 2);
		jump = c->count;
		emit(c, OP_JUMP, 0);
		branch(c);
		c->states[jump].arg = (int16_t)(c->count - jump);
	}
}

struct regex *regex_new(struct str pattern, bool nocase, const char **why, size_t *offset)
{
	struct compiler c = { .at = c.text, .mark = c.text + REGEX_PATTERN_MAX };
	struct regex *regex;
	size_t size;

	c.end = c.text;
	if (pattern.len > REGEX_PATTERN_MAX) {
		fail(&c, "longer than 256 bytes");
	} else if (pattern.len) {
		memcpy(c.text, pattern.ptr, pattern.len);
		c.end += pattern.len;
	}
	alternatives(&c);
	c.mark = c.at;
	if (c.at < c.end)
		fail(&c, "')' without '('");
	emit(&c, OP_MATCH, 0);
	if (c.why) {
		*why = c.why;
		*offset = (size_t)(c.why_at - c.text);
		return NULL;
	}
	size = c.count * sizeof(*c.states);
	regex = mem_alloc(sizeof(*regex) + size);
	memcpy(regex->states, c.states, size);
	regex->nocase = nocase;
	regex->count = c.count;
	return regex;
}
