// SPDX-License-Identifier: GPL-2.0-or-later
#include "desk.h"
#include "state.h"

#include <string.h>

static const char report[] =
	"state | version: 1\n"
	"+ child vnc | binary: vnc\n"
	"  + ram | assigned: 64M | quota: 60M | used: 1M | avail: 52M\n"
	"+ child shell | binary: pty | exited: 3\n"
	"+ child web | binary: web | state: incomplete\n"
	"-\n";

static void assert_component(
	const GArray *components, guint i, const char *name, const char *state)
{
	const Component *component = &g_array_index(components, Component, i);
	g_autofree char *text = state_text(component);

	g_assert_cmpstr(component->name, ==, name);
	g_assert_cmpstr(text, ==, state);
}

static void reads(void)
{
	g_autoptr(GArray) components = state_read(report, strlen(report));
	g_autofree char *ram = NULL, *none = NULL;

	g_assert_cmpuint(components->len, ==, 3);
	assert_component(components, 0, "vnc", "running");
	assert_component(components, 1, "shell", "exited 3");
	assert_component(components, 2, "web", "incomplete");
	ram = state_ram_text(&g_array_index(components, Component, 0));
	g_assert_cmpstr(ram, ==, "12 MiB of 64 MiB");
	none = state_ram_text(&g_array_index(components, Component, 1));
	g_assert_cmpstr(none, ==, "");
}

static void bears_nonsense(void)
{
	static const char *const texts[] = {"", "x", "state\n+ child\n-\n",
		"state\n+ child a\n  + ram | assigned: 1M | avail: 9M\n-\n"};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GArray) components = state_read(texts[i], strlen(texts[i]));

		for (guint k = 0; k < components->len; k++)
			g_assert_cmpuint(
				g_array_index(components, Component, k).ram_spent, ==, 0);
	}
}

static void reads_desk(void)
{
	static const char text[] = "layout | mode: resize | theme: light\n"
				   "+ workspace 1 | shown: yes | focus: yes\n"
				   "  + columns\n"
				   "    + frame\n"
				   "      + client a | focused: yes\n"
				   "    + frame\n"
				   "+ workspace web\n"
				   "  + frame\n"
				   "    + client b | absent: yes\n"
				   "+ workspace mail\n"
				   "  + float c | urgent: yes\n"
				   "-\n";
	Desk desk;

	desk_init(&desk);
	desk_read(&desk, text, strlen(text));
	g_assert_cmpuint(desk.workspaces->len, ==, 3);
	const DeskWorkspace *all = (const DeskWorkspace *)(void *)desk.workspaces->data;
	g_assert_true(all[0].focused && all[0].shown && all[0].occupied);
	g_assert_false(all[1].occupied || all[1].focused || all[1].urgent);
	g_assert_true(all[2].occupied && all[2].urgent);
	g_assert_cmpstr(desk.mode, ==, "resize");
	g_assert_cmpstr(desk.focused, ==, "a");
	g_assert_true(desk.light);
	desk_read(&desk, "x", 1);
	g_assert_cmpuint(desk.workspaces->len, ==, 0);
	desk_fini(&desk);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/status/reads", reads);
	g_test_add_func("/status/bears-nonsense", bears_nonsense);
	g_test_add_func("/status/reads-desk", reads_desk);
	return g_test_run();
}
