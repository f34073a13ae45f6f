// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reports - what the program asks about the screen, and is told
 */
#include "screen_internal.h"

#include <string.h>

#define MODE_HOLD 2026

static bool ask_mode(Screen *screen, const GuardSequence *sequence)
{
	if (sequence->numbers[0].value != MODE_HOLD)
		return false;
	screen_answer(screen, "\033[?%d;%d$y", MODE_HOLD, screen->held ? 1 : 2);
	return true;
}

/* libvterm counts rows from the top of the screen also in origin mode. */
static bool report_place(Screen *screen, const GuardSequence *sequence)
{
	int row = screen->cursor.row - (screen->origin ? screen->top : 0);

	if (sequence->numbers[0].value != 6)
		return false;
	screen_answer(screen, "\033[%s%d;%dR", sequence->leader ? "?" : "", row + 1,
		screen->cursor.column + 1);
	return true;
}

static bool report_size(Screen *screen, const GuardSequence *sequence)
{
	if (sequence->numbers[0].value == 18)
		screen_answer(screen, "\033[8;%d;%dt", screen->grid->n_rows,
			screen->grid->columns);
	return true;
}

static bool report_version(Screen *screen)
{
	screen_answer(screen, "\033P>|maquette terminal\033\\");
	return true;
}

bool reports_answer(Screen *screen, const GuardSequence *sequence)
{
	char leader = sequence->leader;

	if (leader == '?' && sequence->intermediate == '$' && sequence->final == 'p')
		return ask_mode(screen, sequence);
	if ((!leader || leader == '?') && sequence->final == 'n')
		return report_place(screen, sequence);
	if (leader == '>' && sequence->final == 'q')
		return report_version(screen);
	return !leader && sequence->final == 't' && report_size(screen, sequence);
}

void reports_color(Screen *screen, const char *what, guint32 rgb)
{
	screen_answer(screen, "\033]%s;rgb:%02x%02x/%02x%02x/%02x%02x\033\\", what,
		rgb >> 16 & 255, rgb >> 16 & 255, rgb >> 8 & 255, rgb >> 8 & 255,
		rgb & 255, rgb & 255);
}

void sequences_question(void *self, const char *setting)
{
	static const char *const known[] = {"r", "s", " q", "\"q"};
	Screen *screen = self;

	if (!strcmp(setting, "m")) {
		g_autofree char *pen = pen_text(&screen->pen);

		screen_answer(screen, "\033P1$r%sm\033\\", pen);
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
		if (strcmp(setting, known[i]))
			continue;
		g_autofree char *text = g_strdup_printf("\033P$q%s\033\\", setting);
		screen_write(screen, text);
		return;
	}
	screen_answer(screen, "\033P0$r\033\\");
}
