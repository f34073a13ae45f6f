// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include <maq/component.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>
#include <maq/scenario.h>

typedef struct Start Start;
typedef struct Report Report;

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqProcess *process;      /* owned by env: where processes are started */
	MaqHidDocument *document; /* owned: the configuration in force; NULL: none yet */
	const MaqHidNode *config; /* its root */
	GPtrArray *starts;        /* owned, of Start, in the order of the configuration */
	GHashTable *announced;    /* owned: services that we export */
	Report *report;           /* owned */
	MaqTimeout *heartbeat;    /* next beat; NULL: none */
	/* own quota: all of it, and what is not assigned to children, bytes */
	guint64 total_ram;
	guint32 total_caps;
	/* free; below 0: our parent took what was given away at the same moment */
	gint64 ram, caps;
	guint64 assigned_ram; /* by our parent, as last heard */
	guint32 assigned_caps;
	guint last_id, last_attempt;
	bool fetching_exits;
	char *quotas, *confinement; /* owned: what enforces them on this machine */
} Init;

typedef enum {
	START_WAITING, /* for its program and its log */
	START_RUNNING,
	START_EXITED,     /* said so itself, or ended */
	START_INCOMPLETE, /* a session that it needs cannot be had, or it has no process
			   */
} StartState;

/* One start node and what became of it. */
struct Start {
	Init *init;             /* borrowed */
	const MaqHidNode *node; /* in init->document */
	char *name;             /* owned */
	guint id;               /* of this life: a new one when it is started again */
	guint attempt;          /* names this try in what we ask others for */
	bool lived;             /* in this id */
	StartState state;
	int exit_code;
	MaqChild *child; /* owned; NULL while it does not run */
	MaqRom *program; /* of its binary, owned by env; NULL */
	bool log_ready;
	int channel;     /* its end of the parent session until it is spawned; -1 */
	guint32 process; /* id in the Process session; 0 */
	guint64 ram;     /* assigned from our quota */
	guint32 caps;
	MaqScenarioCpu cpu; /* as the launcher knows it, if configured */
	bool server, configured;
	guint64 spawned_ram; /* held when it was spawned */
	guint32 spawned_caps;
	guint32 quota_order; /* ticket of who waits; 0: nobody */
	gint64 extra_ram;    /* beyond its node: on request, or as the owner ordered */
	gint64 extra_caps;
	guint64 lowering_ram; /* under way */
	guint32 lowering_caps;
	bool lower_again;   /* less is wanted since */
	guint64 wanted_ram; /* by a resource request */
	guint32 wanted_caps;
	unsigned skipped;        /* heartbeats, as last seen */
	GPtrArray *missing;      /* owned, of char *: sessions that had no route, as
				    service, label, service, label ... */
	GPtrArray *config_peers; /* owned: sessions of its local ROM `config` */
	GQueue crashes;          /* times of restarts, ns, newest first */
	MaqTimeout *backoff;     /* until it is started again; NULL */
	MaqTimeout *later;     /* until the launcher is told again, whose line was full */
	bool spawn_later;      /* and is asked again to start it */
	bool removed, restart; /* marks of configure() */
};

/* ---- start.c ---- */

Start *start_new(Init *init, const MaqHidNode *node);
void start_free(Start *start);
void start_begin(Start *start);
/* Ends the process and its sessions, and takes the quota back. */
void start_end(Start *start);
/* The process has ended by itself. */
void start_process_ended(Start *start, int code, int signal);
/* The component said that it has finished. */
void start_exited(Start *start, int code);
/* Tells the launcher how it is run. */
void start_configure(Start *start);
void start_set_node(Start *start, const MaqHidNode *node);
/* Marks it for a restart or a suspension if its routes ask for one; true: restart. */
bool start_check_routes(Start *start);
/* Whether a request for a service of it is worth waiting for. */
bool start_comes_back(const Start *start);

/* ---- quota.c ---- */

/* What is left to assign. */
guint64 init_free_ram(const Init *init);
guint32 init_free_caps(const Init *init);
/* Takes the configured quota from what is left, all of it if that is too little. */
void quota_assign(Start *start);
void quota_lower(Start *start);
void quota_raise(Start *start);
void quota_raise_all(Init *init);
/* Takes back what was assigned beyond our own quota. */
void quota_cover(Init *init);
/* By the owner; answered when it is done, as far as it can be. */
void quota_ordered(Init *init, guint32 ticket, const char *name);
/* Nothing of its quota is under way: who waits for that is told. */
void quota_settled(Start *start);
/* The component asks for more, or stands at its limit. */
void quota_requested(Start *start, guint64 ram, guint32 caps);
/* Our own quota; at the start, and when it has changed. */
bool quota_begin(Init *init);
void quota_update(Init *init);

/* ---- report.c ---- */

Report *report_new(Init *init);
void report_free(Report *report);
void report_configure(Report *report);
/* Something that may be in it has changed: it is sent a little later. */
void report_changed(Report *report);
/* The whole state as a HID text, details or not; owned by the caller. */
char *report_text(Init *init, const MaqHidNode *details);

/* ---- main.c ---- */

/* Applies the configuration again, e.g. after a start was marked for a restart. */
void init_apply(Init *init);
/* NULL: there is none of that name. */
Start *init_find(Init *init, const char *name);
/* Starts or stops the heartbeat as configured. */
void heartbeat_configure(Init *init);

/* ---- config_rom.c ---- */

extern const MaqRomService config_rom_service; /* service: the Start */

#endif
