/* SPDX-License-Identifier: MIT */
/* core/base/addr: against inet_ntop and inet_pton; prefixes, endpoints, order. */

#include "core/base/addr.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static int teardown(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static void assert_out(const char *expected)
{
	assert_string_equal(buf_view(&out).ptr, expected);
	buf_clear(&out);
}

/* glibc dots ::1.2.3.4, which is not v4-mapped; we do not. */
static bool is_compatible(const uint8_t ip[16])
{
	static const uint8_t zero[12];

	return memcmp(ip, zero, 12) == 0 && (ip[12] || ip[13]);
}

static void check_format(uint8_t kind, const uint8_t ip[16])
{
	char expected[INET6_ADDRSTRLEN];
	uint8_t back[16] = { 0xaa };
	uint8_t back_kind = ADDR_NONE;

	inet_ntop(kind == ADDR_IPV4 ? AF_INET : AF_INET6, ip, expected, sizeof(expected));
	addr_format(&out, kind, ip);
	if (kind == ADDR_IPV4 || !is_compatible(ip))
		assert_string_equal(out.ptr, expected);
	assert_true(addr_parse(buf_view(&out), &back_kind, back));
	assert_int_equal(back_kind, kind);
	assert_memory_equal(back, ip, kind == ADDR_IPV4 ? 4 : 16);
	buf_clear(&out);
}

static void test_format_ipv4(void **state)
{
	uint8_t ip[16] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		ip[i % 4] = (uint8_t)i;
		check_format(ADDR_IPV4, ip);
	}
	memset(ip, 0xff, sizeof(ip));
	check_format(ADDR_IPV4, ip);
}

/* Every pattern of zero groups, with digits of every length in the others. */
static void test_format_ipv6(void **state)
{
	static const uint16_t groups[] = { 1, 0x10, 0x100, 0x1000, 0xffff, 0xf, 0xff, 0xfff };

	(void)state;
	for (unsigned pattern = 0; pattern < 256; pattern++) {
		for (unsigned round = 0; round < 8; round++) {
			uint8_t ip[16] = { 0 };

			for (unsigned i = 0; i < 8; i++) {
				uint16_t group = pattern >> i & 1 ? groups[(i + round) % 8] : 0;

				ip[2 * i] = (uint8_t)(group >> 8);
				ip[2 * i + 1] = (uint8_t)group;
			}
			check_format(ADDR_IPV6, ip);
		}
	}
}

static void test_format_random(void **state)
{
	(void)state;
	srand(5);
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t ip[16];

		for (unsigned i = 0; i < 16; i++)
			ip[i] = (uint8_t)(rand() % 3 ? 0 : rand() >> 8);
		if (round % 16 == 0)
			memcpy(ip, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		check_format(round & 1 ? ADDR_IPV6 : ADDR_IPV4, ip);
	}
}

static void test_known(void **state)
{
	static const uint8_t zero[16];
	static const uint8_t compatible[16] = { [12] = 1, 2, 3, 4 };
	static const uint8_t mapped[16] = { [10] = 0xff, 0xff, 1, 2, 3, 4 };

	(void)state;
	addr_format(&out, ADDR_IPV6, zero);
	assert_out("::");
	addr_format(&out, ADDR_IPV6, compatible);
	assert_out("::102:304");
	addr_format(&out, ADDR_IPV6, mapped);
	assert_out("::ffff:1.2.3.4");
	addr_format(&out, ADDR_NONE, zero);
	addr_format(&out, ADDR_TEXT, zero);
	assert_out("");
}

static const char *const texts[] = { "1.2.3.4", "0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3",
	"1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4",
	"1.2.3.0x4", "1.2.3.-4", "1.2.3.0004", "", ".", ":", "::", ":::", "::1", "1::", "1::2::3",
	"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
	"1:2:3:4::5:6:7:8", "12345::", "::12345", "::g", "::1%lo", "::1/64", "1:", ":1",
	"1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::ffff:1.2.3.4", "::1.2.3.4",
	"1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
	"1:2:3:4:5:1.2.3.4", "::1.2.3", "::1.2.3.256", "::ABCD:abcd", "fe80::1::", "0:0::0:0",
	"::.", "::00001", "::0001", "[::1]" };

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint8_t expected[16] = { 0 }, ip[16] = { 0xaa }, kind = 0x77;
		bool dotted = inet_pton(AF_INET, texts[i], expected) == 1;
		bool good = dotted || inet_pton(AF_INET6, texts[i], expected) == 1;

		assert_int_equal(addr_parse(str_from(texts[i]), &kind, ip), good);
		if (good) {
			assert_int_equal(kind, dotted ? ADDR_IPV4 : ADDR_IPV6);
			assert_memory_equal(ip, expected, 16);
		} else { /* fills nothing when it refuses */
			assert_int_equal(kind, 0x77);
			assert_int_equal(ip[0], 0xaa);
		}
	}
	assert_false(addr_parse(STR_NONE, &(uint8_t){ 0 }, (uint8_t[16]){ 0 }));
	assert_false(addr_parse(STR("::1\0"), &(uint8_t){ 0 }, (uint8_t[16]){ 0 }));
}

static bool holds(const char *prefix_text, const char *text)
{
	struct prefix prefix;
	uint8_t kind = ADDR_NONE, ip[16] = { 0 };

	assert_true(prefix_parse(str_from(prefix_text), &prefix));
	assert_true(addr_parse(str_from(text), &kind, ip));
	return prefix_holds(&prefix, kind, ip);
}

