// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe - tries what its configuration lists, and logs what came of it
 *
 * Requires  LOG
 * Config    + read | path: P          opens it for reading
 *           + write | path: P         likewise for writing, or making a file in a folder
 *           + open | name: N          has core opened it (device, kvm, connect)?
 *           + talk | name: N          sends "ping" to it and expects an answer
 *           + listen | name: N        likewise, a socket that listens
 *           + run | path: P           starts this program
 *           + local | path: P         connects to a local socket
 */
#include <maq/component.h>
#include <maq/host.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static bool try_read(MaqEnv *env, const MaqHidNode *node)
{
	maq_autofd int fd = open(maq_hid_attr(node, "path"), O_RDONLY | O_CLOEXEC);

	(void)env;
	return fd >= 0;
}

static bool try_write(MaqEnv *env, const MaqHidNode *node)
{
	const char *path = maq_hid_attr(node, "path");
	g_autofree char *inside = g_build_filename(path, "probe.new", NULL);
	struct stat status;
	bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);

	(void)env;
	maq_autofd int fd =
		open(folder ? inside : path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, "probe\n", 6) == 6;
}

static bool try_open(MaqEnv *env, const MaqHidNode *node)
{
	maq_autofd int fd = maq_host_open(env, maq_hid_attr(node, "name"));

	return fd >= 0;
}

static bool try_talk(MaqEnv *env, const MaqHidNode *node)
{
	maq_autofd int fd = maq_host_open(env, maq_hid_attr(node, "name"));
	struct pollfd waited = {.fd = fd, .events = POLLOUT};
	char answer[4] = "";

	if (fd < 0 || poll(&waited, 1, 20000) != 1 || send(fd, "ping", 4, 0) != 4)
		return false;
	waited.events = POLLIN;
	return poll(&waited, 1, 20000) == 1 && recv(fd, answer, 4, 0) == 4 &&
	       !memcmp(answer, "pong", 4);
}

static bool try_listen(MaqEnv *env, const MaqHidNode *node)
{
	maq_autofd int fd = maq_host_listen(env, maq_hid_attr(node, "name"));

	return fd >= 0;
}

static bool try_run(MaqEnv *env, const MaqHidNode *node)
{
	const char *path = maq_hid_attr(node, "path");
	int status = 1;
	pid_t pid = fork();

	(void)env;
	if (pid == 0) {
		execl(path, path, "-c", "exit 0", NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool try_local(MaqEnv *env, const MaqHidNode *node)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	maq_autofd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)env;
	g_strlcpy(at.sun_path, maq_hid_attr(node, "path"), sizeof at.sun_path);
	return fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
}

static bool probe_start(MaqEnv *env, GError **error)
{
	static const struct {
		const char *type;
		bool (*attempt)(MaqEnv *env, const MaqHidNode *node);
	} kinds[] = {
		{"read", try_read},
		{"write", try_write},
		{"open", try_open},
		{"talk", try_talk},
		{"listen", try_listen},
		{"run", try_run},
		{"local", try_local},
	};
	const MaqHidNode *node = maq_hid_first(maq_config(env), NULL);

	(void)error;
	for (; node; node = maq_hid_next(node, NULL))
		for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
			if (strcmp(maq_hid_type(node), kinds[i].type))
				continue;
			errno = 0;
			bool well = kinds[i].attempt(env, node);

			maq_log(env, "%s %s: %s (%s)", kinds[i].type,
				maq_hid_string(
					node, "path", maq_hid_string(node, "name", "")),
				well ? "granted" : "refused", g_strerror(errno));
		}
	maq_exit(env, 0);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, probe_start);
}
