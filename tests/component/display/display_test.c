// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client of Framebuffer that commits as fast as the server takes: the others have their
 * turn. The server puts the next commit itself into the client's page, so that the ring
 * is never empty when it looks.
 *
 * What a client would like is told to each server, and no more often than it changes.
 *
 * A server that wants to be paid more for a pool: also a client that waits for no answer
 * donates, and asks again.
 */
#include <maq/display.h>
#include <maq/memory.h>
#include <maq/test.h>

#include <string.h>

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

/* ---- a server that is not paid enough ---- */

#define MORE_RAM  10000u /* bytes, beyond the donation of the start: two upgrades */
#define MORE_CAPS 4u     /* one, after these */

typedef struct {
	MaqPeer *peer; /* borrowed */
	void *mapping; /* owned: of the page */
	gsize size;
	int fd; /* owned: likewise */
	guint64 ram;
	guint32 caps;
} Paid;

static unsigned asked; /* for a pool or pages; one component runs at a time */
static bool greedy_server, dear_pages;

static void begin_to_pay(Paid *paid, MaqPeer *peer)
{
	paid->peer = peer;
	paid->ram = maq_peer_ram(peer);
	paid->caps = maq_peer_caps(peer);
}

static MaqStatus paid_open(
	void *self, MaqPeer *peer, guint16 width, guint16 height, void **client)
{
	Paid *paid = self;

	(void)width, (void)height;
	paid->fd = maq_dataspace_new_readable("page", 4096, &paid->mapping, NULL);
	paid->size = 4096;
	begin_to_pay(paid, peer);
	MaqFramebufferServerPage *shown = paid->mapping;
	atomic_store(&shown->mode, 1ull << 32 | WIDTH << 16 | HEIGHT);
	*client = paid;
	return MAQ_OK;
}

static void paid_close(void *self)
{
	Paid *paid = self;

	maq_unmap(paid->mapping, paid->size);
	maq_clear_fd(&paid->fd);
}

/* MAQ_OK: it has paid enough. */
static int lacks(const Paid *paid)
{
	asked++;
	if (greedy_server || maq_peer_ram(paid->peer) < paid->ram + MORE_RAM)
		return MAQ_OUT_OF_RAM;
	if (maq_peer_caps(paid->peer) < paid->caps + MORE_CAPS)
		return MAQ_OUT_OF_CAPS;
	return MAQ_OK;
}

static MaqFramebufferError paid_pages(void *self, int *client_page, int *server_page)
{
	int status = dear_pages ? lacks(self) : MAQ_OK;

	(void)client_page;
	if (status)
		return (MaqFramebufferError)status;
	*server_page = maq_steal_fd(&((Paid *)self)->fd);
	return MAQ_FRAMEBUFFER_OK;
}

static MaqFramebufferError paid_attach(void *self, guint32 id, int *content,
	guint32 slots, guint16 width, guint16 height, guint32 stride)
{
	const Paid *paid = self;

	(void)id, (void)slots, (void)width, (void)height, (void)stride;
	g_assert_cmpuint(maq_dataspace_size(*content), >, 0);
	return (MaqFramebufferError)lacks(paid);
}

static const MaqFramebufferService paid_service = {
	.ops = {.pages = paid_pages, .attach_pool = paid_attach},
	.open = paid_open,
	.close = paid_close,
};

static bool paid_start(MaqEnv *env, GError **error)
{
	return maq_framebuffer_provide(
		env, &paid_service, maq_env_state(env, sizeof(Paid)), error);
}

static void can_draw(void *data)
{
	MaqScreen **screen = data;
	MaqBuffer buffer;

	if (maq_screen_begin(*screen, &buffer))
		g_assert_cmpint(buffer.width, ==, WIDTH);
}

static bool draws(void *data)
{
	MaqScreen **screen = data;
	MaqBuffer buffer;

	return maq_screen_begin(*screen, &buffer);
}

static void a_pool_is_paid(guint64 seed)
{
	g_autoptr(MaqTest) test =
		maq_test_new(seed, "config\n+ default | ram: 64M\n+ start server\n-\n");
	MaqScreen *screen = NULL;

	asked = 0;
	greedy_server = false;
	maq_test_start(test, "server", paid_start);
	MaqEnv *env = maq_test_begin(test);
	screen = maq_screen_open_later(env, "", can_draw, &screen);
	maq_test_wait(test, draws, &screen);
	/* it was short of RAM twice, of capabilities once */
	g_assert_cmpuint(asked, ==, 4);
	maq_screen_close(screen);
	maq_test_settle(test);
}

