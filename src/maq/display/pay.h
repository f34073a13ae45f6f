// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * pay - donates what a session's server found lacking, without waiting, so that the call
 * can be made again
 */
#ifndef MAQ_DISPLAY_PAY_H
#define MAQ_DISPLAY_PAY_H

#include <maq/component.h>

typedef struct Pay Pay;

/* status: the outcome of a call. NULL: it lacked nothing, or too much was donated before;
 * else tries is counted up, and done is called later. The answer is gone by then. */
Pay *pay_start(MaqEnv *env, const MaqSession *session, int status, unsigned *tries,
	MaqUpgradeDone done, void *data);
/* done is not called any more; NULL is fine. */
void pay_cancel(Pay *pay);

#endif
