// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * held - which keys and buttons are down, and who holds them
 *
 * Viewers share one keyboard: a key goes down with the first of them that presses it,
 * and up with the last that lets it go.
 */
#ifndef VNC_HELD_H
#define VNC_HELD_H

#include <linux/input-event-codes.h>

#include <glib.h>
#include <stdbool.h>

typedef struct {
	guint32 by[KEY_CNT]; /* a bit for each viewer, 0 to 31 */
} Held;

/* True: nobody held it. */
bool held_press(Held *held, unsigned viewer, guint16 code);
/* True: it was held, and by nobody else. */
bool held_release(Held *held, unsigned viewer, guint16 code);

#endif
