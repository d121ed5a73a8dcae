/* SPDX-License-Identifier: MIT */
/* core/table/filter_value, filter_regex, filter_test: each type with each operator, and unknown values. */

#include "core/table/filter.h"

#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static enum truth test_word(const char *word)
{
	struct filter *filter = filter_new(&sock_schema);
	struct column_set known = schema_known(&sock_schema, ~0u);
	char *copy = strdup(word);
	enum truth truth;

	if (filter_words(filter, 1, &copy) < 0)
		fail_msg("%s: %s\n%s", word, diag_text(), diag_caret());
	truth = filter_test(filter, &row, &known);
	filter_free(filter);
	free(copy);
	return truth;
}

/* AT in @marked stands before the byte at which the caret must be. */
static void refuse(const char *marked, const char *sentence)
{
	struct filter *filter = filter_new(&sock_schema);
	char *plain = strdup(marked), *mark = strchr(plain, '\x01');
	struct buf expected = { 0 };

	assert_non_null(mark);
	memmove(mark, mark + 1, strlen(mark));
	if (filter_words(filter, 1, &plain) != DIAG_USAGE)
		fail_msg("%s is taken", plain);
	assert_string_equal(diag_text(), sentence);
	buf_format(&expected, "%s\n", plain);
	buf_fill(&expected, ' ', (size_t)(mark - plain));
	buf_text(&expected, "^\n");
	assert_string_equal(diag_caret(), expected.ptr);
	buf_release(&expected);
	filter_free(filter);
	free(plain);
}

static void check(const char *words, enum truth truth)
{
	char *copy = strdup(words), *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		if (test_word(word) != truth)
			fail_msg("%s is %d", word, test_word(word));
	}
	free(copy);
}

/* Words with blanks between them. */
#define PASS(words)    check(words, TRUTH_TRUE)
#define MISS(words)    check(words, TRUTH_FALSE)
#define UNKNOWN(words) check(words, TRUTH_UNKNOWN)
#define AT             "\x01"

