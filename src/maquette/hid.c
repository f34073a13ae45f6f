// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hid - maquette's command for HID files: format, query, edit, check
 *
 * Commands, options and results are those of Genode's tool of the same name, so that
 * either serves a script.
 */
#include "command.h"

#include <maq/hid_edit.h>
#include <maq/hid_schema.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 1 };

typedef struct {
	bool in_place, import_xml, output_xml, help;
	const char *schema, *hsd_dir; /* borrowed, from argv */
	const char *command, *argument, *path;
	MaqHidDocument *document; /* owned */
} Job;

typedef struct {
	const char *name;
	const char *argument; /* what stands between name and file, NULL: nothing */
	const char *help;
	bool (*run)(Job *job, GError **error);
} Command;

static const char usage[] =
	"usage: maquette hid [-i] [--import-xml] [--output-xml] COMMAND ... FILE\n";

/* FILE with -i, else standard output */
static bool put(const Job *job, const char *text, GError **error)
{
	if (job->in_place)
		return g_file_set_contents(job->path, text, -1, error);
	if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "can't write the output");
	return false;
}

static char *in_output_format(const Job *job, const MaqHidNode *node)
{
	char *xml;

	if (!job->output_xml)
		return maq_hid_format(node);
	xml = maq_hid_to_xml(node);
	return xml ? xml : g_strdup(""); /* a disabled node */
}

static bool run_format(Job *job, GError **error)
{
	g_autofree char *text = in_output_format(job, maq_hid_root(job->document));

	return put(job, text, error);
}

static bool run_subnodes(Job *job, GError **error)
{
	g_autoptr(GPtrArray) nodes = maq_hid_find(job->document, job->argument, error);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		g_autofree char *text = in_output_format(job, nodes->pdata[i]);

		fputs(text, stdout);
	}
	return nodes;
}

static bool run_get(Job *job, GError **error)
{
	g_autoptr(GPtrArray) values = maq_hid_get(job->document, job->argument, error);

	for (guint i = 0; values && i < values->len; i++)
		puts(values->pdata[i]);
	return values;
}

/* HID that was edited keeps its layout; what was XML has none. */
static bool put_edited(Job *job, char *edited, GError **error)
{
	g_autofree char *text = edited;
	g_autofree char *other = NULL;
	g_autoptr(MaqHidDocument) document = NULL;

	if (!text)
		return false;
	if (!job->output_xml && !job->import_xml)
		return put(job, text, error);
	document = maq_hid_parse(
		text, -1, job->path, MAQ_HID_STRICT | MAQ_HID_DUPLICATES, error);
	if (!document)
		return false;
	other = in_output_format(job, maq_hid_root(document));
	return put(job, other, error);
}

static bool run_set(Job *job, GError **error)
{
	return put_edited(
		job, maq_hid_edit_set(job->document, job->argument, error), error);
}

static bool run_remove(Job *job, GError **error)
{
	return put_edited(
		job, maq_hid_edit_remove(job->document, job->argument, error), error);
}

static bool run_disable(Job *job, GError **error)
{
	return put_edited(job,
		maq_hid_edit_disable(job->document, job->argument, true, error), error);
}

static bool run_enable(Job *job, GError **error)
{
	return put_edited(job,
		maq_hid_edit_disable(job->document, job->argument, false, error), error);
}

/* A path that ends in .hsd, or a name in the schema directory */
static char *schema_path(const Job *job, GError **error)
{
	if (g_str_has_suffix(job->schema, ".hsd"))
		return g_strdup(job->schema);
	if (job->hsd_dir)
		return g_strdup_printf("%s/%s.hsd", job->hsd_dir, job->schema);
	g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SCHEMA,
		"'%s' is in no directory; expected --hsd-dir, or a file *.hsd",
		job->schema);
	return NULL;
}

/* The syntax was checked on reading. */
static bool run_check(Job *job, GError **error)
{
	g_autofree char *path = NULL;
	g_autoptr(MaqHidSchema) schema = NULL;
	g_autoptr(GPtrArray) problems = NULL;

	if (!job->schema)
		return true;
	path = schema_path(job, error);
	schema = path ? maq_hid_schema_load(path, error) : NULL;
	if (!schema)
		return false;
	problems = maq_hid_schema_check(schema, job->document);
	for (guint i = 0; i < problems->len; i++)
		fprintf(stderr, "%s\n", (const char *)problems->pdata[i]);
	if (!problems->len)
		return true;
	g_set_error(error, MAQ_HID_ERROR, MAQ_HID_ERROR_SCHEMA,
		"%s: %u violations of schema %s", job->path, problems->len, path);
	return false;
}

static const Command commands[] = {
	{"format", NULL, "print in canonical layout, or as XML with --output-xml",
		run_format},
	{"subnodes", "NODE-PATH", "print the nodes found at the path", run_subnodes},
	{"get", "ATTR-PATH", "print the values of an attribute", run_get},
	{"set", "ATTR-DEF", "set or add attributes of the nodes found", run_set},
	{"remove", "NODE-PATH", "remove the nodes found", run_remove},
	{"disable", "NODE-PATH", "turn the '+' of the nodes found into 'x'", run_disable},
	{"enable", "NODE-PATH", "turn the 'x' of the nodes found into '+'", run_enable},
	{"check", NULL, "report what is wrong with syntax, attributes, schema",
		run_check},
};

