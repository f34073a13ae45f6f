// SPDX-License-Identifier: GPL-2.0-or-later
#include "theme.h"

#include <string.h>

static const Theme themes[] = {
	{
		.name = "dark",
		.desk = 0x0b0d10,
		.empty = 0x12161b,
		.bar = 0x171c22,
		.tab = 0x262d36,
		.text = 0xe8ecf0,
		.dim = 0x8793a0,
		.line = 0x2a323b,
		.focus = 0x5aa9f0,
		.urgent = 0xf0a030,
		.panel = 0x1b2129,
		.selected = 0x2c4a6b,
		.key = 0xf2c14e,
		.labels = {0xe69f00, 0x56b4e9, 0x12b886, 0xf0e442, 0x6f9be8, 0xe8703a,
			0xd79ac1},
	},
	{
		.name = "light",
		.desk = 0xd4d8dd,
		.empty = 0xe6e9ec,
		.bar = 0xe2e5e9,
		.tab = 0xfbfcfd,
		.text = 0x1a2028,
		.dim = 0x66707c,
		.line = 0xb6bdc6,
		.focus = 0x1f6fc4,
		.urgent = 0xc26a00,
		.panel = 0xfafbfc,
		.selected = 0xcfe2f7,
		.key = 0x8a4b00,
		.labels = {0xc98600, 0x2f93cf, 0x009e73, 0xb8ab00, 0x0072b2, 0xd55e00,
			0xb5628f},
	},
};

const Theme *theme_find(const char *name)
{
	for (gsize i = 0; name && i < G_N_ELEMENTS(themes); i++)
		if (!strcmp(themes[i].name, name))
			return &themes[i];
	return &themes[0];
}

/* FNV-1a, 32 bit */
guint theme_label(const char *label)
{
	guint32 hash = 2166136261u;

	for (; *label; label++)
		hash = (hash ^ (guint8)*label) * 16777619u;
	return (hash ^ hash >> 15) % THEME_LABELS;
}

static guint32 mix_part(guint32 a, guint32 b, guint share, guint shift)
{
	guint32 x = a >> shift & 255, y = b >> shift & 255;

	return ((x * (256 - share) + y * share) >> 8) << shift;
}

guint32 theme_mix(guint32 a, guint32 b, guint share)
{
	return mix_part(a, b, share, 16) | mix_part(a, b, share, 8) |
	       mix_part(a, b, share, 0);
}
