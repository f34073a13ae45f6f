// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What makes a tiling window manager loved, each by the keys and the mouse of a VNC
 * client. Every test is a ctest wm.NAME of its own.
 */
#include "fixture.h"

#include <signal.h>
#include <string.h>

#define START(config, tiles) g_autoptr(Fixture) f = fixture_new(config, tiles, NULL)

/* layouts of the start, of 1000 x 700 px */
#define ONE                                                                              \
	"\n+ frame\n"                                                                    \
	"  + client a\n"
#define TWO                                                                              \
	"\n+ columns\n"                                                                  \
	"  + frame | focus: yes\n"                                                       \
	"    + client a\n"                                                               \
	"  + frame\n"                                                                    \
	"    + client b\n"
#define THREE                                                                            \
	"\n+ columns\n"                                                                  \
	"  + frame | focus: yes\n"                                                       \
	"    + client a\n"                                                               \
	"  + rows\n"                                                                     \
	"    + frame\n"                                                                  \
	"      + client b\n"                                                             \
	"    + frame\n"                                                                  \
	"      + client c\n"
#define TABS                                                                             \
	"\n+ frame\n"                                                                    \
	"  + client a\n"                                                                 \
	"  + client b\n"                                                                 \
	"  + client c\n"

#define LEFT   ((Box){0, 0, 500, 700})
#define RIGHT  ((Box){500, 0, 500, 700})
#define FOCUS  0x5aa9f0u
#define YELLOW 0xf2c14eu
#define EMPTY  0x12161bu

/* A frame stays where it is when its last tile has gone. */
static void static_frames(void)
{
	START(TWO, "a b");

	press(f, "Super+Right x"); /* it exits */
	expect_kind(f, "b", NULL);
	expect_frames(f, 2);
	expect_pixel(f, 750, 100, EMPTY);
	expect_attr(f, "focused", "");
	expect_frame(f, "a", LEFT);
}

static void tabs(void)
{
	START(TABS, "a b c");

	expect_tabs(f, "a b c");
	expect_attr(f, "focused", "a");
	expect_seen(f, "a");
	press(f, "Super+Tab");
	expect_attr(f, "focused", "b");
	expect_client(f, "a", "picture", NULL);
	expect_seen(f, "b");
	press(f, "Super+Shift+Tab Super+Shift+Tab");
	expect_attr(f, "focused", "c");
	run(f, "tab 2");
	expect_attr(f, "focused", "b");
	run(f, "tab left");
	expect_tabs(f, "b a c");
	g_autofree char *problem = run_badly(f, "tab sideways");
	g_assert_nonnull(strstr(problem, "sideways"));
}

static void split(void)
{
	START(ONE, "a");

	press(f, "Super+v");
	expect_frames(f, 2);
	press(f, "Super+s");
	expect_frames(f, 3);
	expect_attr(f, "focused", "");
	expect_frame(f, "a", LEFT);
	press(f, "Super+x Super+x");
	expect_frames(f, 1);
	expect_attr(f, "focused", "a");
	press(f, "Super+x q"); /* the last one stays */
	expect_line(f, "a", "key q", NULL);
	expect_frames(f, 1);
	press(f, "Super+y");
	expect_frames(f, 2);
	press(f, "Super+Shift+y");
	expect_frames(f, 1);
}

static void resize(void)
{
	START(TWO, "a b");

	press(f, "Super+Control+Left");
	expect_frame(f, "a", (Box){0, 0, 468, 700});
	press(f, "Super+r");
	expect_attr(f, "mode", "resize");
	press(f, "Left Left Shift+Left z Right");
	expect_frame(f, "a", (Box){0, 0, 468 - 40, 700});
	press(f, "Escape");
	expect_attr(f, "mode", "normal");
	press(f, "k");
	expect_line(f, "a", "key k", "key z"); /* keys of a mode are nobody else's */
	expect_seen(f, "b");
	Box box = picture_of(f, "b");
	expect_filled(f, box, color_of("b"));
}

static void focus_direction(void)
{
	START(THREE, "a b c");

	press(f, "Super+Right");
	expect_attr(f, "focused", "b");
	press(f, "Super+Down");
	expect_attr(f, "focused", "c");
	press(f, "Super+Down q");
	expect_line(f, "c", "key q", NULL);
	expect_pixel(f, 503, 500, FOCUS);
	press(f, "Super+Left");
	expect_attr(f, "focused", "a");
	expect_pixel(f, 6, 500, FOCUS);
	click(f, 700, 200);
	expect_attr(f, "focused", "b");
	expect_line(f, "b", "button 195,163", NULL);
}