static void print_help(void)
{
	printf("%s\nFILE may be '-' for standard input.\n\nCommands:\n", usage);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("  %-9s%-10s %s\n", commands[i].name,
			commands[i].argument ? commands[i].argument : "",
			commands[i].help);
	fputs("\nOptions:\n"
	      "  -i              change FILE in place (format and edits)\n"
	      "  --import-xml    FILE is XML\n"
	      "  --output-xml    print XML\n"
	      "  --schema S      check against the file S, if it ends in .hsd, or else\n"
	      "                  against S.hsd in the directory given by --hsd-dir\n"
	      "  --hsd-dir DIR   where schemas are\n"
	      "  --help          this text\n"
	      "\n"
	      "NODE-PATH leads from the top-level node down; attributes are conditions:\n"
	      "  maquette hid subnodes 'config | + start vfs | + route' FILE\n"
	      "ATTR-PATH is a NODE-PATH, '| :', and a tag:\n"
	      "  maquette hid get 'config | + start | : name' FILE\n"
	      "ATTR-DEF is a NODE-PATH, '| :', and attributes:\n"
	      "  maquette hid set 'config | + start vfs | : caps: 100 | ram: 16M' FILE\n"
	      "\n"
	      "Exit codes: 0 well, 1 failed, 100 wrong usage.\n",
		stdout);
}

static int usage_error(const char *format, const char *detail)
{
	fprintf(stderr, "maquette hid: ");
	fprintf(stderr, "%s%s%s\n%s", format, *detail ? " " : "", detail, usage);
	return EXIT_USAGE;
}

/* Options stand anywhere; what is left stays in argv. Answers how much, or -1. */
static int take_options(Job *job, int argc, char **argv)
{
	int left = 0;

	for (int i = 1; i < argc; i++) {
		bool value =
			!strcmp(argv[i], "--schema") || !strcmp(argv[i], "--hsd-dir");

		if (value && i + 1 == argc)
			return -1;
		if (!strcmp(argv[i], "--schema"))
			job->schema = argv[++i];
		else if (!strcmp(argv[i], "--hsd-dir"))
			job->hsd_dir = argv[++i];
		else if (!strcmp(argv[i], "-i"))
			job->in_place = true;
		else if (!strcmp(argv[i], "--import-xml"))
			job->import_xml = true;
		else if (!strcmp(argv[i], "--output-xml"))
			job->output_xml = true;
		else if (!strcmp(argv[i], "--help"))
			job->help = true;
		else
			argv[left++] = argv[i];
	}
	return left;
}

static bool read_input(const char *path, GString *text, GError **error)
{
	g_autofree char *content = NULL;
	char buffer[4096];
	gsize size;

	if (strcmp(path, "-") != 0) {
		if (!g_file_get_contents(path, &content, &size, error))
			return false;
		g_string_append_len(text, content, (gssize)size);
		return true;
	}
	while ((size = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
		g_string_append_len(text, buffer, (gssize)size);
		if (text->len > MAQ_HID_MAX_SIZE)
			return true; /* the parser says so */
	}
	return true;
}

static bool open_document(Job *job, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	MaqHidFlags flags = MAQ_HID_STRICT;

	if (strcmp(job->command, "check") != 0)
		flags |= MAQ_HID_DUPLICATES;
	if (!read_input(job->path, text, error))
		return false;
	if (job->import_xml)
		job->document =
			maq_hid_from_xml(text->str, (gssize)text->len, job->path, error);
	else
		job->document = maq_hid_parse(
			text->str, (gssize)text->len, job->path, flags, error);
	return job->document;
}

static int run(Job *job, const Command *command)
{
	g_autoptr(GError) error = NULL;
	bool well = open_document(job, &error) && command->run(job, &error);

	if (!well)
		fprintf(stderr, "%s\n", error->message);
	maq_hid_free(job->document);
	return well ? EXIT_WELL : EXIT_FAILED;
}

static const Command *find_command(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int maquette_hid(int argc, char **argv)
{
	Job job = {0};
	int left = take_options(&job, argc, argv);
	const Command *command;

	if (job.help) {
		print_help();
		return EXIT_WELL;
	}
	if (left < 0)
		return usage_error("an option lacks its value", "");
	if (left == 0)
		return usage_error("no command", "");
	command = find_command(argv[0]);
	if (!command)
		return usage_error("no such command:", argv[0]);
	if (left != (command->argument ? 3 : 2))
		return usage_error(command->argument ? "expected a path and a file for"
						     : "expected a file for",
			argv[0]);
	job.command = argv[0];
	job.argument = command->argument ? argv[1] : NULL;
	job.path = argv[left - 1];
	if (job.in_place && !strcmp(job.path, "-"))
		return usage_error("-i needs a file, not standard input", "");
	return run(&job, command);
}
