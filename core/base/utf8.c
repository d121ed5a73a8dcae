/* SPDX-License-Identifier: MIT */
/*
 * What a character means for a screen is one of four classes; all but "plain, one column" stand in
 * one table of ranges, each told by its distance from the last: that takes half of the room of plain
 * numbers, and a search from its start half a microsecond at most. It was made from the Unicode 14
 * character database: Mn, Me and the joining Hangul letters are Z, East Asian Width W and F (which emoji are) is W.
 * A range runs on over numbers not yet given out, which keeps the table short and guesses them well.
 * U is what must not reach a terminal: controls, what reorders or hides text, private use,
 * noncharacters.
 */
#include "core/base/utf8.h"

enum rune_class {
	RUNE_PLAIN,
	RUNE_ZERO,
	RUNE_WIDE,
	RUNE_UNSAFE,
};

#define TABLE_END 0x20000

/*
 * Numbers are in base 128, the highest digit first; all but the last have their high bit set. A range is
 * how far behind the end of the last one it begins, and its length less one with the class in the low
 * bits. Two or three digits where the macro's name says so.
 */
#define N2(n)             0x80 | (n) >> 7, (n) & 0x7f
#define N3(n)             0x80 | (n) >> 14, 0x80 | ((n) >> 7 & 0x7f), (n) & 0x7f
#define TAIL(class_, len) (((len) - 1) << 2 | (class_))
#define Z(gap, len)       gap, TAIL(RUNE_ZERO, len)
#define Z2(gap, len)      gap, N2(TAIL(RUNE_ZERO, len))
#define W(gap, len)       gap, TAIL(RUNE_WIDE, len)
#define W2(gap, len)      gap, N2(TAIL(RUNE_WIDE, len))
#define W3(gap, len)      gap, N3(TAIL(RUNE_WIDE, len))
#define U(gap, len)       gap, TAIL(RUNE_UNSAFE, len)
#define U2(gap, len)      gap, N2(TAIL(RUNE_UNSAFE, len))
#define U3(gap, len)      gap, N3(TAIL(RUNE_UNSAFE, len))

