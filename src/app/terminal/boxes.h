// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boxes - characters that are drawn, not taken from a font: lines, blocks and the like,
 * which must meet those of the cells beside them
 */
#ifndef TERMINAL_BOXES_H
#define TERMINAL_BOXES_H

#include <maq/paint.h>

/* U+2500-259F, braille, sextants, separators of status lines. False: it is none of these,
 * and nothing is drawn. The cell has its background already. */
bool box_draw(
	MaqCanvas *canvas, MaqRect cell, guint32 character, guint32 front, guint32 back);

#endif
