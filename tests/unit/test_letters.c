/* SPDX-License-Identifier: MIT */
/*
 * A letter means one thing in all applets, but for those that a peer has taught people; these stand in
 * the list of exceptions here, and docs/letters.md is printed from the same tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/applet.h"
#include "core/base/mem.h"
#include "core/table/common.h"

#define APPLET(name) extern const struct applet applet_##name;
#include "applets.h"
#undef APPLET

static const struct applet *const applets[] = {
#define APPLET(name) &applet_##name,
#include "applets.h"
#undef APPLET
};

/* Applet and letters that mean there what a peer has taught people. */
static const struct {
	const char *applet, *letters;
} exceptions[] = {
	{ "sniff", "cdeilnqrstvwxXABCDGUWp" },
	{ "top", "n" },
};

static bool is_exception(const char *applet, char letter)
{
	for (size_t i = 0; i < ARRAY_COUNT(exceptions); i++)
		if (strcmp(exceptions[i].applet, applet) == 0 &&
		        strchr(exceptions[i].letters, letter))
			return true;
	return false;
}

/* Fails where two rows share a letter under different long names. */
static void compare(const char *applet, const struct option *a, size_t a_count,
        const struct option *b, size_t b_count)
{
	for (size_t i = 0; i < a_count; i++) {
		for (size_t j = 0; j < b_count; j++) {
			if (!a[i].letter || a[i].letter != b[j].letter ||
			        is_exception(applet, a[i].letter))
				continue;
			if (strcmp(a[i].text, b[j].text) != 0)
				fail_msg("%s: -%c is --%s here and --%s elsewhere", applet,
				        a[i].letter, a[i].text, b[j].text);
		}
	}
}

static void letters_mean_one_thing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(applets); i++) {
		compare(applets[i]->name, applets[i]->options, applets[i]->option_count,
		        common_options, common_options_count);
		for (size_t j = 0; j < ARRAY_COUNT(applets); j++)
			compare(applets[i]->name, applets[i]->options, applets[i]->option_count,
			        applets[j]->options, applets[j]->option_count);
	}
}

/* Within the options that one command line takes, each name and letter is there once. */
static void names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(applets); i++) {
		const struct applet *applet = applets[i];
		size_t total = applet->option_count + common_options_count;

		for (size_t a = 0; a < total; a++) {
			for (size_t b = 0; b < a; b++) {
				const struct option *x = a < applet->option_count
				        ? &applet->options[a]
				        : &common_options[a - applet->option_count];
				const struct option *y = b < applet->option_count
				        ? &applet->options[b]
				        : &common_options[b - applet->option_count];

				if (x->letter && x->letter == y->letter &&
				        !is_exception(applet->name, x->letter))
					fail_msg("%s: -%c twice", applet->name, x->letter);
				if (*x->text && *y->text)
					assert_string_not_equal(x->text, y->text);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_mean_one_thing),
		cmocka_unit_test(names_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
