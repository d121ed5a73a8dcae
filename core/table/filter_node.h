/* SPDX-License-Identifier: MIT */
/*
 * The inside of a filter, shared by the four filter files and nobody else.
 *
 * A filter is one array of nodes. Node 0 is the AND of all that was added. A group's children are a
 * chain of indexes; a leaf is one test of one column. Lists ("port:22,80") and aliases ("port" is
 * lport or rport) become ORs of leaves, so that evaluation and push-down know only two kinds of
 * group. There is no NOT: any node may be negated.
 */
#ifndef SOCKBOX_TABLE_FILTER_NODE_H
#define SOCKBOX_TABLE_FILTER_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/addr.h"
#include "core/base/arena.h"
#include "core/base/regex.h"
#include "core/table/filter.h"
#include "core/table/schema.h"

#define FILTER_LEAVES_MAX  4096
#define FILTER_DEPTH_MAX   64
#define FILTER_TEXT_MAX    65536
#define FILTER_SUBJECT_MAX 4096 /* as much of a text as a regular expression is shown */

enum filter_kind {
	FILTER_AND,
	FILTER_OR,
	FILTER_UNKNOWN, /* the leaves; this one holds where the value is unknown */
	FILTER_RANGE,   /* low <= number <= high */
	FILTER_WORDS,   /* bit number of mask is set */
	FILTER_END,     /* address in prefix (where there is one), port in low..high */
	FILTER_PART,    /* text is a part, without case */
	FILTER_EQUAL,   /* text is the whole */
	FILTER_REGEX,
};

struct filter_node {
	uint8_t kind; /* enum filter_kind */
	uint8_t column;
	bool negate;
	bool late; /* holds a regular expression: after its neighbours */
	bool bare; /* made from a bare word that names no column: a text, an address */
	bool has_prefix;
	uint16_t first,
	        next;  /* child and sibling; 0 ends a chain, because node 0 is nobody's child */
	uint32_t zone; /* 0: any */
	struct prefix prefix;
	union {
		struct {
			uint64_t low, high;
		};
		uint64_t mask;
		struct str text;     /* in the filter's arena */
		struct regex *regex; /* owned */
	};
};

/** Siblings in the making: cheap ones in the order in which they came, late ones behind them. */
struct filter_list {
	uint16_t first, last_cheap, last;
};

struct filter {
	const struct schema *schema;
	struct arena arena;
	struct filter_node *nodes;
	uint32_t count;
	uint32_t leaves;
	struct filter_list top;
};

/** Signed numbers are kept as unsigned ones in the same order. */
#define FILTER_SIGN (UINT64_C(1) << 63)

enum filter_op {
	FILTER_OP_MATCH,
	FILTER_OP_EQUAL,
	FILTER_OP_LESS,
	FILTER_OP_LESS_EQUAL,
	FILTER_OP_MORE,
	FILTER_OP_MORE_EQUAL,
	FILTER_OP_REGEX,
};

/** One value of a list. */
struct filter_item {
	struct str text; /* in the filter's arena, without escapes */
	size_t at;       /* where it began in the list */
	bool slashes;    /* it is /text/ */
	bool may_slash;
	struct str list, rest;
	char *copy;
};

/** A term as it was written, and what is being made of it for one column. */
struct filter_term {
	struct filter *filter;
	const char *shown; /* what the user wrote, for the caret */
	size_t op_at, at;  /* where in it the operator and the value stand */
	enum filter_op op;
	bool negate;
	const char *sign; /* the operator as written */
	struct str text;  /* the value, without quotes */

	const struct column *column;
	struct filter_item item; /* the value that is being read */
	struct filter_node leaf; /* and the test that it becomes */
	struct filter_list list; /* those of all columns, to become an OR */
};

/**
 * Copies a leaf into the filter, to the end of @list. 0, or DIAG_USAGE (with a caret at @at of @shown,
 * and its regular expression freed) where there are too many.
 */
int filter_add(struct filter *filter, const struct filter_node *leaf, struct filter_list *list,
        const char *shown, size_t at);

/** Stores the sentence BEFORE WORD AFTER, of a long word only the start, and a caret; DIAG_USAGE. */
int filter_refuse(
        const char *shown, size_t at, const char *before, struct str word, const char *after);

/**
 * Says that @value is no number, address... such as those that a column of @type takes, or that its
 * zone is none; DIAG_USAGE.
 */
int filter_no(enum column_type type, const char *shown, size_t at, struct str value);

/** Forgets all nodes from @count on. */
void filter_cut(struct filter *filter, uint32_t count);

/** Puts a node into a chain. */
void filter_link(struct filter *filter, struct filter_list *list, uint16_t index);

/** One node for the whole of @list: its only member, or a new group. */
uint16_t filter_group(struct filter *filter, enum filter_kind kind, const struct filter_list *list);

/**
 * Begins to read a comma list. With @slashes a value that begins with '/' reaches to the next '/'
 * before a comma or the end, if there is one.
 */
void filter_items(struct filter *filter, struct str list, bool slashes, struct filter_item *item);

/** The next value; false behind the last. */
bool filter_item(struct filter_item *item);

/** Adds the leaves of a term on column @i to its list. 0 or DIAG_USAGE. */
int filter_values(struct filter_term *term, size_t i);

/** Makes the leaf of a regular expression, which the item is ("/re/" without case) or, without
 * slashes, has as its text. 0 or DIAG_USAGE. */
int filter_regex(struct filter_term *term);

/** Reads an address, prefix, address with port, or port; false if the text is none of these. */
bool filter_endpoint(struct str text, bool with_port, struct filter_node *leaf);

/**
 * Can only have been meant as an address, be it one or not, and must not be looked for as text, in
 * vain. With @bare it takes more than a digit at the front or one colon, which "0ad" and "ab:cd" have.
 */
bool filter_like_address(struct str s, bool bare);

/** The bits of the values that a word means; 0 if it is none of @words (column_words()). */
uint64_t filter_words_mask(const char *words, struct str word);

/* ---- tokens (filter_token.c) */

enum token_type {
	TOKEN_END,
	TOKEN_TERM,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
};

struct token {
	enum token_type type;
	size_t at;       /* where it stands in what the user wrote */
	size_t unquoted; /* so many bytes at its front were not quoted; SIZE_MAX: none was */
	struct str text; /* without quotes */
};

struct tokens {
	const char *shown;  /* what the user wrote */
	struct token *list; /* the last one is TOKEN_END */
	size_t count;
	char *text; /* behind shown or the tokens; to be freed, as the list is */
};

/** Each argument is a token. 0 or DIAG_USAGE; tokens_release() in any case. */
int tokens_of_words(struct tokens *tokens, size_t count, char **words);

/** Blanks, brackets and quotes cut @text, which must outlive the tokens. The same. */
int tokens_of_text(struct tokens *tokens, const char *text);

void tokens_release(struct tokens *tokens);

#endif
