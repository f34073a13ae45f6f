// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * display_check - what its two halves share: display_check.c is the client of
 * Framebuffer, display_check_input.c that of Input
 */
#ifndef DISPLAY_CHECK_H
#define DISPLAY_CHECK_H

#include <maq/capture.h>
#include <maq/component.h>
#include <maq/event.h>
#include <maq/framebuffer.h>
#include <maq/input.h>
#include <maq/memory.h>
#include <maq/ring.h>

#define EVENTS_MAX 4096

typedef struct {
	MaqEnv *env;
	MaqFramebuffer *framebuffer;
	MaqFramebufferClientPage *client;
	MaqFramebufferServerPage *server;
	MaqRingWriter commits;
	guint32 *pixels;
	int pool_fd;
	guint width, height, stride; /* capacity */
	guint64 sequence, shown, discarded;
	bool went_back; /* an answer was taken back */
	unsigned modes, syncs;

	MaqInput *input;
	MaqInputClientPage *input_client;
	MaqInputServerPage *input_server;
	MaqRingReader ring;
	MaqInputEvent events[EVENTS_MAX];
	guint n_events;
	bool deaf; /* does not read */
	unsigned exclusive_ended;

	MaqEvent *event;
	MaqCapture *capture;
	unsigned failed;
} Check;

typedef bool (*Condition)(Check *check, guint64 argument);

void say(Check *check, bool well, const char *what);
/* False: it has not come in half a minute. */
bool until(Check *check, Condition condition, guint64 argument);
void settle(Check *check);
guint64 mode(const Check *check);
guint mode_width(const Check *check);
guint mode_height(const Check *check);

bool open_input(Check *check, GError **error);
void check_input(Check *check, bool window_manager);

#endif
