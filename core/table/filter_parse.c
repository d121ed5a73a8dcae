/* SPDX-License-Identifier: MIT */
/*
 * From tokens to nodes.
 *
 *	or   = and { "or" and }
 *	and  = not { ["and"] not }
 *	not  = { "not" } ( "(" or ")" | term )
 *	term = column operator value | address | word
 *
 * A word whose left side is no column is an error where it looks like one, because a misspelt
 * column that silently matches nothing is the worst answer.
 */
#include "core/table/filter.h"

#include <ctype.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/table/filter_node.h"
#include "core/table/word.h"

struct parser {
	struct filter *filter;
	const char *shown;
	const struct token *now;
	unsigned depth;
	bool words; /* the shell has cut */
};

struct operator
{
	char sign[3];
	uint8_t op; /* enum filter_op */
	bool negate;
};

/* Longer ones first. "=~" is what half of the world writes for "~". */
static const struct operator operators[] = {
	{ "==", FILTER_OP_EQUAL, false },
	{ "=~", FILTER_OP_REGEX, false },
	{ "!=", FILTER_OP_EQUAL, true },
	{ "!~", FILTER_OP_REGEX, true },
	{ "<=", FILTER_OP_LESS_EQUAL, false },
	{ ">=", FILTER_OP_MORE_EQUAL, false },
	{ ":", FILTER_OP_MATCH, false },
	{ "=", FILTER_OP_EQUAL, false },
	{ "<", FILTER_OP_LESS, false },
	{ ">", FILTER_OP_MORE, false },
	{ "~", FILTER_OP_REGEX, false },
};

static struct str part(struct str s, size_t from, size_t to)
{
	return (struct str){ s.ptr + from, to - from };
}

/* Where byte @i of a token stands in what the user wrote; right for one pair of quotes. */
static size_t place(const struct token *token, size_t i)
{
	return token->at + i + (i >= token->unquoted);
}

/* The operator that stands at byte @i of a token. */
static const struct operator* operator_at(const struct token *token, size_t i)
{
	size_t len = token->text.len < token->unquoted ? token->text.len : token->unquoted;
	struct str rest = part(token->text, i < len ? i : len, len);

	for (size_t n = 0; n < ARRAY_COUNT(operators); n++) {
		if (str_starts(rest, str_from(operators[n].sign)))
			return &operators[n];
	}
	return NULL;
}

static const struct operator* find_operator(const struct token *token, size_t *at)
{
	const struct operator* found = NULL;

	for (*at = 0; *at < token->text.len && !(found = operator_at(token, *at));)
		++*at;
	return found;
}

/* "10:30", "10:30:15", or a MAC address. */
static bool is_pairs(struct str s)
{
	if (s.len != 5 && s.len != 8 && s.len != 17)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int c = (unsigned char)s.ptr[i];

		if (i % 3 == 2 ? c != ':' : !(s.len == 17 ? isxdigit(c) : isdigit(c)))
			return false;
	}
	return true;
}

/* Holds colons and is a whole nevertheless: a list of addresses and ports, a MAC address, a time. */
static bool stands_alone(struct str s)
{
	struct filter_node leaf = { 0 };
	struct str rest = s, item;
	uint64_t time;

	if (is_pairs(s) || clock_parse(s, &time))
		return true;
	while (str_split(&rest, ',', &item)) {
		if (!filter_endpoint(item, true, &leaf))
			return false;
	}
	return true;
}

static int refuse(const struct parser *p, size_t at, const char *sentence, const char *more)
{
	return filter_refuse(p->shown, at, sentence, STR_NONE, more);
}

/* 0, or DIAG_USAGE with the translation of what another tool would understand. */
static int check_idiom(const struct parser *p, size_t at, struct str word)
{
	const char *idiom = schema_pair(p->filter->schema->idioms, word);

	if (!idiom)
		return 0;
	return diag_at(DIAG_USAGE, p->shown, at, "'%.*s' is not written so here; did you mean %s?",
	        STR_ARG(word), idiom);
}

/* How a column is searched for a bare word; false where it cannot hold it. */
static bool bare_leaf(const struct column *column, struct str word, struct filter_node *leaf)
{
	*leaf = (struct filter_node){ .kind = FILTER_PART, .text = word };
	if (column->type == COLUMN_ENUM) {
		leaf->kind = FILTER_WORDS;
		leaf->mask = filter_words_mask(column_words(column), word);
		return leaf->mask != 0;
	}
	return column->type == COLUMN_TEXT || column->type == COLUMN_PATH ||
	        column->type == COLUMN_ENDPOINT;
}

