// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * status - the time of day, and the components of an init; low and wide it is a bar
 *
 * Requires  Framebuffer  where it is seen
 *           ROM          state: init's state report
 *                        layout: the window manager's, if workspaces are wanted
 *           LOG
 * Config    font (default sans-serif), clock: yes|no (default yes)
 *           workspaces: yes|no (default no): show them in a bar
 */
#include "draw.h"

#include <maq/component.h>
#include <maq/display.h>
#include <maq/rom.h>

#define NS_PER_SECOND 1000000000u

typedef struct {
	MaqEnv *env;
	MaqScreen *screen;    /* closed with env */
	MaqRom *rom, *layout; /* layout: NULL if it is not wanted */
	Desk desk;
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
	if (buffer.height <= DRAW_BAR_MAX && buffer.width > 4 * buffer.height)
		draw_bar(canvas, &status->fonts, now, status->components, &status->desk);
	else
		draw_status(canvas, &status->fonts, now, status->components,
			maq_config_bool(status->env, "clock", true));
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

typedef void (*Reader)(Status *status, const char *text, gsize size);

static void read_module(Status *status, MaqRom *rom, Reader read)
{
	g_autoptr(GBytes) text = maq_rom_text(rom);

	if (text)
		read(status, g_bytes_get_data(text, NULL), g_bytes_get_size(text));
	schedule(status);
}

static void read_state(Status *status, const char *text, gsize size)
{
	g_array_unref(status->components);
	status->components = state_read(text, size);
}

static void state_changed(void *data)
{
	read_module(data, ((Status *)data)->rom, read_state);
}

static void read_layout(Status *status, const char *text, gsize size)
{
	desk_read(&status->desk, text, size);
}

static void layout_changed(void *data)
{
	read_module(data, ((Status *)data)->layout, read_layout);
}

/* Without it there is a bar without workspaces. */
static void open_layout(Status *status)
{
	g_autoptr(GError) error = NULL;

	if (!maq_config_bool(status->env, "workspaces", false))
		return;
	status->layout = maq_rom_open(status->env, "layout", &error);
	if (!status->layout) {
		maq_log(status->env, "no workspaces: %s", error->message);
		return;
	}
	maq_rom_on_changed(status->layout, layout_changed, status);
	layout_changed(status);
}

/* The user closes the tile: there is nothing to save. */
static void asked_to_close(void *data)
{
	maq_exit(data, 0);
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
	desk_init(&status->desk);
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
	MaqHints hints = {0};
	draw_least(&status->fonts, &hints.min_width, &hints.min_height);
	maq_screen_set_hints(status->screen, &hints, false, "");
	maq_screen_on_close(status->screen, asked_to_close, env);
	maq_rom_on_changed(status->rom, state_changed, status);
	state_changed(status);
	open_layout(status);
	minute(status);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, status_start);
}
