// SPDX-License-Identifier: GPL-2.0-or-later
#include "judge.h"

#include <string.h>

void judge_init(Judge *judge, Expectation *expectation, const char *component)
{
	*judge = (Judge){.expectation = expectation,
		.component = component,
		.output = g_string_new(NULL)};
}

void judge_fini(Judge *judge)
{
	g_string_free(judge->output, TRUE);
	g_free(judge->reason);
}

void judge_fail(Judge *judge, const char *format, ...)
{
	va_list arguments;

	if (judge->verdict != OPEN)
		return;
	judge->verdict = FAILED;
	va_start(arguments, format);
	judge->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

bool judge_matches(const char *line, const char *pattern)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "*", -1);

	for (char **part = parts; *part; part++) {
		line = strstr(line, *part);
		if (!line)
			return false;
		line += strlen(*part);
	}
	return true;
}

/* ---- lines ---- */

static const Step *current(const Judge *judge)
{
	const GPtrArray *steps = judge->expectation->steps;

	return judge->done < steps->len ? steps->pdata[judge->done] : NULL;
}

/* The line at *from as a string of its own, NULL if it has not come whole. */
static char *take_line(const GString *output, gsize *from)
{
	const char *start = output->str + *from;
	const char *end = memchr(start, '\n', output->len - *from);

	if (!end)
		return NULL;
	*from += (gsize)(end - start) + 1;
	return g_strndup(start, (gsize)(end - start));
}

static void scan_in_order(Judge *judge)
{
	const Step *step;

	while ((step = current(judge)) && step->kind == STEP_LINE) {
		g_autofree char *line = take_line(judge->output, &judge->ordered);

		if (!line)
			return;
		judge->done += strstr(line, step->text) != NULL;
	}
}

/* The line as the component's own log would have it: labels begin at it. */
static char *local_line(const Judge *judge, const char *line)
{
	g_autofree char *prefix =
		g_strdup_printf("[init -> %s", judge->component ? judge->component : "");

	if (!judge->component || !g_str_has_prefix(line, prefix))
		return g_strdup(line);
	line += strlen(prefix);
	if (g_str_has_prefix(line, " -> "))
		return g_strconcat("[", line + 4, NULL);
	return g_strdup(g_str_has_prefix(line, "] ") ? line + 2 : line);
}

static void scan_outcomes(Judge *judge, const char *line)
{
	g_autofree char *local = local_line(judge, line);
	const GPtrArray *outcomes = judge->expectation->outcomes;

	for (guint i = 0; i < outcomes->len; i++) {
		Outcome *outcome = outcomes->pdata[i];
		const char *pattern = outcome->lines[outcome->found];

		if (pattern &&
			(judge_matches(line, pattern) || judge_matches(local, pattern)))
			outcome->found++;
	}
}

/* ---- verdicts ---- */

typedef struct {
	gint64 seconds;
	bool ended;
	int code;
} Now;

static bool has_come(const Outcome *outcome, const Now *now)
{
	if (outcome->lines[outcome->found])
		return false;
	if (outcome->seconds >= 0 && now->seconds < outcome->seconds)
		return false;
	return !outcome->awaits_exit || (now->ended && now->code == outcome->exit_code);
}

static char *describe(const Outcome *outcome)
{
	GString *text = g_string_new(outcome->succeed ? "succeed" : "fail");

	if (outcome->seconds >= 0)
		g_string_append_printf(
			text, " | after_seconds: %" G_GINT64_FORMAT, outcome->seconds);
	if (outcome->awaits_exit)
		g_string_append_printf(text, " | exit: %d", outcome->exit_code);
	for (char **line = outcome->lines; *line; line++)
		g_string_append_printf(text, " | : %s", *line);
	return g_string_free(text, FALSE);
}

/* Failures first: that something failed is no less true if the rest goes well. */
static void judge_outcomes(Judge *judge, const Now *now, bool *awaited, bool *succeeded)
{
	const GPtrArray *outcomes = judge->expectation->outcomes;

	for (guint i = 0; i < outcomes->len; i++) {
		const Outcome *outcome = outcomes->pdata[i];
		bool come = has_come(outcome, now);

		*awaited |= outcome->succeed;
		*succeeded |= outcome->succeed && come;
		if (!outcome->succeed && come) {
			g_autofree char *text = describe(outcome);

			judge_fail(judge, "what is a failure has come: %s", text);
		}
	}
}

