// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bar - looking for a text: each letter typed finds the last place, going up and down
 * from there
 */
#include "terminal.h"

#include <linux/input-event-codes.h>

#define TEXT_MAX 200 /* bytes */

static void show_current(Terminal *terminal)
{
	const Hit *hit = find_current(&terminal->bar.find);

	if (hit)
		screen_show(terminal->screen, hit->start);
	terminal_redraw(terminal);
}

static void look(Terminal *terminal)
{
	find_set(&terminal->bar.find, terminal->screen, terminal->bar.text->str,
		terminal->bar.from);
	show_current(terminal);
}

void bar_open(Terminal *terminal)
{
	Bar *bar = &terminal->bar;
	int columns, rows;

	if (bar->open)
		return;
	bar->open = true;
	screen_size(terminal->screen, &columns, &rows);
	bar->from = screen_mark(terminal->screen, columns, rows - 1);
	look(terminal);
}

void bar_close(Terminal *terminal)
{
	terminal->bar.open = false;
	terminal_redraw(terminal);
}

static void step(Terminal *terminal, int by)
{
	find_step(&terminal->bar.find, by);
	show_current(terminal);
}

static void erase_last(Terminal *terminal)
{
	GString *text = terminal->bar.text;
	const char *last = g_utf8_find_prev_char(text->str, text->str + text->len);

	if (!last)
		return;
	g_string_truncate(text, (gsize)(last - text->str));
	look(terminal);
}

static bool special_key(Terminal *terminal, guint16 code, unsigned modifiers)
{
	switch (code) {
	case KEY_ESC:
		bar_close(terminal);
		return true;
	case KEY_ENTER:
	case KEY_KPENTER:
	case KEY_F3:
		step(terminal, modifiers & KEYBOARD_SHIFT ? 1 : -1);
		return true;
	case KEY_UP:
		step(terminal, -1);
		return true;
	case KEY_DOWN:
		step(terminal, 1);
		return true;
	case KEY_BACKSPACE:
		erase_last(terminal);
		return true;
	default:
		return false;
	}
}

bool bar_key(Terminal *terminal, const MaqInputEvent *event)
{
	unsigned modifiers = terminal->keyboard.modifiers;
	GString *text = terminal->bar.text;

	if (!terminal->bar.open || modifiers & KEYBOARD_CONTROL)
		return false;
	if (modifiers & KEYBOARD_SHIFT &&
		(event->code == KEY_PAGEUP || event->code == KEY_PAGEDOWN))
		return false;
	if (special_key(terminal, event->code, modifiers))
		return true;
	if (event->codepoint >= ' ' && g_unichar_isprint(event->codepoint) &&
		text->len < TEXT_MAX) {
		g_string_append_unichar(text, event->codepoint);
		look(terminal);
	}
	return true;
}

void bar_draw(Terminal *terminal, const Render *render)
{
	const Bar *bar = &terminal->bar;
	guint count = bar->find.hits->len;

	if (bar->open) {
		g_autofree char *places =
			!bar->text->len ? g_strdup("")
			: !count        ? g_strdup("nothing")
				 : g_strdup_printf("%u of %u%s", bar->find.current + 1,
					   count, count == FIND_MAX ? "+" : "");
		g_autofree char *what =
			g_strdup_printf("find: %s\u258f  %s", bar->text->str, places);

		render_bar(render, what, "Enter, Up, Down: others   Esc: close");
	} else if (terminal->notice) {
		render_bar(render, terminal->notice, "");
	}
}
