// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keymap - which keys run which command lines, in which mode
 *
 * A combination is written as Super+Shift+Left: modifiers Shift, Control, Alt, Super, and
 * Mod, which the configuration chooses; keys by their names on a US keyboard, wherever
 * they stand on the user's.
 */
#ifndef WM_KEYMAP_H
#define WM_KEYMAP_H

#include <maq/hid.h>

typedef enum {
	MODIFIER_SHIFT = 1,
	MODIFIER_CONTROL = 2,
	MODIFIER_ALT = 4,
	MODIFIER_SUPER = 8
} Modifier;

#define KEYMAP_NORMAL "normal"
#define KEYMAP_MAX    512 /* bindings */

typedef struct {
	char *mode;    /* owned */
	char *keys;    /* owned: as written, with Mod replaced */
	char *command; /* owned */
	guint16 code;  /* evdev */
	unsigned modifiers;
	bool own; /* of the configuration */
} Binding;

typedef struct Keymap Keymap;

/* Default keys (unless keys: none), and those of the configuration: nodes key, and
 * mode with nodes key in them. What is wrong is told, and left out. */
Keymap *keymap_new(const MaqHidNode *config,
	void (*complain)(void *data, const char *text), void *data);
void keymap_free(Keymap *keymap);
/* NULL: none. */
const Binding *keymap_find(
	const Keymap *keymap, const char *mode, guint16 code, unsigned modifiers);
bool keymap_has_mode(const Keymap *keymap, const char *mode);
guint keymap_size(const Keymap *keymap);
const Binding *keymap_at(const Keymap *keymap, guint i);
unsigned keymap_mod(const Keymap *keymap); /* what Mod stands for */
/* 0: no modifier. */
unsigned keymap_modifier_of(guint16 code);
bool keymap_parse(const char *text, unsigned mod, guint16 *code, unsigned *modifiers);

#endif
