// SPDX-License-Identifier: GPL-2.0-or-later
#include "keymap.h"

#include <linux/input-event-codes.h>
#include <string.h>

struct Keymap {
	GPtrArray *bindings; /* owned, of Binding; the first that fits counts */
	unsigned mod;
	const char *mod_name;
};

typedef struct {
	const char *keys, *command;
} Default;

static const Default normal[] = {
	{"Mod+Left", "focus left"},
	{"Mod+Right", "focus right"},
	{"Mod+Up", "focus up"},
	{"Mod+Down", "focus down"},
	{"Mod+Shift+Left", "move left"},
	{"Mod+Shift+Right", "move right"},
	{"Mod+Shift+Up", "move up"},
	{"Mod+Shift+Down", "move down"},
	{"Mod+Alt+Left", "into left"},
	{"Mod+Alt+Right", "into right"},
	{"Mod+Alt+Up", "into up"},
	{"Mod+Alt+Down", "into down"},
	{"Mod+Alt+Shift+Left", "out left"},
	{"Mod+Alt+Shift+Right", "out right"},
	{"Mod+Alt+Shift+Up", "out up"},
	{"Mod+Alt+Shift+Down", "out down"},
	{"Mod+Control+Left", "resize left"},
	{"Mod+Control+Right", "resize right"},
	{"Mod+Control+Up", "resize up"},
	{"Mod+Control+Down", "resize down"},
	{"Mod+Tab", "tab next"},
	{"Mod+Shift+Tab", "tab previous"},
	{"Mod+V", "split right"},
	{"Mod+S", "split down"},
	{"Mod+X", "unsplit"},
	{"Mod+E", "equalize"},
	{"Mod+R", "mode resize"},
	{"Mod+Z", "zoom"},
	{"Mod+F", "fullscreen"},
	{"Mod+Space", "float"},
	{"Mod+Shift+Space", "focus layer"},
	{"Mod+Home", "pan left"},
	{"Mod+End", "pan right"},
	{"Mod+PageUp", "pan up"},
	{"Mod+PageDown", "pan down"},
	{"Mod+Minus", "scratchpad show"},
	{"Mod+Shift+Minus", "scratchpad put"},
	{"Mod+T", "tag"},
	{"Mod+Shift+T", "attach"},
	{"Mod+Escape", "untag"},
	{"Mod+Shift+Escape", "release"},
	{"Mod+Q", "close"},
	{"Mod+1", "workspace 1"},
	{"Mod+2", "workspace 2"},
	{"Mod+3", "workspace 3"},
	{"Mod+4", "workspace 4"},
	{"Mod+5", "workspace 5"},
	{"Mod+Shift+1", "send 1"},
	{"Mod+Shift+2", "send 2"},
	{"Mod+Shift+3", "send 3"},
	{"Mod+Shift+4", "send 4"},
	{"Mod+Shift+5", "send 5"},
	{"Mod+N", "workspace next"},
	{"Mod+P", "workspace previous"},
	{"Mod+B", "workspace back"},
	{"Mod+W", "prompt workspace"},
	{"Mod+Grave", "focus back"},
	{"Mod+U", "focus urgent"},
	{"Mod+G", "prompt go"},
	{"Mod+D", "prompt run"},
	{"Mod+Return", "prompt run"},
	{"Mod+H", "help"},
	{"Mod+Slash", "help"},
	{"Mod+I", "xray"},
	{"Mod+M", "mirror"},
	{"Mod+Pause", "freeze"},
	{"Mod+Shift+F", "freeze"},
	{"Mod+K", "broadcast toggle"},
	{"Mod+Shift+K", "broadcast workspace"},
	{"Mod+Alt+K", "broadcast off"},
	{"Mod+Y", "undo"},
	{"Mod+Shift+Y", "redo"},
	{"Mod+Equal", "font larger"},
	{"Mod+Shift+Equal", "font smaller"},
	{"Mod+0", "font reset"},
	{"Mod+L", "theme toggle"},
	{"Mod+C", "tabs toggle"},
};

static const Default resize[] = {
	{"Left", "resize left"},
	{"Right", "resize right"},
	{"Up", "resize up"},
	{"Down", "resize down"},
	{"Shift+Left", "resize left 8"},
	{"Shift+Right", "resize right 8"},
	{"Shift+Up", "resize up 8"},
	{"Shift+Down", "resize down 8"},
	{"H", "nudge left"},
	{"J", "nudge down"},
	{"K", "nudge up"},
	{"L", "nudge right"},
	{"E", "equalize"},
	{"Tab", "focus next"},
	{"Return", "mode normal"},
	{"Escape", "mode normal"},
	{"Mod+R", "mode normal"},
};