/* There is an end to what is donated; and its client goes on. */
static void too_dear_is_too_dear(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed, "config\n+ start server\n-\n");
	MaqScreen *screen = NULL;

	asked = 0;
	greedy_server = true;
	maq_test_start(test, "server", paid_start);
	MaqEnv *env = maq_test_begin(test);
	screen = maq_screen_open_later(env, "", can_draw, &screen);
	maq_test_settle(test);
	g_assert_cmpuint(asked, >, 1);
	g_assert_cmpuint(asked, <=, 13);
	g_assert_false(draws(&screen)); /* but asks anew */
	maq_screen_close(screen);
	maq_test_settle(test);
}

/* What it begins with is paid for as well. */
static void pages_are_paid(guint64 seed)
{
	g_autoptr(MaqTest) test =
		maq_test_new(seed, "config\n+ default | ram: 64M\n+ start server\n-\n");
	MaqScreen *screen = NULL;

	greedy_server = false;
	dear_pages = true;
	maq_test_start(test, "server", paid_start);
	MaqEnv *env = maq_test_begin(test);
	screen = maq_screen_open_later(env, "", can_draw, &screen);
	maq_test_wait(test, draws, &screen);
	g_assert_cmpuint(maq_screen_sessions(screen), ==, 1);
	maq_screen_close(screen);
	maq_test_settle(test);
	dear_pages = false;
}

/* There is an end to it, and hope for another session. */
static void pages_too_dear(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed, "config\n+ start server\n-\n");
	MaqScreen *screen = NULL;

	greedy_server = dear_pages = true;
	maq_test_start(test, "server", paid_start);
	MaqEnv *env = maq_test_begin(test);
	screen = maq_screen_open_later(env, "", can_draw, &screen);
	maq_test_settle(test);
	g_assert_cmpuint(maq_screen_sessions(screen), ==, 0);
	greedy_server = dear_pages = false;
	maq_test_wait(test, draws, &screen);
	maq_screen_close(screen);
	maq_test_settle(test);
}

/* ---- Input's pages, likewise ---- */

static MaqStatus input_open(void *self, MaqPeer *peer, void **client)
{
	Paid *paid = self;

	paid->size = 12288;
	paid->fd = maq_dataspace_new_readable("page", paid->size, &paid->mapping, NULL);
	begin_to_pay(paid, peer);
	*client = paid;
	return MAQ_OK;
}

static MaqInputError input_pages(void *self, int *client_page, int *server_page)
{
	int status = lacks(self);

	(void)client_page;
	if (status)
		return (MaqInputError)status;
	*server_page = maq_steal_fd(&((Paid *)self)->fd);
	return MAQ_INPUT_OK;
}

static const MaqInputService input_service = {
	.ops = {.pages = input_pages},
	.open = input_open,
	.close = paid_close,
};

static bool input_start(MaqEnv *env, GError **error)
{
	return maq_input_provide(
		env, &input_service, maq_env_state(env, sizeof(Paid)), error);
}

static void nothing_comes(void *data, const MaqInputEvent *event)
{
	(void)data, (void)event;
	g_assert_not_reached();
}

static bool has_input(void *data)
{
	return maq_events_input(data) != NULL;
}

static void events_are_paid(guint64 seed)
{
	g_autoptr(MaqTest) test =
		maq_test_new(seed, "config\n+ default | ram: 64M\n+ start server\n-\n");

	greedy_server = false;
	maq_test_start(test, "server", input_start);
	MaqEnv *env = maq_test_begin(test);
	MaqEvents *events = maq_events_open_later(env, "", nothing_comes, NULL);
	maq_test_wait(test, has_input, events);
	maq_events_close(events);
	maq_test_settle(test);
}

/* ---- a client that ends while it pays ---- */

#define CONFIG                                                                           \
	"config\n+ default | ram: 64M\n+ start server\n+ start client\n  + config | "

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;
} Ending;

static bool closes_first;
static GSList *left_open; /* owned, of MaqScreen */

static void can_begin(void *data)
{
	MaqBuffer buffer;

	maq_screen_begin(((Ending *)data)->screen, &buffer);
}

/* Most leave it to the end of the process to close their sessions. */
static void leave(void *data)
{
	Ending *ending = data;

	if (closes_first)
		maq_screen_close(ending->screen);
	else
		left_open = g_slist_prepend(left_open, ending->screen);
	maq_exit(ending->env, 0);
}

static bool ending_start(MaqEnv *env, GError **error)
{
	Ending *ending = maq_env_state(env, sizeof *ending);

	(void)error;
	ending->env = env;
	ending->screen = maq_screen_open_later(env, "", can_begin, ending);
	maq_config_on_changed(env, leave, ending);
	return true;
}

static bool asked_often(void *data)
{
	return asked >= *(unsigned *)data;
}

