// SPDX-License-Identifier: GPL-2.0-or-later
#include "expectation.h"

#include <string.h>

#define PATIENCE 30 /* seconds, if the file does not say */

/* ---- steps ---- */

typedef struct {
	const char *type;
	bool named, quoted;
	bool waits;             /* and causes nothing */
	const char *numbers[5]; /* attributes that are needed; ended by NULL */
} Rule;

static const Rule rules[STEP_COUNT] = {
	[STEP_LINE] = {"line", .quoted = true, .waits = true},
	[STEP_TYPE] = {"type", .quoted = true},
	[STEP_KEY] = {"key", .named = true},
	[STEP_CLICK] = {"click", .numbers = {"x", "y"}},
	[STEP_DRAG] = {"drag", .numbers = {"x", "y", "to_x", "to_y"}},
	[STEP_SCROLL] = {"scroll", .numbers = {"x", "y"}},
	[STEP_RESIZE] = {"resize", .numbers = {"width", "height"}},
	[STEP_TILE] = {"tile", .named = true, .waits = true},
	[STEP_TEXT] = {"text", .named = true, .quoted = true, .waits = true},
	[STEP_QUIET] = {.type = "quiet", .waits = true},
	[STEP_ANSWERED] = {.type = "answered", .waits = true},
	[STEP_NEEDLE] = {"needle", .named = true, .waits = true},
	[STEP_COPY] = {"copy", .quoted = true},
	[STEP_COPIED] = {"copied", .quoted = true, .waits = true},
	[STEP_SHOT] = {"shot", .named = true, .waits = true},
	[STEP_KILL] = {"kill", .named = true},
	[STEP_FREEZE] = {"freeze", .named = true},
	[STEP_THAW] = {"thaw", .named = true},
	[STEP_RECONFIGURE] = {"reconfigure", .named = true},
	[STEP_RESTART] = {"restart", .named = true},
	[STEP_QUOTA] = {"quota", .named = true},
	[STEP_WM] = {"wm", .quoted = true},
};

static bool is_number(const MaqHidNode *node, const char *tag)
{
	return maq_hid_u64(node, tag, 0) == maq_hid_u64(node, tag, 1);
}

static bool check_step(const MaqHidNode *node, const Rule *rule, GError **error)
{
	g_autofree char *quoted = maq_hid_quoted(node);

	if (rule->named && !maq_hid_name(node))
		maq_hid_set_error(
			error, node, NULL, "expected \"+ %s NAME\"", rule->type);
	else if (rule->quoted && !quoted)
		maq_hid_set_error(
			error, node, NULL, "expected \"+ %s | : TEXT\"", rule->type);
	else if (rule == &rules[STEP_QUOTA] && !maq_hid_attr(node, "ram") &&
		 !maq_hid_attr(node, "caps"))
		maq_hid_set_error(error, node, NULL, "expected ram:, caps: or both");
	else {
		for (const char *const *tag = rule->numbers; *tag; tag++)
			if (!is_number(node, *tag)) {
				maq_hid_set_error(error, node, *tag,
					"expected a number \"%s:\"", *tag);
				return false;
			}
		return true;
	}
	return false;
}

static void step_free(gpointer data)
{
	Step *step = data;

	g_free(step->text);
	g_free(step);
}

static bool add_step(
	Expectation *expectation, const MaqHidNode *node, StepKind kind, GError **error)
{
	if (!check_step(node, &rules[kind], error))
		return false;
	char *text = maq_hid_quoted(node);
	/* what is typed is typed with its space */
	if (text && kind != STEP_TYPE)
		g_strstrip(text);
	if (kind == STEP_LINE && maq_hid_bool(node, "anywhere", false)) {
		g_ptr_array_add(expectation->anywhere, text);
		return true;
	}
	Step *step = g_new(Step, 1);
	*step = (Step){kind, node, text};
	g_ptr_array_add(expectation->steps, step);
	return true;
}

bool step_waits(const Step *step)
{
	return rules[step->kind].waits;
}

char *step_describe(const Step *step)
{
	g_autofree char *text = maq_hid_to_text(step->node, NULL);
	GString *line = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	if (step->kind == STEP_LINE)
		return g_string_free(line, TRUE), g_strdup(step->text);
	lines = g_strsplit(text, "\n", -1);
	for (char **part = lines; *part && strcmp(*part, "-"); part++)
		g_string_append_printf(
			line, "%s%s", line->len ? " " : "", g_strstrip(*part));
	return g_string_free(line, FALSE);
}

/* ---- outcomes ---- */

static void outcome_free(gpointer data)
{
	Outcome *outcome = data;

	g_strfreev(outcome->lines);
	g_free(outcome);
}

/* Codes are what a process can have: -1 is 255. */
static int exit_code(const MaqHidNode *node, const char *tag)
{
	return (int)(g_ascii_strtoll(maq_hid_string(node, tag, "0"), NULL, 10) & 0xff);
}

