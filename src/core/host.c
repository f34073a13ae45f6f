// SPDX-License-Identifier: GPL-2.0-or-later
#include "host.h"

#include "sweep.h"

#include <maq/hid.h>
#include <maq/scenario.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64 /* connections that wait while a component starts */

typedef struct {
	char *label, *name; /* owned: who was granted it first */
	char *address;      /* owned; of a unix socket its path */
	guint16 port;
	bool is_unix;
	bool is_left; /* in the file system, unless we remove it */
	int fd;       /* owned */
} Socket;

typedef struct {
	char *name, *address; /* owned; address NULL: nowhere */
	guint16 port;
} Replacement;

struct Host {
	Log *log;                /* borrowed */
	GPtrArray *sockets;      /* owned, of Socket */
	GPtrArray *devices;      /* owned, of Socket whose address is a path */
	GPtrArray *connections;  /* owned, of Socket: until the next call */
	GPtrArray *replacements; /* owned, of Replacement */
};

static void socket_free(gpointer data)
{
	Socket *socket = data;

	if (socket->is_left)
		unlink(socket->address);
	maq_clear_fd(&socket->fd);
	g_free(socket->label);
	g_free(socket->name);
	g_free(socket->address);
	g_free(socket);
}

static void replacement_free(gpointer data)
{
	Replacement *replacement = data;

	g_free(replacement->name);
	g_free(replacement->address);
	g_free(replacement);
}

Host *host_new(Log *log)
{
	Host *host = g_new0(Host, 1);

	host->log = log;
	host->sockets = g_ptr_array_new_with_free_func(socket_free);
	host->devices = g_ptr_array_new_with_free_func(socket_free);
	host->connections = g_ptr_array_new_with_free_func(socket_free);
	host->replacements = g_ptr_array_new_with_free_func(replacement_free);
	return host;
}

void host_free(Host *host)
{
	g_ptr_array_unref(host->sockets);
	g_ptr_array_unref(host->devices);
	g_ptr_array_unref(host->connections);
	g_ptr_array_unref(host->replacements);
	g_free(host);
}

/* The name ends at end; takes address. */
static void add_replacement(
	Host *host, const char *name, const char *end, char *address, guint16 port)
{
	Replacement *replacement = g_new(Replacement, 1);

	*replacement = (Replacement){g_strndup(name, (gsize)(end - name)), address, port};
	g_ptr_array_add(host->replacements, replacement);
}

bool host_replace(Host *host, const char *text, GError **error)
{
	const char *equals = strchr(text, '=');
	const char *colon = strrchr(text, ':');
	guint64 port = 0;

	if (equals && equals != text && !strcmp(equals + 1, "nowhere")) {
		add_replacement(host, text, equals, NULL, 0);
		return true;
	}
	if (!equals || equals == text || !colon || colon < equals ||
		!g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &port, NULL)) {
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"\"%s\": expected NAME=ADDRESS:PORT or NAME=nowhere", text);
		return false;
	}
	add_replacement(host, text, equals,
		g_strndup(equals + 1, (gsize)(colon - equals - 1)), (guint16)port);
	return true;
}

/* ---- opening ---- */

G_GNUC_PRINTF(3, 4)
static void complain(Host *host, const char *label, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	log_text(host->log, label, text);
}

typedef union {
	struct sockaddr any;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
	struct sockaddr_un local;
} Address;

/* Returns its size; 0: there is no such address. */
static socklen_t make_address(const MaqListen *listen, Address *address)
{
	*address = (Address){0};
	if (listen->path) {
		address->local.sun_family = AF_UNIX;
		if (strlen(listen->path) >= sizeof address->local.sun_path)
			return 0;
		g_strlcpy(address->local.sun_path, listen->path,
			sizeof address->local.sun_path);
		return sizeof address->local;
	}
	if (inet_pton(AF_INET, listen->address, &address->ip4.sin_addr) == 1) {
		address->ip4.sin_family = AF_INET;
		address->ip4.sin_port = htons(listen->port);
		return sizeof address->ip4;
	}
	if (inet_pton(AF_INET6, listen->address, &address->ip6.sin6_addr) == 1) {
		address->ip6.sin6_family = AF_INET6;
		address->ip6.sin6_port = htons(listen->port);
		return sizeof address->ip6;
	}
	return 0;
}

/* What a scenario that has crashed left: a socket that nobody listens on. */
static void remove_left(const Address *address, socklen_t size)
{
	maq_autofd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat status;

	if (address->any.sa_family == AF_UNIX &&
		!lstat(address->local.sun_path, &status) && S_ISSOCK(status.st_mode) &&
		connect(fd, &address->any, size) && errno == ECONNREFUSED)
		unlink(address->local.sun_path);
}

