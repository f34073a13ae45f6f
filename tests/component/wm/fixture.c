// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"

#include <maq/memory.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static const char head[] = "config\n"
			   "+ parent-provides\n"
			   "  + service LOG\n"
			   "  + service ROM\n"
			   "  + service Process\n"
			   "+ default-route\n"
			   "  + any-service\n"
			   "    + parent\n"
			   "    + any-child\n"
			   "+ default | caps: 300 | ram: 32M\n"
			   "+ service Wm | + default-policy | + child wm\n"
			   "+ start vnc | ram: 64M\n"
			   "  + provides\n"
			   "    + service Framebuffer\n"
			   "    + service Input\n"
			   "  + host | + listen display | port: 0\n"
			   "  + config | width: 1000 | height: 700\n"
			   "+ start report_rom\n"
			   "  + provides\n"
			   "    + service Report\n"
			   "    + service ROM\n"
			   "  + route | + any-service | + parent\n"
			   "  + config\n"
			   "    + policy | label: wm -> layout | report: wm -> layout\n"
			   "+ start wm | ram: 128M | caps: 4000\n"
			   "  + restart | backoff_ms: 20\n"
			   "  + provides\n"
			   "    + service Framebuffer\n"
			   "    + service Input\n"
			   "    + service Wm\n"
			   "  + route\n";

static const char wm_routes[] =
	"    + service Framebuffer | + child vnc\n"
	"    + service Input       | + child vnc\n"
	"    + service Report      | + child report_rom\n"
	"    + service ROM         | label_last: layout | + child report_rom\n"
	"    + any-service         | + parent\n";

static const char route[] = "  + route\n"
			    "    + service Framebuffer | + child wm\n"
			    "    + service Input       | + child wm\n"
			    "    + any-service         | + parent\n";

/* ---- the scenario ---- */

guint32 color_of(const char *tile)
{
	static const guint32 colors[] = {0x204060, 0x206040, 0x604020, 0x602040, 0x402060,
		0x406020, 0x305070, 0x703050};

	return colors[(guint8)tile[0] % G_N_ELEMENTS(colors)];
}

/* Each line within the config node, but for the first, which is the rest of its own. */
static void put_config(GString *text, const char *config)
{
	g_auto(GStrv) lines = g_strsplit(*config ? config : "\n", "\n", -1);

	g_string_append_printf(
		text, "  + config%s%s\n", *lines[0] ? " | " : "", lines[0]);
	for (char **line = lines + 1; *line && **line; line++)
		g_string_append_printf(text, "    %s\n", *line);
}

static void write_scenario(const Fixture *fixture, const char *config)
{
	g_autoptr(GString) text = g_string_new(head);
	g_autofree char *path = g_build_filename(fixture->folder, "init.config", NULL);
	g_autoptr(GError) error = NULL;

	g_string_append(text, fixture->routes);
	g_string_append(text, wm_routes);
	put_config(text, config);
	g_string_append(text, fixture->body);
	g_string_append(text, "-\n");
	g_file_set_contents(path, text->str, -1, &error);
	g_assert_no_error(error);
}

void change_config(Fixture *fixture, const char *config)
{
	write_scenario(fixture, config);
}

static char *tile_nodes(const char *tiles)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) names = g_strsplit(tiles, " ", -1);

	for (char **name = names; *name; name++)
		if (**name)
			g_string_append_printf(text,
				"+ start %s\n  + binary sample\n%s"
				"  + config | color: %06x | title: tile %s\n",
				*name, route, color_of(*name), *name);
	return g_string_free(g_steal_pointer(&text), false);
}

static void event_told(void *data)
{
	((Fixture *)data)->happened = true;
}

static void connect_remote(Fixture *fixture)
{
	g_autofree char *pid = g_strdup_printf("%d", fixture->desktop.pid);
	g_autoptr(GError) error = NULL;

	fixture->remote = remote_find("test", pid);
	g_assert_nonnull(fixture->remote);
	int channel = remote_session(fixture->remote, &maq_wm_interface, &error);
	g_assert_no_error(error);
	fixture->wm = maq_wm_attach(fixture->remote->env, channel);
	maq_wm_on_happened(fixture->wm, event_told, fixture);
}

Fixture *fixture_new(const char *config, const char *tiles, const char *more)
{
	return fixture_new_with(config, tiles, more, "");
}

