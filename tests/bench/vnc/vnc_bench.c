// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnc - RFB servers beside one another: latency, encodings, memory
 *
 * Each shows the same full-HD content to the same client (libvncclient), one server after
 * the other. CPU time is that of the server's process and of the display that it reads,
 * with all their threads, less what they take while nobody looks; ours and the bare
 * library draw the content themselves, which is not counted either. A frame is as many
 * pixels as full HD has, in however many updates they come. After a scroll the client
 * looks at each pixel that it has. With words, only figures whose names contain one of
 * them are taken.
 */
#include "bench.h"
#include "content.h"
#include "servers.h"

#include <rfb/rfbclient.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEYS      200
#define SECONDS   3
#define STALLED   3
#define ACTIVE    8
#define TIMEOUT_S 5
#define PATIENCE  (2 * G_USEC_PER_SEC)

/* ---- the client ---- */

static bool changed;
static double frames; /* of full HD, that the updates' pixels make up */

static void updated(rfbClient *client, int x, int y, int width, int height)
{
	(void)client, (void)x, (void)y;
	changed = true;
	frames += (double)width * height / (1920.0 * 1080.0);
}

static rfbClient *join(int port, const char *encodings)
{
	rfbClient *client = rfbGetClient(8, 3, 4);

	rfbEnableClientLogging = FALSE;
	free(client->serverHost);
	client->serverHost = strdup("127.0.0.1");
	client->serverPort = port;
	client->connectTimeout = client->readTimeout = TIMEOUT_S;
	client->appData.encodingsString = encodings;
	client->appData.enableJPEG = strstr(encodings, "tight") != NULL;
	client->appData.qualityLevel = 6;
	client->appData.compressLevel = 1;
	client->GotFrameBufferUpdate = updated;
	client->format.redShift = 16;
	client->format.greenShift = 8;
	client->format.blueShift = 0;
	return rfbInitClient(client, NULL, NULL) ? client : NULL;
}

static void leave(rfbClient *client)
{
	free(client->frameBuffer);
	client->frameBuffer = NULL;
	rfbClientCleanup(client);
}

static bool wait_update(rfbClient *client, gint64 patience)
{
	gint64 until = g_get_monotonic_time() + patience;

	changed = false;
	while (!changed) {
		gint64 left = until - g_get_monotonic_time();

		if (left <= 0)
			return false;
		if ((client->buffered || WaitForMessage(client, (unsigned)left) > 0) &&
			!HandleRFBServerMessage(client))
			return false;
	}
	return true;
}

/* Whoever reads, or does not, beside the one that is measured. */
static pid_t add_viewer(int port, bool reads)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	rfbClient *client = join(port, "raw");
	for (int i = 0; client && !reads && i < 100; i++)
		SendFramebufferUpdateRequest(
			client, 0, 0, client->width, client->height, FALSE);
	while (client && reads && wait_update(client, 60 * G_USEC_PER_SEC))
		;
	if (client && !reads)
		pause();
	_exit(0);
}

typedef struct {
	double median, p99;
} Latency;

static Latency press_keys(int port)
{
	Latency latency = {BENCH_ABSENT, BENCH_ABSENT};
	rfbClient *client = join(port, "raw");
	double times[KEYS];
	gsize n = 0;

	if (!client)
		return latency;
	while (wait_update(client, 300000))
		;
	for (; n < KEYS; n++) {
		gint64 pressed = g_get_monotonic_time();

		SendKeyEvent(client, 'x', TRUE);
		if (!wait_update(client, PATIENCE))
			break;
		times[n] = (double)(g_get_monotonic_time() - pressed) / 1000.0;
		SendKeyEvent(client, 'x', FALSE);
		while (wait_update(client, 3000))
			;
	}
	leave(client);
	if (n == KEYS)
		latency =
			(Latency){bench_median(times, n), bench_quantile(times, n, 0.99)};
	return latency;
}

static Latency measure_latency(Server server, unsigned others, bool read)
{
	Latency latency = {BENCH_ABSENT, BENCH_ABSENT};
	pid_t pids[ACTIVE];
	Running running;

	if (server_start(&running, server, "react")) {
		for (unsigned i = 0; i < others; i++)
			pids[i] = add_viewer(running.port, read);
		if (others)
			g_usleep(G_USEC_PER_SEC);
		latency = press_keys(running.port);
		for (unsigned i = 0; i < others; i++) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	}
	server_stop(&running);
	return latency;
}

