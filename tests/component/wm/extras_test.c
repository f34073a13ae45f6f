// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What no peer has; and clients that do what they should not: nothing but their own tile
 * suffers. Each is a ctest wm.NAME.
 */
#include "fixture.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define START(config, tiles) g_autoptr(Fixture) f = fixture_new(config, tiles, NULL)
#define ONE                                                                              \
	"\n+ frame\n"                                                                    \
	"  + client a\n"
#define TWO                                                                              \
	"\n+ columns\n"                                                                  \
	"  + frame | focus: yes\n"                                                       \
	"    + client a\n"                                                               \
	"  + frame\n"                                                                    \
	"    + client b\n"
#define LEFT ((Box){0, 0, 500, 700})
#define ROUTE                                                                            \
	"  + route\n"                                                                    \
	"    + service Framebuffer | + child wm\n"                                       \
	"    + service Input       | + child wm\n"                                       \
	"    + any-service         | + parent\n"
#define OTHER 0xc04040u /* a sample's colour after the key c */

/* ---- what no peer has ---- */

/* Label and colour come from the route; a client can call itself what it likes. */
static void labels(void)
{
	START(TWO, "a b");
	int bar = attr_int(f, "bar");

	expect_client(f, "a", "title", "tile a");
	expect_client(f, "a", "color", "12b886");
	expect_pixel(f, 8 + 14, 8 + bar / 2, 0x12b886);
	press(f, "t");
	expect_client(f, "a", "title", "init -> nobody else");
	expect_client(f, "a", "color", "12b886");
	expect_pixel(f, 8 + 14, 8 + bar / 2, 0x12b886);
	expect_kind(f, "init -> nobody else", NULL);
}

/* No pixel of a client is left, and the keys go on. */
static void xray(void)
{
	START(TWO, "a b");
	Box all = {0, 0, 1000, 700};

	expect_seen(f, "b");
	press(f, "Super+i");
	expect_attr(f, "xray", "yes");
	expect_pixel(f, 250, 650, 0x123b34); /* a's label colour, darkened */
	press(f, "c");
	expect_line(f, "a", "key c", NULL);
	expect_absent(f, all, color_of("b"));
	press(f, "Super+i");
	expect_seen(f, "b");
	expect_pixel(f, 250, 350, OTHER);
}

static void mirror(void)
{
	START(TWO, "a b");

	press(f, "Super+m");
	expect_client(f, "mirror of a", "mirror", "yes");
	expect_frames(f, 3);
	Box box = picture_of(f, "mirror of a");
	int x = box.x + box.width / 2, y = box.y + box.height / 2;
	expect_pixel(f, x, y, color_of("a"));
	run(f, "go a; tab 1");
	press(f, "Super+Left c");
	expect_line(f, "a", "key c", NULL);
	expect_pixel(f, x, y, OTHER);
	press(f, "x"); /* the end of the one is the end of the other */
	expect_kind(f, "a", NULL);
	expect_kind(f, "mirror of a", NULL);
	run(f, "go b; mirror; go mirror; mirror");
	expect_kind(f, "mirror of b", NULL);
	expect_seen(f, "b");
}

/* The last picture stays, keys are withheld; then both go on. */
static void freeze(void)
{
	START(TWO, "a b");

	run(f, "broadcast all; go b");
	expect_seen(f, "a");
	press(f, "Super+Left Super+Shift+f");
	expect_client(f, "a", "frozen", "yes");
	expect_line(f, "a", "blur", NULL);
	press(f, "q Super+Right c");
	expect_line(f, "b", "key c", NULL);
	expect_pixel(f, 750, 350, OTHER);
	expect_pixel(f, 250, 350, color_of("a"));
	run(f, "resize left 100");
	expect_pixel(f, 150, 350, color_of("a"));
	press(f, "Super+Left Super+Shift+f z");
	expect_line(f, "a", "focus", "key");
	expect_line(f, "a", "key z", "key q");
	expect_client(f, "a", "frozen", NULL);
	expect_seen(f, "a");
}

static void undo(void)
{
	START(TWO, "a b");

	run(f, "split down; go a; resize up 50; float; send 3");
	expect_workspace_of(f, "a", "3");
	press(f, "Super+y Super+y Super+y Super+y");
	expect_frames(f, 2);
	expect_frame(f, "a", LEFT);
	expect_frames(f, 2);
	g_autofree char *problem = run_badly(f, "undo; undo; undo");
	g_assert_cmpstr(problem, ==, "nothing to undo");
}

