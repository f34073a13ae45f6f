// SPDX-License-Identifier: GPL-2.0-or-later
#include "schedule.h"

#include "asleep.h"

#include <maq/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*
 * A component that has its turn for longer, of real time, is left to itself; likewise one
 * that sleeps from one look to the next: what it waits for, the schedule does not know.
 */
#define PATIENCE_MS 10000
#define LOOK_MS     1000

struct Slot {
	Schedule *schedule; /* borrowed */
	char *label;        /* owned */
	MaqSchedulePage *page;
	int page_fd, go, loop, call; /* owned */
	int pidfd;                   /* borrowed; -1: not started yet */
	bool killed, ended;
	bool left_out;  /* it does not take part */
	guint64 rounds; /* at the last scan */
	guint64 ran;    /* ns at the last look, see asleep() */
};

struct Schedule {
	bool virtual_time, serialize;
	guint64 random, clock;
	struct pollfd *polled; /* owned: room for one a slot and two more */
	GPtrArray *slots;      /* owned, of Slot */
	GPtrArray *outside;    /* owned, of char * */
	int notice, urgent;    /* urgent is borrowed, -1: none */
	int set;               /* borrowed: core's */
	Log *log;              /* borrowed; NULL: not yet */
};

/* A binding's functions know no context, and core has but one schedule. */
static Schedule *the;

/* ---- slots ---- */

static void add_outside(Schedule *schedule, const char *label)
{
	if (!g_ptr_array_find_with_equal_func(
		    schedule->outside, label, g_str_equal, NULL))
		g_ptr_array_add(schedule->outside, g_strdup(label));
}

static bool open_all(Slot *slot)
{
	g_autoptr(GError) error = NULL;

	slot->page_fd = maq_dataspace_new("schedule", sizeof *slot->page, &error);
	slot->go = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	slot->loop = epoll_create1(EPOLL_CLOEXEC);
	slot->call = epoll_create1(EPOLL_CLOEXEC);
	if (slot->page_fd < 0 || slot->go < 0 || slot->loop < 0 || slot->call < 0)
		return false;
	slot->page = maq_map(slot->page_fd, true, NULL, &error);
	return slot->page;
}

Slot *slot_new(Schedule *schedule, const char *label)
{
	Slot *slot = g_new0(Slot, 1);

	slot->schedule = schedule;
	slot->label = g_strdup(label);
	slot->page_fd = slot->go = slot->loop = slot->call = slot->pidfd = -1;
	g_ptr_array_add(schedule->slots, slot);
	if (!open_all(slot)) {
		g_warning("%s is outside of the schedule: %s", label, g_strerror(errno));
		add_outside(schedule, label);
		slot_free(slot);
		return NULL;
	}
	atomic_store(&slot->page->now, schedule->virtual_time ? schedule->clock : 0);
	atomic_store(&slot->page->serialize, schedule->serialize);
	return slot;
}

void slot_descriptors(const Slot *slot, int fds[SLOT_FDS])
{
	const int given[SLOT_FDS] = {
		slot->page_fd, slot->go, slot->schedule->notice, slot->loop, slot->call};

	memcpy(fds, given, sizeof given);
}

void slot_started(Slot *slot, int pidfd)
{
	slot->pidfd = pidfd;
}

void slot_killed(Slot *slot)
{
	slot->killed = true;
}

void slot_free(Slot *slot)
{
	if (!slot)
		return;
	if (slot->page && atomic_load(&slot->page->outside))
		add_outside(slot->schedule, slot->label);
	g_ptr_array_remove(slot->schedule->slots, slot);
	maq_unmap(slot->page, sizeof *slot->page);
	maq_clear_fd(&slot->page_fd);
	maq_clear_fd(&slot->go);
	maq_clear_fd(&slot->loop);
	maq_clear_fd(&slot->call);
	g_free(slot->label);
	g_free(slot);
}