static char **pattern_lines(const MaqHidNode *node)
{
	g_autofree char *text = maq_hid_quoted(node);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	for (char **line = lines; *line; line++)
		if (*g_strstrip(*line))
			g_strv_builder_add(builder, *line);
	return g_strv_builder_end(builder);
}

static bool add_outcome(
	Expectation *expectation, const MaqHidNode *node, bool succeed, GError **error)
{
	bool timed = maq_hid_attr(node, "after_seconds"),
	     awaits_exit = maq_hid_attr(node, "exit");
	gint64 seconds = (gint64)maq_hid_u64(node, "after_seconds", 0);
	char **lines = pattern_lines(node);

	if (!*lines && !timed && !awaits_exit) {
		maq_hid_set_error(error, node, NULL,
			"expected after_seconds:, exit: or a pattern behind \":\"");
		g_strfreev(lines);
		return false;
	}
	if (!*lines && !awaits_exit && !succeed) {
		expectation->seconds = seconds;
		g_strfreev(lines);
		return true;
	}
	Outcome *outcome = g_new(Outcome, 1);
	*outcome = (Outcome){succeed, lines, 0, timed ? seconds : -1, awaits_exit,
		exit_code(node, "exit")};
	g_ptr_array_add(expectation->outcomes, outcome);
	return true;
}

/* ---- the file ---- */

/* Ours are named (+ requires quota), Genode's are sub nodes (+ requires | + timer). */
static void add_requires(Expectation *expectation, const MaqHidNode *node)
{
	const char *name = maq_hid_name(node);
	const MaqHidNode *service = maq_hid_first(node, NULL);

	expectation->requires_quota |= !g_strcmp0(name, "quota");
	expectation->requires_confinement |= !g_strcmp0(name, "confinement");
	for (; service; service = maq_hid_next(service, NULL))
		g_ptr_array_add(expectation->services, g_strdup(maq_hid_type(service)));
}

static bool add_node(Expectation *expectation, const MaqHidNode *node, GError **error)
{
	const char *type = maq_hid_type(node);

	if (!strcmp(type, "succeed") || !strcmp(type, "fail"))
		return add_outcome(expectation, node, *type == 's', error);
	if (!strcmp(type, "requires")) {
		add_requires(expectation, node);
		return true;
	}
	if (!strcmp(type, "exit")) {
		expectation->awaits_exit = true;
		expectation->exit_code = exit_code(node, "code");
		return true;
	}
	for (StepKind kind = 0; kind < STEP_COUNT; kind++)
		if (!strcmp(type, rules[kind].type))
			return add_step(expectation, node, kind, error);
	if (!expectation->packaged)
		maq_hid_set_error(
			error, node, NULL, "an expectation has no node \"%s\"", type);
	return expectation->packaged; /* content, config and what else there may be */
}

Expectation *expectation_parse(MaqHidDocument *document, bool packaged, GError **error)
{
	g_autoptr(Expectation) expectation = g_new0(Expectation, 1);
	const MaqHidNode *root = maq_hid_root(document),
			 *node = maq_hid_first(root, NULL);
	bool succeeds = false;

	expectation->document = document;
	expectation->packaged = packaged;
	expectation->steps = g_ptr_array_new_with_free_func(step_free);
	expectation->anywhere = g_ptr_array_new_with_free_func(g_free);
	expectation->outcomes = g_ptr_array_new_with_free_func(outcome_free);
	expectation->services = g_ptr_array_new_with_free_func(g_free);
	expectation->seconds = PATIENCE;
	for (; node; node = maq_hid_next(node, NULL))
		if (!add_node(expectation, node, error))
			return NULL;
	for (guint i = 0; i < expectation->outcomes->len; i++)
		succeeds |= ((Outcome *)expectation->outcomes->pdata[i])->succeed;
	if (succeeds || expectation->steps->len || expectation->anywhere->len ||
		expectation->awaits_exit)
		return g_steal_pointer(&expectation);
	maq_hid_set_error(
		error, root, NULL, "the expectation is empty: nothing is awaited");
	return NULL;
}

Expectation *expectation_load(const char *scenario, GError **error)
{
	g_autofree char *own = g_build_filename(scenario, "expect", NULL);
	g_autofree char *genode = g_build_filename(scenario, "runtime", NULL);
	bool packaged = !g_file_test(own, G_FILE_TEST_EXISTS) &&
			g_file_test(genode, G_FILE_TEST_EXISTS);
	MaqHidDocument *document =
		maq_hid_load(packaged ? genode : own, MAQ_HID_STRICT, error);

	return document ? expectation_parse(document, packaged, error) : NULL;
}

void expectation_free(Expectation *expectation)
{
	if (!expectation)
		return;
	g_ptr_array_unref(expectation->steps);
	g_ptr_array_unref(expectation->anywhere);
	g_ptr_array_unref(expectation->outcomes);
	g_ptr_array_unref(expectation->services);
	maq_hid_free(expectation->document);
	g_free(expectation);
}