/* Another configuration: keys, theme, sizes, docks; the layout stays. */
static void live_config(void)
{
	START("\n+ assign bar | dock: up | size: 30" TWO, "a b bar");

	press(f, "Super+Control+Left");
	expect_frame(f, "a", (Box){0, 30, 468, 670});
	int before = attr_int(f, "bar");
	change_config(f, "theme: light | size: 20 | gap: 10 | modifier: Alt\n"
			 "+ key Alt+q | run: workspace keyed\n"
			 "+ assign bar | dock: down | size: 50\n");
	expect_event(f, "config");
	expect_attr(f, "theme", "light");
	expect_attr(f, "gap", "10");
	g_assert_cmpint(attr_int(f, "bar"), >, before);
	expect_frame(f, "a", (Box){0, 0, 468, 650});
	expect_kind(f, "bar", "dock");
	expect_pixel(f, 4, 4, 0xd4d8dd);
	press(f, "Alt+q");
	expect_attr(f, "workspace", "keyed");
	press(f, "Super+1"); /* no longer ours */
	press(f, "Alt+1");
	expect_attr(f, "workspace", "1");
	change_config(f, "keys: none\n+ key nonsense | run: help\n");
	expect_event(f, "config");
	expect_line(f, "wm", "Warning: the key \"nonsense\" is not understood", NULL);
}

static void looks(void)
{
	START(TWO, "a b");
	int bar = attr_int(f, "bar");

	press(f, "Super+l");
	expect_attr(f, "theme", "light");
	expect_pixel(f, 2, 2, 0xd4d8dd);
	press(f, "Super+l");
	expect_attr(f, "theme", "dark");
	run(f, "font larger; font larger; font larger");
	int larger = attr_int(f, "bar");
	g_assert_cmpint(larger, >, bar + 3);
	g_autofree char *before = g_strdup_printf("%d", bar);
	g_autofree char *after = g_strdup_printf("%d", larger);
	press(f, "Super+0");
	expect_attr(f, "bar", before);
	press(f, "Super+Equal Super+Equal Super+Equal");
	expect_attr(f, "bar", after);
	expect_seen(f, "a");
}

/* Who is not seen is not told that a frame was shown: so it stops drawing. */
static void hidden(void)
{
	g_autoptr(Fixture) f = fixture_new(ONE, "a",
		"+ start busy\n  + binary sample\n" ROUTE
		"  + config | color: 707070 | flood: commits\n");

	run(f, "go busy; fullscreen");
	expect_pixel(f, 500, 350, 0x707070);
	run(f, "go a; fullscreen");
	expect_client(f, "busy", "picture", NULL);
	expect_line(f, "busy", "waits", NULL);
	run(f, "fullscreen");
	expect_pixel(f, 750, 350, 0x707070);
}

/* It is asked; who does not want to is hidden, and is still there. */
static void close_tile(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "a b",
		"+ start polite\n"
		"  + binary sample\n"
		"  + route\n"
		"    + service Framebuffer | + child wm\n"
		"    + service Input       | + child wm\n"
		"    + any-service         | + parent\n"
		"  + config | color: 707070 | closes: yes\n");

	expect_client(f, "polite", "input", "yes");
	run(f, "go polite");
	press(f, "Super+q");
	expect_kind(f, "polite", NULL);
	run(f, "go b");
	press(f, "Super+q");
	expect_line(f, "b", "asked to close", NULL);
	expect_client(f, "b", "asked_to_close", "yes");
	press(f, "Super+q");
	expect_kind(f, "b", "scratchpad");
	run(f, "scratchpad show");
	expect_seen(f, "b");
	run(f, "go a; mirror; go \"mirror of a\"; close");
	expect_kind(f, "mirror of a", NULL);
}

/* What the component takes, by core's word. */
static void usage(void)
{
	g_autoptr(Fixture) f = fixture_new("| usage: init" TWO, "a b", NULL);

	expect_client_has(f, "a", "usage", "%");
	expect_client_has(f, "b", "usage", "MiB");
	press(f, "t"); /* another title does not touch it */
	expect_client(f, "a", "title", "init -> nobody else");
	expect_client_has(f, "a", "usage", "%");
	press(f, "x");
	expect_kind(f, "a", NULL);
	expect_client_has(f, "b", "usage", "MiB");
}

