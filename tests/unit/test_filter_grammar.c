/* SPDX-License-Identifier: MIT */
/* core/table/filter_token, filter_parse: cutting, precedence, bare words, and what errors say where. */

#include "core/table/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "tests/unit/filter_rows.h"

static struct tcpish tcp;
static struct sock row;

static int setup(void **state)
{
	(void)state;
	row = sock_known(&tcp);
	return 0;
}

static enum truth test_row(const struct filter *filter)
{
	struct column_set known = schema_known(&sock_schema, ~0u);

	return filter_test(filter, &row, &known);
}

static enum truth text(const char *expression)
{
	struct filter *filter = filter_new(&sock_schema);
	enum truth truth;

	if (filter_text(filter, expression) < 0)
		fail_msg("%s: %s\n%s", expression, diag_text(), diag_caret());
	truth = test_row(filter);
	filter_free(filter);
	return truth;
}

/* Words are given as one string with '|' between them. */
static int add_words(struct filter *filter, const char *joined)
{
	char *copy = strdup(joined), *rest = copy, *words[64];
	size_t count = 0;
	int result;

	while (rest)
		words[count++] = strsep(&rest, "|");
	result = filter_words(filter, count, words);
	free(copy);
	return result;
}

static enum truth words(const char *joined)
{
	struct filter *filter = filter_new(&sock_schema);
	enum truth truth;

	if (add_words(filter, joined) < 0)
		fail_msg("%s: %s\n%s", joined, diag_text(), diag_caret());
	truth = test_row(filter);
	filter_free(filter);
	return truth;
}

/* The last line of @caret is blanks and the caret, which must stand below @under's place in it. */
static void check_caret(const char *shown, size_t at, const char *sentence, const char *said)
{
	struct buf expected = { 0 };

	assert_non_null(strstr(said, sentence));
	buf_text(&expected, shown);
	buf_char(&expected, '\n');
	buf_fill(&expected, ' ', at);
	buf_text(&expected, "^\n");
	assert_string_equal(diag_caret(), expected.ptr);
	buf_release(&expected);
}

/* '^' in @marked stands before the byte at which the caret must be. */
static void refuse(bool as_words, const char *marked, const char *sentence)
{
	struct filter *filter = filter_new(&sock_schema);
	char *plain = strdup(marked), *mark = strchr(plain, '^');
	int result;

	assert_non_null(mark);
	memmove(mark, mark + 1, strlen(mark));
	result = as_words ? add_words(filter, plain) : filter_text(filter, plain);
	if (result != DIAG_USAGE || !strstr(diag_text(), sentence))
		fail_msg("%s: %d %s\n%s", plain, result, diag_text(), diag_caret());
	for (char *p = plain; as_words && *p; p++)
		*p = *p == '|' ? ' ' : *p;
	check_caret(plain, (size_t)(mark - plain), sentence, diag_text());
	/* What was refused left nothing behind. */
	assert_true(filter_empty(filter));
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	filter_free(filter);
	free(plain);
}

#define REFUSE_TEXT(marked, sentence)  refuse(false, marked, sentence)
#define REFUSE_WORDS(marked, sentence) refuse(true, marked, sentence)
#define REFUSE(marked, sentence)                \
	do {                                    \
		REFUSE_TEXT(marked, sentence);  \
		REFUSE_WORDS(marked, sentence); \
	} while (0)
#define PASS(expression)   assert_int_equal(text(expression), TRUTH_TRUE)
#define MISS(expression)   assert_int_equal(text(expression), TRUTH_FALSE)
#define PASS_WORDS(joined) assert_int_equal(words(joined), TRUTH_TRUE)
#define MISS_WORDS(joined) assert_int_equal(words(joined), TRUTH_FALSE)

static void test_examples_of_the_spec(void **state)
{
	(void)state;
	PASS_WORDS("port:443|comm:nginx|not|state:listen");
	MISS_WORDS("port:443|comm:ssh|not|state:listen");
	PASS("rtt:50ms.. and (raddr:198.51.100.0/24 or comm:www-data)");
}

