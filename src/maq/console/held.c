// SPDX-License-Identifier: GPL-2.0-or-later
#include "held.h"

bool held_press(Held *held, unsigned viewer, guint16 code)
{
	bool first = held->by[code] == 0;

	held->by[code] |= 1u << viewer;
	return first;
}

bool held_release(Held *held, unsigned viewer, guint16 code)
{
	guint32 before = held->by[code];

	held->by[code] &= ~(1u << viewer);
	return before && !held->by[code];
}
