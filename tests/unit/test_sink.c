/* SPDX-License-Identifier: MIT */
/* core/table/sink*: every format over a row of every type, one of unknowns and one of hostile names. */

#include "core/table/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/diag.h"
#include "tests/unit/table_rows.h"

static struct view view;
static struct output output;
static struct sink sink;
static char *written;

/* Output goes to a file, whose text taken() gives. */
static int setup(void **state)
{
	char path[] = "/tmp/sockbox-sink-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	view_init(&view, &thing_schema);
	output_init(&output, fd);
	sink = (struct sink){ .view = &view, .out = &output };
	return 0;
}

static int teardown(void **state)
{
	free(written);
	written = NULL;
	close(output.fd);
	output_release(&output);
	view_release(&view);
	return 0;
}

static size_t taken_len;

static const char *taken(void)
{
	off_t size = lseek(output.fd, 0, SEEK_CUR);

	free(written);
	written = calloc(1, (size_t)size + 1);
	assert_int_equal(pread(output.fd, written, (size_t)size, 0), size);
	assert_int_equal(ftruncate(output.fd, 0), 0);
	lseek(output.fd, 0, SEEK_SET);
	taken_len = (size_t)size;
	return written;
}

static void begin(const char *format, const char *columns)
{
	view.format = sink_find(format);
	assert_non_null(view.format);
	assert_int_equal(view_columns(&view, columns), 0);
	sink_begin(&sink);
}

/* All of @rows through one sink. */
static const char *run(
        const char *format, const char *columns, const struct thing *rows, size_t count)
{
	begin(format, columns);
	for (size_t i = 0; i < count; i++)
		sink_row(&sink, &rows[i]);
	assert_int_equal(sink_drain(&sink), 0);
	sink_end(&sink);
	return taken();
}

static struct thing two[2];
static struct more more;

static void make_two(void)
{
	two[0] = thing_known(&more);
	two[1] = thing_unknown();
}

static void test_table(void **state)
{
	make_two();
	assert_string_equal(run("table", ALL_COLUMNS, two, 2),
	        "state  yes  small   pid                   big  flags    rx  rate    age  when                      "
	        "tiny  offset                 wide  comm   path             local          laddr      lport    rtt  "
	        "note  mode\n"
	        "estab  yes  65534  4242  18446744073709551614  0x2a   1.2M   999  1.50s  2025-11-21T17:34:15.120Z  "
	        "-127      -5  9223372036854775807  nginx  /usr/sbin/nginx  192.0.2.1:443  192.0.2.1    443  850us  "
	        "fine  listen\n"
	        "-      -        -     -                     -  -         -     -      -  -                            "
	        "-       -                    -  -      -                -              -              -      -  "
	        "-     -\n");
}

static void test_tsv(void **state)
{
	make_two();
	assert_string_equal(run("tsv", ALL_COLUMNS, two, 2),
	        "state\tyes\tsmall\tpid\tbig\tflags\trx\trate\tage\twhen\ttiny\toffset\twide\tcomm\tpath\tlocal\tladdr\t"
	        "lport\trtt\tnote\tmode\n"
	        "estab\ttrue\t65534\t4242\t18446744073709551614\t0x2a\t1234567\t999\t1.5\t2025-11-21T17:34:15.12Z\t"
	        "-127\t-5\t9223372036854775807\tnginx\t/usr/sbin/nginx\t192.0.2.1:443\t192.0.2.1\t443\t0.00085\tfine\t"
	        "listen\n"
	        "-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n");
}

static void test_csv(void **state)
{
	make_two();
	assert_string_equal(run("csv", ALL_COLUMNS, two, 2),
	        "state,yes,small,pid,big,flags,rx,rate,age,when,tiny,offset,wide,comm,path,local,laddr,lport,rtt,note,mode\n"
	        "estab,true,65534,4242,18446744073709551614,0x2a,1234567,999,1.5,2025-11-21T17:34:15.12Z,-127,-5,"
	        "9223372036854775807,nginx,/usr/sbin/nginx,192.0.2.1:443,192.0.2.1,443,0.00085,fine,listen\n"
	        ",,,,,,,,,,,,,,,,,,,,\n");
}