/* Each line begins with the first character of its first range. */
/* clang-format off */
static const uint8_t ranges[] = {
	/*     0 */ U(0, 32), U2(95, 33), U(13, 1), Z2(N2(594), 112), Z(N2(275), 7),
	/*   591 */ Z2(N2(263), 45), Z(1, 1), Z(1, 2), Z(1, 2), Z(1, 1), Z(72, 11),
	/*   61c */ U(1, 1), Z(46, 21), Z(16, 1), Z(101, 7), Z(2, 6), Z(2, 2), Z(1, 4),
	/*   711 */ Z(35, 1), Z(30, 27), Z(91, 11), Z(58, 9), Z(9, 1), Z(24, 4), Z(1, 9),
	/*   825 */ Z(1, 3), Z(1, 5), Z(43, 3), Z(60, 8), Z(42, 24), Z(1, 32), Z(55, 1),
	/*   93c */ Z(1, 1), Z(4, 8), Z(4, 1), Z(3, 7), Z(10, 2), Z(29, 1), Z(58, 1),
	/*   9c1 */ Z(4, 4), Z(8, 1), Z(20, 2), Z(26, 5), Z(57, 1), Z(4, 17), Z(30, 2),
	/*   a75 */ Z(3, 1), Z(11, 2), Z(57, 1), Z(4, 8), Z(4, 1), Z(20, 2), Z(22, 8),
	/*   b3c */ Z(58, 1), Z(2, 1), Z(1, 4), Z(8, 10), Z(11, 2), Z(30, 1), Z(61, 1),
	/*   bcd */ Z(12, 1), Z(50, 1), Z(3, 1), Z(55, 1), Z(1, 3), Z(5, 17), Z(11, 2),
	/*   c81 */ Z(29, 1), Z(58, 1), Z(2, 1), Z(6, 1), Z(5, 2), Z(20, 2), Z(28, 2),
	/*   d3b */ Z(57, 2), Z(4, 4), Z(8, 1), Z(20, 2), Z(29, 1), Z(72, 1), Z(7, 5),
	/*   e31 */ Z(90, 1), Z(2, 7), Z(12, 8), Z(98, 1), Z(2, 9), Z(11, 6), Z(74, 2),
	/*   f35 */ Z(27, 1), Z(1, 1), Z(1, 1), Z(55, 14), Z(1, 5), Z(1, 2), Z2(5, 48),
	/*   fc6 */ Z(9, 1), Z(102, 4), Z(1, 6), Z(1, 2), Z(2, 2), Z(25, 2), Z(4, 3),
	/*  1071 */ Z(16, 4), Z(13, 1), Z(2, 2), Z(6, 1), Z(15, 1), W2(98, 95), U(0, 2),
	/*  1161 */ Z2(0, 159), Z(N2(349), 3), Z(N2(946), 3), Z(29, 2), Z(30, 2), Z(30, 2),
	/*  17b4 */ U(64, 2), Z(1, 7), Z(8, 1), Z(2, 11), Z(9, 1), Z(45, 3), U(0, 1),
	/*  180f */ Z(0, 1), Z(117, 2), Z(34, 1), Z(118, 3), Z(4, 2), Z(9, 1), Z(6, 3),
	/*  1a17 */ Z(N2(219), 2), Z(2, 1), Z(58, 1), Z(1, 9), Z(1, 1), Z(2, 8), Z(6, 13),
	/*  1ab0 */ Z2(48, 84), Z(48, 1), Z(1, 5), Z(1, 1), Z(5, 1), Z(40, 9), Z(12, 2),
	/*  1ba2 */ Z(32, 4), Z(2, 2), Z(1, 3), Z(56, 1), Z(1, 2), Z(3, 1), Z(1, 3),
	/*  1c2c */ Z(58, 8), Z(2, 2), Z(N2(152), 3), Z(1, 13), Z(1, 7), Z(4, 1), Z(6, 1),
	/*  1cf8 */ Z(3, 2), Z2(N2(198), 64), U(N2(523), 5), U(24, 7), U(49, 16),
	/*  20d0 */ Z2(96, 33), W(N2(553), 2), W(13, 2), W(N2(190), 4), W(3, 1), W(2, 1),
	/*  25fd */ W(N2(521), 2), W(21, 2), W(50, 12), W(43, 1), W(19, 1), W(13, 1),
	/*  26aa */ W(8, 2), W(17, 2), W(5, 2), W(8, 1), W(5, 1), W(21, 1), W(7, 2),
	/*  26f5 */ W(1, 1), W(4, 1), W(2, 1), W(7, 1), W(4, 2), W(28, 1), W(35, 1),
	/*  274e */ W(1, 1), W(4, 3), W(1, 1), W(61, 3), W(24, 1), W(14, 1), W(N2(859), 2),
	/*  2b50 */ W(51, 1), W(4, 1), Z(N2(409), 3), Z(N2(141), 1), Z(96, 32),
	/*  2e80 */ W2(N2(128), 426), Z(0, 4), W(0, 17), W2(2, 86), Z(2, 2), W2(0, 201),
	/*  3164 */ U(0, 1), W2(0, 227), W3(8, 7024), W3(64, 22215), Z(N2(424), 4),
	/*  a674 */ Z(1, 10), Z(32, 2), Z(80, 2), Z(N2(272), 1), Z(3, 1), Z(4, 1),
	/*  a825 */ Z(25, 2), Z(5, 1), Z(N2(151), 2), Z(26, 18), Z(13, 1), Z(38, 8),
	/*  a947 */ Z(25, 11), W(14, 29), Z(3, 3), Z(48, 1), Z(2, 4), Z(2, 2), Z(39, 1),
	/*  aa29 */ Z(67, 6), Z(2, 2), Z(2, 2), Z(12, 1), Z(8, 1), Z(47, 1), Z(51, 1),
	/*  aab2 */ Z(1, 3), Z(2, 2), Z(5, 2), Z(1, 1), Z(42, 2), Z(8, 1), Z(N2(238), 1),
	/*  abe8 */ Z(2, 1), Z(4, 1), W3(18, 11172), Z2(12, 76), U3(4, 8448), W2(0, 474),
	/*  fb1e */ Z(68, 1), U(N2(689), 32), Z(16, 16), W(0, 10), Z(6, 16), W2(0, 60),
	/*  feff */ U(N2(147), 1), W2(1, 96), U(63, 1), W(63, 7), U(9, 12), U(2, 2),
	/* 101fd */ Z(N2(509), 1), Z(N2(226), 1), Z(N2(149), 5), Z(N2(1670), 15), Z(40, 8),
	/* 10ae5 */ Z(N2(165), 2), Z(N2(573), 4), Z(N2(387), 2), Z(N2(153), 11), Z(49, 4),
	/* 11001 */ Z(123, 1), Z(54, 15), Z(41, 1), Z(2, 2), Z(10, 3), Z(49, 4), Z(2, 2),
	/* 110c2 */ Z(7, 1), Z(61, 3), Z(36, 5), Z(1, 8), Z(62, 1), Z(12, 2), Z(52, 9),
	/* 111c9 */ Z(10, 4), Z(2, 1), Z(95, 3), Z(2, 1), Z(1, 2), Z(6, 1), Z(N2(160), 1),
	/* 112e3 */ Z(3, 8), Z(21, 2), Z(57, 2), Z(3, 1), Z(37, 15), Z(N2(195), 8),
	/* 11442 */ Z(2, 3), Z(1, 1), Z(23, 1), Z(84, 6), Z(1, 1), Z(4, 2), Z(1, 2),
	/* 115b2 */ Z(N2(238), 4), Z(6, 2), Z(1, 2), Z(27, 2), Z(85, 8), Z(2, 1), Z(1, 2),
	/* 116ab */ Z(106, 1), Z(1, 1), Z(2, 6), Z(1, 1), Z(101, 3), Z(2, 4), Z(1, 5),
	/* 1182f */ Z(N2(259), 9), Z(1, 2), Z(N2(256), 2), Z(1, 1), Z(4, 1), Z(N2(144), 8),
	/* 119e0 */ Z(4, 1), Z(32, 10), Z(40, 6), Z(2, 4), Z(8, 1), Z(9, 6), Z(2, 3),
	/* 11a8a */ Z(46, 13), Z(1, 2), Z(N2(406), 14), Z(1, 1), Z(82, 22), Z(2, 7),
	/* 11cb2 */ Z(1, 2), Z(1, 2), Z(122, 21), Z(1, 1), Z(72, 2), Z(3, 1), Z(1, 1),
	/* 11ef3 */ Z(N2(347), 2), Z(N3(19451), 5), Z(59, 7), Z(N2(1048), 1), Z(63, 4),
	/* 16fe0 */ W(77, 4), Z(0, 1), W3(11, 17164), Z(N2(2465), 2), U(1, 4),
	/* 1cf00 */ Z2(N2(4700), 71), Z(N2(544), 3), U(9, 8), Z(0, 8), Z(2, 7), Z(30, 4),
	/* 1d242 */ Z(N2(148), 3), Z2(N2(1979), 55), Z2(4, 50), Z(8, 1), Z(14, 1),
	/* 1da9b */ Z(22, 21), Z2(N2(1360), 43), Z(N2(261), 7), Z(N2(375), 1), Z(61, 4),
	/* 1e8d0 */ Z(N2(1504), 7), Z(109, 7), W(N2(1721), 1), W(N2(202), 1),
	/* 1f18e */ W(N2(190), 1), W(2, 10), W2(101, 289), W(12, 9), W2(1, 70), W(1, 22),
	/* 1f3a0 */ W2(12, 43), W(4, 5), W(12, 17), W(3, 1), W2(3, 71), W(1, 1),
	/* 1f442 */ W2(1, 187), W2(2, 63), W(13, 4), W(1, 24), W(18, 1), W(26, 2),
	/* 1f5a4 */ W(13, 1), W2(86, 85), W2(48, 70), W(6, 1), W(3, 3), W(2, 11), W(11, 2),
	/* 1f6f4 */ W(7, 9), W(N2(227), 17), W2(N2(283), 47), W(1, 10), W2(1, 185),
	/* 1fa70 */ W2(112, 135), U(N2(1287), 2),
};
/* clang-format on */

