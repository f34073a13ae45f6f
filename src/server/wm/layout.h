// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout - where every client is: workspaces of frames with tabs, and layers above them
 *
 * Pure: no drawing, no sessions, no input or output. A client is a number that the caller
 * has chosen, not 0. A workspace is a tree of splits whose leaves, the frames, tile the
 * workspace's area: no overlap, no gap; no frame is smaller than FRAME_MIN as long as the
 * area has room for all. A frame stays when its last client leaves. Above the frames
 * float clients; the scratchpad holds clients that are not seen; docks take their edge of
 * an output before its workspace gets the rest.
 *
 * What changes the arrangement can be undone; clients that came or went since then stay
 * or stay away. Everything is bounded: beyond LAYOUT_CLIENTS clients are refused.
 *
 * Frames are valid until the next call that changes the arrangement; their ids last.
 */
#ifndef WM_LAYOUT_H
#define WM_LAYOUT_H

#include <glib.h>
#include <stdbool.h>

typedef struct Layout Layout;
typedef struct Frame Frame;
typedef guint32 ClientId; /* 0: none */

typedef struct {
	int x, y, width, height; /* px */
} Area;

/* What a client would like its size to be. */
typedef struct {
	int min_width, min_height; /* px; 0: none */
	int max_width, max_height;
	int aspect_width, aspect_height; /* one of them 0: any */
} Limits;

typedef enum { SIDE_LEFT, SIDE_RIGHT, SIDE_UP, SIDE_DOWN } Side;
typedef enum {
	ZOOM_NONE,
	ZOOM_FRAME, /* the focused frame covers the workspace */
	ZOOM_FULL   /* the focused client covers the output, docks included */
} Zoom;

#define FRAME_MIN         48 /* px, width and height of a frame or a floating client */
#define LAYOUT_CLIENTS    1024
#define LAYOUT_FRAMES     128 /* of one workspace */
#define LAYOUT_WORKSPACES 32
#define LAYOUT_OUTPUTS    8
#define LAYOUT_UNDO       32
#define LAYOUT_RESERVED   64 /* names of one frame */
#define LAYOUT_NAME       32 /* bytes of a workspace's name */

/* One output, one workspace "1" with one empty frame. */
Layout *layout_new(int width, int height);
void layout_free(Layout *layout);

/* ---- outputs ---- */

guint layout_outputs(const Layout *layout);
/* i: an output, or their number, which adds one with a workspace of its own. */
bool layout_set_output(Layout *layout, guint i, Area area);
/* The last one goes; its workspace is shown nowhere. Not the only one. */
bool layout_remove_output(Layout *layout);
guint layout_output(const Layout *layout); /* the one with the focus */
bool layout_focus_output(Layout *layout, guint i);
Area layout_output_area(const Layout *layout, guint i);
Area layout_work_area(const Layout *layout, guint i); /* without docks */
const char *layout_output_workspace(const Layout *layout, guint i);

/* ---- workspaces ---- */

/* Shows it on the focused output, or goes where it is shown; makes it if there is none.
 * False: too many, or the name is empty or too long. */
bool layout_workspace(Layout *layout, const char *name);
const char *layout_workspace_name(const Layout *layout); /* the one with the focus */
bool layout_workspace_step(Layout *layout, int step);    /* in the order of their names */
bool layout_workspace_back(Layout *layout);              /* the one before */
bool layout_rename_workspace(Layout *layout, const char *name);
/* Moves the focused client (or client) there, the focus stays. */
bool layout_send(Layout *layout, ClientId client, const char *name);
/* Names, owned by the layout; the array by the caller. */
GPtrArray *layout_workspaces(const Layout *layout);
guint layout_workspace_clients(const Layout *layout, const char *name);
/* Whether an output shows it. */
bool layout_workspace_shown(const Layout *layout, const char *name);

/* ---- focus ---- */

