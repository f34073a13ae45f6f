// SPDX-License-Identifier: LGPL-2.1-or-later
#include <maq/double.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

typedef enum { WAITS_CALL, WAITS_LOOP, WAITS_TEST, WAITS_TURN } Why;

/* One thread. Only the running one looks at or changes what is here. */
typedef struct {
	MaqDouble *owner; /* borrowed */
	char *name;       /* owned */
	GThread *thread;  /* NULL: the first task */
	void (*body)(void *data);
	void *data; /* borrowed, as condition_data */
	pthread_cond_t chosen;
	Why why;
	int handle;       /* readable: can go on; -1: none */
	guint64 deadline; /* 0: none */
	bool (*condition)(void *data);
	void *condition_data;
	bool always, stuck, ended;
} Task;

/* One end of a session, by its socket's cookie, which duplicates share. */
typedef struct {
	guint64 other;   /* the cookie of the other end */
	Task *user;      /* borrowed: who used it last; NULL: nobody */
	char *service;   /* owned; NULL: unknown */
	unsigned opcode; /* of the last call sent */
} End;

struct MaqDouble {
	pthread_mutex_t mutex; /* held only while the baton is handed over; pthread's are
				* known to sanitizers */
	Task *running;
	GPtrArray *tasks;      /* owned, of Task */
	struct pollfd *polled; /* owned: room for one a task */
	GHashTable *ends;      /* owned: cookie -> End */
	guint64 random, clock;
	GHashTable *
		foreign; /* owned: set -> handles in it that an outsider may make ready */
	unsigned stuck;  /* times in a row that the first task was told */
};

static _Thread_local Task *self_task;

