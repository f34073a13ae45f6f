// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log_file - write the log of its clients to a file
 *
 * Provides  LOG, any number of clients
 * Requires  LOG
 * Config    path: the file
 *           max_size: bytes, then it is renamed to NAME.1 (default 16M)
 *           echo: yes|no, also to our own LOG session (default no)
 *           time: yes|no, seconds since our start before each line (default yes)
 */
#include <maq/component.h>
#include <maq/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_PER_S     1000000000u
#define DEFAULT_SIZE (16u << 20)
#define LEAST_SIZE   (4u << 10)

typedef struct {
	MaqEnv *env;
	char *path; /* owned by env; NULL: none configured */
	int fd;     /* -1: it cannot be written */
	guint64 size, max_size;
	guint64 start; /* ns */
	bool echo, time;
} LogFile;

typedef struct {
	LogFile *file; /* borrowed */
	MaqPeer *peer; /* borrowed */
} Client;

/* Said once; then nothing is written until the configuration changes. */
static void give_up(LogFile *file, const char *what)
{
	maq_log(file->env, "Error: %s cannot be %s: %s", file->path, what,
		g_strerror(errno));
	maq_clear_fd(&file->fd);
}

static void open_file(LogFile *file)
{
	struct stat status = {0};

	file->fd = open(
		file->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file->fd < 0 || fstat(file->fd, &status))
		give_up(file, "opened");
	file->size = (guint64)status.st_size;
}

static void rotate(LogFile *file)
{
	g_autofree char *old = g_strconcat(file->path, ".1", NULL);

	maq_clear_fd(&file->fd);
	if (rename(file->path, old))
		give_up(file, "renamed");
	else
		open_file(file);
}

static void write_line(LogFile *file, const char *label, const char *text, gsize size)
{
	guint64 now = maq_env_binding(file->env)->now() - file->start;
	g_autoptr(GString) line = g_string_new(NULL);

	if (file->time)
		g_string_printf(line, "%" G_GUINT64_FORMAT ".%03u ", now / NS_PER_S,
			(unsigned)(now / 1000000 % 1000));
	g_string_append_printf(line, "[%s] %.*s\n", label, (int)size, text);
	if (file->fd >= 0 && file->size + line->len > file->max_size && file->size)
		rotate(file);
	if (file->fd >= 0 && write(file->fd, line->str, line->len) != (ssize_t)line->len)
		give_up(file, "written");
	file->size += line->len;
}

static MaqLogError client_write(void *self, const char *text)
{
	const Client *client = self;
	const char *label = maq_peer_label(client->peer);

	if (client->file->echo)
		maq_log(client->file->env, "[%s] %s", label, text);
	while (*text) {
		gsize size = strcspn(text, "\n");

		write_line(client->file, label, text, size);
		text += size + (text[size] == '\n');
	}
	return MAQ_LOG_OK;
}

static MaqStatus client_open(void *self, MaqPeer *peer, void **made)
{
	Client *client = g_new(Client, 1);

	*client = (Client){self, peer};
	*made = client;
	return MAQ_OK;
}

static const MaqLogService log_service = {
	.ops = {.write = client_write},
	.open = client_open,
	.close = g_free,
};

static void configure(void *data)
{
	LogFile *file = data;
	const MaqHidNode *config = maq_config(file->env);
	const char *path = maq_hid_attr(config, "path");

	file->max_size = MAX(maq_hid_bytes(config, "max_size", DEFAULT_SIZE), LEAST_SIZE);
	file->echo = maq_hid_bool(config, "echo", false);
	file->time = maq_hid_bool(config, "time", true);
	file->path = g_strdup(path);
	if (path)
		maq_env_own(file->env, file->path);
	maq_clear_fd(&file->fd);
	if (path)
		open_file(file);
	else
		maq_log(file->env,
			"Warning: no file is configured: expected \"path: ..\"");
}

static bool log_file_start(MaqEnv *env, GError **error)
{
	LogFile *file = maq_env_state(env, sizeof *file);

	file->env = env;
	file->fd = -1;
	file->start = maq_env_binding(env)->now();
	maq_config_on_changed(env, configure, file);
	configure(file);
	return maq_log_provide(env, &log_service, file, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, log_file_start);
}
