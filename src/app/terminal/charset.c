// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * charset - programs that do not speak UTF-8 (ESC % @) but Latin-1, and may want C1
 * controls of one byte in what they are told (S8C1T)
 *
 * In UTF-8 such a byte would be no character, so answers have seven bits there, whatever
 * was asked for.
 */
#include "screen_internal.h"

#include <string.h>

enum { ESCAPE = 0x1b };

static bool is_short(const Screen *screen)
{
	return screen->eight_bit && screen->guard.latin && !screen->guard.vt52;
}

void charset_tell(Screen *screen)
{
	screen_write(screen, is_short(screen) ? "\033 G" : "\033 F");
}

void charset_shorten(const Screen *screen, char *answer)
{
	char *to = answer;

	if (!is_short(screen))
		return;
	for (const char *from = answer; *from; from++) {
		if (*from == ESCAPE && from[1] >= '@' && from[1] <= '_')
			*to++ = (char)(*++from + 0x40);
		else
			*to++ = *from;
	}
	*to = '\0';
}

/* What is no UTF-8 are C1 controls of libvterm's. */
GByteArray *charset_encode(const char *text, gsize size)
{
	GByteArray *bytes = g_byte_array_sized_new((guint)size);

	for (const char *at = text; at < text + size;) {
		gunichar c = g_utf8_get_char_validated(at, text + size - at);
		bool valid = c < 0x110000;
		guint8 byte = !valid ? (guint8)*at : c < 0x100 ? (guint8)c : '?';

		g_byte_array_append(bytes, &byte, 1);
		at = valid ? g_utf8_next_char(at) : at + 1;
	}
	return bytes;
}
