// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * layout - how the screen is divided: a tree of splits whose leaves are frames with tabs
 *
 * Pure: no drawing, no sessions. Clients are opaque pointers, borrowed. A frame stays
 * when its last client leaves. The frames tile the whole area: no overlap, no gap.
 */
#ifndef WM_LAYOUT_H
#define WM_LAYOUT_H

#include <glib.h>
#include <stdbool.h>

typedef struct Layout Layout;
typedef struct Frame Frame;

typedef struct {
	int x, y, width, height; /* px */
} Area;

typedef enum { SIDE_LEFT, SIDE_RIGHT, SIDE_UP, SIDE_DOWN } Side;

#define FRAME_MIN 48 /* px, width and height, below which no frame is divided */

Layout *layout_new(int width, int height);
void layout_free(Layout *layout);
void layout_set_size(Layout *layout, int width, int height);

/* Never NULL. */
Frame *layout_focused(const Layout *layout);
void layout_focus(Layout *layout, Frame *frame);
/* To the nearest frame on that side; false: there is none. */
bool layout_focus_side(Layout *layout, Side side);
Frame *layout_frame_at(const Layout *layout, int x, int y); /* NULL: outside */

/* Divides the focused frame; the new, empty half (right or lower) gets the focus. */
bool layout_split(Layout *layout, bool side_by_side);
/* Divides a frame, which becomes the left or upper half with percent (1 to 99) of it;
 * returns the other half. */
Frame *layout_divide(Layout *layout, Frame *frame, bool side_by_side, int percent);
/* Removes the focused frame; its clients go to the neighbour. False: it is the only one.
 */
bool layout_unsplit(Layout *layout);
/* Moves the border between the focused frame and its neighbour by px. */
void layout_resize(Layout *layout, Side side, int amount);
/* The focused frame covers everything, or no longer does. */
void layout_toggle_zoom(Layout *layout);
bool layout_zoomed(const Layout *layout);

/* Frames from left to right and top to bottom. */
GPtrArray *layout_frames(const Layout *layout); /* of Frame, owned by the caller */
Area frame_area(const Frame *frame);            /* the zoomed one: everything */

/* Tabs. */
void frame_add(Frame *frame, void *client); /* becomes the visible one */
/* Before client i (or as the last one); what is visible stays so. */
void frame_insert(Frame *frame, void *client, guint i);
guint frame_count(const Frame *frame);
void *frame_client(const Frame *frame, guint i);
void *frame_visible(const Frame *frame); /* NULL: empty */
void frame_show(Frame *frame, guint i);
void frame_next_tab(Frame *frame, int step);
Frame *layout_frame_of(const Layout *layout, const void *client);
void layout_remove(Layout *layout, void *client);
/* Moves the focused frame's visible client to the frame on that side. */
bool layout_move(Layout *layout, Side side);
/* Keeps the frame for a client of that name. */
void frame_reserve(Frame *frame, const char *name);
/* The how manieth name of the reservation; G_MAXUINT: none of them. */
guint frame_reservation(const Frame *frame, const char *name);
Frame *layout_reserved(const Layout *layout, const char *name); /* NULL: none */
/* The frame with the largest area that is empty; else NULL. */
Frame *layout_empty_frame(const Layout *layout);

#endif
