// SPDX-License-Identifier: GPL-2.0-or-later
#include "view.h"

#include "closure.h"

#include <fcntl.h>
#include <maq/hid.h>
#include <maq/scenario.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MADE_MAX 200

/* ---- entries ---- */

static const char *const system_folders[] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};

static void add_entry(View *view, char kind, const char *source, const char *target)
{
	g_string_append_c(view->text, kind);
	g_string_append_len(view->text, source, (gssize)strlen(source) + 1);
	g_string_append_len(view->text, target, (gssize)strlen(target) + 1);
}

/* The file that has this path, wherever links lead; nothing if there is none. */
static bool add_file(View *view, char kind, const char *path)
{
	g_autofree char *real = realpath(path, NULL);
	struct stat status;

	if (!real || stat(real, &status))
		return false;
	add_entry(view, kind, real, path);
	g_string_append_printf(view->identity, "%ju:%ju ", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino);
	return true;
}

static void add_files(View *view, char kind, const char *const *paths)
{
	for (; *paths; paths++)
		add_file(view, kind, *paths);
}

static void set_variable(View *view, const char *name, const char *value)
{
	if (value)
		view->variables = g_environ_setenv(view->variables, name, value, TRUE);
}

/* ---- data that a program says it needs, in a file NAME.data beside it ---- */

/* Public and the same for everybody: so a program may ask for it by itself. */
static const struct {
	const char *name;
	const char *const paths[8];
} kinds[] = {
	{"fonts", {"/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts",
			  "/usr/share/fontconfig", "/var/cache/fontconfig"}},
	{"xkb", {"/usr/share/X11/xkb"}},
	{"novnc", {"/usr/share/novnc"}},
	{"time zones", {"/usr/share/zoneinfo", "/etc/localtime"}},
};

static void add_data(View *view, const char *program)
{
	g_autofree char *path = program ? g_strconcat(program, ".data", NULL) : NULL;
	g_autofree char *text = NULL;

	if (!path || !g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
			if (!strcmp(g_strstrip(*line), kinds[i].name))
				add_files(view, VIEW_READ, kinds[i].paths);
}

/* ---- programs of the host ---- */

static void add_system(View *view)
{
	for (gsize i = 0; i < G_N_ELEMENTS(system_folders); i++) {
		g_autofree char *link = g_file_read_link(system_folders[i], NULL);

		if (link)
			add_entry(view, VIEW_LINK, link, system_folders[i]);
		else
			add_file(view, VIEW_READ, system_folders[i]);
	}
	add_files(view, VIEW_READ,
		(const char *const[]){
			"/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", NULL});
}

/* Whether something of the host is granted there, or below. */
static bool is_granted(const MaqHidNode *host, const char *folder)
{
	const MaqHidNode *node = maq_hid_first(host, NULL);
	gsize size = strlen(folder);

	for (; node; node = maq_hid_next(node, NULL)) {
		const char *path = maq_hid_string(node, "path", "");

		if (g_str_has_prefix(path, folder) && (!path[size] || path[size] == '/'))
			return true;
	}
	return false;
}

/* A folder of the component's own, unless that hid what is granted. */
static void add_own(View *view, const MaqHidNode *host, const char *folder)
{
	if (is_granted(host, folder))
		add_entry(view, VIEW_FOLDER, "", folder);
	else
		add_entry(view, VIEW_OWN, "tmpfs", folder);
}

/* What programs expect around them; nothing of it is secret or shared. */
static void add_surroundings(View *view, const MaqHidNode *host)
{
	static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full",
		"/dev/random", "/dev/urandom", "/dev/tty", NULL};
	static const char *const files[] = {"/etc/passwd", "/etc/group",
		"/etc/nsswitch.conf", "/etc/profile", "/etc/bash.bashrc", "/etc/inputrc",
		"/etc/terminfo", "/etc/ssl/certs", "/etc/fonts", "/var/cache/fontconfig",
		NULL};

	add_files(view, VIEW_READ, files);
	add_files(view, VIEW_DEVICE, devices);
	add_entry(view, VIEW_LINK, "/proc/self/fd", "/dev/fd");
	add_entry(view, VIEW_LINK, "/proc/self/fd/0", "/dev/stdin");
	add_entry(view, VIEW_LINK, "/proc/self/fd/1", "/dev/stdout");
	add_entry(view, VIEW_LINK, "/proc/self/fd/2", "/dev/stderr");
	add_entry(view, VIEW_LINK, "pts/ptmx", "/dev/ptmx");
	add_entry(view, VIEW_OWN, "devpts", "/dev/pts");
	add_own(view, host, "/dev/shm");
	add_own(view, host, "/tmp");
	add_own(view, host, "/run");
}