static char **words; /* of the command line */

static bool is_wanted(const char *name)
{
	bool all = true;

	for (char **word = words; *word; word++) {
		if (!strcmp(*word, "--json"))
			continue;
		if (strstr(name, *word))
			return true;
		all = false;
	}
	return all;
}

static void print_latency(const char *name, unsigned others, bool read)
{
	Latency found[SERVERS];
	BenchFigure figure = {.name = name, .unit = "ms"};
	g_autofree char *note = NULL;

	if (!is_wanted(name))
		return;
	for (Server server = 0; server < SERVERS; server++)
		found[server] = measure_latency(server, others, read);
	figure.ours = found[OURS].median;
	figure.limit_name = "Xvnc";
	figure.limit = found[XVNC].median;
	figure.rule = others ? BENCH_NONE : BENCH_RATIO_MOST;
	figure.goal = 1 / 3.0;
	for (Server server = BARE; server < SERVERS; server++)
		figure.peers[server - BARE] =
			(BenchPeer){server_names[server], found[server].median};
	note = g_strdup_printf(
		"p99: ours %.2f, libvncserver %.2f, defer 0 %.2f, Xvnc %.2f, "
		"x11vnc %.2f, wayvnc %.2f",
		found[OURS].p99, found[BARE].p99, found[BARE_EAGER].p99, found[XVNC].p99,
		found[X11VNC].p99, found[WAYVNC].p99);
	figure.note = note;
	bench_print(&figure);
}

typedef struct {
	double rate, cpu; /* frames a second; ms of the server's CPU a frame */
	bool right;       /* the client has the pixels */
} Flow;

/* What drawing costs while nobody looks. */
static double idle_load(const Running *running)
{
	g_usleep(G_USEC_PER_SEC / 2);
	double before = server_cpu_seconds(running);
	gint64 begin = g_get_monotonic_time();

	g_usleep(G_USEC_PER_SEC);
	return (server_cpu_seconds(running) - before) * G_USEC_PER_SEC /
	       (double)(g_get_monotonic_time() - begin);
}

static bool is_text(const rfbClient *client, int height, unsigned frame)
{
	static guint32 wanted[CONTENT_WIDTH * CONTENT_HEIGHT];
	const guint32 *pixels = (const void *)client->frameBuffer;

	content_text(wanted, 0, height, frame);
	for (int i = 0; i < height * CONTENT_WIDTH; i++)
		if (wanted[i] !=
			(pixels[i] & 0xffffff)) /* ZRLE leaves the rest undefined */
			return false;
	return true;
}

/* Whether the client shows one of the frames of the scroll, but for its newest line: an
 * X server may be asked between the move and the line. */
static bool is_scroll(const rfbClient *client)
{
	for (unsigned frame = 0; frame < 60 * 60; frame++)
		if (is_text(client, CONTENT_LINE, frame))
			return is_text(client, CONTENT_HEIGHT - CONTENT_LINE, frame);
	return false;
}

static Flow measure_flow(Server server, const char *content, const char *encodings)
{
	Flow flow = {BENCH_ABSENT, BENCH_ABSENT, true};
	Running running;
	rfbClient *client = NULL;

	double idle = 0;

	if (server_start(&running, server, content)) {
		idle = idle_load(&running);
		client = join(running.port, encodings);
	}
	if (client && wait_update(client, PATIENCE)) {
		double before = server_cpu_seconds(&running);
		gint64 begin = g_get_monotonic_time();

		frames = 0;
		while (g_get_monotonic_time() - begin < SECONDS * G_USEC_PER_SEC &&
			wait_update(client, PATIENCE))
			;
		double passed = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
		double used = server_cpu_seconds(&running) - before - idle * passed;
		if (frames > 0)
			flow = (Flow){frames / passed, MAX(used, 0) * 1000 / frames,
				content_kind(content) != CONTENT_SCROLL ||
					is_scroll(client)};
	}
	if (client)
		leave(client);
	server_stop(&running);
	return flow;
}

/* A viewer that counts its frames. */
static pid_t add_counting(int port, volatile double *count)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	rfbClient *client = join(port, "tight copyrect");
	while (client && wait_update(client, 60 * G_USEC_PER_SEC))
		*count = frames;
	_exit(0);
}

static double sum(const volatile double *counts)
{
	double all = 0;

	for (unsigned i = 0; i < ACTIVE; i++)
		all += counts[i];
	return all;
}

