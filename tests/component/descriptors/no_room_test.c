// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * no_room_test - a server that can have no more descriptors refuses sessions, each by an
 * answer; its client would wait forever otherwise
 */
#include "parent.h"

#include <maq/rom.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT    40
#define REQUESTS 3
#define PATIENCE (30u * 1000000000u) /* ns */

/* ---- the server, a process of its own ---- */

static MaqStatus rom_open(void *service, MaqPeer *peer, void **client)
{
	(void)peer;
	*client = service;
	return MAQ_OK;
}

static const MaqRomService rom_service = {.open = rom_open};

static _Noreturn void be_server(int channel)
{
	static const struct rlimit limit = {LIMIT, LIMIT};
	MaqEnv *env = maq_env_new(&maq_binding_linux);
	g_autoptr(GError) error = NULL;

	setrlimit(RLIMIT_NOFILE, &limit);
	maq_env_connect(env, channel);
	if (!maq_rom_provide(env, &rom_service, NULL, &error))
		_exit(2);
	while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
		;
	_exit(maq_loop_run(maq_env_loop(env)));
}

/* ---- its parent, and client ---- */

typedef struct {
	MaqEnv *env;
	MaqPeer *server;
	int channels[REQUESTS]; /* the client's ends */
	unsigned given;
	gint32 outcomes[REQUESTS];
	unsigned n_outcomes;
} Parent;

static void announced(void *data)
{
	maq_parent_signal_requests(((Parent *)data)->server);
}

static MaqParentError op_announce(void *client, const char *service)
{
	Parent *parent = client;

	g_assert_cmpstr(service, ==, "ROM");
	maq_loop_defer(maq_env_loop(parent->env), announced, parent);
	return MAQ_PARENT_OK;
}

static MaqParentError op_next_request(void *client, MaqParentRequestKind *kind,
	guint32 *id, const char **service, const char **label, guint64 *hash,
	const void **args, gsize *args_size, guint64 *ram, guint32 *caps, int *channel)
{
	Parent *parent = client;
	int ends[2];

	*service = *label = "";
	*kind = MAQ_PARENT_REQUEST_KIND_NONE;
	if (parent->given == REQUESTS)
		return MAQ_PARENT_OK;
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	parent->channels[parent->given] = ends[0];
	*kind = MAQ_PARENT_REQUEST_KIND_OPEN;
	*id = ++parent->given;
	*service = "ROM";
	*hash = maq_rom_interface.hashes[maq_rom_interface.version - 1];
	*args = NULL;
	*args_size = 0;
	*ram = 4096;
	*caps = 2;
	*channel = ends[1];
	return MAQ_PARENT_OK;
}

static MaqParentError op_deliver_next(void *client, guint32 delivered, gint32 status,
	MaqParentRequestKind *kind, guint32 *id, const char **service, const char **label,
	guint64 *hash, const void **args, gsize *args_size, guint64 *ram, guint32 *caps,
	int *channel)
{
	Parent *parent = client;

	g_assert_cmpuint(delivered, ==, parent->n_outcomes + 1);
	parent->outcomes[parent->n_outcomes++] = status;
	if (parent->n_outcomes == REQUESTS)
		maq_loop_quit(maq_env_loop(parent->env), 0);
	return op_next_request(client, kind, id, service, label, hash, args, args_size,
		ram, caps, channel);
}

static MaqStatus on_open(void *service, MaqPeer *peer, void **client)
{
	((Parent *)service)->server = peer;
	*client = service;
	return MAQ_OK;
}

static const MaqParentService parent_service = {
	.ops = {.announce = op_announce,
		.next_request = op_next_request,
		.deliver_next = op_deliver_next},
	.open = on_open,
};

static void too_late(void *data)
{
	maq_loop_quit(maq_env_loop(((Parent *)data)->env), 1);
}

static void test_refused(void)
{
	Parent parent = {.env = maq_env_new(&maq_binding_linux)};
	MaqLoop *loop = maq_env_loop(parent.env);
	MaqMessage message;
	int ends[2];

	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	pid_t server = fork();
	if (!server) {
		close(ends[0]);
		be_server(ends[1]);
	}
	close(ends[1]);
	maq_parent_serve(parent.env, &parent_service, &parent, "server", ends[0]);
	maq_loop_at(
		loop, maq_env_binding(parent.env)->now() + PATIENCE, too_late, &parent);
	g_assert_cmpint(maq_loop_run(loop), ==, 0);
	for (unsigned i = 0; i < REQUESTS; i++) {
		g_assert_cmpint(parent.outcomes[i], ==, MAQ_OUT_OF_CAPS);
		/* its end was closed */
		g_assert_cmpint(maq_binding_linux.receive(parent.channels[i], &message,
					(int)(PATIENCE / 1000000)),
			==, 0);
		close(parent.channels[i]);
	}
	maq_env_free(parent.env);
	waitpid(server, NULL, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/no-room/refused", test_refused);
	return g_test_run();
}
