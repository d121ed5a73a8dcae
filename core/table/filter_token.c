/* SPDX-License-Identifier: MIT */
/*
 * Cutting into tokens, in two ways that give the same: on a command line the shell has cut already,
 * and each argument is one token whatever it holds; in a text (-Y) blanks, brackets and quotes cut.
 */
#include "core/table/filter.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/base/mem.h"
#include "core/table/filter_node.h"

static const struct {
	char word[4];
	uint8_t type; /* enum token_type */
} marks[] = {
	{ "(", TOKEN_OPEN },
	{ ")", TOKEN_CLOSE },
	{ "and", TOKEN_AND },
	{ "&&", TOKEN_AND },
	{ "or", TOKEN_OR },
	{ "||", TOKEN_OR },
	{ "not", TOKEN_NOT },
	{ "!", TOKEN_NOT },
};

static struct token *add_token(
        struct tokens *tokens, const char *at, struct str text, size_t unquoted)
{
	struct token *token;

	tokens->list = mem_grow(tokens->list, tokens->count, sizeof(*token));
	token = &tokens->list[tokens->count++];
	*token = (struct token){ TOKEN_TERM, (size_t)(at - tokens->shown), unquoted, text };
	for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
		if (unquoted == SIZE_MAX && str_equal_nocase(text, str_from(marks[i].word)))
			token->type = marks[i].type;
	}
	return token;
}

/* A token that is written as it is shown. */
static void add_plain(struct tokens *tokens, const char *at, size_t len)
{
	add_token(tokens, at, (struct str){ at, len }, SIZE_MAX);
}

static int add_end(struct tokens *tokens, const char *at)
{
	add_token(tokens, at, STR_NONE, 0)->type = TOKEN_END;
	return 0;
}

/* "!port:22" is "not port:22". */
static bool begins_with_not(const char *s)
{
	return s[0] == '!' && s[1] != '=' && s[1] != '~';
}

static int too_long(void)
{
	return diag(DIAG_USAGE, "the filter is longer than %d bytes", FILTER_TEXT_MAX);
}

int tokens_of_words(struct tokens *tokens, size_t count, char **words)
{
	struct buf shown = { 0 };
	const char *at;

	buf_text(&shown, "");
	for (size_t i = 0; i < count && shown.len <= FILTER_TEXT_MAX; i++) {
		buf_text(&shown, i ? " " : "");
		buf_text(&shown, words[i]);
	}
	tokens->shown = tokens->text = shown.ptr;
	if (shown.len > FILTER_TEXT_MAX)
		return too_long();
	at = shown.ptr;
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);
		bool not = len > 1 && begins_with_not(at);

		if (not)
			add_plain(tokens, at, 1);
		add_plain(tokens, at + not, len - not);
		at += len + 1;
	}
	return add_end(tokens, shown.ptr + shown.len);
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Length of what ends a word and is a token by itself. */
static size_t mark_len(const char *s)
{
	if ((s[0] == '&' || s[0] == '|') && s[1] == s[0])
		return 2;
	return s[0] == '(' || s[0] == ')';
}

static const char *refuse(const struct tokens *tokens, const char *at, const char *sentence)
{
	filter_refuse(tokens->shown, (size_t)(at - tokens->shown), sentence, STR_NONE, "");
	return NULL;
}

/*
 * Cuts the word at @start, whose text goes to *out, and returns where it ends, or NULL where the
 * filter is refused. A backslash hides what would end it: a quote anywhere, blanks and brackets
 * outside of quotes. Before all else it stays, for lists and regular expressions.
 */
static const char *cut_word(struct tokens *tokens, const char *start, char **out)
{
	const struct token *token;
	const char *s = start, *opened = NULL;
	char *word = *out, *to = word;
	size_t unquoted = SIZE_MAX;

	for (; *s && (opened || !(is_blank(*s) || mark_len(s))); s++) {
		bool quotes = opened ? *s == *opened : *s == '\'' || *s == '"';
		bool hides = *s == '\\' && s[1] &&
		        (opened ? s[1] == *opened : is_blank(s[1]) || strchr("'\"()", s[1]));

		if ((quotes || hides) && unquoted == SIZE_MAX)
			unquoted = (size_t)(to - word);
		if (quotes) {
			opened = opened ? NULL : s;
			continue;
		}
		/* A backslash that stays hides the next one from this loop. */
		if (*s == '\\' && s[1] && !hides)
			*to++ = *s++;
		else
			s += hides;
		*to++ = *s;
	}
	*out = to;
	if (opened)
		return refuse(tokens, opened, "no closing quote");
	token = add_token(tokens, start, (struct str){ word, (size_t)(to - word) }, unquoted);
	if (token->type == TOKEN_TERM && *s == '(')
		return refuse(tokens, s, "a value that holds brackets needs quotes");
	return s;
}

int tokens_of_text(struct tokens *tokens, const char *text)
{
	size_t len = strlen(text);
	char *out;

	if (len > FILTER_TEXT_MAX)
		return too_long();
	tokens->shown = text;
	tokens->text = out = mem_alloc(len + 1);
	while (*text) {
		size_t mark = begins_with_not(text) ? 1 : mark_len(text);

		if (mark) {
			add_plain(tokens, text, mark);
			text += mark;
		} else if (is_blank(*text)) {
			text++;
		} else {
			text = cut_word(tokens, text, &out);
			if (!text)
				return DIAG_USAGE;
		}
	}
	return add_end(tokens, text);
}

void tokens_release(struct tokens *tokens)
{
	free(tokens->list);
	free(tokens->text);
}
