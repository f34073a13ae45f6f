// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * held - which keys and buttons are down, and who holds them
 *
 * Users share one keyboard: a key goes down with the first of them that presses it,
 * and up with the last that lets it go.
 */
#ifndef MAQ_CONSOLE_HELD_H
#define MAQ_CONSOLE_HELD_H

#include <linux/input-event-codes.h>

#include <glib.h>
#include <stdbool.h>

typedef struct {
	guint32 by[KEY_CNT]; /* a bit for each user, 0 to 31 */
} Held;

/* True: nobody held it. */
bool held_press(Held *held, unsigned user, guint16 code);
/* True: it was held, and by nobody else. */
bool held_release(Held *held, unsigned user, guint16 code);
bool held_has(const Held *held, unsigned user, guint16 code);

#endif
