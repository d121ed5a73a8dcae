/* SPDX-License-Identifier: MIT */
/*
 * POSIX extended regular expressions, asked only whether they match.
 *
 *	.  [a-z]  [^a-z]  [[:alpha:]]  ^  $  ( )  |  *  +  ?  {m}  {m,}  {,n}  {m,n}
 *	\w \W \s \S    a letter, digit or '_'; a blank; and what is not
 *	\< \> \b \B    begin and end of a word; either; neither
 *	\` \'          what ^ and $ mean
 *	\.             of all that is no letter and no digit: the character itself
 *
 * The unit is one UTF-8 character, or one byte where there is none. Letters, blanks and case are
 * those of ASCII. No byte is special in the subject, NUL and newline neither.
 *
 * Refused although glibc takes it, because it is slow, or more likely a slip than meant:
 * back-references, [=a=] and [.a.], an escaped letter or digit other than the above, a ')' without
 * its '(', more than 255 repetitions, and what comes to more than REGEX_STATES_MAX states.
 */
#ifndef SOCKBOX_BASE_REGEX_H
#define SOCKBOX_BASE_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

#define REGEX_PATTERN_MAX 256  /* bytes */
#define REGEX_STATES_MAX  2048 /* two a character, one or two an operator; {n} multiplies */

struct regex;

/**
 * Compiles @pattern, which is not needed afterwards and holds no NUL. With @nocase ASCII letters
 * match both cases. Needs 17 kB of stack, and some more for nested groups.
 * On error NULL, with a static sentence in *why and the byte that it speaks of in *offset, which
 * is at most the pattern's length.
 */
struct regex *regex_new(struct str pattern, bool nocase, const char **why, size_t *offset);

/**
 * Does it match somewhere in @subject? Takes at most states times characters steps whatever the
 * pattern is, allocates nothing, changes nothing; needs 10 kB of stack.
 */
bool regex_test(const struct regex *regex, struct str subject);

void regex_free(struct regex *regex);

#endif
