// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_plan - what a configuration, or a saved layout, may say to the window manager
 *
 * Whatever it is, the layout is within its bounds, can be used, and is the same when it
 * is written and read again.
 */
#include "keymap.h"
#include "plan.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *label_of(void *data, ClientId client)
{
	(void)data, (void)client;
	return "client";
}

static void ignore(void *data, const char *text)
{
	(void)data, (void)text;
}

static char *write_layout(const Layout *layout)
{
	MaqHidBuilder *out = maq_hid_builder_new("layout");
	PlanClients clients = {.label = label_of};

	plan_write(layout, out, &clients);
	return maq_hid_builder_finish(out);
}

static Layout *read_layout(const char *text, gssize size)
{
	g_autoptr(MaqHidDocument) document =
		maq_hid_parse(text, size, "fuzz", MAQ_HID_LENIENT, NULL);
	g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func(wish_free);
	Layout *layout = layout_new(1280, 800);
	const MaqHidNode *root = document ? maq_hid_root(document) : NULL;

	plan_apply(layout, root, wishes);
	wishes_find(wishes, "client");
	keymap_free(keymap_new(root, ignore, NULL));
	return layout;
}

static void use(Layout *layout)
{
	g_autoptr(GArray) places = NULL;

	layout_add(layout, 1, layout_place_for_new(layout, true));
	layout_toggle_float(layout);
	layout_workspace_step(layout, 1);
	layout_focus_side(layout, SIDE_RIGHT);
	layout_split(layout, true);
	layout_undo(layout);
	places = layout_places(layout);
	g_assert_cmpuint(places->len, >, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Layout *layout = read_layout((const char *)data, (gssize)size);
	g_autofree char *once = write_layout(layout);
	Layout *again = read_layout(once, -1);
	g_autofree char *twice = write_layout(again);

	g_assert_cmpstr(once, ==, twice);
	use(layout);
	layout_free(layout);
	layout_free(again);
	return 0;
}
