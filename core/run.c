/* SPDX-License-Identifier: MIT */
/*
 * Exit status, from most to least telling: output broken (4), nothing could be answered (3), found
 * under -q (0), rows missing (5, or 3 where none was left to print), nothing matched (1), all well (0).
 *
 * --wait looks again after 5 ms at first and 100 ms at most: a dump of a small host costs less than a
 * millisecond, and a container's entry point wants to go on at once.
 */
#include "core/run.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/diag.h"
#include "core/base/loop.h"
#include "core/message.h"
#include "core/table/escape.h"

#define RATE_PAUSE   (200 * NS_PER_MSEC)
#define WAIT_FIRST   (5 * NS_PER_MSEC)
#define WAIT_LONGEST (100 * NS_PER_MSEC)

static unsigned screen_width(void)
{
	struct winsize size;

	return ioctl(1, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* After a failure its own sentence says enough, and the parts that are missing need not be named. */
static void say_notes(struct run *run, bool failed)
{
	struct buf text = { 0 };

	if (!failed) {
		notes_say(&run->notes, NOTE_MISSING, run->name, &text);
		notes_say(&run->notes, NOTE_PARTIAL, run->name, &text);
	}
	if (run->common->why)
		notes_say(&run->notes, NOTE_WHY, run->name, &text);
	message_write(&text);
}

static void say_stats(const struct run *run)
{
	struct buf line = { 0 };
	bool more = false;

	buf_format(&line,
	        "{\"applet\":\"%s\",\"rows\":%" PRIu64
	        ",\"samples\":%u,\"backends\":\"%s\",\"lost\":0,\"missing\":[",
	        run->name, run->rows_total, run->number, run->backends ? run->backends : "");
	for (size_t i = 0; i < run->notes.count; i++) {
		const struct note *note = &run->notes.list[i];

		if (note->kind == NOTE_WHY)
			continue;
		buf_format(&line, "%s{\"count\":%" PRIu64 ",\"partial\":%s,\"why\":\"",
		        more ? "," : "", note->count,
		        note->kind == NOTE_PARTIAL ? "true" : "false");
		escape_json(&line, str_from(note->text));
		buf_text(&line, "\"}");
		more = true;
	}
	buf_text(&line, "],\"cpu\":");
	buf_nano(&line, clock_cpu());
	buf_text(&line, ",\"wall\":");
	buf_nano(&line, clock_now() - run->began);
	buf_text(&line, "}\n");
	message_write(&line);
}

static void begin_output(struct run *run)
{
	if (run->begun || run->common->quiet)
		return;
	run->begun = true;
	sink_begin(&run->sink);
}

static bool print_row(struct run *run, const void *row)
{
	begin_output(run);
	run->sink.now = run->wall;
	sink_row(&run->sink, row);
	return run->out.error == 0;
}

enum truth run_test(const struct run *run, const void *row)
{
	return filter_test(run->view->filter, row, &run->known);
}

bool run_row(struct run *run, const void *row)
{
	run->rows++;
	if (run->common->quiet)
		return false;
	if (run->view->sort_count) {
		sample_add(&run->sample, row, &run->columns);
		return true;
	}
	return print_row(run, row);
}

/* One sample from its beginning to its rows in the output; 0 or -errno. */
static int take_sample(struct run *run)
{
	int error;

	notes_next(&run->notes);
	run->rows = 0;
	run->wall = clock_wall();
	error = run->collect(run, run->context);
	if (error)
		return error;
	if (run->view->sort_count) {
		sample_sort(&run->sample, run->view->sort, run->view->sort_count);
		for (size_t i = 0; i < run->sample.count && print_row(run, run->sample.rows[i]);
		        i++)
			continue;
		sample_clear(&run->sample);
	}
	run->rows_total += run->rows;
	/* A header alone says "nothing matched", which is not so in the silent sample or where all is missing. */
	if (run->number && !run->common->wait_ns && !notes_partial(&run->notes))
		begin_output(run);
	if (run->begun)
		sink_drain(&run->sink);
	return 0;
}

/* Pauses between samples; false when a signal ends the run. */
static bool pause_until(struct run *run, uint64_t deadline)
{
	enum loop_event event;

	do {
		event = loop_wait(deadline, NULL, NULL, 0);
		if (event == LOOP_REPORT)
			say_stats(run);
	} while (event == LOOP_REPORT);
	return event != LOOP_END;
}

/* When to look again, or 0 for never: this was the last sample. */
static uint64_t next_deadline(const struct run *run, uint64_t sampled, uint64_t *pause)
{
	const struct common *common = run->common;
	uint64_t now = clock_now();

	if (run->out.error || (common->quiet && run->rows))
		return 0;
	if (common->wait_ns) {
		uint64_t end = common->wait_ns > UINT64_MAX - run->began
		        ? UINT64_MAX
		        : run->began + common->wait_ns;

		if (run->rows || now >= end)
			return 0;
		now += *pause;
		*pause = *pause * 2 > WAIT_LONGEST ? WAIT_LONGEST : *pause * 2;
		return now < end ? now : end;
	}
	if (!common->delay_ns || (common->count && run->number >= common->count))
		return 0;
	return common->delay_ns > UINT64_MAX - sampled ? UINT64_MAX : sampled + common->delay_ns;
}

static int status_of(const struct run *run)
{
	bool partial = notes_partial(&run->notes) && !run->common->partial_ok;

	if (run->out.error)
		return EXIT_OUTPUT;
	if (run->common->quiet && run->rows)
		return EXIT_OK;
	if (partial)
		return run->rows_total ? EXIT_PARTIAL : EXIT_UNABLE;
	if (run->rows_total || (run->common->delay_ns && !run->common->wait_ns))
		return EXIT_OK;
	return EXIT_NOTHING;
}

static int all_samples(struct run *run)
{
	uint64_t pause = WAIT_FIRST;
	uint64_t deadline = run->began;
	int error;

	if (run->twice) {
		error = take_sample(run);
		if (error)
			return error;
		deadline = clock_now() + RATE_PAUSE;
		if (!pause_until(run, deadline))
			return 0;
	}
	do {
		uint64_t sampled = clock_now();

		run->number++;
		/* Samples keep their distance from the deadline, so that they do not drift. */
		if (run->common->delay_ns && deadline > run->began &&
		        sampled - deadline < run->common->delay_ns)
			sampled = deadline;
		error = take_sample(run);
		if (error)
			return error;
		say_notes(run, false);
		deadline = next_deadline(run, sampled, &pause);
	} while (deadline && pause_until(run, deadline));
	return 0;
}

int run_samples(struct run *run)
{
	int status, error;

	run->began = clock_now();
	output_init(&run->out, 1);
	run->out.by_line = run->common->by_line;
	run->sink = (struct sink){
		.format = run->view->format,
		.view = run->view,
		.out = &run->out,
		.screen_width = screen_width(),
		.zone_name = run->zone_name,
		.zone_context = run->context,
	};
	sample_init(&run->sample, run->view->schema);
	run->known = schema_known(run->view->schema, UINT32_MAX);
	for (size_t i = 0; i < run->view->count; i++)
		column_set_add(&run->columns, run->view->columns[i]);
	for (size_t i = 0; i < run->view->sort_count; i++)
		column_set_add(&run->columns, run->view->sort[i].column);
	if (run->common->delay_ns || run->common->wait_ns || run->twice)
		loop_start();

	error = all_samples(run);
	if (run->begun)
		sink_end(&run->sink);
	output_flush(&run->out);
	say_notes(run, error != 0);
	if (error) {
		status = message_diag(run->name, error);
	} else {
		status = status_of(run);
		if (run->out.error && run->out.error != -EINTR)
			message_unwritten(run->name, run->out.error);
	}
	if (run->common->stats)
		say_stats(run);
	output_release(&run->out);
	sample_release(&run->sample);
	notes_release(&run->notes);
	loop_raise();
	return status;
}
