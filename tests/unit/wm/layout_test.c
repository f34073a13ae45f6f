// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layout's promises under random operations: the frames of each workspace tile its
 * area exactly and are large enough if they can be, the focus is one of them, no client
 * is lost or doubled, undo restores, and nothing grows without bound.
 */
#include "plan.h"

#include <string.h>

#define CLIENTS 24
#ifdef MAQ_SANITIZED
#define OPERATIONS 100000
#else
#define OPERATIONS 1000000
#endif

typedef struct {
	Layout *layout;
	GRand *rand;
	bool there[CLIENTS + 1];
	int n;
} Fixture;

static const char *label_of(void *data, ClientId client)
{
	static char text[16];

	(void)data;
	g_snprintf(text, sizeof text, "c%u", client);
	return text;
}

static char *text_of(const Layout *layout)
{
	MaqHidBuilder *out = maq_hid_builder_new("layout");
	PlanClients clients = {.label = label_of, .areas = true};

	plan_write(layout, out, &clients);
	return maq_hid_builder_finish(out);
}

static Side random_side(const Fixture *f)
{
	return (Side)g_rand_int_range(f->rand, 0, 4);
}

static ClientId random_client(const Fixture *f)
{
	return (ClientId)g_rand_int_range(f->rand, 1, CLIENTS + 1);
}

static const char *random_name(const Fixture *f)
{
	static const char *const names[] = {"1", "2", "web", "a b"};

	return names[g_rand_int_range(f->rand, 0, G_N_ELEMENTS(names))];
}

static void come_or_go(Fixture *f)
{
	ClientId client = random_client(f);

	f->n += f->there[client] ? -1 : 1;
	if (f->there[client])
		layout_remove(f->layout, client);
	else
		g_assert_true(layout_add(f->layout, client,
			layout_place_for_new(f->layout, g_rand_boolean(f->rand))));
	f->there[client] = !f->there[client];
}

/* What can be undone; whether it has changed anything. */
static bool undoable(Fixture *f, int what)
{
	Layout *layout = f->layout;
	ClientId client = random_client(f);
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	Frame *frame = frames->pdata[g_rand_int_range(f->rand, 0, (int)frames->len)];
	Area area = {g_rand_int_range(f->rand, -500, 3000),
		g_rand_int_range(f->rand, -500, 3000),
		g_rand_int_range(f->rand, -10, 3000),
		g_rand_int_range(f->rand, -10, 3000)};

	switch (what) {
	case 0:
		return layout_split(layout, g_rand_boolean(f->rand));
	case 1:
		return layout_unsplit(layout);
	case 2:
		return layout_resize(
			layout, random_side(f), g_rand_int_range(f->rand, -300, 300));
	case 3:
		return layout_swap(layout, random_side(f));
	case 4:
		return layout_into(layout, random_side(f));
	case 5:
		return layout_out(layout, random_side(f));
	case 6:
		return layout_toggle_float(layout);
	case 7:
		return layout_float(layout, client, area);
	case 8:
		return layout_set_float(layout, client, area);
	case 9:
		return layout_to_scratchpad(layout, client);
	case 10:
		return layout_show_scratchpad(layout);
	case 11:
		return layout_send(layout, client, random_name(f));
	case 12:
		return layout_move_to(
			layout, client, frame, g_rand_int_range(f->rand, 0, 5));
	case 13:
		layout_tag(layout, client);
		return layout_attach_tagged(layout);
	case 14:
		return layout_equalize(layout);
	case 15:
		return layout_rename_workspace(layout, random_name(f));
	case 16:
		return layout_move_tab(layout, g_rand_boolean(f->rand) ? 1 : -1);
	default:
		return layout_move_float(
			layout, random_side(f), g_rand_int_range(f->rand, 0, 90));
	}
}

