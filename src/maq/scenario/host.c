// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * host - what a start node may use of the host
 */
#include <maq/scenario.h>

#include <string.h>

/* Names are handed over in an environment variable. */
static bool is_plain(const char *name)
{
	return name && *name &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-")];
}

const char *maq_scenario_listen(const MaqHidNode *node, MaqListen *listen)
{
	guint64 port = maq_hid_u64(node, "port", G_MAXUINT64);

	*listen = (MaqListen){
		.name = maq_hid_name(node),
		.path = maq_hid_attr(node, "path"),
		.address = maq_hid_string(node, "address", "127.0.0.1"),
		.port = (guint16)port,
	};
	if (!is_plain(listen->name))
		return "listen needs a name of letters and digits: expected "
		       "\"+ listen NAME\"";
	if (listen->path && *listen->path != '/')
		return "the path of a socket is to begin with /";
	if (!listen->path && port > G_MAXUINT16)
		return "listen needs \"port:\" from 0 to 65535, or \"path:\"";
	return NULL;
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
