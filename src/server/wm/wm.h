// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef WM_WM_H
#define WM_WM_H

#include "layout.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/paint.h>

#define BAR_HEIGHT 24  /* px of a tab bar */
#define TAB_MAX    220 /* px, width of a tab */
#define LINE       1   /* px between frames side by side */

typedef struct Tile Tile;

typedef struct {
	MaqEnv *env;
	MaqScreen *screen; /* owned; what we draw on */
	MaqEvents *events; /* owned */
	MaqFont *font;     /* owned */
	Layout *layout;    /* owned */
	GPtrArray *tiles;  /* owned, of Tile */
	GPtrArray *seats;  /* of MaqSeat, borrowed */
	MaqFramebufferRect damage[8];
	unsigned n_damage;
	bool redraw;       /* everything */
	bool scheduled;    /* a drawing is deferred */
	guint64 input_seq; /* the last event: what we draw may answer it */
	unsigned modifiers;
	bool restating;      /* within a snapshot of our Input */
	Tile *focused;       /* who gets the keys; NULL */
	Tile *pointer_owner; /* who got the press; NULL */
	int buttons;         /* pressed on the owner */
	int x, y;
	int width, height;
} Wm;

/* One client: its picture, and its input if it wants any. */
struct Tile {
	Wm *wm;            /* borrowed */
	MaqView *view;     /* borrowed */
	MaqSeat *seat;     /* borrowed; NULL */
	char *title;       /* owned; NULL: the label */
	int width, height; /* of its mode */
	bool hovered;
};

/* Width of a tab of a frame that is so wide. */
int tab_width(int width, guint count);
/* Where a client's picture goes; width 0: it is not visible. */
Area tile_area(const Tile *tile);

/* ---- main.c ---- */
void wm_arrange(Wm *wm);  /* after each change of the layout */
void wm_schedule(Wm *wm); /* draw what is damaged, before the loop sleeps */
void wm_damage(Wm *wm, Area area);
Tile *wm_tile_at(const Wm *wm, int x, int y);
void wm_update_focus(Wm *wm);

/* ---- draw.c ---- */
void wm_draw(Wm *wm);

/* ---- input.c ---- */
void wm_event(void *data, const MaqInputEvent *event);

#endif
