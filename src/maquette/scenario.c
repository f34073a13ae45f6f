// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include <maq/scenario.h>

#include <stdio.h>

char *scenario_config(const char *scenario, GError **error)
{
	g_autofree char *inside = g_build_filename(scenario, "init.config", NULL);

	if (g_file_test(inside, G_FILE_TEST_IS_REGULAR))
		return g_steal_pointer(&inside);
	if (g_file_test(scenario, G_FILE_TEST_IS_REGULAR))
		return g_strdup(scenario);
	if (g_file_test(scenario, G_FILE_TEST_IS_DIR))
		g_set_error(error, MAQ_ERROR, MAQ_INVALID,
			"%s has no file init.config: expected a scenario's folder",
			scenario);
	else
		g_set_error(error, MAQ_ERROR, MAQ_INVALID, "%s: no such folder or file",
			scenario);
	return NULL;
}

static void complain(
	void *data, const MaqHidNode *node, const char *tag, bool fatal, const char *text)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	(void)fatal;
	maq_hid_set_error(&error, node, tag, "%s", text);
	fprintf(stderr, "%s\n", error->message);
}

MaqHidDocument *scenario_load(const char *path, guint64 ram, guint32 caps)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document = maq_hid_load(path, MAQ_HID_STRICT, &error);

	if (!document) {
		fprintf(stderr, "%s\n", error->message);
		return NULL;
	}
	if (maq_scenario_check(maq_hid_root(document), ram, caps, complain, NULL))
		return NULL;
	return g_steal_pointer(&document);
}

static char *own_folder(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);

	return g_path_get_dirname(self ? self : ".");
}

char *program_path(const char *name)
{
	g_autofree char *folders = program_folders();
	g_auto(GStrv) list = g_strsplit(folders, ":", -1);

	for (char **folder = list; *folder; folder++) {
		g_autofree char *path = g_build_filename(*folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
			return g_steal_pointer(&path);
	}
	return NULL;
}

char *program_folders(void)
{
	const char *more = g_getenv("MAQUETTE_PATH");
	g_autofree char *here = own_folder();
	g_autofree char *core = g_build_filename(here, "maquette-core", NULL);
	g_autofree char *installed =
		g_build_filename(here, "..", "libexec", "maquette", NULL);

	/* Only a build has all programs in one folder: beside an installed maquette lie
	 * those of the whole system, whose names may be those of our components. */
	if (g_file_test(core, G_FILE_TEST_IS_EXECUTABLE))
		return g_strjoin(":", here, more, NULL);
	return g_strjoin(":", installed, more, NULL);
}
