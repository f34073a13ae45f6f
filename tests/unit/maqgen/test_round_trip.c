// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_round_trip - generated client and server, a thread each, over a real session
 *
 * The interface is tests/golden/maqgen/demo_all.xml: every kind of parameter goes to the
 * server and comes back changed.
 */
#include <maq/demo_all.h>
#include <maq/env.h>

#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	MaqEnv *env;      /* owned by the server's thread */
	MaqPeer *peer;    /* borrowed */
	int channel;      /* handed over */
	MaqCall *waiting; /* deferred call of `nothing`; NULL: none */
	int moved, far;   /* signals seen; atomic */
	bool refuse, fast;
	char text[31];
	guint8 data[40];
	guint16 fixed[3];
	guint64 list[4];
	MaqDemoAllPoint many[3];
	MaqDemoAllAnything some[2];
	guint8 switches[8];
} Server;

typedef struct {
	Server server;
	GThread *thread;
	MaqEnv *env;
	MaqDemoAll *demo;
} Fixture;

static MaqDemoAllError op_numbers(void *client, guint8 a, gint8 b, guint16 c, gint16 d,
	guint32 e, gint32 f, guint64 g, gint64 h, float i, double j, bool k,
	MaqDemoAllMood mood, MaqDemoAllEvery every, guint8 *a_out, gint8 *b_out,
	guint16 *c_out, gint16 *d_out, guint32 *e_out, gint32 *f_out, guint64 *g_out,
	gint64 *h_out, float *i_out, double *j_out, bool *k_out, MaqDemoAllMood *mood_out,
	MaqDemoAllEvery *every_out)
{
	Server *server = client;

	if (server->refuse)
		return MAQ_DEMO_ALL_TWICE;
	/* 99: outside what the definition lets a server answer */
	*a_out = (guint8)(a == 99 ? 102 : a + 1);
	*b_out = (gint8)(b + 1);
	*c_out = (guint16)(c + 1);
	*d_out = (gint16)(d + 1);
	*e_out = e + 1;
	*f_out = f + 1;
	*g_out = g + 1;
	*h_out = h + 1;
	*i_out = i + 1;
	*j_out = j + 1;
	*k_out = !k;
	*mood_out = mood == MAQ_DEMO_ALL_MOOD_CALM ? MAQ_DEMO_ALL_MOOD_WILD
						   : MAQ_DEMO_ALL_MOOD_CALM;
	*every_out = (MaqDemoAllEvery)~every;
	return MAQ_DEMO_ALL_OK;
}

static MaqDemoAllError op_blocks(void *client, const char *text, const void *data,
	gsize data_size, const guint16 *fixed, const guint64 *list, gsize list_count,
	const MaqDemoAllMixed *one, const MaqDemoAllPoint *many, gsize many_count,
	const MaqDemoAllAnything *some, const guint8 *switches, gsize switches_count,
	const char **text_out, const void **data_out, gsize *data_out_size,
	const guint16 **fixed_out, const guint64 **list_out, gsize *list_out_count,
	MaqDemoAllMixed *one_out, const MaqDemoAllPoint **many_out, gsize *many_out_count,
	const MaqDemoAllAnything **some_out, const guint8 **switches_out,
	gsize *switches_out_count)
{
	Server *server = client;

	g_strlcpy(server->text, text, sizeof server->text);
	*text_out = server->text;
	*data_out = memcpy(server->data, data, data_size);
	*data_out_size = data_size;
	*fixed_out = memcpy(server->fixed, fixed, sizeof server->fixed);
	*list_out = memcpy(server->list, list, list_count * sizeof *list);
	*list_out_count = list_count;
	*one_out = *one;
	one_out->time++;
	*many_out = memcpy(server->many, many, many_count * sizeof *many);
	*many_out_count = many_count;
	*some_out = memcpy(server->some, some, sizeof server->some);
	*switches_out = memcpy(server->switches, switches, switches_count);
	*switches_out_count = switches_count;
	return MAQ_DEMO_ALL_OK;
}

