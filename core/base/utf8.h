/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 read strictly (RFC 3629), and what a terminal may be given of Unicode. No locale is asked:
 * iswprint() of a UTF-8 locale calls bidirectional controls printable.
 */
#ifndef SOCKBOX_BASE_UTF8_H
#define SOCKBOX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Decodes one character at @text (len > 0). Returns its length in bytes and sets *rune, or returns 0
 * for an invalid byte (overlong, surrogate, above U+10FFFF, cut): step over one byte then.
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *rune);

/** Writes @rune into @out (4 bytes at most), returns the length. */
size_t utf8_encode(uint32_t rune, char *out);

/**
 * Must it be escaped before a person sees it? C0, DEL, C1, bidirectional controls, zero-width and
 * format characters, line and paragraph separators, tags, noncharacters, private use, surrogates.
 */
bool utf8_unsafe(uint32_t rune);

/** Columns on a terminal: 0 combining, 2 wide (East Asian Wide and Fullwidth, emoji), else 1. */
unsigned utf8_width(uint32_t rune);

#endif
