// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include <string.h>

/* Light and dark differ as well as hues, red leans to orange and green to blue, so that
 * they are told apart also by who sees fewer colours (after Okabe and Ito). */
static const Palette safe = {0xd3d7cf, 0x101418,
	{0x2a3036, 0xe0704a, 0x45b08c, 0xe6bf52, 0x5a9fe0, 0xcc8fb8, 0x62c0dc, 0xc4cac6,
		0x6c7680, 0xff9a70, 0x7fdcb8, 0xffe08a, 0x92c6ff, 0xecb8da, 0x9ee4f6,
		0xffffff}};

static const Palette light = {0x2a2e32, 0xfbfaf6,
	{0x2a2e32, 0xb84a1e, 0x00795a, 0x8a6a00, 0x1f63a8, 0x96487c, 0x00718c, 0x8a9094,
		0x5c646a, 0xd0602e, 0x008f6a, 0xa88200, 0x2f7cc8, 0xb0609a, 0x0088a8,
		0x1a1d20}};

static const Palette classic = {0xd0d0d0, 0x000000,
	{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x1e63ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c8cff, 0xff00ff, 0x00ffff,
		0xffffff}};

static void read_color(const MaqHidNode *node, const char *tag, guint32 *color)
{
	const char *text = maq_hid_attr(node, tag);
	char *end;

	if (!text)
		return;
	guint64 rgb = g_ascii_strtoull(text + (*text == '#'), &end, 16);
	if (!*end && end != text && rgb <= 0xffffff)
		*color = (guint32)rgb;
}

static Palette read_palette(const MaqHidNode *config)
{
	const char *name = maq_hid_string(config, "palette", "safe");
	Palette palette = !strcmp(name, "light")     ? light
			  : !strcmp(name, "classic") ? classic
						     : safe;
	const MaqHidNode *color = maq_hid_first(config, "color");

	read_color(config, "foreground", &palette.front);
	read_color(config, "background", &palette.back);
	for (; color; color = maq_hid_next(color, "color")) {
		guint64 index = maq_hid_u64(color, "index", SCREEN_COLORS);

		if (index < SCREEN_COLORS)
			read_color(color, "rgb", &palette.colors[index]);
	}
	return palette;
}

Settings settings_read(const MaqHidNode *config)
{
	const char *copies = maq_hid_string(config, "program_clipboard", "no");

	return (Settings){
		.font = maq_hid_string(config, "font", "monospace"),
		.size = (int)CLAMP(maq_hid_u64(config, "size", 14), FONT_MIN, FONT_MAX),
		.opacity = (unsigned)MIN(maq_hid_u64(config, "opacity", 100), 100) * 255 /
			   100,
		.lines = (guint)MIN(maq_hid_u64(config, "scrollback", 100000), 1000000),
		.bytes = (gsize)MIN(
			maq_hid_bytes(config, "scrollback_memory", 0), 1u << 30),
		.palette = read_palette(config),
		.program_copies = strcmp(copies, "no") != 0,
		.program_pastes = !strcmp(copies, "both"),
		.copy_selected = maq_hid_bool(config, "copy_selection", true),
		.urgent = maq_hid_string(config, "bell", "urgent"),
	};
}
