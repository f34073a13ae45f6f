// SPDX-License-Identifier: LGPL-2.1-or-later
#include "watcher.h"

#include "page.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define STACK 65536

typedef enum { STOP, CHANNEL, LOOP } Source;

struct MaqWatcher {
	pthread_t thread;
	int set, stop;
	int loop; /* borrowed; -1: none */
	_Atomic guint32 hangups, ready;
};

/* In the helper's thread. */
static void *watch(void *data)
{
	MaqWatcher *watcher = data;
	struct epoll_event event;

	for (;;) {
		int n = epoll_wait(watcher->set, &event, 1, -1);

		if (n < 0 && errno != EINTR)
			return NULL;
		if (n < 1)
			continue;
		if (event.data.u32 == STOP)
			return NULL;
		if (event.data.u32 == LOOP) {
			atomic_store(&watcher->ready, 1);
			maq_page_wake_private(&watcher->ready);
		} else {
			atomic_fetch_add(&watcher->hangups, 1);
			maq_page_wake_private(&watcher->hangups);
		}
	}
}

static bool add(MaqWatcher *watcher, int handle, unsigned events, Source source)
{
	struct epoll_event event = {.events = events, .data.u32 = source};

	return !epoll_ctl(watcher->set, EPOLL_CTL_ADD, handle, &event);
}

static bool start(MaqWatcher *watcher)
{
	pthread_attr_t attributes;
	sigset_t all, before;

	/* signals are for the threads of the program */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
#ifndef MAQ_SANITIZED
	pthread_attr_setstacksize(&attributes, STACK);
#endif
	int failed = pthread_create(&watcher->thread, &attributes, watch, watcher);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed;
}

MaqWatcher *maq_watcher_new(void)
{
	MaqWatcher *watcher = g_new0(MaqWatcher, 1);

	watcher->loop = -1;
	watcher->set = epoll_create1(EPOLL_CLOEXEC);
	watcher->stop = eventfd(0, EFD_CLOEXEC);
	if (watcher->set >= 0 && watcher->stop >= 0 &&
		add(watcher, watcher->stop, EPOLLIN, STOP) && start(watcher))
		return watcher;
	if (watcher->set >= 0)
		close(watcher->set);
	if (watcher->stop >= 0)
		close(watcher->stop);
	g_free(watcher);
	return NULL;
}

void maq_watcher_free(MaqWatcher *watcher)
{
	if (!watcher)
		return;
	eventfd_write(watcher->stop, 1);
	pthread_join(watcher->thread, NULL);
	close(watcher->set);
	close(watcher->stop);
	g_free(watcher);
}

const _Atomic guint32 *maq_watcher_hangups(const MaqWatcher *watcher)
{
	return &watcher->hangups;
}

/* Edge-triggered: each channel is told once. */
bool maq_watcher_add_channel(MaqWatcher *watcher, int channel)
{
	return add(watcher, channel, EPOLLRDHUP | EPOLLET, CHANNEL);
}

void maq_watcher_remove_channel(MaqWatcher *watcher, int channel)
{
	epoll_ctl(watcher->set, EPOLL_CTL_DEL, channel, NULL);
}

const _Atomic guint32 *maq_watcher_ready(const MaqWatcher *watcher)
{
	return &watcher->ready;
}

bool maq_watcher_set_loop(MaqWatcher *watcher, int set)
{
	watcher->loop = set;
	return add(watcher, set, EPOLLIN | EPOLLONESHOT, LOOP);
}

void maq_watcher_arm(MaqWatcher *watcher)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u32 = LOOP};

	atomic_store(&watcher->ready, 0);
	epoll_ctl(watcher->set, EPOLL_CTL_MOD, watcher->loop, &event);
}