/* A client that calls itself anew again and again keeps what its tab shows. */
static void usage_titles(void)
{
	g_autoptr(Fixture) f = fixture_new("| usage: init" TWO, "a b",
		"+ start zz\n  + binary sample\n" ROUTE
		"  + config | color: 707070 | flood: titles\n");

	expect_client_has(f, "zz", "usage", "MiB");
	for (int i = 0; i < 50; i++)
		run(f, "go zz; go a");
	expect_client_has(f, "zz", "usage", "MiB");
}

/* The client's own memory is shown while nothing else is to be seen. */
static void scan_out(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "a b", NULL);

	expect_attr(f, "scan_out", NULL);
	run(f, "go b; fullscreen");
	expect_attr(f, "scan_out", "yes");
	expect_pixel(f, 1, 1, color_of("b"));
	press(f, "c");
	expect_pixel(f, 998, 698, OTHER);
	press(f, "Super+h"); /* the help lies above: it is composed */
	expect_attr(f, "help", "yes");
	expect_attr(f, "scan_out", NULL);
	expect_pixel(f, 1, 1, OTHER);
	press(f, "Super+h");
	expect_attr(f, "scan_out", "yes");
	SendExtDesktopSize(f->viewer, 800, 500);
	expect_picture(f, "b", (Box){0, 0, 800, 500});
	expect_pixel(f, 798, 498, OTHER);
	expect_attr(f, "scan_out", "yes");
	press(f, "x"); /* it ends while its memory is shown */
	expect_seen(f, "a");
	expect_attr(f, "scan_out", NULL);
}

/* Its memory was shown: it gets all of it back, and draws on. */
static void scan_out_ends(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "a b", NULL);

	run(f, "go b; fullscreen");
	expect_attr(f, "scan_out", "yes");
	expect_pixel(f, 1, 1, color_of("b"));
	press(f, "c");
	expect_pixel(f, 998, 698, OTHER);
	run(f, "fullscreen");
	expect_attr(f, "scan_out", NULL);
	for (int i = 0; i < 4; i++) {
		run(f, i % 2 ? "split right; focus left" : "split down; focus up");
		Box box = picture_of(f, "b");
		g_autofree char *drawn =
			g_strdup_printf("size %dx%d", box.width, box.height);
		expect_line(f, "b", drawn, NULL);
		expect_pixel(f, box.x + box.width - 2, box.y + box.height / 2, OTHER);
	}
}

/* A window manager in a tile of a window manager in a tile of a window manager. */
static void nested(void)
{
	static const char wm[] = "+ start inner_%d\n"
				 "  + binary wm\n"
				 "  + provides\n"
				 "    + service Framebuffer\n"
				 "    + service Input\n"
				 "  + route\n"
				 "    + service Framebuffer | + child %s\n"
				 "    + service Input       | + child %s\n"
				 "    + any-service         | + parent\n"
				 "  + config | gap: 0 | border: 1\n";
	static const char tile[] = "+ start deep\n"
				   "  + binary sample\n"
				   "  + route\n"
				   "    + service Framebuffer | + child inner_2\n"
				   "    + service Input       | + child inner_2\n"
				   "    + any-service         | + parent\n"
				   "  + config | color: 305030\n";
	g_autoptr(GString) more = g_string_new(NULL);

	g_string_append_printf(more, wm, 1, "wm", "wm");
	g_string_append_printf(more, wm, 2, "inner_1", "inner_1");
	g_string_append(more, tile);
	g_autoptr(Fixture) f = fixture_new(ONE, "", more->str);
	expect_client(f, "inner_1", "input", "yes");
	expect_pixel(f, 500, 350, 0x305030);
	press(f, "c"); /* through all three, and back */
	expect_line(f, "deep", "key c", NULL);
	expect_pixel(f, 500, 350, OTHER);
	click(f, 500, 350);
	Box box = picture_of(f, "inner_1");
	int bar = attr_int(f, "bar");
	g_autofree char *at = g_strdup_printf(
		"button %d,%d", 500 - box.x - 2, 350 - box.y - 2 - 2 * bar);
	expect_line(f, "deep", at, NULL);
	run(f, "split right; resize left 100");
	expect_pixel(f, 200, 350, OTHER);
}

