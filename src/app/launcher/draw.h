// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - the list, the filter, and what each entry does
 */
#ifndef LAUNCHER_DRAW_H
#define LAUNCHER_DRAW_H

#include "entries.h"

#include <maq/paint.h>

typedef struct {
	MaqFont *name, *text; /* owned */
} Fonts;

bool fonts_init(Fonts *fonts, const char *name, GError **error);
void fonts_fini(Fonts *fonts);
/* first: the entry at the top; moved so that the selected one is seen. */
void draw_launcher(MaqCanvas *canvas, const Fonts *fonts, const Entries *entries,
	guint *first, bool focused);
/* The least size that is of use: the filter and one entry. */
void draw_least(const Fonts *fonts, int *width, int *height);
/* Which entry is at this height; G_MAXUINT: none. */
guint draw_entry_at(const Fonts *fonts, guint first, int y);

#endif