Fixture *fixture_new_with(
	const char *config, const char *tiles, const char *more, const char *routes)
{
	Fixture *fixture = g_new0(Fixture, 1);
	g_autofree char *nodes = tile_nodes(tiles);
	g_auto(GStrv) names = g_strsplit(tiles, " ", -1);
	g_autoptr(GError) error = NULL;

	fixture->folder = g_dir_make_tmp("maq-wm-XXXXXX", &error);
	g_assert_no_error(error);
	fixture->body = g_strconcat(nodes, more, NULL);
	fixture->routes = g_strdup(routes);
	write_scenario(fixture, config);
	fixture->desktop = desktop_start(fixture->folder, NULL);
	fixture->viewer = connect_viewer(fixture->desktop.port);
	connect_remote(fixture);
	for (char **name = names; *name; name++)
		if (**name)
			expect_client(fixture, *name, "input", "yes");
	return fixture;
}

void fixture_free(Fixture *fixture)
{
	g_autofree char *path = g_build_filename(fixture->folder, "init.config", NULL);

	disconnect(fixture->viewer);
	remote_free(fixture->remote);
	desktop_end(&fixture->desktop);
	g_unlink(path);
	g_rmdir(fixture->folder);
	g_free(fixture->folder);
	g_free(fixture->body);
	g_free(fixture->routes);
	g_free(fixture);
}

void fixture_reconnect(Fixture *fixture)
{
	MaqSession *session = maq_wm_session(fixture->wm);

	while (!maq_session_lost(session))
		maq_loop_step(maq_env_loop(fixture->remote->env), -1);
	remote_free(fixture->remote);
	fixture->next = 0;
	connect_remote(fixture); /* the request waits for the next one */
}

/* ---- the user ---- */

static guint32 keysym_of(const char *name)
{
	static const struct {
		const char *name;
		guint32 keysym;
	} keys[] = {{"Super", 0xffeb}, {"Shift", 0xffe1}, {"Control", 0xffe3},
		{"Alt", 0xffe9}, {"Left", 0xff51}, {"Up", 0xff52}, {"Right", 0xff53},
		{"Down", 0xff54}, {"Return", 0xff0d}, {"Escape", 0xff1b}, {"Tab", 0xff09},
		{"Space", 0x20}, {"Minus", 0x2d}, {"Equal", 0x3d}, {"Grave", 0x60},
		{"BackSpace", 0xff08}, {"F5", 0xffc2}, {"End", 0xff57},
		{"PageDown", 0xff56}};

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].keysym;
	g_assert_cmpuint(strlen(name), ==, 1);
	return (guint8)name[0];
}

void hold(Fixture *fixture, const char *key, bool down)
{
	g_assert_true(SendKeyEvent(fixture->viewer, keysym_of(key), down));
}

static void press_one(Fixture *fixture, const char *combination)
{
	g_auto(GStrv) parts = g_strsplit(combination, "+", 8);
	guint n = g_strv_length(parts);

	for (guint i = 0; i < n; i++)
		hold(fixture, parts[i], true);
	for (guint i = n; i-- > 0;)
		hold(fixture, parts[i], false);
}

void press(Fixture *fixture, const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);

	for (char **one = all; *one; one++)
		press_one(fixture, *one);
}

void pointer(Fixture *fixture, int x, int y, int buttons)
{
	g_assert_true(SendPointerEvent(fixture->viewer, x, y, buttons));
}

void click(Fixture *fixture, int x, int y)
{
	pointer(fixture, x, y, 0);
	pointer(fixture, x, y, 1);
	pointer(fixture, x, y, 0);
}

void drag(Fixture *fixture, int x, int y, int to_x, int to_y)
{
	pointer(fixture, x, y, 0);
	pointer(fixture, x, y, 1);
	pointer(fixture, (x + to_x) / 2, (y + to_y) / 2, 1);
	pointer(fixture, to_x, to_y, 1);
	pointer(fixture, to_x, to_y, 0);
}

static char **command_of(const Fixture *fixture, const char *words)
{
	g_autofree char *program =
		g_build_filename(g_getenv("MAQ_BIN"), "maquette", NULL);
	g_autofree char *line =
		g_strdup_printf("%s wm -s %d %s", program, fixture->desktop.pid, words);

	return g_strsplit(g_strchomp(line), " ", -1);
}

