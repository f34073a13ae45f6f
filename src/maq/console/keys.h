// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * keys - a key map: which character a key gives, and which key gives a character
 */
#ifndef MAQ_CONSOLE_KEYS_H
#define MAQ_CONSOLE_KEYS_H

#include <glib.h>
#include <stdbool.h>

typedef struct Keys Keys;

typedef struct {
	guint16 code;      /* KEY_* of input-event-codes.h; KEY_UNKNOWN: on no key */
	guint32 codepoint; /* Unicode; 0: none */
	bool shifted;      /* on that key only together with Shift */
} Key;

/* A layout of xkb-data, such as "us" or "de(neo)", and as many as are wanted, separated
 * by commas. */
Keys *keys_new(const char *layout, GError **error);
void keys_free(Keys *keys);
/* From the X11 keysym that a viewer sends to the key that a user has pressed. */
Key keys_find(const Keys *keys, guint32 keysym);
/* A key goes down or up: what it means to those that come. */
void keys_update(Keys *keys, guint16 code, bool down);
/* The character that the key gives now; 0: none. */
guint32 keys_codepoint(const Keys *keys, guint16 code);
/* Of X11: what the key means now. */
guint32 keys_keysym(const Keys *keys, guint16 code);
/* Which locks are on: bits 0 to 2 are scroll, num and caps lock. */
guint keys_leds(const Keys *keys);
/* Whether a held key repeats itself. */
bool keys_repeats(const Keys *keys, guint16 code);
/* The whole map as xkb_v1; owned by the caller. */
char *keys_text(const Keys *keys);

#endif
