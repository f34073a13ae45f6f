// SPDX-License-Identifier: GPL-2.0-or-later
#include "folder.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHANGES (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR)

struct Folder {
	MaqEnv *env; /* borrowed */
	int notify;  /* owned */
	int watched; /* -1: none */
	char *path;  /* owned; NULL: none */
	FolderChanged changed;
	MaqHandler done;
	void *data; /* borrowed */
	bool said;
};

static void say_why(Folder *folder)
{
	if (!folder->said)
		maq_log(folder->env, "changes in the folder will not be seen: %s",
			g_strerror(errno));
	folder->said = true;
}

static void readable(void *data, unsigned unused)
{
	Folder *folder = data;
	_Alignas(struct inotify_event) char buffer[8192];
	ssize_t size = read(folder->notify, buffer, sizeof buffer);

	(void)unused;
	for (char *at = buffer; size > 0 && at < buffer + size;) {
		struct inotify_event *event = (void *)at;

		at += sizeof *event + event->len;
		if (event->mask & IN_Q_OVERFLOW)
			folder->changed(folder->data, NULL);
		else if (event->wd == folder->watched && event->len)
			folder->changed(folder->data, event->name);
	}
	folder->done(folder->data);
}

static void folder_free(gpointer data)
{
	Folder *folder = data;

	maq_clear_fd(&folder->notify);
	g_free(folder->path);
	g_free(folder);
}

Folder *folder_new(MaqEnv *env, FolderChanged changed, MaqHandler done, void *data)
{
	Folder *folder = g_new0(Folder, 1);

	*folder = (Folder){.env = env,
		.notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
		.watched = -1,
		.changed = changed,
		.done = done,
		.data = data};
	maq_env_own_by(env, folder, folder_free);
	if (folder->notify < 0)
		say_why(folder);
	else
		maq_loop_watch(
			maq_env_loop(env), folder->notify, EPOLLIN, readable, folder);
	return folder;
}

void folder_watch(Folder *folder, const char *path)
{
	if (folder->notify < 0 || !g_strcmp0(path, folder->path))
		return;
	if (folder->watched >= 0)
		inotify_rm_watch(folder->notify, folder->watched);
	g_free(folder->path);
	folder->path = g_strdup(path);
	folder->watched = path ? inotify_add_watch(folder->notify, path, CHANGES) : -1;
	if (path && folder->watched < 0)
		say_why(folder);
}
