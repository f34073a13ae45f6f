// SPDX-License-Identifier: LGPL-2.1-or-later
#include "held.h"

bool held_press(Held *held, unsigned user, guint16 code)
{
	bool first = held->by[code] == 0;

	held->by[code] |= 1u << user;
	return first;
}

bool held_release(Held *held, unsigned user, guint16 code)
{
	guint32 before = held->by[code];

	held->by[code] &= ~(1u << user);
	return before && !held->by[code];
}

bool held_has(const Held *held, unsigned user, guint16 code)
{
	return held->by[code] >> user & 1;
}
