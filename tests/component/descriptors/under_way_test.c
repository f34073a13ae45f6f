// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * under_way_test - sessions of a user whose descriptors under way in sockets are too many
 *
 * Linux carries no more then (ETOOMANYREFS): calls and replies wait, nothing is lost, and
 * their order stays. Somebody else, the hog, keeps descriptors in a socket here; the
 * limit is that of an ordinary user.
 */
#include <maq/env.h>
#include <maq/framebuffer.h>
#include <maq/memory.h>
#include <maq/rom.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT     64 /* of descriptors: of ours, and so of those under way */
#define HOGGED    90
#define PATIENCE  (20 * 1000000u) /* ns, after which the hog gives up */
#define NOBODY    65534
#define POOL_SIZE (64 * 64 * 4)

typedef struct {
	int ends[2];
} Hog;

typedef struct {
	MaqEnv *client_env, *server_env;
	MaqFramebuffer *framebuffer; /* of client_env */
	MaqRom *rom;                 /* of client_env */
	Hog hog;
	char events[16]; /* what the server and the client have seen, a letter each */
	int program;     /* of the last reply */
	GThread *thread;
} Test;

static int send_descriptors(int socket, int fd, unsigned count)
{
	char byte = 'x';
	struct iovec part = {&byte, 1};
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int) * HOGGED)];
	} control = {0};
	struct msghdr packet = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(sizeof(int) * count)};

	control.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(int) * count)};
	for (unsigned i = 0; i < count; i++)
		memcpy(CMSG_DATA(&control.header) + i * sizeof fd, &fd, sizeof fd);
	return sendmsg(socket, &packet, MSG_DONTWAIT) < 0 ? -errno : 0;
}

static void hog_begin(Hog *hog)
{
	maq_autofd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_DGRAM, 0, hog->ends), ==, 0);
	g_assert_cmpint(send_descriptors(hog->ends[0], null, HOGGED), ==, 0);
	/* or the test would show nothing */
	g_assert_cmpint(send_descriptors(hog->ends[0], null, 1), ==, -ETOOMANYREFS);
}

static void hog_end(void *data)
{
	Hog *hog = data;

	close(hog->ends[0]);
	close(hog->ends[1]);
}

static void saw(Test *test, char what)
{
	gsize length = strlen(test->events);

	g_assert_cmpuint(length, <, sizeof test->events - 1);
	test->events[length] = what;
}

/* ---- the server ---- */

static MaqFramebufferError op_attach_pool(void *client, guint32 id, int *content,
	guint32 slots, guint16 width, guint16 height, guint32 stride)
{
	(void)id, (void)slots, (void)width, (void)height, (void)stride;
	g_assert_cmpuint(maq_dataspace_size(*content), ==, POOL_SIZE);
	saw(client, 'p');
	return MAQ_FRAMEBUFFER_OK;
}

static void on_commit(void *client)
{
	saw(client, 'c');
}

static MaqStatus framebuffer_open(
	void *service, MaqPeer *peer, guint16 width, guint16 height, void **client)
{
	(void)peer, (void)width, (void)height;
	*client = service;
	return MAQ_OK;
}

static const MaqFramebufferService framebuffer_service = {
	.ops = {.attach_pool = op_attach_pool, .commit = on_commit},
	.open = framebuffer_open};

static MaqRomError op_executable(void *client, int *program)
{
	(void)client;
	*program = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return MAQ_ROM_OK;
}

static MaqStatus rom_open(void *service, MaqPeer *peer, void **client)
{
	(void)peer;
	*client = service;
	return MAQ_OK;
}

static void rom_close(void *client)
{
	maq_loop_quit(maq_env_loop(((Test *)client)->server_env), 0);
}

static const MaqRomService rom_service = {
	.ops = {.executable = op_executable}, .open = rom_open, .close = rom_close};

/* ---- both ---- */

static void set_up(Test *test, gconstpointer data)
{
	int framebuffer[2], rom[2];

	(void)data;
	g_assert_cmpint(maq_binding_linux.pair(framebuffer), ==, 0);
	g_assert_cmpint(maq_binding_linux.pair(rom), ==, 0);
	test->client_env = maq_env_new(&maq_binding_linux);
	test->server_env = maq_env_new(&maq_binding_linux);
	test->framebuffer = maq_framebuffer_attach(test->client_env, framebuffer[0]);
	test->rom = maq_rom_attach(test->client_env, rom[0]);
	maq_framebuffer_serve(
		test->server_env, &framebuffer_service, test, "test", framebuffer[1]);
	maq_rom_serve(test->server_env, &rom_service, test, "test", rom[1]);
	test->program = -1;
	hog_begin(&test->hog);
}

static void tear_down(Test *test, gconstpointer data)
{
	(void)data;
	maq_clear_fd(&test->program);
	maq_env_free(test->client_env);
	maq_env_free(test->server_env);
}

