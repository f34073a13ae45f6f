// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * names - keys as people write them
 */
#include "internal.h"

#include <xkbcommon/xkbcommon.h>

guint32 maq_keysym_of_character(gunichar character)
{
	if (character == '\n' || character == '\r')
		return XKB_KEY_Return;
	if (character == '\t')
		return XKB_KEY_Tab;
	if (character == 27)
		return XKB_KEY_Escape;
	if (character == 8 || character == 127)
		return XKB_KEY_BackSpace;
	return xkb_utf32_to_keysym(character);
}

/* The names that people use for the left keys of a pair. */
static guint32 keysym_of_name(const char *name)
{
	static const struct {
		const char *name;
		guint32 keysym;
	} common[] = {{"ctrl", XKB_KEY_Control_L}, {"control", XKB_KEY_Control_L},
		{"shift", XKB_KEY_Shift_L}, {"alt", XKB_KEY_Alt_L},
		{"super", XKB_KEY_Super_L}, {"enter", XKB_KEY_Return},
		{"esc", XKB_KEY_Escape}, {"space", XKB_KEY_space}};

	for (gsize i = 0; i < G_N_ELEMENTS(common); i++)
		if (!g_ascii_strcasecmp(name, common[i].name))
			return common[i].keysym;
	if (g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) == 1)
		return maq_keysym_of_character(g_utf8_get_char(name));
	return xkb_keysym_from_name(name, XKB_KEYSYM_CASE_INSENSITIVE);
}

guint maq_keysyms_of_combination(const char *text, guint32 keysyms[8], char **wrong)
{
	g_auto(GStrv) names = g_strsplit(text, "+", 8);
	guint n = g_strv_length(names);

	for (guint i = 0; i < n; i++) {
		keysyms[i] = keysym_of_name(names[i]);
		if (keysyms[i] != XKB_KEY_NoSymbol)
			continue;
		if (wrong)
			*wrong = g_strdup(names[i]);
		return 0;
	}
	return n;
}