int maquette_wm(Fixture *fixture, const char *words, char **out)
{
	g_auto(GStrv) command = command_of(fixture, words);
	int status = 0;
	g_autoptr(GError) error = NULL;

	g_spawn_sync(NULL, command, NULL,
		G_SPAWN_DEFAULT | (out ? 0 : G_SPAWN_STDOUT_TO_DEV_NULL), NULL, NULL, out,
		NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void expect_events_command(Fixture *fixture)
{
	g_auto(GStrv) command = command_of(fixture, "events");
	g_autoptr(GError) error = NULL;
	char line[200] = "";
	GPid pid;
	int out;

	g_spawn_async_with_pipes(NULL, command, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
		NULL, &pid, NULL, &out, NULL, &error);
	g_assert_no_error(error);
	FILE *file = fdopen(out, "r");
	run(fixture, "workspace eventful");
	while (strcmp(line, "workspace eventful\n"))
		g_assert_nonnull(fgets(line, sizeof line, file));
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	fclose(file);
}

static bool run_line(Fixture *fixture, const char *line, char **message)
{
	const char *text = "";
	bool done = false;

	g_assert_cmpint(maq_wm_run(fixture->wm, line, &done, &text), ==, MAQ_WM_OK);
	*message = g_strdup(text);
	return done;
}

void run(Fixture *fixture, const char *line)
{
	g_autofree char *message = NULL;
	bool done = run_line(fixture, line, &message);

	if (!done)
		g_error("%s: %s", line, message);
}

char *run_badly(Fixture *fixture, const char *line)
{
	char *message = NULL;

	g_assert_false(run_line(fixture, line, &message));
	return message;
}

/* ---- the state ---- */

static MaqHidDocument *state_of(Fixture *fixture)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(maq_wm_state(fixture->wm, &size, &content), ==, MAQ_WM_OK);
	const char *text = maq_map(content, false, &mapped, NULL);
	MaqHidDocument *state =
		maq_hid_parse(text, (gssize)size, "state", MAQ_HID_STRICT, &error);
	g_assert_no_error(error);
	maq_unmap(text, mapped);
	return state;
}

/* Whether all events until now have been read; one more is told from then on. */
static void rearm(Fixture *fixture)
{
	guint64 end = G_MAXUINT64;
	const void *text;
	gsize size;

	fixture->happened = false;
	for (guint64 from = fixture->next; from < end;)
		g_assert_cmpint(
			maq_wm_events(fixture->wm, from, &from, &end, &text, &size), ==,
			MAQ_WM_OK);
}

typedef bool (*Check)(const MaqHidNode *state, void *data);

static void expect(Fixture *fixture, Check check, void *data, const char *what)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	for (;;) {
		rearm(fixture);
		g_autoptr(MaqHidDocument) state = state_of(fixture);
		if (check(maq_hid_root(state), data))
			return;
		if (g_get_monotonic_time() > until)
			g_error("%s has not come; the state is\n%s", what,
				maq_hid_source(state, NULL));
		while (!fixture->happened && g_get_monotonic_time() <= until)
			maq_loop_step(maq_env_loop(fixture->remote->env), 100000000);
	}
}

typedef struct {
	const char *name, *tag, *value;
	guint n;
	Box box;
} Wanted;

static bool attr_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;

	return !g_strcmp0(maq_hid_attr(state, wanted->tag), wanted->value);
}

void expect_attr(Fixture *fixture, const char *tag, const char *value)
{
	Wanted wanted = {.tag = tag, .value = value};
	g_autofree char *what = g_strdup_printf("%s: %s", tag, value);

	expect(fixture, attr_is, &wanted, what);
}

static const MaqHidNode *find_client(const MaqHidNode *node, const char *name)
{
	const MaqHidNode *child = maq_hid_first(node, NULL);

	for (; child; child = maq_hid_next(child, NULL)) {
		const char *type = maq_hid_type(child);
		bool client = !strcmp(type, "client") || !strcmp(type, "float") ||
			      !strcmp(type, "dock");

		if (client && !g_strcmp0(maq_hid_name(child), name) &&
			!maq_hid_attr(child, "absent"))
			return child;
		const MaqHidNode *found = find_client(child, name);
		if (found)
			return found;
	}
	return NULL;
}

static bool client_attr_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	const MaqHidNode *client = find_client(state, wanted->name);

	return client && !g_strcmp0(maq_hid_attr(client, wanted->tag), wanted->value);
}

void expect_client(
	Fixture *fixture, const char *client, const char *tag, const char *value)
{
	Wanted wanted = {.name = client, .tag = tag, .value = value};
	g_autofree char *what = g_strdup_printf("%s of %s: %s", tag, client, value);

	expect(fixture, client_attr_is, &wanted, what);
}

