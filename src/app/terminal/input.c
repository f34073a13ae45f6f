// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input - what keys and the pointer do: some is the terminal's own, the rest is for the
 * program
 */
#include "terminal.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define NOTCH           120
#define WHEEL_LINES     3
#define DOUBLE_CLICK_NS 400000000u
#define ADDRESS_SHOWN   60 /* characters of it in a notice */

/* ---- copying and pasting ---- */

static void copy(Terminal *terminal)
{
	g_autofree char *text = selection_text(&terminal->selection, terminal->screen);

	if (*text && !maq_clipboard_set(terminal->clipboard, text))
		terminal_notice(terminal, "That is too much for the clipboard.");
}

static void paste(Terminal *terminal)
{
	screen_scroll_to_bottom(terminal->screen);
	screen_paste(terminal->screen, maq_clipboard_text(terminal->clipboard));
}

/* ---- keys ---- */

static void zoom(Terminal *terminal, int zoom)
{
	int before = terminal->zoom;
	g_autoptr(GError) error = NULL;

	/* no further than it can be seen: one key back shows */
	terminal->zoom = CLAMP(zoom, FONT_MIN - terminal->settings.size,
		FONT_MAX - terminal->settings.size);
	if (!terminal_load_font(terminal, &error))
		terminal->zoom = before;
}

static bool control_key(Terminal *terminal, guint16 code, bool shift)
{
	if (code == KEY_EQUAL || code == KEY_KPPLUS)
		zoom(terminal, terminal->zoom + 1);
	else if (code == KEY_MINUS || code == KEY_KPMINUS)
		zoom(terminal, terminal->zoom - 1);
	else if (code == KEY_0 || code == KEY_KP0)
		zoom(terminal, 0);
	else if (shift && code == KEY_C)
		copy(terminal);
	else if (shift && code == KEY_V)
		paste(terminal);
	else if (shift && code == KEY_F)
		bar_open(terminal);
	else
		return false;
	return true;
}

static bool shift_key(Terminal *terminal, guint16 code)
{
	int columns, rows;

	screen_size(terminal->screen, &columns, &rows);
	switch (code) {
	case KEY_PAGEUP:
		screen_scroll(terminal->screen, MAX(rows / 2, 1));
		return true;
	case KEY_PAGEDOWN:
		screen_scroll(terminal->screen, -MAX(rows / 2, 1));
		return true;
	case KEY_HOME:
		screen_scroll(terminal->screen, G_MAXINT / 2);
		return true;
	case KEY_END:
		screen_scroll_to_bottom(terminal->screen);
		return true;
	case KEY_INSERT:
		paste(terminal);
		return true;
	default:
		return false;
	}
}

static bool own_key(Terminal *terminal, guint16 code)
{
	unsigned modifiers = terminal->keyboard.modifiers;
	bool shift = modifiers & KEYBOARD_SHIFT;

	if (modifiers & KEYBOARD_ALT)
		return false;
	if (modifiers & KEYBOARD_CONTROL)
		return control_key(terminal, code, shift);
	return shift && !screen_alternate(terminal->screen) && shift_key(terminal, code);
}

static void type(Terminal *terminal, const MaqInputEvent *event)
{
	unsigned modifiers = terminal->keyboard.modifiers;

	terminal_notice(terminal, NULL);
	if (bar_key(terminal, event) || own_key(terminal, event->code))
		return;
	terminal->input_seq = event->sequence;
	screen_scroll_to_bottom(terminal->screen);
	if (!screen_key(terminal->screen, event->code, modifiers) &&
		event->codepoint >= ' ')
		screen_character(terminal->screen, event->codepoint, modifiers);
}

/* ---- the pointer ---- */

static void place_of(const Terminal *terminal, int *column, int *row)
{
	int width = faces_width(&terminal->faces),
	    height = faces_height(&terminal->faces);
	int x = terminal->pointer.x - RENDER_PADDING,
	    y = terminal->pointer.y - RENDER_PADDING;

	*row = y < 0 ? -1 : y / height;
	if (screen_line_size(terminal->screen, *row) != LINE_PLAIN)
		width *= 2;
	*column = x < 0 ? 0 : x / width;
}