static void test_bar_in_a_word(void **state)
{
	struct filter *filter = filter_new(&sock_schema);
	char term[] = "comm~^(nginx|haproxy)$", rate[] = "txrate>100k";
	char *both[] = { rate, term };

	(void)state;
	assert_int_equal(filter_words(filter, 2, both), 0);
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	row.comm = STR("haproxy2");
	assert_int_equal(test_row(filter), TRUTH_FALSE);
	filter_free(filter);
}

static void test_empty(void **state)
{
	struct filter *filter = filter_new(&sock_schema);

	(void)state;
	assert_true(filter_empty(filter));
	assert_int_equal(filter_words(filter, 0, NULL), 0);
	assert_int_equal(filter_text(filter, " \t\n"), 0);
	assert_true(filter_empty(filter));
	assert_int_equal(filter_needs(filter), 0);
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	filter_free(filter);
	filter_free(NULL);
}

static void test_adding_ands(void **state)
{
	struct filter *filter = filter_new(&sock_schema);

	(void)state;
	assert_int_equal(add_words(filter, "port:443|or|port:80"), 0);
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	assert_int_equal(filter_text(filter, "port:( "), DIAG_USAGE);
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	assert_int_equal(filter_text(filter, "port:80 or comm~^x"), 0);
	assert_int_equal(test_row(filter), TRUTH_FALSE);
	row.comm = STR("xterm");
	assert_int_equal(test_row(filter), TRUTH_TRUE);
	filter_free(filter);
}

static void test_precedence(void **state)
{
	(void)state;
	/* T or (F and F), not ((T or F) and F) */
	PASS("port:443 or port:80 and port:81");
	PASS("port:443 or port:80 port:81");
	MISS("(port:443 or port:80) and port:81");
	/* (not F) and T; (not T) or T */
	PASS("not port:80 port:443");
	PASS("not port:443 or port:443");
	MISS("not (port:443 or port:80)");
	PASS("not not port:443");
	PASS("! ! port:443 && !(port:80 || port:81)");
	PASS("!port:80");
	PASS("NOT port:80 AND port:443 Or port:1");
	PASS_WORDS("(|port:80|or|port:443|)|!|port:22");
	PASS_WORDS("!port:80|&&|port:443");
	PASS("((((port:443))))");
	PASS("(port:443)(comm:nginx)");
	PASS("nginx :443");
	PASS("port:443&&comm:nginx||port:1");
}

static void test_operators_with_blanks(void **state)
{
	(void)state;
	PASS("rtt > 40ms");
	PASS("rtt >40ms");
	PASS("rtt> 40ms and port:443");
	MISS("rtt  >  60ms");
	PASS("port : 443");
	PASS("comm = nginx comm != x");
	PASS_WORDS("rtt|>|40ms");
	PASS_WORDS("rtt > 40ms");
	PASS_WORDS("rtt >=50ms");
	PASS_WORDS("port == 443");
	PASS_WORDS("port|=|443");
	PASS("comm =~ ^ng comm=~x$");
	PASS("comm !~ ssh");
	REFUSE_TEXT("comm:^ nginx", "no value behind :");
	REFUSE_TEXT("comm=^ port:443", "no value behind =");
	REFUSE_WORDS("comm=^|nginx", "no value behind =");
	REFUSE("rtt >^", "no value behind >");
}

static void test_quotes(void **state)
{
	(void)state;
	row.comm = STR("a (b) 'c' \"d\" \\e,f");
	PASS("comm:'a (b)'");
	PASS("comm:\"a (b)\"");
	PASS("comm:'(b) \\'c\\''");
	PASS("comm:\"'c' \\\"d\\\"\"");
	PASS("comm:a\\ \\(b\\)");
	PASS("comm:'\\\\e\\,f'");
	PASS("comm:\\\\e\\,f");
	PASS("comm~'^a \\(b\\) .c. .d. \\\\e,f$'");
	PASS("comm = 'a (b) \\'c\\' \"d\" \\e\\,f'");
	/* What stands in quotes is neither operator nor keyword. */
	row.comm = STR("x=and");
	PASS("'x=and'");
	PASS("'and'");
	PASS("comm = \"x=and\"");
	MISS("'port:443'");
	REFUSE_TEXT("'port' ^= 443", "'=' is no term");
	REFUSE_TEXT("comm:^'abc", "no closing quote");
	REFUSE_TEXT("comm:\"abc\" ^\"x\\\"", "no closing quote");
	REFUSE_TEXT("comm:a^(b)", "a value that holds brackets needs quotes");
	REFUSE_TEXT("rtt:'^x'", "'x' is no duration");
	REFUSE_TEXT("port:80 and rtt = '^5'", "rtt needs a unit: rtt=5ms");
}