/* Nothing of it is left, whatever it waited for: the sanitizer would say so. */
static void ends_while_it_pays(guint64 seed)
{
	g_autoptr(MaqTest) test = maq_test_new(seed, CONFIG "stay\n-\n");
	unsigned often = 1 + (unsigned)seed / 4 % 6;

	asked = 0;
	greedy_server = true;
	dear_pages = seed / 2 % 2;
	closes_first = seed % 2;
	maq_test_start(test, "server", paid_start);
	maq_test_start(test, "client", ending_start);
	maq_test_begin(test);
	maq_test_wait(test, asked_often, &often);
	maq_test_configure(test, CONFIG "leave\n-\n");
	g_assert_cmpint(maq_test_wait_exit(test, "client"), ==, 0);
	maq_test_settle(test);
	greedy_server = dear_pages = false;
}

static void test_pages(void)
{
	maq_test_seeds(20, pages_are_paid);
	maq_test_seeds(20, pages_too_dear);
}

static void test_events(void)
{
	maq_test_seeds(20, events_are_paid);
}

static void test_ends(void)
{
	maq_test_seeds(100, ends_while_it_pays);
}

static void test_paid(void)
{
	maq_test_seeds(20, a_pool_is_paid);
}

static void test_dear(void)
{
	maq_test_seeds(20, too_dear_is_too_dear);
}

/* ---- what a client would like ---- */

static GString *heard; /* what its server was told, in order */

static void hinted_opened(void *owner, MaqView *view)
{
	(void)owner;
	g_string_append_c(heard, '|');
	maq_view_set_mode(view, WIDTH, HEIGHT);
}

static void hinted_frame(void *owner, MaqView *view, const MaqFrame *shown)
{
	(void)owner;
	g_string_append(heard, shown->alpha ? "<alpha>" : "<frame>");
	maq_view_shown(view);
	if (strstr(heard->str, "end") && !strchr(strstr(heard->str, "end"), '|'))
		maq_view_end(view, "to see what the next one is told");
}

static void hinted_title(void *owner, MaqView *view, const char *title)
{
	const MaqHints *hints = maq_view_hints(view);

	(void)owner;
	g_string_append_printf(heard, "[%dx%d %d %s]", hints->min_width,
		hints->min_height, hints->scale, title);
}

static const MaqViewOps hinted_ops = {.opened = hinted_opened,
	.frame = hinted_frame,
	.title = hinted_title,
	.closed = opened};

static bool hinted_start(MaqEnv *env, GError **error)
{
	return maq_views_provide(env, &hinted_ops, NULL, error);
}

static void draw_one(void *data)
{
	MaqScreen **screen = data;
	MaqBuffer buffer;

	if (maq_screen_begin(*screen, &buffer))
		maq_screen_commit(*screen, NULL, 0, 0);
}

static bool heard_twice(void *data)
{
	return maq_screen_sessions(data) == 2 && g_str_has_suffix(heard->str, "end]");
}

/* Told when they change, and to each server. */
static void hints_are_told(guint64 seed)
{
	g_autoptr(MaqTest) test =
		maq_test_new(seed, "config\n+ default | ram: 64M\n+ start server\n-\n");
	MaqHints hints = {.min_width = 3, .min_height = 2};
	MaqScreen *screen = NULL;

	heard = g_string_new(NULL);
	maq_test_start(test, "server", hinted_start);
	MaqEnv *env = maq_test_begin(test);
	screen = maq_screen_open(env, "", 0, 0, can_draw, &screen, NULL);
	for (int i = 0; i < 3; i++)
		maq_screen_set_hints(screen, &hints, false, "one");
	draw_one(&screen);
	maq_test_settle(test);
	maq_screen_set_alpha(screen, true);
	maq_screen_set_alpha(screen, true);
	draw_one(&screen);
	maq_test_settle(test);
	g_assert_cmpstr(heard->str, ==, "|[3x2 120 one]<frame>[3x2 120 one]<alpha>");
	hints.min_width = 5;
	maq_screen_set_hints(screen, &hints, true, "the end");
	draw_one(&screen);
	maq_test_wait(test, heard_twice, screen);
	g_assert_true(g_str_has_suffix(heard->str, "|[5x2 120 the end]"));
	maq_screen_close(screen);
	maq_test_settle(test);
	g_string_free(heard, TRUE);
}

static void test_hints(void)
{
	maq_test_seeds(20, hints_are_told);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/display/turns", test_turns);
	g_test_add_func("/display/paid", test_paid);
	g_test_add_func("/display/dear", test_dear);
	g_test_add_func("/display/pages", test_pages);
	g_test_add_func("/display/events", test_events);
	g_test_add_func("/display/ends", test_ends);
	g_test_add_func("/display/hints", test_hints);
	return g_test_run();
}
