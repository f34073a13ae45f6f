// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim - what the files of the display without an output share
 */
#ifndef FRAMEBUFFER_SIM_H
#define FRAMEBUFFER_SIM_H

#include <maq/component.h>
#include <maq/console.h>

#define SCREENS_MAX 8
#define SIZE_MAX_PX 8192
#define NS_PER_MS   1000000u

typedef struct Sim Sim;
typedef struct Script Script;

typedef struct {
	Sim *sim;            /* borrowed */
	MaqConsole *console; /* owned by env */
	guint64 frames;      /* shown */
	guint64 last;        /* when it changed */
	MaqTimeout *vblank;  /* a frame waits for it; NULL */
} Screen;

struct Sim {
	MaqEnv *env;
	Screen screens[SCREENS_MAX];
	guint n_screens;
	guint64 period;     /* ns from one vblank to the next; 0: as commits come */
	bool each, log;     /* a picture, or a line, of each frame */
	bool raw;           /* pictures are no PNG */
	const char *folder; /* owned by env: of pictures; NULL */
	Script *script;     /* owned by env */
};

/* ---- screen.c ---- */
bool screens_provide(Sim *sim, GError **error);
Screen *screen_by_name(Sim *sim, const char *name); /* NULL: the first */

/* ---- picture.c ---- */
/* Into the folder; says in the log what went wrong. */
void picture_keep(const Screen *screen, const char *name);
void picture_log(const Screen *screen);

/* ---- script.c ---- */
bool script_start(Sim *sim, GError **error);
void script_frame(Sim *sim); /* a frame was shown */

/* ---- step.c ---- */

/* What to do next: at once, or after so many ns; or when something has happened. */
typedef enum { STEP_DONE, STEP_PAUSE, STEP_WAIT, STEP_END } StepResult;

typedef struct {
	const char *type;
	/* round counts the calls for this step, from 0. */
	StepResult (*run)(Sim *sim, const MaqHidNode *node, guint round, guint64 *pause);
} StepKind;

const StepKind *step_find(const char *type);
/* Whether the log of the system has the text; follows it from then on. */
bool script_saw(Sim *sim, const char *text);
guint64 script_began(const Sim *sim);

#endif
