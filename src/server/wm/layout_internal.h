// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout_internal - what the files of the layout share
 */
#ifndef WM_LAYOUT_INTERNAL_H
#define WM_LAYOUT_INTERNAL_H

#include "layout.h"

/* A node is a split with two halves, or a leaf: a frame. */
struct Frame {
	Layout *layout; /* borrowed */
	Frame *parent;  /* NULL: the root */
	Frame *half[2]; /* owned; NULL in a leaf */
	guint32 id;
	bool side_by_side;
	int share; /* of the first half, in 1/LAYOUT_WHOLE */
	Area area;
	GArray *tabs; /* owned, of ClientId; leaf only */
	guint visible;
	GPtrArray *reserved; /* owned, of char *: for whom; NULL: for nobody */
	guint reserved_visible;
};

typedef struct {
	ClientId client;
	Area area;
	bool scratch; /* came from the scratchpad */
} Float;

typedef struct {
	char *name;     /* owned */
	Frame *root;    /* owned */
	Frame *focus;   /* within root */
	GArray *floats; /* owned, of Float, from the bottom to the top */
	ClientId float_focus;
	Zoom zoom;
	guint output; /* where it was shown last */
} Workspace;

/* What undo restores. */
typedef struct {
	GPtrArray *workspaces;            /* owned, of Workspace, by name */
	Workspace *shown[LAYOUT_OUTPUTS]; /* borrowed; by output */
	Workspace *previous;              /* borrowed; NULL */
	guint output;                     /* with the focus */
	GArray *scratchpad; /* owned, of ClientId; the first is shown next */
} State;

typedef struct {
	ClientId client;
	Side side;
	int size;
} Dock;

/* For its first floating size. */
typedef struct {
	Limits limits;
	int more_width, more_height; /* px around the picture */
} Wanted;

typedef struct {
	Area area, work;
	GArray *docks; /* owned, of Dock */
} Output;

struct Layout {
	State *now;             /* owned */
	GPtrArray *undo, *redo; /* owned, of State; the last is the newest */
	bool gesture, gesture_saved;
	Output outputs[LAYOUT_OUTPUTS];
	guint n_outputs;
	GHashTable *clients; /* owned, a set of ClientId: all that are somewhere */
	GHashTable *places;  /* owned: ClientId -> Area, where it floated last */
	GHashTable *wanted;  /* owned: ClientId -> Wanted, of those that have limits */
	GArray *history;     /* owned, of ClientId: who had the focus, newest last */
	GArray *tagged;      /* owned, of ClientId */
	guint32 last_id;
};

/* ---- layout.c ---- */
bool is_leaf(const Frame *frame);
Frame *leaf_new(Layout *layout, Frame *parent);
void frame_free(Frame *frame);
void frame_place(Frame *frame, Area area);
void frames_collect(Frame *frame, GPtrArray *frames);
Frame *first_leaf(Frame *frame);
bool area_contains(Area area, int x, int y);
void tabs_remove(Frame *frame, guint i);
void tabs_insert(Frame *frame, ClientId client, guint i);

/* ---- layout_workspaces.c, layout_clients.c, layout_floats.c ---- */
Workspace *workspace_now(const Layout *layout);
Workspace *workspace_find(const Layout *layout, const char *name);
/* The one that the frame is part of. */
Workspace *workspace_with(const Layout *layout, const Frame *frame);
Workspace *workspace_new(Layout *layout, const char *name);
void workspace_free(gpointer workspace);
/* A client leaves wherever it is, but stays a client. */
void client_detach(Layout *layout, ClientId client);
void layout_arrange(Layout *layout);
/* Each output shows something. */
void outputs_fit(Layout *layout);
Workspace *workspace_get(Layout *layout, const char *name);
void workspace_show(Layout *layout, Workspace *workspace);
bool dock_remove(Layout *layout, ClientId client);
bool client_is_movable(const Layout *layout, ClientId client);
Float *float_find(const Layout *layout, ClientId client, Workspace **where);
void float_focus(Layout *layout, Workspace *workspace, Float *member);
Area float_default_area(const Layout *layout, ClientId client);
void float_add(
	Layout *layout, Workspace *workspace, ClientId client, Area area, bool scratch);
/* Takes a strip off the area, and returns it. */
Area area_cut(Area *area, Side side, int size);
bool float_set(Layout *layout, ClientId client, Area area); /* not to be undone */
bool array_find(const GArray *ids, ClientId client, guint *i);
void array_drop(GArray *ids, ClientId client);

/* ---- undo.c ---- */
void state_free(gpointer state);
/* What is now, to be undone to; then layout_keep() or, if nothing changed, drop(). */
State *layout_save(Layout *layout);
bool layout_keep(Layout *layout, State *saved, bool changed);

#endif