Frame *layout_focused(const Layout *layout); /* of the frames; never NULL */
/* The client that gets the keys: floating, or visible in the focused frame. 0: none */
ClientId layout_focused_client(const Layout *layout);
bool layout_float_focused(const Layout *layout);
void layout_focus(Layout *layout, Frame *frame);
/* Makes it visible wherever it is, and focuses it. Not a docked one. */
bool layout_focus_client(Layout *layout, ClientId client);
/* To the nearest frame on that side, also on another output; false: there is none. */
bool layout_focus_side(Layout *layout, Side side);
bool layout_focus_next(Layout *layout, int step); /* frame, in the order of the tree */
bool layout_focus_previous(Layout *layout);       /* client that had the focus before */
bool layout_focus_layer(Layout *layout);          /* floating clients, or frames */
void layout_note_focus(Layout *layout);           /* remembers who has it now */

/* ---- frames ---- */

/* Divides the focused frame; the new, empty half (right or lower) gets the focus. */
bool layout_split(Layout *layout, bool side_by_side);
/* Divides a frame, which becomes the left or upper half with share of LAYOUT_WHOLE;
 * returns the other half; NULL: there is no room for one. Not to be undone. */
#define LAYOUT_WHOLE 65536
Frame *layout_divide(Layout *layout, Frame *frame, bool side_by_side, int share);
/* Removes the focused frame; its clients go to the neighbour. False: it is the only one.
 */
bool layout_unsplit(Layout *layout);
/* Moves the border between the focused frame and its neighbour by px; a floating client
 * with the focus grows (right, down) or shrinks. */
bool layout_resize(Layout *layout, Side side, int amount);
bool layout_equalize(Layout *layout); /* all frames of a row or column equally large */
bool layout_zoom(Layout *layout, Zoom zoom); /* the same again: back */
Zoom layout_zoomed(const Layout *layout);
/* The split whose border is within slack px of the point: its id; 0: none. */
guint32 layout_border_at(
	const Layout *layout, int x, int y, int slack, bool *side_by_side);
bool layout_drag_border(Layout *layout, guint32 split, int x, int y);

/* Frames of the focused workspace from left to right and top to bottom. */
GPtrArray *layout_frames(const Layout *layout); /* of Frame, owned by the caller */
Frame *layout_frame_at(const Layout *layout, int x, int y); /* NULL: outside */
Frame *layout_frame_by_id(const Layout *layout, guint32 id);
Area frame_area(const Frame *frame); /* the zoomed one: that of the workspace */
guint32 frame_id(const Frame *frame);

/* ---- clients ---- */

/* Into the frame, as its visible tab; NULL: the focused one. False: too many. */
bool layout_add(Layout *layout, ClientId client, Frame *frame);
/* Before tab i (or as the last one); what is visible stays so. */
bool layout_insert(Layout *layout, ClientId client, Frame *frame, guint i);
bool layout_has(const Layout *layout, ClientId client);
void layout_remove(Layout *layout, ClientId client);
/* From wherever it is into the frame, before tab i (as layout_insert), visible. */
bool layout_move_to(Layout *layout, ClientId client, Frame *frame, guint i);
/* Where a client that nobody has a place for goes: an empty frame of the workspace, else
 * the focused one, divided before if divide is set and there is room. */
Frame *layout_place_for_new(Layout *layout, bool divide);
Frame *layout_frame_of(const Layout *layout, ClientId client);
const char *layout_workspace_of(const Layout *layout, ClientId client); /* NULL */

