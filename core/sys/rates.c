/* SPDX-License-Identifier: MIT */
/*
 * Two tables, this sample's and the one before, changed over at each sample: so what has gone is
 * forgotten without being looked for.
 */
#include "core/sys/rates.h"

#include <stdlib.h>

#include "core/base/mem.h"

struct bytes {
	uint64_t rx, tx;
};

struct table {
	struct map places; /* cookie -> place in list */
	struct bytes *list;
	size_t count;
	uint64_t at; /* monotonic ns */
};

struct rates {
	struct table before, now;
};

struct rates *rates_new(void)
{
	return mem_alloc(sizeof(struct rates));
}

void rates_free(struct rates *rates)
{
	if (!rates)
		return;
	map_release(&rates->before.places);
	map_release(&rates->now.places);
	free(rates->before.list);
	free(rates->now.list);
	free(rates);
}

void rates_next(struct rates *rates, uint64_t now)
{
	struct table reused = rates->before;

	rates->before = rates->now;
	map_clear(&reused.places);
	reused.count = 0;
	reused.at = now;
	rates->now = reused;
}

static void note(struct table *table, uint64_t cookie, const struct conn_tcp *tcp)
{
	uint32_t place = map_get(&table->places, cookie);

	if (place == MAP_NONE) {
		table->list = mem_grow(table->list, table->count, sizeof(*table->list));
		place = (uint32_t)table->count++;
		map_put(&table->places, cookie, place);
	}
	table->list[place] = (struct bytes){ tcp->rx, tcp->tx };
}

/* Bytes a second. In microseconds and in two parts, so that no product leaves 64 bits. */
static uint64_t rate(uint64_t before, uint64_t now, uint64_t ns)
{
	const uint64_t second = 1000000;
	uint64_t us = ns / 1000, bytes = now - before;

	if (!us || now < before || now == UINT64_MAX)
		return UINT64_MAX;
	if (bytes / us > UINT64_MAX / second / 2 || us > UINT64_MAX / second)
		return UINT64_MAX;
	return bytes / us * second + bytes % us * second / us;
}

void rates_fill(struct rates *rates, struct conn *conn)
{
	const struct table *before = &rates->before;
	uint32_t place;
	uint64_t ns = rates->now.at - before->at;

	conn->rxrate = conn->txrate = UINT64_MAX;
	if (!conn->tcp || conn->cookie == UINT64_MAX ||
	        (conn->tcp->rx == UINT64_MAX && conn->tcp->tx == UINT64_MAX))
		return;
	note(&rates->now, conn->cookie, conn->tcp);
	place = map_get(&before->places, conn->cookie);
	if (place == MAP_NONE)
		return;
	conn->rxrate = rate(before->list[place].rx, conn->tcp->rx, ns);
	conn->txrate = rate(before->list[place].tx, conn->tcp->tx, ns);
}
