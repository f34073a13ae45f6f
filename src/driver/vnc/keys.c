// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"

#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon.h>

#define XKB_OFFSET 8 /* xkb's key codes are evdev's plus 8 */

struct Keys {
	GHashTable *codes; /* owned: keysym -> evdev code */
};

static void add_key(struct xkb_keymap *keymap, xkb_keycode_t key, void *data)
{
	Keys *keys = data;
	xkb_level_index_t levels = xkb_keymap_num_levels_for_key(keymap, key, 0);

	for (xkb_level_index_t level = 0; level < levels; level++) {
		const xkb_keysym_t *symbols;
		int n = xkb_keymap_key_get_syms_by_level(keymap, key, 0, level, &symbols);

		for (int i = 0; i < n; i++) {
			gpointer symbol = GUINT_TO_POINTER(symbols[i]);

			/* the first key of a symbol is the usual one */
			if (!g_hash_table_contains(keys->codes, symbol))
				g_hash_table_insert(keys->codes, symbol,
					GUINT_TO_POINTER(key - XKB_OFFSET));
		}
	}
}

Keys *keys_new(const char *layout)
{
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	struct xkb_rule_names names = {.layout = layout};
	struct xkb_keymap *keymap = context ? xkb_keymap_new_from_names(context, &names,
						      XKB_KEYMAP_COMPILE_NO_FLAGS)
					    : NULL;
	Keys *keys = NULL;

	if (keymap) {
		keys = g_new0(Keys, 1);
		keys->codes = g_hash_table_new(NULL, NULL);
		xkb_keymap_key_for_each(keymap, add_key, keys);
	}
	xkb_keymap_unref(keymap);
	xkb_context_unref(context);
	return keys;
}

void keys_free(Keys *keys)
{
	g_hash_table_unref(keys->codes);
	g_free(keys);
}

guint16 keys_code(const Keys *keys, guint32 keysym)
{
	gpointer code;

	if (!g_hash_table_lookup_extended(
		    keys->codes, GUINT_TO_POINTER(keysym), NULL, &code) ||
		GPOINTER_TO_UINT(code) > KEY_MAX)
		return KEY_UNKNOWN;
	return (guint16)GPOINTER_TO_UINT(code);
}

guint32 keys_codepoint(guint32 keysym)
{
	return xkb_keysym_to_utf32(keysym);
}
