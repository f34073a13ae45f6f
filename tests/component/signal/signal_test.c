// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * signal_test - signals are gathered, at most one message is unread, and none is lost
 *
 * The server and a client by hand, in one thread.
 */
#include <maq/env.h>
#include <maq/parent.h>

typedef struct {
	MaqEnv *env;
	MaqPeer *peer;
	int channel; /* the client's end */
	MaqMessage message;
} Pair;

static MaqParentError op_exit(void *client, gint32 code)
{
	(void)client, (void)code;
	return MAQ_PARENT_OK;
}

static MaqStatus on_open(void *service, MaqPeer *peer, void **client)
{
	((Pair *)service)->peer = peer;
	*client = service;
	return MAQ_OK;
}

static const MaqParentService service = {.ops = {.exit = op_exit}, .open = on_open};

static void set_up(Pair *pair, gconstpointer data)
{
	int ends[2];

	(void)data;
	pair->env = maq_env_new(&maq_binding_linux);
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	pair->channel = ends[0];
	g_assert_nonnull(maq_parent_serve(pair->env, &service, pair, "test", ends[1]));
}

static void tear_down(Pair *pair, gconstpointer data)
{
	(void)data;
	maq_env_free(pair->env);
	maq_clear_fd(&pair->channel);
}

/* The bits of the next message, a signal; 0: there is none. */
static guint64 receive(Pair *pair)
{
	guint64 bits;

	if (maq_binding_linux.receive(pair->channel, &pair->message, 0) != 1)
		return 0;
	g_assert_cmpint(pair->message.header.kind, ==, MAQ_KIND_SIGNAL);
	memcpy(&bits, pair->message.data + sizeof(MaqHeader), sizeof bits);
	return bits;
}

static void step(Pair *pair)
{
	maq_loop_step(maq_env_loop(pair->env), 0);
}

static void test_gathered(Pair *pair, gconstpointer data)
{
	(void)data;
	maq_parent_signal_requests(pair->peer);
	maq_parent_signal_requests(pair->peer); /* told by the one that is unread */
	maq_parent_signal_resources(pair->peer);
	maq_parent_signal_yield(pair->peer);
	step(pair);
	g_assert_cmpuint(receive(pair), ==, 1);
	g_assert_cmpuint(receive(pair), ==, 0);
	step(pair);
	g_assert_cmpuint(receive(pair), ==, 2 | 4);
	maq_parent_signal_requests(pair->peer);
	g_assert_cmpuint(receive(pair), ==, 1);
	g_assert_cmpuint(receive(pair), ==, 0);
}

/* What is unread is a reply, not the signal, which was read long ago. */
static void test_behind_reply(Pair *pair, gconstpointer data)
{
	static const gint32 code = 5;

	(void)data;
	maq_parent_signal_requests(pair->peer);
	g_assert_cmpuint(receive(pair), ==, 1);
	pair->message.header = (MaqHeader){
		.size = 28, .kind = MAQ_KIND_CALL, .opcode = 9, .sequence = 1};
	memcpy(pair->message.data + sizeof(MaqHeader), &code, sizeof code);
	pair->message.n_fds = 0;
	g_assert_cmpint(maq_binding_linux.send(pair->channel, &pair->message), ==, 0);
	step(pair);
	maq_parent_signal_requests(pair->peer);
	g_assert_cmpint(
		maq_binding_linux.receive(pair->channel, &pair->message, 0), ==, 1);
	g_assert_cmpint(pair->message.header.kind, ==, MAQ_KIND_REPLY);
	step(pair);
	g_assert_cmpuint(receive(pair), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/signal/gathered", Pair, NULL, set_up, test_gathered, tear_down);
	g_test_add(
		"/signal/behind-reply", Pair, NULL, set_up, test_behind_reply, tear_down);
	return g_test_run();
}
