// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_rom - the config node of a start node as the ROM `config` of its component
 */
#include "init.h"

#include <maq/memory.h>

typedef struct {
	Start *start; /* borrowed: outlives the sessions of its child */
	MaqPeer *peer;
} ConfigClient;

static MaqRomError config_update(void *self, guint64 *size, int *content)
{
	ConfigClient *client = self;
	const MaqHidNode *config = maq_hid_first(client->start->node, "config");
	g_autofree char *text = config ? maq_hid_to_text(config, "config") : NULL;
	g_autoptr(GError) error = NULL;

	if (!text)
		return MAQ_ROM_NO_CONTENT;
	*size = strlen(text);
	*content = maq_dataspace_new_constant("config", text, *size, &error);
	return *content < 0 ? MAQ_ROM_FAILED : MAQ_ROM_OK;
}

static MaqStatus config_open(void *self, MaqPeer *peer, void **made)
{
	ConfigClient *client = g_new(ConfigClient, 1);

	*client = (ConfigClient){self, peer};
	g_ptr_array_add(client->start->config_peers, peer);
	*made = client;
	return MAQ_OK;
}

static void config_close(void *self)
{
	ConfigClient *client = self;

	g_ptr_array_remove_fast(client->start->config_peers, client->peer);
	g_free(client);
}

const MaqRomService config_rom_service = {
	.ops = {.update = config_update},
	.open = config_open,
	.close = config_close,
};