static void move(void)
{
	START(TWO, "a b");

	press(f, "Super+Shift+Right"); /* the tile changes places */
	expect_frame(f, "a", RIGHT);
	expect_frame(f, "b", LEFT);
	expect_attr(f, "focused", "a");
	press(f, "Super+Alt+Left"); /* into its tabs */
	expect_tabs(f, "b a");
	expect_frame(f, "a", LEFT);
	press(f, "Super+Alt+Shift+Down"); /* and out of them */
	expect_frame(f, "a", (Box){0, 350, 500, 350});
	expect_tabs(f, "b");
	expect_frames(f, 3);
	expect_seen(f, "a");
	expect_seen(f, "b");
}

static void tag_attach(void)
{
	START(THREE, "a b c");

	press(f, "Super+t Super+Right Super+Down Super+t");
	expect_client(f, "a", "tagged", "yes");
	expect_client(f, "c", "tagged", "yes");
	press(f, "Super+2 Super+Shift+t");
	expect_tabs(f, "a c");
	expect_workspace_of(f, "a", "2");
	expect_client(f, "a", "tagged", NULL);
	expect_workspace_of(f, "b", "1");
	press(f, "Super+y");
	expect_workspace_of(f, "a", "1");
	expect_workspace_of(f, "c", "1");
}

static void workspaces(void)
{
	START(TWO, "a b");

	press(f, "Super+2");
	expect_attr(f, "workspace", "2");
	expect_client(f, "a", "picture", NULL);
	press(f, "Super+w w e b Return");
	expect_attr(f, "workspace", "web");
	press(f, "Super+1 Super+Shift+2");
	expect_workspace_of(f, "a", "2");
	expect_client(f, "a", "picture", NULL);
	press(f, "Super+n");
	expect_attr(f, "workspace", "2");
	expect_seen(f, "a");
	run(f, "rename mail");
	expect_workspace_of(f, "a", "mail");
}

static void back_and_forth(void)
{
	START(ONE, "a");

	press(f, "Super+3");
	expect_attr(f, "workspace", "3");
	press(f, "Super+b");
	expect_attr(f, "workspace", "1");
	press(f, "Super+b");
	expect_attr(f, "workspace", "3");
	run(f, "workspace back");
	expect_attr(f, "workspace", "1");
}

static void jump(void)
{
	START(THREE, "a b c");

	press(f, "Super+Right");
	expect_attr(f, "focused", "b");
	press(f, "Super+Grave");
	expect_attr(f, "focused", "a");
	press(f, "Super+Grave");
	expect_attr(f, "focused", "b");
	/* what a is given, c hears, too: both ask for attention, one has it */
	run(f, "go a; broadcast toggle; go c; broadcast toggle; go a");
	press(f, "u");
	expect_client(f, "c", "urgent", "yes");
	expect_client(f, "a", "urgent", NULL);
	expect_event(f, "urgent c");
	expect_pixel(f, 750, 694 - 1, 0xf0a030);
	press(f, "Super+2 Super+u");
	expect_attr(f, "focused", "c");
	expect_attr(f, "workspace", "1");
	expect_client(f, "c", "urgent", NULL);
}

static void zoom(void)
{
	START("\n+ assign bar | dock: up | size: 30" TWO, "a b bar");

	press(f, "Super+z");
	expect_attr(f, "zoom", "frame");
	expect_client(f, "b", "picture", NULL);
	expect_frame(f, "a", (Box){0, 30, 1000, 670});
	expect_kind(f, "bar", "dock");
	expect_seen(f, "a");
	press(f, "Super+z");
	expect_attr(f, "zoom", "none");
	press(f, "Super+f");
	expect_picture(f, "a", (Box){0, 0, 1000, 700});
	expect_pixel(f, 0, 0, color_of("a"));
	expect_pixel(f, 999, 699, color_of("a"));
	press(f, "Super+f");
	expect_attr(f, "zoom", "none");
	expect_seen(f, "b");
	expect_pixel(f, 500, 15, color_of("bar"));
}

