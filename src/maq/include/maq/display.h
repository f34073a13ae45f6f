// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * display - both sides of Framebuffer and Input, as a program wants them
 *
 * Server: a MaqView is one client's Framebuffer session, a MaqSeat one client's Input
 * session. Client: a MaqScreen draws, MaqEvents tells what the user does. The pages,
 * pools, rings and serials of the two interfaces (docs/reference) are kept in here. All
 * of it belongs to the env's thread; handlers are called from its loop.
 */
#ifndef MAQ_DISPLAY_H
#define MAQ_DISPLAY_H

#include <maq/env.h>
#include <maq/framebuffer.h>
#include <maq/input.h>

/* ---- server of Framebuffer ---- */

typedef struct MaqView MaqView;

/* A frame as a client committed it, already checked: every pixel that it names may be
 * read. The client can still change the pixels, so read each once. */
typedef struct {
	const guint32 *pixels; /* XRGB8888 */
	int width, height;
	gsize stride; /* bytes */
	guint64 sequence, input_seq;
	guint32 mode_serial;
	MaqFramebufferRect rects[8]; /* what changed, clipped to the frame */
	unsigned n_rects;
	bool alpha; /* ARGB8888, colours multiplied by alpha: to be blended */
} MaqFrame;

/* What a client would like, as it said: nothing of it is checked but by its type. */
typedef struct {
	int min_width, min_height; /* px; 0: none */
	int max_width, max_height;
	int aspect_width, aspect_height; /* 0: any */
	int scale;                       /* 1/120 */
} MaqHints;

typedef struct {
	/* A client has come; give it a mode by maq_view_set_mode. */
	void (*opened)(void *owner, MaqView *view);
	/* A new frame. It stays readable until the next one or the end of the view, also
	 * as maq_view_frame(). Say maq_view_shown() when it is on the screen. */
	void (*frame)(void *owner, MaqView *view, const MaqFrame *frame);
	/* Optional. */
	void (*title)(void *owner, MaqView *view, const char *title);
	/* Optional: limits or scale have changed; see maq_view_hints. */
	void (*hints)(void *owner, MaqView *view);
	/* Optional: it asks for the user's attention, or no longer; with each hint. */
	void (*urgent)(void *owner, MaqView *view, bool urgent);
	/* Optional: commits of this pool will not come any more; see maq_view_source. */
	void (*retired)(void *owner, MaqView *view, guint32 pool);
	/* The client has gone; the view is freed after this. */
	void (*closed)(void *owner, MaqView *view);
} MaqViewOps;

/* Announces Framebuffer. ops and owner are borrowed. */
bool maq_views_provide(MaqEnv *env, const MaqViewOps *ops, void *owner, GError **error);
const char *maq_view_label(const MaqView *view);
void maq_view_set_data(MaqView *view, void *data);
void *maq_view_data(const MaqView *view);
/* Sizes from 1 to 16383 px; tells the client. */
void maq_view_set_mode(MaqView *view, int width, int height);
guint32 maq_view_mode_serial(const MaqView *view);
/* All 0 before it has said anything. */
const MaqHints *maq_view_hints(const MaqView *view);
/* The last good frame; NULL before the first. */
const MaqFrame *maq_view_frame(const MaqView *view);
/* The last frame is on the screen: publishes sync. */
void maq_view_shown(MaqView *view);

/* The user would like the client to close it. */
void maq_view_ask_to_close(MaqView *view);
/* Ends the session, with a line of the log; it is closed later, from the loop. */
void maq_view_end(MaqView *view, const char *why);

/* Where the pixels of the last frame are: for who hands the client's memory on. */
typedef struct {
	int content; /* borrowed: the pool's dataspace, which nobody but its owner can
			write */
	guint32 pool, slots, width, height, stride; /* as attached */
	guint32 slot, offset;
} MaqSource;

/* False: there is no frame, or others than its owner may write the dataspace. */
bool maq_view_source(const MaqView *view, MaqSource *source);
/* The slot stays held, also after the next frame, until it is unpinned. */
void maq_view_pin(MaqView *view, guint32 pool, guint32 slot);
void maq_view_unpin(MaqView *view, guint32 pool, guint32 slot);

/* ---- server of Input ---- */

typedef struct MaqSeat MaqSeat;

typedef struct {
	/* A client has come that can hear of events: it has its pages, or asks. */
	void (*opened)(void *owner, MaqSeat *seat);
	void (*closed)(void *owner, MaqSeat *seat); /* freed after this */
	/* Optional: the text of the key map, as a constant dataspace that is the
	 * caller's; size: without the zero byte. -1: there is none. */
	int (*keymap)(void *owner, MaqSeat *seat, guint32 *size);
	/* Optional: catches the pointer or lets it go; false: refused. */
	bool (*exclusive)(void *owner, MaqSeat *seat, bool on);
} MaqSeatOps;

bool maq_seats_provide(MaqEnv *env, const MaqSeatOps *ops, void *owner, GError **error);
const char *maq_seat_label(const MaqSeat *seat);
void maq_seat_set_data(MaqSeat *seat, void *data);
void *maq_seat_data(const MaqSeat *seat);
/*
 * Sends an event; time (0: now) is kept, the sequence number is made and returned. Never
 * waits: if the client does not read, motion is merged, and at last the client gets a
 * snapshot of what is pressed.
 */
guint64 maq_seat_send(MaqSeat *seat, const MaqInputEvent *event);
/* Likewise an event that came from further up, where its number is origin. */
guint64 maq_seat_pass(MaqSeat *seat, const MaqInputEvent *event, guint64 origin);
/* The highest origin of the events up to that number of ours; 0: none, or too long ago.
 */
