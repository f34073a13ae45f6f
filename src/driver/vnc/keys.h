// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys - from the key symbols that RFB carries (X11's, RFC 6143, 7.5.4) to key codes
 */
#ifndef VNC_KEYS_H
#define VNC_KEYS_H

#include <glib.h>

typedef struct Keys Keys;

/* layout: of the xkb rules, e.g. "us", "de"; NULL if there is none of that name. */
Keys *keys_new(const char *layout);
void keys_free(Keys *keys);
/* KEY_* of input-event-codes.h; KEY_UNKNOWN if no key of the layout gives the symbol. */
guint16 keys_code(const Keys *keys, guint32 keysym);
guint32 keys_codepoint(guint32 keysym); /* 0: none */

#endif
