// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage - what the component of a tile takes of memory and CPU, for its tab
 *
 * From core's ROM `usage`, by core's labels: the configuration says which init we are in,
 * the tile's label which component of it has made the session. No client has a word in
 * it.
 */
#include "wm.h"

#include <maq/memory.h>
#include <maq/rom.h>

#include <string.h>

#define PERIOD_NS 2000000000u
#define NS_PER_S  1000000000.0
#define MIB       1048576.0

struct Usage {
	Wm *wm;             /* borrowed */
	MaqRom *rom;        /* NULL: none */
	GHashTable *before; /* owned: label -> guint64 ns of CPU */
	guint64 time;       /* of these */
	MaqTimeout *timeout;
};

static void ask(void *data);

/* The component behind a tile: the longest part of its label that is one. */
static const MaqHidNode *component_of(const Wm *wm, const Tile *tile, GHashTable *nodes)
{
	g_autofree char *label =
		g_strconcat(wm->settings.usage, " -> ", tile->label, NULL);
	gsize shortest = strlen(wm->settings.usage);
	const MaqHidNode *node = g_hash_table_lookup(nodes, label);

	while (!node) {
		char *end = g_strrstr(label, " -> ");

		if (!end || (gsize)(end - label) <= shortest)
			return NULL;
		*end = '\0';
		node = g_hash_table_lookup(nodes, label);
	}
	return node;
}

static void note_tile(Usage *usage, Tile *tile, GHashTable *nodes, double elapsed)
{
	const MaqHidNode *node = tile->view ? component_of(usage->wm, tile, nodes) : NULL;
	guint64 now = maq_hid_u64(node, "cpu", 0);
	guint64 *before =
		node ? g_hash_table_lookup(usage->before, maq_hid_name(node)) : NULL;
	double share = before && now > *before && elapsed > 0
			       ? (double)(now - *before) / elapsed
			       : 0;
	char *text = NULL;

	if (node)
		text = g_strdup_printf("%.0f MiB  %.0f %%",
			(double)maq_hid_u64(node, "ram", 0) / MIB, share * 100);
	if (!g_strcmp0(text, tile->usage)) {
		g_free(text);
		return;
	}
	g_free(tile->usage);
	tile->usage = text;
	control_tell_once(usage->wm, &tile->usage_told, "usage", tile->label);
	tile_damage_bar(tile);
}

static void remember(Usage *usage, GHashTable *nodes)
{
	GHashTableIter iter;
	gpointer label, node;

	g_hash_table_remove_all(usage->before);
	g_hash_table_iter_init(&iter, nodes);
	while (g_hash_table_iter_next(&iter, &label, &node)) {
		guint64 cpu = maq_hid_u64(node, "cpu", 0);

		g_hash_table_insert(
			usage->before, g_strdup(label), g_memdup2(&cpu, sizeof cpu));
	}
}

static void note_all(Usage *usage, const MaqHidNode *root)
{
	guint64 now = maq_env_binding(usage->wm->env)->now();
	g_autoptr(GHashTable) nodes = g_hash_table_new(g_str_hash, g_str_equal);
	const MaqHidNode *node = maq_hid_first(root, "component");
	GHashTableIter iter;
	gpointer tile;

	for (; node; node = maq_hid_next(node, "component"))
		if (maq_hid_name(node))
			g_hash_table_insert(
				nodes, (void *)maq_hid_name(node), (void *)node);
	g_hash_table_iter_init(&iter, usage->wm->tiles);
	while (g_hash_table_iter_next(&iter, NULL, &tile))
		note_tile(usage, tile, nodes, (double)(now - usage->time));
	remember(usage, nodes);
	usage->time = now;
}

static void got(void *data, MaqRomError status, guint64 size, int content)
{
	Usage *usage = data;
	maq_autofd int fd = content;
	gsize mapped = 0;
	const char *text =
		status == MAQ_ROM_OK ? maq_map(fd, false, &mapped, NULL) : NULL;
	g_autoptr(MaqHidDocument) document =
		text && size <= mapped ? maq_hid_parse(text, (gssize)size, "usage",
						 MAQ_HID_LENIENT, NULL)
				       : NULL;

	maq_unmap(text, mapped);
	if (document)
		note_all(usage, maq_hid_root(document));
	if (!usage->timeout)
		usage->timeout = maq_loop_at(maq_env_loop(usage->wm->env),
			maq_env_binding(usage->wm->env)->now() + PERIOD_NS, ask, usage);
}

static void ask(void *data)
{
	Usage *usage = data;

	usage->timeout = NULL;
	if (*usage->wm->settings.usage)
		maq_rom_update_async(usage->rom, got, usage);
}

void usage_configure(Wm *wm)
{
	Usage *usage = wm->usage;

	if (!*wm->settings.usage || (usage && usage->timeout))
		return;
	if (!usage) {
		usage = wm->usage = g_new0(Usage, 1);
		maq_env_own(wm->env, usage);
		usage->wm = wm;
		usage->before =
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
		usage->rom = maq_rom_open(wm->env, "usage", NULL);
		if (!usage->rom)
			maq_log(wm->env,
				"Warning: there is no ROM \"usage\": tabs do not "
				"show what is used");
	}
	if (usage->rom)
		ask(usage);
}
