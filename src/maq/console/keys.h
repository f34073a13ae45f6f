// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys - from the X11 keysym that a viewer sends to the key that a user has pressed
 */
#ifndef VNC_KEYS_H
#define VNC_KEYS_H

#include <glib.h>
#include <stdbool.h>

typedef struct Keys Keys;

typedef struct {
	guint16 code;      /* KEY_* of input-event-codes.h; KEY_UNKNOWN: on no key */
	guint32 codepoint; /* Unicode; 0: none */
	bool shifted;      /* on that key only together with Shift */
} Key;

/* The inverse of a layout of xkb-data, such as "us". */
Keys *keys_new(const char *layout, GError **error);
void keys_free(Keys *keys);
Key keys_find(const Keys *keys, guint32 keysym);

#endif
