// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * again - opens a session anew whose server has gone, as long as there is hope
 *
 * Nothing of it waits: the client's loop goes on.
 */
#ifndef MAQ_DISPLAY_AGAIN_H
#define MAQ_DISPLAY_AGAIN_H

#include <maq/component.h>

typedef struct {
	const MaqInterface *interface;
	/* Encodes the open parameters of now; NULL: there are none. */
	gsize (*encode)(void *data, void *args);
	/* Takes the session, and says again_failed() later if that was no use. */
	void (*opened)(void *data, MaqSession *session);
} AgainOps;

typedef struct {
	MaqEnv *env;         /* borrowed */
	const AgainOps *ops; /* borrowed */
	const char *label;   /* borrowed */
	void *data;          /* borrowed */
	MaqHandler given_up; /* NULL: none */
	void *given_up_data;
	MaqTimeout *timeout;
	MaqOpening *opening;
	unsigned tries;
} Again;

void again_init(
	Again *again, MaqEnv *env, const AgainOps *ops, const char *label, void *data);
void again_fini(Again *again);
void again_on_given_up(Again *again, MaqHandler handler, void *data);
/* The first one, at once. */
void again_begin(Again *again);
/* The session is lost: opens another one. */
void again_start(Again *again);
/* The one just opened was no use: tries once more, or gives up. */
void again_failed(Again *again);

#endif
