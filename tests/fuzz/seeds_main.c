// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * seeds_main - run a fuzz target once over each file of a directory
 *
 * Stands in for libFuzzer's main in builds without it, so that every build checks
 * the stored seeds. An empty or missing directory is an error: no seed, no test.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	g_autoptr(GDir) dir = NULL;
	g_autoptr(GError) error = NULL;
	const char *name;
	unsigned seeds = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s SEED-DIRECTORY\n", argv[0]);
		return 100;
	}
	dir = g_dir_open(argv[1], 0, &error);
	if (!dir) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(argv[1], name, NULL);
		g_autofree char *text = NULL;
		gsize size;

		if (!g_file_get_contents(path, &text, &size, &error)) {
			fprintf(stderr, "%s\n", error->message);
			return 1;
		}
		/* an exact copy, so that the sanitizer sees a read past the end */
		g_autofree uint8_t *copy = g_memdup2(text, size);
		LLVMFuzzerTestOneInput(copy, size);
		seeds++;
	}
	printf("%u seeds\n", seeds);
	return seeds ? 0 : 1;
}
