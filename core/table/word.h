/* SPDX-License-Identifier: MIT */
/*
 * A word that must be one of a list, and what is said when it is not.
 */
#ifndef SOCKBOX_TABLE_WORD_H
#define SOCKBOX_TABLE_WORD_H

#include <stddef.h>

#include "core/base/str.h"

/**
 * Stores "unknown WHAT 'prot'; did you mean 'proto'?" with a caret under @word, which is a part of
 * @text; where none of the list is near, @remedy, or with NULL the whole list. @next as for
 * diag_nearest(). Returns DIAG_USAGE.
 */
int word_unknown(const char *what, const char *text, struct str word,
        const char *(*next)(const void *context, size_t i), const void *context,
        const char *remedy);

/** Place of @text in a list "auto\0always\0never\0"; or word_unknown(). */
int word_choose(const char *what, const char *text, const char *list);

#endif
