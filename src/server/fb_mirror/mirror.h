// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mirror - what the files of the mirror share
 */
#ifndef FB_MIRROR_MIRROR_H
#define FB_MIRROR_MIRROR_H

#include <maq/component.h>
#include <maq/display.h>
#include <maq/paint.h>

#define OUTPUTS_MAX 8
#define HELD_BYTES  (768 / 8)

typedef struct Mirror Mirror;

/* A display that shows what the client draws; it may be away. */
typedef struct {
	Mirror *mirror;    /* borrowed */
	char *label;       /* owned by env */
	MaqScreen *screen; /* owned; NULL between two tries to have it */
	MaqEvents *events; /* likewise */
	bool ending;       /* both are about to be closed */
	MaqTimeout *again;
	MaqDamage damage;
	bool redraw;
	guint64 input_seq;       /* of its own events, that the last frame answers */
	guint8 held[HELD_BYTES]; /* keys and buttons that its users hold: a bit a code */
	int keymap;              /* owned; -1: none */
	guint32 keymap_size;
} Output;

struct Mirror {
	MaqEnv *env;
	Output outputs[OUTPUTS_MAX];
	guint n;
	GPtrArray *views, *seats;      /* owned, of borrowed; newest last */
	int width, height;             /* of the client's mode */
	int drawn_width, drawn_height; /* of its last frame */
	guint64 origin;                /* of the event that is handled */
};

/* ---- outputs.c ---- */
void outputs_open(Mirror *mirror);
void outputs_frame(Mirror *mirror, const MaqFrame *frame); /* NULL: all anew */
/* The first that is there, in the order of the configuration; NULL. */
Output *outputs_primary(Mirror *mirror);
/* Releases what its users hold, unless somebody else's do, too. */
void output_let_go(Output *output);

/* ---- main.c ---- */
const MaqFrame *mirror_frame(const Mirror *mirror); /* of the newest client; NULL */
void mirror_event(Output *output, const MaqInputEvent *event);
void mirror_fit(Mirror *mirror); /* the client's mode to the primary output */

#endif
