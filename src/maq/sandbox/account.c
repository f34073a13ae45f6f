// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * account - the ledger's arithmetic: whatever happens, a unit is in one account
 */
#include "internal.h"

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

guint64 maq_account_held_ram(const MaqAccount *account)
{
	return account->ram > account->ram_donated ? account->ram - account->ram_donated
						   : 0;
}

guint32 maq_account_held_caps(const MaqAccount *account)
{
	return account->caps > account->caps_donated
		       ? account->caps - account->caps_donated
		       : 0;
}

int maq_account_can_spare(const MaqAccount *account, guint64 ram, guint32 caps)
{
	if (ram > maq_account_ram(account))
		return MAQ_OUT_OF_RAM;
	return caps > maq_account_caps(account) ? MAQ_OUT_OF_CAPS : MAQ_OK;
}

int maq_account_donate(MaqAccount *account, guint64 ram, guint32 caps)
{
	int status = maq_account_can_spare(account, ram, caps);

	if (status == MAQ_OK) {
		account->ram_donated += ram;
		account->caps_donated += caps;
	}
	return status;
}

void maq_account_get_back(MaqAccount *account, guint64 ram, guint32 caps)
{
	account->ram_donated -= ram;
	account->caps_donated -= caps;
}

void maq_account_receive(MaqAccount *account, guint64 ram, guint32 caps)
{
	account->ram += ram;
	account->ram_received += ram;
	account->caps += caps;
	account->caps_received += caps;
}

void maq_account_give_back(MaqAccount *account, guint64 ram, guint32 caps)
{
	account->ram -= ram;
	account->ram_received -= ram;
	account->caps -= caps;
	account->caps_received -= caps;
}

int maq_account_charge(MaqAccount *account, guint64 ram, guint32 caps)
{
	int status = maq_account_can_spare(account, ram, caps);

	if (status == MAQ_OK) {
		account->ram_charged += ram;
		account->caps_charged += caps;
	}
	return status;
}

bool maq_account_refund(MaqAccount *account, guint64 ram, guint32 caps)
{
	if (ram > account->ram_charged || caps > account->caps_charged)
		return false;
	account->ram_charged -= ram;
	account->caps_charged -= caps;
	return true;
}
