/* SPDX-License-Identifier: MIT */
/*
 * A run has a handful of sentences, so they stand in a list and are compared one by one; what is met
 * often is counted by its collector and added once a sample.
 */
#include "core/base/notes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static struct note *find(const struct notes *notes, enum note_kind kind, const char *text)
{
	for (size_t i = 0; i < notes->count; i++) {
		struct note *note = &notes->list[i];

		if (note->kind == kind && strcmp(note->text, text) == 0)
			return note;
	}
	return NULL;
}

void notes_add(struct notes *notes, enum note_kind kind, uint64_t count, const char *format, ...)
{
	struct buf text = { 0 };
	struct note *note;
	va_list args;

	va_start(args, format);
	buf_vformat(&text, format, args);
	va_end(args);
	note = find(notes, kind, text.ptr);
	if (note) {
		note->count += count;
		buf_release(&text);
		return;
	}
	notes->list = mem_resize(notes->list, array_size(notes->count + 1, sizeof(*note)));
	notes->list[notes->count++] = (struct note){ kind, count, false, text.ptr };
}

void notes_next(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		notes->list[i].count = 0;
}

bool notes_partial(const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->list[i].kind == NOTE_PARTIAL)
			return true;
	}
	return false;
}

void notes_say(struct notes *notes, enum note_kind kind, const char *prefix, struct buf *out)
{
	for (size_t i = 0; i < notes->count; i++) {
		struct note *note = &notes->list[i];

		if (note->kind != kind || note->said)
			continue;
		buf_format(out, "%s: ", prefix);
		if (note->count)
			buf_format(out, "%" PRIu64 " ", note->count);
		buf_safe(out, str_from(note->text));
		buf_char(out, '\n');
		note->said = true;
	}
}

void notes_release(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->list[i].text);
	free(notes->list);
	*notes = (struct notes){ 0 };
}