/* A second display, at its right: one layout, each with a workspace of its own. */
static void two_screens(void)
{
	g_autoptr(Fixture) f = fixture_new_with("\n+ output first\n+ output second" TWO,
		"a b",
		"+ start vnc_2 | ram: 64M\n"
		"  + binary vnc\n"
		"  + provides\n"
		"    + service Framebuffer\n"
		"    + service Input\n"
		"  + host | + listen display | port: 0\n"
		"  + config | width: 600 | height: 400\n",
		"    + service Framebuffer | label_last: second | + child vnc_2\n"
		"    + service Input       | label_last: second | + child vnc_2\n");
	int port = desktop_await_port(&f->desktop, "vnc_2");
	rfbClient *first = f->viewer, *second = connect_viewer(port);

	expect_frame(f, "a", LEFT);
	press(f, "Super+Right Super+Alt+Right"); /* beyond the edge */
	expect_workspace_of(f, "b", "2");
	expect_frame(f, "b", (Box){1000, 0, 600, 400});
	f->viewer = second; /* who looks at the other one */
	expect_pixel(f, 300, 200, color_of("b"));
	press(f, "c");
	expect_line(f, "b", "key c", NULL);
	expect_pixel(f, 300, 200, OTHER);
	click(f, 300, 200);
	int bar = attr_int(f, "bar");
	g_autofree char *at = g_strdup_printf("button %d,%d", 300 - 8, 200 - 8 - bar);
	expect_line(f, "b", at, NULL);
	press(f, "Super+f");
	expect_picture(f, "b", (Box){1000, 0, 600, 400});
	f->viewer = first;
	expect_pixel(f, 250, 350, color_of("a"));
	click(f, 250, 350);
	expect_attr(f, "focused", "a");
	run(f, "output next; workspace 1");
	expect_attr(f, "focused", "a");
	disconnect(second);
}

/* ---- bad clients ---- */

/* Its first size for ever: clipped, and empty where it does not reach. */
static void stubborn(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "b",
		"+ start a\n  + binary sample\n" ROUTE
		"  + config | color: 707070 | stubborn: yes\n");

	expect_pixel(f, 250, 350, 0x707070);
	press(f, "Super+Control+Right");
	expect_frame(f, "a", (Box){0, 0, 532, 700});
	expect_color(f, (Box){496, 40, 10, 300}, 0x12161b, 3000);
	expect_seen(f, "b");
	press(f, "Super+f");
	expect_attr(f, "zoom", "full");
	press(f, "Super+f");
	expect_seen(f, "b");
}

/* Never draws again after its first frame; the other one is resized all the same. */
static void mute(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "b",
		"+ start a\n  + binary sample\n" ROUTE
		"  + config | color: 707070 | mute: yes\n");

	expect_pixel(f, 250, 350, 0x707070);
	for (int i = 0; i < 10; i++)
		run(f, "resize left 20");
	expect_seen(f, "b");
	expect_filled(f, picture_of(f, "b"), color_of("b"));
}

/* ---- what clients would like ---- */

#define LIKING(name, color, limits)                                                      \
	"+ start " name "\n  + binary sample\n" ROUTE "  + config | color: " color       \
	" | limits: " limits "\n"

/* Larger than its tile: a part of it is seen, another one by pan; the pointer goes with
 * it. */
static void limits_least(void)
{
	g_autoptr(Fixture) f =
		fixture_new(TWO, "b", LIKING("a", "707070", "600 900 0 0 0 0"));

	expect_client(f, "a", "input", "yes");
	expect_line(f, "a", "size 600x900", NULL);
	expect_client(f, "a", "beyond", "0 0 600 900");
	Box seen = picture_of(f, "a");
	g_assert_cmpint(seen.width, <, 500);
	expect_filled(f, seen, 0x707070);
	run(f, "go a");
	press(f, "Super+End");
	expect_client(f, "a", "beyond", "64 0 600 900");
	press(f, "Super+PageDown Super+PageDown");
	expect_client(f, "a", "beyond", "64 128 600 900");
	click(f, seen.x + 10, seen.y + 20);
	expect_line(f, "a", "button 74,148", NULL);
	run(f, "pan up 100; pan left 999");
	expect_client(f, "a", "beyond", "0 28 600 900");
	g_autofree char *problem = run_badly(f, "pan left");
	g_assert_cmpstr(problem, ==, "all of it is seen on that side");
	hold(f, "Super", true);
	pointer(f, 100, 300, 0);
	pointer(f, 100, 300, 16); /* a notch towards the user */
	pointer(f, 100, 300, 0);
	hold(f, "Super", false);
	expect_client(f, "a", "beyond", "0 68 600 900");
	expect_filled(f, seen, 0x707070);
	expect_seen(f, "b");
	press(f, "Super+z"); /* wide enough, and still not high enough */
	expect_client(f, "a", "beyond", "0 68 984 900");
}

