// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listener - tells the log what a user does, and calls itself as it was last typed to
 *
 * Requires  Framebuffer, Input, LOG
 *
 * Logs: press CODE, release CODE, wheel X,Y
 */
#include <maq/component.h>
#include <maq/display.h>

#include <string.h>

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;
	guint64 input_seq;
} Listener;

static void draw(void *data)
{
	Listener *listener = data;
	MaqBuffer buffer;

	if (!maq_screen_begin(listener->screen, &buffer))
		return;
	for (int y = 0; y < buffer.height; y++)
		memset((char *)buffer.pixels + (gsize)y * buffer.stride, 0x40,
			(gsize)buffer.width * 4);
	maq_screen_commit(listener->screen, NULL, 0, listener->input_seq);
}

static void hinted(void *data, MaqFramebufferError status)
{
	(void)data, (void)status;
}

static void call_itself(Listener *listener, guint32 codepoint)
{
	g_autofree char *title = g_strdup_printf("key %c", (char)codepoint);

	maq_framebuffer_hints_async(maq_screen_framebuffer(listener->screen), 0, 0, 0, 0,
		0, 0, 120, 0, title, hinted, listener);
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	Listener *listener = data;

	listener->input_seq = event->sequence;
	switch (event->type) {
	case MAQ_INPUT_TYPE_PRESS:
		maq_log(listener->env, "press %u", event->code);
		if (event->codepoint > ' ' && event->codepoint < 127)
			call_itself(listener, event->codepoint);
		break;
	case MAQ_INPUT_TYPE_RELEASE:
		maq_log(listener->env, "release %u", event->code);
		break;
	case MAQ_INPUT_TYPE_WHEEL:
		maq_log(listener->env, "wheel %d,%d", event->x, event->y);
		break;
	default:
		break;
	}
}

static bool listener_start(MaqEnv *env, GError **error)
{
	Listener *listener = maq_env_state(env, sizeof *listener);

	listener->env = env;
	listener->screen = maq_screen_open(env, "", 0, 0, draw, listener, error);
	if (!listener->screen)
		return false;
	if (!maq_events_open(env, "", event_arrived, listener, error))
		return false;
	draw(listener);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, listener_start);
}
