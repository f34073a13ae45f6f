// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_hid - MB/s of parsing and printing HID beside libxml2 and GMarkup
 *
 * The content is the same: a configuration of many start nodes as HID, and what it is
 * as XML. Each figure is the best of several series, in bytes of the own format per
 * second; the content per second, which a user waits for, is the third line. GMarkup
 * builds no tree; its callbacks only count.
 */
#include "bench.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <maq/hid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERIES    9
#define SERIES_US (G_USEC_PER_SEC / 10)

typedef struct {
	char *hid, *xml;
	gsize hid_size, xml_size;
	MaqHidDocument *document;
} Content;

static char *make_text(guint starts)
{
	MaqHidBuilder *b = maq_hid_builder_new("config");

	maq_hid_put_bool(b, "verbose", true);
	for (guint i = 0; i < starts; i++) {
		g_autofree char *name = g_strdup_printf("component_%u", i);

		maq_hid_begin(b, "start", name);
		maq_hid_put_u64(b, "caps", 100 + i);
		maq_hid_put(b, "ram", "16M");
		maq_hid_begin(b, "config", NULL);
		maq_hid_begin(b, "policy", NULL);
		maq_hid_put(b, "label_prefix", "component -> sub");
		maq_hid_put(b, "root", "/data");
		maq_hid_end(b);
		maq_hid_end(b);
		maq_hid_begin(b, "route", NULL);
		maq_hid_begin(b, "service", "Timer");
		maq_hid_begin(b, "child", "timer");
		maq_hid_end(b);
		maq_hid_end(b);
		maq_hid_begin(b, "any-service", NULL);
		maq_hid_begin(b, "parent", NULL);
		maq_hid_end(b);
		maq_hid_end(b);
		maq_hid_end(b);
		maq_hid_end(b);
	}
	return maq_hid_builder_finish(b);
}

static void parse_lenient(const Content *content)
{
	maq_hid_free(maq_hid_parse(
		content->hid, (gssize)content->hid_size, "bench", MAQ_HID_LENIENT, NULL));
}

static void parse_strict(const Content *content)
{
	maq_hid_free(maq_hid_parse(
		content->hid, (gssize)content->hid_size, "bench", MAQ_HID_STRICT, NULL));
}

static void print_hid(const Content *content)
{
	g_free(maq_hid_to_text(maq_hid_root(content->document), NULL));
}

static void parse_libxml(const Content *content)
{
	xmlFreeDoc(xmlReadMemory(content->xml, (int)content->xml_size, "bench", NULL, 0));
}

static guint counted;

static void count_element(GMarkupParseContext *context G_GNUC_UNUSED,
	const char *name G_GNUC_UNUSED, const char **tags G_GNUC_UNUSED,
	const char **values G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED,
	GError **error G_GNUC_UNUSED)
{
	counted++;
}

static void parse_gmarkup(const Content *content)
{
	static const GMarkupParser parser = {.start_element = count_element};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, NULL, NULL);

	g_markup_parse_context_parse(
		context, content->xml, (gssize)content->xml_size, NULL);
	g_markup_parse_context_end_parse(context, NULL);
	g_markup_parse_context_free(context);
}

typedef void (*Job)(const Content *);

/* The average of one call in a series, in seconds */
static double measure(Job run, const Content *content)
{
	gint64 start = g_get_monotonic_time();
	gint64 now = start;
	guint calls = 0;

	for (; now - start < SERIES_US; now = g_get_monotonic_time(), calls++)
		run(content);
	return (double)(now - start) / calls / G_USEC_PER_SEC;
}

/* The shortest time of each; their series take turns, as a machine is not always as fast.
 */
static void measure_all(const Job *jobs, double *best, gsize n, const Content *content)
{
	for (gsize i = 0; i < n; i++)
		best[i] = G_MAXDOUBLE;
	for (int series = 0; series < SERIES; series++)
		for (gsize i = 0; i < n; i++)
			best[i] = MIN(best[i], measure(jobs[i], content));
}

static void report(
	const char *name, const char *unit, double ours, double libxml, double gmarkup)
{
	bench_print(&(BenchFigure){name, unit, ours, "the faster peer",
		MAX(libxml, gmarkup), BENCH_RATIO_LEAST, 1,
		{{"libxml2", libxml}, {"GMarkup, no tree", gmarkup}}, NULL});
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	Content content = {.hid = make_text(1000)};
	enum { LENIENT, STRICT, PRINTING, LIBXML, GMARKUP, JOBS };
	static const Job jobs[] = {
		parse_lenient, parse_strict, print_hid, parse_libxml, parse_gmarkup};
	double best[JOBS];

	content.hid_size = strlen(content.hid);
	content.document = maq_hid_parse(content.hid, -1, "bench", MAQ_HID_STRICT, NULL);
	content.xml = maq_hid_to_xml(maq_hid_root(content.document));
	content.xml_size = strlen(content.xml);
	measure_all(jobs, best, JOBS, &content);
	double hid = (double)content.hid_size / 1e6, xml = (double)content.xml_size / 1e6;

	report("HID, parse lenient", "MB/s", hid / best[LENIENT], xml / best[LIBXML],
		xml / best[GMARKUP]);
	report("HID, parse strict", "MB/s", hid / best[STRICT], xml / best[LIBXML],
		xml / best[GMARKUP]);
	report("HID, parse lenient, by content", "starts/ms", 1 / best[LENIENT],
		1 / best[LIBXML], 1 / best[GMARKUP]);
	bench_print(&(BenchFigure){"HID, print", "MB/s", hid / best[PRINTING], NULL, 0,
		BENCH_NONE, 0, {{0}}, NULL});
	maq_hid_free(content.document);
	g_free(content.hid);
	g_free(content.xml);
	xmlCleanupParser();
	return counted ? EXIT_SUCCESS : EXIT_FAILURE;
}