/* Of the component's processes; the kernel gives it only to whom the host's is shown. */
static void add_proc(View *view)
{
	add_entry(view, VIEW_READ, "/proc", "/proc");
	add_entry(view, VIEW_OWN, "proc", "/proc");
}

static bool is_of_system(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(system_folders); i++)
		if (g_str_has_prefix(path, system_folders[i]) &&
			path[strlen(system_folders[i])] == '/')
			return true;
	return false;
}

static void allow_programs(View *view, const MaqHidNode *host)
{
	static const char *const passed[] = {"PATH", "USER", "LANG", "TERM", "SHELL"};

	add_surroundings(view, host);
	for (gsize i = 0; i < G_N_ELEMENTS(passed); i++)
		set_variable(view, passed[i], g_getenv(passed[i]));
	set_variable(view, "HOME", "/tmp");
	if (view->class != CONFINE_SANITIZED)
		view->class = CONFINE_PROGRAM;
}

/* ---- grants ---- */

static void allow_local(View *view)
{
	if (view->class == CONFINE_COMPONENT || view->class == CONFINE_SCRIPT)
		view->class = CONFINE_LOCAL;
}

static void grant_path(View *view, const MaqHidNode *node)
{
	const char *path = maq_hid_attr(node, "path");
	bool writes = !g_strcmp0(maq_hid_attr(node, "access"), "write");
	g_autofree char *real = realpath(path, NULL);

	/* host.c says why not */
	if (g_strcmp0(real, path) != 0)
		return;
	add_file(view, writes ? VIEW_WRITE : VIEW_READ, path);
	if (writes && g_str_equal(path, g_get_home_dir()))
		set_variable(view, "HOME", path);
}

/* Wayland's windows are drawn by OpenGL, whose parts for this machine's graphics are
 * found and loaded only then: the system's libraries, and what says which. */
static void add_graphics(View *view)
{
	add_system(view);
	add_files(view, VIEW_READ,
		(const char *const[]){"/etc/glvnd", "/usr/share/glvnd",
			"/usr/share/drirc.d", "/usr/share/libdrm", NULL});
}

static void grant_display(View *view, const MaqHidNode *node)
{
	const char *folder = g_get_user_runtime_dir();
	const char *wayland = g_getenv("WAYLAND_DISPLAY");
	const char *x11 = g_getenv("DISPLAY");
	const char *name = maq_hid_name(node);

	allow_local(view);
	if (x11 && *x11 == ':' && g_strcmp0(name, "wayland")) {
		g_autofree char *path =
			g_strdup_printf("/tmp/.X11-unix/X%d", atoi(x11 + 1));

		add_file(view, VIEW_WRITE, path);
		set_variable(view, "DISPLAY", x11);
		if (g_getenv("XAUTHORITY") &&
			add_file(view, VIEW_READ, g_getenv("XAUTHORITY")))
			set_variable(view, "XAUTHORITY", g_getenv("XAUTHORITY"));
	}
	if (wayland && g_strcmp0(name, "x11")) {
		g_autofree char *path = *wayland == '/'
						? g_strdup(wayland)
						: g_build_filename(folder, wayland, NULL);

		add_file(view, VIEW_WRITE, path);
		add_graphics(view);
		set_variable(view, "WAYLAND_DISPLAY", path);
		set_variable(view, "XDG_RUNTIME_DIR", folder);
	}
	add_files(view, VIEW_READ,
		(const char *const[]){"/usr/share/X11/locale", "/usr/share/X11/xkb",
			"/etc/fonts", "/usr/share/fonts", "/usr/share/icons", NULL});
	add_files(view, VIEW_DEVICE, (const char *const[]){"/dev/dri", NULL});
}

static void grant_audio(View *view)
{
	g_autofree char *pulse =
		g_build_filename(g_get_user_runtime_dir(), "pulse/native", NULL);
	g_autofree char *pipewire =
		g_build_filename(g_get_user_runtime_dir(), "pipewire-0", NULL);

	allow_local(view);
	add_files(view, VIEW_DEVICE, (const char *const[]){"/dev/snd", NULL});
	add_files(view, VIEW_READ,
		(const char *const[]){"/usr/share/alsa", "/etc/asound.conf", "/etc/alsa",
			"/proc/asound", NULL});
	bool has_pulse = add_file(view, VIEW_WRITE, pulse);
	if (add_file(view, VIEW_WRITE, pipewire) || has_pulse)
		set_variable(view, "XDG_RUNTIME_DIR", g_get_user_runtime_dir());
}

