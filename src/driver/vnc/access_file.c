// SPDX-License-Identifier: GPL-2.0-or-later
#include "access_file.h"

#include <maq/status.h>

struct AccessFile {
	MaqEnv *env; /* borrowed */
	MaqHandler changed;
	void *data;          /* borrowed: of changed */
	char *path;          /* owned; NULL: none */
	char *seen;          /* owned: a digest of what was read last */
	MaqOpening *opening; /* NULL: none */
	MaqRom *rom;         /* owned; NULL: not open */
};

static void forget(AccessFile *file)
{
	maq_opening_cancel(g_steal_pointer(&file->opening));
	if (file->rom)
		maq_rom_close(g_steal_pointer(&file->rom));
	g_clear_pointer(&file->path, g_free);
	g_clear_pointer(&file->seen, g_free);
}

static void access_file_free(gpointer data)
{
	AccessFile *file = data;

	/* env has closed its sessions */
	g_free(file->path);
	g_free(file->seen);
	g_free(file);
}

AccessFile *access_file_new(MaqEnv *env, MaqHandler changed, void *data)
{
	AccessFile *file = g_new0(AccessFile, 1);

	*file = (AccessFile){.env = env, .changed = changed, .data = data};
	maq_env_own_by(env, file, access_file_free);
	return file;
}

static char *digest_of(GBytes *bytes)
{
	return bytes ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes) : NULL;
}

static bool is_another(const AccessFile *file)
{
	g_autoptr(GBytes) bytes = maq_rom_text(file->rom);
	g_autofree char *digest = digest_of(bytes);

	return !digest || g_strcmp0(digest, file->seen) != 0;
}

/* An editor may say several times that it has written the same. */
static void look(void *data)
{
	AccessFile *file = data;

	if (is_another(file))
		file->changed(file->data);
}

/* Routes may lead to anybody. Who does not have what is in the file cannot read it, and
 * so does not say who may log in. */
static void opened(void *data, int status, MaqSession *session)
{
	AccessFile *file = data;

	(void)status;
	file->opening = NULL;
	file->rom = (MaqRom *)session;
	if (file->rom)
		maq_rom_on_changed(file->rom, look, file);
	if (file->rom && !is_another(file))
		return;
	if (file->rom)
		maq_rom_close(g_steal_pointer(&file->rom));
	maq_log(file->env,
		"%s: when it is written anew, that counts after a restart only, as "
		"no ROM of this name has what is in it",
		file->path);
}

void access_file_set(AccessFile *file, const char *path)
{
	if (!g_strcmp0(path, file->path))
		return;
	forget(file);
	if (!path)
		return;
	file->path = g_strdup(path);
	file->opening = maq_open_async(
		file->env, &maq_rom_interface, path, NULL, 0, opened, file);
}

GBytes *access_file_read(AccessFile *file, GError **error)
{
	GBytes *bytes = NULL;
	char *text = NULL;
	gsize size = 0;

	if (!file->path)
		return NULL;
	if (file->rom)
		bytes = maq_rom_text(file->rom);
	else if (g_file_get_contents(file->path, &text, &size, error))
		bytes = g_bytes_new_take(text, size);
	if (file->rom && !bytes)
		g_set_error(
			error, MAQ_ERROR, MAQ_FAILED, "%s cannot be read", file->path);
	g_free(file->seen);
	file->seen =
		bytes ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes) : NULL;
	return bytes;
}