static void test_words_hold_anything(void **state)
{
	(void)state;
	row.comm = STR("a (b) 'c' \"d\" \\e,f");
	PASS_WORDS("comm:a (b) 'c' \"d\"");
	PASS_WORDS("comm:\\\\e\\,f");
	PASS_WORDS("comm:x,(b)");
	MISS_WORDS("comm:and");
	MISS_WORDS("comm:\\d,z");
}

static void test_ends_of_bare_words(void **state)
{
	(void)state;
	PASS("192.0.2.1");
	PASS("198.51.100.7:50000");
	PASS("192.0.0.0/8:443");
	PASS("198.51.100.0/24");
	PASS(":443");
	PASS("*:443");
	PASS("192.0.2.1:*");
	PASS(":1..500");
	PASS("[192.0.2.1]:443");
	MISS(":80");
	MISS("192.0.2.1:80");
	MISS("::1");
	PASS("::ffff:192.0.2.1");
	PASS("::1,192.0.2.1");
	PASS("192.0.2.9,nginx");
	row.local = ip_end("fe80::1", 22);
	row.local.zone = 7;
	PASS("fe80::1");
	PASS("fe80::1%7");
	MISS("fe80::1%8");
	PASS("[fe80::1]:22");
	PASS("[fe80::1%7]:22");
	PASS("[fe80::/10]:22");
	PASS("fe80::/10");
	MISS("[fe80::1]:23");
	/* One end must match whole. */
	MISS("[fe80::1]:50000");
}

static void test_bare_words(void **state)
{
	(void)state;
	PASS("GIN");
	PASS("tcp");
	PASS("estab");
	MISS("esta");
	PASS("ssh,nginx");
	MISS("udp");
	row.local = text_end("/run/Nginx.sock");
	row.comm = STR_NONE;
	PASS("nginx.sock");
	PASS("/run/");
	assert_int_equal(text("sshd"), TRUTH_UNKNOWN);
	assert_int_equal(text("not sshd"), TRUTH_UNKNOWN);
	row.comm = STR("a 00:11:22:33:44:55 10:30:00 2025-11-21T17:34");
	PASS("00:11:22:33:44:55");
	PASS("10:30");
	PASS("2025-11-21T17:34");
	MISS("10:31");
	PASS_WORDS("a 00");
	/* A left side that no column could have is a text. */
	row.comm = STR("/x/y=z a.b:c");
	PASS("/x/y=z");
	PASS("a.b:c");
}

static void test_peers_idioms(void **state)
{
	(void)state;
	REFUSE_WORDS("^state|established|sport|=|:22", "did you mean state:established?");
	REFUSE_WORDS("tcp|^sport|=|:22", "did you mean sport:22?");
	REFUSE_TEXT("tcp ^sport = :22", "did you mean sport:22?");
	REFUSE_WORDS("^dev|=|eth0", "did you mean iface:eth0?");
	REFUSE("^aux", "did you mean the ps of another tool?");
	PASS_WORDS("sport|=|443");
	PASS("state:estab 'aux' or port:443");
	REFUSE("^443", "did you mean port:443?");
	REFUSE("^80,443", "did you mean port:80,443?");
	REFUSE_WORDS("^port|443", "a column needs a value: port:VALUE");
}

