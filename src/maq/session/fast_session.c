// SPDX-License-Identifier: LGPL-2.1-or-later
#include "env_internal.h"
#include "fast.h"

#include <errno.h>
#include <poll.h>

MaqWatcher *maq_env_watcher(MaqEnv *env)
{
	if (!env->watcher)
		env->watcher = maq_watcher_new();
	return env->watcher;
}

void maq_fast_session_open(MaqFastSession *fast, MaqEnv *env, int page, int channel)
{
	if (fast->page || !maq_page_supported() || !maq_env_watcher(env))
		return;
	fast->watcher = env->watcher;
	fast->hangups = atomic_load(maq_watcher_hangups(fast->watcher));
	if (!maq_watcher_add_channel(fast->watcher, channel))
		return;
	fast->page = maq_page_map(page);
	if (!fast->page)
		maq_watcher_remove_channel(fast->watcher, channel);
}

void maq_fast_session_close(MaqFastSession *fast, int channel)
{
	if (!fast->page)
		return;
	maq_watcher_remove_channel(fast->watcher, channel);
	maq_page_unmap(g_steal_pointer(&fast->page));
}

void maq_fast_session_call(MaqFastSession *fast, const MaqMessage *out)
{
	MaqPage *page = fast->page;

	fast->called++;
	maq_page_put(page->call, out);
	maq_page_ring(&page->called, fast->called, &page->server_sleeps);
}

static bool hung_up(int channel)
{
	struct pollfd state = {.fd = channel, .events = POLLRDHUP};

	return poll(&state, 1, 0) > 0;
}

/* Sleeps once. MAQ_OK: look at the page again. */
static int sleep_once(MaqFastSession *fast, int channel, guint64 until)
{
	const _Atomic guint32 *hangups = maq_watcher_hangups(fast->watcher);
	const MaqPageWait waits[] = {
		{&fast->page->replied, fast->called - 1, true},
		{hangups, fast->hangups, false},
	};
	int status = MAQ_OK;

	atomic_store(&fast->page->client_sleeps, 1);
	if (atomic_load(&fast->page->replied) == fast->called - 1 &&
		maq_page_sleep(waits, G_N_ELEMENTS(waits), until) == -ETIMEDOUT)
		status = MAQ_TIMEOUT;
	atomic_store_explicit(&fast->page->client_sleeps, 0, memory_order_relaxed);
	guint32 seen = atomic_load(hangups);
	if (seen != fast->hangups && hung_up(channel))
		return MAQ_GONE;
	fast->hangups = seen;
	return status;
}

int maq_fast_session_await(
	MaqFastSession *fast, int channel, guint64 until, MaqMessage *reply)
{
	const _Atomic guint32 *replied = &fast->page->replied;
	guint32 before = fast->called - 1;
	guint32 now = atomic_load_explicit(replied, memory_order_acquire);

	unsigned spins = now == before ? maq_page_spin_begin(&fast->spin) : 0;
	for (unsigned i = spins; now == before && i; i--) {
		maq_page_relax();
		now = atomic_load_explicit(replied, memory_order_acquire);
	}
	if (spins)
		maq_page_spin_end(&fast->spin, now != before);
	while (now == before) {
		int status = sleep_once(fast, channel, until);

		now = atomic_load_explicit(replied, memory_order_acquire);
		if (now == before && status != MAQ_OK)
			return status;
	}
	if (now != fast->called ||
		!maq_page_take(fast->page->reply, MAQ_KIND_REPLY, reply))
		return MAQ_GONE;
	return MAQ_OK;
}
