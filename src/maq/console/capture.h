// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture - Capture and Event: the display without a viewer, for screenshots and tests
 */
#ifndef VNC_CAPTURE_H
#define VNC_CAPTURE_H

#include "events.h"
#include "picture.h"

#include <maq/env.h>

typedef struct Capture Capture;

/* Called with what a client does; event->viewer is not set. */
typedef void (*CaptureEvent)(void *owner, const Event *event);

/* All is borrowed; freed with env. */
Capture *capture_provide(
	MaqEnv *env, const Picture *picture, CaptureEvent event, void *owner);
/* The picture is another one now. */
void capture_changed(Capture *capture);

#endif
