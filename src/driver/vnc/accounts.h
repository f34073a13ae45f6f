// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * accounts - who may log in, and with which password
 *
 * A VNC password is a secret of 8 characters that both sides know; users have passwords
 * of any length, of which only hashes are kept (crypt(5): yescrypt and others). Checks
 * take as long for a wrong first character as for a wrong last one, and as long for an
 * unknown user as for a known one. Read-only after it is made: any thread may check.
 */
#ifndef VNC_ACCOUNTS_H
#define VNC_ACCOUNTS_H

#include <maq/hid.h>

#define ACCOUNTS_CHALLENGE 16 /* bytes; RFC 6143, 7.2.2 */
#define ACCOUNTS_NAME_MAX  64

typedef struct Accounts Accounts;

/* From attributes password, view_password and nodes user of these (NULL: none); false
 * and error: one is malformed. */
Accounts *accounts_new(const MaqHidNode *const *nodes, unsigned n, GError **error);
void accounts_free(Accounts *accounts);
bool accounts_has_password(const Accounts *accounts);
bool accounts_has_users(const Accounts *accounts);
/* The answer to a challenge; *view_only is set when it is right. */
bool accounts_check_answer(const Accounts *accounts, const guint8 *challenge,
	const guint8 *answer, bool *view_only);
bool accounts_check_user(const Accounts *accounts, const char *name, const char *password,
	bool *view_only);
/* All bytes are looked at. */
bool accounts_equal(const void *a, const void *b, gsize size);

#endif