/* splitmix64, as in "Fast splittable pseudorandom number generators", OOPSLA 2014 */
static guint64 draw(MaqDouble *self)
{
	guint64 z = (self->random += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* ---- who is next ---- */

static bool can_go_on(MaqDouble *self, Task *task, bool readable)
{
	return !task->ended &&
	       (task->always || readable ||
		       (task->deadline && task->deadline <= self->clock) ||
		       (task->condition && task->condition(task->condition_data)));
}

/* The tasks that can go on, given how long to wait for those outside. */
static GPtrArray *find_ready(MaqDouble *self, int timeout)
{
	GPtrArray *ready = g_ptr_array_new();
	struct pollfd *polled = self->polled =
		g_renew(struct pollfd, self->polled, self->tasks->len);

	for (guint i = 0; i < self->tasks->len; i++) {
		Task *task = self->tasks->pdata[i];

		polled[i] = (struct pollfd){
			.fd = task->ended ? -1 : task->handle, .events = POLLIN};
	}
	while (poll(polled, self->tasks->len, timeout) < 0 && errno == EINTR)
		;
	for (guint i = 0; i < self->tasks->len; i++)
		if (can_go_on(self, self->tasks->pdata[i], polled[i].revents))
			g_ptr_array_add(ready, self->tasks->pdata[i]);
	return ready;
}

/* Moves the clock to the next deadline. */
static bool leap(MaqDouble *self)
{
	guint64 next = 0;

	for (guint i = 0; i < self->tasks->len; i++) {
		const Task *task = self->tasks->pdata[i];

		if (!task->ended && task->deadline && (!next || task->deadline < next))
			next = task->deadline;
	}
	self->clock = MAX(self->clock, next);
	return next;
}

static Task *tell_stuck(MaqDouble *self)
{
	Task *first = self->tasks->pdata[0];
	g_autofree char *report = NULL;

	if (++self->stuck < 100) {
		first->stuck = true;
		return first;
	}
	report = maq_double_report(self);
	g_error("nothing can go on:\n%s", report);
}

static Task *choose(MaqDouble *self)
{
	for (;;) {
		g_autoptr(GPtrArray) ready = find_ready(self, 0);

		if (!ready->len && leap(self))
			continue;
		if (!ready->len && g_hash_table_size(self->foreign)) {
			g_clear_pointer(&ready, g_ptr_array_unref);
			ready = find_ready(self, -1);
		}
		if (!ready->len)
			return tell_stuck(self);
		Task *next = ready->pdata[draw(self) % ready->len];
		if (next != self->tasks->pdata[0])
			self->stuck = 0;
		return next;
	}
}

static void hand_over(MaqDouble *self, Task *next)
{
	pthread_mutex_lock(&self->mutex);
	self->running = next;
	pthread_cond_signal(&next->chosen);
	pthread_mutex_unlock(&self->mutex);
}

static void await_baton(Task *task)
{
	MaqDouble *self = task->owner;

	pthread_mutex_lock(&self->mutex);
	while (self->running != task)
		pthread_cond_wait(&task->chosen, &self->mutex);
	pthread_mutex_unlock(&self->mutex);
	task->always = false;
}

/* Gives the baton away until this task is drawn again. */
static void give_way(Task *task)
{
	MaqDouble *self = task->owner;
	Task *next = choose(self);

	if (next != task) {
		hand_over(self, next);
		await_baton(task);
	}
	task->always = false;
}

static void wait_for(Task *task, Why why, int handle, guint64 deadline)
{
	task->why = why;
	task->handle = handle;
	task->deadline = deadline;
	give_way(task);
	task->handle = -1;
	task->deadline = 0;
}

static void let_others_run(Task *task)
{
	task->always = true;
	wait_for(task, WAITS_TURN, -1, 0);
}

MaqDoubleWait maq_double_wait(MaqDouble *self, bool (*condition)(void *data), void *data,
	int handle, guint64 deadline)
{
	Task *task = self_task;
	struct pollfd polled = {.fd = handle, .events = POLLIN};

	g_assert(task && task->owner == self);
	task->condition = condition;
	task->condition_data = data;
	wait_for(task, WAITS_TEST, handle, deadline);
	task->condition = NULL;
	if (condition && condition(data))
		return MAQ_DOUBLE_TRUE;
	if (handle >= 0 && poll(&polled, 1, 0) > 0)
		return MAQ_DOUBLE_READY;
	if (deadline && deadline <= self->clock)
		return MAQ_DOUBLE_LATE;
	g_assert(task->stuck);
	task->stuck = false;
	return MAQ_DOUBLE_STUCK;
}

/* ---- tasks ---- */

static Task *task_new(MaqDouble *self, const char *name)
{
	Task *task = g_new0(Task, 1);

	task->owner = self;
	task->name = g_strdup(name);
	task->handle = -1;
	pthread_cond_init(&task->chosen, NULL);
	g_ptr_array_add(self->tasks, task);
	return task;
}

static void end_free(gpointer data)
{
	End *end = data;

	g_free(end->service);
	g_free(end);
}

MaqDouble *maq_double_new(guint64 seed)
{
	MaqDouble *self = g_new0(MaqDouble, 1);

	g_assert(!self_task);
	pthread_mutex_init(&self->mutex, NULL);
	self->random = seed;
	self->clock = 1000000000; /* 0 means no deadline */
	self->tasks = g_ptr_array_new();
	self->ends = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, end_free);
	self->foreign = g_hash_table_new(NULL, NULL);
	self->running = self_task = task_new(self, "test");
	return self;
}

void maq_double_free(MaqDouble *self)
{
	g_assert(self_task == self->tasks->pdata[0]);
	for (guint i = 0; i < self->tasks->len; i++) {
		Task *task = self->tasks->pdata[i];

		g_assert(task->ended || task == self_task);
		if (task->thread)
			g_thread_join(task->thread);
		pthread_cond_destroy(&task->chosen);
		g_free(task->name);
		g_free(task);
	}
	self_task = NULL;
	g_ptr_array_unref(self->tasks);
	g_free(self->polled);
	g_hash_table_unref(self->ends);
	g_hash_table_unref(self->foreign);
	pthread_mutex_destroy(&self->mutex);
	g_free(self);
}

static gpointer run_task(gpointer data)
{
	Task *task = data;

	self_task = task;
	await_baton(task);
	task->body(task->data);
	task->ended = true;
	hand_over(task->owner, choose(task->owner));
	return NULL;
}

void maq_double_start(
	MaqDouble *self, const char *name, void (*body)(void *data), void *data)
{
	Task *task = task_new(self, name);

	task->body = body;
	task->data = data;
	task->always = true;
	task->why = WAITS_TURN;
	task->thread = g_thread_new("task", run_task, task);
}

unsigned maq_double_tasks(const MaqDouble *self)
{
	unsigned count = 0;

	for (guint i = 0; i < self->tasks->len; i++)
		count += !((Task *)self->tasks->pdata[i])->ended;
	return count;
}

const char *maq_double_task(void)
{
	return self_task ? self_task->name : NULL;
}

/* ---- what reports need ---- */

static guint64 cookie_of(int channel)
{
	guint64 cookie = 0;
	socklen_t size = sizeof cookie;

	if (getsockopt(channel, SOL_SOCKET, SO_COOKIE, &cookie, &size))
		return 0;
	return cookie;
}

static End *find_end(const MaqDouble *self, guint64 cookie)
{
	return cookie ? g_hash_table_lookup(self->ends, &cookie) : NULL;
}

static void used(int channel, const MaqMessage *sent)
{
	End *end = find_end(self_task->owner, cookie_of(channel));

	if (!end)
		return;
	end->user = self_task;
	if (sent && sent->header.kind == MAQ_KIND_CALL)
		end->opcode = sent->header.opcode;
}

static void add_end(MaqDouble *self, guint64 cookie, guint64 other)
{
	End *end = g_new0(End, 1);

	end->other = other;
	g_hash_table_replace(self->ends, g_memdup2(&cookie, sizeof cookie), end);
}

static void report_call(const MaqDouble *self, const Task *task, GString *text)
{
	const End *end = find_end(self, cookie_of(task->handle));
	const End *other = end ? find_end(self, end->other) : NULL;

	g_string_append_printf(text, "the reply to operation %u of %s",
		end ? end->opcode : 0, end && end->service ? end->service : "a session");
	if (other && other->user)
		g_string_append_printf(text, " from %s", other->user->name);
	else
		g_string_append(text, " that nobody serves");
}

char *maq_double_report(const MaqDouble *self)
{
	static const char *const reasons[] = {[WAITS_LOOP] = "messages",
		[WAITS_TEST] = "what the test expects",
		[WAITS_TURN] = "its turn"};
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < self->tasks->len; i++) {
		const Task *task = self->tasks->pdata[i];

		if (task->ended)
			continue;
		if (task == self->running) {
			g_string_append_printf(text, "%s runs\n", task->name);
			continue;
		}
		g_string_append_printf(text, "%s waits for ", task->name);
		if (task->why == WAITS_CALL)
			report_call(self, task, text);
		else
			g_string_append(text, reasons[task->why]);
		if (task->deadline)
			g_string_append_printf(
				text, " until %" G_GUINT64_FORMAT " ns", task->deadline);
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

/* ---- the binding ---- */

static int double_pair(int ends[2])
{
	int failed = maq_binding_linux.pair(ends);

	if (!failed) {
		guint64 cookies[] = {cookie_of(ends[0]), cookie_of(ends[1])};

		add_end(self_task->owner, cookies[0], cookies[1]);
		add_end(self_task->owner, cookies[1], cookies[0]);
	}
	return failed;
}

static int double_send(int channel, const MaqMessage *message)
{
	used(channel, message);
	int sent = maq_binding_linux.send(channel, message);
	let_others_run(self_task);
	return sent;
}

/* The first task is told -ETIMEDOUT where it waits for what can never come. */
static int double_receive(int channel, MaqMessage *message, int timeout)
{
	Task *task = self_task;
	MaqDouble *self = task->owner;

	used(channel, NULL);
	if (timeout) {
		guint64 deadline =
			timeout < 0 ? 0 : self->clock + (guint64)timeout * 1000000;

		wait_for(task, WAITS_CALL, channel, deadline);
		task->stuck = false;
	}
	int got = maq_binding_linux.receive(channel, message, 0);
	return got == -EAGAIN && timeout ? -ETIMEDOUT : got;
}

/* What is no session may be made ready by somebody outside of the double. */
static bool is_foreign(int handle)
{
	return !find_end(self_task->owner, cookie_of(handle));
}

static void count_foreign(int set, int change)
{
	GHashTable *foreign = self_task->owner->foreign;
	int count = GPOINTER_TO_INT(g_hash_table_lookup(foreign, GINT_TO_POINTER(set)));

	if (count + change > 0)
		g_hash_table_insert(
			foreign, GINT_TO_POINTER(set), GINT_TO_POINTER(count + change));
	else
		g_hash_table_remove(foreign, GINT_TO_POINTER(set));
}

static int double_set_add(int set, int handle, unsigned events, void *cookie)
{
	int failed = maq_binding_linux.set_add(set, handle, events, cookie);

	used(handle, NULL);
	if (!failed && is_foreign(handle))
		count_foreign(set, 1);
	return failed;
}

static int double_set_remove(int set, int handle)
{
	int failed = maq_binding_linux.set_remove(set, handle);

	if (!failed && is_foreign(handle))
		count_foreign(set, -1);
	return failed;
}

static int double_set_wait(int set, MaqReady *ready, int max, gint64 timeout)
{
	Task *task = self_task;

	if (timeout) {
		wait_for(task, WAITS_LOOP, set,
			timeout < 0 ? 0 : task->owner->clock + (guint64)timeout);
		task->stuck = false;
	} else {
		let_others_run(task);
	}
	return maq_binding_linux.set_wait(set, ready, max, 0);
}

static bool double_drained(int channel)
{
	return maq_binding_linux.drained(channel);
}

static void double_end(int channel)
{
	maq_binding_linux.end(channel);
}

static void double_finish(int channel)
{
	maq_binding_linux.finish(channel);
}

static void double_close(int handle)
{
	g_hash_table_remove(self_task->owner->foreign, GINT_TO_POINTER(handle));
	maq_binding_linux.close(handle);
}

static int double_set_new(void)
{
	return maq_binding_linux.set_new();
}

static int double_set_change(int set, int handle, unsigned events, void *cookie)
{
	return maq_binding_linux.set_change(set, handle, events, cookie);
}

static guint64 double_now(void)
{
	return self_task->owner->clock;
}

static void double_describe(int channel, const char *service)
{
	End *end = find_end(self_task->owner, cookie_of(channel));

	if (!end)
		return;
	g_free(end->service);
	end->service = g_strdup(service);
	end->user = self_task;
}

const MaqBinding maq_binding_double = {
	.name = "double",
	.pair = double_pair,
	.send = double_send,
	.receive = double_receive,
	.drained = double_drained,
	.end = double_end,
	.finish = double_finish,
	.close = double_close,
	.set_new = double_set_new,
	.set_add = double_set_add,
	.set_change = double_set_change,
	.set_remove = double_set_remove,
	.set_wait = double_set_wait,
	.now = double_now,
	.describe = double_describe,
};
