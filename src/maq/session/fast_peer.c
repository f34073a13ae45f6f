// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * fast_peer - a loop that waits for pages besides handles
 *
 * In each round every page is looked at once, so that clients are served in turn. When
 * none has a call the loop sleeps on the words of all pages and on the watcher's, which
 * tells that a handle is ready.
 */
#include "env_internal.h"
#include "fast.h"

struct MaqFastLoop {
	MaqEnv *env;
	MaqFastPeer *peers[MAQ_FAST_MAX]; /* borrowed */
	unsigned n;
	MaqPageSpin spin;
};

static bool is_called(const MaqFastPeer *fast)
{
	return atomic_load_explicit(&fast->page->called, memory_order_acquire) !=
	       fast->called;
}

static bool any_called(const MaqFastLoop *loop)
{
	for (unsigned i = 0; i < loop->n; i++)
		if (is_called(loop->peers[i]))
			return true;
	return false;
}

static bool handles_ready(const MaqFastLoop *loop)
{
	return atomic_load_explicit(
		       maq_watcher_ready(loop->env->watcher), memory_order_acquire) != 0;
}

/* Says on each page that a call has to wake this loop. */
static void set_sleeping(MaqFastLoop *loop, guint32 sleeps)
{
	for (unsigned i = 0; i < loop->n; i++)
		atomic_store_explicit(&loop->peers[i]->page->server_sleeps, sleeps,
			memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

static void sleep_on_words(MaqFastLoop *loop, gint64 timeout)
{
	MaqPageWait waits[MAQ_FAST_MAX + 1];
	unsigned n = 0;
	guint64 until = 0;

	if (timeout > 0)
		until = loop->env->binding->now() + (guint64)timeout;
	set_sleeping(loop, 1);
	for (unsigned i = 0; i < loop->n; i++)
		waits[n++] = (MaqPageWait){
			&loop->peers[i]->page->called, loop->peers[i]->called, true};
	waits[n++] = (MaqPageWait){maq_watcher_ready(loop->env->watcher), 0, false};
	/* a word that has changed meanwhile ends this at once */
	maq_page_sleep(waits, n, until);
	set_sleeping(loop, 0);
}

static bool spin(MaqFastLoop *loop)
{
	bool hit = any_called(loop) || handles_ready(loop);

	if (hit)
		return true;
	unsigned spins = maq_page_spin_begin(&loop->spin);
	for (unsigned i = spins; !hit && i; i--) {
		maq_page_relax();
		hit = any_called(loop) || handles_ready(loop);
	}
	if (spins)
		maq_page_spin_end(&loop->spin, hit);
	return hit;
}

static void take_call(MaqFastLoop *loop, MaqFastPeer *fast)
{
	MaqMessage *in = loop->env->in;
	guint32 called = atomic_load_explicit(&fast->page->called, memory_order_acquire);

	if (called == fast->called)
		return;
	if (called != fast->called + 1 ||
		!maq_page_take(fast->page->call, MAQ_KIND_CALL, in) || !in->header.size) {
		maq_peer_end(fast->peer, "malformed call in its page");
		return;
	}
	fast->called = called;
	maq_peer_take_call(fast->peer, in);
}

/* Downwards: a call may end any session, and the last one takes its place. */
static void take_calls(MaqFastLoop *loop)
{
	for (unsigned i = loop->n; i-- > 0;)
		if (i < loop->n)
			take_call(loop, loop->peers[i]);
}

/* Looks at the handles after the pages: so all clients had about the same time to come
 * back since their last turn. */
static int wait_for_all(void *data, MaqReady *ready, int max, gint64 timeout)
{
	MaqFastLoop *loop = data;
	MaqEnv *env = loop->env;
	int set = maq_loop_fd(env->loop);

	if (!loop->n)
		return env->binding->set_wait(set, ready, max, timeout);
	if (timeout && !spin(loop))
		sleep_on_words(loop, timeout);
	take_calls(loop);
	if (timeout && !handles_ready(loop))
		return 0;
	int n = env->binding->set_wait(set, ready, max, 0);
	if (n == 0 && handles_ready(loop))
		maq_watcher_arm(env->watcher);
	return n;
}

static MaqFastLoop *get_loop(MaqEnv *env)
{
	if (env->fast)
		return env->fast;
	if (!env->binding->pages || maq_loop_is_attached(env->loop) ||
		!maq_page_supported() || !maq_env_watcher(env) ||
		!maq_watcher_set_loop(env->watcher, maq_loop_fd(env->loop)))
		return NULL;
	env->fast = g_new0(MaqFastLoop, 1);
	env->fast->env = env;
	maq_loop_set_waiter(env->loop, wait_for_all, env->fast);
	return env->fast;
}

int maq_fast_peer_open(MaqFastPeer *fast, MaqEnv *env, MaqPeer *peer)
{
	MaqFastLoop *loop = get_loop(env);

	if (!loop || loop->n == MAQ_FAST_MAX)
		return -1;
	int fd = maq_page_new(&fast->page);
	if (fd < 0)
		return -1;
	fast->peer = peer;
	loop->peers[loop->n++] = fast;
	return fd;
}

void maq_fast_peer_stop(MaqFastPeer *fast, MaqEnv *env)
{
	MaqFastLoop *loop = env->fast;

	for (unsigned i = 0; loop && i < loop->n; i++)
		if (loop->peers[i] == fast)
			loop->peers[i] = loop->peers[--loop->n];
}

void maq_fast_peer_close(MaqFastPeer *fast, MaqEnv *env)
{
	maq_fast_peer_stop(fast, env);
	maq_page_unmap(g_steal_pointer(&fast->page));
}

void maq_fast_peer_reply(MaqFastPeer *fast, const MaqMessage *message)
{
	MaqPage *page = fast->page;

	if (message)
		maq_page_put(page->reply, message);
	else
		memset(page->reply, 0, sizeof(guint32)); /* its size */
	maq_page_ring(&page->replied, fast->called, &page->client_sleeps);
}

void maq_fast_loop_free(MaqEnv *env)
{
	if (env->fast)
		maq_loop_set_waiter(env->loop, NULL, NULL);
	g_free(g_steal_pointer(&env->fast));
}