static bool is_ready(int set)
{
	struct pollfd polled = {.fd = set, .events = POLLIN};

	return poll(&polled, 1, 0) > 0;
}

/* Whether it is at work, or about to begin or to end. */
static bool is_busy(const Slot *slot)
{
	return !slot->left_out && !slot->ended &&
	       (slot->killed || atomic_load(&slot->page->state) == MAQ_SCHEDULE_RUNS);
}

static int awaited_set(const Slot *slot)
{
	switch (atomic_load(&slot->page->state)) {
	case MAQ_SCHEDULE_WAITS_FOR_LOOP:
		return slot->loop;
	case MAQ_SCHEDULE_WAITS_FOR_REPLY:
		return slot->call;
	default:
		return -1;
	}
}

static guint64 deadline_of(const Slot *slot)
{
	return slot->left_out || slot->ended ? 0 : atomic_load(&slot->page->deadline);
}

static bool can_go_on(const Slot *slot, guint64 now)
{
	guint64 deadline = deadline_of(slot);
	int set = awaited_set(slot);

	if (slot->left_out || slot->ended || is_busy(slot))
		return false;
	return atomic_load(&slot->page->state) == MAQ_SCHEDULE_WAITS_TO_START ||
	       (deadline && deadline <= now) || (set >= 0 && is_ready(set));
}

/* ---- time and turns ---- */

static guint64 schedule_now(void)
{
	return the->virtual_time ? the->clock : maq_binding_linux.now();
}

