// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * again - opens a session anew whose server has gone, as long as there is hope
 */
#ifndef MAQ_DISPLAY_AGAIN_H
#define MAQ_DISPLAY_AGAIN_H

#include <maq/env.h>

typedef struct {
	MaqEnv *env;                 /* borrowed */
	bool (*connect)(void *data); /* false: not yet */
	void *data;                  /* borrowed */
	MaqHandler given_up;         /* NULL: none */
	void *given_up_data;
	MaqTimeout *timeout;
	unsigned tries;
} Again;

void again_init(Again *again, MaqEnv *env, bool (*connect)(void *data), void *data);
void again_fini(Again *again);
void again_on_given_up(Again *again, MaqHandler handler, void *data);
/* The session is lost: calls connect until it returns true. */
void again_start(Again *again);

#endif