/* An address at either end, or a word wherever it can be. */
static int bare_item(struct parser *p, const struct token *token, const struct filter_item *item,
        struct filter_list *list)
{
	const struct schema *schema = p->filter->schema;
	struct str word = item->text;
	struct filter_node end = { 0 };
	bool address = filter_endpoint(word, true, &end);
	struct str rest = str_from(address ? schema->ends : schema->bare), name;
	uint16_t before = list->last;
	int result = 0;

	if (!word.len)
		return refuse(p, token->at, "empty word", "");
	if (!address && token->unquoted && schema->ends && !is_pairs(word) &&
	        filter_like_address(word, true))
		return filter_no(COLUMN_ENDPOINT, p->shown, token->at + item->at, word);
	while (result == 0 && str_split(&rest, ',', &name)) {
		int i = schema_find(schema, name);
		struct filter_node leaf = end;

		if (i < 0 || !(address || bare_leaf(&schema->columns[i], word, &leaf)))
			continue;
		leaf.column = (uint8_t)i;
		leaf.bare = leaf.kind != FILTER_WORDS;
		result = filter_add(p->filter, &leaf, list, p->shown, token->at);
	}
	if (result == 0 && list->last == before)
		return filter_refuse(p->shown, token->at, "'", word, "' is no word of any column");
	return result;
}

/* What a bare word must not be, because it would be searched in vain. */
static int check_bare(const struct parser *p, const struct token *token)
{
	const struct schema *schema = p->filter->schema;
	struct str word = token->text;
	struct column_set columns;
	size_t digits = 0;

	if (token->unquoted != SIZE_MAX)
		return 0;
	if (check_idiom(p, token->at, word))
		return DIAG_USAGE;
	while (digits < word.len && strchr("0123456789,", word.ptr[digits]))
		digits++;
	if (word.len && digits == word.len)
		return diag_at(DIAG_USAGE, p->shown, token->at,
		        "a number alone says nothing; did you mean %s:%.*s?",
		        schema->number ? schema->number : "COLUMN", STR_ARG(word));
	if (schema_resolve(schema, word, &columns))
		return filter_refuse(
		        p->shown, token->at, "a column needs a value: ", word, ":VALUE");
	return 0;
}

static int bare_term(struct parser *p, const struct token *token)
{
	struct filter_list list = { 0 };
	struct filter_item item;
	int result = check_bare(p, token);

	filter_items(p->filter, token->text, false, &item);
	while (result == 0 && filter_item(&item))
		result = bare_item(p, token, &item, &list);
	return result < 0 ? result : filter_group(p->filter, FILTER_OR, &list);
}

/* The left side of an operator is no column: an error, or 0 where it cannot have been meant as one. */
static int check_left(const struct parser *p, const struct token *token, struct str left)
{
	bool name = true;

	if (check_idiom(p, token->at, left))
		return DIAG_USAGE;
	if (str_starts(left, STR("(")))
		return filter_refuse(p->shown, token->at,
		        "a bracket must be an argument of its own: '(' ",
		        part(token->text, 1, token->text.len), "");
	if (filter_like_address(token->text, true))
		return 0;
	if (!left.len || strchr("0123456789*[", left.ptr[0]))
		return filter_refuse(p->shown, token->at, "'", token->text,
		        "' is no term and no address; terms are column:value");
	if (p->words && memchr(left.ptr, ' ', left.len))
		return filter_refuse(p->shown, token->at,
		        "an argument is one term; several go behind -Y: -Y '", token->text, "'");
	for (size_t i = 0; i < left.len; i++)
		name = name && !strchr("./ @\\", left.ptr[i]);
	if (!name)
		return 0;
	return word_unknown("column", p->shown,
	        part(str_from(p->shown), token->at, token->at + left.len), schema_word,
	        p->filter->schema, "-o help lists them");
}

/* A test of each of @columns, ORed. */
static int column_terms(const struct column_set *columns, struct filter_term *term)
{
	struct filter *filter = term->filter;
	uint16_t index;

	for (size_t i = 0; i < filter->schema->count; i++) {
		int result = column_set_has(columns, i) ? filter_values(term, i) : 0;

		if (result < 0)
			return result;
	}
	index = filter_group(filter, FILTER_OR, &term->list);
	filter->nodes[index].negate ^= term->negate;
	return index;
}

/*
 * The operator may stand in the word, or blanks may stand around it. But "comm: ssh" and, on a
 * command line, "comm= ssh" are errors: the value was meant to be there and is empty, most likely
 * a shell variable.
 */
