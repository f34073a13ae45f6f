// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * status - the time of day, and the components of an init
 *
 * Requires  Framebuffer  where it is seen
 *           ROM          state: init's state report
 *           LOG
 * Config    font (default sans-serif)
 */
#include "draw.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/rom.h>

#define NS_PER_SECOND 1000000000u

typedef struct {
	MaqEnv *env;
	MaqScreen *screen; /* closed with env */
	MaqRom *rom;
	Fonts fonts;
	GArray *components; /* owned */
	bool scheduled;
} Status;

static void draw(void *data)
{
	Status *status = data;
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	MaqBuffer buffer;

	status->scheduled = false;
	if (!maq_screen_begin(status->screen, &buffer))
		return; /* ready calls again */
	g_autoptr(MaqCanvas) canvas = maq_canvas_new(
		buffer.pixels, buffer.width, buffer.height, (int)buffer.stride);
	draw_status(canvas, &status->fonts, now, status->components);
	maq_screen_commit(status->screen, NULL, 0, 0);
}

static void schedule(void *data)
{
	Status *status = data;

	if (!status->scheduled)
		maq_loop_defer(maq_env_loop(status->env), draw, status);
	status->scheduled = true;
}

/* Wakes when the clock shows another minute. */
static void minute(void *data)
{
	Status *status = data;
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	guint64 left = 60 - (guint64)g_date_time_get_second(now);

	schedule(status);
	maq_loop_at(maq_env_loop(status->env),
		maq_env_binding(status->env)->now() + left * NS_PER_SECOND, minute,
		status);
}

static void state_changed(void *data)
{
	Status *status = data;
	g_autoptr(GBytes) text = maq_rom_text(status->rom);

	if (!text)
		return;
	g_array_unref(status->components);
	status->components =
		state_read(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
	schedule(status);
}

static void display_lost(void *data)
{
	maq_log(data, "the display has gone, and does not come back");
	maq_exit(data, 1);
}

static bool status_start(MaqEnv *env, GError **error)
{
	Status *status = maq_env_state(env, sizeof *status);

	status->env = env;
	status->components = state_read("", 0);
	if (!fonts_init(
		    &status->fonts, maq_config_string(env, "font", "sans-serif"), error))
		return false;
	status->rom = maq_rom_open(env, "state", error);
	if (!status->rom)
		return false;
	status->screen = maq_screen_open(env, "", 0, 0, schedule, status, error);
	if (!status->screen)
		return false;
	maq_screen_on_lost(status->screen, display_lost, env);
	maq_rom_on_changed(status->rom, state_changed, status);
	state_changed(status);
	minute(status);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, status_start);
}
