// SPDX-License-Identifier: GPL-2.0-or-later
#include "closure.h"

#include <fcntl.h>
#include <gelf.h>
#include <glob.h>
#include <maq/env.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 400 /* of a program */

/* Loaded when they are needed by the C library itself, to unwind the stack. */
static const char *const unnamed[] = {"libgcc_s.so.1"};

typedef struct {
	Closure *closure;
	GHashTable *seen; /* owned: names of libraries, borrowed from below */
	GPtrArray *names; /* owned: those to come, of char * */
	GPtrArray *dirs;  /* owned: RPATH and RUNPATH of all, of char * */
} Search;

/* ---- where the loader looks ---- */

static void add_configured(GPtrArray *dirs, const char *pattern);

static void read_configuration(GPtrArray *dirs, const char *path)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		char *end = strchr(g_strstrip(*line), '#');

		if (end)
			*end = '\0';
		g_strstrip(*line);
		if (g_str_has_prefix(*line, "include "))
			add_configured(dirs, g_strstrip(*line + 8));
		else if (**line == '/')
			g_ptr_array_add(dirs, g_strdup(*line));
	}
}

static void add_configured(GPtrArray *dirs, const char *pattern)
{
	g_autofree char *whole =
		*pattern == '/' ? g_strdup(pattern) : g_strconcat("/etc/", pattern, NULL);
	glob_t found = {0};

	if (!glob(whole, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			read_configuration(dirs, found.gl_pathv[i]);
	globfree(&found);
}

/* Read once: who installs libraries while we run starts the scenario again. */
static const GPtrArray *system_dirs(void)
{
	static GPtrArray *dirs;

	if (!dirs) {
		dirs = g_ptr_array_new_with_free_func(g_free);
		read_configuration(dirs, "/etc/ld.so.conf");
		for (const char *const *dir = (const char *const[]){"/lib64",
			     "/usr/lib64", "/lib", "/usr/lib", NULL};
			*dir; dir++)
			g_ptr_array_add(dirs, g_strdup(*dir));
	}
	return dirs;
}

/* Of the same kind (32 or 64 bits, machine) as we are. */
static bool is_ours(const char *path)
{
	unsigned char head[20] = {0};
	maq_autofd int file = open(path, O_RDONLY | O_CLOEXEC);
	maq_autofd int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	unsigned char own[20] = {0};

	return file >= 0 && pread(file, head, 20, 0) == 20 &&
	       pread(self, own, 20, 0) == 20 && !memcmp(head, own, 5) &&
	       !memcmp(head + 18, own + 18, 2);
}

static char *find_in(const GPtrArray *dirs, const char *name)
{
	for (guint i = 0; i < dirs->len; i++) {
		g_autofree char *path = g_build_filename(dirs->pdata[i], name, NULL);

		if (is_ours(path))
			return g_steal_pointer(&path);
	}
	return NULL;
}

static char *find_library(const Search *search, const char *name)
{
	/* a hostile program may name any file: none but a library is shown to it */
	if (strchr(name, '/'))
		return *name == '/' && is_ours(name) ? g_strdup(name) : NULL;
	char *path = find_in(search->dirs, name);
	return path ? path : find_in(system_dirs(), name);
}

/* ---- what is in a file ---- */

static void add_name(Search *search, const char *name)
{
	if (g_hash_table_contains(search->seen, name) || search->names->len >= FILES_MAX)
		return;
	char *copy = g_strdup(name);
	g_ptr_array_add(search->names, copy);
	g_hash_table_add(search->seen, copy);
	if (strstr(name, "libasan.") || strstr(name, "libubsan.") ||
		strstr(name, "libtsan.") || strstr(name, "liblsan."))
		search->closure->sanitized = true;
}

static void add_dirs(Search *search, const char *list, const char *path)
{
	g_autofree char *origin = path ? g_path_get_dirname(path) : NULL;
	g_auto(GStrv) dirs = g_strsplit(list, ":", -1);

	for (char **dir = dirs; *dir; dir++) {
		g_autoptr(GString) text = g_string_new(*dir);

		if (origin) {
			g_string_replace(text, "${ORIGIN}", origin, 0);
			g_string_replace(text, "$ORIGIN", origin, 0);
		}
		if (*text->str == '/')
			g_ptr_array_add(search->dirs, g_strdup(text->str));
	}
}

static void read_dynamic(Search *search, Elf *elf, Elf_Scn *section, const char *path)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);

	if (!data || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return;
	for (int i = 0; i < (int)(header.sh_size / header.sh_entsize); i++) {
		GElf_Dyn entry;

		if (!gelf_getdyn(data, i, &entry) || entry.d_tag == DT_NULL)
			break;
		const char *text = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
		if (!text)
			continue;
		if (entry.d_tag == DT_NEEDED)
			add_name(search, text);
		else if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH)
			add_dirs(search, text, path);
	}
}

/* The program's loader, whose path is absolute. */
static void read_loader(Search *search, Elf *elf)
{
	size_t count = 0;
	GElf_Phdr header;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		size_t size = 0;
		char *raw = elf_rawfile(elf, &size);

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_INTERP ||
			!raw || header.p_offset >= size || !header.p_filesz ||
			header.p_filesz > size - header.p_offset ||
			raw[header.p_offset + header.p_filesz - 1])
			continue;
		if (raw[header.p_offset] == '/')
			add_name(search, raw + header.p_offset);
	}
}

static void read_elf(Search *search, int file, const char *path)
{
	Elf *elf = elf_begin(file, ELF_C_READ_MMAP, NULL);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (!elf)
		return;
	read_loader(search, elf);
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			read_dynamic(search, elf, section, path);
	elf_end(elf);
}

/* ---- scripts ---- */

/* "#!PATH": the interpreter. */
static char *interpreter_of(int program)
{
	char line[256] = "";
	ssize_t size = pread(program, line, sizeof line - 1, 0);

	if (size < 3 || line[0] != '#' || line[1] != '!')
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	char *path = g_strstrip(line + 2);
	path[strcspn(path, " \t")] = '\0';
	return *path == '/' ? g_strdup(path) : NULL;
}

/* ---- all of it ---- */

static void follow(Search *search)
{
	for (guint i = 0; i < search->names->len; i++) {
		g_autofree char *path = find_library(search, search->names->pdata[i]);
		maq_autofd int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

		if (file < 0)
			continue; /* the loader will say it */
		read_elf(search, file, path);
		g_ptr_array_add(search->closure->paths, g_steal_pointer(&path));
	}
}

Closure *closure_new(int program)
{
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", program);
	g_autofree char *path = g_file_read_link(link, NULL);
	Closure *closure = g_new0(Closure, 1);
	Search search = {closure, g_hash_table_new(g_str_hash, g_str_equal),
		g_ptr_array_new_with_free_func(g_free),
		g_ptr_array_new_with_free_func(g_free)};

	elf_version(EV_CURRENT);
	closure->paths = g_ptr_array_new_with_free_func(g_free);
	closure->interpreter = interpreter_of(program);
	if (!closure->interpreter) {
		read_elf(&search, program, path);
		/* a static program needs none */
		for (gsize i = 0; search.names->len && i < G_N_ELEMENTS(unnamed); i++)
			add_name(&search, unnamed[i]);
		follow(&search);
	}
	g_hash_table_unref(search.seen);
	g_ptr_array_unref(search.names);
	g_ptr_array_unref(search.dirs);
	return closure;
}

void closure_free(Closure *closure)
{
	if (!closure)
		return;
	g_ptr_array_unref(closure->paths);
	g_free(closure->interpreter);
	g_free(closure);
}
