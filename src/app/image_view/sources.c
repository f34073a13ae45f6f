// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources.h"

#include <string.h>

#define FILES_MAX 10000
#define BYTES_MAX (256u << 20)

static void source_free(gpointer data)
{
	Source *source = data;

	g_free(source->name);
	g_free(source);
}

static void add(GPtrArray *list, const char *name, bool module)
{
	Source *source = g_new(Source, 1);

	*source = (Source){g_strdup(name), module};
	g_ptr_array_add(list, source);
}

static bool is_picture(const char *name)
{
	static const char *const ends[] = {".png", ".jpg", ".jpeg"};
	g_autofree char *lower = g_ascii_strdown(name, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(lower, ends[i]))
			return *name != '.';
	return false;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(
		(*(const Source *const *)a)->name, (*(const Source *const *)b)->name);
}

static void add_files(GPtrArray *list, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) files = g_ptr_array_new();
	const char *name;

	while (dir && files->len < FILES_MAX && (name = g_dir_read_name(dir)))
		if (is_picture(name)) {
			add(list, name, false);
			g_ptr_array_add(files, list->pdata[list->len - 1]);
		}
	g_ptr_array_sort(files, by_name);
	for (guint i = 0; i < files->len; i++)
		list->pdata[list->len - files->len + i] = files->pdata[i];
}

GPtrArray *sources_list(const MaqHidNode *config)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(source_free);
	const MaqHidNode *image = maq_hid_first(config, "image");
	const char *folder = maq_hid_attr(config, "folder");

	for (; image; image = maq_hid_next(image, "image"))
		if (maq_hid_name(image))
			add(list, maq_hid_name(image), true);
	if (folder)
		add_files(list, folder);
	return list;
}

static GBytes *read_module(MaqEnv *env, const char *name, GError **error)
{
	MaqRom *rom = maq_rom_open(env, name, error);

	if (!rom)
		return NULL;
	GBytes *bytes = maq_rom_text(rom);
	maq_rom_close(rom);
	if (!bytes)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "the module has no content");
	return bytes;
}

GBytes *source_read(
	MaqEnv *env, const MaqHidNode *config, const Source *source, GError **error)
{
	if (source->module)
		return read_module(env, source->name, error);
	g_autofree char *path = g_build_filename(
		maq_hid_string(config, "folder", "/"), source->name, NULL);
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
	if (!file)
		return NULL;
	if (g_mapped_file_get_length(file) > BYTES_MAX) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "the file is too large");
		return NULL;
	}
	return g_mapped_file_get_bytes(file);
}
