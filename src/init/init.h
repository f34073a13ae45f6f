// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include <maq/component.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>
#include <maq/scenario.h>

typedef struct Start Start;

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqProcess *process;      /* owned by env: where processes are started */
	MaqHidDocument *document; /* owned: the configuration in force; NULL: none yet */
	const MaqHidNode *config; /* its root */
	MaqRom *rom;              /* owned by env: where the configuration comes from */
	GPtrArray *starts;        /* owned, of Start, in the order of the configuration */
	guint64 ram;              /* own quota, not assigned yet */
	guint32 caps;
	guint last_id;
	bool fetching_exits;
} Init;

typedef enum {
	START_WAITING, /* for its program */
	START_RUNNING,
	START_EXITED, /* said so itself, or ended */
	START_FAILED, /* no program, or no process */
} StartState;

/* One start node and what became of it. */
struct Start {
	Init *init;             /* borrowed */
	const MaqHidNode *node; /* in init->document */
	char *name;             /* owned */
	guint id;               /* a new one each time it is started */
	StartState state;
	int exit_code;
	MaqChild *child; /* owned; NULL while it does not run */
	MaqRom *program; /* of its binary, owned by env; NULL */
	int channel;     /* its end of the parent session until it is spawned; -1 */
	guint32 process; /* id in the Process session; 0 */
	guint64 ram;     /* assigned from our quota */
	guint32 caps;
	GPtrArray *config_peers; /* owned: sessions of its local ROM `config` */
	GQueue crashes;          /* times of restarts, ns, newest first */
	MaqTimeout *backoff;     /* until it is started again; NULL */
};

Start *start_new(Init *init, const MaqHidNode *node);
void start_free(Start *start);
void start_begin(Start *start);
/* Ends the process and its sessions, and takes the quota back. */
void start_end(Start *start);
/* The process has ended by itself. */
void start_process_ended(Start *start, int code, int signal);
/* The component said that it has finished. */
void start_exited(Start *start, int code);
/* A new configuration: goes on, adapts, or is started anew. */
void start_update(Start *start, const MaqHidNode *node);

extern const MaqRomService config_rom_service; /* service: the Start */

#endif
