// SPDX-License-Identifier: GPL-2.0-or-later
#include "accounts.h"

#include <crypt.h>
#include <rfb/rfb.h>
#include <string.h>

static Accounts *make(const char *text, GError **error)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "access", MAQ_HID_STRICT, NULL);
	const MaqHidNode *nodes[] = {maq_hid_root(document), NULL};

	return accounts_new(nodes, G_N_ELEMENTS(nodes), error);
}

static bool answer(const Accounts *accounts, const char *password, bool *view_only)
{
	guint8 challenge[ACCOUNTS_CHALLENGE], reply[ACCOUNTS_CHALLENGE];

	for (guint8 i = 0; i < ACCOUNTS_CHALLENGE; i++)
		challenge[i] = reply[i] = (guint8)(i * 13);
	rfbEncryptBytes(reply, (char *)password);
	return accounts_check_answer(accounts, challenge, reply, view_only);
}

static void passwords(void)
{
	Accounts *accounts = make(
		"access | password: secret | view_password: looklooklook\n-\n", NULL);
	bool view_only = false;

	g_assert_true(accounts_has_password(accounts));
	g_assert_false(accounts_has_users(accounts));
	g_assert_true(answer(accounts, "secret", &view_only));
	g_assert_false(view_only);
	g_assert_true(answer(accounts, "looklook", &view_only)); /* 8 count */
	g_assert_true(view_only);
	g_assert_false(answer(accounts, "secres", &view_only));
	g_assert_false(answer(accounts, "", &view_only));
	accounts_free(accounts);
}

/* No password is not the empty one. */
static void none(void)
{
	Accounts *accounts = make("access | password: secret\n-\n", NULL);
	Accounts *nobody = make("access\n-\n", NULL);
	bool view_only;

	g_assert_false(answer(accounts, "", &view_only));
	g_assert_false(answer(nobody, "", &view_only));
	g_assert_false(accounts_check_user(nobody, "", "", &view_only));
	accounts_free(accounts);
	accounts_free(nobody);
}

static void users(void)
{
	char hash[CRYPT_OUTPUT_SIZE];
	g_autofree char *text = NULL;
	struct crypt_data *data = g_new0(struct crypt_data, 1);
	bool view_only = true;

	g_strlcpy(hash, crypt_r("secret", "$5$rounds=1000$salt$", data), sizeof hash);
	text = g_strdup_printf("access\n+ user alice | hash: %s\n"
			       "+ user bob | hash: %s | view_only: yes\n-\n",
		hash, hash);
	Accounts *accounts = make(text, NULL);
	g_assert_true(accounts_has_users(accounts));
	g_assert_true(accounts_check_user(accounts, "alice", "secret", &view_only));
	g_assert_false(view_only);
	g_assert_true(accounts_check_user(accounts, "bob", "secret", &view_only));
	g_assert_true(view_only);
	g_assert_false(accounts_check_user(accounts, "alice", "Secret", &view_only));
	g_assert_false(accounts_check_user(accounts, "carol", "secret", &view_only));
	g_assert_false(accounts_check_user(accounts, "alice", "", &view_only));
	accounts_free(accounts);
	g_free(data);
}

static void malformed(void)
{
	static const char *const texts[] = {
		"access\n+ user alice\n-\n",
		"access\n+ user alice | hash: *\n-\n",
		"access\n+ user alice | hash: plain\n-\n",
		"access\n+ user | hash: $5$x$y\n-\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(make(texts[i], &error));
		g_assert_nonnull(error);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/accounts/passwords", passwords);
	g_test_add_func("/vnc/accounts/none", none);
	g_test_add_func("/vnc/accounts/users", users);
	g_test_add_func("/vnc/accounts/malformed", malformed);
	return g_test_run();
}