static void step(Test *test)
{
	maq_loop_step(maq_env_loop(test->client_env), 0);
	maq_loop_step(maq_env_loop(test->server_env), 0);
}

static void attached(void *data, MaqFramebufferError status)
{
	saw(data, status == MAQ_FRAMEBUFFER_OK ? 'a'
		  : (int)status == MAQ_GONE    ? 'g'
					       : '?');
}

static void attach(Test *test)
{
	maq_autofd int pool = maq_dataspace_new("pool", POOL_SIZE, NULL);

	maq_framebuffer_attach_pool_async(
		test->framebuffer, 1, pool, 1, 64, 64, 256, attached, test);
}

/* The signal that follows a call does not overtake it. */
static void test_order(Test *test, gconstpointer data)
{
	(void)data;
	attach(test);
	maq_framebuffer_signal_commit(test->framebuffer);
	for (int i = 0; i < 100; i++)
		step(test);
	g_assert_cmpstr(test->events, ==, "");
	hog_end(&test->hog);
	while (strlen(test->events) < 3)
		step(test);
	g_assert_cmpint(test->events[0], ==, 'p');
	g_assert_nonnull(strchr(test->events, 'c'));
	g_assert_nonnull(strchr(test->events, 'a'));
}

static void got_program(void *data, MaqRomError status, int program)
{
	Test *test = data;

	g_assert_cmpint(status, ==, MAQ_ROM_OK);
	test->program = program;
}

static void test_reply(Test *test, gconstpointer data)
{
	(void)data;
	maq_rom_executable_async(test->rom, got_program, test);
	for (int i = 0; i < 100; i++)
		step(test);
	g_assert_cmpint(test->program, <, 0);
	g_assert_false(maq_session_lost(maq_rom_session(test->rom)));
	hog_end(&test->hog);
	while (test->program < 0)
		step(test);
}

/* A session that ends takes with it what waits. */
static void test_end(Test *test, gconstpointer data)
{
	(void)data;
	attach(test);
	maq_framebuffer_close(test->framebuffer);
	g_assert_cmpstr(test->events, ==, "g");
	hog_end(&test->hog);
	for (int i = 0; i < 100; i++)
		step(test);
	g_assert_cmpstr(test->events, ==, "g");
}

/* ---- calls that wait ---- */

static void *serve(void *data)
{
	Test *test = data;
	MaqLoop *loop = maq_env_loop(test->server_env);

	maq_loop_at(loop, maq_env_binding(test->server_env)->now() + PATIENCE, hog_end,
		&test->hog);
	maq_loop_run(loop);
	return NULL;
}

static MaqFramebufferError call(Test *test)
{
	maq_autofd int pool = maq_dataspace_new("pool", POOL_SIZE, NULL);

	return maq_framebuffer_attach_pool(test->framebuffer, 1, pool, 1, 64, 64, 256);
}

static void test_call(Test *test, gconstpointer data)
{
	(void)data;
	test->thread = g_thread_new("server", serve, test);
	g_assert_cmpint(call(test), ==, MAQ_FRAMEBUFFER_OK);
	g_assert_cmpint(maq_rom_executable(test->rom, &test->program), ==, MAQ_ROM_OK);
	g_assert_cmpstr(test->events, ==, "p");
	maq_rom_close(test->rom);
	g_thread_join(test->thread);
}

/* Who has no more patience gets the session back in order. */
static void test_deadline(Test *test, gconstpointer data)
{
	(void)data;
	maq_session_set_deadline(maq_framebuffer_session(test->framebuffer), 5);
	g_assert_cmpint((int)call(test), ==, MAQ_TIMEOUT);
	g_assert_cmpint((int)call(test), ==, MAQ_TIMEOUT);
	hog_end(&test->hog);
	maq_session_set_deadline(maq_framebuffer_session(test->framebuffer), -1);
	attach(test);
	while (strlen(test->events) < 3)
		step(test);
	/* the first call and the last, which is answered */
	g_assert_cmpstr(test->events, ==, "ppa");
}

int main(int argc, char **argv)
{
	static const struct rlimit limit = {LIMIT, LIMIT};

	/* root may send as many as it likes */
	if (!getuid() && (setgid(NOBODY) || setuid(NOBODY)))
		return 77;
	g_test_init(&argc, &argv, NULL);
	setrlimit(RLIMIT_NOFILE, &limit);
	g_test_add("/under-way/order", Test, NULL, set_up, test_order, tear_down);
	g_test_add("/under-way/reply", Test, NULL, set_up, test_reply, tear_down);
	g_test_add("/under-way/end", Test, NULL, set_up, test_end, tear_down);
	g_test_add("/under-way/call", Test, NULL, set_up, test_call, tear_down);
	g_test_add("/under-way/deadline", Test, NULL, set_up, test_deadline, tear_down);
	return g_test_run();
}
