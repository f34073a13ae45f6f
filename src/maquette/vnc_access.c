// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc-access - passwords, users and a certificate for the VNC driver, in one file
 *
 * The file is a HID text that only its owner may read (src/driver/vnc/README.md). What is
 * in it already stays, but for what is given anew. A certificate is made if there is
 * none.
 */
#include "certificate.h"
#include "command.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX 512
#define VNC_SECRET 8 /* characters that count of a VNC password */

typedef struct {
	gboolean password, view_password, view_only, renew;
	char *user;   /* owned */
	char **hosts; /* owned; NULL: this one */
} Wish;

/* ---- asking ---- */

static char *read_line(const char *question, bool hidden)
{
	struct termios before, silent;
	char text[SECRET_MAX] = "";

	if (hidden) {
		fprintf(stderr, "%s: ", question);
		tcgetattr(STDIN_FILENO, &before);
		silent = before;
		silent.c_lflag &= (tcflag_t)~ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	}
	bool got = fgets(text, sizeof text, stdin);
	if (hidden) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	text[strcspn(text, "\r\n")] = '\0';
	return got && *text ? g_strdup(text) : NULL;
}

/* From a terminal twice, without echo; else the next line of standard input. NULL:
 * standard error says why. */
static char *ask(const char *question)
{
	bool hidden = isatty(STDIN_FILENO);
	char *secret = read_line(question, hidden);

	if (secret && hidden) {
		g_autofree char *again = read_line("Once more", true);

		if (g_strcmp0(secret, again)) {
			g_clear_pointer(&secret, g_free);
			fprintf(stderr, "maquette vnc-access: they differ\n");
			return NULL;
		}
	}
	if (!secret)
		fprintf(stderr, "maquette vnc-access: expected a password that is not "
				"empty\n");
	return secret;
}

static char *ask_vnc(const char *question)
{
	char *secret = ask(question);

	if (secret && strpbrk(secret, "|")) {
		fprintf(stderr, "maquette vnc-access: a VNC password cannot have '|' in "
				"it\n");
		g_clear_pointer(&secret, g_free);
	}
	if (secret && strlen(secret) > VNC_SECRET)
		fprintf(stderr,
			"note: of a VNC password %d characters count; a user (--user) "
			"can "
			"have a long one\n",
			VNC_SECRET);
	return secret;
}

static char *hash(const char *secret)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data = g_new0(struct crypt_data, 1);
	char *made = NULL;

	if (crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof setting))
		made = g_strdup(crypt_r(secret, setting, data));
	g_free(data);
	return made;
}

/* ---- the file ---- */

static const char *attr(const MaqHidDocument *old, const char *tag)
{
	return old ? maq_hid_attr(maq_hid_root(old), tag) : NULL;
}

static bool put_passwords(MaqHidBuilder *out, const MaqHidDocument *old, const Wish *wish)
{
	static const char *const tags[] = {"password", "view_password"};
	static const char *const questions[] = {
		"VNC password", "VNC password to watch only"};
	gboolean wanted[] = {wish->password, wish->view_password};

	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *secret =
			wanted[i] ? ask_vnc(questions[i]) : g_strdup(attr(old, tags[i]));

		if (wanted[i] && !secret)
			return false;
		if (secret)
			maq_hid_put(out, tags[i], secret);
	}
	return true;
}

static bool put_users(MaqHidBuilder *out, const MaqHidDocument *old, const Wish *wish)
{
	const MaqHidNode *user = old ? maq_hid_first(maq_hid_root(old), "user") : NULL;
	g_autofree char *secret = NULL, *made = NULL;

	for (; user; user = maq_hid_next(user, "user"))
		if (g_strcmp0(maq_hid_name(user), wish->user))
			maq_hid_append(out, user);
	if (!wish->user)
		return true;
	g_autofree char *question = g_strdup_printf("Password of %s", wish->user);
	secret = ask(question);
	made = secret ? hash(secret) : NULL;
	if (!made)
		return false;
	maq_hid_begin(out, "user", wish->user);
	maq_hid_put(out, "hash", made);
	if (wish->view_only)
		maq_hid_put_bool(out, "view_only", true);
	maq_hid_end(out);
	return true;
}