static void test_jsonl(void **state)
{
	make_two();
	assert_string_equal(run("jsonl", ALL_COLUMNS, two, 2),
	        "{\"state\":\"estab\",\"yes\":true,\"small\":65534,\"pid\":4242,\"big\":18446744073709551614,"
	        "\"flags\":\"0x2a\",\"rx\":1234567,\"rate\":999,\"age\":1.5,\"when\":\"2025-11-21T17:34:15.12Z\","
	        "\"tiny\":-127,\"offset\":-5,\"wide\":9223372036854775807,\"comm\":\"nginx\","
	        "\"path\":\"/usr/sbin/nginx\",\"local\":\"192.0.2.1:443\",\"laddr\":\"192.0.2.1\",\"lport\":443,"
	        "\"rtt\":0.00085,\"note\":\"fine\",\"mode\":\"listen\"}\n"
	        "{\"state\":null,\"yes\":null,\"small\":null,\"pid\":null,\"big\":null,\"flags\":null,\"rx\":null,"
	        "\"rate\":null,\"age\":null,\"when\":null,\"tiny\":null,\"offset\":null,\"wide\":null,\"comm\":null,"
	        "\"path\":null,\"local\":null,\"laddr\":null,\"lport\":null,\"rtt\":null,\"note\":null,\"mode\":null}\n");
}

static void test_kv(void **state)
{
	make_two();
	assert_string_equal(run("kv", ALL_COLUMNS, two, 2),
	        "state='estab' yes='true' small='65534' pid='4242' big='18446744073709551614' flags='0x2a' rx='1234567' "
	        "rate='999' age='1.5' when='2025-11-21T17:34:15.12Z' tiny='-127' offset='-5' wide='9223372036854775807' "
	        "comm='nginx' path='/usr/sbin/nginx' local='192.0.2.1:443' laddr='192.0.2.1' lport='443' rtt='0.00085' "
	        "note='fine' mode='listen'\n"
	        "state='' yes='' small='' pid='' big='' flags='' rx='' rate='' age='' when='' tiny='' offset='' wide='' "
	        "comm='' path='' local='' laddr='' lport='' rtt='' note='' mode=''\n");
}

static void test_value(void **state)
{
	make_two();
	assert_string_equal(run("value", "pid", two, 2), "4242\n-\n");
}

/* Names from strangers: one a row, with the number of the row behind it. */
static const struct str hostile[] = {
	STR("\033]0;x\a"),
	STR("a\nb"),
	STR("\xc2\x9b"
	    "2J"),
	STR("\xe2\x80\xae"
	    "gpj"),
	STR("\xff\xfe"),
	STR("it's \"q\""),
	STR("a\tb"),
	STR("a\\b"),
	STR("-"),
	STR(""),
	STR("=cmd"),
	STR("a) R 1 (b"),
	STR("a,b"),
};

static const char *run_hostile(const char *format)
{
	struct thing rows[ARRAY_COUNT(hostile)];

	for (size_t i = 0; i < ARRAY_COUNT(hostile); i++) {
		rows[i] = thing_unknown();
		rows[i].comm = hostile[i];
		rows[i].small = (uint16_t)i;
	}
	return run(format, "comm,small", rows, ARRAY_COUNT(hostile));
}

