// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vt52 - the escapes of a VT52 (mode 2, DECANM, switched off), by those of its successors
 */
#include "screen_internal.h"

#include <linux/input-event-codes.h>

void vt52_set(Screen *screen, bool on)
{
	if (on == screen->guard.vt52)
		return;
	guard_set_vt52(&screen->guard, on);
	screen->drawing = screen->shifted = false;
	screen_write(screen, "\033(B\017");
}

/* A row that there is not leaves the cursor in its own, a column goes to the last one. */
static void place(Screen *screen, int column, int row)
{
	if (row >= screen->grid->n_rows)
		row = screen->cursor.row;
	screen_put_cursor(screen, (Place){column, row});
}

static void draw(Screen *screen, bool on)
{
	screen->drawing = on;
	screen_write(screen, on ? "\033(0" : "\033(B");
}

static const char *meaning(char final)
{
	switch (final) {
	case 'A':
		return "\033[A";
	case 'B':
		return "\033[B";
	case 'C':
		return "\033[C";
	case 'D':
		return "\033[D";
	case 'H':
		return "\033[H";
	case 'I':
		return "\033M";
	case 'J':
		return "\033[J";
	case 'K':
		return "\033[K";
	case '=':
		return "\033=";
	case '>':
		return "\033>";
	default:
		return "";
	}
}

void vt52_escape(void *self, char final, int column, int row)
{
	Screen *screen = self;

	switch (final) {
	case 'F':
	case 'G':
		draw(screen, final == 'F');
		break;
	case 'Y':
		place(screen, column, row);
		break;
	case 'Z':
		screen_answer(screen, "\033/Z");
		break;
	case '<':
		vt52_set(screen, false);
		break;
	case 'c': /* no VT52 has it: so that a reset helps who came here unawares */
		sequences_escape(screen, 0, final);
		break;
	default:
		screen_write(screen, meaning(final));
	}
}

bool vt52_key(Screen *screen, guint16 code)
{
	static const struct {
		guint16 code;
		char final;
	} keys[] = {
		{KEY_UP, 'A'},
		{KEY_DOWN, 'B'},
		{KEY_RIGHT, 'C'},
		{KEY_LEFT, 'D'},
		{KEY_F1, 'P'},
		{KEY_F2, 'Q'},
		{KEY_F3, 'R'},
		{KEY_F4, 'S'},
	};

	for (gsize i = 0; screen->guard.vt52 && i < G_N_ELEMENTS(keys); i++) {
		if (keys[i].code != code)
			continue;
		screen_answer(screen, "\033%c", keys[i].final);
		return true;
	}
	return false;
}