static void floating(void)
{
	START(TWO, "a b");

	press(f, "Super+Right Super+Space");
	expect_kind(f, "b", "float");
	run(f, "place 100 120 300 200");
	expect_frame(f, "b", (Box){100, 120, 300, 200});
	press(f, "Super+Space");
	expect_frame(f, "b", RIGHT);
	press(f, "Super+Space");
	expect_frame(f, "b", (Box){100, 120, 300, 200});
	expect_seen(f, "b");
	drag(f, 150, 132, 190, 162); /* by its bar */
	expect_frame(f, "b", (Box){140, 150, 300, 200});
	drag(f, 140 + 299, 150 + 199, 140 + 349, 150 + 249); /* by its corner */
	expect_frame(f, "b", (Box){140, 150, 350, 250});
	press(f, "Super+Shift+Space"); /* to the frame that it has left */
	expect_attr(f, "focused", "");
	press(f, "Super+Shift+Space Super+Shift+Right");
	expect_attr(f, "focused", "b");
	expect_frame(f, "b", (Box){172, 150, 350, 250});
}

static void scratchpad(void)
{
	START(TWO, "a b");

	press(f, "Super+Right Super+Shift+Minus");
	expect_kind(f, "b", "scratchpad");
	expect_client(f, "b", "picture", NULL);
	press(f, "Super+2 Super+Minus");
	expect_kind(f, "b", "float");
	expect_workspace_of(f, "b", "2");
	expect_attr(f, "focused", "b");
	expect_seen(f, "b");
	press(f, "Super+Minus");
	expect_kind(f, "b", "scratchpad");
}

static void go_prompt(void)
{
	START("new: tab", "apple banana cherry");

	press(f, "Super+g b a");
	expect_attr(f, "typed", "ba");
	expect_color(f, (Box){220, 110, 570, 200}, 0x2c4a6b, 2000);
	press(f, "Return");
	expect_attr(f, "focused", "banana");
	press(f, "Super+g c h Tab");
	expect_attr(f, "typed", "cherry");
	press(f, "Return");
	expect_attr(f, "focused", "cherry");
	press(f, "Super+g z Escape q");
	expect_line(f, "cherry", "key q", "key z");
}

static void run_prompt(void)
{
	START(ONE, "a");

	press(f, "Super+d s p l i Tab");
	expect_attr(f, "typed", "split");
	press(f, "d o Tab Return");
	expect_frames(f, 2);
	expect_frame(f, "a", (Box){0, 0, 1000, 350});
	press(f, "Super+d w r o n g Return");
	expect_attr(f, "notice", "there is no action \"wrong\"");
	press(f, "Super+Up");
	expect_attr(f, "notice", NULL);
}

/* The keys that are configured, not those of a manual. */
static void help(void)
{
	START("\n+ key Super+F5 | run: workspace seven" ONE, "a");

	expect_seen(f, "a");
	press(f, "Super+h");
	expect_attr(f, "help", "yes");
	expect_pixel(f, 41, 350, FOCUS);
	expect_color(f, (Box){50, 60, 200, 40}, YELLOW, 10);
	press(f, "q"); /* any key ends it, and is nobody else's */
	expect_attr(f, "help", NULL);
	expect_pixel(f, 41, 350, color_of("a"));
	press(f, "w");
	expect_line(f, "a", "key w", "key q");
	press(f, "Super+F5");
	expect_attr(f, "workspace", "seven");
}

static void mode(void)
{
	START("\n+ mode system\n  + key L | run: theme light; mode normal\n"
	      "  + key Escape | run: mode normal\n+ key Super+F5 | run: mode system" ONE,
		"a");
	int bar = attr_int(f, "bar");
	Box pill = {300, 700 - 2 * bar, 400, bar};

	press(f, "Super+F5");
	expect_attr(f, "mode", "system");
	expect_event(f, "mode system");
	expect_color(f, pill, YELLOW, 1000);
	press(f, "l");
	expect_attr(f, "theme", "light");
	expect_attr(f, "mode", "normal");
	expect_pixel(f, 2, 2, 0xd4d8dd);
	expect_color(f, pill, color_of("a"), pill.width * pill.height);
}

