// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#include <math.h>

#define DEPTH_MAX               64
#define SHARE_TO_PERCENT(share) ((share)*100.0 / LAYOUT_WHOLE)

void wish_free(gpointer data)
{
	Wish *wish = data;

	g_free(wish->label);
	g_free(wish->workspace);
	g_free(wish);
}

const Wish *wishes_find(const GPtrArray *wishes, const char *label)
{
	for (guint i = 0; i < wishes->len; i++) {
		const Wish *wish = wishes->pdata[i];

		if (g_pattern_match_simple(wish->label, label))
			return wish;
	}
	return NULL;
}

/* ---- reading ---- */

static void build(Layout *layout, Frame *frame, const MaqHidNode *node, int depth);

static bool is_type(const MaqHidNode *node, const char *type)
{
	return node && !g_strcmp0(maq_hid_type(node), type);
}

/* Rounded up, so that a round percentage gives a round size; what was written by
 * plan_write gives the share that it had. */
static int read_share(const MaqHidNode *node)
{
	double percent = maq_hid_double(node, "share", 50);
	double share = CLAMP(percent, 0.01, 99.99) * LAYOUT_WHOLE / 100;

	return (int)(fabs(share - round(share)) < 0.04 ? round(share) : ceil(share));
}

static void build_split(Layout *layout, Frame *frame, const MaqHidNode *node, int depth)
{
	const MaqHidNode *first = maq_hid_first(node, NULL);
	const MaqHidNode *second = first ? maq_hid_next(first, NULL) : NULL;
	Frame *other = NULL;

	if (second)
		other = layout_divide(
			layout, frame, is_type(node, "columns"), read_share(node));
	build(layout, frame, first, depth + 1);
	if (other)
		build(layout, other, second, depth + 1);
}

static void build_frame(Layout *layout, Frame *frame, const MaqHidNode *node)
{
	const MaqHidNode *client = maq_hid_first(node, "client");

	for (; client; client = maq_hid_next(client, "client"))
		if (maq_hid_name(client))
			frame_reserve(frame, maq_hid_name(client),
				maq_hid_bool(client, "visible", false));
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

static int read_px(const MaqHidNode *node, const char *tag)
{
	const char *text = maq_hid_attr(node, tag);

	return text ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), -16383, 16383) : 0;
}

static Wish *wish_new(GPtrArray *wishes, const MaqHidNode *node, const char *workspace)
{
	Wish *wish = g_new0(Wish, 1);

	wish->label = g_strdup(maq_hid_name(node) ? maq_hid_name(node) : "");
	wish->workspace = g_strdup(workspace);
	g_ptr_array_add(wishes, wish);
	return wish;
}

static void read_floats(GPtrArray *wishes, const MaqHidNode *node, const char *workspace)
{
	const MaqHidNode *member = maq_hid_first(node, "float");

	for (; member; member = maq_hid_next(member, "float")) {
		Wish *wish = wish_new(wishes, member, workspace);

		wish->floats = true;
		wish->area = (Area){read_px(member, "x"), read_px(member, "y"),
			read_px(member, "width"), read_px(member, "height")};
	}
}

static void read_scratchpad(GPtrArray *wishes, const MaqHidNode *node)
{
	const MaqHidNode *client = maq_hid_first(node, "client");

	for (; client; client = maq_hid_next(client, "client"))
		wish_new(wishes, client, NULL)->scratchpad = true;
}

/* The tree of the focused workspace; the frame with the focus in it gets that. */
static void build_tree(Layout *layout, const MaqHidNode *parent)
{
	const MaqHidNode *node = maq_hid_first(parent, NULL);

	while (node && !is_type(node, "columns") && !is_type(node, "rows") &&
		!is_type(node, "frame"))
		node = maq_hid_next(node, NULL);
	build(layout, layout_focused(layout), node, 0);
}

void plan_apply(Layout *layout, const MaqHidNode *config, GPtrArray *wishes)
{
	const MaqHidNode *node = maq_hid_first(config, "workspace");
	g_autofree char *focus = NULL;

	for (; node; node = maq_hid_next(node, "workspace")) {
		const char *name = maq_hid_name(node);

		if (!name)
			continue;
		guint output = (guint)maq_hid_u64(node, "output", 0);
		layout_focus_output(layout, output);
		if (node == maq_hid_first(config, "workspace") && !output)
			layout_rename_workspace(layout, name);
		if (!layout_workspace(layout, name))
			continue;
		build_tree(layout, node);
		read_floats(wishes, node, name);
		if (!focus || maq_hid_bool(node, "focus", false)) {
			g_free(focus);
			focus = g_strdup(name);
		}
	}
	if (focus)
		layout_workspace(layout, focus);
	else
		build_tree(layout, config);
	read_floats(wishes, config, NULL);
	for (node = maq_hid_first(config, "scratchpad"); node;
		node = maq_hid_next(node, "scratchpad"))
		read_scratchpad(wishes, node);
}

