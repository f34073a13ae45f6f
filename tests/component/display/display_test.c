// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client of Framebuffer that commits as fast as the server takes: the others have their
 * turn. The server puts the next commit itself into the client's page, so that the ring
 * is never empty when it looks.
 */
#include <maq/display.h>
#include <maq/memory.h>
#include <maq/test.h>

#define WIDTH  8
#define HEIGHT 4
#define STRIDE (4 * WIDTH)

static MaqFramebufferClientPage *page; /* the client's; written by one thread at a time */
static guint64 committed;

static void put_commit(void)
{
	page->commits[committed % 16] = (MaqFramebufferCommit){
		.sequence = committed + 1,
		.mode_serial = 1,
		.stride = STRIDE,
		.format = MAQ_FRAMEBUFFER_FORMAT_XRGB8888,
		.width = WIDTH,
		.height = HEIGHT,
	};
	committed++;
	atomic_store(&page->commits_write, (guint32)committed);
}

static void opened(void *owner, MaqView *view)
{
	(void)owner;
	(void)view;
}

static void frame(void *owner, MaqView *view, const MaqFrame *shown)
{
	(void)owner;
	(void)shown;
	maq_view_shown(view);
	put_commit();
}

static const MaqViewOps ops = {.opened = opened, .frame = frame, .closed = opened};

static bool server_start(MaqEnv *env, GError **error)
{
	return maq_views_provide(env, &ops, NULL, error);
}

static MaqFramebuffer *open_display(MaqEnv *env, const char *label)
{
	g_autoptr(GError) error = NULL;
	MaqFramebuffer *display = maq_framebuffer_open(env, label, WIDTH, HEIGHT, &error);

	g_assert_no_error(error);
	return display;
}

static void get_ready(MaqFramebuffer *display)
{
	void *own = NULL;
	maq_autofd int client = maq_dataspace_new_readable("page", 4096, &own, NULL);
	maq_autofd int pool = maq_dataspace_new("pool", STRIDE * HEIGHT, NULL);
	maq_autofd int server = -1;

	page = own;
	committed = 0;
	g_assert_cmpint(
		maq_framebuffer_pages(display, client, &server), ==, MAQ_FRAMEBUFFER_OK);
	g_assert_cmpint(
		maq_framebuffer_attach_pool(display, 0, pool, 1, WIDTH, HEIGHT, STRIDE),
		==, MAQ_FRAMEBUFFER_OK);
}

static void others_have_their_turn(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed, "config\n+ start server\n-\n");
	maq_test_start(test, "server", server_start);
	MaqEnv *env = maq_test_begin(test);
	MaqFramebuffer *greedy = open_display(env, "greedy");
	MaqFramebuffer *other = open_display(env, "other");

	get_ready(greedy);
	put_commit();
	maq_framebuffer_signal_commit(greedy);
	for (int i = 0; i < 10; i++)
		g_assert_cmpint(
			maq_framebuffer_hints(other, 0, 0, 0, 0, 0, 0, 120, 0, "other"),
			==, MAQ_FRAMEBUFFER_OK);
	/* and the greedy one itself, in whose page more commits wait */
	g_assert_cmpint(maq_framebuffer_retire_pool(greedy, 0), ==, MAQ_FRAMEBUFFER_OK);
	g_assert_cmpint(maq_framebuffer_hints(other, 0, 0, 0, 0, 0, 0, 120, 0, "other"),
		==, MAQ_FRAMEBUFFER_OK);
	maq_framebuffer_close(other);
	maq_framebuffer_close(greedy);
	maq_test_settle(test);
	maq_unmap(page, 4096);
}

static void test_turns(void)
{
	maq_test_seeds(5, others_have_their_turn);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/display/turns", test_turns);
	return g_test_run();
}
