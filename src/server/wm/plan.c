// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#define DEPTH_MAX 16

static void build(Layout *layout, Frame *frame, const MaqHidNode *node, int depth);

static bool is_type(const MaqHidNode *node, const char *type)
{
	return node && !g_strcmp0(maq_hid_type(node), type);
}

static void build_split(Layout *layout, Frame *frame, const MaqHidNode *node, int depth)
{
	const MaqHidNode *first = maq_hid_first(node, NULL);
	const MaqHidNode *second = first ? maq_hid_next(first, NULL) : NULL;
	int share = (int)CLAMP(maq_hid_u64(node, "share", 50), 1, 99);

	if (!second) {
		build(layout, frame, first, depth + 1);
		return;
	}
	Frame *other = layout_divide(layout, frame, is_type(node, "columns"), share);
	build(layout, frame, first, depth + 1);
	build(layout, other, second, depth + 1);
}

static void build_frame(Layout *layout, Frame *frame, const MaqHidNode *node)
{
	const MaqHidNode *client = maq_hid_first(node, "client");

	for (; client; client = maq_hid_next(client, "client"))
		if (maq_hid_name(client))
			frame_reserve(frame, maq_hid_name(client));
	if (maq_hid_bool(node, "focus", false))
		layout_focus(layout, frame);
}

static void build(Layout *layout, Frame *frame, const MaqHidNode *node, int depth)
{
	if (is_type(node, "frame"))
		build_frame(layout, frame, node);
	else if (depth < DEPTH_MAX && (is_type(node, "columns") || is_type(node, "rows")))
		build_split(layout, frame, node, depth);
}

void plan_apply(Layout *layout, const MaqHidNode *config)
{
	const MaqHidNode *node = maq_hid_first(config, NULL);

	while (node && !is_type(node, "columns") && !is_type(node, "rows"))
		node = maq_hid_next(node, NULL);
	build(layout, layout_focused(layout), node, 0);
}