static MaqDemoAllError op_handles(void *client, int *memory, int *pipe_, int *line,
	guint32 number, int *memory_out, int *pipe_out, int *line_out,
	guint32 *number_out)
{
	(void)client;
	(void)line; /* closed by the skeleton */
	g_assert_cmpint(fcntl(*memory, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), ==,
		-1); /* sealed against seals */
	*memory_out = memfd_create("reply", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	g_assert_cmpint(posix_fallocate(*memory_out, 0, 4096), ==, 0);
	g_assert_cmpint(
		fcntl(*memory_out, F_ADD_SEALS,
			F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL),
		==, 0);
	*pipe_out = maq_steal_fd(pipe_);
	*line_out = -1;
	*number_out = number;
	return MAQ_DEMO_ALL_OK;
}

static void op_nothing(void *client, MaqCall *call)
{
	((Server *)client)->waiting = call;
}

/* Answers the deferred call; the client sends it after it. */
static void on_moved(void *client)
{
	Server *server = client;

	g_atomic_int_inc(&server->moved);
	if (server->waiting)
		maq_demo_all_nothing_reply(
			g_steal_pointer(&server->waiting), MAQ_DEMO_ALL_OK);
	maq_demo_all_signal_ready(server->peer);
}

static void on_far(void *client)
{
	Server *server = client;

	g_atomic_int_inc(&server->far);
	maq_demo_all_signal_ready(server->peer); /* wakes who waits for it */
}

static void on_close(void *client)
{
	Server *server = client;

	maq_loop_quit(maq_env_loop(server->env), 0);
}

static MaqStatus on_open(void *service, MaqPeer *peer, guint32 rate, MaqDemoAllMood mood,
	const char *name, float gain, void **client)
{
	Server *server = service;

	server->peer = peer;
	g_assert_cmpuint(rate, ==, 48000);
	g_assert_cmpuint(mood, ==, MAQ_DEMO_ALL_MOOD_CALM);
	g_assert_cmpstr(name, ==, "nobody \"else\"");
	g_assert_cmpfloat(gain, ==, 0.5f);
	*client = server;
	return MAQ_OK;
}

static const MaqDemoAllService service = {
	.ops =
		{
			.numbers = op_numbers,
			.blocks = op_blocks,
			.handles = op_handles,
			.nothing = op_nothing,
			.moved = on_moved,
			.far = on_far,
		},
	.open = on_open,
	.close = on_close,
};

static gpointer serve(gpointer data)
{
	Server *server = data;
	MaqDemoAllService fast_service = service;

	fast_service.fast = true;
	server->env = maq_env_new(&maq_binding_linux);
	g_assert_nonnull(
		maq_demo_all_serve(server->env, server->fast ? &fast_service : &service,
			server, "test", server->channel));
	maq_loop_run(maq_env_loop(server->env));
	maq_env_free(server->env);
	return NULL;
}

static void set_up(Fixture *f, gconstpointer data)
{
	int ends[2];

	f->server.fast = data != NULL;
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	f->server.channel = ends[1];
	f->thread = g_thread_new("server", serve, &f->server);
	f->env = maq_env_new(&maq_binding_linux);
	f->demo = maq_demo_all_attach(f->env, ends[0]);
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	maq_demo_all_close(f->demo);
	g_thread_join(f->thread);
	maq_env_free(f->env);
}

static MaqDemoAllError numbers(Fixture *f, guint8 a, float i, MaqDemoAllMood mood,
	guint8 *a_out, gint64 *h_out, MaqDemoAllEvery *every_out)
{
	return maq_demo_all_numbers(f->demo, a, -5, 65535, -1, 1, -1000, 1000,
		-1000000000000, i, 1e300, true, mood, 0x81, a_out, NULL, NULL, NULL, NULL,
		NULL, NULL, h_out, NULL, NULL, NULL, NULL, every_out);
}

static void test_numbers(Fixture *f, gconstpointer data)
{
	guint8 a = 0, every = 0;
	gint64 h = 0;

	(void)data;
	g_assert_cmpint(numbers(f, 7, 1.5f, 7, &a, &h, &every), ==, MAQ_DEMO_ALL_OK);
	g_assert_cmpuint(a, ==, 8);
	g_assert_cmpint(h, ==, -999999999999);
	g_assert_cmpuint(every, ==, 0x7e);
	/* not sent: outside the range, not finite, no value of the enum */
	g_assert_cmpint(numbers(f, 101, 0, 7, &a, NULL, NULL), ==, MAQ_DEMO_ALL_INVALID);
	g_assert_cmpint(
		numbers(f, 1, (float)NAN, 7, &a, NULL, NULL), ==, MAQ_DEMO_ALL_INVALID);
	g_assert_cmpint(numbers(f, 1, 0, 3, &a, NULL, NULL), ==, MAQ_DEMO_ALL_INVALID);
	g_assert_cmpuint(a, ==, 8); /* untouched */
	g_assert_cmpint(numbers(f, 7, 0, 0, &a, NULL, NULL), ==, MAQ_DEMO_ALL_OK);
	f->server.refuse = true; /* read by the other thread after the next message */
	g_assert_cmpint(numbers(f, 7, 0, 0, &a, NULL, NULL), ==, MAQ_DEMO_ALL_TWICE);
	g_assert_cmpint(maq_demo_all_plain(f->demo), ==, MAQ_DEMO_ALL_UNSUPPORTED);
}

static void test_bad_reply(Fixture *f, gconstpointer data)
{
	guint8 a = 55;

	(void)data;
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	g_assert_cmpint(numbers(f, 99, 0, 0, &a, NULL, NULL), ==, MAQ_DEMO_ALL_FAILED);
	g_assert_cmpuint(a, ==, 55);
}

static void test_blocks(Fixture *f, gconstpointer user_data)
{
	const guint16 fixed[] = {1, 2, 65535};
	const guint64 list[] = {99, 0, 5, 6, 7};
	const MaqDemoAllPoint many[] = {{-100, 7}, {100, -32768}};
	const MaqDemoAllAnything some[] = {{1}, {G_MAXUINT32}};
	const guint8 switches[] = {1, 0, 1};
	MaqDemoAllMixed one = {.time = 5,
		.corners = {{1, 2}, {3, 4}},
		.weight = 0.25,
		.wide = MAQ_DEMO_ALL_WIDE_HIGH,
		.traits = MAQ_DEMO_ALL_TRAITS_LOUD,
		.on = 1,
		.kinds = {MAQ_DEMO_ALL_MOOD_WILD}};
	MaqDemoAllMixed one_out;
	const char *text;
	const void *data;
	const guint16 *fixed_out;
	const guint64 *list_out;
	const MaqDemoAllPoint *many_out;
	const MaqDemoAllAnything *some_out;
	const guint8 *switches_out;
	gsize data_size, list_count, many_count, switches_count;

	(void)user_data;
	for (gsize n = 0; n <= 2; n++) {
		g_assert_cmpint(maq_demo_all_blocks(f->demo, "h\xc3\xa9", "ab", n, fixed,
					list, n, &one, many, n, some, switches, n, &text,
					&data, &data_size, &fixed_out, &list_out,
					&list_count, &one_out, &many_out, &many_count,
					&some_out, &switches_out, &switches_count),
			==, MAQ_DEMO_ALL_OK);
		one.time = 6;
		g_assert_cmpstr(text, ==, "h\xc3\xa9");
		g_assert_cmpmem(data, data_size, "ab", n);
		g_assert_cmpmem(fixed_out, sizeof fixed, fixed, sizeof fixed);
		g_assert_cmpmem(list_out, list_count * 8, list, n * 8);
		g_assert_cmpmem(&one_out, sizeof one, &one, sizeof one);
		g_assert_cmpmem(many_out, many_count * 4, many, n * 4);
		g_assert_cmpmem(some_out, sizeof some, some, sizeof some);
		g_assert_cmpmem(switches_out, switches_count, switches, n);
		one.time = 5;
	}
	/* too many, too long, no UTF-8, a field outside its range: not sent */
#define BLOCKS(text, fixed_, list_count)                                                 \
	maq_demo_all_blocks(f->demo, text, "", 0, fixed_, list, list_count, &one, many,  \
		0, some, switches, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,    \
		NULL, NULL, NULL, NULL)
	g_assert_cmpint(BLOCKS("", fixed, 1), ==, MAQ_DEMO_ALL_OK);
	g_assert_cmpint(BLOCKS("", fixed, 5), ==, MAQ_DEMO_ALL_INVALID);
	g_assert_cmpint(BLOCKS("\xff", fixed, 1), ==, MAQ_DEMO_ALL_INVALID);
	g_assert_cmpint(BLOCKS("0123456789012345678901234567890", fixed, 1), ==,
		MAQ_DEMO_ALL_INVALID);
	g_assert_cmpint(
		BLOCKS("", ((const guint16[]){1, 0, 1}), 1), ==, MAQ_DEMO_ALL_INVALID);
	one.on = 2;
	g_assert_cmpint(BLOCKS("", fixed, 1), ==, MAQ_DEMO_ALL_INVALID);
}

static int open_descriptors(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	int count = 0;

	while (g_dir_read_name(dir))
		count++;
	return count;
}

static void test_handles(Fixture *f, gconstpointer data)
{
	maq_autofd int memory = memfd_create("call", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int ends[2], memory_out = -1, pipe_out = -1, line_out = 7;
	guint32 number = 0;

	(void)data;
	g_assert_cmpint(posix_fallocate(memory, 0, 8192), ==, 0);
	g_assert_cmpint(
		fcntl(memory, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL), ==,
		0);
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), ==, 0);
	/* once the server's thread has made all it needs */
	g_assert_cmpint(numbers(f, 1, 0, 0, NULL, NULL, NULL), ==, MAQ_DEMO_ALL_OK);
	int before = open_descriptors();
	g_assert_cmpint(maq_demo_all_handles(f->demo, memory, -1, ends[0], 9, &memory_out,
				&pipe_out, &line_out, &number),
		==, MAQ_DEMO_ALL_OK);
	g_assert_cmpuint(number, ==, 9);
	g_assert_cmpint(fcntl(memory_out, F_GET_SEALS) & F_SEAL_FUTURE_WRITE, !=, 0);
	g_assert_cmpint(pipe_out, ==, -1);
	g_assert_cmpint(line_out, ==, -1);
	maq_clear_fd(&memory_out);
	/* what is not wanted is closed; a round later all of the server's is, too */
	g_assert_cmpint(maq_demo_all_handles(f->demo, memory, ends[1], ends[0], 9, NULL,
				NULL, NULL, NULL),
		==, MAQ_DEMO_ALL_OK);
	g_assert_cmpint(numbers(f, 1, 0, 0, NULL, NULL, NULL), ==, MAQ_DEMO_ALL_OK);
	g_assert_cmpint(open_descriptors(), ==, before);
	/* a required one is missing: not sent */
	g_assert_cmpint(
		maq_demo_all_handles(f->demo, memory, -1, -1, 9, NULL, NULL, NULL, NULL),
		==, MAQ_DEMO_ALL_INVALID);
	maq_clear_fd(&ends[0]);
	maq_clear_fd(&ends[1]);
}

