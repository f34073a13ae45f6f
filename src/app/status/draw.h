// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - clock and components onto a canvas
 */
#ifndef STATUS_DRAW_H
#define STATUS_DRAW_H

#include "desk.h"
#include "state.h"

#include <maq/paint.h>

typedef struct {
	MaqFont *clock, *text, *small; /* owned */
} Fonts;

bool fonts_init(Fonts *fonts, const char *name, GError **error);
/* components: of Component. clock: whether it is there, too. */
void draw_status(MaqCanvas *canvas, const Fonts *fonts, GDateTime *now,
	const GArray *components, bool clock);
guint32 draw_color_of(const Component *component);

/* ---- bar.c: the same in one line, and the workspaces ---- */
/* The least size that is of use: a bar with nothing but the time. */
void draw_least(const Fonts *fonts, int *width, int *height);
#define DRAW_BAR_MAX 64 /* px, the height that a bar may have */
void draw_bar(MaqCanvas *canvas, const Fonts *fonts, GDateTime *now,
	const GArray *components, const Desk *desk);

#endif
