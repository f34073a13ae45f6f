// SPDX-License-Identifier: GPL-2.0-or-later
#include "entries.h"

#include <string.h>

static void entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->name);
	g_free(entry->summary);
	g_free(entry);
}

void entries_init(Entries *entries)
{
	*entries = (Entries){.all = g_ptr_array_new_with_free_func(entry_free),
		.shown = g_ptr_array_new(),
		.filter = g_string_new(NULL)};
}

void entries_fini(Entries *entries)
{
	g_ptr_array_unref(entries->all);
	g_ptr_array_unref(entries->shown);
	g_string_free(entries->filter, TRUE);
}

static Entry *find(const GPtrArray *entries, const char *name)
{
	for (guint i = 0; i < entries->len; i++)
		if (!strcmp(((Entry *)entries->pdata[i])->name, name))
			return entries->pdata[i];
	return NULL;
}

/* ---- filter ---- */

/* The letters in their order, whatever stands between them. */
static bool matches(const char *text, const char *letters)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	const char *at = lower;

	for (; *letters; letters = g_utf8_next_char(letters)) {
		gunichar letter = g_unichar_tolower(g_utf8_get_char(letters));

		while (*at && g_utf8_get_char(at) != letter)
			at = g_utf8_next_char(at);
		if (!*at)
			return false;
		at = g_utf8_next_char(at);
	}
	return true;
}

static void show(Entries *entries)
{
	Entry *before = entries_selected(entries);

	g_ptr_array_set_size(entries->shown, 0);
	entries->selected = 0;
	for (guint i = 0; i < entries->all->len; i++) {
		Entry *entry = entries->all->pdata[i];

		if (!matches(entry->name, entries->filter->str) &&
			!matches(entry->summary, entries->filter->str))
			continue;
		if (entry == before)
			entries->selected = entries->shown->len;
		g_ptr_array_add(entries->shown, entry);
	}
}

void entries_filter(Entries *entries, const char *text)
{
	g_string_assign(entries->filter, text);
	show(entries);
}

Entry *entries_selected(const Entries *entries)
{
	return entries->selected < entries->shown->len
		       ? entries->shown->pdata[entries->selected]
		       : NULL;
}

void entries_select(Entries *entries, int by)
{
	guint count = entries->shown->len;

	if (count)
		entries->selected = (entries->selected + count + (guint)by) % count;
}

/* ---- reading ---- */

void entries_read(Entries *entries, const MaqHidNode *config)
{
	GPtrArray *before = entries->all;
	const MaqHidNode *node = maq_hid_first(config, "launch");

	entries->all = g_ptr_array_new_with_free_func(entry_free);
	for (; node; node = maq_hid_next(node, "launch")) {
		const char *name = maq_hid_name(node);
		const Entry *old = name ? find(before, name) : NULL;

		if (!name || find(entries->all, name))
			continue;
		Entry *entry = g_new0(Entry, 1);
		entry->name = g_strdup(name);
		entry->summary = g_strdup(maq_hid_string(node, "summary", ""));
		entry->node = node;
		entry->wanted = old ? old->wanted : maq_hid_bool(node, "start", false);
		entry->version = old ? old->version : 1;
		entry->state = old             ? old->state
			       : entry->wanted ? ENTRY_STARTING
					       : ENTRY_STOPPED;
		g_ptr_array_add(entries->all, entry);
	}
	g_ptr_array_set_size(entries->shown, 0);
	g_ptr_array_unref(before);
	show(entries);
}

static const MaqHidNode *child_of(const MaqHidNode *state, const char *name)
{
	const MaqHidNode *child = maq_hid_first(state, "child");

	for (; child; child = maq_hid_next(child, "child"))
		if (!g_strcmp0(maq_hid_name(child), name))
			return child;
	return NULL;
}

/* As good as the worst of its components. */
static EntryState state_of(const Entry *entry, const MaqHidNode *state)
{
	const MaqHidNode *start = maq_hid_first(entry->node, "start");
	EntryState worst = ENTRY_RUNNING;

	if (!entry->wanted)
		return ENTRY_STOPPED;
	for (; start; start = maq_hid_next(start, "start")) {
		const MaqHidNode *child = child_of(state, maq_hid_name(start));

		if (!child ||
			maq_hid_u64(child, "version", entry->version) != entry->version ||
			!g_strcmp0(maq_hid_attr(child, "state"), "incomplete"))
			return ENTRY_STARTING;
		if (maq_hid_attr(child, "exited"))
			worst = ENTRY_EXITED;
	}
	return worst;
}

void entries_read_state(Entries *entries, const MaqHidNode *state)
{
	for (guint i = 0; i < entries->all->len; i++) {
		Entry *entry = entries->all->pdata[i];

		entry->state = state_of(entry, state);
	}
}

/* ---- starting and stopping ---- */

void entry_start(Entry *entry)
{
	if (entry->wanted && entry->state != ENTRY_EXITED)
		return;
	entry->version += entry->wanted;
	entry->wanted = true;
	entry->state = ENTRY_STARTING;
}

void entry_stop(Entry *entry)
{
	entry->wanted = false;
	entry->version++; /* so that the next one is another one */
	entry->state = ENTRY_STOPPED;
}

static void write_start(MaqHidBuilder *out, const MaqHidNode *start, guint version)
{
	const MaqHidNode *node = maq_hid_first(start, NULL);
	const char *tag, *value;

	maq_hid_begin(out, "start", maq_hid_name(start));
	for (guint i = 0; maq_hid_attr_at(start, i, &tag, &value); i++)
		if (strcmp(tag, "name") != 0 && strcmp(tag, "version") != 0)
			maq_hid_put(out, tag, value);
	maq_hid_put_u64(out, "version", version);
	for (; node; node = maq_hid_next(node, NULL))
		maq_hid_append(out, node);
	maq_hid_end(out);
}

char *entries_config(const Entries *entries, const MaqHidNode *config)
{
	MaqHidBuilder *out = maq_hid_builder_new("config");
	const MaqHidNode *node = maq_hid_first(maq_hid_first(config, "base"), NULL);

	for (; node; node = maq_hid_next(node, NULL))
		maq_hid_append(out, node);
	for (guint i = 0; i < entries->all->len; i++) {
		const Entry *entry = entries->all->pdata[i];
		const MaqHidNode *start = maq_hid_first(entry->node, "start");

		for (; entry->wanted && start; start = maq_hid_next(start, "start"))
			if (maq_hid_name(start))
				write_start(out, start, entry->version);
	}
	return maq_hid_builder_finish(out);
}
