// SPDX-License-Identifier: GPL-2.0-or-later
#include "rom.h"

#include <maq/memory.h>
#include <maq/scenario.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CONTENT_MAX  (256u << 20) /* bytes of a module that is not executed */
#define CONFIG_LABEL "init -> config"
#define ARROW        " -> "

struct Rom {
	MaqEnv *env;        /* borrowed */
	char *config_path;  /* owned */
	char **folders;     /* owned */
	int notify;         /* watched until env is freed */
	GPtrArray *clients; /* of Client, borrowed */
	GArray *live;       /* owned, of Live */
	char **settings;    /* owned: of the configuration; NULL: none */
	char *config; /* owned: with the settings, as it was read last; NULL: never */
	Log *log;     /* borrowed */
	Launcher *launcher; /* borrowed */
};

typedef struct {
	const char *name; /* borrowed */
	RomText text;
	void *data; /* borrowed */
} Live;

typedef struct {
	Rom *rom;      /* borrowed */
	MaqPeer *peer; /* borrowed */
	char *path;    /* owned: of a file, or the name of a live module */
	bool is_live, is_config, is_granted;
	int watched; /* inotify's descriptor of the file's folder */
} Client;

static void files_changed(void *data, unsigned events);

Rom *rom_new(MaqEnv *env, const char *config_path, const char *const *folders)
{
	Rom *rom = g_new0(Rom, 1);

	rom->env = env;
	rom->config_path = g_strdup(config_path);
	rom->folders = g_strdupv((char **)folders);
	rom->clients = g_ptr_array_new();
	rom->live = g_array_new(false, false, sizeof(Live));
	rom->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (rom->notify < 0)
		g_warning("changed files will not be noticed: %s", g_strerror(errno));
	else
		maq_loop_watch(
			maq_env_loop(env), rom->notify, EPOLLIN, files_changed, rom);
	return rom;
}

void rom_free(Rom *rom)
{
	if (!rom)
		return;
	maq_clear_fd(&rom->notify);
	g_ptr_array_unref(rom->clients);
	g_array_unref(rom->live);
	g_strfreev(rom->folders);
	g_strfreev(rom->settings);
	g_free(rom->config);
	g_free(rom->config_path);
	g_free(rom);
}

void rom_set(Rom *rom, char **settings, Log *log)
{
	rom->settings = g_strdupv(settings);
	rom->log = log;
}

void rom_set_launcher(Rom *rom, Launcher *launcher)
{
	rom->launcher = launcher;
}

static void files_changed(void *data, unsigned unused)
{
	Rom *rom = data;
	_Alignas(struct inotify_event) char buffer[8192];
	ssize_t size = read(rom->notify, buffer, sizeof buffer);

	(void)unused;
	for (char *at = buffer; size > 0 && at < buffer + size;) {
		struct inotify_event *event = (void *)at;

		at += sizeof *event + event->len;
		for (guint i = 0; event->len && i < rom->clients->len; i++) {
			Client *client = rom->clients->pdata[i];
			g_autofree char *name = g_path_get_basename(client->path);

			if (client->watched == event->wd && !strcmp(name, event->name))
				maq_rom_signal_changed(client->peer);
		}
	}
}

/* ---- live modules ---- */

void rom_add_live(Rom *rom, const char *name, RomText text, void *data)
{
	Live live = {name, text, data};

	g_array_append_val(rom->live, live);
}

static const Live *find_live(const Rom *rom, const char *name)
{
	for (guint i = 0; i < rom->live->len; i++) {
		const Live *live = &g_array_index(rom->live, Live, i);

		if (!strcmp(live->name, name))
			return live;
	}
	return NULL;
}

void rom_live_changed(Rom *rom, const char *name)
{
	for (guint i = 0; i < rom->clients->len; i++) {
		const Client *client = rom->clients->pdata[i];

		if (client->is_live && !strcmp(client->path, name))
			maq_rom_signal_changed(client->peer);
	}
}

/* ---- clients ---- */

static const char *last_part(const char *label)
{
	const char *last = g_strrstr(label, ARROW);

	return last ? last + strlen(ARROW) : label;
}

/* Its parents have put the component's label before the path: that process has to have
 * the file itself, no matter what it, or who started it, could get besides. */
