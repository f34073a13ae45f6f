// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wm - what the files of the window manager share
 *
 * layout.h says where everything is, and is pure; this is what moves it: tiles are the
 * clients with their sessions, actions change the layout, decor turns places into
 * pixels' rectangles, draw composes them.
 */
#ifndef WM_WM_H
#define WM_WM_H

#include "keymap.h"
#include "layout.h"
#include "plan.h"
#include "prompt.h"
#include "theme.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/paint.h>

typedef struct Tile Tile;
typedef struct Control Control;
typedef struct Saving Saving;
typedef struct Usage Usage;

/* What the configuration says; read anew at each change. */
typedef struct {
	const char *font;  /* borrowed from the configuration */
	int size;          /* px of the text */
	const char *theme; /* borrowed */
	const char *usage; /* borrowed: label of the init that we are in; "": not shown */
	bool divide;       /* new: split */
	bool focus_always; /* focus_new: each new tile takes the focus */
	bool bar_always;   /* else: for several tabs only */
	int gap, border;   /* px */
	bool scan_out;     /* a client that fills a screen is shown without a copy */
	bool drag;
	int threshold;     /* px that a drag begins with */
	GPtrArray *wishes; /* owned, of Wish: assign */
} Settings;

typedef enum { DRAG_NONE, DRAG_BORDER, DRAG_TAB, DRAG_MOVE, DRAG_SIZE } DragKind;

typedef struct {
	DragKind kind;
	bool begun;      /* the threshold is passed */
	int x, y;        /* where it was pressed */
	guint32 split;   /* DRAG_BORDER */
	ClientId client; /* the others */
	Area area;       /* of the floating client, at the press */
} Drag;

typedef struct Wm Wm;

/* A screen that we draw on, with its keyboard and pointer. */
typedef struct {
	Wm *wm;            /* borrowed */
	MaqScreen *screen; /* owned */
	MaqEvents *events; /* owned */
	Area area;         /* where it lies among the others */
	MaqDamage damage;
	bool redraw;       /* everything */
	GArray *lent;      /* owned, of Lent: see scanout.c */
	bool scanning;     /* what is seen is a client's own memory */
	guint64 input_seq; /* its last event that what we draw answers */
} Head;

struct Wm {
	MaqEnv *env;
	Head *heads[LAYOUT_OUTPUTS]; /* owned by env */
	guint n_heads;
	MaqFont *font, *bold;
	Theme theme;
	Settings settings;
	Keymap *keymap;        /* owned */
	char *mode;            /* owned: of the key map */
	int font_step;         /* by how many steps the text was made larger */
	const char *theme_now; /* what was chosen by hand; NULL: as configured */
	int bars;       /* chosen by hand: 1 always, -1 for several; 0: as configured */
	Layout *layout; /* owned */
	GPtrArray *saved_wishes; /* owned, of Wish: from the saved layout */
	GHashTable *tiles;       /* owned: ClientId -> Tile */
	ClientId last_id;
	guint mirrors;    /* how many of the tiles are that */
	bool keep_places; /* a frame waits for a client that has left */
	GPtrArray *seats; /* of MaqSeat, borrowed */
	GArray *places;   /* owned, of Place: what is seen, from the last arrangement */
	bool scheduled;   /* a drawing is deferred */
	unsigned modifiers;
	guint8 swallowed[96]; /* keys whose press was ours: a bit a code */
	bool restating;       /* within a snapshot of our Input */
	Tile *focused;        /* who gets the keys; NULL */
	Tile *pointer_owner;  /* who got the press; NULL */
	Tile *hovered;        /* where the pointer is; NULL */
	Tile *touched[16];    /* by finger: where it touched first; NULL */
	Tile *exclusive;      /* who has caught the pointer; NULL */
	int keymap_fd;        /* owned; -1: none */
	guint32 keymap_size;
	guint64 origin; /* of the event that is handled; see upstream.c */
	bool passed;    /* it went to a client */
	int buttons;    /* pressed on the owner */
	Drag drag;
	Prompt prompt;
	bool help, xray;
	char *notice;    /* owned: what went wrong; NULL */
	char *workspace; /* owned: as told last */
	guint64 layout_told;
	int x, y;         /* of the pointer, among all heads */
	Control *control; /* owned by env */
	Saving *saving;   /* owned by env */
	Usage *usage;     /* owned by env; NULL: never asked for */
};