guint frame_count(const Frame *frame);
ClientId frame_client(const Frame *frame, guint i);
ClientId frame_visible(const Frame *frame); /* 0: empty */
void frame_show(Frame *frame, guint i);
void frame_next_tab(Frame *frame, int step);
bool layout_move_tab(Layout *layout, int step); /* within its frame */
/* Moves the focused frame's clients to that side, and what is there here. */
bool layout_swap(Layout *layout, Side side);
/* Moves the visible client into the tabs of the frame on that side. */
bool layout_into(Layout *layout, Side side);
/* Makes a frame of its own for it on that side. */
bool layout_out(Layout *layout, Side side);
/* Those that are tagged, to the focused frame; none is tagged afterwards. */
bool layout_attach_tagged(Layout *layout);
bool layout_tag(Layout *layout, ClientId client); /* or no longer */
bool layout_tagged(const Layout *layout, ClientId client);
void layout_untag(Layout *layout);

/* ---- layers ---- */

bool layout_floats(const Layout *layout, ClientId client);
/* Lets the focused client float where it did before, or takes it back into a frame. */
bool layout_toggle_float(Layout *layout);
bool layout_float(
	Layout *layout, ClientId client, Area area); /* no area: in the middle */
bool layout_set_float(Layout *layout, ClientId client, Area area);
/* The size at which it floats first goes by them; around its picture is that much more.
 * At the first call, one that floats where nobody has put it is changed at once: true.
 * Not to be undone. */
bool layout_set_limits(Layout *layout, ClientId client, const Limits *limits,
	int more_width, int more_height);
bool layout_float_area(const Layout *layout, ClientId client, Area *area);
bool layout_move_float(Layout *layout, Side side, int amount);
bool layout_to_scratchpad(Layout *layout, ClientId client);
/* Shows what is in the scratchpad, one after the other; or puts the one away that has
 * the focus and came from it. */
bool layout_show_scratchpad(Layout *layout);
bool layout_in_scratchpad(const Layout *layout, ClientId client);
GArray *layout_scratchpad(const Layout *layout); /* of ClientId, borrowed */
/* Its edge of output i; size: px. Not to be undone. */
bool layout_dock(Layout *layout, ClientId client, guint i, Side side, int size);
bool layout_undock(Layout *layout, ClientId client); /* into the focused frame */
bool layout_docked(const Layout *layout, ClientId client);

/* ---- all that is to be seen ---- */

typedef enum { PLACE_FRAME, PLACE_FLOAT, PLACE_DOCK, PLACE_FULL } PlaceKind;

typedef struct {
	PlaceKind kind;
	Frame *frame;    /* borrowed; NULL unless PLACE_FRAME */
	ClientId client; /* 0: an empty frame */
	Area area;
	bool focused;
	guint output;
} Place;

/* From the bottom to the top; of Place, owned by the caller. */
GArray *layout_places(const Layout *layout);

/* ---- reservations: who goes where when it comes ---- */

/* visible: that one is to be seen when it has come; else the first one. */
void frame_reserve(Frame *frame, const char *name, bool visible);
/* Nobody but that frame (NULL: nobody) waits for it. */
void layout_unreserve(Layout *layout, const char *name, const Frame *except);
guint frame_reservations(const Frame *frame);
const char *frame_reserved_name(const Frame *frame, guint i);
guint frame_reserved_visible(const Frame *frame);
/* The how manieth name of the reservation; G_MAXUINT: none of them. */
guint frame_reservation(const Frame *frame, const char *name);
Frame *layout_reserved(const Layout *layout, const char *name); /* NULL: none */

/* ---- undo ---- */

bool layout_undo(Layout *layout);
bool layout_redo(Layout *layout);
/* Between the two all changes are one; may not be nested. */
void layout_begin_gesture(Layout *layout);
void layout_end_gesture(Layout *layout);

/* ---- for plan.c ---- */

typedef struct {
	bool is_split, side_by_side;
	int share;
	const Frame *half[2];
} FrameView;

FrameView frame_view(const Frame *frame);
const Frame *layout_root(const Layout *layout, const char *workspace);
const Frame *layout_workspace_focus(const Layout *layout, const char *workspace);
/* Of ClientId, from the bottom to the top; owned by the caller. */
GArray *layout_workspace_floats(const Layout *layout, const char *workspace);

#endif
