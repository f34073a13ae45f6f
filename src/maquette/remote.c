// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote.h"

#include "command.h"

#include <maq/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DEADLINE_MS 5000

static void running_free(gpointer data)
{
	Running *running = data;

	g_free(running->name);
	g_free(running->path);
	g_free(running);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	const Running *one = *(Running *const *)a, *other = *(Running *const *)b;
	int order = strcmp(one->name, other->name);

	return order ? order : one->pid < other->pid ? -1 : 1;
}

static void add_running(GPtrArray *list, const char *folder, const char *file)
{
	const char *dot = strrchr(file, '.');
	guint64 pid = dot ? g_ascii_strtoull(dot + 1, NULL, 10) : 0;
	g_autofree char *path = g_build_filename(folder, file, NULL);

	if (!pid || pid > G_MAXINT32)
		return;
	if (kill((pid_t)pid, 0) && errno == ESRCH) {
		unlink(path);
		return;
	}
	Running *running = g_new(Running, 1);
	*running = (Running){g_strndup(file, (gsize)(dot - file)), (guint32)pid,
		g_steal_pointer(&path)};
	g_ptr_array_add(list, running);
}

GPtrArray *running_list(void)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(running_free);
	g_autofree char *folder =
		g_build_filename(g_get_user_runtime_dir(), "maquette", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		add_running(list, folder, file);
	g_ptr_array_sort(list, by_name);
	return list;
}

/* By the folder's descriptor: its path may be longer than an address can be. */
static int connect_to(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *file = g_path_get_basename(path);
	maq_autofd int dir = open(folder, O_DIRECTORY | O_PATH | O_CLOEXEC);
	maq_autofd int channel = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", dir,
		file);
	if (channel < 0 || connect(channel, (struct sockaddr *)&address, sizeof address))
		return -1;
	return maq_steal_fd(&channel);
}

Remote *remote_open(const Running *running, GError **error)
{
	int channel = connect_to(running->path);

	if (channel < 0) {
		/* refused: it is about to end */
		bool gone = errno == ECONNREFUSED || errno == ENOENT;

		g_set_error(error, MAQ_ERROR, gone ? MAQ_GONE : MAQ_FAILED,
			"%s (%u) does not answer: %s", running->name, running->pid,
			g_strerror(errno));
		return NULL;
	}
	Remote *remote = g_new(Remote, 1);
	remote->env = maq_env_new(&maq_binding_linux);
	remote->control = maq_control_attach(remote->env, channel);
	maq_session_set_deadline(maq_control_session(remote->control), DEADLINE_MS);
	return remote;
}

void remote_free(Remote *remote)
{
	if (!remote)
		return;
	maq_env_free(remote->env);
	g_free(remote);
}

static bool is_meant(const Running *running, const char *name)
{
	return !name || !strcmp(running->name, name) ||
	       g_ascii_strtoull(name, NULL, 10) == running->pid;
}

Remote *remote_find(const char *command, const char *name)
{
	g_autoptr(GPtrArray) list = running_list();
	const Running *found = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < list->len; i++) {
		const Running *running = list->pdata[i];

		if (!is_meant(running, name))
			continue;
		if (found) {
			fprintf(stderr,
				"maquette %s: several scenarios run; say which, by name "
				"or process id (see maquette ps)\n",
				command);
			return NULL;
		}
		found = running;
	}
	if (!found) {
		fprintf(stderr, "maquette %s: no scenario %s%sruns; see maquette ps\n",
			command, name ? name : "", name ? " " : "");
		return NULL;
	}
	Remote *remote = remote_open(found, &error);
	if (!remote)
		fprintf(stderr, "maquette %s: %s\n", command, error->message);
	return remote;
}

MaqHidDocument *remote_tree(Remote *remote, GError **error)
{
	maq_autofd int content = -1;
	guint64 size = 0;
	gsize mapped = 0;
	MaqControlError status = maq_control_describe(remote->control, &size, &content);

	if (status != MAQ_CONTROL_OK) {
		g_set_error(error, MAQ_ERROR, (int)status, "core does not answer: %s",
			maq_status_text((int)status));
		return NULL;
	}
	const char *text = maq_map(content, false, &mapped, error);
	MaqHidDocument *document = text && size <= mapped
					   ? maq_hid_parse(text, (gssize)size, "tree",
						     MAQ_HID_LENIENT, error)
					   : NULL;
	maq_unmap(text, mapped);
	return document;
}

static void add_servers(GPtrArray *names, const MaqHidNode *service)
{
	const MaqHidNode *policy = maq_hid_first(service, "policy");

	for (; policy; policy = maq_hid_next(policy, "policy")) {
		const char *label = maq_hid_attr(policy, "label");
		const char *suffix = maq_hid_attr(policy, "label_suffix");
		const char *text = label ? label : suffix;
		const char *arrow = text ? g_strrstr(text, "-> ") : NULL;

		if (text)
			g_ptr_array_add(names, g_strdup(arrow ? arrow + 3 : text));
	}
}

/* As its file is now; NULL and error. */
static MaqHidDocument *read_config(Remote *remote, GError **error)
{
	const char *name, *config;
	guint32 pid;
	guint64 uptime;

	if (maq_control_info(remote->control, &name, &config, &pid, &uptime) !=
		MAQ_CONTROL_OK) {
		g_set_error(error, MAQ_ERROR, MAQ_GONE, "core does not answer");
		return NULL;
	}
	g_autofree char *path = g_strdup(config);
	return maq_hid_load(path, MAQ_HID_LENIENT, error);
}

char **remote_servers(Remote *remote, const char *service, GError **error)
{
	g_autoptr(MaqHidDocument) document = read_config(remote, error);

	if (!document)
		return NULL;
	GPtrArray *names = g_ptr_array_new();
	const MaqHidNode *node = maq_hid_first(maq_hid_root(document), "service");
	for (; node; node = maq_hid_next(node, "service"))
		if (!g_strcmp0(maq_hid_name(node), service))
			add_servers(names, node);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

int remote_session(Remote *remote, const MaqInterface *interface, GError **error)
{
	return remote_session_labelled(remote, interface, "", error);
}

/* A service that nobody will ever announce would be waited for. */
static bool may_export(Remote *remote, const char *service)
{
	g_autoptr(MaqHidDocument) document = read_config(remote, NULL);
	const MaqHidNode *node =
		document ? maq_hid_first(maq_hid_root(document), "service") : NULL;

	while (node && g_strcmp0(maq_hid_name(node), service))
		node = maq_hid_next(node, "service");
	return node || !document;
}

int remote_session_labelled(
	Remote *remote, const MaqInterface *interface, const char *label, GError **error)
{
	int channel = -1;
	MaqControlError status = MAQ_CONTROL_DENIED;

	if (may_export(remote, interface->service))
		status = maq_control_open_session(remote->control, interface->service,
			label, interface->hashes[interface->version - 1], NULL, 0,
			&channel);
	if (status == MAQ_CONTROL_OK)
		return channel;
	g_set_error(error, MAQ_ERROR, (int)status,
		"no session with %s (%s): the scenario's configuration exports it by "
		"\"+ service %s | + default-policy | + child ..\"",
		interface->service, maq_status_text((int)status), interface->service);
	return -1;
}