static void drag_borders(void)
{
	START("threshold: 20" TWO, "a b");

	drag(f, 500, 300, 500 - 19, 300); /* not far enough */
	drag(f, 500, 300, 400, 330);
	expect_frame(f, "a", (Box){0, 0, 400, 700});
	expect_seen(f, "b");
	press(f, "Super+y"); /* the whole drag at once, and no other */
	expect_frame(f, "a", LEFT);
	change_config(f, "drag: no" TWO);
	expect_event(f, "config");
	drag(f, 500, 300, 300, 300);
	click(f, 700, 400);
	expect_attr(f, "focused", "b");
	expect_frame(f, "a", LEFT);
}

static void drag_tabs(void)
{
	START(TABS, "a b c");
	int y = 8 + attr_int(f, "bar") / 2;

	expect_tabs(f, "a b c");
	click(f, 8 + 330, y);
	expect_attr(f, "focused", "b");
	drag(f, 8 + 330, y, 8 + 20, y); /* before a */
	expect_tabs(f, "b a c");
	press(f, "Super+v");
	expect_frames(f, 2);
	drag(f, 20, y, 800, 300); /* into the empty frame */
	expect_frame(f, "b", RIGHT);
	expect_tabs(f, "a c");
	expect_attr(f, "focused", "b");
	expect_seen(f, "b");
	hold(f, "Super", true); /* the whole tile is a handle */
	drag(f, 800, 300, 200, 300);
	hold(f, "Super", false);
	expect_tabs(f, "a c b");
	press(f, "Super+y");
	expect_frame(f, "b", RIGHT);
}

static void hide_tabs(void)
{
	START("tabs: several" TWO, "a b");

	expect_picture(f, "a", (Box){8, 8, 487, 684});
	press(f, "Super+Alt+Right");
	expect_tabs(f, "b a");
	expect_seen(f, "a");
	g_assert_cmpint(picture_of(f, "a").y, ==, 8 + attr_int(f, "bar"));
	run(f, "go b; out left");
	Box box = picture_of(f, "b");
	g_assert_cmpint(box.y, ==, 8);
	press(f, "Super+c");
	expect_picture(f, "b",
		(Box){box.x, box.y + attr_int(f, "bar"), box.width,
			box.height - attr_int(f, "bar")});
	change_config(f, "tabs: several | threshold: 6" TWO);
	expect_event(f, "config");
	expect_picture(f, "b", box);
}

/* The status bar is a component like any other, at an edge that tiles leave free. */
static void status_bar(void)
{
	g_autoptr(Fixture) f =
		fixture_new("\n+ assign status | dock: up | size: 26" ONE, "a",
			"+ start status\n"
			"  + route\n"
			"    + service Framebuffer | + child wm\n"
			"    + service ROM | label_last: layout | + child report_rom\n"
			"    + any-service | + parent\n");

	expect_kind(f, "status", "dock");
	expect_client(f, "status", "width", "1000");
	expect_frame(f, "a", (Box){0, 26, 1000, 674});
	expect_color(f, (Box){0, 0, 1000, 26}, 0x15191e, 15000);
	run(f, "dock status down 40");
	expect_client(f, "status", "y", "660");
	expect_frame(f, "a", (Box){0, 0, 1000, 660});
	click(f, 500, 680); /* takes no focus */
	press(f, "q");
	expect_line(f, "a", "key q", NULL);
}

/* The window manager dies: its successor reads what it reported. */
static void save_restore(void)
{
	START("report: yes | restore: yes" THREE, "a b c");

	press(f, "Super+Control+Left Super+Right Super+Space");
	expect_kind(f, "b", "float");
	run(f, "place 100 120 300 200");
	press(f, "Super+Down Super+Shift+3 Super+3");
	expect_attr(f, "focused", "c");
	run(f, "rename third");
	expect_attr(f, "saved", "yes");
	pid_t old = find_component(f->desktop.pid, "init -> wm");
	kill(old, SIGKILL);
	fixture_reconnect(f);
	expect_attr(f, "workspace", "third");
	expect_workspace_of(f, "c", "third");
	expect_seen(f, "c");
	press(f, "Super+1");
	expect_frame(f, "a", (Box){0, 0, 468, 700});
	expect_frame(f, "b", (Box){100, 120, 300, 200});
	expect_seen(f, "b");
	g_assert_cmpint(find_component(f->desktop.pid, "init -> wm"), !=, old);
}

