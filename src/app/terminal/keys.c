// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keys - what the user does to the screen: keys, pasted text, the pointer
 */
#include "screen_internal.h"

#include <linux/input-event-codes.h>

void screen_character(Screen *screen, guint32 codepoint, unsigned modifiers)
{
	/* the character itself tells of Shift */
	vterm_keyboard_unichar(
		screen->term, codepoint, (VTermModifier)(modifiers & ~VTERM_MOD_SHIFT));
}

bool screen_key(Screen *screen, guint16 code, unsigned modifiers)
{
	static const struct {
		guint16 code;
		VTermKey key;
	} keys[] = {
		{KEY_ENTER, VTERM_KEY_ENTER},
		{KEY_KPENTER, VTERM_KEY_ENTER},
		{KEY_TAB, VTERM_KEY_TAB},
		{KEY_BACKSPACE, VTERM_KEY_BACKSPACE},
		{KEY_ESC, VTERM_KEY_ESCAPE},
		{KEY_UP, VTERM_KEY_UP},
		{KEY_DOWN, VTERM_KEY_DOWN},
		{KEY_LEFT, VTERM_KEY_LEFT},
		{KEY_RIGHT, VTERM_KEY_RIGHT},
		{KEY_INSERT, VTERM_KEY_INS},
		{KEY_DELETE, VTERM_KEY_DEL},
		{KEY_HOME, VTERM_KEY_HOME},
		{KEY_END, VTERM_KEY_END},
		{KEY_PAGEUP, VTERM_KEY_PAGEUP},
		{KEY_PAGEDOWN, VTERM_KEY_PAGEDOWN},
		{KEY_F11, VTERM_KEY_FUNCTION(11)},
		{KEY_F12, VTERM_KEY_FUNCTION(12)},
	};

	if (vt52_key(screen, code))
		return true;
	if (code >= KEY_F1 && code <= KEY_F10) {
		vterm_keyboard_key(screen->term, VTERM_KEY_FUNCTION(code - KEY_F1 + 1),
			(VTermModifier)modifiers);
		return true;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (keys[i].code != code)
			continue;
		vterm_keyboard_key(screen->term, keys[i].key, (VTermModifier)modifiers);
		return true;
	}
	return false;
}

/* No control characters but tabs and line ends: what is pasted can't end the brackets. */
void screen_paste(Screen *screen, const char *text)
{
	g_autoptr(GString) typed = g_string_new(NULL);

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c == '\n')
			g_string_append_c(typed, '\r');
		else if (c == '\t' || (c >= ' ' && c != 0x7f && (c < 0x80 || c >= 0xa0)))
			g_string_append_unichar(typed, c);
	}
	vterm_keyboard_start_paste(screen->term);
	screen_output(screen, typed->str, typed->len);
	vterm_keyboard_end_paste(screen->term);
}

void screen_focus(Screen *screen, bool focused)
{
	if (focused)
		vterm_state_focus_in(screen->state);
	else
		vterm_state_focus_out(screen->state);
}

void screen_pointer(Screen *screen, int column, int row, unsigned modifiers)
{
	vterm_mouse_move(screen->term, CLAMP(row, 0, screen->grid->n_rows - 1),
		CLAMP(column, 0, screen->grid->columns - 1), (VTermModifier)modifiers);
}

void screen_button(Screen *screen, int button, bool pressed, unsigned modifiers)
{
	vterm_mouse_button(screen->term, button, pressed, (VTermModifier)modifiers);
}
