/* SPDX-License-Identifier: MIT */
/* core/table/sample: copies own what they keep, know nothing else, and are sorted stably. */

#include "core/table/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "tests/unit/table_rows.h"

static struct sample sample;

static int setup(void **state)
{
	sample_init(&sample, &thing_schema);
	return 0;
}

static int teardown(void **state)
{
	sample_release(&sample);
	return 0;
}

static struct column_set set_of(const char *list)
{
	struct column_set set = { 0 };
	struct str rest = str_from(list);
	struct str word;

	while (str_split(&rest, ',', &word))
		column_set_add(&set, (size_t)schema_find(&thing_schema, word));
	return set;
}

/* The source reuses its memory: the copy must not notice. */
static void test_copy(void **state)
{
	struct column_set set = set_of("comm,local,rtt,note");
	char comm[] = "nginx";
	char note[] = "fine";
	char end[] = "/run/x";
	struct more more;
	struct thing thing = thing_known(&more);
	const struct thing *copy;

	thing.comm = str_from(comm);
	more.note = str_from(note);
	thing.local = (struct endpoint){ .kind = ADDR_TEXT, .text = str_from(end) };
	copy = sample_add(&sample, &thing, &set);
	memset(comm, 'x', sizeof(comm));
	memset(note, 'x', sizeof(note));
	memset(end, 'x', sizeof(end));
	memset(&more, 0, sizeof(more));
	memset(&thing, 0, sizeof(thing));
	assert_ptr_equal(sample.rows[0], copy);
	assert_int_equal(sample.count, 1);
	assert_int_equal(copy->pid, 4242);
	assert_true(str_equal(copy->comm, STR("nginx")));
	assert_true(str_equal(copy->local.text, STR("/run/x")));
	assert_true(copy->more->rtt == 850000);
	assert_int_equal(copy->more->beyond, 77);
	assert_true(str_equal(copy->more->note, STR("fine")));
	assert_null(copy->path.ptr);
}

static void test_not_asked_for(void **state)
{
	struct column_set set = set_of("pid,rtt,laddr");
	struct more more;
	struct thing thing = thing_known(&more);
	const struct thing *copy = sample_add(&sample, &thing, &set);

	assert_null(copy->comm.ptr);
	assert_non_null(copy->more);
	assert_null(copy->more->note.ptr);
	/* An address is in the row itself. */
	assert_int_equal(copy->local.kind, ADDR_IPV4);
	/* Another set for the next row. */
	set = set_of("path");
	thing.local = (struct endpoint){ .kind = ADDR_TEXT, .text = STR("/run/x") };
	copy = sample_add(&sample, &thing, &set);
	assert_true(str_equal(copy->path, STR("/usr/sbin/nginx")));
	assert_null(copy->comm.ptr);
	assert_null(copy->more);
	assert_int_equal(copy->local.kind, ADDR_NONE);
	/* The sources are as they were. */
	assert_true(str_equal(more.note, STR("fine")));
	assert_true(str_equal(thing.comm, STR("nginx")));
}

static void test_unknown(void **state)
{
	struct column_set all = schema_known(&thing_schema, UINT32_MAX);
	struct thing thing = thing_unknown();
	const struct thing *copy = sample_add(&sample, &thing, &all);

	for (size_t i = 0; i < thing_schema.count; i++)
		assert_int_equal(column_value(&thing_columns[i], copy).kind, VALUE_NONE);
	/* The empty text is known. */
	thing.comm = STR("");
	copy = sample_add(&sample, &thing, &all);
	assert_non_null(copy->comm.ptr);
	assert_int_equal(copy->comm.len, 0);
}

static const struct thing *row(size_t i)
{
	return sample.rows[i];
}

static void test_sort(void **state)
{
	const struct sort_key by_small[] = { { 2, false }, { 3, true } };
	const struct sort_key by_small_down[] = { { 2, true } };
	struct column_set set = set_of("pid");
	size_t counts[] = { 0, 1, 2, 3, 5, 255, 256, 257, 1000 };

	for (size_t c = 0; c < ARRAY_COUNT(counts); c++) {
		sample_clear(&sample);
		for (size_t i = 0; i < counts[c]; i++) {
			struct thing thing = thing_unknown();

			thing.small = (uint16_t)(rand() % 10 ? rand() % 7 : UINT16_MAX);
			thing.pid = (uint32_t)rand() % 3;
			thing.big = i;
			sample_add(&sample, &thing, &set);
		}
		sample_sort(&sample, by_small, 2);
		for (size_t i = 1; i < counts[c]; i++) {
			assert_true(row(i - 1)->small <= row(i)->small);
			if (row(i - 1)->small != row(i)->small)
				continue;
			assert_true(row(i - 1)->pid >= row(i)->pid);
			if (row(i - 1)->pid == row(i)->pid)
				assert_true(row(i - 1)->big < row(i)->big);
		}
		/* Descending, unknown stays last; rows that are equal keep the order that they had. */
		sample_sort(&sample, by_small_down, 1);
		for (size_t i = 1; i < counts[c]; i++) {
			uint16_t before = (uint16_t)(row(i - 1)->small + 1);
			uint16_t here = (uint16_t)(row(i)->small + 1);

			assert_true(before >= here);
			if (before == here)
				assert_true(row(i - 1)->pid >= row(i)->pid);
		}
	}
}

static void test_no_keys(void **state)
{
	struct column_set set = { 0 };
	struct thing thing = thing_unknown();

	for (uint32_t i = 0; i < 3; i++) {
		thing.pid = 3 - i;
		sample_add(&sample, &thing, &set);
	}
	sample_sort(&sample, NULL, 0);
	assert_int_equal(row(0)->pid, 3);
	assert_int_equal(row(2)->pid, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sort, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_keys, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