static bool is_granted(const Rom *rom, const char *label)
{
	const char *path = last_part(label);
	g_autofree char *owner = g_strndup(label, (gsize)(path - label));

	if (*path != '/' || !rom->launcher || !g_str_has_suffix(owner, ARROW))
		return false;
	owner[strlen(owner) - strlen(ARROW)] = '\0';
	const Process *process = launcher_find(rom->launcher, owner);
	return process && host_grants_file(process_grants(process), path);
}

static char *find_module(const Rom *rom, const char *label)
{
	const char *name = last_part(label);

	if (!strcmp(label, CONFIG_LABEL))
		return g_strdup(rom->config_path);
	if (is_granted(rom, label))
		return g_strdup(name);
	if (!*name || *name == '.' || strchr(name, '/'))
		return NULL;
	for (char **folder = rom->folders; *folder; folder++) {
		g_autofree char *path = g_build_filename(*folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			return g_steal_pointer(&path);
	}
	return NULL;
}

static void watch_file(Client *client)
{
	g_autofree char *folder = g_path_get_dirname(client->path);

	if (client->rom->notify >= 0)
		client->watched = inotify_add_watch(
			client->rom->notify, folder, IN_CLOSE_WRITE | IN_MOVED_TO);
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Rom *rom = self;
	const char *label = maq_peer_label(peer);
	const Live *live = find_live(rom, last_part(label));
	char *path = live ? g_strdup(live->name) : find_module(rom, label);

	if (!path)
		return MAQ_DENIED;
	Client *client = g_new(Client, 1);
	*client = (Client){rom, peer, path, live != NULL, !strcmp(label, CONFIG_LABEL),
		*last_part(label) == '/', -1};
	if (!live)
		watch_file(client);
	g_ptr_array_add(rom->clients, client);
	*made = client;
	return MAQ_OK;
}

static void client_close(void *self)
{
	Client *client = self;

	g_ptr_array_remove_fast(client->rom->clients, client);
	g_free(client->path);
	g_free(client);
}

/* What is in the file with the settings, or if that is impossible, as it was before. */
static char *set_config(Rom *rom, const char *text, gsize *length)
{
	g_autoptr(GError) error = NULL;
	char *set = maq_scenario_set(text, *length, rom->config_path,
		(const char *const *)rom->settings, &error);

	if (set) {
		g_free(rom->config);
		rom->config = set;
	} else {
		log_text(rom->log, "core", error->message);
		log_text(rom->log, "core",
			"the configuration stays as it is: the values of --set find no "
			"place in the new one");
	}
	*length = rom->config ? strlen(rom->config) : 0;
	return g_strdup(rom->config);
}

/* The client's content; NULL: none. */
static char *read_module(const Client *client, gsize *length)
{
	char *text = NULL;

	if (client->is_live) {
		const Live *live = find_live(client->rom, client->path);

		g_assert(live); /* they are never removed */
		text = live->text(live->data);
		*length = text ? strlen(text) : 0;
	} else if (client->is_granted) {
		text = host_read_file(client->path, CONTENT_MAX, length);
	} else if (!g_file_get_contents(client->path, &text, length, NULL)) {
		return NULL;
	}
	if (*length > CONTENT_MAX)
		g_clear_pointer(&text, g_free);
	if (!text || !client->rom->settings || !client->is_config)
		return text;
	char *set = set_config(client->rom, text, length);
	g_free(text);
	return set;
}

static MaqRomError update(void *self, guint64 *size, int *content)
{
	Client *client = self;
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	g_autofree char *text = read_module(client, &length);

	if (!text)
		return MAQ_ROM_NO_CONTENT;
	*content = maq_dataspace_new_constant("rom", text, length, &error);
	*size = length;
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqRomError executable(void *self, int *program)
{
	Client *client = self;

	if (client->is_live || client->is_granted)
		return MAQ_ROM_NO_CONTENT;
	*program = open(client->path, O_RDONLY | O_CLOEXEC);
	return *program < 0 ? MAQ_ROM_NO_CONTENT : MAQ_ROM_OK;
}

const MaqRomService rom_service = {
	.ops = {.update = update, .executable = executable},
	.open = client_open,
	.close = client_close,
};
