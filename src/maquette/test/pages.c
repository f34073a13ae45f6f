// SPDX-License-Identifier: GPL-2.0-or-later
#include "pages.h"

#include <string.h>
#include <sys/stat.h>

#define FILM "film.webp"

static const char style[] =
	"<style>\n"
	":root { color-scheme: light dark; --well: #1a7f37; --failed: #c4262e;"
	" --skipped: #9a6700; --line: #8884; }\n"
	"body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem;"
	" margin: 2rem auto; padding: 0 1rem; }\n"
	"h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }\n"
	"table { border-collapse: collapse; width: 100%; }\n"
	"td, th { text-align: left; padding: .3rem .8rem .3rem 0;"
	" border-bottom: 1px solid var(--line); vertical-align: top; }\n"
	"th.number, td.number { width: 1%; text-align: right; font-variant-numeric: "
	"tabular-nums;"
	" white-space: nowrap; }\n"
	".well { color: var(--well); } .failed { color: var(--failed); }"
	" .skipped { color: var(--skipped); }\n"
	"td.well, td.failed, td.skipped { font-weight: 600; }\n"
	"pre { font: 13px/1.4 ui-monospace, monospace; overflow-x: auto; padding: .8rem;"
	" border: 1px solid var(--line); border-radius: 6px; }\n"
	"img { max-width: 100%; border: 1px solid var(--line); border-radius: 6px; }\n"
	"figure { margin: 1rem 0; } figcaption { opacity: .7; }\n"
	"</style>\n";

static const char *const words[] = {
	[RESULT_FAILED] = "failed", [RESULT_WELL] = "well", [RESULT_SKIPPED] = "skipped"};

static void begin_page(GString *out, const char *title)
{
	g_autofree char *text = report_escape(title);

	g_string_append_printf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>%s</title>\n%s</head>\n<body>\n<h1>%s</h1>\n",
		text, style, text);
}

static bool end_page(GString *out, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "index.html", NULL);

	g_string_append(out, "</body>\n</html>\n");
	return g_file_set_contents(path, out->str, (gssize)out->len, error);
}

static char *read_file(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

/* ---- the page of one ---- */

static void add_text(
	GString *out, const char *folder, const char *name, const char *title)
{
	g_autofree char *raw = read_file(folder, name);
	g_autofree char *text = report_escape(raw);

	if (raw && *raw)
		g_string_append_printf(out, "<h2>%s</h2>\n<pre>%s</pre>\n", title, text);
}

/* Lines of seconds, a tab, and what had come by then. */
static void add_timeline(GString *out, const char *folder)
{
	g_autofree char *raw = read_file(folder, "timeline.txt");
	g_auto(GStrv) lines = g_strsplit(raw ? raw : "", "\n", -1);

	if (!raw)
		return;
	g_string_append(out, "<h2>Timeline</h2>\n<table>\n<tr><th "
			     "class=\"number\">s</th><th></th></tr>\n");
	for (char **line = lines; *line; line++) {
		const char *tab = strchr(*line, '\t');
		g_autofree char *text = report_escape(tab ? tab + 1 : NULL);

		if (tab)
			g_string_append_printf(out,
				"<tr><td class=\"number\">%.*s</td><td>%s</td></tr>\n",
				(int)(tab - *line), *line, text);
	}
	g_string_append(out, "</table>\n");
}

static gint64 time_of(const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	struct stat status = {0};

	stat(path, &status);
	return (gint64)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}

/* In the order in which they were taken. */
static gint by_time(gconstpointer a, gconstpointer b, gpointer folder)
{
	gint64 one = time_of(folder, *(char *const *)a),
	       other = time_of(folder, *(char *const *)b);

	return one < other ? -1 : one > other;
}

static void add_picture(GString *out, const char *file)
{
	g_autofree char *link = g_uri_escape_string(file, NULL, FALSE);
	g_autofree char *text = report_escape(file);

	g_string_append_printf(out,
		"<figure><a href=\"%s\"><img src=\"%s\" alt=\"%s\"></a>"
		"<figcaption>%s</figcaption></figure>\n",
		link, link, text, text);
}

static void add_pictures(GString *out, const char *folder)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autofree char *film = g_build_filename(folder, FILM, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		if (g_str_has_suffix(file, ".png"))
			g_ptr_array_add(files, g_strdup(file));
	g_ptr_array_sort_with_data(files, by_time, (gpointer)folder);
	if (files->len)
		g_string_append(out, "<h2>Pictures</h2>\n");
	for (guint i = 0; i < files->len; i++)
		add_picture(out, files->pdata[i]);
	if (!g_file_test(film, G_FILE_TEST_EXISTS))
		return;
	g_string_append(out, "<h2>Film</h2>\n");
	add_picture(out, FILM);
}

/* Not in the page: it may be long. */
static void add_trace(GString *out, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "trace.txt", NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		g_string_append(out,
			"<h2>Trace</h2>\n<p><a href=\"trace.txt\">What the components "
			"did "
			"last</a>; the folder ctf beside it has it for babeltrace2 and "
			"Trace Compass.</p>\n");
}

static bool write_case(const Case *one, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *reason = report_escape(one->result.reason);

	begin_page(out, one->name);
	g_string_append_printf(out,
		"<p><strong class=\"%s\">%s</strong> after %.1f s. %s "
		"<a href=\"../index.html\">All results</a></p>\n",
		words[one->result.kind], words[one->result.kind], one->seconds, reason);
	add_timeline(out, one->failure);
	if (one->result.kind == RESULT_FAILED)
		add_text(out, one->failure, "expectation.txt", "What did not come");
	add_pictures(out, one->failure);
	add_trace(out, one->failure);
	add_text(out, one->failure, "log.txt", "Log");
	return end_page(out, one->failure, error);
}

/* ---- the page of all ---- */

static void add_row(GString *out, const Case *one, bool has_page)
{
	g_autofree char *name = report_escape(one->name);
	g_autofree char *reason = report_escape(one->result.reason);
	g_autofree char *base = g_path_get_basename(one->failure);
	g_autofree char *link = g_uri_escape_string(base, NULL, FALSE);

	g_string_append_printf(out, "<tr><td class=\"%s\">%s</td><td>",
		words[one->result.kind], words[one->result.kind]);
	if (has_page)
		g_string_append_printf(
			out, "<a href=\"%s/index.html\">%s</a>", link, name);
	else
		g_string_append(out, name);
	g_string_append_printf(out,
		"</td><td class=\"number\">%.1f</td><td>%s</td></tr>\n", one->seconds,
		reason);
}

bool pages_write(const GPtrArray *cases, const char *folder, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	guint counts[3] = {0};

	for (guint i = 0; i < cases->len; i++)
		counts[((Case *)cases->pdata[i])->result.kind]++;
	begin_page(out, "Scenarios");
	g_string_append_printf(out,
		"<p>%u well, %u failed, %u skipped.</p>\n<table>\n<tr><th></th>"
		"<th>Scenario</th><th>s</th><th></th></tr>\n",
		counts[RESULT_WELL], counts[RESULT_FAILED], counts[RESULT_SKIPPED]);
	for (guint i = 0; i < cases->len; i++) {
		const Case *one = cases->pdata[i];
		bool has_page = g_file_test(one->failure, G_FILE_TEST_IS_DIR);

		if (has_page && !write_case(one, error))
			return false;
		add_row(out, one, has_page);
	}
	g_string_append(out, "</table>\n");
	g_mkdir_with_parents(folder, 0755);
	return end_page(out, folder, error);
}
