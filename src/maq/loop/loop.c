// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/loop.h>

#include <sys/epoll.h>

typedef struct {
	void (*handler)(void *data);
	void *data; /* borrowed; NULL handler: forgotten */
} Deferred;

struct MaqLoop {
	const MaqBinding *binding;
	int set;
	GSequence *timeouts;  /* owned, of MaqTimeout, earliest first */
	GArray *deferred;     /* owned, of Deferred */
	GHashTable *watches;  /* owned */
	GPtrArray *dead;      /* owned: watches removed in this round */
	MaqLoopWaiter waiter; /* NULL: the binding's set_wait */
	void *waiter_data;    /* borrowed */
	int alarm;            /* in set; -1: nobody else waits for this loop */
	guint64 turn;         /* counts handlers called */
	bool dispatching, quit;
	int code;
};

struct MaqWatch {
	MaqLoop *loop; /* borrowed */
	int handle;
	MaqWatchHandler handler; /* NULL once removed */
	void *data;
	guint64 turn; /* when its handler was called last */
};

struct MaqTimeout {
	guint64 deadline;
	void (*handler)(void *data);
	void *data;
	GSequenceIter *place;
};

MaqLoop *maq_loop_new(const MaqBinding *binding)
{
	MaqLoop *loop = g_new0(MaqLoop, 1);

	loop->binding = binding;
	loop->set = binding->set_new();
	if (loop->set < 0)
		g_error("no event loop: %s", g_strerror(-loop->set));
	loop->alarm = -1;
	loop->timeouts = g_sequence_new(g_free);
	loop->deferred = g_array_new(FALSE, FALSE, sizeof(Deferred));
	loop->watches = g_hash_table_new_full(NULL, NULL, g_free, NULL);
	loop->dead = g_ptr_array_new_with_free_func(g_free);
	return loop;
}

void maq_loop_free(MaqLoop *loop)
{
	if (!loop)
		return;
	if (loop->alarm >= 0)
		loop->binding->close(loop->alarm);
	loop->binding->close(loop->set);
	g_sequence_free(loop->timeouts);
	g_array_unref(loop->deferred);
	g_hash_table_unref(loop->watches);
	g_ptr_array_unref(loop->dead);
	g_free(loop);
}

const MaqBinding *maq_loop_binding(const MaqLoop *loop)
{
	return loop->binding;
}

int maq_loop_fd(const MaqLoop *loop)
{
	return loop->set;
}

void maq_loop_set_waiter(MaqLoop *loop, MaqLoopWaiter waiter, void *data)
{
	loop->waiter = waiter;
	loop->waiter_data = data;
}

void maq_loop_quit(MaqLoop *loop, int code)
{
	if (!loop->quit)
		loop->code = code;
	loop->quit = true;
}

MaqWatch *maq_loop_watch(
	MaqLoop *loop, int handle, unsigned events, MaqWatchHandler handler, void *data)
{
	MaqWatch *watch = g_new(MaqWatch, 1);

	*watch = (MaqWatch){loop, handle, handler, data, 0};
	int failed = loop->binding->set_add(loop->set, handle, events, watch);
	if (failed)
		g_error("cannot watch handle %d: %s", handle, g_strerror(-failed));
	g_hash_table_add(loop->watches, watch);
	return watch;
}

void maq_watch_set_events(MaqWatch *watch, unsigned events)
{
	watch->loop->binding->set_change(watch->loop->set, watch->handle, events, watch);
}

void maq_watch_free(MaqWatch *watch)
{
	if (!watch)
		return;
	watch->loop->binding->set_remove(watch->loop->set, watch->handle);
	watch->handler = NULL;
	g_hash_table_steal(watch->loop->watches, watch);
	if (watch->loop->dispatching)
		g_ptr_array_add(watch->loop->dead, watch);
	else
		g_free(watch);
}

/* For who waits for the set alone; within a round it is done at its end. */
static void set_alarm(MaqLoop *loop)
{
	if (loop->alarm >= 0 && !loop->dispatching)
		loop->binding->alarm_set(loop->alarm, maq_loop_timeout(loop));
}

static int compare_deadlines(gconstpointer a, gconstpointer b, gpointer unused)
{
	const MaqTimeout *left = a, *right = b;

	(void)unused;
	return left->deadline < right->deadline ? -1 : left->deadline > right->deadline;
}

MaqTimeout *maq_loop_at(
	MaqLoop *loop, guint64 deadline, void (*handler)(void *data), void *data)
{
	MaqTimeout *timeout = g_new(MaqTimeout, 1);

	*timeout = (MaqTimeout){deadline, handler, data, NULL};
	timeout->place = g_sequence_insert_sorted(
		loop->timeouts, timeout, compare_deadlines, NULL);
	set_alarm(loop);
	return timeout;
}

void maq_timeout_cancel(MaqTimeout *timeout)
{
	if (timeout)
		g_sequence_remove(timeout->place);
}