typedef struct {
	unsigned ready, done;
	MaqDemoAllError status;
} Seen;

static void on_ready(void *data)
{
	((Seen *)data)->ready++;
}

static void on_done(void *data, MaqDemoAllError status)
{
	((Seen *)data)->done++;
	((Seen *)data)->status = status;
}

static void on_later(void *data, MaqDemoAllError status, const void *bytes, gsize size,
	const MaqDemoAllMixed *mixed, int w)
{
	g_assert_null(bytes);
	g_assert_cmpuint(size, ==, 0);
	g_assert_cmpuint(mixed->time, ==, 0);
	g_assert_cmpint(w, ==, -1);
	on_done(data, status);
}

static void test_async(Fixture *f, gconstpointer data)
{
	Seen seen = {0, 0, MAQ_DEMO_ALL_FAILED};

	(void)data;
	maq_demo_all_on_ready(f->demo, on_ready, &seen);
	maq_demo_all_nothing_async(f->demo, on_done, &seen);
	maq_demo_all_signal_moved(f->demo);
	maq_demo_all_signal_far(f->demo);
	while (!seen.ready || !seen.done || !g_atomic_int_get(&f->server.far))
		maq_loop_step(maq_env_loop(f->env), -1);
	g_assert_cmpuint(seen.done, ==, 1);
	g_assert_cmpint(seen.status, ==, MAQ_DEMO_ALL_OK);
	g_assert_cmpint(g_atomic_int_get(&f->server.moved), ==, 1);
	/* outside its range: not sent, and told all the same */
	seen = (Seen){0, 0, MAQ_DEMO_ALL_OK};
	maq_demo_all_later_async(f->demo, 5, 0, 0, on_later, &seen);
	while (!seen.done)
		maq_loop_step(maq_env_loop(f->env), -1);
	g_assert_cmpint(seen.status, ==, MAQ_DEMO_ALL_INVALID);
	/* an operation that the server does not have */
	seen = (Seen){0, 0, MAQ_DEMO_ALL_OK};
	maq_demo_all_plain_async(f->demo, on_done, &seen);
	while (!seen.done)
		maq_loop_step(maq_env_loop(f->env), -1);
	g_assert_cmpint(seen.status, ==, MAQ_DEMO_ALL_UNSUPPORTED);
}