/* Smaller, or of a ratio: in the middle, nothing around it, and that is not the client's.
 */
static void limits_most(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "b",
		LIKING("a", "707070", "0 0 200 100 0 0")
			LIKING("wide", "607060", "0 0 0 0 2 1"));

	expect_client(f, "wide", "input", "yes");
	expect_client(f, "a", "input", "yes");
	expect_line(f, "a", "size 200x100", NULL);
	Box frame = frame_box_of(f, "a"), picture = picture_of(f, "a");
	int bar = attr_int(f, "bar");
	g_assert_cmpint(ABS((frame.x + frame.width / 2) - (picture.x + 100)), <=, 4);
	g_assert_cmpint(
		ABS((frame.y + (frame.height + bar) / 2) - (picture.y + 50)), <=, 4);
	expect_filled(f, picture, 0x707070);
	Box above = {picture.x, picture.y - 60, 200, 50};
	expect_filled(f, above, 0x12161b);
	click(f, picture.x - 30, picture.y + 50);
	expect_attr(f, "focused", "a");
	click(f, picture.x + 3, picture.y + 4);
	expect_line(f, "a", "button 3,4", "button -");
	run(f, "go wide; fullscreen");
	expect_picture(f, "wide", (Box){0, 100, 1000, 500});
	expect_filled(f, (Box){0, 100, 1000, 500}, 0x607060);
	expect_filled(f, (Box){0, 0, 1000, 100}, 0x12161b);
	expect_filled(f, (Box){0, 600, 1000, 100}, 0x12161b);
	expect_attr(f, "scan_out", NULL);
}

/* The first floating size; the next one is the user's. */
static void limits_float(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO "+ assign c | float: yes\n", "b",
		LIKING("a", "707070", "0 0 200 100 0 0")
			LIKING("c", "607060", "300 200 300 200 0 0"));

	expect_client(f, "a", "input", "yes");
	expect_kind(f, "c", "float");
	expect_line(f, "c", "size 300x200", NULL);
	expect_client(f, "c", "beyond", NULL);
	Box c = frame_box_of(f, "c");
	g_assert_cmpint(c.width, ==, 304);
	g_assert_cmpint(ABS(c.x + c.width / 2 - 500), <=, 1);
	run(f, "go a; float");
	g_assert_cmpint(frame_box_of(f, "a").width, ==, 204);
	run(f, "place 10 20 400 300; float; float");
	expect_frame(f, "a", (Box){10, 20, 400, 300});
	g_assert_cmpint(picture_of(f, "a").width, ==, 200);
}

/* What lies below a translucent tile is seen through it if it floats. */
static void alpha(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "b",
		"+ start a\n  + binary sample\n" ROUTE
		"  + config | color: 80400000 | alpha: yes\n");
	guint32 over = 0x702010; /* b is 604020 */

	expect_pixel(f, 250, 350, 0x490b0d); /* over the empty tile's colour */
	run(f, "go a; fullscreen");
	expect_pixel(f, 500, 350, 0x490b0d);
	expect_attr(f, "scan_out", NULL);
	run(f, "fullscreen; go a; place 520 100 300 300");
	expect_pixel(f, 670, 250, over);
	press(f, "Super+i");
	expect_attr(f, "xray", "yes");
	expect_absent(f, (Box){520, 150, 300, 250}, over);
	press(f, "Super+i Super+Shift+f"); /* frozen: likewise */
	expect_client(f, "a", "frozen", "yes");
	expect_pixel(f, 670, 250, over);
}