static void test_hostile(void **state)
{
	assert_string_equal(run_hostile("table"),
	        "comm          small\n"
	        "\\x1b]0;x\\x07      0\n"
	        "a\\x0ab            1\n"
	        "\\u{9b}2J          2\n"
	        "\\u{202e}gpj       3\n"
	        "\\xff\\xfe          4\n"
	        "it's \"q\"          5\n"
	        "a\\x09b            6\n"
	        "a\\\\b              7\n"
	        "-                 8\n"
	        "                  9\n"
	        "=cmd             10\n"
	        "a) R 1 (b        11\n"
	        "a,b              12\n");
	assert_string_equal(run_hostile("tsv"),
	        "comm\tsmall\n\\x1b]0;x\\x07\t0\na\\nb\t1\n\\u{9b}2J\t2\n"
	        "\\u{202e}gpj\t3\n\\xff\\xfe\t4\nit's \"q\"\t5\na\\tb\t6\na\\\\b\t7\n"
	        "\\-\t8\n\\e\t9\n=cmd\t10\na) R 1 (b\t11\na,b\t12\n");
	assert_string_equal(run_hostile("csv"),
	        "comm,small\n\\x1b]0;x\\x07,0\n\"a\\x0ab\",1\n\\u{9b}2J,2\n"
	        "\\u{202e}gpj,3\n\\xff\\xfe,4\n\"it's \"\"q\"\"\",5\na\\x09b,6\n"
	        "a\\\\b,7\n\"-\",8\n\"\",9\n\"=cmd\",10\na) R 1 (b,11\n\"a,b\",12\n");
	assert_string_equal(run_hostile("jsonl"),
	        "{\"comm\":\"\\u001b]0;x\\u0007\",\"small\":0}\n{\"comm\":\"a\\nb\",\"small\":1}\n"
	        "{\"comm\":\"\\u009b2J\",\"small\":2}\n{\"comm\":\"\\u202egpj\",\"small\":3}\n"
	        "{\"comm\":\"\xef\xbf\xbd\xef\xbf\xbd\",\"comm_b64\":\"//4=\",\"small\":4}\n"
	        "{\"comm\":\"it's \\\"q\\\"\",\"small\":5}\n{\"comm\":\"a\\tb\",\"small\":6}\n"
	        "{\"comm\":\"a\\\\b\",\"small\":7}\n{\"comm\":\"-\",\"small\":8}\n{\"comm\":\"\",\"small\":9}\n"
	        "{\"comm\":\"=cmd\",\"small\":10}\n{\"comm\":\"a) R 1 (b\",\"small\":11}\n"
	        "{\"comm\":\"a,b\",\"small\":12}\n");
	assert_string_equal(run_hostile("kv"),
	        "comm='\\x1b]0;x\\x07' small='0'\ncomm='a\\x0ab' small='1'\ncomm='\\u{9b}2J' small='2'\n"
	        "comm='\\u{202e}gpj' small='3'\ncomm='\\xff\\xfe' small='4'\ncomm='it'\\''s \"q\"' small='5'\n"
	        "comm='a\\x09b' small='6'\ncomm='a\\\\b' small='7'\ncomm='-' small='8'\ncomm='' small='9'\n"
	        "comm='=cmd' small='10'\ncomm='a) R 1 (b' small='11'\ncomm='a,b' small='12'\n");
}

/* A path as an end goes through the same door. */
static void test_hostile_end(void **state)
{
	struct thing thing = thing_unknown();

	thing.local = (struct endpoint){ .kind = ADDR_TEXT, .text = STR("/r\"\033\xff") };
	assert_string_equal(run("table", "local", &thing, 1), "local\n/r\"\\x1b\\xff\n");
	assert_string_equal(run("csv", "local", &thing, 1), "local\n\"/r\"\"\\x1b\\xff\"\n");
	assert_string_equal(run("jsonl", "local", &thing, 1),
	        "{\"local\":\"/r\\\"\\u001b\xef\xbf\xbd\",\"local_b64\":\"L3IiG/8=\"}\n");
}

static void test_times(void **state)
{
	make_two();
	view.time = TIME_EPOCH;
	assert_string_equal(
	        run("jsonl", "when", two, 2), "{\"when\":1763746455.12}\n{\"when\":null}\n");
	view.time = TIME_RELATIVE;
	sink.now = two[0].when + 5 * NS_PER_SEC;
	assert_string_equal(run("jsonl", "when", two, 1), "{\"when\":5}\n");
	assert_string_equal(run("table", "when", two, 1), "when\n5.00s ago\n");
}

static void test_no_header(void **state)
{
	make_two();
	view.header = false;
	assert_string_equal(run("table", "state,pid", two, 2), "estab  4242\n-         -\n");
	assert_string_equal(run("tsv", "state,pid", two, 1), "estab\t4242\n");
	assert_string_equal(run("csv", "state,pid", two, 1), "estab,4242\n");
	assert_string_equal(run("table", "state,pid", two, 0), "");
}

