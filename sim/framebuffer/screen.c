// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * screen - one screen: when a frame counts as shown
 */
#include "sim.h"

#include <string.h>

static guint64 now(const Screen *screen)
{
	return maq_env_binding(screen->sim->env)->now();
}

static void frame_shown(Screen *screen)
{
	Sim *sim = screen->sim;

	screen->frames++;
	screen->last = now(screen);
	if (sim->log)
		picture_log(screen);
	if (sim->each) {
		g_autofree char *name = g_strdup_printf("%sframe-%06" G_GUINT64_FORMAT,
			maq_console_name(screen->console), screen->frames);
		picture_keep(screen, name);
	}
	script_frame(sim);
}

static void vblank(void *data)
{
	Screen *screen = data;

	screen->vblank = NULL;
	frame_shown(screen);
	maq_console_shown(screen->console);
}

/* Vblanks are where the clock is a multiple of the period; those without a frame have no
 * effect, and so are left out. */
static bool show(void *owner, MaqConsole *console, const MaqFrame *frame,
	const MaqFramebufferRect *rects, unsigned n)
{
	Screen *screen = owner;
	guint64 period = screen->sim->period;

	(void)console, (void)rects, (void)n;
	if (!frame)
		return true;
	if (!period) {
		frame_shown(screen);
		return true;
	}
	if (!screen->vblank)
		screen->vblank = maq_loop_at(maq_env_loop(screen->sim->env),
			(now(screen) / period + 1) * period, vblank, screen);
	return false;
}

static const MaqConsoleOps ops = {.show = show};

static int size_of(const MaqHidNode *node, const char *tag, int fallback)
{
	return (int)CLAMP(maq_hid_u64(node, tag, (guint64)fallback), 1, SIZE_MAX_PX);
}

static void add(Sim *sim, const MaqHidNode *node, const char *name)
{
	Screen *screen = &sim->screens[sim->n_screens++];
	char *own = g_strdup(name);

	maq_env_own(sim->env, own);
	screen->sim = sim;
	screen->last = now(screen);
	screen->console = maq_console_new(sim->env, own, size_of(node, "width", 1280),
		size_of(node, "height", 800), SIZE_MAX_PX, &ops, screen);
}

static void config_changed(void *data)
{
	Sim *sim = data;
	const MaqHidNode *config = maq_config(sim->env);
	const MaqHidNode *node = maq_hid_first(config, "screen");

	if (!node)
		node = config;
	for (guint i = 0; i < sim->n_screens && node; i++) {
		maq_console_resize(sim->screens[i].console, size_of(node, "width", 1280),
			size_of(node, "height", 800));
		node = maq_hid_next(node, "screen");
	}
}

bool screens_provide(Sim *sim, GError **error)
{
	const MaqHidNode *config = maq_config(sim->env);
	const MaqHidNode *node = maq_hid_first(config, "screen");
	MaqConsole *consoles[SCREENS_MAX];

	if (!node)
		add(sim, config, "");
	for (; node && sim->n_screens < SCREENS_MAX; node = maq_hid_next(node, "screen"))
		add(sim, node, maq_hid_string(node, "name", ""));
	for (guint i = 0; i < sim->n_screens; i++)
		consoles[i] = sim->screens[i].console;
	maq_config_on_changed(sim->env, config_changed, sim);
	return maq_consoles_provide(sim->env, consoles, sim->n_screens,
		maq_config_string(sim->env, "layout", "us"), error);
}

Screen *screen_by_name(Sim *sim, const char *name)
{
	for (guint i = 0; i < sim->n_screens; i++)
		if (!g_strcmp0(maq_console_name(sim->screens[i].console), name))
			return &sim->screens[i];
	return &sim->screens[0];
}
