// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faces - a font, its bold and slanted faces, and all of them at twice the size
 */
#ifndef TERMINAL_FACES_H
#define TERMINAL_FACES_H

#include <maq/paint.h>

enum { FACE_BOLD = 1, FACE_ITALIC = 2, FACE_COUNT = 4 };

typedef struct {
	char *font;                 /* owned: its name */
	int size;                   /* px */
	MaqFont *faces[FACE_COUNT]; /* owned; all but the first may be the first */
	MaqFont *large[FACE_COUNT]; /* owned; NULL: not needed yet. May be the first */
} Faces;

/* Leaves faces as they are if there is no such font. */
bool faces_load(Faces *faces, const char *font, int size, GError **error);
void faces_free(Faces *faces);
int faces_width(const Faces *faces); /* of a cell */
int faces_height(const Faces *faces);
/* face: a sum of FACE_*. */
MaqFont *faces_get(Faces *faces, int face, bool large);

#endif