/* One client: its picture, and its input if it wants any. Or, without a view, a mirror
 * of another. */
struct Tile {
	Wm *wm; /* borrowed */
	ClientId id;
	MaqView *view;     /* borrowed; NULL: a mirror */
	MaqSeat *seat;     /* borrowed; NULL */
	Tile *source;      /* borrowed; of a mirror */
	char *label;       /* owned: of the session's route, or of the mirror */
	char *title;       /* owned; NULL: none; what the client says */
	guint color;       /* of the theme's labels; from the label */
	Area area;         /* the room for its picture; width 0: not to be seen */
	Area picture;      /* where that is: in the room, or beyond it, see fit.h */
	int pan_x, pan_y;  /* px that lie beyond the room's left and upper edge */
	int width, height; /* of its mode */
	guint64 title_told, usage_told;
	char *usage; /* owned: of its component, for the tab; NULL: not known */
	bool asked;  /* to close */
	bool alpha;  /* its last frame had that */
	bool urgent, broadcast;
	guint32 *frozen; /* owned: its last picture while it is frozen; NULL */
	int frozen_width, frozen_height;
	bool frozen_alpha;
};

/* ---- main.c ---- */
void wm_arrange(Wm *wm);  /* after each change of the layout */
void wm_schedule(Wm *wm); /* draw what is damaged, before the loop sleeps */
void wm_damage(Wm *wm, Area area);
void wm_redraw(Wm *wm);
/* What is seen there has come from so far away, where it was seen before. */
void wm_damage_move(Wm *wm, Area area, int dx, int dy);
bool wm_is_damaged(const Wm *wm);
void wm_panel(Wm *wm); /* after each change of a prompt, the help or the X-ray */
/* Reads the configuration, which has changed; keeps the layout. False: no font. */
bool wm_configure(Wm *wm, GError **error);
void wm_set_mode(Wm *wm, const char *mode);
void wm_say(Wm *wm, const char *text); /* to the user, until the next action */

/* ---- heads.c ---- */
/* Those of the configuration: nodes output, else one without a name. */
bool heads_open(Wm *wm, GError **error);
void heads_place(Wm *wm); /* one beside the other, from the left to the right */

/* ---- tile.c ---- */
bool tiles_provide(Wm *wm, GError **error);
Tile *tile_by_id(const Wm *wm, ClientId id);          /* NULL */
Tile *tile_by_label(const Wm *wm, const char *label); /* exactly, else the only one with
							that in its label; NULL */
bool tile_is_present(void *wm, const char *label);
void tiles_fit(Wm *wm); /* their areas, from wm->places */
void tile_set_frozen(Tile *tile, bool frozen);
/* Lets more of a picture be seen that has not enough room. False: it has, there. */
bool tile_pan(Tile *tile, int dx, int dy);
Area tile_seen(const Tile *tile); /* of its picture */
/* Else what lies behind it is seen, too. */
bool tile_is_opaque(const Tile *tile);
bool tile_mirror(Tile *tile); /* a new one, or the end of this one */
void tile_damage_bar(const Tile *tile);
Tile *focused_tile(const Wm *wm); /* NULL */

/* ---- decor.c ---- */

typedef struct {
	Area outer, bar, content;   /* bar: height 0 if there is none */
	guint n_tabs, first, shown; /* tabs on the bar, not all if there is no room */
} Decor;

Decor decor_of(const Wm *wm, const Place *place);
/* The bar's tab i; width 0: left out. */
Area decor_tab(const Decor *decor, guint i);
int bar_height(const Wm *wm);
/* The topmost place there; NULL. */
const Place *place_at(const Wm *wm, int x, int y);
guint place_tabs(const Place *place);
ClientId place_tab(const Place *place, guint i);
/* The tab at x of the bar; G_MAXUINT: none. */
guint decor_tab_at(const Decor *decor, int x);

