// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rings are kept, and what a component can do to its own. */
#include "traces.h"

#include <maq/trace_ring.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST 256 /* rings, with core's own */

typedef struct {
	Log *log;
	Traces *traces;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	fixture->log = log_new(false, NULL);
	fixture->traces = traces_new(fixture->log, &error);
	g_assert_no_error(error);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	traces_free(fixture->traces);
	log_free(fixture->log);
}

static guint16 begin(Fixture *fixture, guint i)
{
	g_autofree char *label = g_strdup_printf("init -> c%u", i);
	guint16 number;
	int ring = traces_begin(fixture->traces, label, &number);

	g_assert_true((ring >= 0) == (number != 0));
	if (ring >= 0)
		close(ring);
	return number;
}

/* The next copy, until NULL; the caller's, by munmap(). */
static MaqTraceRing *next_copy(const Fixture *fixture, guint32 *from)
{
	g_autoptr(GError) error = NULL;
	int memory = *from ? traces_copy(fixture->traces, *from, from, &error) : -1;

	g_assert_no_error(error);
	if (memory < 0)
		return NULL;
	MaqTraceRing *copy = mmap(NULL, sizeof *copy, PROT_READ, MAP_PRIVATE, memory, 0);
	g_assert_true(copy != MAP_FAILED);
	close(memory);
	g_assert_true(maq_trace_copy_is(copy, sizeof *copy));
	return copy;
}

/* Numbers of all that are kept, in their order. */
static GArray *kept(const Fixture *fixture)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint16));
	guint32 from = 1;
	MaqTraceRing *copy;

	while ((copy = next_copy(fixture, &from))) {
		guint16 number = (guint16)copy->component;

		g_array_append_val(numbers, number);
		munmap(copy, sizeof *copy);
	}
	return numbers;
}

static bool is_kept(const Fixture *fixture, guint16 number)
{
	g_autoptr(GArray) numbers = kept(fixture);
	bool found = false;

	for (guint i = 0; i < numbers->len; i++)
		found |= g_array_index(numbers, guint16, i) == number;
	return found;
}

static guint warnings(const Fixture *fixture)
{
	g_auto(GStrv) lines = log_last_lines(fixture->log, "core", 100);

	return g_strv_length(lines);
}

static void test_full(Fixture *fixture, gconstpointer data)
{
	guint16 first = begin(fixture, 0);

	(void)data;
	for (guint i = 1; i < MOST - 1; i++)
		g_assert_cmpuint(begin(fixture, i), ==, first + i);
	g_assert_cmpuint(warnings(fixture), ==, 0);
	/* said once */
	for (guint i = 0; i < 3; i++)
		g_assert_cmpuint(begin(fixture, MOST), ==, 0);
	g_assert_cmpuint(warnings(fixture), ==, 1);
	/* whoever ends makes room */
	traces_end(fixture->traces, (guint16)(first + 7), true);
	guint16 number = begin(fixture, MOST);
	g_assert_cmpuint(number, ==, first + MOST - 1);
	g_assert_false(is_kept(fixture, (guint16)(first + 7)));
	g_autoptr(GArray) numbers = kept(fixture);
	g_assert_cmpuint(numbers->len, ==, MOST);
}

static void test_ended(Fixture *fixture, gconstpointer data)
{
	enum { ENDED = 64 };
	guint16 lives = begin(fixture, 0), crashed = begin(fixture, 1);

	(void)data;
	traces_end(fixture->traces, crashed, true);
	guint16 first = begin(fixture, 2);
	traces_end(fixture->traces, first, false);
	/* many more than are kept */
	for (guint i = 0; i < 3 * ENDED; i++)
		traces_end(fixture->traces, begin(fixture, 3 + i), false);
	g_autoptr(GArray) numbers = kept(fixture);
	g_assert_cmpuint(numbers->len, ==, 2 + ENDED); /* with core's */
	g_assert_true(is_kept(fixture, lives));
	g_assert_true(is_kept(fixture, crashed));
	g_assert_false(is_kept(fixture, first));
	g_assert_true(is_kept(fixture, (guint16)(first + 3 * ENDED)));
}

/* What a component writes over the head of its ring is not believed. */
static void test_hostile(Fixture *fixture, gconstpointer data)
{
	guint16 number;
	int memory = traces_begin(fixture->traces, "init -> honest", &number);
	void *ring;

	(void)data;
	g_assert_cmpint(memory, >=, 0);
	ring = mmap(NULL, sizeof(MaqTraceRing), PROT_READ | PROT_WRITE, MAP_SHARED,
		memory, 0);
	g_assert_true(ring != MAP_FAILED);
	g_assert_cmpint(ftruncate(memory, 0), ==, -1); /* sealed */
	memset(ring, 0xff, sizeof(MaqTraceRing));
	traces_end(fixture->traces, number, true);
	guint32 from = number;
	MaqTraceRing *copy = next_copy(fixture, &from);
	g_assert_nonnull(copy);
	g_assert_cmpuint(copy->component, ==, number);
	g_assert_cmpstr(copy->label, ==, "init -> honest");
	g_assert_true(copy->crashed);
	g_autofree MaqTraceEvent *events = g_new(MaqTraceEvent, MAQ_TRACE_SLOTS);
	guint64 lost;
	g_assert_cmpuint(maq_trace_copy_events(copy, events, &lost), ==, 0);
	munmap(copy, sizeof *copy);
	munmap(ring, sizeof(MaqTraceRing));
	close(memory);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/core/traces/full", Fixture, NULL, set_up, test_full, tear_down);
	g_test_add("/core/traces/ended", Fixture, NULL, set_up, test_ended, tear_down);
	g_test_add(
		"/core/traces/hostile", Fixture, NULL, set_up, test_hostile, tear_down);
	return g_test_run();
}
