// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * liar - says what has moved in its picture, which is true or not as the key wants
 *
 * Requires  Framebuffer, Input, LOG
 *
 * Keys: s scrolls, up and down in turn, and says so; l draws something else, and says
 * that it has scrolled; w says what cannot be; others do nothing. A new size comes with a
 * lie, too.
 */
#include <maq/component.h>
#include <maq/display.h>

#include <string.h>

#define STEP 7 /* px */

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;
	guint64 input_seq;
	guint32 seed;
	unsigned turns;
	guint32 key; /* what is to be drawn for; 0: nothing */
} Liar;

static void fill(Liar *liar, const MaqBuffer *buffer, int from, int to)
{
	for (int y = from; y < to; y++) {
		guint32 *row = (guint32 *)(void *)((char *)buffer->pixels +
						   (gsize)y * buffer->stride);

		for (int x = 0; x < buffer->width; x++)
			row[x] = (liar->seed = liar->seed * 1664525 + 1013904223) >> 8;
	}
}

static void move(const MaqBuffer *buffer, int dy)
{
	char *pixels = (char *)buffer->pixels;
	gsize by = (gsize)ABS(dy) * buffer->stride;
	gsize kept = (gsize)(buffer->height - ABS(dy)) * buffer->stride;

	if (dy < 0)
		memmove(pixels, pixels + by, kept);
	else
		memmove(pixels + by, pixels, kept);
}

static void scroll(Liar *liar, const MaqBuffer *buffer, bool lies)
{
	int dy = liar->turns++ % 3 ? -STEP : STEP, rest = buffer->height - STEP;
	int to = dy < 0 ? 0 : STEP, free = dy < 0 ? rest : 0;
	guint16 width = (guint16)buffer->width;
	MaqFramebufferRect rects[] = {
		{0, (guint16)to, width, (guint16)rest}, {0, (guint16)free, width, STEP}};

	if (lies) {
		fill(liar, buffer, 0, buffer->height);
	} else {
		move(buffer, dy);
		fill(liar, buffer, free, free + STEP);
	}
	maq_screen_moved(liar->screen, 0, dy);
	maq_screen_commit(liar->screen, rects, 2, liar->input_seq);
}

static void be_wild(Liar *liar, const MaqBuffer *buffer)
{
	static const int by[][2] = {{-32768, 32767}, {16383, -16383}, {1, 0}, {0, -1},
		{G_MAXINT, G_MININT}, {-3, 50}};
	unsigned i = liar->turns++ % G_N_ELEMENTS(by);
	MaqFramebufferRect rects[] = {{(guint16)(i * 9), (guint16)(i * 5), 65535, 65535},
		{0, 0, (guint16)buffer->width, (guint16)buffer->height}};

	fill(liar, buffer, 0, buffer->height);
	maq_screen_moved(liar->screen, by[i][0], by[i][1]);
	maq_screen_commit(liar->screen, rects, 2, liar->input_seq);
}

static void draw(void *data)
{
	Liar *liar = data;
	MaqBuffer buffer;

	if (!maq_screen_begin(liar->screen, &buffer))
		return;
	if (buffer.height < 2 * STEP)
		return;
	if (buffer.fresh || liar->key == 'l')
		scroll(liar, &buffer, true);
	else if (liar->key == 's')
		scroll(liar, &buffer, false);
	else if (liar->key == 'w')
		be_wild(liar, &buffer);
	liar->key = 0;
}

static void event_arrived(void *data, const MaqInputEvent *event)
{
	Liar *liar = data;

	if (event->type != MAQ_INPUT_TYPE_PRESS)
		return;
	liar->input_seq = event->sequence;
	liar->key = event->codepoint;
	draw(liar);
}

static bool liar_start(MaqEnv *env, GError **error)
{
	Liar *liar = maq_env_state(env, sizeof *liar);

	liar->env = env;
	liar->screen = maq_screen_open(env, "", 0, 0, draw, liar, error);
	if (!liar->screen || !maq_events_open(env, "", event_arrived, liar, error))
		return false;
	draw(liar);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, liar_start);
}
