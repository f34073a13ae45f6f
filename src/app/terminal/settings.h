// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * settings - what the configuration says (config.hsd)
 */
#ifndef TERMINAL_SETTINGS_H
#define TERMINAL_SETTINGS_H

#include "screen.h"

#include <maq/hid.h>

enum { FONT_MIN = 6, FONT_MAX = 100 }; /* px */

typedef struct {
	const char *font; /* borrowed from the configuration */
	int size;         /* px */
	unsigned opacity; /* of 255: of the background */
	guint lines;      /* of scroll-back */
	gsize bytes;      /* that it may take; 0: by the quota */
	Palette palette;
	bool program_copies, program_pastes; /* OSC 52 */
	bool copy_selected;
	const char *urgent; /* borrowed: what a bell does */
} Settings;

/* Whatever is wrong in the configuration has its default. */
Settings settings_read(const MaqHidNode *config);

#endif