/* The cell's right half counts as the place behind it, when characters are selected. */
static Mark mark_of(Terminal *terminal, bool rounded)
{
	int width = faces_width(&terminal->faces), column, row;

	place_of(terminal, &column, &row);
	if (screen_line_size(terminal->screen, row) != LINE_PLAIN)
		width *= 2;
	if (rounded && (terminal->pointer.x - RENDER_PADDING) % width > width / 2)
		column++;
	return screen_mark(terminal->screen, column, row);
}

/* Shift is for the user, whatever the program wants. */
static bool is_programs(const Terminal *terminal)
{
	return screen_mouse(terminal->screen) != MOUSE_NONE &&
	       !(terminal->keyboard.modifiers & KEYBOARD_SHIFT);
}

static void tell_pointer(Terminal *terminal)
{
	int column, row;

	place_of(terminal, &column, &row);
	screen_pointer(terminal->screen, column, row, terminal->keyboard.modifiers);
}

/* An address is underlined while Control is held. */
static void follow_link(Terminal *terminal)
{
	Mark start = {0, 0}, end = {0, 0};

	if (terminal->keyboard.modifiers == KEYBOARD_CONTROL &&
		!terminal->pointer.selecting)
		g_free(select_address(
			terminal->screen, mark_of(terminal, false), &start, &end));
	if (!mark_compare(start, terminal->link_start) &&
		!mark_compare(end, terminal->link_end))
		return;
	terminal->link_start = start;
	terminal->link_end = end;
	terminal_redraw(terminal);
}

static bool take_link(Terminal *terminal)
{
	Mark start, end;
	g_autofree char *address = NULL;

	if (terminal->keyboard.modifiers == KEYBOARD_CONTROL)
		address = select_address(
			terminal->screen, mark_of(terminal, false), &start, &end);
	if (!address || !maq_clipboard_set(terminal->clipboard, address))
		return false;
	g_autofree char *shown = g_utf8_substring(
		address, 0, MIN(g_utf8_strlen(address, -1), ADDRESS_SHOWN));
	g_autofree char *notice = g_strdup_printf("copied %s", shown);
	terminal_notice(terminal, notice);
	return true;
}

static void count_clicks(Terminal *terminal, guint64 time)
{
	Pointer *pointer = &terminal->pointer;
	int column, row;

	place_of(terminal, &column, &row);
	bool again = time - pointer->click_at < DOUBLE_CLICK_NS &&
		     column == pointer->click_column && row == pointer->click_row;
	pointer->clicks = again ? pointer->clicks % 3 + 1 : 1;
	pointer->click_at = time;
	pointer->click_column = column;
	pointer->click_row = row;
}

static void select_from(Terminal *terminal, guint64 time)
{
	count_clicks(terminal, time);
	SelectUnit unit = (SelectUnit)(terminal->pointer.clicks - 1);

	if (terminal->keyboard.modifiers & KEYBOARD_SHIFT && terminal->selection.active &&
		terminal->pointer.clicks == 1)
		selection_extend(
			&terminal->selection, terminal->screen, mark_of(terminal, true));
	else
		selection_begin(&terminal->selection, terminal->screen,
			mark_of(terminal, unit == SELECT_CHARACTERS), unit);
	terminal->pointer.selecting = true;
	terminal_redraw(terminal);
}

/* Beyond the edge, the text scrolls. */
static void select_to(Terminal *terminal)
{
	int column, row, columns, rows;

	place_of(terminal, &column, &row);
	screen_size(terminal->screen, &columns, &rows);
	if (row < 0)
		screen_scroll(terminal->screen, 1);
	if (row >= rows)
		screen_scroll(terminal->screen, -1);
	selection_extend(&terminal->selection, terminal->screen,
		mark_of(terminal, terminal->selection.unit == SELECT_CHARACTERS));
	terminal_redraw(terminal);
}

