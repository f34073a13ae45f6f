// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture - pictures as PNG files, and how far two are alike
 */
#ifndef MAQUETTE_PICTURE_H
#define MAQUETTE_PICTURE_H

#include "../display.h"

/* path "-": standard output */
bool picture_write(const Shot *shot, const char *path, GError **error);
/* Bytes of alpha are lost. */
bool picture_read(const char *path, Shot *shot, GError **error);

/* A part of it, cut at the edges; may be empty. */
Shot picture_crop(const Shot *shot, guint32 x, guint32 y, guint32 width, guint32 height);

typedef struct {
	guint32 x, y, width, height; /* px, in the needle */
} Mask;

/* How many pixels differ by more than tolerance in a colour, or are in one alone. Those
 * under a mask do not. difference, if not NULL, gets the needle's size: what differs red,
 * the rest darkened, masks blue. */
guint64 picture_compare(const Shot *needle, const Shot *got, guint tolerance,
	const Mask *masks, guint n_masks, Shot *difference);

#endif