static void not_undoable(Fixture *f, int what)
{
	Layout *layout = f->layout;
	ClientId client = random_client(f);
	bool side_by_side;

	switch (what) {
	case 0:
	case 1:
		come_or_go(f);
		break;
	case 2:
		layout_set_output(layout, 0,
			(Area){0, 0, g_rand_int_range(f->rand, 1, 3000),
				g_rand_int_range(f->rand, 1, 2000)});
		break;
	case 3:
		layout_zoom(layout, (Zoom)g_rand_int_range(f->rand, 1, 3));
		break;
	case 4:
		layout_workspace(layout, random_name(f));
		break;
	case 5:
		layout_focus_client(layout, client);
		break;
	case 6:
		layout_focus_side(layout, random_side(f));
		break;
	case 7:
		layout_focus_previous(layout);
		break;
	case 8:
		layout_dock(layout, client, 0, random_side(f),
			g_rand_int_range(f->rand, 1, 200));
		break;
	case 9:
		layout_redo(layout);
		break;
	case 10:
		layout_undo(layout);
		break;
	case 11:
		layout_drag_border(layout,
			layout_border_at(layout, 300, 300, 500, &side_by_side),
			g_rand_int_range(f->rand, -50, 3000), 200);
		break;
	case 12:
		if (layout_outputs(layout) == 1)
			layout_set_output(layout, 1, (Area){3000, 0, 800, 600});
		else
			layout_remove_output(layout);
		break;
	case 13:
		layout_focus_layer(layout);
		break;
	case 14:
		layout_workspace_back(layout);
		break;
	default:
		layout_focus_output(layout, 1);
	}
}

/* ---- what must hold ---- */

static bool overlap(Area a, Area b)
{
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
	       b.y < a.y + a.height;
}

static int needs(const Frame *frame, bool sideways)
{
	FrameView view = frame_view(frame);

	if (!view.is_split)
		return FRAME_MIN;
	int a = needs(view.half[0], sideways), b = needs(view.half[1], sideways);
	return view.side_by_side == sideways ? a + b : MAX(a, b);
}

static void check_frames(const Fixture *f, Area work)
{
	g_autoptr(GPtrArray) frames = layout_frames(f->layout);
	const Frame *root = layout_root(f->layout, layout_workspace_name(f->layout));
	bool wide = work.width >= needs(root, true),
	     high = work.height >= needs(root, false);
	gint64 sum = 0;

	g_assert_true(g_ptr_array_find(frames, layout_focused(f->layout), NULL));
	g_assert_cmpuint(frames->len, <=, LAYOUT_FRAMES);
	if (layout_zoomed(f->layout))
		return;
	for (guint i = 0; i < frames->len; i++) {
		Area a = frame_area(frames->pdata[i]);

		g_assert_true(a.x >= work.x && a.y >= work.y);
		g_assert_true(a.x + a.width <= work.x + work.width);
		g_assert_true(a.y + a.height <= work.y + work.height);
		g_assert_true(!wide || a.width >= FRAME_MIN);
		g_assert_true(!high || a.height >= FRAME_MIN);
		sum += (gint64)a.width * a.height;
		for (guint j = 0; j < i; j++)
			g_assert_false(overlap(a, frame_area(frames->pdata[j])));
	}
	g_assert_cmpint(sum, ==, (gint64)work.width * work.height);
}

/* Each client that is there is at exactly one place. */
static void check_clients(const Fixture *f)
{
	g_autoptr(GPtrArray) names = layout_workspaces(f->layout);
	const GArray *scratchpad = layout_scratchpad(f->layout);
	int n = (int)scratchpad->len;

	for (guint i = 0; i < names->len; i++)
		n += (int)layout_workspace_clients(f->layout, names->pdata[i]);
	for (ClientId client = 1; client <= CLIENTS; client++) {
		int places = (layout_frame_of(f->layout, client) != NULL) +
			     layout_floats(f->layout, client) +
			     layout_in_scratchpad(f->layout, client) +
			     layout_docked(f->layout, client);

		g_assert_cmpint(places, ==, f->there[client]);
		n += layout_docked(f->layout, client);
	}
	g_assert_cmpint(n, ==, f->n);
	g_assert_cmpuint(names->len, <=, LAYOUT_WORKSPACES);
}

