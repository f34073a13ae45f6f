// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - clock and components onto a canvas
 */
#ifndef STATUS_DRAW_H
#define STATUS_DRAW_H

#include "state.h"

#include <maq/paint.h>

typedef struct {
	MaqFont *clock, *text, *small; /* owned */
} Fonts;

bool fonts_init(Fonts *fonts, const char *name, GError **error);
/* components: of Component. */
void draw_status(
	MaqCanvas *canvas, const Fonts *fonts, GDateTime *now, const GArray *components);

#endif