/* Planes 2 and 3 are ideographs, 14 holds tags, 15 and 16 are private. */
static enum rune_class class_beyond(uint32_t rune)
{
	if (rune >= 0xe0000 || (rune & 0xfffe) == 0xfffe)
		return RUNE_UNSAFE;
	return rune < 0x40000 ? RUNE_WIDE : RUNE_PLAIN;
}

static uint32_t take_number(const uint8_t **at)
{
	uint32_t number = 0;
	uint8_t digit;

	do {
		digit = *(*at)++;
		number = number << 7 | (digit & 0x7f);
	} while (digit & 0x80);
	return number;
}

/* The last range ends where the table does. */
static enum rune_class rune_class(uint32_t rune)
{
	const uint8_t *at = ranges;
	uint32_t start, tail, end = 0;

	if (rune >= TABLE_END)
		return class_beyond(rune);
	do {
		start = end + take_number(&at);
		tail = take_number(&at);
		end = start + (tail >> 2) + 1;
	} while (rune >= end);
	return rune < start ? RUNE_PLAIN : (enum rune_class)(tail & 3);
}

bool utf8_unsafe(uint32_t rune)
{
	return rune_class(rune) == RUNE_UNSAFE;
}

unsigned utf8_width(uint32_t rune)
{
	enum rune_class class = rune_class(rune);

	if (class == RUNE_WIDE)
		return 2;
	return class != RUNE_ZERO;
}

/* The smallest character that needs as many bytes; anything smaller was written too long. */
static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf8 ? 4 : 0;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *rune)
{
	unsigned char first = (unsigned char)text[0];
	size_t need = sequence_length(first);
	uint32_t sum;

	if (need == 1)
		*rune = first;
	if (need <= 1)
		return need;
	if (need > len)
		return 0;
	sum = first & (0x7fU >> need);
	for (size_t i = 1; i < need; i++) {
		unsigned char next = (unsigned char)text[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | (next & 0x3f);
	}
	if (sum < smallest[need] || sum > 0x10ffff || (sum >= 0xd800 && sum <= 0xdfff))
		return 0;
	*rune = sum;
	return need;
}

size_t utf8_encode(uint32_t rune, char *out)
{
	size_t len = 1;

	while (len < 4 && rune >= smallest[len + 1])
		len++;
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (rune & 0x3f));
		rune >>= 6;
	}
	out[0] = (char)(len == 1 ? rune : (rune | (0xf00U >> len & 0xff)));
	return len;
}