static void grant_usb(View *view)
{
	add_files(view, VIEW_DEVICE, (const char *const[]){"/dev/bus/usb", NULL});
	add_files(view, VIEW_READ,
		(const char *const[]){
			"/sys/bus/usb", "/sys/devices", "/run/udev/data", NULL});
}

static void grant(View *view, const MaqHidNode *node)
{
	const char *type = maq_hid_type(node);
	const char *path = maq_hid_attr(node, "path");

	if (maq_scenario_grant(node))
		return; /* maquette check tells what is wrong with it */
	if (!strcmp(type, "program") && !is_of_system(path))
		add_file(view, VIEW_READ, path);
	else if (!strcmp(type, "file") || !strcmp(type, "directory"))
		grant_path(view, node);
	else if (!strcmp(type, "display"))
		grant_display(view, node);
	else if (!strcmp(type, "audio"))
		grant_audio(view);
	else if (!strcmp(type, "usb"))
		grant_usb(view);
}

/* ---- all of it ---- */

static char *key_of(int program, const char *path)
{
	struct stat status = {0};

	fstat(program, &status);
	return g_strdup_printf("%ju:%ju:%jd.%09ld:%jd:%s", (uintmax_t)status.st_dev,
		(uintmax_t)status.st_ino, (intmax_t)status.st_mtim.tv_sec,
		status.st_mtim.tv_nsec, (intmax_t)status.st_size, path ? path : "");
}

/* Which files an interpreter reads nobody can know: a script sees all programs. */
static void add_program(View *view, int program, const char *path, bool runs_others)
{
	Closure *closure = closure_new(program);
	bool all = runs_others || closure->interpreter;

	if (closure->interpreter)
		view->class = CONFINE_SCRIPT;
	if (closure->sanitized)
		view->class = CONFINE_SANITIZED;
	if (all)
		add_system(view);
	else
		add_file(view, VIEW_READ, "/etc/ld.so.cache");
	for (guint i = 0; i < closure->paths->len; i++)
		if (!all || !is_of_system(closure->paths->pdata[i]))
			add_file(view, VIEW_READ, closure->paths->pdata[i]);
	if (closure->interpreter && !is_of_system(closure->interpreter))
		add_file(view, VIEW_READ, closure->interpreter);
	if (closure->interpreter && path) {
		/* the file may be another one by now: its identity is the program's */
		add_entry(view, VIEW_READ, path, "/script");
		g_autofree char *key = key_of(program, path);
		g_string_append(view->identity, key);
	}
	if (runs_others || closure->sanitized)
		add_proc(view);
	closure_free(closure);
}

static View *make_view(int program, const char *path, const char *grants)
{
	g_autoptr(MaqHidDocument) document =
		grants && *grants
			? maq_hid_parse(grants, -1, "host", MAQ_HID_LENIENT, NULL)
			: NULL;
	const MaqHidNode *host = document ? maq_hid_root(document) : NULL;
	const MaqHidNode *node = maq_hid_first(host, NULL);
	bool runs_others = maq_hid_first(host, "program") != NULL;
	View *view = g_new0(View, 1);

	view->text = g_string_new(NULL);
	view->identity = g_string_new(NULL);
	view->class = CONFINE_COMPONENT;
	add_program(view, program, path, runs_others);
	if (runs_others)
		allow_programs(view, host);
	add_data(view, path);
#ifdef MAQ_COVERAGE_FOLDER
	add_file(view, VIEW_WRITE, MAQ_COVERAGE_FOLDER);
#endif
	for (; node; node = maq_hid_next(node, NULL))
		grant(view, node);
	return view;
}

static void view_free(gpointer data)
{
	View *view = data;

	g_string_free(view->text, TRUE);
	g_string_free(view->identity, TRUE);
	g_strfreev(view->variables);
	g_free(view);
}

/* ---- those made before ---- */

static GHashTable *made;   /* owned: of programs without grants, by their file */
static View *last_granted; /* owned: with grants, whose files may be others next time */

const View *view_of(int program, const char *path, const char *grants)
{
	if (grants && *grants) {
		g_clear_pointer(&last_granted, view_free);
		last_granted = make_view(program, path, grants);
		return last_granted;
	}
	if (!made)
		made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, view_free);
	g_autofree char *key = key_of(program, path);
	View *view = g_hash_table_lookup(made, key);
	if (view)
		return view;
	if (g_hash_table_size(made) >= MADE_MAX)
		g_hash_table_remove_all(made);
	view = make_view(program, path, NULL);
	g_hash_table_insert(made, g_steal_pointer(&key), view);
	return view;
}

void view_end(void)
{
	g_clear_pointer(&made, g_hash_table_unref);
	g_clear_pointer(&last_granted, view_free);
}