static void test_numbers(void **state)
{
	(void)state;
	PASS("pid:4242 pid=4242 pid==4242 pid!=1 pid:1,4242 pid=1,4242 pid!=1,2 pid:4k..5k pid:4000.. pid:..4242");
	PASS("pid>4241 pid>=4242 pid<4243 pid<=4242 pid:4242..4242 pid!=1..9 pid:1..9,4242");
	MISS("pid:4243 pid=1 pid!=4242 pid!=1,4242 pid:1,2 pid:4243.. pid:..4241 pid>4242 pid>=4243 pid<4242 pid<=4241");
	MISS("pid<0 pid>18446744073709551615 pid:18446744073709551615");
	PASS("inode:123456 inode:0..1M inode:1k.. inode:..0.2M");
	refuse("pid:" AT "x", "'x' is no number such as 5, 10k or 1..9");
	refuse("pid:1," AT "x", "'x' is no number such as 5, 10k or 1..9");
	refuse("pid:1.." AT "x", "'x' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "x..1", "'x' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "1.5", "'1.5' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "-1", "'-1' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "9..1", "'9..1' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "..", "'..' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "18446744073709551616",
	        "'18446744073709551616' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "99999999999T", "'99999999999T' is no number such as 5, 10k or 1..9");
	refuse("pid:" AT "5B", "'5B' is no number such as 5, 10k or 1..9");
	refuse("pid<" AT "1,2", "'1,2' is no number such as 5, 10k or 1..9");
	refuse("pid<" AT "1..2", "'1..2' is no number such as 5, 10k or 1..9");
	refuse("pid" AT "~1", "'~' needs a text, and pid is of type uint");
	refuse("pid" AT "!~1", "'!~' needs a text, and pid is of type uint");
	refuse("pid:" AT, "no value behind :");
}

static void test_signed(void **state)
{
	(void)state;
	PASS("offset:-5 offset:-6..-4 offset:-5..0 offset:..0 offset:-10.. offset<0 offset<=-5 offset>-6 offset!=5");
	MISS("offset:5 offset>-5 offset:0.. offset:-4..4 offset<-5");
	row.offset = 7;
	PASS("offset:7 offset:-1..7 offset>-1");
	MISS("offset<7 offset:-7");
	refuse("offset:" AT "--5", "'--5' is no number such as -5, 10k or 1..9");
	refuse("offset:" AT "9223372036854775808",
	        "'9223372036854775808' is no number such as -5, 10k or 1..9");
}

static void test_hex(void **state)
{
	(void)state;
	PASS("mark:0x2a mark:42 mark:0x20..0x2f mark>0x29 mark!=0x2b mark=0x1,0x2A");
	MISS("mark:0x2b mark<42");
	refuse("mark:" AT "2a", "'2a' is no number such as 42 or 0x2a");
	refuse("mark:" AT "0x", "'0x' is no number such as 42 or 0x2a");
	refuse("mark:" AT "1k", "'1k' is no number such as 42 or 0x2a");
}

static void test_sizes(void **state)
{
	(void)state;
	PASS("rx:1500000 rx:1500k rx:1.5M rx:1500kB rx:1500K rx:1M..2M rx:1.43Mi.. rx>1Mi rx<1Gi rx<1G rx<1T rx<1Ti rx<1.55M rx>1.4999999999M");
	MISS("rx:1.5Mi rx>1.5M rx<1500000B");
	row.rx = 3 * 1024 * 512;
	PASS("rx:1.5Mi rx:1536Ki");
	refuse("rx:" AT "1m", "'1m' is no size such as 1500, 10k or 4Mi..");
	refuse("rx:" AT "1kbit", "'1kbit' is no size such as 1500, 10k or 4Mi..");
	refuse("rx:" AT "k", "'k' is no size such as 1500, 10k or 4Mi..");
	refuse("rx:" AT ".5k", "'.5k' is no size such as 1500, 10k or 4Mi..");
}

static void test_rates(void **state)
{
	(void)state;
	PASS("txrate:125k txrate:1Mbit txrate:1000000bit txrate:1Mbit..2Mbit txrate>100k txrate:125kB txrate<1Mibit txrate>0.9Mbit");
	MISS("txrate:1M txrate>1Mbit txrate:..999kbit");
	refuse("txrate>" AT "1Mbits", "'1Mbits' is no rate such as 100k, 2Mi.. or 1Mbit");
}

static void test_durations(void **state)
{
	(void)state;
	PASS("rtt:50ms rtt:50000us rtt:0.05s rtt:50ms.. rtt:10ms..1s rtt:..50ms rtt<1m rtt>=50ms rtt!=1s");
	MISS("rtt:51ms rtt>50ms rtt:1s..2s");
	refuse("rtt:" AT "50", "rtt needs a unit: rtt:50ms");
	refuse("rtt>" AT "50", "rtt needs a unit: rtt>50ms");
	refuse("rtt:1ms.." AT "50", "rtt needs a unit: rtt:50ms");
	refuse("rtt:" AT "50..80ms", "rtt needs a unit: rtt:50ms");
	refuse("rtt:" AT "0", "rtt needs a unit: rtt:0ms");
	refuse("rtt:" AT "50kg", "'50kg' is no duration such as 50ms, 5s or 2m..");
	refuse("rtt:" AT "5s..1s", "'5s..1s' is no duration such as 50ms, 5s or 2m..");
}

static void test_times(void **state)
{
	(void)state;
	PASS("started:2025-11-21T17:34:15 started:2025-11-21T17:34:15Z started:2025-11-21..2025-11-22 started>2025-11-21");
	PASS("started<2025-11-21T17:34:15.5 started:2025-11-21T18:34:15+01:00 started!=2025-11-21");
	MISS("started<2025-11-21 started:2025-11-22..");
	row.started = clock_wall() - 60 * NS_PER_SEC;
	PASS("started:5m.. started:5m..30s started>2m started<30s started:2025-01-01..30s");
	MISS("started>30s started:30s.. started<5m");
	row.started = 0;
	PASS("started:99999d started<=99999d");
	refuse("started>" AT "5", "'5' is no time such as 2026-11-21T17:34, or 5m (ago)");
	refuse("started:2025-11-21.." AT "noon",
	        "'noon' is no time such as 2026-11-21T17:34, or 5m (ago)");
	refuse("started:" AT "1m..5m", "'1m..5m' is no time such as 2026-11-21T17:34, or 5m (ago)");
}

static void test_ports(void **state)
{
	(void)state;
	PASS("port:443 port:50000 lport:443 rport:50000 port:80,443 port!=80 lport!=80,81 port:400..500 sport:443 dport:50000");
	PASS("port:..1023 lport<1024 rport>1023 port=443");
	/* On several columns, != means that none is. */
	MISS("port:80 port!=443 port!=50000 port!=80,443 lport:50000 rport:..49999 port>50000");
	/* Port 0 is "any": only who asks for it gets it. */
	row.remote.port = 0;
	PASS("rport:0 rport:0.. rport>=0 rport<=0 rport:0..5 rport:..0 rport!=5");
	MISS("rport:..1023 rport<1024 rport<=1024 rport>0 rport<0 rport<1 rport>65535");
	row.remote.no_port = true;
	UNKNOWN("rport:0 rport!=5");
	MISS("remote::0");
	refuse("port:" AT "https", "ports are numbers; did you mean lservice:https?");
	refuse("lport:22," AT "ssh", "ports are numbers; did you mean lservice:ssh?");
	refuse("port:" AT "65536", "'65536' is no port from 0 to 65535");
	refuse("port:80.." AT "70000", "'70000' is no port from 0 to 65535");
	refuse("port:" AT "1k", "'1k' is no port from 0 to 65535");
}

static void test_words(void **state)
{
	(void)state;
	PASS("proto:tcp proto:TCP proto=tcp proto==tcp proto!=udp proto:udp,tcp state:estab state:established state:ESTAB,listen");
	PASS("state!=listening,time-wait proto~^t proto~[cd] proto!~u state~^established$");
	MISS("proto:udp proto!=tcp state:listen,close-wait state!=estab proto~x");
	/* A regular expression sees the word that is shown, not its synonyms. */
	MISS("state~^estab$");
	row.proto = 63;
	PASS("proto:sctp proto!=tcp proto~sctp");
	row.proto = 9;
	MISS("proto:sctp,tcp,udp");
	row.proto = 65;
	MISS("proto:sctp,tcp,udp,unix proto:tcp");
	refuse("state:" AT "listne", "unknown state 'listne'; did you mean 'listen'?");
	refuse("state:listen," AT "tme-wait",
	        "unknown state 'tme-wait'; did you mean 'time-wait'?");
	refuse("proto:" AT "x", "unknown proto 'x'; there are tcp, udp, unix, sctp");
	refuse("state" AT "<listen", "'<' needs a number, and state is of type enum");
	refuse("state" AT ">=listen", "'>=' needs a number, and state is of type enum");
}

static void test_bools(void **state)
{
	(void)state;
	PASS("v6only:no v6only:false v6only:0 v6only=NO v6only!=yes v6only:yes,no");
	MISS("v6only:yes v6only:true v6only:1 v6only!=0");
	row.v6only = 1;
	PASS("v6only:yes");
	row.v6only = 9;
	UNKNOWN("v6only:yes v6only:no");
	refuse("v6only:" AT "maybe", "unknown v6only 'maybe'; there are yes, no");
	refuse("v6only" AT ">0", "'>' needs a number, and v6only is of type bool");
	refuse("v6only" AT "~y", "'~' needs a text, and v6only is of type bool");
}

static void test_text(void **state)
{
	(void)state;
	PASS("comm:gin comm:GIN comm:x,gin comm=nginx comm==x,nginx comm!=ssh comm!=ssh,gin process:nginx");
	PASS("comm~^ng comm~(x)$ comm!~ssh comm!~^N comm:/^N/ comm:/N.INX/ comm:/^x/,/^n/ comm:/^n{1,2}g/,x");
	PASS("exe:/usr/sbin/ exe:SBIN exe~^/usr/.*x$ exe=/usr/sbin/nginx comm:a,/ngin,n");
	MISS("comm:ssh comm=gin comm=NGINX comm!=nginx comm~^N comm!~^n comm:/^gin/ exe:/^usr/ exe:/u.r/ comm:/g comm:/ngin");
	row.comm = STR("a,b\\c/d/");
	PASS("comm:a\\,b comm:b\\\\c comm:b\\c comm=a\\,b\\\\c/d/ comm~a,b comm~b\\\\c comm:/a,b/ comm:/A,B/,x comm:\\,");
	row.comm = STR("");
	PASS("comm~^$ comm!=x comm!~. comm:/^$/ comm://");
	MISS("comm:x comm=x comm~.");
	row.comm = (struct str){ "a\0b\0", 4 };
	PASS("comm~^a.b.$ comm~^a[^x]b comm:B");
	refuse("comm" AT "<x", "'<' needs a number, and comm is of type text");
	refuse("exe" AT ">=x", "'>=' needs a number, and exe is of type path");
}

static void test_long_text(void **state)
{
	char text[6000];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[4095] = 'b';
	text[4096] = 'c';
	row.comm = (struct str){ text, sizeof(text) };
	/* An expression sees 4 kB, a part is looked for in all. */
	PASS("comm~b$ comm:c comm:bc");
	MISS("comm~c");
}

/* What is refused is regex's to say; that it is, and where, is the filter's. */
static void test_regex_refusals(void **state)
{
	struct filter *filter = filter_new(&sock_schema);
	static const char *const refused[] = { "(a)\\1", "a{256}", "((a{99}){99}){99}", "(a",
		"[a" };
	char long_pattern[300] = "comm~";
	char term[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
		snprintf(term, sizeof(term), "comm~%s", refused[i]);
		assert_int_equal(filter_words(filter, 1, (char *[]){ term }), DIAG_USAGE);
		assert_memory_equal(diag_text(), "regular expression: ", 20);
		snprintf(term, sizeof(term), "comm:x,/%s/", refused[i]);
		assert_int_equal(filter_words(filter, 1, (char *[]){ term }), DIAG_USAGE);
		snprintf(term, sizeof(term), "state~%s", refused[i]);
		assert_int_equal(filter_words(filter, 1, (char *[]){ term }), DIAG_USAGE);
		assert_true(filter_empty(filter));
	}
	assert_int_equal(filter_text(filter, "comm:x,/ab(/"), DIAG_USAGE);
	assert_non_null(strstr(diag_caret(), "\n          ^\n"));
	assert_int_equal(filter_text(filter, "comm !~ 'ab('"), DIAG_USAGE);
	assert_non_null(strstr(diag_caret(), "\n           ^\n"));
	PASS("comm~^n{1,255}g comm~n{1} comm~^\\w+x$ comm!~^([0-9]{1,3}\\.){3}[0-9]{1,3}$ "
	     "comm!~[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}");
	memset(long_pattern + 5, 'a', 257);
	assert_int_equal(filter_words(filter, 1, (char *[]){ long_pattern }), DIAG_USAGE);
	long_pattern[5 + 256] = '\0';
	assert_int_equal(filter_words(filter, 1, (char *[]){ long_pattern }), 0);
	filter_free(filter);
}

static void test_endpoints(void **state)
{
	(void)state;
	PASS("local:192.0.2.1 local:192.0.2.1:443 local::443 local:192.0.2.0/24 local:192.0.2.0/24:443 local:*:443");
	PASS("src:192.0.2.1 dst:198.51.100.0/24 addr:192.0.2.1 local=192.0.2.1 local!=192.0.2.2 local:10.0.0.1,192.0.2.1");
	PASS("local::400..500 local:192.0.2.1:..1023 remote::1024.. local:[192.0.2.1]:443 local:192.0.2.1:*");
	PASS("local~^192\\.0\\..*:443$ local!~:80$ laddr~^192\\.0\\.2\\.1$ laddr:192.0.2.0/24 raddr!=10.0.0.0/8");
	PASS("local:::ffff:192.0.2.1 laddr:::ffff:192.0.2.0/120");
	MISS("local:192.0.2.2 local:192.0.2.1:80 local::80 src:198.51.100.7 addr!=192.0.2.1 laddr:10.0.0.0/8 local:x local:*");
	refuse("local:" AT "192.0.2",
	        "'192.0.2' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:" AT "22",
	        "'22' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:" AT "192.0.2.1:99999",
	        "'192.0.2.1:99999' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:::1," AT "1.2.3.4/33",
	        "'1.2.3.4/33' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("laddr:" AT "192.0.2.1:443",
	        "'192.0.2.1:443' is no address such as 10.0.0.1, 10.0.0.0/8 or fe80::1");
	refuse("laddr:" AT "example",
	        "'example' is no address such as 10.0.0.1, 10.0.0.0/8 or fe80::1");
	refuse("laddr" AT "<::1", "'<' needs a number, and laddr is of type address");
	refuse("local" AT ">::1", "'>' needs a number, and local is of type endpoint");
}

static void test_ipv6_ends(void **state)
{
	char name[IF_NAMESIZE] = { 0 }, word[64];

	(void)state;
	row.local = ip_end("fe80::1", 22);
	row.local.zone = 1;
	PASS("local:fe80::1 local:[fe80::1]:22 local:[fe80::/10]:22 local:fe80::/10 laddr:fe80::1 local:[fe80::1]");
	PASS("local:fe80::1%1 laddr:fe80::1%1 local:[fe80::1%1]:22 local:fe80:0:0::1 local~^\\[fe80::1%1\\]:22$ laddr~^fe80::1%1$");
	MISS("local:fe80::1%2 local:[fe80::1]:23 local:::1 laddr:fe80::/128 local:[fe80::1%2]:22");
	if (if_indextoname(1, name)) {
		snprintf(word, sizeof(word), "local:fe80::1%%%s", name);
		PASS(word);
	}
	row.local = ip_end("::ffff:10.1.2.3", 22);
	PASS("local:10.0.0.0/8 local:10.1.2.3 laddr:10.1.2.3 local:10.0.0.0/8:22");
	refuse("local:fe80::1%" AT "nosuchif", "no interface 'nosuchif'");
	refuse("local:::1,[fe80::1%" AT "nosuchif]:22", "no interface 'nosuchif'");
	refuse("raddr!=fe80::/10%" AT "nosuchif", "no interface 'nosuchif'");
	refuse("laddr:fe80::1%" AT "0", "no interface '0'");
	refuse("laddr:" AT "[fe80::1%nosuchif]:22",
	        "'[fe80::1%nosuchif]:22' is no address such as 10.0.0.1, 10.0.0.0/8 or fe80::1");
	refuse("local:" AT "fe80::1::%nosuchif",
	        "'fe80::1::%nosuchif' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:" AT "10.0.0.1%1",
	        "'10.0.0.1%1' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:" AT "[::1",
	        "'[::1' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
	refuse("local:" AT "[::1]22",
	        "'[::1]22' is no address such as 10.0.0.1:22, 10.0.0.0/8, [::1]:22 or :22");
}

static void test_text_ends(void **state)
{
	(void)state;
	row.local = text_end("/run/Some.sock");
	PASS("local:/run local:some.SOCK local=/run/Some.sock local~^/run local!=/run local!=10.0.0.1 local!~x");
	MISS("local:/tmp local=/run local:192.0.2.1 local::443 local~^run");
	/* Its address and port are unknown, which is not the same as another one. */
	UNKNOWN("laddr:10.0.0.0/8 laddr!=10.0.0.1 lport:443");
	row.local = text_end("/a:1*");
	PASS("local:/a:1 local:/a: local:*");
	row.local = text_end("a,b");
	PASS("local:a\\,b local=a\\,b local~a,b");
}

static void test_unknown(void **state)
{
	struct sock known = row;

	(void)state;
	PASS("pid:any comm:any local:any rtt:any port:any state:any");
	MISS("pid:none comm:none local:none rtt:none port:none state:none");
	row = sock_unknown();
	MISS("pid:any comm:any local:any rtt:any port:any state:any v6only:any offset:any");
	PASS("pid:none comm:none local:none rtt:none port:none state:none v6only:none offset:none");
	UNKNOWN("pid:1 pid!=1 comm:x comm!=x comm~x comm!~x comm:/x/ local:::1 local!=::1 rtt:1s rtt<1s port:1 port!=1 state:listen state!~x");
	UNKNOWN("tcp 10.0.0.1 proto~x laddr~x local~x v6only:no offset<0");
	/* Only ":" asks; "=" is about a text of that name. */
	row = known;
	row.comm = STR("none");
	PASS("comm=none comm:any comm~none comm:none,x");
	MISS("comm:none comm=any");
	/* One of two ends is unknown. */
	row.remote = (struct endpoint){ .kind = ADDR_NONE };
	PASS("port:443 port:any port:none");
	UNKNOWN("port:80 port!=80");
	MISS("port!=443");
}

static void test_three_values(void **state)
{
	static const char *const truths[] = { "pid:1", "rtt:1s",
		"pid:4242" }; /* false, unknown, true */
	struct column_set known = schema_known(&sock_schema, NEED_OWNER);

	(void)state;
	for (unsigned a = 0; a < 3; a++) {
		for (unsigned b = 0; b < 3; b++) {
			char text[64];

			for (unsigned late = 0; late < 2; late++) {
				struct filter *all = filter_new(&sock_schema),
				              *any = filter_new(&sock_schema);

				/* A part that is a regular expression is looked at last, whatever stands first. */
				snprintf(text, sizeof(text), "(%s %s) and %s", truths[a],
				        late ? "comm~n" : "", truths[b]);
				assert_int_equal(filter_text(all, text), 0);
				assert_int_equal(filter_test(all, &row, &known), a < b ? a : b);
				snprintf(text, sizeof(text), "not (%s %s or %s)", truths[a],
				        late ? "comm~n" : "", truths[b]);
				assert_int_equal(filter_text(any, text), 0);
				assert_int_equal(
				        filter_test(any, &row, &known), 2 - (a > b ? a : b));
				filter_free(all);
				filter_free(any);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_numbers, setup),
		cmocka_unit_test_setup(test_signed, setup),
		cmocka_unit_test_setup(test_hex, setup),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_rates, setup),
		cmocka_unit_test_setup(test_durations, setup),
		cmocka_unit_test_setup(test_times, setup),
		cmocka_unit_test_setup(test_ports, setup),
		cmocka_unit_test_setup(test_words, setup),
		cmocka_unit_test_setup(test_bools, setup),
		cmocka_unit_test_setup(test_text, setup),
		cmocka_unit_test_setup(test_long_text, setup),
		cmocka_unit_test_setup(test_regex_refusals, setup),
		cmocka_unit_test_setup(test_endpoints, setup),
		cmocka_unit_test_setup(test_ipv6_ends, setup),
		cmocka_unit_test_setup(test_text_ends, setup),
		cmocka_unit_test_setup(test_unknown, setup),
		cmocka_unit_test_setup(test_three_values, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
