/* SPDX-License-Identifier: MIT */
/*
 * Thompson's matcher (Regular Expression Search Algorithm, CACM 11/6, 1968; Cox, "Regular Expression
 * Matching: the Virtual Machine Approach", is the modern telling).
 *
 * It keeps the set of all states that the text so far may have led to and moves the whole set over
 * one character, so nothing is ever tried twice and no pattern makes it slow; a backtracking matcher
 * dies of "(a*)*b". libc's was left because musl's costs 33 kB, most of it tables of wide
 * characters, and its time and memory depend on the pattern.
 */
#include "core/base/regex.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/regex_program.h"

#define RUNE_NONE UINT32_MAX

static bool is_word(uint32_t rune)
{
	return regex_letter(rune) || regex_digit(rune) || rune == '_';
}

/*
 * One position of the text. A state enters at most once, as seen[] remembers, and only a split or
 * a set puts something on a list: so neither list is ever longer than the program.
 */
struct place {
	const struct regex *regex;
	uint32_t rune, other; /* the character behind it, and the same in the other case */
	bool word;            /* is that one of a word's? */
	unsigned holds;       /* bit number enum regex_condition */
	unsigned now_count, then_count;
	uint16_t *now, *then; /* states to enter here, and behind the character */
	bool seen[REGEX_STATES_MAX];
	uint16_t lists[2][REGEX_STATES_MAX];
};

static bool in_ranges(const struct place *place, const struct regex_state *set)
{
	for (unsigned left = set->count; left; left--) {
		struct regex_range range = (++set)->range;
		uint32_t width = range.high - range.low;

		/* Unsigned: what lies below is very far above. */
		if (place->rune - range.low <= width || place->other - range.low <= width)
			return true;
	}
	return false;
}

/* Follows one state to where a character decides. True if it comes to a match. */
static bool enter(struct place *place, unsigned at)
{
	while (!place->seen[at]) {
		const struct regex_state *state = &place->regex->states[at];
		unsigned target = at + (unsigned)state->arg;

		place->seen[at++] = true;
		switch ((enum regex_op)state->op) {
		case OP_SET:
			if (in_ranges(place, state) != state->arg)
				place->then[place->then_count++] = (uint16_t)(at + state->count);
			return false;
		case OP_SPLIT:
			place->now[place->now_count++] = (uint16_t)target;
			break;
		case OP_JUMP:
			at = target;
			break;
		case OP_HOLDS:
			if (!(place->holds >> state->arg & 1))
				return false;
			break;
		case OP_MATCH:
			return true;
		}
	}
	return false;
}

/* Looks at the character that begins at @at; returns its length, 0 at the end. */
static size_t look(struct place *place, struct str subject, size_t at)
{
	static const uint8_t edges[2][2] = {
		{ 1 << NO_EDGE, 1 << WORD_EDGE | 1 << WORD_BEGINS },
		{ 1 << WORD_EDGE | 1 << WORD_ENDS, 1 << NO_EDGE },
	};
	bool before = at && place->word;
	size_t len = 0;

	place->rune = RUNE_NONE;
	if (at < subject.len)
		len = regex_rune(subject.ptr + at, subject.len - at, &place->rune);
	place->other = place->rune;
	if (place->regex->nocase && regex_letter(place->rune))
		place->other ^= 0x20;
	place->word = is_word(place->rune);
	place->holds = edges[before][place->word] | (unsigned)!at << TEXT_BEGINS |
	        (unsigned)!len << TEXT_ENDS;
	return len;
}

bool regex_test(const struct regex *regex, struct str subject)
{
	struct place place;
	const struct regex_state *first = regex->states;
	bool anchored = first->op == OP_HOLDS && first->arg == TEXT_BEGINS;
	size_t at = 0, len;

	/* Not by an initialiser, which would clear the lists. */
	place.regex = regex;
	place.now = place.lists[0];
	place.then = place.lists[1];
	place.now_count = 0;
	do {
		uint16_t *swap = place.now;

		len = look(&place, subject, at);
		memset(place.seen, 0, regex->count);
		place.then_count = 0;
		/* It may begin anywhere, but for an anchored one, which may be dead by now. */
		if (!at || !anchored)
			place.now[place.now_count++] = 0;
		else if (!place.now_count)
			return false;
		while (place.now_count) {
			if (enter(&place, place.now[--place.now_count]))
				return true;
		}
		place.now = place.then;
		place.then = swap;
		place.now_count = place.then_count;
		at += len;
	} while (len);
	return false;
}

void regex_free(struct regex *regex)
{
	free(regex);
}