static bool client_attr_has(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	const char *value = maq_hid_attr(find_client(state, wanted->name), wanted->tag);

	return value && strstr(value, wanted->value);
}

void expect_client_has(
	Fixture *fixture, const char *client, const char *tag, const char *part)
{
	Wanted wanted = {.name = client, .tag = tag, .value = part};
	g_autofree char *what = g_strdup_printf("%s of %s has %s", tag, client, part);

	expect(fixture, client_attr_has, &wanted, what);
}

static bool kind_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	const MaqHidNode *client = find_client(state, wanted->name);

	if (!client)
		return !wanted->value;
	if (!strcmp(maq_hid_type(client), "client"))
		client = maq_hid_parent(client);
	return !g_strcmp0(maq_hid_type(client), wanted->value);
}

void expect_kind(Fixture *fixture, const char *client, const char *kind)
{
	Wanted wanted = {.name = client, .value = kind};
	g_autofree char *what = g_strdup_printf("%s in %s", client, kind);

	expect(fixture, kind_is, &wanted, what);
}

static bool workspace_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	const MaqHidNode *node = find_client(state, wanted->name);

	while (node && strcmp(maq_hid_type(node), "workspace"))
		node = maq_hid_parent(node);
	return node && !g_strcmp0(maq_hid_name(node), wanted->value);
}

void expect_workspace_of(Fixture *fixture, const char *client, const char *workspace)
{
	Wanted wanted = {.name = client, .value = workspace};
	g_autofree char *what = g_strdup_printf("%s on workspace %s", client, workspace);

	expect(fixture, workspace_is, &wanted, what);
}

static guint count_frames(const MaqHidNode *node)
{
	const MaqHidNode *child = maq_hid_first(node, NULL);
	guint n = 0;

	for (; child; child = maq_hid_next(child, NULL))
		n += !strcmp(maq_hid_type(child), "frame") ? 1 : count_frames(child);
	return n;
}

static bool frames_are(const MaqHidNode *state, void *data)
{
	return count_frames(state) == ((Wanted *)data)->n;
}

void expect_frames(Fixture *fixture, guint n)
{
	Wanted wanted = {.n = n};
	g_autofree char *what = g_strdup_printf("%u frames", n);

	expect(fixture, frames_are, &wanted, what);
}

static bool tabs_are(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	g_auto(GStrv) names = g_strsplit(wanted->value, " ", -1);
	const MaqHidNode *first = find_client(state, names[0]);
	const MaqHidNode *client =
		first ? maq_hid_first(maq_hid_parent(first), "client") : NULL;
	char **name = names;

	for (; client; client = maq_hid_next(client, "client")) {
		if (maq_hid_attr(client, "absent"))
			continue;
		if (!*name || strcmp(*name, maq_hid_name(client)))
			return false;
		name++;
	}
	return first && !*name;
}

void expect_tabs(Fixture *fixture, const char *clients)
{
	Wanted wanted = {.value = clients};

	expect(fixture, tabs_are, &wanted, clients);
}

static Box read_picture(const MaqHidNode *client)
{
	const char *text = maq_hid_string(client, "picture", "");
	Box box = {0};

	if (sscanf(text, "%d %d %d %d", &box.x, &box.y, &box.width, &box.height) != 4)
		return (Box){0};
	return box;
}

static bool picture_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	Box box = read_picture(find_client(state, wanted->name));

	return !memcmp(&box, &wanted->box, sizeof box);
}

void expect_picture(Fixture *fixture, const char *client, Box box)
{
	Wanted wanted = {.name = client, .box = box};
	g_autofree char *what = g_strdup_printf(
		"%s at %d,%d %dx%d", client, box.x, box.y, box.width, box.height);

	expect(fixture, picture_is, &wanted, what);
}

static Box read_frame(const MaqHidNode *node)
{
	if (node && !strcmp(maq_hid_type(node), "client"))
		node = maq_hid_parent(node);
	return (Box){(int)maq_hid_u64(node, "x", 0), (int)maq_hid_u64(node, "y", 0),
		(int)maq_hid_u64(node, "width", 0), (int)maq_hid_u64(node, "height", 0)};
}

static bool frame_is(const MaqHidNode *state, void *data)
{
	const Wanted *wanted = data;
	Box box = read_frame(find_client(state, wanted->name));

	return !memcmp(&box, &wanted->box, sizeof box);
}

void expect_frame(Fixture *fixture, const char *client, Box box)
{
	Wanted wanted = {.name = client, .box = box};
	g_autofree char *what = g_strdup_printf("frame of %s at %d,%d %dx%d", client,
		box.x, box.y, box.width, box.height);

	expect(fixture, frame_is, &wanted, what);
}

