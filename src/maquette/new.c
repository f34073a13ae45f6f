// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * new - a component or a scenario to begin with
 *
 * The templates are files, here under templates/, installed under share/maquette. In
 * their names and contents @NAME@ stands for the name given.
 */
#include "command.h"

#include <maq/status.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 48u

static char *templates_of(const char *kind)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *here = g_path_get_dirname(self ? self : ".");
	char *installed = g_build_filename(
		here, "..", "share", "maquette", "templates", kind, NULL);

	if (g_file_test(installed, G_FILE_TEST_IS_DIR))
		return installed;
	g_free(installed);
	return g_build_filename(MAQUETTE_TEMPLATES, kind, NULL);
}

static char *fill_in(const char *text, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(text, "@NAME@", -1);

	return g_strjoinv(name, parts);
}

static bool copy_file(const char *from, const char *to, const char *name, GError **error)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(from, &text, NULL, error))
		return false;
	g_autofree char *filled = fill_in(text, name);
	if (!g_file_set_contents(to, filled, -1, error))
		return false;
	printf("%s\n", to);
	return true;
}

static bool copy_folder(
	const char *from, const char *to, const char *name, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(from, 0, error);
	const char *file;
	bool well = true;

	if (!dir)
		return false;
	if (g_mkdir_with_parents(to, 0777)) {
		g_set_error(
			error, MAQ_ERROR, MAQ_FAILED, "%s: %s", to, g_strerror(errno));
		return false;
	}
	while (well && (file = g_dir_read_name(dir))) {
		g_autofree char *source = g_build_filename(from, file, NULL);
		g_autofree char *filled = fill_in(file, name);
		g_autofree char *target = g_build_filename(to, filled, NULL);

		well = g_file_test(source, G_FILE_TEST_IS_DIR)
			       ? copy_folder(source, target, name, error)
			       : copy_file(source, target, name, error);
	}
	return well;
}

/* One that is a program's name, a node's and a folder's. */
static bool is_name(const char *text)
{
	gsize size = strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");

	return size && !text[size] && size <= NAME_MAX_BYTES && text[0] != '-';
}

int maquette_new(int argc, char **argv)
{
	bool help = argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));
	g_autoptr(GError) error = NULL;

	if (argc != 3 || (strcmp(argv[1], "component") && strcmp(argv[1], "scenario"))) {
		fprintf(help ? stdout : stderr,
			"Usage: maquette new component NAME\n"
			"       maquette new scenario NAME\n\n"
			"Makes the folder NAME with a component of one's own (and a "
			"scenario that\nstarts it), or with a scenario: ready to build, "
			"run and test.\n");
		return help ? EXIT_WELL : EXIT_USAGE;
	}
	g_autofree char *name = g_path_get_basename(argv[2]);
	if (!is_name(name)) {
		fprintf(stderr,
			"maquette new: \"%s\" is no name: expected letters, digits, - "
			"and "
			"_, at most %u\n",
			name, NAME_MAX_BYTES);
		return EXIT_USAGE;
	}
	if (g_file_test(argv[2], G_FILE_TEST_EXISTS)) {
		fprintf(stderr, "maquette new: %s exists already\n", argv[2]);
		return EXIT_USAGE;
	}
	g_autofree char *templates = templates_of(argv[1]);
	if (copy_folder(templates, argv[2], name, &error))
		return EXIT_WELL;
	fprintf(stderr, "maquette new: %s\n", error->message);
	return EXIT_MACHINE;
}
