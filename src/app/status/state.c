// SPDX-License-Identifier: GPL-2.0-or-later
#include "state.h"

#define KIB (1u << 10)
#define MIB (1u << 20)

static void component_clear(gpointer data)
{
	g_free(((Component *)data)->name);
}

static State state_of(const MaqHidNode *child)
{
	if (maq_hid_attr(child, "exited"))
		return STATE_EXITED;
	return g_strcmp0(maq_hid_attr(child, "state"), "incomplete") ? STATE_RUNNING
								     : STATE_INCOMPLETE;
}

static Component read_child(const MaqHidNode *child)
{
	const MaqHidNode *ram = maq_hid_first(child, "ram");
	guint64 assigned = maq_hid_bytes(ram, "assigned", 0);
	guint64 left = maq_hid_bytes(ram, "avail", assigned);

	return (Component){
		.name = g_strdup(maq_hid_name(child)),
		.state = state_of(child),
		.exit_code = (int)maq_hid_u64(child, "exited", 0),
		.ram = assigned,
		.ram_spent = assigned - MIN(left, assigned),
	};
}

GArray *state_read(const char *text, gsize size)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, (gssize)size, "state", MAQ_HID_LENIENT, NULL);
	const MaqHidNode *root = document ? maq_hid_root(document) : NULL;
	const MaqHidNode *child = maq_hid_first(root, "child");
	GArray *components = g_array_new(false, false, sizeof(Component));

	g_array_set_clear_func(components, component_clear);
	for (; child; child = maq_hid_next(child, "child")) {
		Component component = read_child(child);

		if (component.name)
			g_array_append_val(components, component);
	}
	return components;
}

char *state_text(const Component *component)
{
	switch (component->state) {
	case STATE_EXITED:
		return g_strdup_printf("exited %d", component->exit_code);
	case STATE_INCOMPLETE:
		return g_strdup("incomplete");
	default:
		return g_strdup("running");
	}
}

static char *size_text(guint64 bytes)
{
	bool small = bytes < MIB;

	return g_strdup_printf("%" G_GUINT64_FORMAT " %s",
		(bytes + (small ? KIB : MIB) - 1) / (small ? KIB : MIB),
		small ? "KiB" : "MiB");
}

char *state_ram_text(const Component *component)
{
	g_autofree char *spent = size_text(component->ram_spent);
	g_autofree char *all = size_text(component->ram);

	if (!component->ram)
		return g_strdup("");
	if (!component->ram_spent)
		return g_steal_pointer(&all);
	return g_strdup_printf("%s of %s", spent, all);
}