/* What can only have been meant as an address is not looked for as text. */
static void test_bare_addresses(void **state)
{
	static const char *const wrong[] = { "10.0.0.0/33", "10.0.0.300", "1.2.3", "10.0.0.1/",
		"10.0.0:22", "10.0.0.1:99999", "fe80::/129", "fe80::1::", "2001:db8:1",
		"::1::", "[::1:22", "fe80:::%lo" };
	struct filter *filter = filter_new(&sock_schema);
	struct buf sentence = { 0 }, marked = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
		buf_clear(&sentence);
		buf_format(&sentence, "'%s' is no address such as 10.0.0.1:22,", wrong[i]);
		buf_clear(&marked);
		buf_format(&marked, "tcp !^%s", wrong[i]);
		REFUSE_TEXT(marked.ptr, sentence.ptr);
		buf_clear(&marked);
		buf_format(&marked, "tcp|^%s", wrong[i]);
		REFUSE_WORDS(marked.ptr, sentence.ptr);
		buf_clear(&marked);
		buf_format(&marked, "::1,^%s", wrong[i]);
		REFUSE(marked.ptr, sentence.ptr);
		/* Quoted it is text. */
		buf_clear(&marked);
		buf_format(&marked, "'%s'", wrong[i]);
		assert_int_equal(text(marked.ptr), TRUTH_FALSE);
	}
	REFUSE("fe80::1%^nosuch", "no interface 'nosuch'");
	REFUSE("2001:db8::1%^nosuch", "no interface 'nosuch'");
	REFUSE("::1,[fe80::1%^nosuch]:22", "no interface 'nosuch'");
	/* A process, a MAC address, times, a version of something; a column that is hex digits. */
	assert_int_equal(add_words(filter, "0ad|00:1b:2c:3d:4e:5f|10:30|10:30:15|a.1|cc:a:b"), 0);
	assert_int_equal(add_words(filter, "7zip-1.2|/run/1.2|1.2.x"), 0);
	filter_free(filter);
	buf_release(&sentence);
	buf_release(&marked);
}

/* A bare word of an enumeration speaks of its column, other ones of none. */
static void test_bare_words_name_columns(void **state)
{
	struct filter *filter = filter_new(&sock_schema);
	struct column_set none = { 0 }, proto = { 0 }, named;

	(void)state;
	column_set_add(&proto, PROTO);
	assert_int_equal(filter_text(filter, "ssh,tc not 10.0.0.1"), 0);
	named = filter_columns(filter, true);
	assert_memory_equal(&named, &none, sizeof(named));
	assert_int_equal(filter_text(filter, "ssh,Unix"), 0);
	named = filter_columns(filter, true);
	assert_memory_equal(&named, &proto, sizeof(named));
	filter_free(filter);
}

/* Where no text is searched, a word that is none of an enumeration cannot be meant. */
static void test_bare_words_without_text(void **state)
{
	struct schema schema = sock_schema;
	struct filter *filter = filter_new(&schema);

	(void)state;
	schema.bare = "proto,state";
	schema.number = NULL;
	schema.idioms = NULL;
	schema.aliases = NULL;
	assert_int_equal(filter_text(filter, "listen,tcp udp"), 0);
	assert_int_equal(filter_text(filter, "listen,nginx"), DIAG_USAGE);
	assert_string_equal(diag_text(), "'nginx' is no word of any column");
	assert_int_equal(filter_text(filter, "443"), DIAG_USAGE);
	assert_string_equal(diag_text(), "a number alone says nothing; did you mean COLUMN:443?");
	filter_free(filter);
}

static void test_unknown_columns(void **state)
{
	(void)state;
	REFUSE("^prto:tcp", "unknown column 'prto'; did you mean 'proto'?");
	REFUSE_WORDS("port:443|^prto=tcp", "unknown column 'prto'; did you mean 'proto'?");
	REFUSE("^ab:cd", "unknown column 'ab'");
	REFUSE("^foo:bar", "unknown column 'foo'; -o help lists them");
	REFUSE_TEXT("port:443 (^foo > 5)", "unknown column 'foo'");
	REFUSE("^=nginx", "is no term and no address");
	REFUSE("^:http", "is no term and no address");
	REFUSE_WORDS("tcp|^(port:22|)", "a bracket must be an argument of its own: '(' port:22");
	REFUSE_TEXT("a.b ^= c", "'=' is no term and no address");
}

