// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * events - what users do, on its way from the viewers' threads to the component's
 */
#include "events.h"

#include <sys/eventfd.h>
#include <unistd.h>

void events_init(Events *events)
{
	g_mutex_init(&events->lock);
	g_cond_init(&events->room);
	events->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void events_fini(Events *events)
{
	g_mutex_clear(&events->lock);
	g_cond_clear(&events->room);
	close(events->fd);
}

void events_close(Events *events)
{
	g_mutex_lock(&events->lock);
	events->closed = true;
	g_cond_broadcast(&events->room);
	g_mutex_unlock(&events->lock);
}

/* A pointer that has only moved on takes the place of where it was before; not of where
 * a button was pressed. */
static bool merge(Events *events, const Event *event)
{
	Event *last = &events->ring[(events->first + events->count - 1) % EVENTS_MAX];

	if (events->count == 0 || event->type != EVENT_POINTER ||
		last->type != EVENT_POINTER || last->viewer != event->viewer ||
		!last->moved || !event->moved)
		return false;
	*last = *event;
	return true;
}

static Event note_buttons(Events *events, const Event *posted)
{
	Event event = *posted;
	unsigned *buttons = &events->buttons[event.viewer % EVENTS_VIEWERS];

	if (event.type == EVENT_POINTER) {
		event.moved = *buttons == event.buttons;
		*buttons = event.buttons;
	} else if (event.type == EVENT_GONE) {
		*buttons = 0;
	}
	return event;
}

void events_post(Events *events, const Event *posted)
{
	g_mutex_lock(&events->lock);
	Event noted = note_buttons(events, posted);
	const Event *event = &noted;

	while (events->count == EVENTS_MAX && !events->closed)
		g_cond_wait(&events->room, &events->lock);
	if (!events->closed && !merge(events, event)) {
		events->ring[(events->first + events->count) % EVENTS_MAX] = *event;
		if (events->count++ == 0 && !events->asked)
			eventfd_write(events->fd, 1);
	}
	g_mutex_unlock(&events->lock);
}

static void quiet(Events *events)
{
	eventfd_t unused;

	if (events->count == 0 && !events->asked)
		eventfd_read(events->fd, &unused);
}

bool events_take(Events *events, Event *event)
{
	bool found;

	g_mutex_lock(&events->lock);
	found = events->count > 0;
	if (found) {
		*event = events->ring[events->first];
		events->first = (events->first + 1) % EVENTS_MAX;
		if (events->count-- == EVENTS_MAX)
			g_cond_broadcast(&events->room);
		quiet(events);
	}
	g_mutex_unlock(&events->lock);
	return found;
}

void events_ask(Events *events)
{
	g_mutex_lock(&events->lock);
	if (!events->asked && events->count == 0)
		eventfd_write(events->fd, 1);
	events->asked = true;
	g_mutex_unlock(&events->lock);
}

bool events_asked(Events *events)
{
	g_mutex_lock(&events->lock);
	bool asked = events->asked;
	events->asked = false;
	if (asked)
		quiet(events);
	g_mutex_unlock(&events->lock);
	return asked;
}
