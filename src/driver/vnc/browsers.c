// SPDX-License-Identifier: GPL-2.0-or-later
#include "browsers.h"

#include <string.h>

#define RECENT (5 * G_USEC_PER_SEC) /* a page with its files has been loaded by then */

void browsers_init(Browsers *browsers)
{
	memset(browsers->places, 0, sizeof browsers->places);
	g_mutex_init(&browsers->lock);
}

void browsers_fini(Browsers *browsers)
{
	g_mutex_clear(&browsers->lock);
}

/* Its place, or else the oldest one. */
static unsigned find(const Browsers *browsers, const char *address)
{
	unsigned oldest = 0;

	for (unsigned i = 0; i < BROWSERS_PLACES; i++) {
		if (!strcmp(browsers->places[i].address, address))
			return i;
		if (browsers->places[i].last < browsers->places[oldest].last)
			oldest = i;
	}
	return oldest;
}

void browsers_note(Browsers *browsers, const char *address, gint64 now)
{
	g_mutex_lock(&browsers->lock);
	unsigned i = find(browsers, address);

	g_strlcpy(browsers->places[i].address, address, BROWSERS_ADDRESS);
	browsers->places[i].last = now;
	g_mutex_unlock(&browsers->lock);
}

bool browsers_know(Browsers *browsers, const char *address, gint64 now)
{
	g_mutex_lock(&browsers->lock);
	unsigned i = find(browsers, address);
	bool known = !strcmp(browsers->places[i].address, address) &&
		     now - browsers->places[i].last < RECENT;

	g_mutex_unlock(&browsers->lock);
	return known;
}