static void check_places(const Fixture *f)
{
	g_autoptr(GArray) places = layout_places(f->layout);
	int focused = 0;

	for (guint i = 0; i < places->len; i++) {
		const Place *place = &g_array_index(places, Place, i);
		Area all = layout_output_area(f->layout, place->output);

		focused += place->focused;
		g_assert_true(!place->client || layout_has(f->layout, place->client));
		g_assert_true(place->area.x >= all.x && place->area.y >= all.y);
		g_assert_true(place->area.x + place->area.width <= all.x + all.width);
	}
	g_assert_cmpint(focused, ==, 1);
}

static void random_operations(void)
{
	Fixture f = {layout_new(1280, 800), g_rand_new_with_seed(7), {false}, 0};

	for (int i = 0; i < OPERATIONS; i++) {
		if (g_rand_boolean(f.rand))
			undoable(&f, g_rand_int_range(f.rand, 0, 18));
		else
			not_undoable(&f, g_rand_int_range(f.rand, 0, 16));
		if (i % 8)
			continue;
		check_frames(&f, layout_work_area(f.layout, layout_output(f.layout)));
		check_clients(&f);
		check_places(&f);
	}
	layout_free(f.layout);
	g_rand_free(f.rand);
}

/* What was done is undone and done again to the letter. */
static void undo_restores(void)
{
	Fixture f = {layout_new(1280, 800), g_rand_new_with_seed(11), {false}, 0};
	int undone = 0;

	for (int i = 0; i < OPERATIONS / 50; i++) {
		if (g_rand_int_range(f.rand, 0, 3) == 0)
			not_undoable(&f, g_rand_int_range(f.rand, 0, 9));
		g_autofree char *before = text_of(f.layout);
		if (!undoable(&f, g_rand_int_range(f.rand, 0, 18)))
			continue;
		g_autofree char *after = text_of(f.layout);
		g_assert_true(layout_undo(f.layout));
		g_autofree char *back = text_of(f.layout);
		g_assert_cmpstr(back, ==, before);
		g_assert_true(layout_redo(f.layout));
		g_autofree char *again = text_of(f.layout);
		g_assert_cmpstr(again, ==, after);
		undone++;
	}
	g_assert_cmpint(undone, >, OPERATIONS / 200);
	layout_free(f.layout);
	g_rand_free(f.rand);
}

static void gesture_is_one(void)
{
	Layout *layout = layout_new(800, 600);

	layout_split(layout, true);
	g_autofree char *before = text_of(layout);
	layout_begin_gesture(layout);
	for (int i = 1; i < 20; i++)
		layout_resize(layout, SIDE_LEFT, i);
	layout_end_gesture(layout);
	g_assert_true(layout_undo(layout));
	g_autofree char *after = text_of(layout);
	g_assert_cmpstr(after, ==, before);
	layout_free(layout);
}

/* More clients than anybody has, in as many frames as there is room for. */
static void bounded(void)
{
	Layout *layout = layout_new(16383, 16383);
	ClientId client = 1;

	while (client < 5000 &&
		layout_add(layout, client, layout_place_for_new(layout, true)))
		client++;
	g_assert_cmpuint(client, ==, LAYOUT_CLIENTS + 1);
	for (int i = 0; i < 2 * LAYOUT_FRAMES; i++) {
		layout_focus_next(layout, 1);
		layout_split(layout, i & 1);
	}
	g_autoptr(GPtrArray) frames = layout_frames(layout);
	g_assert_cmpuint(frames->len, ==, LAYOUT_FRAMES);
	for (int i = 0; i < 100; i++) {
		g_autofree char *name = g_strdup_printf("w%d", i);

		layout_send(layout, (ClientId)i + 1, name);
	}
	g_autoptr(GPtrArray) names = layout_workspaces(layout);
	g_assert_cmpuint(names->len, ==, LAYOUT_WORKSPACES);
	for (guint i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("r%u", i);

		frame_reserve(layout_focused(layout), name, false);
	}
	g_assert_cmpuint(frame_reservations(layout_focused(layout)), ==, LAYOUT_RESERVED);
	g_assert_false(layout_workspace(
		layout, "a name that is much longer than anybody can read on a bar"));
	layout_free(layout);
}