typedef struct {
	MaqDemoAll *demo; /* owned */
	unsigned told;
	bool lost;
} Closer;

static void close_when_gone(void *data, MaqDemoAllError status)
{
	Closer *closer = data;

	g_assert_cmpint(status, ==, MAQ_DEMO_ALL_GONE);
	closer->told++;
	if (closer->demo)
		maq_demo_all_close(g_steal_pointer(&closer->demo));
}

static void note_lost(void *data)
{
	((Closer *)data)->lost = true;
}

/* Who learns from a call that the server has gone, may close the session there. */
static void test_close_when_gone(Fixture *f, gconstpointer data)
{
	Closer closer = {0};
	int ends[2];

	(void)data;
	g_assert_cmpint(maq_binding_linux.pair(ends), ==, 0);
	closer.demo = maq_demo_all_attach(f->env, ends[0]);
	maq_session_on_lost(maq_demo_all_session(closer.demo), note_lost, &closer);
	maq_demo_all_nothing_async(closer.demo, close_when_gone, &closer);
	maq_demo_all_nothing_async(closer.demo, close_when_gone, &closer);
	maq_clear_fd(&ends[1]);
	while (closer.told < 2)
		maq_loop_step(maq_env_loop(f->env), -1);
	g_assert_null(closer.demo);
	g_assert_false(closer.lost);
}