static void test_no_rows(void **state)
{
	assert_string_equal(run("table", "state,pid", NULL, 0), "state  pid\n");
	assert_string_equal(run("tsv", "state,pid", NULL, 0), "state\tpid\n");
	assert_string_equal(run("jsonl", "state,pid", NULL, 0), "");
}

static void test_print0(void **state)
{
	make_two();
	view.print0 = true;
	run("table", "state,pid", two, 1);
	assert_int_equal(taken_len, 24);
	assert_memory_equal(written, "state   pid\0estab  4242", 24);
	run("tsv", "state,pid", two, 1);
	assert_int_equal(taken_len, 21);
	assert_memory_equal(written, "state\tpid\0estab\t4242", 21);
	run("jsonl", "pid", two, 2);
	assert_int_equal(taken_len, 26);
	assert_memory_equal(written, "{\"pid\":4242}\0{\"pid\":null}", 26);
}

static void test_color(void **state)
{
	make_two();
	view.color = true;
	assert_string_equal(run("table", "state,pid,comm", two, 2),
	        "\033[1mstate   pid  comm\033[0m\n"
	        "estab  4242  nginx\n"
	        "\033[2m-\033[0m         \033[2m-\033[0m  \033[2m-\033[0m\n");
	assert_string_equal(run("tsv", "pid", two, 2), "pid\n4242\n-\n");
}

/* On a terminal lines are cut; off it never. */
static void test_cut(void **state)
{
	struct thing thing = thing_unknown();

	thing.state = 1;
	thing.comm = STR("0123456789abcdef");
	sink.screen_width = 16;
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  0123456+\n");
	thing.comm = STR("01234567");
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  01234567\n");
	/* The rest of the line does not fit: also a cell that ends at the edge gives way. */
	assert_string_equal(run("table", "state,comm,small", &thing, 1),
	        "state   comm   +\nlisten  0123456+\n");
	/* Not inside an escape, nor inside a wide character. */
	thing.comm = STR("0123\033]0");
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  0123   +\n");
	thing.comm = STR("01\xe2\x80\xae"
	                 "4567");
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  01     +\n");
	thing.comm = STR("012345\xe6\xbc\xa2\xe6\xbc\xa2");
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  012345 +\n");
	thing.comm = STR("0\\234567");
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "state   comm\nlisten  0\\\\2345+\n");
	view.color = true;
	thing.comm = STR_NONE;
	sink.screen_width = 8;
	assert_string_equal(
	        run("table", "state,comm", &thing, 1), "\033[1mstate  +\033[0m\nlisten +\033[0m\n");
	for (unsigned width = 1; width < 8; width++) {
		sink.screen_width = width;
		run("table", ALL_COLUMNS, &thing, 1);
		assert_memory_equal(written + taken_len - 6, "+\033[0m\n", 6);
	}
}

/* A mark of width 0 that stands alone beyond the edge. */
static void test_cut_combining(void **state)
{
	struct thing thing = thing_unknown();

	thing.path = STR("012345");
	thing.comm = STR("\xcc\x88");
	sink.screen_width = 8;
	view.header = false;
	assert_string_equal(run("table", "path,comm,small", &thing, 1), "012345 +\n");
}

static void test_wide(void **state)
{
	struct thing rows[2] = { thing_unknown(), thing_unknown() };

	rows[0].comm = STR("\xe6\xbc\xa2\xe6\xbc\xa2z");
	rows[1].comm = STR("abcde");
	assert_string_equal(run("table", "comm,state", rows, 2),
	        "comm   state\n\xe6\xbc\xa2\xe6\xbc\xa2z  -\nabcde  -\n");
}

