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

/* ---- programs ---- */

static bool is_program(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Where core looks for ROM modules. */
static bool has_program(const char *config, const char *name)
{
	g_autofree char *scenario = g_path_get_dirname(config);
	g_autofree char *folders = program_folders();
	g_auto(GStrv) list = g_strsplit(folders, ":", -1);
	bool found = is_program(scenario, name);

	for (char **folder = list; *folder && !found; folder++)
		found = **folder && is_program(*folder, name);
	return found;
}

/* An init: its configuration, and whose child it is. */
typedef struct Place Place;
struct Place {
	const Place *outer; /* NULL: a child of core */
	const MaqHidNode *config, *start;
};

/* Whether what an init asks its parent for comes from core; label becomes core's. */
static bool reaches_core(const Place *place, char *label, gsize size)
{
	MaqRoute route;

	for (; place->outer; place = place->outer) {
		maq_scenario_route(
			place->outer->config, place->start, "ROM", label, &route);
		if (route.kind != MAQ_ROUTE_PARENT)
			return false;
		g_strlcpy(label, route.label, size);
	}
	return true;
}

/* Programs that come from core; what a component provides is known when it runs. */
static guint check_programs(const char *path, const Place *place)
{
	const MaqHidNode *start = maq_hid_first(place->config, "start");
	guint missing = 0;
	MaqRoute route;

	for (; start; start = maq_hid_next(start, "start")) {
		const MaqHidNode *binary = maq_hid_first(start, "binary");

		maq_scenario_route_binary(place->config, start, &route);
		if (route.kind != MAQ_ROUTE_PARENT ||
			!reaches_core(place, route.label, sizeof route.label))
			continue;
		const char *arrow = g_strrstr(route.label, " -> ");
		const char *name = arrow ? arrow + 4 : route.label;

		if (has_program(path, name))
			continue;
		g_autofree char *text = g_strdup_printf(
			"there is no program \"%s\": expected it in the scenario's "
			"folder, beside Maquette's own, or in MAQUETTE_PATH",
			name);
		complain(NULL, binary ? binary : start, NULL, true, text);
		missing++;
	}
	return missing;
}

/* ---- inits in one another ---- */

static guint check_init(const char *path, const Place *place, guint64 ram, guint32 caps)
{
	const MaqHidNode *config = place->config;
	const MaqHidNode *start = maq_hid_first(config, "start");
	guint faults = maq_scenario_check(config, ram, caps, complain, NULL);

	faults += check_programs(path, place);
	for (; start; start = maq_hid_next(start, "start")) {
		Place inner = {place, maq_hid_first(start, "config"), start};

		if (inner.config && !g_strcmp0(maq_scenario_binary(start), "init"))
			faults +=
				check_init(path, &inner, maq_scenario_ram(config, start),
					maq_scenario_caps(config, start));
	}
	return faults;
}

static MaqHidDocument *parse(
	const char *path, const char *const *settings, GError **error)
{
	g_autofree char *text = NULL;
	gsize size;

	if (!g_file_get_contents(path, &text, &size, error))
		return NULL;
	if (!settings)
		return maq_hid_parse(text, (gssize)size, path, MAQ_HID_STRICT, error);
	g_autofree char *edited = maq_scenario_set(text, size, path, settings, error);
	return edited ? maq_hid_parse(edited, -1, path, MAQ_HID_STRICT, error) : NULL;
}

MaqHidDocument *scenario_load(const char *path, guint64 ram, guint32 caps)
{
	return scenario_load_set(path, NULL, ram, caps);
}

MaqHidDocument *scenario_load_set(
	const char *path, const char *const *settings, guint64 ram, guint32 caps)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) document = parse(path, settings, &error);

	if (!document) {
		fprintf(stderr, "%s\n", error->message);
		return NULL;
	}
	Place place = {NULL, maq_hid_root(document), NULL};
	if (check_init(path, &place, ram, caps))
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
