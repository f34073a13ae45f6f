// SPDX-License-Identifier: GPL-2.0-or-later
#include "accounts.h"

#include <crypt.h>
#include <rfb/rfb.h>
#include <string.h>

#define KEY_SIZE 8 /* of DES: what counts of a VNC password */

typedef struct {
	char *name, *hash; /* owned */
	bool view_only;
} User;

struct Accounts {
	char *password, *view_password; /* owned; NULL: none */
	GArray *users;                  /* owned, of User */
};

static void clear_user(gpointer data)
{
	User *user = data;

	g_free(user->name);
	g_free(user->hash);
}

static bool add_user(Accounts *accounts, const MaqHidNode *node, GError **error)
{
	const char *name = maq_hid_name(node), *hash = maq_hid_attr(node, "hash");

	if (!name || strlen(name) >= ACCOUNTS_NAME_MAX) {
		maq_hid_set_error(error, node, NULL, "expected a user's name");
		return false;
	}
	/* an empty hash would let everybody in */
	if (!hash || hash[0] != '$') {
		maq_hid_set_error(error, node, "hash",
			"expected a hash of crypt(5), as `maquette vnc-access` makes it");
		return false;
	}
	User user = {
		g_strdup(name), g_strdup(hash), maq_hid_bool(node, "view_only", false)};
	g_array_append_val(accounts->users, user);
	return true;
}

static void take_password(char **to, const MaqHidNode *node, const char *tag)
{
	const char *value = maq_hid_attr(node, tag);

	if (value && *value && !*to)
		*to = g_strdup(value);
}

Accounts *accounts_new(const MaqHidNode *const *nodes, unsigned n, GError **error)
{
	Accounts *accounts = g_new0(Accounts, 1);

	accounts->users = g_array_new(false, false, sizeof(User));
	g_array_set_clear_func(accounts->users, clear_user);
	for (unsigned i = 0; i < n; i++) {
		const MaqHidNode *user = maq_hid_first(nodes[i], "user");

		take_password(&accounts->password, nodes[i], "password");
		take_password(&accounts->view_password, nodes[i], "view_password");
		for (; user; user = maq_hid_next(user, "user"))
			if (!add_user(accounts, user, error)) {
				accounts_free(accounts);
				return NULL;
			}
	}
	return accounts;
}

static void wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

void accounts_free(Accounts *accounts)
{
	if (!accounts)
		return;
	wipe(accounts->password);
	wipe(accounts->view_password);
	g_array_unref(accounts->users);
	g_free(accounts);
}

bool accounts_has_password(const Accounts *accounts)
{
	return accounts->password || accounts->view_password;
}

bool accounts_has_users(const Accounts *accounts)
{
	return accounts->users->len > 0;
}

bool accounts_equal(const void *a, const void *b, gsize size)
{
	const volatile guint8 *left = a, *right = b;
	guint8 different = 0;

	for (gsize i = 0; i < size; i++)
		different |= left[i] ^ right[i];
	return !different;
}

static bool answers(const char *password, const guint8 *challenge, const guint8 *answer)
{
	char key[KEY_SIZE + 1] = "";
	guint8 expected[ACCOUNTS_CHALLENGE];

	g_strlcpy(key, password ? password : "", sizeof key);
	memcpy(expected, challenge, sizeof expected);
	rfbEncryptBytes(expected, key);
	bool right = accounts_equal(expected, answer, sizeof expected);
	explicit_bzero(key, sizeof key);
	explicit_bzero(expected, sizeof expected);
	return right & !!password;
}

bool accounts_check_answer(const Accounts *accounts, const guint8 *challenge,
	const guint8 *answer, bool *view_only)
{
	bool all = answers(accounts->password, challenge, answer);
	bool view = answers(accounts->view_password, challenge, answer);

	if (all || view)
		*view_only = !all;
	return all || view;
}

/* One at a time: yescrypt wants 16 MB by intention, and strangers call this. */
static bool matches(const char *hash, const char *password)
{
	static GMutex turn;
	struct crypt_data *data = g_new0(struct crypt_data, 1);

	g_mutex_lock(&turn);
	const char *made = crypt_r(password, hash, data);
	g_mutex_unlock(&turn);
	gsize length = strlen(hash);
	bool right = made && made[0] == '$' && strlen(made) == length &&
		     accounts_equal(made, hash, length);

	explicit_bzero(data, sizeof *data);
	g_free(data);
	return right;
}

bool accounts_check_user(
	const Accounts *accounts, const char *name, const char *password, bool *view_only)
{
	const User *found = NULL, *first = NULL;

	for (guint i = 0; i < accounts->users->len; i++) {
		const User *user = &g_array_index(accounts->users, User, i);

		if (!first)
			first = user;
		if (!strcmp(user->name, name))
			found = user;
	}
	if (!first)
		return false;
	/* an unknown user costs as much time as a known one */
	bool right = matches((found ? found : first)->hash, password);

	if (found && right)
		*view_only = found->view_only;
	return found && right;
}