static int parse_term(struct parser *p)
{
	const struct token *token = p->now++;
	const struct token *signed_by = token;
	const struct operator* op = NULL;
	struct filter_term term = { .filter = p->filter, .shown = p->shown };
	struct str left = token->text;
	struct column_set columns;
	size_t at = 0, end;
	int result;

	if (!stands_alone(token->text))
		op = find_operator(token, &at);
	if (op) {
		left = str_trim(part(token->text, 0, at));
	} else if (p->now->type == TOKEN_TERM && token->unquoted == SIZE_MAX) {
		at = 0;
		op = operator_at(p->now, 0);
		if (op && op->op == FILTER_OP_MATCH && p->now->text.len > 1)
			op = NULL;
		if (op)
			signed_by = p->now++;
	}
	if (!op)
		return bare_term(p, token);

	end = at + strlen(op->sign);
	term.op = op->op;
	term.negate = op->negate;
	term.sign = op->sign;
	term.op_at = place(signed_by, at);
	term.at = place(signed_by, end);
	term.text = part(signed_by->text, end, signed_by->text.len);
	if (signed_by == token && left.len < at)
		term.text = str_trim(term.text);
	if (!term.text.len && p->now->type == TOKEN_TERM &&
	        (signed_by != token ||
	                (!p->words && op->op != FILTER_OP_MATCH && !find_operator(p->now, &end)))) {
		term.at = place(p->now, 0);
		term.text = p->now++->text;
	}
	if (!schema_resolve(p->filter->schema, left, &columns)) {
		result = check_left(p, token, left);
		p->now = token + 1;
		return result < 0 ? result : bare_term(p, token);
	}
	if (!term.text.len)
		return refuse(p, term.at, "no value behind ", op->sign);
	result = column_terms(&columns, &term);
	/* What another tool writes so may be a column with another kind of value here. */
	if (result < 0 && signed_by != token)
		check_idiom(p, token->at, left);
	return result;
}

/* ---- grammar: each returns the index of a node, or DIAG_USAGE */

static int parse_or(struct parser *p);

static int parse_brackets(struct parser *p)
{
	const struct token *open = p->now++;
	int result;

	if (p->depth == FILTER_DEPTH_MAX)
		return diag_at(DIAG_USAGE, p->shown, open->at,
		        "more than %d brackets in each other", FILTER_DEPTH_MAX);
	p->depth++;
	result = parse_or(p);
	p->depth--;
	if (result >= 0 && p->now++->type != TOKEN_CLOSE)
		return refuse(p, open->at, "'(' without ')'", "");
	return result;
}

static int parse_not(struct parser *p)
{
	bool negate = false;
	int result;

	for (; p->now->type == TOKEN_NOT; p->now++)
		negate = !negate;
	if (p->now->type == TOKEN_OPEN)
		result = parse_brackets(p);
	else if (p->now->type == TOKEN_TERM)
		result = parse_term(p);
	else if (p->now->type == TOKEN_END)
		return refuse(p, p->now->at, "the filter ends where a term is missing", "");
	else
		return filter_refuse(p->shown, p->now->at, "'", p->now->text,
		        "' stands where a term is missing");
	if (result >= 0)
		p->filter->nodes[result].negate ^= negate;
	return result;
}

static int parse_chain(struct parser *p, enum filter_kind kind)
{
	struct filter_list list = { 0 };

	for (;;) {
		int result = kind == FILTER_OR ? parse_chain(p, FILTER_AND) : parse_not(p);

		if (result < 0)
			return result;
		filter_link(p->filter, &list, (uint16_t)result);
		if (p->now->type == (kind == FILTER_OR ? TOKEN_OR : TOKEN_AND))
			p->now++;
		else if (kind == FILTER_OR || p->now->type == TOKEN_END ||
		        p->now->type == TOKEN_CLOSE || p->now->type == TOKEN_OR)
			return filter_group(p->filter, kind, &list);
	}
}

static int parse_or(struct parser *p)
{
	return parse_chain(p, FILTER_OR);
}

/* Hangs the whole into the filter, or leaves the filter as it was. @result is that of the cutting. */
static int parse(struct filter *filter, struct tokens *tokens, int result, bool words)
{
	struct parser p = { filter, tokens->shown, tokens->list, 0, words };
	uint32_t count = filter->count;

	if (result < 0 || p.now->type == TOKEN_END)
		goto out;
	result = parse_or(&p);
	if (result >= 0 && p.now->type != TOKEN_END)
		result = refuse(&p, p.now->at, "')' without '('", "");
	if (result < 0) {
		filter_cut(filter, count);
		goto out;
	}
	filter_link(filter, &filter->top, (uint16_t)result);
	filter->nodes[0].first = filter->top.first;
	result = 0;
out:
	tokens_release(tokens);
	return result;
}

int filter_words(struct filter *filter, size_t count, char **words)
{
	struct tokens tokens = { 0 };

	return parse(filter, &tokens, tokens_of_words(&tokens, count, words), true);
}

int filter_text(struct filter *filter, const char *text)
{
	struct tokens tokens = { 0 };

	return parse(filter, &tokens, tokens_of_text(&tokens, text), false);
}
