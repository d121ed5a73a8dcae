/* SPDX-License-Identifier: MIT */
/* core/base/notes: said once, counted per sample. */

#include "core/base/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static void assert_said(struct notes *notes, enum note_kind kind, const char *expected)
{
	buf_clear(&out);
	notes_say(notes, kind, "conns", &out);
	assert_string_equal(buf_view(&out).ptr, expected);
	buf_release(&out);
}

static void test_once(void **state)
{
	struct notes notes = { 0 };

	(void)state;
	assert_said(&notes, NOTE_MISSING, "");
	notes_add(&notes, NOTE_MISSING, 5, "sockets without owner: needs %s", "CAP_SYS_PTRACE");
	notes_add(&notes, NOTE_MISSING, 7, "sockets without owner: needs CAP_SYS_PTRACE");
	notes_add(&notes, NOTE_MISSING, 0, "no /proc: owners unknown");
	notes_add(&notes, NOTE_WHY, 0, "sock: netlink");
	assert_int_equal(notes.count, 3);
	assert_said(&notes, NOTE_MISSING,
	        "conns: 12 sockets without owner: needs CAP_SYS_PTRACE\n"
	        "conns: no /proc: owners unknown\n");
	assert_said(&notes, NOTE_MISSING, "");
	assert_said(&notes, NOTE_WHY, "conns: sock: netlink\n");
	assert_false(notes_partial(&notes));
	notes_release(&notes);
	assert_int_equal(notes.count, 0);
	notes_release(&notes);
}

static void test_samples(void **state)
{
	struct notes notes = { 0 };

	(void)state;
	notes_add(&notes, NOTE_PARTIAL, 3, "a");
	assert_said(&notes, NOTE_PARTIAL, "conns: 3 a\n");
	notes_next(&notes);
	assert_int_equal(notes.list[0].count, 0);
	notes_add(&notes, NOTE_PARTIAL, 2, "a");
	assert_int_equal(notes.list[0].count, 2);
	notes_add(&notes, NOTE_PARTIAL, 1, "b");
	assert_said(&notes, NOTE_PARTIAL, "conns: 1 b\n");
	notes_next(&notes);
	assert_true(notes_partial(&notes));
	notes_release(&notes);
	assert_false(notes_partial(&notes));
}

/* The same sentence of another kind is another note. */
static void test_kinds(void **state)
{
	struct notes notes = { 0 };

	(void)state;
	notes_add(&notes, NOTE_WHY, 1, "x");
	notes_add(&notes, NOTE_PARTIAL, 1, "x");
	assert_int_equal(notes.count, 2);
	assert_said(&notes, NOTE_WHY, "conns: 1 x\n");
	assert_said(&notes, NOTE_PARTIAL, "conns: 1 x\n");
	notes_release(&notes);
}

static void test_hostile(void **state)
{
	struct notes notes = { 0 };

	(void)state;
	notes_add(&notes, NOTE_MISSING, 0, "interface %s", "\x1b[2J\n");
	assert_said(&notes, NOTE_MISSING, "conns: interface ?[2J?\n");
	notes_release(&notes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