static const struct {
	const char *name;
	guint16 code;
} names[] = {
	{"Left", KEY_LEFT},
	{"Right", KEY_RIGHT},
	{"Up", KEY_UP},
	{"Down", KEY_DOWN},
	{"Tab", KEY_TAB},
	{"Return", KEY_ENTER},
	{"Enter", KEY_ENTER},
	{"Escape", KEY_ESC},
	{"Space", KEY_SPACE},
	{"BackSpace", KEY_BACKSPACE},
	{"Delete", KEY_DELETE},
	{"Insert", KEY_INSERT},
	{"Home", KEY_HOME},
	{"End", KEY_END},
	{"PageUp", KEY_PAGEUP},
	{"PageDown", KEY_PAGEDOWN},
	{"Minus", KEY_MINUS},
	{"Equal", KEY_EQUAL},
	{"Comma", KEY_COMMA},
	{"Period", KEY_DOT},
	{"Slash", KEY_SLASH},
	{"Backslash", KEY_BACKSLASH},
	{"Semicolon", KEY_SEMICOLON},
	{"Apostrophe", KEY_APOSTROPHE},
	{"Grave", KEY_GRAVE},
	{"BracketLeft", KEY_LEFTBRACE},
	{"BracketRight", KEY_RIGHTBRACE},
	{"Print", KEY_SYSRQ},
	{"Pause", KEY_PAUSE},
	{"Menu", KEY_COMPOSE},
	{"F1", KEY_F1},
	{"F2", KEY_F2},
	{"F3", KEY_F3},
	{"F4", KEY_F4},
	{"F5", KEY_F5},
	{"F6", KEY_F6},
	{"F7", KEY_F7},
	{"F8", KEY_F8},
	{"F9", KEY_F9},
	{"F10", KEY_F10},
	{"F11", KEY_F11},
	{"F12", KEY_F12},
	{"1", KEY_1},
	{"2", KEY_2},
	{"3", KEY_3},
	{"4", KEY_4},
	{"5", KEY_5},
	{"6", KEY_6},
	{"7", KEY_7},
	{"8", KEY_8},
	{"9", KEY_9},
	{"0", KEY_0},
	{"A", KEY_A},
	{"B", KEY_B},
	{"C", KEY_C},
	{"D", KEY_D},
	{"E", KEY_E},
	{"F", KEY_F},
	{"G", KEY_G},
	{"H", KEY_H},
	{"I", KEY_I},
	{"J", KEY_J},
	{"K", KEY_K},
	{"L", KEY_L},
	{"M", KEY_M},
	{"N", KEY_N},
	{"O", KEY_O},
	{"P", KEY_P},
	{"Q", KEY_Q},
	{"R", KEY_R},
	{"S", KEY_S},
	{"T", KEY_T},
	{"U", KEY_U},
	{"V", KEY_V},
	{"W", KEY_W},
	{"X", KEY_X},
	{"Y", KEY_Y},
	{"Z", KEY_Z},
};

unsigned keymap_modifier_of(guint16 code)
{
	switch (code) {
	case KEY_LEFTSHIFT:
	case KEY_RIGHTSHIFT:
		return MODIFIER_SHIFT;
	case KEY_LEFTCTRL:
	case KEY_RIGHTCTRL:
		return MODIFIER_CONTROL;
	case KEY_LEFTALT:
		return MODIFIER_ALT;
	case KEY_LEFTMETA:
	case KEY_RIGHTMETA:
		return MODIFIER_SUPER;
	default:
		return 0;
	}
}

static unsigned modifier_named(const char *name, unsigned mod)
{
	if (!g_ascii_strcasecmp(name, "Mod"))
		return mod;
	if (!g_ascii_strcasecmp(name, "Shift"))
		return MODIFIER_SHIFT;
	if (!g_ascii_strcasecmp(name, "Control") || !g_ascii_strcasecmp(name, "Ctrl"))
		return MODIFIER_CONTROL;
	if (!g_ascii_strcasecmp(name, "Alt"))
		return MODIFIER_ALT;
	return g_ascii_strcasecmp(name, "Super") ? 0 : MODIFIER_SUPER;
}

bool keymap_parse(const char *text, unsigned mod, guint16 *code, unsigned *modifiers)
{
	g_auto(GStrv) parts = g_strsplit(text, "+", 8);
	guint n = g_strv_length(parts);
	unsigned held = 0;

	for (guint i = 0; i + 1 < n; i++) {
		unsigned modifier = modifier_named(g_strstrip(parts[i]), mod);

		if (!modifier)
			return false;
		held |= modifier;
	}
	for (gsize i = 0; n && i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strcasecmp(names[i].name, g_strstrip(parts[n - 1])))
			continue;
		*code = names[i].code;
		*modifiers = held;
		return true;
	}
	return false;
}

