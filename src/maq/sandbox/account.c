// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/sandbox.h>

/* A client that died takes its donation along while the server still uses it. */
guint64 maq_account_ram(const MaqAccount *account)
{
	guint64 used = account->ram_donated + account->ram_charged;

	return account->ram > used ? account->ram - used : 0;
}

guint32 maq_account_caps(const MaqAccount *account)
{
	guint32 used = account->caps_donated + account->caps_charged;

	return account->caps > used ? account->caps - used : 0;
}
