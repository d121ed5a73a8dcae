/* SPDX-License-Identifier: MIT */
/*
 * Any pattern against any subject, with glibc's regcomp() and regexec() as the oracle.
 *
 * The first byte says how to read the rest: 't' is the pattern as text, up to a newline, and then the
 * subject; 'g' makes the pattern from a table of pieces, a byte a piece, which gets further. As capital
 * letters without case. What must hold, for any bytes: a refusal has a sentence and a place; the answer
 * is the same with the whole put in brackets, and with ".*" on both sides; it takes linear time.
 *
 * Where all is printable ASCII glibc must agree, on what is an error and on what matches, but for:
 * - what core/base/regex.h lists as refused;
 * - ranges without case. glibc folds their ends before it looks what is between, so that "[A-z]"
 *   has no '_' and "[b-^]" is no mistake. Ours holds what the range holds, in both cases, as musl's does.
 */
#include <assert.h>
#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/regex.h"

#define SUBJECT_MAX 4096
/* More would take glibc seconds and gigabytes. */
#define GLIBC_PATTERN_MAX 64
#define GLIBC_GROWN_MAX   300
/* A state and a character together take some 10 ns with the sanitizers. */
#define NS_PER_STEP 400

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
static const char *const pieces[] = { "a", "b", "c", "A", "B", "_", " ", "1", "-", ".", "[", "]", "[^", "[ab]", "[^a]",
	"[a-c]", "[[:alpha:]", "[[:upper:]]", "[[:punct:]]", "(", "(", "(", ")", ")", ")", "|", "|", "*", "*", "+", "?",
	"{2}", "{0}", "{0,1}", "{1,}", "{,2}", "{1,3}", "{2,1}", "{", "}", "^", "$", "\\w", "\\W", "\\s", "\\S", "\\b",
	"\\B", "\\<", "\\>", "\\`", "\\'", "\\", "\\.", "\\1", "a*", "(a|b)", "()", "{10}", "\xc3\xa9", "[\xc3\xa9-\xe2\x82\xac]",
	"[=", "[.", ":]" };
/* clang-format on */

static size_t generate(const uint8_t *data, size_t size, char *pattern, size_t *used)
{
	size_t len = 0;

	for (*used = 0; *used < size && data[*used] != '\n'; ++*used) {
		const char *piece = pieces[data[*used] % (sizeof(pieces) / sizeof(pieces[0]))];

		if (len + strlen(piece) > REGEX_PATTERN_MAX + 8)
			break;
		memcpy(pattern + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

static bool printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < ' ' || s.ptr[i] > '~')
			return false;
	}
	return true;
}

/* Does some range of the pattern hold other characters when it is folded glibc's way? It looks at all
 * that could be one, brackets or not: leaving out too much does no harm. */
static bool folds_apart(struct str s)
{
	for (size_t i = 0; i + 2 < s.len; i++) {
		unsigned char low = s.ptr[i], high = s.ptr[i + 2];

		if (s.ptr[i + 1] != '-')
			continue;
		if ((low <= high) != (toupper(low) <= toupper(high)))
			return true;
		for (int c = ' '; c <= '~'; c++) {
			int other = isalpha(c) ? c ^ 0x20 : c;
			bool ours = (low <= c && c <= high) || (low <= other && other <= high);

			if (ours != (toupper(low) <= toupper(c) && toupper(c) <= toupper(high)))
				return true;
		}
	}
	return false;
}

/* It writes repetitions out with no bound, "(){99}" too, and walks all paths through "\b\b\b". */
static bool too_dear_for_glibc(struct str s)
{
	unsigned grown = 1, n = 0;

	for (size_t i = 0; i < s.len && grown < GLIBC_GROWN_MAX; i++) {
		char c = s.ptr[i];

		if (isdigit((unsigned char)c)) {
			n = n < 5000 ? n * 10 + c - '0' : n;
			continue;
		}
		grown *= (n > 1 ? n : 1) * (c && strchr("*+?,\\", c) ? 2 : 1);
		n = 0;
	}
	return grown >= GLIBC_GROWN_MAX || s.len > GLIBC_PATTERN_MAX;
}

/* glibc is wrong on what is repeated with an anchor in it: /([ab]$){2}/ matches its "ab". */
static bool repeats_anchors(struct str s)
{
	bool anchor = false, repeated = false;

	for (size_t i = 0; i + 1 < s.len; i++) {
		anchor |= s.ptr[i] == '^' || s.ptr[i] == '$' ||
		        (s.ptr[i] == '\\' && strchr("<>bB`'", s.ptr[i + 1]));
		repeated |= s.ptr[i] == ')' && strchr("*+?{", s.ptr[i + 1]);
	}
	return anchor && repeated;
}

