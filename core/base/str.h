/* SPDX-License-Identifier: MIT */
/*
 * Text as pointer and length: most of it comes from a kernel buffer and may hold any byte,
 * NUL and newline too. A struct str owns nothing. ptr == NULL means "no text" (unknown), which is
 * not the same as the empty text.
 */
#ifndef SOCKBOX_BASE_STR_H
#define SOCKBOX_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE     ((struct str){ NULL, 0 })
/** For "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr

struct str str_from(const char *cstr); /* NULL gives STR_NONE */
bool str_equal(struct str a, struct str b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);       /* byte order; <0, 0, >0 */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/** Position of @needle in @s without regard to ASCII case, or -1. The empty needle is at 0. */
ptrdiff_t str_find_nocase(struct str s, struct str needle);
struct str str_trim(struct str s); /* spaces, tabs, CR and LF off both ends */

/**
 * Takes the part of *rest up to @separator off its front (the separator goes too). False when
 * *rest has no text left: "a,b" gives a, b; "a," gives a, ""; "" (non-NULL) gives "" once.
 */
bool str_split(struct str *rest, char separator, struct str *part);

/** The word behind this one in a packed list "a\0b\0", which an empty word ends. */
const char *str_next(const char *word);

/** The next run of non-blank bytes of a text line; false at its end. */
bool str_word(struct str *rest, struct str *word);

/** Whole text as an unsigned number, decimal or (str_hex) hexadecimal; false if it is anything else
 * or does not fit. No sign, no space, no prefix is taken. */
bool str_u64(struct str s, uint64_t *number);
bool str_hex(struct str s, uint64_t *number);
/** The same with an optional leading minus. */
bool str_i64(struct str s, int64_t *number);

/** Edits (insert, delete, replace, swap of neighbours) between two words, ASCII case folded;
 * words longer than 32 bytes count as far apart. */
unsigned str_distance(struct str a, struct str b);

#endif