static void binding_free(gpointer data)
{
	Binding *binding = data;

	g_free(binding->mode);
	g_free(binding->keys);
	g_free(binding->command);
	g_free(binding);
}

/* "Mod+A" to "Super+A", for people. */
static char *spelled(const Keymap *keymap, const char *keys)
{
	g_autoptr(GString) text = g_string_new(keys);

	g_string_replace(text, "Mod+", keymap->mod_name, 1);
	return g_string_free(g_steal_pointer(&text), false);
}

static bool add(
	Keymap *keymap, const char *mode, const char *keys, const char *command, bool own)
{
	guint16 code;
	unsigned modifiers;

	if (keymap->bindings->len >= KEYMAP_MAX ||
		!keymap_parse(keys, keymap->mod, &code, &modifiers))
		return false;
	Binding *binding = g_new(Binding, 1);
	*binding = (Binding){g_strdup(mode), spelled(keymap, keys), g_strdup(command),
		code, modifiers, own};
	g_ptr_array_add(keymap->bindings, binding);
	return true;
}

static void read_keys(Keymap *keymap, const MaqHidNode *parent, const char *mode,
	void (*complain)(void *data, const char *text), void *data)
{
	const MaqHidNode *key = maq_hid_first(parent, "key");

	for (; key; key = maq_hid_next(key, "key")) {
		const char *keys = maq_hid_name(key), *run = maq_hid_attr(key, "run");

		if (keys && run && add(keymap, mode, keys, run, true))
			continue;
		g_autofree char *text = g_strdup_printf(
			"the key \"%s\" is not understood", keys ? keys : "");
		complain(data, text);
	}
}

static void set_mod(Keymap *keymap, const char *name)
{
	keymap->mod = MODIFIER_SUPER;
	keymap->mod_name = "Super+";
	if (!g_ascii_strcasecmp(name, "Alt")) {
		keymap->mod = MODIFIER_ALT;
		keymap->mod_name = "Alt+";
	} else if (!g_ascii_strcasecmp(name, "Control+Alt")) {
		keymap->mod = MODIFIER_CONTROL | MODIFIER_ALT;
		keymap->mod_name = "Control+Alt+";
	}
}

/* What is configured hides what is default. */
Keymap *keymap_new(const MaqHidNode *config,
	void (*complain)(void *data, const char *text), void *data)
{
	Keymap *keymap = g_new0(Keymap, 1);
	const MaqHidNode *mode = maq_hid_first(config, "mode");

	keymap->bindings = g_ptr_array_new_with_free_func(binding_free);
	set_mod(keymap, maq_hid_string(config, "modifier", "Super"));
	read_keys(keymap, config, KEYMAP_NORMAL, complain, data);
	for (; mode; mode = maq_hid_next(mode, "mode"))
		if (maq_hid_name(mode))
			read_keys(keymap, mode, maq_hid_name(mode), complain, data);
	if (!strcmp(maq_hid_string(config, "keys", "default"), "none"))
		return keymap;
	for (gsize i = 0; i < G_N_ELEMENTS(normal); i++)
		add(keymap, KEYMAP_NORMAL, normal[i].keys, normal[i].command, false);
	for (gsize i = 0; i < G_N_ELEMENTS(resize); i++)
		add(keymap, "resize", resize[i].keys, resize[i].command, false);
	return keymap;
}

void keymap_free(Keymap *keymap)
{
	if (!keymap)
		return;
	g_ptr_array_unref(keymap->bindings);
	g_free(keymap);
}

const Binding *keymap_find(
	const Keymap *keymap, const char *mode, guint16 code, unsigned modifiers)
{
	for (guint i = 0; i < keymap->bindings->len; i++) {
		const Binding *binding = keymap->bindings->pdata[i];

		if (binding->code == code && binding->modifiers == modifiers &&
			!strcmp(binding->mode, mode))
			return binding;
	}
	return NULL;
}

bool keymap_has_mode(const Keymap *keymap, const char *mode)
{
	for (guint i = 0; i < keymap->bindings->len; i++)
		if (!strcmp(((const Binding *)keymap->bindings->pdata[i])->mode, mode))
			return true;
	return !strcmp(mode, KEYMAP_NORMAL);
}

guint keymap_size(const Keymap *keymap)
{
	return keymap->bindings->len;
}

const Binding *keymap_at(const Keymap *keymap, guint i)
{
	return keymap->bindings->pdata[i];
}

unsigned keymap_mod(const Keymap *keymap)
{
	return keymap->mod;
}