static void test_broken_grammar(void **state)
{
	(void)state;
	REFUSE_TEXT("port:443 and^", "the filter ends where a term is missing");
	REFUSE_WORDS("port:443|and^", "the filter ends where a term is missing");
	REFUSE_TEXT("^or port:443", "'or' stands where a term is missing");
	REFUSE_TEXT("port:443 or ^and comm:x", "'and' stands where a term is missing");
	REFUSE_TEXT("^(port:443", "'(' without ')'");
	REFUSE_TEXT("port:443 ^)", "')' without '('");
	REFUSE_TEXT("(^)", "')' stands where a term is missing");
	REFUSE_TEXT("not^", "the filter ends where a term is missing");
	REFUSE_TEXT("comm =^ and", "no value behind =");
	REFUSE_WORDS("port:443|^", "empty word");
	REFUSE("comm:a,^,b", "no value in the list");
	REFUSE("comm:a,^", "no value in the list");
}

static void test_limits(void **state)
{
	struct filter *filter = filter_new(&sock_schema);
	struct buf buf = { 0 };

	(void)state;
	buf_fill(&buf, '(', 64);
	buf_text(&buf, "port:443");
	buf_fill(&buf, ')', 64);
	PASS(buf.ptr);
	buf_clear(&buf);
	for (size_t i = 0; i < 100; i++)
		buf_text(&buf, "(port:443)");
	PASS(buf.ptr);
	buf_clear(&buf);
	buf_fill(&buf, '(', 65);
	assert_int_equal(filter_text(filter, buf.ptr), DIAG_USAGE);
	assert_string_equal(diag_text(), "more than 64 brackets in each other");
	buf_clear(&buf);
	/* "not" takes no depth. */
	for (size_t i = 0; i < 1000; i++)
		buf_text(&buf, "not ");
	buf_text(&buf, "port:443");
	PASS(buf.ptr);
	buf_clear(&buf);
	buf_text(&buf, "lport:0");
	for (size_t i = 1; i < 4096; i++)
		buf_format(&buf, ",%u", (unsigned)i);
	PASS(buf.ptr);
	buf_text(&buf, ",4096");
	assert_int_equal(filter_text(filter, buf.ptr), DIAG_USAGE);
	assert_string_equal(diag_text(), "the filter has more than 4096 terms");
	assert_true(filter_empty(filter));
	buf_clear(&buf);
	for (size_t i = 0; i < 4097; i++)
		buf_text(&buf, "comm~a ");
	assert_int_equal(filter_text(filter, buf.ptr), DIAG_USAGE);
	assert_true(filter_empty(filter));
	buf_clear(&buf);
	buf_fill(&buf, 'a', 65537);
	assert_int_equal(filter_text(filter, buf.ptr), DIAG_USAGE);
	assert_string_equal(diag_text(), "the filter is longer than 65536 bytes");
	assert_int_equal(filter_words(filter, 1, &buf.ptr), DIAG_USAGE);
	buf.ptr[65536] = '\0';
	assert_int_equal(filter_words(filter, 1, &buf.ptr), 0);
	filter_free(filter);
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_examples_of_the_spec, setup),
		cmocka_unit_test_setup(test_bar_in_a_word, setup),
		cmocka_unit_test_setup(test_empty, setup),
		cmocka_unit_test_setup(test_adding_ands, setup),
		cmocka_unit_test_setup(test_precedence, setup),
		cmocka_unit_test_setup(test_operators_with_blanks, setup),
		cmocka_unit_test_setup(test_quotes, setup),
		cmocka_unit_test_setup(test_words_hold_anything, setup),
		cmocka_unit_test_setup(test_ends_of_bare_words, setup),
		cmocka_unit_test_setup(test_bare_words, setup),
		cmocka_unit_test_setup(test_peers_idioms, setup),
		cmocka_unit_test_setup(test_bare_addresses, setup),
		cmocka_unit_test_setup(test_bare_words_name_columns, setup),
		cmocka_unit_test_setup(test_bare_words_without_text, setup),
		cmocka_unit_test_setup(test_unknown_columns, setup),
		cmocka_unit_test_setup(test_broken_grammar, setup),
		cmocka_unit_test_setup(test_limits, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
