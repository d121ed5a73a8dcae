/* SPDX-License-Identifier: MIT */
/*
 * A column is declared once. The member's name is the -o name, the filter word, the sort key, the
 * JSON key, the CSV header and the title on a screen; the type decides comparison, quoting and
 * rendering; the needs say what must be collected before it can be read.
 *
 *	static const struct column conn_columns[] = {
 *		COL_ENUM(conn, proto, 5, 0, CONN_PROTOS, "protocol"),
 *		COL_UINT(conn, pid, -7, NEED_OWNER, "process that owns the socket"),
 *		COL_DURATION_IN(conn, tcp, conn_tcp, rtt, -8, NEED_TCPINFO, "smoothed round-trip time"),
 *
 * Names and types are the public contract of a schema version.
 */
#ifndef SOCKBOX_TABLE_COLUMN_H
#define SOCKBOX_TABLE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/option.h"
#include "core/base/str.h"

/** What a column is to its reader. Unknown has a value of its own in every storage (see below). */
enum column_type {
	COLUMN_TEXT,  /* struct str; ptr NULL is unknown */
	COLUMN_PATH,  /* the same; holds '/', so that /re/ is no regular expression here */
	COLUMN_UINT,  /* unsigned, 1, 2, 4 or 8 bytes; all ones is unknown */
	COLUMN_HEX,   /* the same, shown as 0x2a; in JSON a string, because readers use doubles */
	COLUMN_INT,   /* signed; the smallest number is unknown */
	COLUMN_ENUM,  /* uint8_t; column_words() names them, 0 is unknown */
	COLUMN_BOOL,  /* uint8_t: 0 no, 1 yes, else unknown */
	COLUMN_BYTES, /* unsigned: 1.2M in a table, the number elsewhere */
	COLUMN_RATE,  /* unsigned, bytes a second, the same */
	COLUMN_DURATION, /* unsigned nanoseconds: 12ms in a table, seconds elsewhere */
	COLUMN_TIME,     /* uint64_t nanoseconds since 1970, shown as --time says */
	COLUMN_ENDPOINT, /* struct endpoint: address and port, or text; ADDR_NONE is unknown */
	COLUMN_ADDR, /* struct endpoint of which only the address counts; a text end is unknown */
	COLUMN_PORT, /* struct endpoint of which only the port counts; without port unknown */
};

struct column {
	const char *
	        name; /* behind it, packed as str_next() reads it, what column_help() and column_words() give */
	uint32_t needs;      /* bits of the schema's own; 0: always there */
	uint16_t offset;     /* of the member, in the row or in the block */
	uint16_t block;      /* 0, or 1 + offset in the row of a pointer to the struct that
	                                * holds the member; a NULL pointer there means unknown */
	uint16_t block_size; /* of that struct, so that a row can be copied with it */
	uint8_t type;        /* enum column_type */
	uint8_t size;        /* of the member, in bytes */
	int8_t width;        /* on a screen, at least; negative: to the right */
};

/* clang-format off */
#define COL_ROW(type_, struct_, member_, block_, texts_, width_, needs_) \
	{ .name = (texts_), .needs = (needs_), \
	  .offset = offsetof(struct struct_, member_), .block = (block_), \
	  .block_size = (block_) ? sizeof(struct struct_) : 0, .type = (type_), \
	  .size = sizeof(((struct struct_ *)0)->member_), .width = (width_) }
#define COL_PLAIN(type, s, m, w, n, h) COL_ROW(type, s, m, 0, #m HELP(h), w, n)
#define COL_BLOCK(type, s, p, b, m, w, n, h) COL_ROW(type, b, m, 1 + offsetof(struct s, p), #m HELP(h), w, n)