/* splitmix64, as in "Fast splittable pseudorandom number generators", OOPSLA 2014 */
static guint64 draw(Schedule *schedule)
{
	guint64 z = (schedule->random += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void wake(Slot *slot)
{
	guint64 one = 1;

	/* a turn begins here, not when the process gets round to it */
	if (slot->schedule->serialize)
		atomic_store(&slot->page->state, MAQ_SCHEDULE_RUNS);
	if (write(slot->go, &one, sizeof one) < 0)
		g_warning("%s cannot be woken: %s", slot->label, g_strerror(errno));
}

static void take_notice(Schedule *schedule)
{
	guint64 count;

	while (read(schedule->notice, &count, sizeof count) > 0)
		;
}

static guint64 earlier(guint64 a, guint64 b)
{
	return !a ? b : !b ? a : MIN(a, b);
}

static guint64 next_deadline(Schedule *schedule, guint64 own)
{
	for (guint i = 0; i < schedule->slots->len; i++)
		own = earlier(own, deadline_of(schedule->slots->pdata[i]));
	return own;
}

static void leap(Schedule *schedule, guint64 clock)
{
	schedule->clock = MAX(schedule->clock, clock);
	for (guint i = 0; i < schedule->slots->len; i++) {
		Slot *slot = schedule->slots->pdata[i];

		atomic_store(&slot->page->now, schedule->clock);
	}
	for (guint i = 0; !schedule->serialize && i < schedule->slots->len; i++) {
		Slot *slot = schedule->slots->pdata[i];

		if (deadline_of(slot) && deadline_of(slot) <= schedule->clock)
			wake(slot);
	}
}

static void leave_out(Slot *slot, const char *why)
{
	Schedule *schedule = slot->schedule;
	g_autofree char *text = g_strdup_printf(
		"Warning: '%s' %s: it is outside of determinism", slot->label, why);

	slot->left_out = true;
	add_outside(schedule, slot->label);
	if (schedule->log)
		log_text(schedule->log, "core", text);
	/* whatever it is: it is not to hang for lack of a turn */
	atomic_store(&slot->page->serialize, 0);
	wake(slot);
}

/* Those who neither wait nor end in time are no longer waited for. True: there were some.
 */
static bool lose_patience(Schedule *schedule, bool at_all)
{
	bool lost = false;

	for (guint i = 0; i < schedule->slots->len; i++) {
		Slot *slot = schedule->slots->pdata[i];

		if (!is_busy(slot))
			continue;
		bool sleeps = asleep(slot->pidfd, &slot->ran);
		if (sleeps)
			leave_out(slot, "waits for what the schedule does not know");
		else if (at_all)
			leave_out(slot, "does not stop working");
		lost = lost || slot->left_out;
	}
	return lost;
}

static void poll_patiently(Schedule *schedule, struct pollfd *polled, guint count)
{
	int n = 0, waited = 0;

	while (!n) {
		n = poll(polled, count, LOOK_MS);
		waited += LOOK_MS;
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (!n && lose_patience(schedule, waited >= PATIENCE_MS))
			return;
	}
}

/* Waits for the busy ones: until one waits or ends, or something urgent is to be done. */
static void await_busy(Schedule *schedule, bool with_core)
{
	guint count = schedule->slots->len;
	struct pollfd *polled = schedule->polled =
		g_renew(struct pollfd, schedule->polled, count + 2);

	for (guint i = 0; i < count; i++) {
		const Slot *slot = schedule->slots->pdata[i];

		polled[i] = (struct pollfd){
			.fd = is_busy(slot) ? slot->pidfd : -1, .events = POLLIN};
	}
	polled[count] = (struct pollfd){.fd = schedule->notice, .events = POLLIN};
	polled[count + 1] = (struct pollfd){
		.fd = with_core ? schedule->set : schedule->urgent, .events = POLLIN};
	poll_patiently(schedule, polled, count + 2);
	take_notice(schedule);
	for (guint i = 0; i < count; i++) {
		Slot *slot = schedule->slots->pdata[i];

		slot->ended = slot->ended || polled[i].revents;
	}
}

/* Waits for what comes from outside, or for a time of the real clock. */
static void await_outside(Schedule *schedule, guint64 until)
{
	guint count = schedule->slots->len;
	struct pollfd *polled = schedule->polled =
		g_renew(struct pollfd, schedule->polled, count + 2);
	guint64 now = maq_binding_linux.now();
	guint64 left = until > now ? until - now : 0;
	struct timespec limit = {
		(time_t)(left / 1000000000u), (long)(left % 1000000000u)};

	for (guint i = 0; i < count; i++) {
		const Slot *slot = schedule->slots->pdata[i];

		polled[i] = (struct pollfd){
			.fd = slot->left_out ? -1 : awaited_set(slot), .events = POLLIN};
	}
	polled[count] = (struct pollfd){.fd = schedule->notice, .events = POLLIN};
	polled[count + 1] = (struct pollfd){.fd = schedule->set, .events = POLLIN};
	ppoll(polled, count + 2, until ? &limit : NULL, NULL);
	take_notice(schedule);
}

static bool any_busy(const Schedule *schedule)
{
	for (guint i = 0; i < schedule->slots->len; i++)
		if (is_busy(schedule->slots->pdata[i]))
			return true;
	return false;
}

/* ---- one at a time ---- */

static Slot *choose(Schedule *schedule)
{
	g_autoptr(GPtrArray) ready = g_ptr_array_new();
	guint64 now = schedule_now();

	for (guint i = 0; i < schedule->slots->len; i++)
		if (can_go_on(schedule->slots->pdata[i], now))
			g_ptr_array_add(ready, schedule->slots->pdata[i]);
	return ready->len ? ready->pdata[draw(schedule) % ready->len] : NULL;
}

static void step_serialized(Schedule *schedule, guint64 own_deadline)
{
	if (any_busy(schedule)) {
		await_busy(schedule, false);
		return;
	}
	Slot *next = choose(schedule);
	guint64 deadline = next_deadline(schedule, own_deadline);
	if (next)
		wake(next);
	else if (deadline && schedule->virtual_time)
		leap(schedule, deadline);
	else
		await_outside(schedule, deadline);
}

/* ---- all at once ---- */

/* Whether all waited, and none has gone on since the last scan. */
static bool scan(Schedule *schedule)
{
	bool same = true;

	for (guint i = 0; i < schedule->slots->len; i++) {
		Slot *slot = schedule->slots->pdata[i];
		guint64 rounds = atomic_load(&slot->page->rounds);

		same = same && !is_busy(slot) && !can_go_on(slot, schedule->clock) &&
		       (slot->left_out || rounds == slot->rounds);
		slot->rounds = rounds;
	}
	return same && !is_ready(schedule->set);
}

static void step_concurrent(Schedule *schedule, guint64 own_deadline)
{
	guint64 deadline;

	scan(schedule);
	if (!scan(schedule)) {
		await_busy(schedule, true);
		return;
	}
	deadline = next_deadline(schedule, own_deadline);
	if (deadline)
		leap(schedule, deadline);
	else
		await_outside(schedule, 0);
}

/* ---- core's own binding ---- */

static int schedule_set_new(void)
{
	int set = maq_binding_linux.set_new();

	if (the->set < 0)
		the->set = set;
	return set;
}

static int schedule_set_wait(int set, MaqReady *ready, int max, gint64 timeout)
{
	guint64 deadline = timeout < 0 ? 0 : schedule_now() + (guint64)timeout;

	if (set != the->set || !timeout)
		return maq_binding_linux.set_wait(set, ready, max, timeout);
	for (;;) {
		/* core does nothing while a component has its turn */
		bool urgent = the->urgent >= 0 && is_ready(the->urgent);
		int n = !the->serialize || !any_busy(the) || urgent
				? maq_binding_linux.set_wait(set, ready, max, 0)
				: 0;

		if (n || (deadline && deadline <= schedule_now()))
			return n;
		if (the->serialize)
			step_serialized(the, deadline);
		else
			step_concurrent(the, deadline);
	}
}

Schedule *schedule_new(bool virtual_time, bool serialize, guint64 seed)
{
	Schedule *schedule = g_new0(Schedule, 1);

	schedule->virtual_time = virtual_time;
	schedule->serialize = serialize;
	schedule->random = seed;
	schedule->clock = 1000000000; /* 0 means no deadline */
	schedule->slots = g_ptr_array_new();
	schedule->outside = g_ptr_array_new_with_free_func(g_free);
	schedule->notice = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	schedule->urgent = schedule->set = -1;
	the = schedule;
	return schedule;
}

void schedule_free(Schedule *schedule)
{
	if (!schedule)
		return;
	while (schedule->slots->len)
		slot_free(schedule->slots->pdata[schedule->slots->len - 1]);
	g_ptr_array_unref(schedule->slots);
	g_free(schedule->polled);
	g_ptr_array_unref(schedule->outside);
	maq_clear_fd(&schedule->notice);
	the = NULL;
	g_free(schedule);
}

const MaqBinding *schedule_binding(Schedule *schedule)
{
	static MaqBinding binding;

	(void)schedule;
	binding = maq_binding_linux;
	binding.name = "linux, scheduling";
	binding.pages = false;
	binding.set_new = schedule_set_new;
	binding.set_wait = schedule_set_wait;
	binding.now = schedule_now;
	return &binding;
}

void schedule_set_log(Schedule *schedule, Log *log)
{
	if (schedule)
		schedule->log = log;
}

void schedule_urgent(Schedule *schedule, int handle)
{
	schedule->urgent = handle;
}

void schedule_note_outside(Schedule *schedule, const char *what)
{
	if (schedule)
		add_outside(schedule, what);
}

char *schedule_outside(Schedule *schedule)
{
	for (guint i = 0; i < schedule->slots->len; i++) {
		const Slot *slot = schedule->slots->pdata[i];

		if (atomic_load(&slot->page->outside))
			add_outside(schedule, slot->label);
	}
	if (!schedule->outside->len)
		return NULL;
	g_ptr_array_add(schedule->outside, NULL);
	char *text = g_strjoinv(", ", (char **)schedule->outside->pdata);
	g_ptr_array_set_size(schedule->outside, (int)schedule->outside->len - 1);
	return text;
}
