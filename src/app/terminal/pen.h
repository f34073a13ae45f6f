// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pen - the look of what is written next: SGR, also of what libvterm does not know
 */
#ifndef TERMINAL_PEN_H
#define TERMINAL_PEN_H

#include "glyph.h"
#include "guard.h"

/* Select Graphic Rendition; the link stays. */
void pen_apply(Style *pen, const GuardSequence *sequence);
/* The same as numbers, for DECRQSS: "0;1;4:3". (transfer full) */
char *pen_text(const Style *pen);
Underline pen_underline(const Style *pen);

#endif
