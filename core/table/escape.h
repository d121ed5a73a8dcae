/* SPDX-License-Identifier: MIT */
/*
 * The door through which every string from outside leaves: one function a format.
 */
#ifndef SOCKBOX_TABLE_ESCAPE_H
#define SOCKBOX_TABLE_ESCAPE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/str.h"

/**
 * For people: printable, one line. C0, DEL and invalid bytes become \xNN, other unsafe characters
 * \u{N} (see utf8_unsafe), the backslash \\. Returns the width in terminal columns.
 */
unsigned escape_plain(struct buf *out, struct str text);

/** Tab-separated: as plain, but \t and \n by name; a lone "-" becomes "\-" (the bare one is unknown)
 * and the empty text "\e", because a shell's read would lose an empty field. */
void escape_tsv(struct buf *out, struct str text);

/** RFC 4180: in double quotes where it holds a comma, a quote, CR or LF, or begins with = + - @ (a
 * spreadsheet's formula); control bytes as plain. */
void escape_csv(struct buf *out, struct str text);

/** The inside of a JSON string, valid UTF-8; returns false where bytes were replaced by U+FFFD. */
bool escape_json(struct buf *out, struct str text);

/** 'value' for a POSIX shell's eval: in single quotes, with unsafe characters as plain. */
void escape_shell(struct buf *out, struct str text);

#endif