static void frames_persist(void)
{
	Layout *layout = layout_new(800, 600);

	g_assert_true(layout_split(layout, true));
	Frame *right = layout_focused(layout);
	g_assert_cmpint(frame_area(right).x, ==, 400);
	layout_add(layout, 1, right);
	layout_remove(layout, 1);
	g_assert_cmpuint(frame_visible(right), ==, 0);
	g_assert_true(layout_focus_side(layout, SIDE_LEFT));
	g_assert_false(layout_focus_side(layout, SIDE_LEFT));
	g_assert_true(layout_frame_at(layout, 700, 10) == right);
	layout_free(layout);
}

/* A resize that goes as far as it can does not forget the shares of what it squeezed. */
static void shares_survive(void)
{
	Layout *layout = layout_new(1000, 600);

	layout_split(layout, true);
	layout_resize(layout, SIDE_LEFT, 200);
	layout_set_output(layout, 0, (Area){0, 0, 60, 60});
	layout_set_output(layout, 0, (Area){0, 0, 1000, 600});
	g_assert_cmpint(frame_area(layout_focused(layout)).width, ==, 700);
	layout_free(layout);
}

static void outputs(void)
{
	Layout *layout = layout_new(800, 600);

	layout_add(layout, 1, NULL);
	g_assert_true(layout_set_output(layout, 1, (Area){800, 0, 1000, 700}));
	g_assert_cmpstr(layout_output_workspace(layout, 1), ==, "2");
	g_assert_true(layout_into(layout, SIDE_RIGHT));
	g_assert_cmpuint(layout_output(layout), ==, 1);
	g_assert_cmpstr(layout_workspace_of(layout, 1), ==, "2");
	layout_dock(layout, 1, 1, SIDE_UP, 30);
	g_assert_cmpint(frame_area(layout_focused(layout)).height, ==, 670);
	g_assert_true(layout_remove_output(layout));
	g_assert_nonnull(layout_frame_of(layout, 1));
	g_assert_false(layout_remove_output(layout));
	layout_free(layout);
}

/* ---- plans ---- */

static MaqHidDocument *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document =
		maq_hid_parse(text, -1, "plan", MAQ_HID_STRICT, &error);

	g_assert_no_error(error);
	return document;
}

static void plans(void)
{
	static const char text[] = "config | new: tab\n"
				   "+ columns | share: 70\n"
				   "  + frame\n"
				   "    + client a\n"
				   "    + client b\n"
				   "  + rows\n"
				   "    + frame | focus: yes\n"
				   "    + frame\n"
				   "      + client c\n"
				   "-\n";
	g_autoptr(MaqHidDocument) document = parse(text);
	g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func(wish_free);
	Layout *layout = layout_new(1000, 600);
	g_autoptr(GPtrArray) frames = NULL;

	plan_apply(layout, maq_hid_root(document), wishes);
	frames = layout_frames(layout);
	g_assert_cmpuint(frames->len, ==, 3);
	g_assert_cmpint(frame_area(frames->pdata[0]).width, ==, 700);
	g_assert_cmpint(frame_area(frames->pdata[1]).height, ==, 300);
	g_assert_true(layout_focused(layout) == frames->pdata[1]);
	g_assert_true(layout_reserved(layout, "a") == frames->pdata[0]);
	g_assert_true(layout_reserved(layout, "b") == frames->pdata[0]);
	g_assert_true(layout_reserved(layout, "c") == frames->pdata[2]);
	g_assert_null(layout_reserved(layout, "d"));
	layout_free(layout);
	layout = layout_new(1000, 600);
	plan_apply(layout, NULL, wishes); /* no configuration, no plan */
	g_assert_true(layout_unsplit(layout) == false);
	layout_free(layout);
}

static void restores_wishes(Layout *layout, const GPtrArray *wishes)
{
	for (ClientId client = 1; client <= CLIENTS; client++) {
		const char *label = label_of(NULL, client);
		const Wish *wish = wishes_find(wishes, label);
		Frame *frame = layout_reserved(layout, label);

		if (frame)
			layout_insert(layout, client, frame, G_MAXUINT);
		else if (wish && layout_add(layout, client, NULL) && wish->scratchpad)
			layout_to_scratchpad(layout, client);
	}
}

