// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control - what the scenario's owner can see and ask for while it runs
 *
 * Serves Control sessions on a socket NAME.PID in the owner's run-time folder.
 */
#ifndef CORE_CONTROL_H
#define CORE_CONTROL_H

#include "log.h"
#include "process.h"

#include <maq/hid.h>
#include <maq/sandbox.h>

typedef struct Control Control;

typedef struct {
	MaqEnv *env;
	Log *log;
	Launcher *launcher;
	MaqSandbox *sandbox;
	const char *name, *config;
	void (*stop)(void *data, int code);
	void *data;
} ControlSpec;

/* All of spec is borrowed. A folder that cannot be had is a warning: NULL. */
Control *control_new(const ControlSpec *spec);
/* Before env; NULL is fine. */
void control_free(Control *control);
/* The log has grown; NULL is fine. */
void control_logged(Control *control);
/* Where it listens. */
const char *control_path(const Control *control);

#endif