#define COL_TEXT(s, m, w, n, h) COL_PLAIN(COLUMN_TEXT, s, m, w, n, h)
#define COL_PATH(s, m, w, n, h) COL_PLAIN(COLUMN_PATH, s, m, w, n, h)
#define COL_UINT(s, m, w, n, h) COL_PLAIN(COLUMN_UINT, s, m, w, n, h)
#define COL_HEX(s, m, w, n, h) COL_PLAIN(COLUMN_HEX, s, m, w, n, h)
#define COL_INT(s, m, w, n, h) COL_PLAIN(COLUMN_INT, s, m, w, n, h)
#define COL_ENUM(s, m, w, n, words, h) COL_ROW(COLUMN_ENUM, s, m, 0, #m HELP(h) "\0" words, w, n)
#define COL_BOOL(s, m, w, n, h) COL_PLAIN(COLUMN_BOOL, s, m, w, n, h)
#define COL_BYTES(s, m, w, n, h) COL_PLAIN(COLUMN_BYTES, s, m, w, n, h)
#define COL_RATE(s, m, w, n, h) COL_PLAIN(COLUMN_RATE, s, m, w, n, h)
#define COL_DURATION(s, m, w, n, h) COL_PLAIN(COLUMN_DURATION, s, m, w, n, h)
#define COL_TIME(s, m, w, n, h) COL_PLAIN(COLUMN_TIME, s, m, w, n, h)
#define COL_ENDPOINT(s, m, w, n, h) COL_PLAIN(COLUMN_ENDPOINT, s, m, w, n, h)
/* Two more names for parts of the endpoint in member m. */
#define COL_ADDR(s, m, name, w, n, h) COL_ROW(COLUMN_ADDR, s, m, 0, name HELP(h), w, n)
#define COL_PORT(s, m, name, w, n, h) COL_ROW(COLUMN_PORT, s, m, 0, name HELP(h), w, n)
/* Members of struct b, to which member p of the row points. */
#define COL_TEXT_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_TEXT, s, p, b, m, w, n, h)
#define COL_PATH_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_PATH, s, p, b, m, w, n, h)
#define COL_UINT_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_UINT, s, p, b, m, w, n, h)
#define COL_BYTES_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_BYTES, s, p, b, m, w, n, h)
#define COL_RATE_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_RATE, s, p, b, m, w, n, h)
#define COL_DURATION_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_DURATION, s, p, b, m, w, n, h)
#define COL_TIME_IN(s, p, b, m, w, n, h) COL_BLOCK(COLUMN_TIME, s, p, b, m, w, n, h)
#define COL_ENUM_IN(s, p, b, m, w, n, words, h) COL_ROW(COLUMN_ENUM, b, m, 1 + offsetof(struct s, p), #m HELP(h) "\0" words, w, n)
/* clang-format on */

/** How a value is stored once it is out of its row. */
enum value_kind {
	VALUE_NONE = 0, /* unknown */
	VALUE_UINT,     /* u: UINT HEX ENUM BOOL BYTES RATE DURATION TIME PORT */
	VALUE_INT,      /* i */
	VALUE_TEXT,     /* text: TEXT PATH; lives as long as the row's */
	VALUE_END,      /* end: ENDPOINT ADDR (of ADDR only the address counts) */
};

struct value {
	enum value_kind kind;
	union {
		uint64_t u;
		int64_t i;
		struct str text;
		const struct endpoint *end;
	};
};

/** Reads a column of a row; unknown is VALUE_NONE. */
struct value column_value(const struct column *column, const void *row);

/** Order of two values of the same column; unknown comes last. <0, 0, >0. Enumerations order by value. */
int column_compare(const struct column *column, const struct value *a, const struct value *b);

/** What it means, in a line; empty in a small binary. */
const char *column_help(const struct column *column);

/**
 * The words of an enumeration, "\1tcp\0" "\2udp\0" "\2datagram\0", as str_next() reads them: each stands
 * behind its value, a byte from 1 to 63. The names come first, in ascending order; what follows is
 * synonyms. Empty for other columns.
 */
const char *column_words(const struct column *column);

/** Name of a value in @words, or NULL. */
const char *enum_word(const char *words, uint64_t value);

/** The i-th name in @words, passing over synonyms; NULL behind the last. For diag_nearest() too. */
const char *enum_name(const void *words, size_t i);

/** "text", "path", "uint", "hex", "int", "enum", "bool", "bytes", "rate", "duration", "time", "endpoint", "address", "port". */
const char *column_type_name(enum column_type type);

/** Unit of the numbers in machine formats: "bytes", "bytes/s", "s", or "". */
const char *column_unit(enum column_type type);

#endif