static int open_socket(const Address *address, socklen_t size)
{
	maq_autofd int fd = socket(
		address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	if (address->any.sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	/* a socket in the file system is its owner's only */
	mode_t mask = umask(0077);
	int status = bind(fd, &address->any, size);
	umask(mask);
	if (status || listen(fd, BACKLOG))
		return -1;
	return maq_steal_fd(&fd);
}

static const Replacement *find_replacement(const Host *host, const char *name)
{
	for (guint i = 0; i < host->replacements->len; i++) {
		const Replacement *replacement = host->replacements->pdata[i];

		if (!strcmp(replacement->name, name))
			return replacement;
	}
	return NULL;
}

static void say_why(Host *host, const char *label, const MaqListen *listen, int failure)
{
	if (listen->path)
		complain(host, label, "Error: cannot listen at %s: %s", listen->path,
			g_strerror(failure));
	else if (failure == EADDRINUSE)
		complain(host, label,
			"Error: port %u of %s is in use; choose another with --listen "
			"%s=ADDRESS:PORT",
			listen->port, listen->address, listen->name);
	else
		complain(host, label, "Error: cannot listen on port %u of %s: %s",
			listen->port, listen->address, g_strerror(failure));
}

static Socket *add_socket(Host *host, const char *label, const MaqListen *listen)
{
	Address address;
	socklen_t size = make_address(listen, &address);
	int fd = -1;

	errno = EADDRNOTAVAIL;
	if (size) {
		remove_left(&address, size);
		if (listen->path)
			sweep_note("socket", listen->path);
		fd = open_socket(&address, size);
	}
	if (fd < 0) {
		say_why(host, label, listen, errno);
		return NULL;
	}
	Socket *made = g_new(Socket, 1);
	*made = (Socket){
		.label = g_strdup(label),
		.name = g_strdup(listen->name),
		.address = g_strdup(listen->path ? listen->path : listen->address),
		.port = listen->port,
		.is_unix = listen->path != NULL,
		.is_left = listen->path != NULL,
		.fd = fd,
	};
	g_ptr_array_add(host->sockets, made);
	return made;
}

/* ---- who gets what ---- */

/* Whether label is owner or something below it: what an init was granted, it may grant.
 */
static bool is_below(const char *label, const char *owner)
{
	gsize size = strlen(owner);

	return g_str_has_prefix(label, owner) &&
	       (!label[size] || g_str_has_prefix(label + size, " -> "));
}

static bool is_same(const Socket *socket, const MaqListen *listen)
{
	const char *address = listen->path ? listen->path : listen->address;

	return socket->is_unix == (listen->path != NULL) &&
	       socket->port == listen->port && !strcmp(socket->address, address);
}

static Socket *get_socket(Host *host, const char *label, const MaqListen *granted)
{
	const Replacement *replacement = find_replacement(host, granted->name);
	MaqListen listen = *granted;

	if (replacement && !replacement->address)
		return NULL;
	if (replacement) {
		listen.path = NULL;
		listen.address = replacement->address;
		listen.port = replacement->port;
	}
	for (guint i = 0; i < host->sockets->len; i++) {
		Socket *socket = host->sockets->pdata[i];

		if (strcmp(socket->name, listen.name) || !is_below(label, socket->label))
			continue;
		if (is_same(socket, &listen))
			return socket;
		/* a new configuration says otherwise */
		g_ptr_array_remove_index(host->sockets, i--);
	}
	return add_socket(host, label, &listen);
}

/* ---- devices and connections ---- */

static Socket *keep(
	GPtrArray *list, const char *label, const char *name, const char *address, int fd)
{
	Socket *made = g_new0(Socket, 1);

	made->label = g_strdup(label);
	made->name = g_strdup(name);
	made->address = g_strdup(address);
	made->fd = fd;
	g_ptr_array_add(list, made);
	return made;
}

/* Opened once: what a driver has set up in it survives the driver. */
static Socket *get_device(
	Host *host, const char *label, const char *name, const char *path)
{
	for (guint i = 0; i < host->devices->len; i++) {
		Socket *device = host->devices->pdata[i];

		if (!strcmp(device->label, label) && !strcmp(device->name, name) &&
			!strcmp(device->address, path))
			return device;
	}
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
		fd = open(
			path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0) {
		complain(host, label, "Error: cannot open %s: %s", path,
			g_strerror(errno));
		return NULL;
	}
	return keep(host->devices, label, name, path, fd);
}

/* A new connection for each start. It may not stand yet: it is writable when it does. */
static Socket *get_connection(Host *host, const char *label, const MaqListen *to)
{
	Address address;
	socklen_t size = make_address(to, &address);
	maq_autofd int fd = size ? socket(address.any.sa_family,
					   SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
				 : -1;

	if (!size)
		errno = EADDRNOTAVAIL;
	if (fd < 0 || (connect(fd, &address.any, size) && errno != EINPROGRESS)) {
		complain(host, label, "Error: cannot connect %s: %s", to->name,
			g_strerror(errno));
		return NULL;
	}
	return keep(host->connections, label, to->name, to->path ? to->path : to->address,
		maq_steal_fd(&fd));
}

/* ---- what a node is worth ---- */

static MaqHidDocument *parse(const char *grants)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document = NULL;

	if (grants && *grants)
		document = maq_hid_parse(grants, -1, "host", MAQ_HID_LENIENT, &error);
	return document;
}

/* Whether the path is there and means itself. A component that may write to a folder
 * could put a link into it, and so have something else granted to another one. */
static bool is_plain_path(Host *host, const char *label, const char *path)
{
	g_autofree char *real = realpath(path, NULL);

	if (!real)
		complain(host, label, "Error: cannot grant %s: %s", path,
			g_strerror(errno));
	else if (strcmp(real, path) != 0)
		complain(host, label,
			"Error: %s is not granted, as symbolic links lead from it to %s: "
			"grant that",
			path, real);
	return real && !strcmp(real, path);
}

/* NULL: it is none of those that are opened, or it could not be. */
static Socket *open_node(Host *host, const char *label, const MaqHidNode *node)
{
	const char *type = maq_hid_type(node);
	const char *path = maq_hid_attr(node, "path");
	MaqListen socket;

	/* these are in its view: here it is told why, if they are not */
	if ((!strcmp(type, "file") || !strcmp(type, "directory") ||
		    !strcmp(type, "connect")) &&
		path && !is_plain_path(host, label, path))
		return NULL;

	if (!strcmp(type, "listen") && !maq_scenario_listen(node, &socket))
		return get_socket(host, label, &socket);
	if (!strcmp(type, "connect") && !maq_scenario_connect(node, &socket))
		return get_connection(host, label, &socket);
	if (!strcmp(type, "device"))
		return get_device(
			host, label, maq_hid_name(node), maq_hid_attr(node, "path"));
	if (!strcmp(type, "kvm"))
		return get_device(host, label, "kvm", "/dev/kvm");
	return NULL;
}

static unsigned collect(
	Host *host, const char *label, const MaqHidNode *grants, HostSocket *sockets)
{
	const MaqHidNode *node = maq_hid_first(grants, NULL);
	unsigned n = 0;

	g_ptr_array_set_size(host->connections, 0);
	for (; node; node = maq_hid_next(node, NULL)) {
		const char *fault = maq_scenario_grant(node);
		Socket *socket = NULL;

		if (fault)
			complain(host, label, "Error: %s %s", maq_hid_type(node), fault);
		else if (n == HOST_SOCKETS_MAX)
			complain(host, label, "Error: more than %d grants to be opened",
				HOST_SOCKETS_MAX);
		else
			socket = open_node(host, label, node);
		if (socket)
			sockets[n++] = (HostSocket){socket->name, socket->fd,
				!strcmp(maq_hid_type(node), "listen")};
	}
	return n;
}

const char *host_allowed(
	Host *host, const char *label, const char *grants, const char *parent_grants)
{
	g_autoptr(MaqHidDocument) wanted = parse(grants);
	g_autoptr(MaqHidDocument) granted = parse(parent_grants);
	const MaqHidNode *excess;

	if (!wanted)
		return "";
	excess = maq_scenario_excess(
		granted ? maq_hid_root(granted) : NULL, maq_hid_root(wanted));
	if (!parent_grants || !excess)
		return grants;
	complain(host, label,
		"Error: its init was not granted \"%s%s%s\" itself and cannot grant it; "
		"nothing is granted",
		maq_hid_type(excess), maq_hid_name(excess) ? " " : "",
		maq_hid_name(excess) ? maq_hid_name(excess) : "");
	return "";
}

unsigned host_sockets(Host *host, const char *label, const char *grants,
	HostSocket sockets[HOST_SOCKETS_MAX])
{
	g_autoptr(MaqHidDocument) wanted = parse(grants);

	return wanted ? collect(host, label, maq_hid_root(wanted), sockets) : 0;
}

/* ---- files that are written anew ---- */

bool host_grants_file(const char *grants, const char *path)
{
	g_autoptr(MaqHidDocument) document = parse(grants);
	const MaqHidNode *host = document ? maq_hid_root(document) : NULL;
	const MaqHidNode *node = maq_hid_first(host, "file");

	while (node && (maq_scenario_grant(node) ||
			       g_strcmp0(maq_hid_attr(node, "path"), path) != 0))
		node = maq_hid_next(node, "file");
	return node != NULL;
}

/* What has been opened is looked at, as the path may mean another file by then. */
char *host_read_file(const char *path, gsize max, gsize *length)
{
	maq_autofd int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autofree char *real = fd < 0 ? NULL : g_file_read_link(link, NULL);
	struct stat status;
	char *text = NULL;

	if (g_strcmp0(real, path) != 0 || fstat(fd, &status) ||
		!S_ISREG(status.st_mode) || (guint64)status.st_size > max)
		return NULL;
	return g_file_get_contents(link, &text, length, NULL) ? text : NULL;
}