static void startup_layout(void)
{
	START("\n+ workspace code | focus: yes\n"
	      "  + columns | share: 30\n"
	      "    + frame\n"
	      "      + client a\n"
	      "    + frame | focus: yes\n"
	      "      + client b\n"
	      "  + float d | x: 10 | y: 20 | width: 200 | height: 100\n"
	      "+ workspace mail\n"
	      "  + frame\n"
	      "    + client c\n"
	      "+ scratchpad\n"
	      "  + client e\n",
		"a b c d e");

	expect_attr(f, "workspace", "code");
	expect_frame(f, "a", (Box){0, 0, 300, 700});
	expect_frame(f, "b", (Box){300, 0, 700, 700});
	expect_workspace_of(f, "c", "mail");
	expect_frame(f, "d", (Box){10, 20, 200, 100});
	expect_kind(f, "e", "scratchpad");
}

static void assign(void)
{
	START("\n+ assign app_* | workspace: apps\n"
	      "+ assign tool | float: yes | x: 50 | y: 60 | width: 320 | height: 240\n"
	      "+ assign notes | scratchpad: yes\n"
	      "+ assign panel | dock: left | size: 100\n",
		"app_1 app_2 tool notes panel");

	expect_workspace_of(f, "app_1", "apps");
	expect_workspace_of(f, "app_2", "apps");
	expect_frame(f, "tool", (Box){100, 60, 320, 240}); /* beside the panel */
	expect_kind(f, "notes", "scratchpad");
	expect_kind(f, "panel", "dock");
	expect_client(f, "panel", "height", "700");
	expect_attr(f, "workspace", "1");
}

/* As a script has it: the command, its output, its exit codes. */
static void control(void)
{
	START(TWO, "a b");
	g_autofree char *out = NULL;

	g_assert_cmpint(maquette_wm(f, "split down; go b", NULL), ==, 0);
	expect_frames(f, 3);
	expect_attr(f, "focused", "b");
	expect_event(f, "focus b");
	g_assert_cmpint(maquette_wm(f, "state", &out), ==, 0);
	g_assert_nonnull(strstr(out, "focused:   b\n"));
	g_free(g_steal_pointer(&out));
	g_assert_cmpint(maquette_wm(f, "", &out), ==, 0);
	g_assert_nonnull(strstr(out, "split        right/down\n"));
	g_free(g_steal_pointer(&out));
	g_assert_cmpint(maquette_wm(f, "keys", &out), ==, 0);
	g_assert_nonnull(strstr(out, "Super+V "));
	g_assert_cmpint(maquette_wm(f, "nonsense", NULL), ==, 1);
	g_assert_cmpint(maquette_wm(f, "split", NULL), ==, 1);
	g_autofree char *quote = run_badly(f, "go 'b");
	g_assert_nonnull(quote);
	expect_events_command(f);
}

/* Into several at once; those beside the group hear nothing. */
static void broadcast(void)
{
	START(THREE, "a b c");

	press(f, "Super+k Super+Right Super+k");
	expect_client(f, "a", "broadcast", "yes");
	expect_client(f, "b", "broadcast", "yes");
	press(f, "m");
	expect_line(f, "a", "key m", NULL);
	press(f, "Super+Down n"); /* c is not of the group */
	expect_line(f, "c", "key n", "key m");
	press(f, "Super+Shift+k p");
	expect_line(f, "a", "key p", "key n");
	press(f, "Super+Alt+k r Super+Left s");
	expect_line(f, "a", "key s", "key r");
}

static const struct {
	const char *name;
	void (*test)(void);
} tests[] = {
	{"static-frames", static_frames},
	{"tabs", tabs},
	{"split", split},
	{"resize", resize},
	{"focus-direction", focus_direction},
	{"move", move},
	{"tag-attach", tag_attach},
	{"workspaces", workspaces},
	{"back-and-forth", back_and_forth},
	{"jump", jump},
	{"zoom", zoom},
	{"floating", floating},
	{"scratchpad", scratchpad},
	{"go-prompt", go_prompt},
	{"run-prompt", run_prompt},
	{"help", help},
	{"mode", mode},
	{"drag-borders", drag_borders},
	{"drag-tabs", drag_tabs},
	{"hide-tabs", hide_tabs},
	{"status-bar", status_bar},
	{"save-restore", save_restore},
	{"startup-layout", startup_layout},
	{"assign", assign},
	{"control", control},
	{"broadcast", broadcast},
};

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/wm/", tests[i].name, NULL);

		g_test_add_func(path, tests[i].test);
	}
	return g_test_run();
}
