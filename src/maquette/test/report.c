// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void case_free(gpointer data)
{
	Case *one = data;

	g_free(one->name);
	g_free(one->scenario);
	g_free(one->failure);
	g_free(one->result.reason);
	g_free(one->result.comments);
	g_free(one);
}

/* The log of a failed one; NULL. Owned by the caller. */
static char *log_of(const Case *one)
{
	g_autofree char *path = g_build_filename(one->failure, "log.txt", NULL);
	char *text = NULL;

	if (one->result.kind == RESULT_FAILED)
		g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

/* ---- TAP ---- */

static void print_lines(const char *prefix, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

	for (char **line = lines; *line; line++)
		if (text && (**line || line[1]))
			printf("%s%s\n", prefix, *line);
}

/* What is a directive or a line end in TAP is none in a reason. */
static char *in_one_line(const char *text)
{
	return g_strdelimit(g_strdup(text ? text : ""), "\n#", ' ');
}

static void print_tap(const Case *one, guint number)
{
	const Result *result = &one->result;
	bool skipped = result->kind == RESULT_SKIPPED;
	g_autofree char *reason = in_one_line(skipped ? result->reason : NULL);
	g_autofree char *log = log_of(one);

	if (result->kind == RESULT_FAILED)
		print_lines("# ", result->reason);
	print_lines("# ", result->comments);
	print_lines("#   ", log);
	if (result->kind == RESULT_FAILED &&
		g_file_test(one->failure, G_FILE_TEST_IS_DIR))
		printf("# see %s\n", one->failure);
	printf("%sok %u - %s%s%s\n", result->kind == RESULT_FAILED ? "not " : "", number,
		one->name, skipped ? " # SKIP " : "", reason);
}

/* ---- for people ---- */

static void print_for_people(const Case *one)
{
	static const char *const words[] = {
		[RESULT_FAILED] = "\033[31mfailed\033[0m ",
		[RESULT_WELL] = "\033[32mwell\033[0m   ",
		[RESULT_SKIPPED] = "\033[33mskipped\033[0m",
	};
	const Result *result = &one->result;

	printf("%s  %s  (%.1f s)\n", words[result->kind], one->name, one->seconds);
	print_lines("         ", result->reason);
	print_lines("         ", result->comments);
	if (result->kind == RESULT_FAILED)
		printf("         see %s\n", one->failure);
}

static void print_status(const Report *report, guint running)
{
	guint counts[3] = {0}, finished = 0;

	for (guint i = 0; i < report->cases->len; i++) {
		const Case *one = report->cases->pdata[i];

		finished += one->finished;
		if (one->finished)
			counts[one->result.kind]++;
	}
	printf("\r\033[K[%u/%u] %u running, %u failed", finished, report->cases->len,
		running, counts[RESULT_FAILED]);
}

void report_begin(Report *report, const GPtrArray *cases)
{
	*report = (Report){cases, isatty(STDOUT_FILENO), 0};
	if (!report->terminal)
		printf("TAP version 13\n1..%u\n", cases->len);
	fflush(stdout);
}

void report_progress(Report *report, guint running)
{
	if (report->terminal)
		printf("\r\033[K");
	for (; report->printed < report->cases->len; report->printed++) {
		const Case *one = report->cases->pdata[report->printed];

		if (!one->finished)
			break;
		if (report->terminal)
			print_for_people(one);
		else
			print_tap(one, report->printed + 1);
	}
	if (report->terminal)
		print_status(report, running);
	fflush(stdout);
}

void report_end(Report *report)
{
	if (report->terminal)
		printf("\n");
	fflush(stdout);
}

/* ---- JUnit ---- */

/* XML has no way to write most control characters. */
char *report_escape(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

	for (char *at = valid; *at; at++)
		if ((guchar)*at < 32 && *at != '\n' && *at != '\t')
			*at = '?';
	return g_markup_escape_text(valid, -1);
}

static void add_case(GString *out, const Case *one)
{
	g_autofree char *name = report_escape(one->name),
			*scenario = report_escape(one->scenario);
	g_autofree char *reason = report_escape(one->result.reason);
	g_autofree char *raw = log_of(one);
	g_autofree char *log = report_escape(raw);
	char seconds[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(seconds, sizeof seconds, "%.3f", one->seconds);
	g_string_append_printf(out,
		"  <testcase name=\"%s\" classname=\"%s\" time=\"%s\">\n", name, scenario,
		seconds);
	if (one->result.kind == RESULT_FAILED)
		g_string_append_printf(out, "    <failure message=\"%s\">%s</failure>\n",
			reason, reason);
	if (one->result.kind == RESULT_SKIPPED)
		g_string_append_printf(out, "    <skipped message=\"%s\"/>\n", reason);
	if (raw)
		g_string_append_printf(out, "    <system-out>%s</system-out>\n", log);
	g_string_append(out, "  </testcase>\n");
}

bool report_write_junit(const GPtrArray *cases, const char *path, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	guint counts[3] = {0};

	for (guint i = 0; i < cases->len; i++)
		counts[((Case *)cases->pdata[i])->result.kind]++;
	g_string_append_printf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"maquette\" tests=\"%u\" failures=\"%u\" "
		"skipped=\"%u\" errors=\"0\">\n",
		cases->len, counts[RESULT_FAILED], counts[RESULT_SKIPPED]);
	for (guint i = 0; i < cases->len; i++)
		add_case(out, cases->pdata[i]);
	g_string_append(out, "</testsuite>\n");
	return g_file_set_contents(path, out->str, (gssize)out->len, error);
}
