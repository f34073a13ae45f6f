// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * greeter - greet by name
 *
 * Provides  Greeter, any number of clients
 * Requires  LOG
 * Config    word: what a greeting begins with, at most 64 bytes (default "hello")
 */
#include <maq/component.h>
#include <maq/greeter.h> /* generated from greeter.xml */

typedef struct {
	MaqEnv *env;   /* borrowed */
	MaqPeer *peer; /* borrowed */
	char *text;    /* owned: the latest greeting */
} Client;

static MaqGreeterError greet(void *self, const char *name, const char **text)
{
	Client *client = self;

	if (!*name)
		return MAQ_GREETER_NOBODY;
	/* read anew each time, so that a new configuration takes effect at once */
	const char *word = maq_config_string(client->env, "word", "hello");

	g_free(client->text);
	client->text = g_strdup_printf("%s, %s", word, name);
	maq_log(client->env, "%s greeted %s", maq_peer_label(client->peer), name);
	*text = client->text; /* copied once this returns */
	return MAQ_GREETER_OK;
}

static MaqStatus client_open(void *env, MaqPeer *peer, void **made)
{
	Client *client = g_new0(Client, 1);

	client->env = env;
	client->peer = peer;
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;

	g_free(client->text);
	g_free(client);
}

static const MaqGreeterService greeter_service = {
	.ops = {.greet = greet},
	.open = client_open,
	.close = client_close,
};

static bool greeter_start(MaqEnv *env, GError **error)
{
	return maq_greeter_provide(env, &greeter_service, env, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, greeter_start);
}