static void flood(const char *what)
{
	g_autofree char *more =
		g_strdup_printf("+ start a\n  + binary sample\n" ROUTE
				"  + config | color: 707070 | flood: %s\n",
			what);
	g_autoptr(Fixture) f = fixture_new(TWO, "b", more);

	expect_pixel(f, 250, 350, 0x707070);
	run(f, "go b");
	for (int i = 0; i < 20; i++) {
		press(f, "k");
		expect_line(f, "b", "key k", NULL);
	}
	press(f, "c");
	expect_pixel(f, 750, 350, OTHER);
	run(f, "move left");
	expect_frame(f, "b", LEFT);
}

static void flood_commits(void)
{
	flood("commits");
}

static void flood_limits(void)
{
	flood("limits");
}

static void flood_titles(void)
{
	flood("titles");
}

/* One session after the other: a tab in its own frame each, and the focus stays. */
static void flood_sessions(void)
{
	g_autoptr(Fixture) f = fixture_new(TWO, "a",
		"+ start b | ram: 64M | caps: 1000\n  + binary sample\n" ROUTE
		"  + config | color: 707070 | flood: sessions\n");

	expect_line(f, "b", "a hundred sessions", NULL);
	expect_attr(f, "focused", "a");
	expect_frames(f, 2);
	expect_frame(f, "a", LEFT);
	expect_frame(f, "b", (Box){500, 0, 500, 700});
	press(f, "k");
	expect_line(f, "a", "key k", NULL);
	expect_seen(f, "a");
	expect_pixel(f, 750, 350, 0x707070);
}

/* The tile dies while it is dragged, as a tab and as a floating one. */
static void drag_death(void)
{
	START(TWO, "a b");
	int y = 8 + attr_int(f, "bar") / 2;

	pointer(f, 520, y, 0);
	pointer(f, 520, y, 1);
	pointer(f, 540, y + 40, 1);
	expect_attr(f, "focused", "b");
	kill(find_component(f->desktop.pid, "init -> b"), SIGKILL);
	expect_kind(f, "b", NULL);
	pointer(f, 100, 300, 1);
	pointer(f, 100, 300, 0);
	expect_tabs(f, "a");
	run(f, "go a; float; place 100 100 300 300");
	pointer(f, 150, 112, 0);
	pointer(f, 150, 112, 1);
	pointer(f, 180, 150, 1);
	expect_client(f, "a", "x", "130");
	kill(find_component(f->desktop.pid, "init -> a"), SIGKILL);
	expect_kind(f, "a", NULL);
	pointer(f, 300, 300, 0);
	press(f, "Super+s");
	expect_frames(f, 3);
}

/* One after the other, each with a tab; then all of them go. */
static void many(void)
{
	g_autoptr(GString) tiles = g_string_new("t0");
	g_autoptr(Fixture) f = NULL;

	for (int i = 1; i < 40; i++)
		g_string_append_printf(tiles, " t%d", i);
	f = fixture_new("", tiles->str, NULL);
	run(f, "go t39; fullscreen");
	expect_pixel(f, 500, 350, color_of("t39"));
	run(f, "fullscreen; broadcast all");
	press(f, "x");
	for (int i = 0; i < 40; i++) {
		g_autofree char *name = g_strdup_printf("t%d", i);

		expect_kind(f, name, NULL);
	}
	press(f, "Super+d x Escape");
	expect_attr(f, "prompt", NULL);
}

static const struct {
	const char *name;
	void (*test)(void);
} tests[] = {
	{"labels", labels},
	{"xray", xray},
	{"mirror", mirror},
	{"freeze", freeze},
	{"undo", undo},
	{"live-config", live_config},
	{"looks", looks},
	{"hidden", hidden},
	{"close", close_tile},
	{"usage", usage},
	{"usage-titles", usage_titles},
	{"scan-out", scan_out},
	{"scan-out-ends", scan_out_ends},
	{"nested", nested},
	{"two-screens", two_screens},
	{"limits-least", limits_least},
	{"limits-most", limits_most},
	{"limits-float", limits_float},
	{"alpha", alpha},
	{"stubborn", stubborn},
	{"mute", mute},
	{"flood-commits", flood_commits},
	{"flood-limits", flood_limits},
	{"flood-titles", flood_titles},
	{"flood-sessions", flood_sessions},
	{"drag-death", drag_death},
	{"many", many},
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