static void conclude(Judge *judge, const Now *now)
{
	const Expectation *expectation = judge->expectation;
	bool awaited = false, succeeded = false;

	if (judge->verdict != OPEN)
		return;
	judge_outcomes(judge, now, &awaited, &succeeded);
	if (judge->verdict != OPEN || current(judge) || expectation->anywhere->len ||
		(awaited && !succeeded))
		return;
	if (!expectation->awaits_exit ||
		(now->ended && now->code == expectation->exit_code))
		judge->verdict = SUCCEEDED;
}

void judge_output(Judge *judge, const char *text, gsize size)
{
	Now now = {0};
	char *line;
	GPtrArray *anywhere = judge->expectation->anywhere;

	g_string_append_len(judge->output, text, (gssize)size);
	while ((line = take_line(judge->output, &judge->scanned))) {
		for (guint i = 0; i < anywhere->len; i++)
			if (strstr(line, anywhere->pdata[i]))
				g_ptr_array_remove_index(anywhere, i--);
		scan_outcomes(judge, line);
		g_free(line);
	}
	scan_in_order(judge);
	conclude(judge, &now);
}

/* The first thing that is missing, as a reason. */
static char *first_missing(const Judge *judge)
{
	const Step *step = current(judge);
	const GPtrArray *anywhere = judge->expectation->anywhere;

	if (step) {
		g_autofree char *text = step_describe(step);

		return g_strdup_printf("%s %u of the expectation did not come: %s",
			step->kind == STEP_LINE ? "line" : "step", judge->done + 1, text);
	}
	if (anywhere->len)
		return g_strdup_printf("a line of the expectation did not come: %s",
			(char *)anywhere->pdata[0]);
	return NULL;
}

void judge_time(Judge *judge, gint64 seconds)
{
	Now now = {.seconds = seconds};
	gint64 limit = judge->expectation->seconds;

	conclude(judge, &now);
	if (judge->verdict != OPEN || seconds < limit)
		return;
	g_autofree char *missing = first_missing(judge);
	judge_fail(judge, "%s%snot finished after %" G_GINT64_FORMAT " s",
		missing ? missing : "", missing ? "; " : "", limit);
}

void judge_exit(Judge *judge, int code)
{
	Now now = {0, true, code};

	conclude(judge, &now);
	if (judge->verdict != OPEN)
		return;
	g_autofree char *missing = first_missing(judge);
	if (missing)
		judge_fail(judge, "%s; it has ended with %d", missing, code);
	else if (judge->expectation->awaits_exit && code != judge->expectation->exit_code)
		judge_fail(judge, "exit code %d instead of %d", code,
			judge->expectation->exit_code);
	else
		judge_fail(
			judge, "it has ended with %d before any outcome had come", code);
}

const Step *judge_step(const Judge *judge)
{
	const Step *step = judge->verdict == OPEN ? current(judge) : NULL;

	return step && step->kind != STEP_LINE ? step : NULL;
}

void judge_step_begin(Judge *judge)
{
	const Step *step = current(judge);

	g_assert(step);
	if (!step_waits(step))
		judge->ordered = judge->scanned;
}

void judge_step_done(Judge *judge)
{
	judge->done++;
	judge_output(judge, "", 0);
}

char *judge_missing(const Judge *judge)
{
	const Expectation *expectation = judge->expectation;
	GString *text = g_string_new(NULL);

	for (guint i = judge->done; i < expectation->steps->len; i++) {
		g_autofree char *step = step_describe(expectation->steps->pdata[i]);

		g_string_append_printf(text, "%s\n", step);
	}
	for (guint i = 0; i < expectation->anywhere->len; i++)
		g_string_append_printf(
			text, "anywhere: %s\n", (char *)expectation->anywhere->pdata[i]);
	for (guint i = 0; i < expectation->outcomes->len; i++) {
		const Outcome *outcome = expectation->outcomes->pdata[i];
		g_autofree char *what = describe(outcome);

		if (outcome->succeed)
			g_string_append_printf(text, "%s\n", what);
	}
	if (expectation->awaits_exit)
		g_string_append_printf(text, "exit | code: %d\n", expectation->exit_code);
	return g_string_free(text, FALSE);
}
