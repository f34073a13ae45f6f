// SPDX-License-Identifier: GPL-2.0-or-later
#include "entries.h"

#include <string.h>

static const char config[] = "config\n"
			     "+ base\n"
			     "  + default | ram: 8M\n"
			     "+ launch editor | summary: writes Texts\n"
			     "  + start terminal | ram: 4M | version: 9\n"
			     "    + config | a: b\n"
			     "  + start program\n"
			     "+ launch game | start: yes\n"
			     "  + start game\n"
			     "+ launch game\n"
			     "  + start double\n"
			     "-\n";

typedef struct {
	Entries entries;
	MaqHidDocument *document; /* owned */
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	(void)unused;
	entries_init(&f->entries);
	f->document = maq_hid_parse(config, -1, "config", MAQ_HID_STRICT, NULL);
	entries_read(&f->entries, maq_hid_root(f->document));
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	(void)unused;
	entries_fini(&f->entries);
	maq_hid_free(f->document);
}

static Entry *entry(Fixture *f, guint index)
{
	return f->entries.all->pdata[index];
}

static void assert_config(Fixture *f, const char *expected)
{
	g_autofree char *text = entries_config(&f->entries, maq_hid_root(f->document));
	g_autoptr(MaqHidDocument) is = maq_hid_parse(text, -1, "is", 0, NULL);
	g_autoptr(MaqHidDocument) wanted = maq_hid_parse(expected, -1, "wanted", 0, NULL);

	if (!maq_hid_equal(maq_hid_root(is), maq_hid_root(wanted)))
		g_error("expected %s, not %s", expected, text);
}

static void read_state(Fixture *f, const char *text)
{
	g_autoptr(MaqHidDocument) state = maq_hid_parse(text, -1, "state", 0, NULL);

	entries_read_state(&f->entries, maq_hid_root(state));
}

static void starts_and_stops(Fixture *f, gconstpointer unused)
{
	(void)unused;
	g_assert_cmpuint(f->entries.all->len, ==, 2); /* the second game is none */
	assert_config(f, "config\n+ default | ram: 8M\n+ start game | version: 1\n-\n");
	entry_start(entry(f, 0));
	entry_stop(entry(f, 1));
	assert_config(f, "config\n+ default | ram: 8M\n"
			 "+ start terminal | ram: 4M | version: 1\n"
			 "  + config | a: b\n"
			 "+ start program | version: 1\n-\n");
}

static void knows_what_runs(Fixture *f, gconstpointer unused)
{
	(void)unused;
	entry_start(entry(f, 0));
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_STARTING);
	read_state(f, "state\n+ child terminal | version: 1\n-\n");
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_STARTING);
	read_state(f, "state\n+ child terminal | version: 1\n+ child program\n-\n");
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_RUNNING);
	read_state(f, "state\n+ child terminal | version: 1\n"
		      "+ child program | version: 1 | exited: 0\n-\n");
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_EXITED);
	entry_start(entry(f, 0)); /* anew */
	g_assert_cmpuint(entry(f, 0)->version, ==, 2);
	read_state(f, "state\n+ child terminal | version: 1\n"
		      "+ child program | version: 1 | exited: 0\n-\n");
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_STARTING); /* the old report */
	read_state(f, "state\n-\n");
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_STARTING);
	entry_stop(entry(f, 0));
	g_assert_cmpint(entry(f, 0)->state, ==, ENTRY_STOPPED);
}

static void filters(Fixture *f, gconstpointer unused)
{
	(void)unused;
	entries_filter(&f->entries, "GM");
	g_assert_cmpuint(f->entries.shown->len, ==, 1);
	g_assert_cmpstr(entries_selected(&f->entries)->name, ==, "game");
	entries_filter(&f->entries, "");
	g_assert_cmpstr(entries_selected(&f->entries)->name, ==, "game"); /* stays */
	entries_select(&f->entries, 1);
	g_assert_cmpstr(entries_selected(&f->entries)->name, ==, "editor");
	entries_select(&f->entries, -1);
	g_assert_cmpstr(entries_selected(&f->entries)->name, ==, "game");
	entries_filter(&f->entries, "text");
	g_assert_cmpstr(entries_selected(&f->entries)->name, ==, "editor");
	entries_filter(&f->entries, "xyz");
	g_assert_null(entries_selected(&f->entries));
	entries_select(&f->entries, 1);
}

/* What runs goes on when the list changes, unless it is gone from there. */
static void follows_the_list(Fixture *f, gconstpointer unused)
{
	MaqHidDocument *other = maq_hid_parse(
		"config\n+ launch editor\n  + start program\n-\n", -1, "other", 0, NULL);

	(void)unused;
	entry_start(entry(f, 0));
	entries_read(&f->entries, maq_hid_root(other));
	maq_hid_free(f->document);
	f->document = other;
	assert_config(f, "config\n+ start program | version: 1\n-\n");
	entries_read(&f->entries, NULL);
	assert_config(f, "config\n-\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(Fixture *, gconstpointer);
	} cases[] = {
		{"/launcher/starts-and-stops", starts_and_stops},
		{"/launcher/knows-what-runs", knows_what_runs},
		{"/launcher/filters", filters},
		{"/launcher/follows-the-list", follows_the_list},
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add(
			cases[i].name, Fixture, NULL, set_up, cases[i].test, tear_down);
	return g_test_run();
}