Box picture_of(Fixture *fixture, const char *client)
{
	g_autoptr(MaqHidDocument) state = state_of(fixture);

	return read_picture(find_client(maq_hid_root(state), client));
}

Box frame_box_of(Fixture *fixture, const char *client)
{
	g_autoptr(MaqHidDocument) state = state_of(fixture);

	return read_frame(find_client(maq_hid_root(state), client));
}

int attr_int(Fixture *fixture, const char *tag)
{
	g_autoptr(MaqHidDocument) state = state_of(fixture);

	return (int)maq_hid_u64(maq_hid_root(state), tag, 0);
}

void expect_event(Fixture *fixture, const char *line)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;
	g_autofree char *wanted = g_strconcat(line, "\n", NULL);

	for (;;) {
		guint64 end;
		const void *text;
		gsize size;

		fixture->happened = false;
		g_assert_cmpint(maq_wm_events(fixture->wm, fixture->next, &fixture->next,
					&end, &text, &size),
			==, MAQ_WM_OK);
		g_autofree char *copy = g_strndup(text, size);
		if (strstr(copy, wanted))
			return;
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		while (fixture->next == end && !fixture->happened)
			maq_loop_step(maq_env_loop(fixture->remote->env), 100000000);
	}
}

/* ---- pixels and lines ---- */

static guint32 pixel(const Fixture *fixture, int x, int y)
{
	const rfbClient *viewer = fixture->viewer;

	if (x >= viewer->width || y >= viewer->height)
		return 0xffffffff;
	return ((guint32 *)(void *)viewer->frameBuffer)[y * viewer->width + x] & 0xffffff;
}

/* If there is one in time. */
static void next_message(Fixture *fixture)
{
	rfbClient *viewer = fixture->viewer;

	if (viewer->buffered || WaitForMessage(viewer, PATIENCE) > 0)
		g_assert_true(HandleRFBServerMessage(viewer));
}

void expect_pixel(Fixture *fixture, int x, int y, guint32 color)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	while (pixel(fixture, x, y) != color) {
		if (g_get_monotonic_time() > until)
			g_error("pixel %d,%d is %06x instead of %06x", x, y,
				pixel(fixture, x, y), color);
		next_message(fixture);
	}
}

static int count(const Fixture *fixture, Box box, guint32 color)
{
	int n = 0;

	for (int y = box.y; y < box.y + box.height; y++)
		for (int x = box.x; x < box.x + box.width; x++)
			n += pixel(fixture, x, y) == color;
	return n;
}

void expect_color(Fixture *fixture, Box box, guint32 color, int least)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	while (count(fixture, box, color) < least) {
		if (g_get_monotonic_time() > until)
			g_error("%d pixels of %06x instead of %d",
				count(fixture, box, color), color, least);
		next_message(fixture);
	}
}

void expect_filled(Fixture *fixture, Box box, guint32 color)
{
	expect_color(fixture, box, color, box.width * box.height - 40);
}

void expect_absent(Fixture *fixture, Box box, guint32 color)
{
	gint64 until = g_get_monotonic_time() + PATIENCE;

	while (count(fixture, box, color)) {
		if (g_get_monotonic_time() > until)
			g_error("%d pixels of %06x", count(fixture, box, color), color);
		next_message(fixture);
	}
}

static bool picture_exists(const MaqHidNode *state, void *data)
{
	return read_picture(find_client(state, ((Wanted *)data)->name)).width > 0;
}

void expect_seen(Fixture *fixture, const char *client)
{
	Wanted wanted = {.name = client};

	expect(fixture, picture_exists, &wanted, client);
	Box box = picture_of(fixture, client);
	expect_pixel(
		fixture, box.x + box.width / 2, box.y + box.height / 2, color_of(client));
}

void expect_line(
	Fixture *fixture, const char *client, const char *text, const char *other)
{
	g_autofree char *wanted = g_strdup_printf("[init -> %s] %s\n", client, text);
	g_autofree char *wrong =
		other ? g_strdup_printf("[init -> %s] %s", client, other) : NULL;
	char line[1000];

	for (;;) {
		g_assert_nonnull(fgets(line, sizeof line, fixture->desktop.output));
		if (!strcmp(line, wanted))
			return;
		if (wrong && g_str_has_prefix(line, wrong))
			g_error("unexpected: %s", line);
	}
}