gint64 maq_loop_timeout(const MaqLoop *loop)
{
	GSequenceIter *first = g_sequence_get_begin_iter(loop->timeouts);

	if (loop->deferred->len)
		return 0;
	if (g_sequence_iter_is_end(first))
		return -1;
	guint64 now = loop->binding->now();
	guint64 deadline = ((MaqTimeout *)g_sequence_get(first))->deadline;
	return deadline > now ? (gint64)(deadline - now) : 0;
}

void maq_loop_defer(MaqLoop *loop, void (*handler)(void *data), void *data)
{
	Deferred deferred = {handler, data};

	g_array_append_val(loop->deferred, deferred);
	set_alarm(loop);
}

void maq_loop_undefer(MaqLoop *loop, void *data)
{
	for (guint i = 0; i < loop->deferred->len; i++) {
		Deferred *deferred = &g_array_index(loop->deferred, Deferred, i);

		if (deferred->data == data)
			deferred->handler = NULL;
	}
}

/* Handlers may defer more: that is run as well, until nothing is left. */
static void run_deferred(MaqLoop *loop)
{
	for (guint i = 0; i < loop->deferred->len; i++) {
		Deferred deferred = g_array_index(loop->deferred, Deferred, i);

		if (deferred.handler)
			deferred.handler(deferred.data);
	}
	g_array_set_size(loop->deferred, 0);
}

static void run_timeouts(MaqLoop *loop)
{
	if (!g_sequence_get_length(loop->timeouts))
		return;
	guint64 now = loop->binding->now();
	for (;;) {
		GSequenceIter *first = g_sequence_get_begin_iter(loop->timeouts);
		if (g_sequence_iter_is_end(first))
			return;
		MaqTimeout timeout = *(MaqTimeout *)g_sequence_get(first);
		if (timeout.deadline > now)
			return;
		g_sequence_remove(first);
		timeout.handler(timeout.data);
	}
}

/*
 * Who was served longest ago comes first. The kernel tells handles in a fixed order as
 * long as they stay ready; then the last one, whose client has just got its reply, would
 * miss each other round. Nearly in order already, so insertion is fast.
 */
static void put_in_turn(MaqReady *ready, int n)
{
	for (int i = 1; i < n; i++) {
		MaqReady moved = ready[i];
		guint64 turn = ((MaqWatch *)moved.cookie)->turn;
		int to = i;

		for (; to && ((MaqWatch *)ready[to - 1].cookie)->turn > turn; to--)
			ready[to] = ready[to - 1];
		ready[to] = moved;
	}
}

bool maq_loop_step(MaqLoop *loop, gint64 timeout)
{
	MaqReady ready[MAQ_READY_MAX];
	gint64 next = maq_loop_timeout(loop);
	int n;

	if (loop->dispatching)
		g_error("nested dispatch: the loop was run from one of its own handlers");
	if (next >= 0 && (timeout < 0 || next < timeout))
		timeout = next;
	loop->dispatching = true;
	n = loop->waiter
		    ? loop->waiter(loop->waiter_data, ready, MAQ_READY_MAX, timeout)
		    : loop->binding->set_wait(loop->set, ready, MAQ_READY_MAX, timeout);
	if (n < 0)
		g_error("event loop: %s", g_strerror(-n));
	put_in_turn(ready, n);
	for (int i = 0; i < n; i++) {
		MaqWatch *watch = ready[i].cookie;

		watch->turn = ++loop->turn;
		if (watch->handler)
			watch->handler(watch->data, ready[i].events);
	}
	run_timeouts(loop);
	run_deferred(loop);
	loop->dispatching = false;
	if (loop->dead->len)
		g_ptr_array_set_size(loop->dead, 0);
	return !loop->quit;
}

static void alarm_rang(void *data, unsigned events)
{
	MaqLoop *loop = data;

	(void)events;
	loop->binding->alarm_clear(loop->alarm);
}

bool maq_loop_is_attached(const MaqLoop *loop)
{
	return loop->alarm >= 0;
}

void maq_loop_attach(MaqLoop *loop)
{
	if (loop->alarm >= 0)
		return;
	if (loop->waiter)
		g_error("attach the loop before it serves fast calls");
	loop->alarm = loop->binding->alarm_new ? loop->binding->alarm_new() : -1;
	if (loop->alarm < 0)
		g_error("no alarm for another main loop");
	maq_loop_watch(loop, loop->alarm, EPOLLIN, alarm_rang, loop);
	set_alarm(loop);
}

bool maq_loop_dispatch(MaqLoop *loop)
{
	bool goes_on = maq_loop_step(loop, 0);

	set_alarm(loop);
	return goes_on;
}

int maq_loop_run(MaqLoop *loop)
{
	while (!loop->quit && maq_loop_step(loop, -1))
		;
	return loop->code;
}
