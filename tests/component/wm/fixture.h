// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixture - a desktop of sample tiles, a real VNC client as its user, and a session of Wm
 * that tells what is where
 *
 * Nothing sleeps: what is expected is asked for again at each event, at each message of
 * the display, at each line of the log.
 */
#ifndef WM_FIXTURE_H
#define WM_FIXTURE_H

#include "harness.h"
#include "remote.h"

#include <maq/wm.h>

typedef struct {
	Desktop desktop;
	rfbClient *viewer;
	Remote *remote;
	MaqWm *wm;
	guint64 next;        /* event */
	bool happened;       /* since the state was asked for */
	char *folder;        /* owned: of the scenario */
	char *routes, *body; /* owned: parts of the scenario */
} Fixture;

typedef struct {
	int x, y, width, height;
} Box;

/* config: attributes and nodes of wm, its first line the attributes ("" for none); tiles:
 * "a b c", each with the colour of its name (see color_of); more: start nodes, or NULL.
 * Returns when all tiles are there. */
Fixture *fixture_new(const char *config, const char *tiles, const char *more);
/* routes: of wm, before its own. */
Fixture *fixture_new_with(
	const char *config, const char *tiles, const char *more, const char *routes);
void fixture_free(Fixture *fixture);
/* After the end of the window manager: waits for the session with the next one. */
void fixture_reconnect(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)
guint32 color_of(const char *tile);
/* Writes the scenario anew with another config of wm. */
void change_config(Fixture *fixture, const char *config);

/* ---- what the user does ---- */

/* "Super+Shift+Left", several separated by blanks. */
void press(Fixture *fixture, const char *keys);
void hold(Fixture *fixture, const char *key, bool down);
void pointer(Fixture *fixture, int x, int y, int buttons);
void click(Fixture *fixture, int x, int y);
void drag(Fixture *fixture, int x, int y, int to_x, int to_y);
/* Actions, which succeed. */
void run(Fixture *fixture, const char *line);
/* Likewise, which fail; owned by the caller. */
char *run_badly(Fixture *fixture, const char *line);

/* The command maquette wm with these words: its exit code, and if wanted its output. */
int maquette_wm(Fixture *fixture, const char *words, char **out);
/* maquette wm events prints the name of a workspace that is shown meanwhile. */
void expect_events_command(Fixture *fixture);

/* ---- what is to come, sooner or later ---- */

void expect_attr(Fixture *fixture, const char *tag, const char *value);
/* attribute of a client's node; NULL: it is not there */
void expect_client(
	Fixture *fixture, const char *client, const char *tag, const char *value);
/* Likewise, a part of it. */
void expect_client_has(
	Fixture *fixture, const char *client, const char *tag, const char *part);
/* "frame", "float", "scratchpad", "dock" */
void expect_kind(Fixture *fixture, const char *client, const char *kind);
void expect_workspace_of(Fixture *fixture, const char *client, const char *workspace);
void expect_frames(Fixture *fixture, guint n);
/* Clients in the same frame, from left to right: "a b". */
void expect_tabs(Fixture *fixture, const char *clients);
void expect_picture(Fixture *fixture, const char *client, Box box);
/* Of the frame (or floating tile) around a client. */
void expect_frame(Fixture *fixture, const char *client, Box box);
Box picture_of(Fixture *fixture, const char *client); /* width 0: not seen */
Box frame_box_of(Fixture *fixture, const char *client);
int attr_int(Fixture *fixture, const char *tag);
void expect_pixel(Fixture *fixture, int x, int y, guint32 color);
/* At least so many pixels of the box have that colour. */
void expect_color(Fixture *fixture, Box box, guint32 color, int least);
/* All of it, but for round corners. */
void expect_filled(Fixture *fixture, Box box, guint32 color);
void expect_absent(Fixture *fixture, Box box, guint32 color); /* none has it */
/* The middle of its picture has its colour. */
void expect_seen(Fixture *fixture, const char *client);
void expect_event(Fixture *fixture, const char *line);
/* A line "[init -> CLIENT] TEXT" of the log, and before it none with OTHER (NULL: any).
 */
void expect_line(
	Fixture *fixture, const char *client, const char *text, const char *other);

#endif
