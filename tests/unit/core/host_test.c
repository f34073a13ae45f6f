// SPDX-License-Identifier: GPL-2.0-or-later
#include "host.h"

#include <maq/status.h>

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANY "host\n+ listen display | port: 0\n-\n"

typedef struct {
	Log *log;
	Host *host;
	HostSocket sockets[HOST_SOCKETS_MAX];
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	(void)unused;
	f->log = log_new(false, NULL);
	f->host = host_new(f->log);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	(void)unused;
	host_free(f->host);
	log_free(f->log);
}

static unsigned get(Fixture *f, const char *label, const char *grants, const char *parent)
{
	return host_sockets(
		f->host, label, host_allowed(f->host, label, grants, parent), f->sockets);
}

static guint16 port_of(int fd)
{
	struct sockaddr_in at = {0};
	socklen_t size = sizeof at;

	g_assert_no_errno(getsockname(fd, (struct sockaddr *)&at, &size));
	return ntohs(at.sin_port);
}

static char *last_line(Fixture *f, const char *label)
{
	g_auto(GStrv) lines = log_last_lines(f->log, label, 1);

	return g_strdup(lines[0] ? lines[0] : "");
}

static void keeps_socket(Fixture *f, gconstpointer unused)
{
	int first;

	(void)unused;
	g_assert_cmpuint(get(f, "init -> vnc", ANY, NULL), ==, 1);
	g_assert_cmpstr(f->sockets[0].name, ==, "display");
	first = f->sockets[0].fd;
	g_assert_cmpuint(port_of(first), >, 0);
	/* the component starts again */
	g_assert_cmpuint(get(f, "init -> vnc", ANY, NULL), ==, 1);
	g_assert_cmpint(f->sockets[0].fd, ==, first);
	/* another one has its own */
	g_assert_cmpuint(get(f, "init -> vnc_2", ANY, NULL), ==, 1);
	g_assert_cmpint(f->sockets[0].fd, !=, first);
}

static void nothing_granted(Fixture *f, gconstpointer unused)
{
	(void)unused;
	g_assert_cmpuint(get(f, "init -> a", "", NULL), ==, 0);
	g_assert_cmpuint(get(f, "init -> a", "host\n-\n", NULL), ==, 0);
	g_assert_cmpuint(get(f, "init -> a", "nonsense | | x", NULL), ==, 0);
}

static void attenuates(Fixture *f, gconstpointer unused)
{
	static const char more[] =
		"host\n+ listen display | port: 0\n+ listen web | port: 0\n-\n";
	static const char other[] =
		"host\n+ listen display | address: 0.0.0.0 | port: 0\n-\n";
	int own;

	(void)unused;
	g_assert_cmpuint(get(f, "init -> sub", ANY, NULL), ==, 1);
	own = f->sockets[0].fd;
	/* what the nested init has, its child gets: the same socket */
	g_assert_cmpuint(get(f, "init -> sub -> vnc", ANY, ANY), ==, 1);
	g_assert_cmpint(f->sockets[0].fd, ==, own);
	g_assert_cmpuint(get(f, "init -> sub -> vnc", more, ANY), ==, 0);
	g_assert_cmpuint(get(f, "init -> sub -> vnc", other, ANY), ==, 0);
	g_assert_cmpuint(get(f, "init -> none -> vnc", ANY, ""), ==, 0);
	g_autofree char *line = last_line(f, "init -> none -> vnc");
	g_assert_true(g_str_has_prefix(line, "Error: its init was not granted"));
}

static void port_in_use(Fixture *f, gconstpointer unused)
{
	g_autofree char *grants = NULL, *line = NULL, *expected = NULL;
	guint16 port;

	(void)unused;
	get(f, "init -> vnc", ANY, NULL);
	port = port_of(f->sockets[0].fd);
	grants = g_strdup_printf("host\n+ listen display | port: %u\n-\n", port);
	g_assert_cmpuint(get(f, "init -> vnc_2", grants, NULL), ==, 0);
	line = last_line(f, "init -> vnc_2");
	expected = g_strdup_printf("Error: port %u of 127.0.0.1 is in use; choose "
				   "another with --listen display=ADDRESS:PORT",
		port);
	g_assert_cmpstr(line, ==, expected);
}

static void replaces(Fixture *f, gconstpointer unused)
{
	static const char fixed[] =
		"host\n+ listen display | address: 203.0.113.1 | port: 1\n-\n";
	g_autoptr(GError) error = NULL;

	(void)unused;
	g_assert_false(host_replace(f->host, "display", NULL));
	g_assert_false(host_replace(f->host, "display=127.0.0.1", NULL));
	g_assert_false(host_replace(f->host, "=127.0.0.1:1", NULL));
	g_assert_false(host_replace(f->host, "display=127.0.0.1:70000", NULL));
	g_assert_true(host_replace(f->host, "display=127.0.0.1:0", &error));
	g_assert_no_error(error);
	g_assert_cmpuint(get(f, "init -> vnc", fixed, NULL), ==, 1);
	g_assert_cmpuint(port_of(f->sockets[0].fd), >, 1);
}

static void unix_socket(Fixture *f, gconstpointer unused)
{
	g_autofree char *folder = g_dir_make_tmp("maq-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "display", NULL);
	g_autofree char *grants =
		g_strdup_printf("host\n+ listen display | path: %s\n-\n", path);
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	maq_autofd int left = socket(AF_UNIX, SOCK_STREAM, 0);
	maq_autofd int client = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)unused;
	g_strlcpy(at.sun_path, path, sizeof at.sun_path);
	g_assert_no_errno(bind(left, (struct sockaddr *)&at, sizeof at));
	maq_clear_fd(&left); /* as after a crash: the name is left */
	g_assert_cmpuint(get(f, "init -> vnc", grants, NULL), ==, 1);
	g_assert_no_errno(connect(client, (struct sockaddr *)&at, sizeof at));
	/* nobody else's is taken away */
	g_assert_cmpuint(get(f, "init -> vnc_2", grants, NULL), ==, 0);
	host_free(f->host);
	f->host = host_new(f->log);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_rmdir(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define CASE(name, run) g_test_add(name, Fixture, NULL, set_up, run, tear_down)
	CASE("/core/host/keeps-socket", keeps_socket);
	CASE("/core/host/nothing-granted", nothing_granted);
	CASE("/core/host/attenuates", attenuates);
	CASE("/core/host/port-in-use", port_in_use);
	CASE("/core/host/replaces", replaces);
	CASE("/core/host/unix-socket", unix_socket);
	return g_test_run();
}
