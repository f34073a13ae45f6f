// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * theme - the colours
 *
 * The colours of labels are those of Okabe and Ito, which people with any kind of colour
 * vision tell apart ("Color Universal Design", 2008), made as light or dark as the
 * theme needs; the label beside the colour says the same in words.
 */
#ifndef WM_THEME_H
#define WM_THEME_H

#include <glib.h>

#define THEME_LABELS 7

typedef struct {
	const char *name;
	guint32 desk;      /* between the tiles */
	guint32 empty;     /* an empty frame */
	guint32 bar;       /* with tabs that are not to be seen */
	guint32 tab;       /* the one to be seen */
	guint32 text, dim; /* on these */
	guint32 line;      /* around a tile */
	guint32 focus;     /* around the one with the focus */
	guint32 urgent;
	guint32 panel;    /* prompt, help */
	guint32 selected; /* a line of a panel */
	guint32 key;      /* a key in the help */
	guint32 labels[THEME_LABELS];
} Theme;

/* The one of this name, else the dark one. */
const Theme *theme_find(const char *name);
/* Which of the colours of labels; from the label alone. */
guint theme_label(const char *label);
/* Between a and b, share of 256 b. */
guint32 theme_mix(guint32 a, guint32 b, guint share);

#endif