static void put_text(MaqHidBuilder *out, const char *type, const char *text)
{
	maq_hid_begin(out, type, NULL);
	maq_hid_quote(out, text);
	maq_hid_end(out);
}

static bool put_certificate(
	MaqHidBuilder *out, const MaqHidDocument *old, const Wish *wish, GError **error)
{
	const MaqHidNode *root = old ? maq_hid_root(old) : NULL;
	g_autofree char *certificate = maq_hid_quoted(maq_hid_first(root, "certificate"));
	g_autofree char *key = maq_hid_quoted(maq_hid_first(root, "key"));
	g_autofree char *print = NULL;

	if (!certificate || !key || wish->renew || wish->hosts) {
		g_clear_pointer(&certificate, g_free);
		g_clear_pointer(&key, g_free);
		if (!certificate_make(wish->hosts, &certificate, &key, error))
			return false;
	}
	put_text(out, "certificate", certificate);
	put_text(out, "key", key);
	print = certificate_fingerprint(certificate);
	if (print)
		printf("certificate (SHA-256): %s\n", print);
	return true;
}

/* A new file takes the old one's place when it is complete; nobody else may read it. */
static bool save(const char *path, const char *text, GError **error)
{
	return g_file_set_contents_full(path, text, -1,
		G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
		error);
}

static int fail(GError *error)
{
	fprintf(stderr, "maquette vnc-access: %s\n", error->message);
	return EXIT_MACHINE;
}

static int change(const char *path, const Wish *wish)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) old = NULL;
	MaqHidBuilder *out;

	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		old = maq_hid_load(path, MAQ_HID_STRICT, &error);
		if (!old)
			return fail(error);
	}
	out = maq_hid_builder_new("access");
	if (!put_passwords(out, old, wish) || !put_users(out, old, wish)) {
		maq_hid_builder_free(out);
		return EXIT_USAGE;
	}
	if (!put_certificate(out, old, wish, &error)) {
		maq_hid_builder_free(out);
		return fail(error);
	}
	g_autofree char *text = maq_hid_builder_finish(out);
	g_autofree char *whole = g_canonicalize_filename(path, NULL);
	if (!save(path, text, &error))
		return fail(error);
	printf("%s is ready. In the start node of vnc:\n"
	       "  + host   | + file | path: %s\n"
	       "  + config | access: %s\n",
		path, whole, whole);
	return EXIT_WELL;
}

int maquette_vnc_access(int argc, char **argv)
{
	Wish wish = {0};
	const GOptionEntry entries[] = {
		{"password", 'p', 0, G_OPTION_ARG_NONE, &wish.password,
			"set the VNC password, of which 8 characters count", NULL},
		{"view-password", 0, 0, G_OPTION_ARG_NONE, &wish.view_password,
			"set a VNC password with which one only watches", NULL},
		{"user", 'u', 0, G_OPTION_ARG_STRING, &wish.user,
			"add this user, or change its password", "NAME"},
		{"view-only", 0, 0, G_OPTION_ARG_NONE, &wish.view_only,
			"the user only watches", NULL},
		{"host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish.hosts,
			"a new certificate for this name or address (several: again)",
			"HOST"},
		{"renew", 0, 0, G_OPTION_ARG_NONE, &wish.renew,
			"a new certificate for this machine", NULL},
		G_OPTION_ENTRY_NULL};
	g_autoptr(GOptionContext) context =
		g_option_context_new("FILE - who may log in by VNC, and a certificate");
	int result = EXIT_USAGE;

	if (options_of_one(context, entries, &argc, &argv, "file")) {
		if (argc < 2)
			fprintf(stderr, "maquette vnc-access: expected a file\n");
		else
			result = change(argv[1], &wish);
	}
	g_free(wish.user);
	g_strfreev(wish.hosts);
	return result;
}
