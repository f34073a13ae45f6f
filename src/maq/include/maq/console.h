// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * console - what drivers have in common that serve a screen, a keyboard and a pointer
 *
 * A MaqConsole is what one person sits at, or several together: the newest client of
 * Framebuffer is shown, the newest client of Input gets what the users do. It serves
 * Framebuffer, Input, Capture and Event; the driver shows frames and tells what users
 * do. Several consoles (windows, say) are told apart by the last part of a session's
 * label; a session with none of their names goes to the first.
 */
#ifndef MAQ_CONSOLE_H
#define MAQ_CONSOLE_H

#include <maq/display.h>

#define MAQ_CONSOLE_USERS                                                                \
	31 /* each holds its own keys; the clients of Event are one more */

typedef struct MaqConsole MaqConsole;

typedef struct {
	/*
	 * The frame of the newest client has changed within the rectangles, which lie
	 * within the console; if one has moved (frame->moved_x), it is the first, and may
	 * have come from beyond the console. n 0: everything, also what lies beside the
	 * frame; frame NULL: there is none. True: it is on the screen; false:
	 * maq_console_shown() will tell.
	 */
	bool (*show)(void *owner, MaqConsole *console, const MaqFrame *frame,
		const MaqFramebufferRect *rects, unsigned n);
	/* Optional. A client of Event wants another size; without it, gets it. */
	void (*wish)(void *owner, MaqConsole *console, int width, int height);
	/* Optional. The console has another size now; show follows. */
	void (*resized)(void *owner, MaqConsole *console, int width, int height);
	/* Optional. What the newest client calls itself. */
	void (*title)(void *owner, MaqConsole *console, const char *title);
	/* Optional. Catch the pointer, or let it go; false: can't. Without it, can't. */
	bool (*exclusive)(void *owner, MaqConsole *console, bool on);
} MaqConsoleOps;

/* name, ops, owner are borrowed; the console is freed with env. Sizes from 1 to most. */
MaqConsole *maq_console_new(MaqEnv *env, const char *name, int width, int height,
	int most, const MaqConsoleOps *ops, void *owner);
/* Announces all services. layout: of xkb-data. The array is copied. */
bool maq_consoles_provide(MaqEnv *env, MaqConsole *const *consoles, guint n,
	const char *layout, GError **error);

const char *maq_console_name(const MaqConsole *console);
void maq_console_size(const MaqConsole *console, int *width, int *height);
void maq_console_resize(MaqConsole *console, int width, int height);
/* The frame to be shown; NULL. */
const MaqFrame *maq_console_frame(const MaqConsole *console);
/* Whether somebody gets what users do. */
bool maq_console_has_input(const MaqConsole *console);
/* What was last given to show is on the screen. */
void maq_console_shown(MaqConsole *console);
/* The picture as it should be: XRGB8888, rows without gaps, black where there is no
 * frame. Owned by the caller. */
guint32 *maq_console_picture(const MaqConsole *console);

/* ---- what users do; user below MAQ_CONSOLE_USERS ---- */

/* An evdev code of a key or button. Pressed again, a key is repeated. */
void maq_console_press(MaqConsole *console, unsigned user, guint16 code);
void maq_console_release(MaqConsole *console, unsigned user, guint16 code);
/* Of X11; a character on no key of the layout is pressed as KEY_UNKNOWN. */
void maq_console_keysym(MaqConsole *console, unsigned user, guint32 keysym, bool down);
/* A key that the driver knows, and the symbol that it was pressed for (0: none); code 0:
 * by the symbol alone. */
void maq_console_key(
	MaqConsole *console, unsigned user, guint16 code, guint32 keysym, bool down);
/* Which locks of the keyboard are on: bits 0 to 2 are scroll, num and caps lock. */
guint maq_console_leds(const MaqConsole *console);
/* Where the pointer is; beyond the edge it stays there. */
void maq_console_motion(MaqConsole *console, int x, int y);
/* By how much it has moved; for who has asked for exclusive. */
void maq_console_relative(MaqConsole *console, int x, int y);
bool maq_console_is_exclusive(const MaqConsole *console);
/* The user has taken the pointer back. */
void maq_console_end_exclusive(MaqConsole *console);
/* In 1/120 notches, to the right and away from the user. */
void maq_console_wheel(MaqConsole *console, int x, int y);
void maq_console_touch(MaqConsole *console, guint16 finger, int x, int y, bool down);
/* The pointer is elsewhere. */
void maq_console_leave(MaqConsole *console);
/* As RFC 6143, 7.5.5: moves, presses and releases what has changed, turns the wheel. Bits
 * 7 and 8 are back and forward. */
void maq_console_pointer(
	MaqConsole *console, unsigned user, int x, int y, unsigned buttons);
/* The user has left: releases what it held. */
void maq_console_gone(MaqConsole *console, unsigned user);
/* Whether keys come here at all; yes at the start. */
void maq_console_focus(MaqConsole *console, bool focused);

/* ---- keys as people write them ---- */

/* The X11 keysym that types the character. */
guint32 maq_keysym_of_character(gunichar character);
/* Of "Ctrl+c", "Super+Shift+Left", "F1": in the order of pressing; their number. 0:
 * *wrong, owned by the caller, is no key. */
guint maq_keysyms_of_combination(const char *text, guint32 keysyms[8], char **wrong);

#endif
