// SPDX-License-Identifier: GPL-2.0-or-later
#include "pointer.h"

#define WHEEL 0x78u /* bits 3 to 6 */

bool pointer_take(Pointer *pointer, unsigned viewer, unsigned buttons)
{
	if (pointer->shared)
		return true;
	if (pointer->held && pointer->owner != viewer)
		return false;
	pointer->held = buttons & ~WHEEL;
	pointer->owner = viewer;
	return true;
}

void pointer_leave(Pointer *pointer, unsigned viewer)
{
	if (pointer->owner == viewer)
		pointer->held = false;
}
