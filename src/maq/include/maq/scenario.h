// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scenario - what an init configuration says, without doing any of it
 *
 * Pure: used by init to run a configuration and by the command line to check one, so that
 * what is checked is what runs. Nodes are borrowed from the caller's document.
 */
#ifndef MAQ_SCENARIO_H
#define MAQ_SCENARIO_H

#include <maq/hid.h>
#include <maq/status.h>

typedef enum { MAQ_ROUTE_NONE, MAQ_ROUTE_PARENT, MAQ_ROUTE_CHILD } MaqRouteKind;

typedef struct {
	MaqRouteKind kind;
	const char *child; /* name of the start node that serves */
	char label[161];   /* what the server is to see */
} MaqRoute;

/* Resolves a request: the first rule of the start node's route (or the default route)
 * that matches and whose target provides the service. */
void maq_scenario_route(const MaqHidNode *config, const MaqHidNode *start,
	const char *service, const char *label, MaqRoute *route);

/* Resolves the request for the component's program: it bears the program's name only. */
void maq_scenario_route_binary(
	const MaqHidNode *config, const MaqHidNode *start, MaqRoute *route);

const MaqHidNode *maq_scenario_start(const MaqHidNode *config, const char *name);
bool maq_scenario_provides(const MaqHidNode *start, const char *service);
const char *maq_scenario_binary(const MaqHidNode *start);
guint64 maq_scenario_ram(const MaqHidNode *config, const MaqHidNode *start);
guint32 maq_scenario_caps(const MaqHidNode *config, const MaqHidNode *start);
/* Where a request of our own parent for a service that we export goes; kind is
 * MAQ_ROUTE_CHILD or MAQ_ROUTE_NONE. The child may not be there, or not provide it yet.
 */
void maq_scenario_export(const MaqHidNode *config, const char *service, const char *label,
	MaqRoute *route);

/*
 * Processor time of a start node: `+ cpu | weight: 200 | percent: 12.5 | realtime_us: 500
 * | period_us: 5000` in it, all optional; else `priority` and `affinity` as in Genode.
 * n_cpus: those of the machine.
 */
typedef struct {
	guint32 weight;                /* 1 to 10000; 100: usual */
	guint32 limit;                 /* 1/100 percent of one CPU; 0: none */
	guint32 rt_runtime, rt_period; /* us; 0: no real-time threads */
	guint64 cpus;                  /* a bit each; 0: all */
} MaqScenarioCpu;

void maq_scenario_cpu(const MaqHidNode *config, const MaqHidNode *start, guint n_cpus,
	MaqScenarioCpu *cpu);

/* A socket of the host: `+ listen NAME | address: A | port: P` or `| path: P` of a unix
 * socket, in the node host of a start node. Strings are the node's. */
typedef struct {
	const char *name, *address;
	const char *path; /* NULL: address and port */
	guint16 port;     /* 0: a free one */
} MaqListen;

/* NULL if the node is well; else what is wrong. */
const char *maq_scenario_listen(const MaqHidNode *node, MaqListen *listen);
/* Likewise of `+ connect NAME | address: A | port: P`, to which core connects. */
const char *maq_scenario_connect(const MaqHidNode *node, MaqListen *connect);
#define MAQ_GRANTS "listen connect device kvm file directory program display audio usb"
/* Any sub node of a node host: NULL if it is well; else what is wrong. */
const char *maq_scenario_grant(const MaqHidNode *node);
/* As maq_scenario_grant, and by the schema host.hsd: a sentence, free with g_free. */
char *maq_scenario_grant_fault(const MaqHidNode *node);
/* What a sub node of host grants, in words: "directory /srv, to write". Free with g_free.
 */
char *maq_scenario_grant_text(const MaqHidNode *node);
/* The first sub node of wanted that has no equal in granted; NULL: there is none. Who
 * grants can grant no more than it was granted. Both are nodes host; NULL is empty. */
const MaqHidNode *maq_scenario_excess(
	const MaqHidNode *granted, const MaqHidNode *wanted);

/*
 * The text of a configuration with values replaced, each setting (NULL-terminated, NULL:
 * none) as PATH=VALUE with the path of an attribute as maq_hid_get() has it. name is for
 * messages. NULL: the text is no HID, a setting is none, or leads to no node. Owned by
 * the caller.
 */
char *maq_scenario_set(const char *text, gsize size, const char *name,
	const char *const *settings, GError **error);

/* One thing that is wrong with a configuration. */
typedef void (*MaqComplaint)(void *data, const MaqHidNode *node, const char *tag,
	bool fatal, const char *text);
/* Names, targets, quotas, and circles of routes. Returns the number of fatal complaints.
 */
guint maq_scenario_check(const MaqHidNode *config, guint64 ram, guint32 caps,
	MaqComplaint complain, void *data);

#endif