/* ---- draw.c, overlay.c ---- */
void wm_draw(Wm *wm);
void overlay_draw(const Wm *wm, MaqCanvas *canvas, MaqRect clip);
void xray_draw(const Wm *wm, MaqCanvas *canvas, const Tile *tile, Area area);
bool overlay_shown(const Wm *wm);
/* Something is drawn above all places. */
bool wm_is_decorated(const Wm *wm);
/* Where the tile's client alone decides what is seen; width 0: nowhere. */
Area wm_own_area(const Wm *wm, const Tile *tile);
/* Tells the next commit what of the head's damage has moved, and returns all of it. */
unsigned wm_tell_damage(Head *head, MaqFramebufferRect told[8]);

/* ---- panel.c ---- */

typedef struct {
	guint32 fill, line;
	int radius, border; /* px */
} Look;

void panel_draw(MaqCanvas *canvas, MaqRect rect, const Look *look);
void panel_shadow(MaqCanvas *canvas, MaqRect rect); /* around it, before it is drawn */

/* ---- scanout.c ---- */
void scanout_init(Head *head);
/* Shows the client's own memory, if it fills the screen: then nothing is to be composed.
 */
bool scanout_try(Head *head, guint output);
void scanout_retired(Wm *wm, const MaqView *view, guint32 pool);
void scanout_forget(Wm *wm, const MaqView *view); /* it goes */

/* ---- input.c ---- */
void wm_event(void *head, const MaqInputEvent *event);
void input_forget(Wm *wm, Tile *tile); /* it goes */
void wm_update_focus(Wm *wm);

/* ---- pointer.c ---- */
void pointer_button(Wm *wm, const MaqInputEvent *event);
void pointer_motion(Wm *wm, const MaqInputEvent *event);
void pointer_touch(Wm *wm, const MaqInputEvent *event);
void pointer_leave(Wm *wm);
void send_to(Tile *tile, const MaqInputEvent *event);
void drag_end(Wm *wm);

/* ---- upstream.c ---- */
void upstream_follow(Head *head); /* its Input, whenever that is opened */
int upstream_keymap(void *wm, MaqSeat *seat, guint32 *size);
bool upstream_exclusive(void *wm, MaqSeat *seat, bool on);
void upstream_end_exclusive(Wm *wm, bool tell); /* tell: the client */
/* True: the event is for who has caught the pointer, and has been sent. */
bool upstream_takes(Wm *wm, const MaqInputEvent *event);
/* Around the handling of an event. */
void upstream_begin(Head *head, guint64 sequence);
void upstream_end(Head *head, guint64 sequence);
/* Sends the event that is handled to the tile, which has a seat. */
void upstream_pass(const Tile *tile, const MaqInputEvent *event);
/* The tile has drawn what answers our event input_seq. */
void upstream_answered(const Tile *tile, guint64 input_seq);

/* ---- actions.c ---- */

typedef struct {
	const char *name, *arguments, *help;
	char *(*run)(Wm *wm, int argc, char **argv); /* NULL, or what is wrong; owned */
} Action;

extern const Action actions[];
extern const guint n_actions;
/* Actions, separated by ';'. NULL, or what is wrong; owned by the caller. */
char *actions_run(Wm *wm, const char *line);
/* What may come at the end of the line; of char *, owned by the caller. */
GPtrArray *actions_complete(const Wm *wm, const char *line);
bool read_side(const char *text, Side *side);

/* ---- control.c ---- */
Control *control_provide(Wm *wm);
void control_tell(Wm *wm, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What may happen again and again is told once until somebody has read events; *told is
 * for that, 0 at first. */
void control_tell_once(Wm *wm, guint64 *told, const char *what, const char *about);
char *control_state(const Wm *wm); /* as HID; owned by the caller */

/* ---- usage.c ---- */
void usage_configure(Wm *wm); /* after each change of the configuration */

/* ---- saving.c ---- */
Saving *saving_new(Wm *wm);
void saving_changed(Wm *wm); /* report it, soon */
/* Whether all is reported, and has arrived. */
bool saving_is_done(const Wm *wm);
void saving_restore(Wm *wm); /* the layout of the start: saved, or configured */

#endif
