// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quota - trading by hand: what a component of a running scenario has, and giving it more
 * or less
 */
#include "command.h"
#include "remote.h"
#include "tree.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
	"Usage: maquette quota [set] LABEL [ram=SIZE] [caps=N] [NAME]\n\n"
	"Prints the quota of a component of a running scenario, e.g. \"init -> timer\" "
	"or\n"
	"timer; with set it is given another one, such as ram=16M caps=200. NAME is the\n"
	"scenario, if several run. What is taken from a component is what it can spare;\n"
	"it is asked to give back the rest, and exit code 1 tells that it has not yet.\n";

typedef struct {
	char *label; /* owned */
	const char *scenario;
	bool set;
	guint64 ram; /* all bits set: as it is */
	guint32 caps;
} Wish;

/* A value as configurations have it. */
static bool read_value(const char *tag, const char *text, guint64 *value)
{
	g_autofree char *hid = g_strdup_printf("x | %s: %s\n-\n", tag, text);
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(hid, -1, "value", MAQ_HID_STRICT, NULL);
	const MaqHidNode *node = document ? maq_hid_root(document) : NULL;

	*value = maq_hid_bytes(node, tag, 0);
	return node && *value == maq_hid_bytes(node, tag, 1);
}

static bool read_assignment(Wish *wish, const char *text)
{
	guint64 value;

	if (g_str_has_prefix(text, "ram="))
		return read_value("ram", text + 4, &wish->ram);
	if (!g_str_has_prefix(text, "caps=") || !read_value("caps", text + 5, &value) ||
		value >= G_MAXUINT32)
		return false;
	wish->caps = (guint32)value;
	return true;
}

static bool read_wish(int argc, char **argv, Wish *wish)
{
	int at = 1;

	*wish = (Wish){.ram = G_MAXUINT64, .caps = G_MAXUINT32};
	wish->set = argc > 1 && !strcmp(argv[1], "set");
	at += wish->set;
	if (at >= argc)
		return false;
	wish->label = whole_label(argv[at++]);
	for (; at < argc; at++)
		if (strchr(argv[at], '=') && wish->set) {
			if (!read_assignment(wish, argv[at]))
				return false;
		} else if (!wish->scenario) {
			wish->scenario = argv[at];
		} else {
			return false;
		}
	return !wish->set || wish->ram != G_MAXUINT64 || wish->caps != G_MAXUINT32;
}

typedef struct {
	const char *label;
	bool found;
} Search;

static void print_entry(void *data, const TreeEntry *entry)
{
	static const char *const tags[] = {
		"assigned", "quota", "used", "avail", "donated", "received", "requested"};
	Search *search = data;

	if (strcmp(entry->label, search->label))
		return;
	search->found = true;
	for (const char *const *kind = (const char *const[]){"ram", "caps", NULL}; *kind;
		kind++) {
		const MaqHidNode *node = maq_hid_first(entry->child, *kind);

		printf("%-5s", *kind);
		for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
			if (maq_hid_attr(node, tags[i]))
				printf(" %s=%s", tags[i], maq_hid_attr(node, tags[i]));
		printf("\n");
	}
	if (entry->process)
		printf("kernel used=%s limit=%s processes=%s\n",
			maq_hid_string(entry->process, "ram", "-"),
			maq_hid_string(entry->process, "limit", "-"),
			maq_hid_string(entry->process, "processes", "-"));
}

static int print_quota(Remote *remote, const Wish *wish)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(MaqHidDocument) tree = remote_tree(remote, &error);
	Search search = {wish->label, false};

	if (tree)
		tree_visit(maq_hid_root(tree), print_entry, &search);
	if (!search.found)
		fprintf(stderr, "maquette quota: %s\n",
			error ? error->message
			      : "no component bears this label; see maquette ps");
	return search.found ? EXIT_WELL : EXIT_SCENARIO;
}

static int set_quota(Remote *remote, const Wish *wish)
{
	guint64 ram = 0;
	guint32 caps = 0;
	MaqControlError status = maq_control_set_quota(
		remote->control, wish->label, wish->ram, wish->caps, &ram, &caps);

	if (status != MAQ_CONTROL_OK) {
		fprintf(stderr, "maquette quota: %s\n",
			status == MAQ_CONTROL_UNKNOWN
				? "no running component bears this label; see maquette ps"
			: status == MAQ_CONTROL_SILENT ? "its init does not answer"
						       : maq_status_text((int)status));
		return EXIT_SCENARIO;
	}
	bool done = (wish->ram == G_MAXUINT64 || wish->ram == ram) &&
		    (wish->caps == G_MAXUINT32 || wish->caps == caps);
	printf("%s: ram=%" G_GUINT64_FORMAT "K caps=%u%s\n", wish->label, ram >> 10, caps,
		done ? "" : "; the rest is in use, or its init has no more");
	return done ? EXIT_WELL : EXIT_SCENARIO;
}

int maquette_quota(int argc, char **argv)
{
	Wish wish = {0};
	bool help = argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));
	bool well = !help && read_wish(argc, argv, &wish);

	if (!well) {
		fputs(usage, help ? stdout : stderr);
		g_free(wish.label);
		return help ? EXIT_WELL : EXIT_USAGE;
	}
	g_autoptr(Remote) remote = remote_find("quota", wish.scenario);
	int code = !remote    ? EXIT_SCENARIO
		   : wish.set ? set_quota(remote, &wish)
			      : print_quota(remote, &wish);
	g_free(wish.label);
	return code;
}