/* ---- writing ---- */

typedef struct {
	const Layout *layout;
	MaqHidBuilder *out;
	const PlanClients *clients;
	const Frame *focus;
} Writer;

static void write_area(MaqHidBuilder *out, Area area)
{
	maq_hid_put_format(out, "x", "%d", area.x);
	maq_hid_put_format(out, "y", "%d", area.y);
	maq_hid_put_format(out, "width", "%d", area.width);
	maq_hid_put_format(out, "height", "%d", area.height);
}

static void write_client(const Writer *writer, ClientId client, bool visible)
{
	const PlanClients *clients = writer->clients;

	maq_hid_begin(writer->out, "client", clients->label(clients->data, client));
	if (visible)
		maq_hid_put_bool(writer->out, "visible", true);
	if (clients->describe)
		clients->describe(clients->data, client, writer->out);
	maq_hid_end(writer->out);
}

static bool has_label(const Writer *writer, const Frame *frame, const char *label)
{
	for (guint i = 0; i < frame_count(frame); i++)
		if (!g_strcmp0(label, writer->clients->label(writer->clients->data,
					      frame_client(frame, i))))
			return true;
	return false;
}

static bool is_present(const Writer *writer, const char *label)
{
	const PlanClients *clients = writer->clients;

	return clients->present && clients->present(clients->data, label);
}

static void write_frame(const Writer *writer, const Frame *frame)
{
	maq_hid_begin(writer->out, "frame", NULL);
	if (frame == writer->focus)
		maq_hid_put_bool(writer->out, "focus", true);
	if (writer->clients->areas)
		write_area(writer->out, frame_area(frame));
	for (guint i = 0; i < frame_count(frame); i++) {
		ClientId client = frame_client(frame, i);

		write_client(writer, client, client == frame_visible(frame));
	}
	for (guint i = 0; i < frame_reservations(frame); i++) {
		const char *name = frame_reserved_name(frame, i);

		if (has_label(writer, frame, name) || is_present(writer, name))
			continue;
		maq_hid_begin(writer->out, "client", name);
		maq_hid_put_bool(writer->out, "absent", true);
		maq_hid_end(writer->out);
	}
	maq_hid_end(writer->out);
}

static void write_node(const Writer *writer, const Frame *frame)
{
	FrameView view = frame_view(frame);

	if (!view.is_split) {
		write_frame(writer, frame);
		return;
	}
	maq_hid_begin(writer->out, view.side_by_side ? "columns" : "rows", NULL);
	maq_hid_put_format(writer->out, "share", "%.4f", SHARE_TO_PERCENT(view.share));
	write_node(writer, view.half[0]);
	write_node(writer, view.half[1]);
	maq_hid_end(writer->out);
}

static void write_floats(const Writer *writer, const char *workspace)
{
	g_autoptr(GArray) floats = layout_workspace_floats(writer->layout, workspace);
	const PlanClients *clients = writer->clients;

	for (guint i = 0; i < floats->len; i++) {
		ClientId client = g_array_index(floats, ClientId, i);
		Area area = {0};

		layout_float_area(writer->layout, client, &area);
		maq_hid_begin(
			writer->out, "float", clients->label(clients->data, client));
		write_area(writer->out, area);
		if (clients->describe)
			clients->describe(clients->data, client, writer->out);
		maq_hid_end(writer->out);
	}
}

static void write_workspace(Writer *writer, const char *name)
{
	const Layout *layout = writer->layout;

	maq_hid_begin(writer->out, "workspace", name);
	if (!g_strcmp0(name, layout_workspace_name(layout)))
		maq_hid_put_bool(writer->out, "focus", true);
	if (layout_workspace_shown(layout, name))
		maq_hid_put_bool(writer->out, "shown", true);
	for (guint i = 1; i < layout_outputs(layout); i++)
		if (!g_strcmp0(name, layout_output_workspace(layout, i)))
			maq_hid_put_u64(writer->out, "output", i);
	writer->focus = layout_workspace_focus(layout, name);
	write_node(writer, layout_root(layout, name));
	write_floats(writer, name);
	maq_hid_end(writer->out);
}

void plan_write(const Layout *layout, MaqHidBuilder *out, const PlanClients *clients)
{
	Writer writer = {layout, out, clients, NULL};
	g_autoptr(GPtrArray) workspaces = layout_workspaces(layout);
	const GArray *scratchpad = layout_scratchpad(layout);

	for (guint i = 0; i < workspaces->len; i++)
		write_workspace(&writer, workspaces->pdata[i]);
	if (!scratchpad->len)
		return;
	maq_hid_begin(out, "scratchpad", NULL);
	for (guint i = 0; i < scratchpad->len; i++)
		write_client(&writer, g_array_index(scratchpad, ClientId, i), false);
	maq_hid_end(out);
}
