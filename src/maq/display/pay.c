// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pay.h"

/* Owned by its call, which ends at the latest with the env. */
struct Pay {
	MaqUpgradeDone done; /* NULL: cancelled */
	void *data;          /* borrowed */
	bool asked, refused; /* refused: at once, before it was asked */
};

static void upgraded(void *data, int status)
{
	Pay *pay = data;

	pay->refused = !pay->asked;
	if (pay->refused)
		return;
	if (pay->done)
		pay->done(pay->data, status);
	g_free(pay);
}

Pay *pay_start(MaqEnv *env, const MaqSession *session, int status, unsigned *tries,
	MaqUpgradeDone done, void *data)
{
	guint64 ram;
	guint32 caps;

	if (!maq_session_lacks(session, status, *tries, &ram, &caps))
		return NULL;
	++*tries;
	Pay *pay = g_new(Pay, 1);
	*pay = (Pay){.done = done, .data = data};
	maq_upgrade_async(env, session, ram, caps, upgraded, pay);
	pay->asked = true;
	if (pay->refused)
		g_clear_pointer(&pay, g_free);
	return pay;
}

void pay_cancel(Pay *pay)
{
	if (pay)
		pay->done = NULL;
}
