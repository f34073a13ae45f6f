// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * host - what a start node may use of the host
 */
#include <maq/hid_schema.h>
#include <maq/scenario.h>

#include "host_schema.h"

#include <string.h>

/* Names are handed over in an environment variable. */
static bool is_plain(const char *name)
{
	return name && *name &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-")];
}

/* A socket or, with a path, one in the file system. */
static const char *read_address(const MaqHidNode *node, MaqListen *listen)
{
	guint64 port = maq_hid_u64(node, "port", G_MAXUINT64);

	*listen = (MaqListen){
		.name = maq_hid_name(node),
		.path = maq_hid_attr(node, "path"),
		.address = maq_hid_string(node, "address", "127.0.0.1"),
		.port = (guint16)port,
	};
	if (!is_plain(listen->name))
		return "needs a name of letters and digits";
	if (listen->path && *listen->path != '/')
		return "needs a path that begins with /";
	if (!listen->path && port > G_MAXUINT16)
		return "needs \"port:\" from 0 to 65535, or \"path:\"";
	return NULL;
}

const char *maq_scenario_listen(const MaqHidNode *node, MaqListen *listen)
{
	return read_address(node, listen);
}

const char *maq_scenario_connect(const MaqHidNode *node, MaqListen *connect)
{
	const char *fault = read_address(node, connect);

	if (!fault && !connect->path && !connect->port)
		return "needs \"port:\" from 1 to 65535, or \"path:\"";
	return fault;
}

/* ---- grants without a socket ---- */

/* Nothing that leads out of where it begins. */
static bool is_absolute(const char *path)
{
	return path && *path == '/' && path[1] && !strstr(path, "/../") &&
	       !g_str_has_suffix(path, "/..") && !strstr(path, "//") &&
	       !g_str_has_suffix(path, "/");
}

static const char *check_path(const MaqHidNode *node)
{
	const char *access = maq_hid_string(node, "access", "read");

	if (!is_absolute(maq_hid_attr(node, "path")))
		return "needs \"path:\", from / on, without \"..\" and / at its end";
	if (strcmp(access, "read") && strcmp(access, "write"))
		return "has an access that is neither read nor write";
	return NULL;
}

static const char *check_device(const MaqHidNode *node)
{
	const char *path = maq_hid_attr(node, "path");

	if (!is_plain(maq_hid_name(node)))
		return "needs a name of letters and digits";
	if (!is_absolute(path) || !g_str_has_prefix(path, "/dev/"))
		return "needs \"path:\", from /dev/ on";
	return NULL;
}

static const char *check_display(const MaqHidNode *node)
{
	const char *name = maq_hid_name(node);

	return !name || !strcmp(name, "x11") || !strcmp(name, "wayland")
		       ? NULL
		       : "has a name that is neither x11 nor wayland";
}

static const char *check_socket(const MaqHidNode *node)
{
	MaqListen socket;

	return strcmp(maq_hid_type(node), "listen") ? maq_scenario_connect(node, &socket)
						    : maq_scenario_listen(node, &socket);
}

static const char *check_nothing(const MaqHidNode *node)
{
	(void)node;
	return NULL;
}

const char *maq_scenario_grant(const MaqHidNode *node)
{
	static const struct {
		const char *type;
		const char *(*check)(const MaqHidNode *node);
	} kinds[] = {
		{"listen", check_socket},
		{"connect", check_socket},
		{"device", check_device},
		{"kvm", check_nothing},
		{"file", check_path},
		{"directory", check_path},
		{"program", check_path},
		{"display", check_display},
		{"audio", check_nothing},
		{"usb", check_nothing},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!g_strcmp0(maq_hid_type(node), kinds[i].type))
			return kinds[i].check(node);
	return "cannot be granted";
}

char *maq_scenario_grant_text(const MaqHidNode *node)
{
	const char *type = maq_hid_type(node), *path = maq_hid_attr(node, "path");
	const char *name = maq_hid_name(node);
	GString *text = g_string_new(type);
	MaqListen socket;

	if (name)
		g_string_append_printf(text, " %s", name);
	if (path)
		g_string_append_printf(text, " %s", path);
	else if (!maq_scenario_listen(node, &socket))
		g_string_append_printf(text, " %s:%u", socket.address, socket.port);
	if (!strcmp(type, "file") || !strcmp(type, "directory"))
		g_string_append_printf(
			text, ", to %s", maq_hid_string(node, "access", "read"));
	return g_string_free(text, FALSE);
}

/* The first line, without the place of a text that nobody has seen. */
static char *without_place(const char *problem)
{
	for (int colons = 0; colons < 3 && problem; colons++) {
		problem = strchr(problem, ':');
		problem = problem ? problem + 1 : NULL;
	}
	return problem ? g_strndup(problem + 1, strcspn(problem + 1, "\n")) : NULL;
}

char *maq_scenario_grant_fault(const MaqHidNode *node)
{
	MaqHidBuilder *builder = maq_hid_builder_new("host");

	maq_hid_append(builder, node);
	g_autofree char *text = maq_hid_builder_finish(builder);
	g_autoptr(MaqHidSchema) schema = maq_hid_schema_new(
		maq_hid_parse(host_schema, -1, "host.hsd", MAQ_HID_STRICT, NULL), NULL);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, -1, "host", MAQ_HID_LENIENT, NULL);
	const char *fault = maq_scenario_grant(node);

	if (fault)
		return g_strdup_printf("%s %s", maq_hid_type(node), fault);
	g_assert(schema && document);
	g_autoptr(GPtrArray) problems = maq_hid_schema_check(schema, document);
	return problems->len ? without_place(problems->pdata[0]) : NULL;
}

static bool has_equal(const MaqHidNode *granted, const MaqHidNode *wanted)
{
	const MaqHidNode *node = maq_hid_first(granted, NULL);

	while (node && !maq_hid_equal(node, wanted))
		node = maq_hid_next(node, NULL);
	return node != NULL;
}

const MaqHidNode *maq_scenario_excess(const MaqHidNode *granted, const MaqHidNode *wanted)
{
	const MaqHidNode *node = maq_hid_first(wanted, NULL);

	while (node && has_equal(granted, node))
		node = maq_hid_next(node, NULL);
	return node;
}