/* Rows stream once 32 kB are there, in columns that stand. */
static void test_streaming(void **state)
{
	struct thing thing = thing_unknown();
	static const char first[] = "comm      state   small\n";
	const char *line;
	size_t lines = 0;

	thing.comm = STR("c");
	thing.small = 7;
	begin("table", "comm,state,small");
	for (unsigned i = 0; i < 20000; i++)
		sink_row(&sink, &thing);
	assert_true(lseek(output.fd, 0, SEEK_CUR) > 100000);
	thing.comm = STR("much wider than it");
	thing.small = 65000;
	sink_row(&sink, &thing);
	sink_drain(&sink);
	/* The next sample is fitted anew, but no column shrinks; no second header. */
	thing.comm = STR("0123456789");
	sink_row(&sink, &thing);
	sink_end(&sink);
	line = taken();
	assert_memory_equal(line, first, sizeof(first) - 1);
	line += sizeof(first) - 1;
	while (strncmp(line, "c         -           7\n", 24) == 0) {
		line += 24;
		lines++;
	}
	assert_int_equal(lines, 20000);
	assert_string_equal(line,
	        "much wider than it  -  65000\n"
	        "0123456789  -       65000\n");
}

/* One command line must not make all lines as long. */
static void test_padding_limit(void **state)
{
	struct thing rows[2] = { thing_unknown(), thing_unknown() };
	char text[200];
	char expected[400];

	memset(text, 'x', sizeof(text));
	rows[0].comm = (struct str){ text, sizeof(text) };
	view.header = false;
	snprintf(expected, sizeof(expected), "%.200s  -\n%-64s  -\n", text, "-");
	assert_string_equal(run("table", "comm,state", rows, 2), expected);
}

static void test_repeated(void **state)
{
	make_two();
	begin("table", "state,pid");
	sink_row(&sink, &two[1]);
	assert_int_equal(sink_drain(&sink), 0);
	assert_string_equal(taken(), "state  pid\n-        -\n");
	sink_row(&sink, &two[0]);
	assert_int_equal(sink_drain(&sink), 0);
	assert_string_equal(taken(), "estab  4242\n");
	sink_row(&sink, &two[1]);
	sink_end(&sink);
	assert_string_equal(taken(), "-         -\n");
	/* Only the header is bold. */
	view.color = true;
	begin("table", "pid");
	sink_row(&sink, &two[0]);
	sink_drain(&sink);
	sink_row(&sink, &two[0]);
	sink_end(&sink);
	assert_string_equal(taken(), "\033[1m pid\033[0m\n4242\n4242\n");
}

static void test_full(void **state)
{
	make_two();
	close(output.fd);
	output.fd = open("/dev/full", O_WRONLY);
	begin("table", "state,pid");
	sink_row(&sink, &two[0]);
	assert_int_equal(sink_drain(&sink), -ENOSPC);
	sink_row(&sink, &two[0]);
	assert_int_equal(sink_drain(&sink), -ENOSPC);
	sink_end(&sink);
	assert_int_equal(output.buf.len, 0);
}

static void test_find(void **state)
{
	for (size_t i = 0; sink_formats[i]; i++)
		assert_ptr_equal(sink_find(sink_formats[i]->name), sink_formats[i]);
	assert_null(sink_find("json"));
	assert_string_equal(diag_text(), "unknown format 'json'; did you mean 'jsonl'?");
	assert_string_equal(diag_caret(), "json\n^\n");
	assert_null(sink_find("xml"));
	assert_string_equal(
	        diag_text(), "unknown format 'xml'; there are table, tsv, csv, jsonl, kv, value");
}

int main(void)
{
	static void (*const functions[])(void **) = {
		test_table,
		test_tsv,
		test_csv,
		test_jsonl,
		test_kv,
		test_value,
		test_hostile,
		test_hostile_end,
		test_times,
		test_no_header,
		test_no_rows,
		test_print0,
		test_color,
		test_cut,
		test_cut_combining,
		test_wide,
		test_streaming,
		test_padding_limit,
		test_repeated,
		test_full,
		test_find,
	};
	static const char *const names[] = {
		"table",
		"tsv",
		"csv",
		"jsonl",
		"kv",
		"value",
		"hostile",
		"hostile_end",
		"times",
		"no_header",
		"no_rows",
		"print0",
		"color",
		"cut",
		"cut_combining",
		"wide",
		"streaming",
		"padding_limit",
		"repeated",
		"full",
		"find",
	};
	struct CMUnitTest tests[ARRAY_COUNT(functions)];

	for (size_t i = 0; i < ARRAY_COUNT(functions); i++)
		tests[i] = (struct CMUnitTest){ names[i], functions[i], setup, teardown, NULL };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
