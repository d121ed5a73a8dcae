/* SPDX-License-Identifier: MIT */
#include "core/table/word.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/diag.h"

int word_unknown(const char *what, const char *text, struct str word,
        const char *(*next)(const void *context, size_t i), const void *context, const char *remedy)
{
	const char *near = diag_nearest(word.ptr, word.len, next, context);
	size_t offset = (size_t)(word.ptr - text);
	struct buf hint = { 0 };
	const char *name;

	if (near)
		buf_format(&hint, "did you mean '%s'?", near);
	else if (remedy)
		buf_text(&hint, remedy);
	for (size_t i = 0; !near && !remedy && (name = next(context, i)); i++)
		buf_format(&hint, "%s%s", i ? ", " : "there are ", name);
	diag_at(DIAG_USAGE, text, offset, "unknown %s '%.*s'; %s", what, STR_ARG(word), hint.ptr);
	buf_release(&hint);
	return DIAG_USAGE;
}

static const char *packed_word(const void *context, size_t i)
{
	const char *word = context;

	while (i-- && *word)
		word += strlen(word) + 1;
	return *word ? word : NULL;
}

int word_choose(const char *what, const char *text, const char *list)
{
	const char *word;

	for (size_t i = 0; (word = packed_word(list, i)); i++) {
		if (strcmp(word, text) == 0)
			return (int)i;
	}
	return word_unknown(what, text, str_from(text), packed_word, list, NULL);
}
