// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <string.h>

#define FREE_TRIES 3
#define FIRST_WAIT (2 * G_USEC_PER_SEC)
#define LAST_WAIT  (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)
#define FORGET     (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

void guard_init(Guard *guard)
{
	memset(guard->places, 0, sizeof guard->places);
	g_mutex_init(&guard->lock);
}

void guard_fini(Guard *guard)
{
	g_mutex_clear(&guard->lock);
}

static gint64 penalty(unsigned failures)
{
	gint64 wait = FIRST_WAIT;

	if (failures < FREE_TRIES)
		return 0;
	for (unsigned i = FREE_TRIES; i < failures && wait < LAST_WAIT; i++)
		wait *= 2;
	return MIN(wait, LAST_WAIT);
}

static gint64 left(const GuardPlace *place, gint64 now)
{
	return MAX(place->last + penalty(place->failures) - now, 0);
}

static GuardPlace *find(Guard *guard, const char *address)
{
	for (unsigned i = 0; i < GUARD_PLACES; i++)
		if (guard->places[i].failures &&
			!strcmp(guard->places[i].address, address))
			return &guard->places[i];
	return NULL;
}

/* The place that nobody needs, or else that of who has the shortest time to wait. */
static GuardPlace *find_room(Guard *guard, gint64 now)
{
	GuardPlace *best = guard->places;

	for (unsigned i = 0; i < GUARD_PLACES; i++) {
		GuardPlace *place = &guard->places[i];

		if (!place->failures)
			return place;
		if (left(place, now) < left(best, now) ||
			(left(place, now) == left(best, now) && place->last < best->last))
			best = place;
	}
	return best;
}

gint64 guard_wait(Guard *guard, const char *address, gint64 now)
{
	g_mutex_lock(&guard->lock);
	GuardPlace *place = find(guard, address);

	if (place && now - place->last > FORGET)
		place->failures = 0;
	gint64 wait = place && place->failures ? left(place, now) : 0;
	g_mutex_unlock(&guard->lock);
	return wait;
}

void guard_failed(Guard *guard, const char *address, gint64 now)
{
	g_mutex_lock(&guard->lock);
	GuardPlace *place = find(guard, address);

	if (!place) {
		place = find_room(guard, now);
		*place = (GuardPlace){0};
		g_strlcpy(place->address, address, sizeof place->address);
	}
	if (place->failures < G_MAXUINT)
		place->failures++;
	place->last = now;
	g_mutex_unlock(&guard->lock);
}

void guard_succeeded(Guard *guard, const char *address)
{
	g_mutex_lock(&guard->lock);
	GuardPlace *place = find(guard, address);

	if (place)
		place->failures = 0;
	g_mutex_unlock(&guard->lock);
}