static bool refused_by_us_alone(const char *why)
{
	static const char *const sentences[] = { "longer", "back-ref", "no such escape", "')'",
		"no such class", "repetitions" };

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (!strncmp(why, sentences[i], strlen(sentences[i])))
			return true;
	}
	return false;
}

static void disagree(const char *how, struct str pattern, struct str subject, bool nocase)
{
	fprintf(stderr, "%s: /%.*s/%s on \"%.*s\"\n", how, STR_ARG(pattern), nocase ? "i" : "",
	        STR_ARG(subject));
	abort();
}

static void ask_glibc(
        struct str pattern, struct str subject, bool nocase, const char *why, bool matches)
{
	char text[REGEX_PATTERN_MAX + 1] = { 0 }, body[SUBJECT_MAX + 1] = { 0 };
	regex_t oracle;
	int error;

	if (!printable(pattern) || !printable(subject) || (nocase && folds_apart(pattern)))
		return;
	if (too_dear_for_glibc(pattern) || (why && refused_by_us_alone(why)))
		return;
	memcpy(text, pattern.ptr, pattern.len);
	memcpy(body, subject.ptr, subject.len);
	error = regcomp(&oracle, text, REG_EXTENDED | REG_NOSUB | (nocase ? REG_ICASE : 0));
	if (!error != !why)
		disagree(error ? "only glibc refuses" : why, pattern, subject, nocase);
	if (error)
		return;
	if (repeats_anchors(pattern)) {
		regfree(&oracle);
		return;
	}
	if ((regexec(&oracle, body, 0, NULL, 0) == 0) != matches)
		disagree(
		        matches ? "only we match" : "only glibc matches", pattern, subject, nocase);
	regfree(&oracle);
}

/* The same pattern between @before and @after; true also where that is too large. */
static bool same_within(const char *before, const char *after, struct str pattern,
        struct str subject, bool nocase, bool matches)
{
	char text[REGEX_PATTERN_MAX + 32];
	int len = snprintf(text, sizeof(text), "%s", before);
	const char *why;
	size_t offset;
	struct regex *regex;
	bool same;

	memcpy(text + len, pattern.ptr, pattern.len);
	memcpy(text + len + pattern.len, after, strlen(after));
	regex = regex_new(
	        (struct str){ text, len + pattern.len + strlen(after) }, nocase, &why, &offset);
	if (!regex)
		return !strncmp(why, "longer", 6) || !strncmp(why, "repetitions too large", 21);
	same = regex_test(regex, subject) == matches;
	regex_free(regex);
	return same;
}

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char generated[REGEX_PATTERN_MAX + 8];
	struct str pattern, subject;
	const char *why = NULL;
	size_t offset = SIZE_MAX, used = 0;
	bool nocase, matches = false;
	struct regex *regex;
	uint64_t start;

	if (!size)
		return 0;
	nocase = !(data[0] & 0x20);
	if ((data[0] | 0x20) == 'g') {
		pattern = (struct str){ generated, generate(data + 1, size - 1, generated, &used) };
	} else {
		while (used < size - 1 && data[1 + used] != '\n')
			used++;
		pattern = (struct str){ (const char *)data + 1, used };
	}
	subject = (struct str){ (const char *)data + 1 + used, size - 1 - used };
	if (subject.len) {
		subject.ptr++;
		subject.len--;
	}
	pattern.len = strnlen(pattern.ptr, pattern.len);
	if (subject.len > SUBJECT_MAX)
		subject.len = SUBJECT_MAX;

	regex = regex_new(pattern, nocase, &why, &offset);
	assert(!regex == (why != NULL));
	if (!regex) {
		assert(offset <= pattern.len && *why && printable(str_from(why)));
		ask_glibc(pattern, subject, nocase, why, false);
		return 0;
	}
	start = cpu_ns();
	matches = regex_test(regex, subject);
	assert(cpu_ns() - start < 1000000 + NS_PER_STEP * REGEX_STATES_MAX * (subject.len + 1));
	assert(regex_test(regex, subject) == matches);
	regex_free(regex);
	if (!same_within("(", ")", pattern, subject, nocase, matches))
		disagree("not so in brackets", pattern, subject, nocase);
	if (!same_within("^.*(", ").*$", pattern, subject, nocase, matches))
		disagree("not so within .*", pattern, subject, nocase);
	ask_glibc(pattern, subject, nocase, NULL, matches);
	return 0;
}
