// SPDX-License-Identifier: LGPL-2.1-or-later
#include "keys.h"

#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <xkbcommon/xkbcommon.h>

#define XKB_OFFSET 8 /* between the key codes of XKB and those of evdev */

struct Keys {
	struct xkb_keymap *map;  /* owned */
	struct xkb_state *state; /* owned */
	GHashTable *places;      /* owned; keysym -> code * 2 + shifted, always > 0 */
};

/* Low codes come first and win: `<` is Shift and comma, not the 102nd key. */
static void add_key(struct xkb_keymap *map, xkb_keycode_t code, void *data)
{
	Keys *keys = data;
	xkb_level_index_t levels = xkb_keymap_num_levels_for_key(map, code, 0);
	const xkb_keysym_t *syms;

	if (code <= XKB_OFFSET || code - XKB_OFFSET >= KEY_CNT)
		return;
	for (xkb_level_index_t level = 0; level < MIN(levels, 2); level++) {
		guint place = (code - XKB_OFFSET) * 2 + (level == 1);
		int n = xkb_keymap_key_get_syms_by_level(map, code, 0, level, &syms);

		for (int i = 0; i < n; i++)
			if (!g_hash_table_contains(
				    keys->places, GUINT_TO_POINTER(syms[i])))
				g_hash_table_insert(keys->places,
					GUINT_TO_POINTER(syms[i]),
					GUINT_TO_POINTER(place));
	}
}

Keys *keys_new(const char *layout, GError **error)
{
	struct xkb_rule_names names = {
		.rules = "evdev", .model = "pc105", .layout = layout};
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	struct xkb_keymap *map = NULL;
	Keys *keys = NULL;

	if (context)
		map = xkb_keymap_new_from_names(
			context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
	if (map) {
		keys = g_new0(Keys, 1);
		keys->map = xkb_keymap_ref(map);
		keys->state = xkb_state_new(map);
		keys->places = g_hash_table_new(NULL, NULL);
		xkb_keymap_key_for_each(map, add_key, keys);
	} else {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			"no keyboard layout \"%s\": is xkb-data installed?", layout);
	}
	xkb_keymap_unref(map);
	xkb_context_unref(context);
	return keys;
}

void keys_free(Keys *keys)
{
	if (!keys)
		return;
	g_hash_table_unref(keys->places);
	xkb_state_unref(keys->state);
	xkb_keymap_unref(keys->map);
	g_free(keys);
}

void keys_update(Keys *keys, guint16 code, bool down)
{
	xkb_state_update_key(
		keys->state, code + XKB_OFFSET, down ? XKB_KEY_DOWN : XKB_KEY_UP);
}

/* Not what Control makes of it: the client gets Control as a key of its own. */
guint32 keys_codepoint(const Keys *keys, guint16 code)
{
	return xkb_keysym_to_utf32(
		xkb_state_key_get_one_sym(keys->state, code + XKB_OFFSET));
}

guint32 keys_keysym(const Keys *keys, guint16 code)
{
	return xkb_state_key_get_one_sym(keys->state, code + XKB_OFFSET);
}

guint keys_leds(const Keys *keys)
{
	static const char *const names[] = {
		XKB_LED_NAME_SCROLL, XKB_LED_NAME_NUM, XKB_LED_NAME_CAPS};
	guint leds = 0;

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (xkb_state_led_name_is_active(keys->state, names[i]) > 0)
			leds |= 1u << i;
	return leds;
}

bool keys_repeats(const Keys *keys, guint16 code)
{
	return xkb_keymap_key_repeats(keys->map, code + XKB_OFFSET);
}

char *keys_text(const Keys *keys)
{
	char *text = xkb_keymap_get_as_string(keys->map, XKB_KEYMAP_FORMAT_TEXT_V1);
	char *copy = g_strdup(text ? text : "");

	free(text);
	return copy;
}

Key keys_find(const Keys *keys, guint32 keysym)
{
	guint place = GPOINTER_TO_UINT(
		g_hash_table_lookup(keys->places, GUINT_TO_POINTER(keysym)));

	return (Key){
		.code = place ? (guint16)(place / 2) : KEY_UNKNOWN,
		.codepoint = xkb_keysym_to_utf32(keysym),
		.shifted = place & 1,
	};
}
