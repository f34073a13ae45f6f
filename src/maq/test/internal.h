// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef MAQ_TEST_INTERNAL_H
#define MAQ_TEST_INTERNAL_H

#include <maq/hid.h>
#include <maq/log.h>
#include <maq/rom.h>
#include <maq/sandbox.h>
#include <maq/test.h>

/* One start node. */
typedef struct {
	MaqTest *test; /* borrowed */
	char *name;    /* owned */
	MaqChild *child;
	int channel; /* to the parent, until the component takes it */
	int alive;   /* its end tells the parent that the component has ended */
	int watched; /* the other end of that */
	MaqWatch *watch;
	int (*main)(int argc, char **argv);
	MaqStart start;
	GPtrArray *config_peers; /* owned, of MaqPeer */
	bool exited, ended;
	int code;
} Place;

typedef struct {
	int (*main)(int argc, char **argv);
	MaqStart start;
} Program;

typedef struct {
	const MaqSkeleton *skeleton;
	const void *table;
	void *service;
} Local;

/* A ROM module. */
typedef struct {
	char *text;       /* owned; NULL: no content */
	GPtrArray *peers; /* owned, of MaqPeer */
} Module;

struct MaqTest {
	MaqDouble *baton; /* owned */
	guint64 seed;
	MaqHidDocument *document; /* owned */
	const MaqHidNode *config; /* in document */
	GHashTable *programs;     /* owned: binary -> Program */
	GHashTable *modules;      /* owned: name -> Module */
	GArray *locals;           /* owned, of Local */
	GPtrArray *places;        /* owned, of Place */
	GString *log;             /* owned */
	gsize waited;             /* of the log */

	/* the parent's thread */
	MaqEnv *parent;
	MaqSandbox *sandbox;
	MaqChild *self; /* the test as a child */
	int self_channel;
	int orders[2]; /* the test's and the parent's end: a message is an order */
	void (*order)(void *data);
	void *order_data;
	bool started;

	MaqEnv *env; /* the test's, owned */
};

void maq_test_fail(MaqTest *test, const char *format, ...)
	G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;
void maq_test_line(MaqTest *test, const char *label, const char *text);
MaqHidDocument *maq_test_parse(MaqTest *test, const char *text);
Module *maq_test_module(MaqTest *test, const char *name);

/* The body of the parent's thread. */
void maq_test_parent(void *test);
const MaqHidNode *maq_test_node(const Place *place);

extern const MaqLogService maq_test_log_service;
extern const MaqRomService maq_test_rom_service;
extern const MaqRomService maq_test_config_service;

#endif