/* What is written and read again is the same, once the clients have come back. */
static void saved_and_restored(void)
{
	Fixture f = {layout_new(1280, 800), g_rand_new_with_seed(3), {false}, 0};

	for (int i = 0; i < 200; i++) {
		for (int j = 0; j < 40; j++)
			if (g_rand_boolean(f.rand))
				undoable(&f, g_rand_int_range(f.rand, 0, 6));
			else
				not_undoable(&f, g_rand_int_range(f.rand, 0, 2));
		g_autofree char *text = text_of(f.layout);
		g_autoptr(MaqHidDocument) document = parse(text);
		g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func(wish_free);
		Layout *other = layout_new(1280, 800);

		plan_apply(other, maq_hid_root(document), wishes);
		restores_wishes(other, wishes);
		g_autoptr(GPtrArray) was = layout_frames(f.layout);
		g_autoptr(GPtrArray) is = layout_frames(other);
		g_assert_cmpuint(was->len, ==, is->len);
		for (guint k = 0; k < was->len; k++) {
			Area a = frame_area(was->pdata[k]), b = frame_area(is->pdata[k]);

			g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
			g_assert_cmpuint(frame_count(was->pdata[k]), ==,
				frame_count(is->pdata[k]));
		}
		layout_free(other);
	}
	layout_free(f.layout);
	g_rand_free(f.rand);
}

static void assert_float(const Layout *layout, ClientId client, Area area)
{
	Area is;

	g_assert_true(layout_float_area(layout, client, &is));
	g_assert_cmpint(is.x, ==, area.x);
	g_assert_cmpint(is.y, ==, area.y);
	g_assert_cmpint(is.width, ==, area.width);
	g_assert_cmpint(is.height, ==, area.height);
}

/* A first floating size by the client's limits; a place that the user has chosen stays.
 */
static void floats_as_it_likes(void)
{
	Limits most = {.max_width = 300, .max_height = 200};
	Limits least = {.min_width = 700, .aspect_width = 7, .aspect_height = 5};
	Layout *layout = layout_new(1000, 1000);

	for (ClientId i = 1; i <= 4; i++)
		layout_add(layout, i, NULL);
	g_assert_false(layout_set_limits(layout, 9, &most, 0, 0)); /* nobody */
	layout_set_limits(layout, 1, &most, 4, 24);
	layout_float(layout, 1, (Area){0});
	assert_float(layout, 1, (Area){348, 388, 304, 224});
	layout_set_limits(layout, 2, &least, 4, 24);
	layout_to_scratchpad(layout, 2);
	layout_show_scratchpad(layout);
	assert_float(layout, 2, (Area){148, 238, 704, 524});
	/* it floats already, and says so later */
	layout_float(layout, 3, (Area){0});
	assert_float(layout, 3, (Area){200, 200, 600, 600});
	g_assert_true(layout_set_limits(layout, 3, &most, 4, 24));
	assert_float(layout, 3, (Area){348, 388, 304, 224});
	g_assert_false(layout_set_limits(layout, 3, &least, 4, 24)); /* but once */
	assert_float(layout, 3, (Area){348, 388, 304, 224});
	layout_float(layout, 4, (Area){10, 20, 100, 100});
	g_assert_false(layout_set_limits(layout, 4, &most, 4, 24));
	assert_float(layout, 4, (Area){10, 20, 100, 100});
	layout_free(layout);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wm/layout/random", random_operations);
	g_test_add_func("/wm/layout/undo-restores", undo_restores);
	g_test_add_func("/wm/layout/gesture-is-one", gesture_is_one);
	g_test_add_func("/wm/layout/bounded", bounded);
	g_test_add_func("/wm/layout/frames-persist", frames_persist);
	g_test_add_func("/wm/layout/shares-survive", shares_survive);
	g_test_add_func("/wm/layout/floats-as-it-likes", floats_as_it_likes);
	g_test_add_func("/wm/layout/outputs", outputs);
	g_test_add_func("/wm/layout/plans", plans);
	g_test_add_func("/wm/layout/saved-and-restored", saved_and_restored);
	return g_test_run();
}