static void test_prefix_parse(void **state)
{
	static const char *const bad[] = { "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "::/-1",
		"10.0.0.0/8/8", "10/8", "10.0.0.0/ 8", "10.0.0.0/0x8",
		"10.0.0.0/99999999999999999999", "x/8" };
	struct prefix prefix;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(prefix_parse(str_from(bad[i]), &prefix));
	assert_true(prefix_parse(STR("10.255.255.255/9"), &prefix));
	assert_int_equal(prefix.kind, ADDR_IPV4);
	assert_int_equal(prefix.bits, 9);
	assert_memory_equal(prefix.ip, "\x0a\x80\0\0", 4);
	assert_true(prefix_parse(STR("1.2.3.4"), &prefix));
	assert_int_equal(prefix.bits, 32);
	assert_true(prefix_parse(STR("ffff::ffff/3"), &prefix));
	assert_memory_equal(prefix.ip, "\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_true(prefix_parse(STR("::1"), &prefix));
	assert_int_equal(prefix.bits, 128);
	assert_int_equal(prefix.ip[15], 1);
}

static void test_prefix_holds(void **state)
{
	(void)state;
	assert_true(holds("10.0.0.0/8", "10.1.2.3"));
	assert_false(holds("10.0.0.0/8", "11.0.0.0"));
	assert_true(holds("10.128.0.0/9", "10.255.0.1"));
	assert_false(holds("10.128.0.0/9", "10.127.255.255"));
	assert_true(holds("0.0.0.0/0", "255.1.2.3"));
	assert_true(holds("1.2.3.4", "1.2.3.4"));
	assert_false(holds("1.2.3.4", "1.2.3.5"));
	assert_true(holds("fe80::/10", "febf::1"));
	assert_false(holds("fe80::/10", "fec0::1"));
	assert_true(holds("::/0", "2001:db8::1"));
	/* v4-mapped, both ways */
	assert_true(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
	assert_false(holds("10.0.0.0/8", "::ffff:11.1.1.1"));
	assert_false(holds("0.0.0.0/0", "::1"));
	assert_true(holds("0.0.0.0/0", "::ffff:1.2.3.4"));
	assert_true(holds("::ffff:10.0.0.0/104", "10.1.1.1"));
	assert_true(holds("::ffff:0:0/96", "10.1.1.1"));
	assert_false(holds("::/0", "10.1.1.1"));
	assert_false(holds("::/96", "0.0.0.1"));
}

static const char *zone_name(void *context, uint32_t zone)
{
	(void)context;
	return zone == 2 ? "eth0" : NULL;
}

static struct endpoint ip_end(const char *text, uint16_t port)
{
	struct endpoint end = { .port = port };
	uint8_t kind = ADDR_NONE;

	assert_true(addr_parse(str_from(text), &kind, end.ip));
	end.kind = kind;
	return end;
}

static void test_endpoint_format(void **state)
{
	struct endpoint end = ip_end("1.2.3.4", 22);

	(void)state;
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("1.2.3.4:22");
	end.port = 0;
	endpoint_format(&out, &end, NULL, NULL);
	assert_out("1.2.3.4:*");
	end.no_port = true;
	endpoint_format(&out, &end, NULL, NULL);
	assert_out("1.2.3.4");
	end = ip_end("fe80::1", 65535);
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("[fe80::1]:65535");
	end.zone = 2;
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("[fe80::1%eth0]:65535");
	endpoint_format(&out, &end, NULL, NULL);
	assert_out("[fe80::1%2]:65535");
	end.zone = 4294967295;
	end.no_port = true;
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("fe80::1%4294967295");
	end = (struct endpoint){ .kind = ADDR_TEXT, .text = STR("/run/x") };
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("/run/x");
	end = (struct endpoint){ 0 };
	endpoint_format(&out, &end, zone_name, NULL);
	assert_out("");
	for (uint32_t port = 1; port < 65536; port++) {
		char text[32];

		end = ip_end("1.2.3.4", (uint16_t)port);
		endpoint_format(&out, &end, NULL, NULL);
		snprintf(text, sizeof(text), "1.2.3.4:%u", (unsigned)port);
		assert_out(text);
	}
}

static void test_endpoint_order(void **state)
{
	struct endpoint ends[] = { { 0 }, ip_end("9.0.0.0", 5), ip_end("10.0.0.0", 4),
		ip_end("10.0.0.0", 5), ip_end("::1", 1), ip_end("::ffff:1.2.3.4", 1),
		ip_end("fe80::", 1), ip_end("fe80::", 1), { .kind = ADDR_TEXT, .text = STR("a") },
		{ .kind = ADDR_TEXT, .text = STR("b") } };

	(void)state;
	ends[7].zone = 3;
	for (int i = 0; i < 10; i++) {
		for (int k = 0; k < 10; k++) {
			int order = endpoint_compare(&ends[i], &ends[k]);

			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format_ipv4),
		cmocka_unit_test(test_format_ipv6),
		cmocka_unit_test(test_format_random),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_prefix_parse),
		cmocka_unit_test(test_prefix_holds),
		cmocka_unit_test(test_endpoint_format),
		cmocka_unit_test(test_endpoint_order),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