static Flow measure_crowd(Server server)
{
	volatile double *counts = mmap(NULL, ACTIVE * sizeof *counts,
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	Flow flow = {BENCH_ABSENT, BENCH_ABSENT, true};
	pid_t pids[ACTIVE];
	Running running;

	if (server_start(&running, server, "video")) {
		double idle = idle_load(&running);

		for (unsigned i = 0; i < ACTIVE; i++)
			pids[i] = add_counting(running.port, &counts[i]);
		g_usleep(2 * G_USEC_PER_SEC);
		double before = server_cpu_seconds(&running), seen = sum(counts);
		g_usleep(2 * SECONDS * G_USEC_PER_SEC);
		seen = sum(counts) - seen;
		double used = server_cpu_seconds(&running) - before - 2 * SECONDS * idle;
		if (seen > 0)
			flow = (Flow){
				seen / (2 * SECONDS), MAX(used, 0) * 1000 / seen, true};
		for (unsigned i = 0; i < ACTIVE; i++) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	}
	server_stop(&running);
	munmap((void *)counts, ACTIVE * sizeof *counts);
	return flow;
}

static void print_flow(const char *name, const char *content, const char *encodings)
{
	BenchFigure figure = {.name = name, .unit = "ms", .rule = BENCH_NONE};
	g_autoptr(GString) note = g_string_new("frames/s:");
	unsigned n = 0;

	if (!is_wanted(name))
		return;
	for (Server server = 0; server < SERVERS; server++) {
		if (server == BARE_EAGER || server_lacks(server))
			continue;
		Flow flow = encodings ? measure_flow(server, content, encodings)
				      : measure_crowd(server);

		g_string_append_printf(note, " %s %.1f%s,", server_names[server],
			flow.rate, flow.right ? "" : " (wrong pixels)");
		if (server == OURS)
			figure.ours = flow.cpu;
		else
			figure.peers[n++] = (BenchPeer){server_names[server], flow.cpu};
	}
	figure.note = note->str;
	bench_print(&figure);
}

static void print_flows(const char *content)
{
	static const char *const encodings[] = {
		"raw copyrect", "zrle copyrect", "tight copyrect"};

	for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
		g_autofree char *name = g_strdup_printf(
			"CPU a frame, full HD %s, %s", content, encodings[i]);

		print_flow(name, content, encodings[i]);
	}
}

static double measure_memory(Server server)
{
	pid_t pids[ACTIVE];
	double before = BENCH_ABSENT, after = BENCH_ABSENT;
	Running running;

	if (server_start(&running, server, "react")) {
		before = server_pss_mb(&running);
		for (unsigned i = 0; i < ACTIVE; i++)
			pids[i] = add_viewer(running.port, true);
		g_usleep(2 * G_USEC_PER_SEC);
		after = server_pss_mb(&running);
		for (unsigned i = 0; i < ACTIVE; i++) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	}
	server_stop(&running);
	return after < 0 ? BENCH_ABSENT : (after - before) / ACTIVE;
}

static void print_memory(void)
{
	static const char name[] = "memory a viewer, full HD";

	if (!is_wanted(name))
		return;
	bench_print(
		&(BenchFigure){name, "MiB", measure_memory(OURS), NULL, 0, BENCH_NONE, 0,
			{{server_names[BARE], measure_memory(BARE)},
				{server_names[XVNC], measure_memory(XVNC)},
				{server_names[X11VNC], measure_memory(X11VNC)},
				{server_names[WAYVNC], measure_memory(WAYVNC)}},
			"one picture has 7.9"});
}

static void skip_missing(Server server)
{
	const char *lacks = server_lacks(server);

	if (lacks) {
		g_autofree char *why = g_strconcat(lacks, " is not there", NULL);

		bench_skip(server_names[server], why);
	}
}

int main(int argc, char **argv)
{
	bench_init(argc, argv);
	words = argv + 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	for (Server server = 0; server < SERVERS; server++)
		skip_missing(server);
	print_latency("event to pixel, one viewer", 0, true);
	print_latency("event to pixel, beside 3 that stall", STALLED, false);
	print_latency("event to pixel, beside 8 that read", ACTIVE, true);
	print_flows("scroll");
	print_flows("video");
	print_flow("CPU a frame, video for 8, tight", "video", NULL);
	print_memory();
	return 0;
}
