/* SPDX-License-Identifier: MIT */
/*
 * The inside of a regular expression, shared by its two files and nobody else.
 *
 * The pattern becomes a program. A jump is relative to its own state, so a piece of program stays
 * valid wherever it is copied to, and x{2,4} is written out as x x (x or not) (x or not) by memory
 * moves alone:
 *
 *	x|y	SPLIT 1, x, JUMP 2, 1: y, 2:
 *	x?	SPLIT 1, x, 1:
 *	x+	1: x, SPLIT 1
 *	x*	SPLIT 2, 1: x, 2: SPLIT 1
 *
 * Each character to be matched is a set of ranges, a single one too: one case less everywhere.
 */
#ifndef SOCKBOX_BASE_REGEX_PROGRAM_H
#define SOCKBOX_BASE_REGEX_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/utf8.h"

enum regex_op {
	OP_SET,   /* one character in the count ranges that follow; arg: in none of them */
	OP_SPLIT, /* on to the next state, and to the one arg states from here */
	OP_JUMP,
	OP_HOLDS, /* arg is an enum regex_condition */
	OP_MATCH,
};

enum regex_condition {
	WORD_BEGINS,
	WORD_ENDS,
	WORD_EDGE,
	NO_EDGE,
	TEXT_BEGINS,
	TEXT_ENDS,
};

struct regex_range {
	uint32_t low, high;
};

struct regex_state {
	union {
		struct {
			uint8_t op, count;
			int16_t arg;
		};
		struct regex_range range;
	};
};

struct regex {
	bool nocase;
	unsigned count;
	struct regex_state states[];
};

static inline bool regex_letter(uint32_t rune)
{
	return (rune | 0x20) - 'a' < 26;
}

static inline bool regex_digit(uint32_t rune)
{
	return rune - '0' < 10;
}

/** The character at @text (len > 0), or a number above all characters for a byte that is part of
 * none; its length. */
static inline size_t regex_rune(const char *text, size_t len, uint32_t *rune)
{
	size_t taken = utf8_decode(text, len, rune);

	if (taken)
		return taken;
	*rune = 0x110000U + (unsigned char)*text;
	return 1;
}

#endif