guint64 maq_seat_origin(const MaqSeat *seat, guint64 sequence);
/* Signals of Input. */
void maq_seat_keymap_changed(MaqSeat *seat);
void maq_seat_exclusive_ended(MaqSeat *seat);

/* ---- client of Framebuffer ---- */

typedef struct MaqScreen MaqScreen;

/* Room to draw in; holds what was committed last, whatever slot it is. */
typedef struct {
	guint32 *pixels; /* XRGB8888 */
	int width, height;
	gsize stride; /* bytes */
	bool fresh;   /* the size has changed: nothing of the content is of use */
} MaqBuffer;

/* width and height: a wish for the first mode, 0 for none. ready is called whenever the
 * mode has changed or, after a failed begin, a slot has become free. */
MaqScreen *maq_screen_open(MaqEnv *env, const char *label, int width, int height,
	MaqHandler ready, void *data, GError **error);
/* Likewise, without ever waiting for the server, which may be stopped, or not there yet:
 * it begins as a screen whose session is lost. */
MaqScreen *maq_screen_open_later(
	MaqEnv *env, const char *label, MaqHandler ready, void *data);
void maq_screen_close(MaqScreen *screen);
MaqFramebuffer *maq_screen_framebuffer(MaqScreen *screen);
void maq_screen_size(const MaqScreen *screen, int *width, int *height);
guint32 maq_screen_mode_serial(const MaqScreen *screen);
/*
 * When the server has gone, another session is asked for, for 10 s and while the parent
 * lets the request wait; the loop goes on meanwhile. ready is called when it is there,
 * and the next buffer is fresh. handler: it could not be had.
 */
void maq_screen_on_lost(MaqScreen *screen, MaqHandler handler, void *data);
/* False: all slots are in use, ready will be called; or the server has gone. */
bool maq_screen_begin(MaqScreen *screen, MaqBuffer *buffer);
/* Likewise; all of the rectangle will be drawn, so that its content need not be what was
 * committed last: saves a copy. NULL: nothing. */
bool maq_screen_begin_over(
	MaqScreen *screen, MaqBuffer *buffer, const MaqFramebufferRect *cover);
/* Whether the next buffer will be fresh: who draws only what has changed asks in ready.
 */
bool maq_screen_is_fresh(const MaqScreen *screen);
/* Shows what was drawn since begin within rects (at most 8; 0: everything). */
void maq_screen_commit(MaqScreen *screen, const MaqFramebufferRect *rects, unsigned n,
	guint64 input_seq);

/*
 * Somebody else's memory instead of our own, such as a client's that fills our screen: a
 * MaqSource as MaqView tells. Commits of both kinds may alternate; after one of these the
 * next buffer is fresh. -1: the server has no room.
 */
int maq_screen_attach(MaqScreen *screen, const MaqSource *source);
void maq_screen_detach(MaqScreen *screen, int pool);
/* Of the mode's size. False: not now, ready will be called; or of another size. */
bool maq_screen_forward(MaqScreen *screen, int pool, const MaqSource *source,
	const MaqFrame *frame, const MaqFramebufferRect *rects, unsigned n,
	guint64 input_seq);
/* Whether the server may still read it. */
bool maq_screen_holds(const MaqScreen *screen, int pool, guint32 slot);
/* Called when that may have changed, as long as it is listened for: whenever the server
 * has answered. Who listens is woken for each frame. */
void maq_screen_on_released(MaqScreen *screen, MaqHandler handler, void *data);
void maq_screen_listen(MaqScreen *screen, bool on);
/* The user would like the client to end. Without a handler nothing happens. */
void maq_screen_on_close(MaqScreen *screen, MaqHandler handler, void *data);
/* How many sessions there have been: what was attached in one is not in the next. */
unsigned maq_screen_sessions(const MaqScreen *screen);

/*
 * What is drawn has an alpha channel, colours multiplied by it, and the server may blend
 * it over what is behind. Each session's hints say so as well.
 */
void maq_screen_set_alpha(MaqScreen *screen, bool alpha);
/*
 * What we would like, told in this session and in each that follows it, and no more often
 * than it changes. A scale of 0 is one; fixed_aspect is meant if there is an aspect. Of
 * the title at most 40 characters are told.
 */
void maq_screen_set_hints(
	MaqScreen *screen, const MaqHints *hints, bool urgent, const char *title);

/* Highest sequence that the server has answered, and its highest input_seq on screen. */
guint64 maq_screen_shown(const MaqScreen *screen);

/* ---- client of Input ---- */

typedef struct MaqEvents MaqEvents;

typedef void (*MaqEventHandler)(void *data, const MaqInputEvent *event);

MaqEvents *maq_events_open(MaqEnv *env, const char *label, MaqEventHandler handler,
	void *data, GError **error);
/* Likewise, without waiting: tells maq_events_on_opened when it is there. */
MaqEvents *maq_events_open_later(
	MaqEnv *env, const char *label, MaqEventHandler handler, void *data);
void maq_events_close(MaqEvents *events);
MaqInput *maq_events_input(MaqEvents *events); /* NULL while it is lost */
/* Called whenever a lost session has been replaced by another one. */
void maq_events_on_opened(MaqEvents *events, MaqHandler handler, void *data);
/* As maq_screen_on_lost. While the server is away, nothing is held: a snapshot says so.
 */
void maq_events_on_lost(MaqEvents *events, MaqHandler handler, void *data);

#endif
