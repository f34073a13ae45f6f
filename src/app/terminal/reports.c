// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reports - what the program asks about the screen, and is told
 */
#include "screen_internal.h"

#include <string.h>

#define MODE_HOLD 2026

/* 0: not known, 1: set, 2: reset, 4: reset for ever */
static int private_mode(const Screen *screen, guint mode)
{
	switch (mode) {
	case MODE_HOLD:
		return screen->held ? 1 : 2;
	case 2:
		return 1; /* as a VT52, nothing is asked */
	case 3:
		return 4; /* 132 columns */
	case 40:
		return screen->columns_allowed ? 1 : 2;
	case 47:
	case 1047:
	case 1049:
		return screen->alternate ? 1 : 2;
	default:
		return 0;
	}
}

/* What we know libvterm does not, or not rightly. */
static bool ask_mode(Screen *screen, const GuardSequence *sequence)
{
	guint mode = sequence->numbers[0].value;
	int state = private_mode(screen, mode);

	if (!state)
		return false;
	screen_answer(screen, "\033[?%u;%d$y", mode, state);
	return true;
}

/* The two that are not private. Line feeds that are new lines libvterm does not tell. */
static bool ask_plain_mode(Screen *screen, const GuardSequence *sequence)
{
	guint mode = sequence->numbers[0].value;

	screen_answer(screen, "\033[%u;%d$y", mode,
		mode != 4           ? 0
		: screen->inserting ? 1
				    : 2);
	return true;
}

/* libvterm counts rows from the top of the screen also in origin mode. */
static bool report_place(Screen *screen, const GuardSequence *sequence)
{
	int row = screen->cursor.row - (screen->origin ? screen->top : 0);
	int left = screen->origin && screen->margins ? screen->left : 0;

	if (sequence->numbers[0].value != 6)
		return false;
	screen_answer(screen, "\033[%s%d;%dR", sequence->leader ? "?" : "", row + 1,
		screen->cursor.column - left + 1);
	return true;
}

/* In cells or px; the window is all that there is of a screen. */
static bool report_size(Screen *screen, const GuardSequence *sequence)
{
	int rows = screen->grid->n_rows, columns = screen->grid->columns;

	guint what = sequence->numbers[0].value;

	if ((what == 14 || what == 16) && !screen->cell_width)
		return true; /* nobody has told */
	switch (what) {
	case 14:
		screen_answer(screen, "\033[4;%d;%dt", rows * screen->cell_height,
			columns * screen->cell_width);
		break;
	case 16:
		screen_answer(
			screen, "\033[6;%d;%dt", screen->cell_height, screen->cell_width);
		break;
	case 18:
		screen_answer(screen, "\033[8;%d;%dt", rows, columns);
		break;
	case 19:
		screen_answer(screen, "\033[9;%d;%dt", rows, columns);
		break;
	default:
		break;
	}
	return true;
}

/* As a VT100 would of its line: no parity, 8 bits, 38400 baud. */
static bool report_parameters(Screen *screen, const GuardSequence *sequence)
{
	guint kind = sequence->numbers[0].value;

	if (kind <= 1)
		screen_answer(screen, "\033[%u;1;1;128;128;1;0x", kind + 2);
	return true;
}

static bool report_version(Screen *screen)
{
	screen_answer(screen, "\033P>|maquette terminal\033\\");
	return true;
}

static bool report_unit(Screen *screen)
{
	screen_answer(screen, "\033P!|00000000\033\\");
	return true;
}

bool reports_answer(Screen *screen, const GuardSequence *sequence)
{
	char leader = sequence->leader, final = sequence->final;

	if (sequence->intermediate == '$' && final == 'p')
		return leader == '?' ? ask_mode(screen, sequence)
				     : !leader && ask_plain_mode(screen, sequence);
	if (sequence->intermediate)
		return false;
	if ((!leader || leader == '?') && final == 'n')
		return report_place(screen, sequence);
	if (leader == '>' && final == 'q')
		return report_version(screen);
	if (leader == '=' && final == 'c')
		return report_unit(screen);
	if (!leader && final == 'x')
		return report_parameters(screen, sequence);
	return !leader && final == 't' && report_size(screen, sequence);
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