static void press(Terminal *terminal, const MaqInputEvent *event)
{
	int button = event->code == BTN_LEFT     ? 1
		     : event->code == BTN_MIDDLE ? 2
		     : event->code == BTN_RIGHT  ? 3
						 : 0;

	if (!button)
		return;
	terminal_notice(terminal, NULL);
	if (is_programs(terminal)) {
		terminal->input_seq = event->sequence;
		terminal->pointer.button = button;
		tell_pointer(terminal);
		screen_button(
			terminal->screen, button, true, terminal->keyboard.modifiers);
	} else if (button == 2) {
		terminal->input_seq = event->sequence;
		paste(terminal);
	} else if (button == 1 && !take_link(terminal)) {
		select_from(terminal, event->time);
	}
}

static void release(Terminal *terminal, const MaqInputEvent *event)
{
	Pointer *pointer = &terminal->pointer;

	if (pointer->button) {
		terminal->input_seq = event->sequence;
		tell_pointer(terminal);
		screen_button(terminal->screen, pointer->button, false,
			terminal->keyboard.modifiers);
		pointer->button = 0;
	}
	if (pointer->selecting && terminal->settings.copy_selected)
		copy(terminal);
	pointer->selecting = false;
}

static void move(Terminal *terminal, const MaqInputEvent *event)
{
	if (terminal->pointer.selecting)
		select_to(terminal);
	else if (is_programs(terminal)) {
		terminal->input_seq = event->sequence;
		tell_pointer(terminal);
	}
	follow_link(terminal);
}

static void wheel_line(Terminal *terminal, bool up)
{
	if (is_programs(terminal)) {
		tell_pointer(terminal);
		screen_button(
			terminal->screen, up ? 4 : 5, true, terminal->keyboard.modifiers);
	} else if (screen_alternate(terminal->screen)) {
		screen_key(terminal->screen, up ? KEY_UP : KEY_DOWN, 0);
	} else {
		screen_scroll(terminal->screen, up ? 1 : -1);
	}
}

/* The program gets notches, the scroll-back and its arrow keys lines. */
static void wheel(Terminal *terminal, const MaqInputEvent *event)
{
	int unit = is_programs(terminal) ? NOTCH : NOTCH / WHEEL_LINES;

	terminal->pointer.wheel += event->y;
	terminal->input_seq = event->sequence;
	for (; ABS(terminal->pointer.wheel) >= unit;
		terminal->pointer.wheel -= terminal->pointer.wheel > 0 ? unit : -unit)
		wheel_line(terminal, terminal->pointer.wheel > 0);
}

/* ---- */

static void set_focus(Terminal *terminal, bool focused)
{
	if (focused == terminal->focused)
		return;
	terminal->focused = focused;
	screen_focus(terminal->screen, focused);
	if (focused && terminal->urgent) {
		terminal->urgent = false;
		terminal_tell_hints(terminal);
	}
	if (!focused)
		terminal->pointer.selecting = false;
	terminal_redraw(terminal);
}

static void pointer_event(Terminal *terminal, const MaqInputEvent *event)
{
	bool button = event->code >= BTN_MOUSE && event->code < BTN_JOYSTICK;

	if (event->type == MAQ_INPUT_TYPE_MOTION || button) {
		terminal->pointer.x = event->x;
		terminal->pointer.y = event->y;
	}
	if (event->type == MAQ_INPUT_TYPE_MOTION)
		move(terminal, event);
	else if (event->type == MAQ_INPUT_TYPE_WHEEL)
		wheel(terminal, event);
	else if (event->type == MAQ_INPUT_TYPE_PRESS && button &&
		 !terminal->keyboard.restating)
		press(terminal, event);
	else if (event->type == MAQ_INPUT_TYPE_RELEASE && button)
		release(terminal, event);
}

void input_event(void *data, const MaqInputEvent *event)
{
	Terminal *terminal = data;
	unsigned modifiers = terminal->keyboard.modifiers;

	if (keyboard_follow(&terminal->keyboard, event))
		type(terminal, event);
	if (modifiers != terminal->keyboard.modifiers)
		follow_link(terminal);
	pointer_event(terminal, event);
	if (event->type == MAQ_INPUT_TYPE_FOCUS_ENTER)
		set_focus(terminal, true);
	if (event->type == MAQ_INPUT_TYPE_FOCUS_LEAVE ||
		event->type == MAQ_INPUT_TYPE_SNAPSHOT)
		set_focus(terminal, false);
	terminal_schedule(terminal);
}