static void test_args(void)
{
	_Alignas(8) guint8 args[MAQ_ARGS_MAX];

	g_assert_cmpuint(maq_demo_all_encode_args(args, 8000, 7, "ab", 1), ==, 20);
	g_assert_cmpuint(maq_demo_all_encode_args(args, 7999, 7, "ab", 1), ==, G_MAXSIZE);
	g_assert_cmpuint(maq_demo_all_encode_args(args, 8000, 6, "ab", 1), ==, G_MAXSIZE);
}

static void test_ring(void)
{
	static MaqDemoAllMinePage mine;
	static MaqDemoAllYoursPage yours;
	MaqRingWriter writer;
	MaqRingReader reader;
	MaqDemoAllPoint point = {1, 2}, got;

	maq_demo_all_moves_writer(&writer, &mine, &yours);
	maq_demo_all_moves_reader(&reader, &yours, &mine);
	for (point.x = 0; point.x < 4; point.x++)
		g_assert_cmpint(maq_ring_push(&writer, &point), ==, 1);
	g_assert_cmpint(maq_ring_push(&writer, &point), ==, 0);
	for (gint16 x = 0; x < 4; x++) {
		g_assert_cmpint(maq_ring_pop(&reader, &got), ==, 1);
		g_assert_cmpint(got.x, ==, x);
		g_assert_true(maq_demo_all_point_valid(&got));
	}
	g_assert_cmpint(maq_ring_pop(&reader, &got), ==, 0);
	got.x = 101;
	g_assert_false(maq_demo_all_point_valid(&got));
}

#define ADD(name)                                                                        \
	g_test_add("/maqgen/" #name, Fixture, NULL, set_up, test_##name, tear_down);     \
	g_test_add("/maqgen/fast/" #name, Fixture, "", set_up, test_##name, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(numbers);
	ADD(blocks);
	ADD(handles);
	ADD(async);
	ADD(close_when_gone);
	ADD(bad_reply);
	g_test_add_func("/maqgen/args", test_args);
	g_test_add_func("/maqgen/ring", test_ring);
	return g_test_run();
}
