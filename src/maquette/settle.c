// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * settle - waits until a display has settled: it is quiet, or it shows the answer
 */
#include "command.h"
#include "display.h"

#include <stdio.h>

#define NS_PER_MS 1000000u

/* ---- quiet ---- */

typedef struct {
	Remote *remote;      /* borrowed */
	MaqCapture *capture; /* owned by the remote's env */
	guint64 quiet;       /* ns */
	MaqTimeout *timeout; /* until it was quiet */
} Quiet;

static void was_quiet(void *data)
{
	Quiet *quiet = data;

	quiet->timeout = NULL; /* a change may still come in this round */
	maq_loop_quit(maq_env_loop(quiet->remote->env), EXIT_WELL);
}

static void never_quiet(void *data)
{
	fprintf(stderr, "maquette wait: the display has changed all the time\n");
	maq_loop_quit(maq_env_loop(((Quiet *)data)->remote->env), EXIT_SCENARIO);
}

static void capture_lost(void *data)
{
	fprintf(stderr, "maquette wait: the display has gone\n");
	maq_loop_quit(maq_env_loop(((Quiet *)data)->remote->env), EXIT_SCENARIO);
}

static void at(Quiet *quiet, guint64 delay, void (*handler)(void *), MaqTimeout **timeout)
{
	MaqEnv *env = quiet->remote->env;

	*timeout = maq_loop_at(
		maq_env_loop(env), maq_env_binding(env)->now() + delay, handler, quiet);
}

/* Changes are told after a capture only. */
static void watch_again(void *data)
{
	Quiet *quiet = data;
	Shot shot = {0};

	maq_timeout_cancel(quiet->timeout);
	at(quiet, quiet->quiet, was_quiet, &quiet->timeout);
	display_capture(quiet->capture, &shot, NULL);
	shot_clear(&shot);
}

int display_wait_quiet(Remote *remote, gint64 milliseconds, gint64 seconds)
{
	g_autoptr(GError) error = NULL;
	Quiet quiet = {.remote = remote, .quiet = (guint64)milliseconds * NS_PER_MS};
	MaqTimeout *limit;

	quiet.capture = display_open_capture(remote, &error);
	if (!quiet.capture) {
		fprintf(stderr, "maquette wait: %s\n", error->message);
		return EXIT_SCENARIO;
	}
	maq_capture_on_changed(quiet.capture, watch_again, &quiet);
	maq_session_on_lost(maq_capture_session(quiet.capture), capture_lost, &quiet);
	if (seconds > 0)
		at(&quiet, (guint64)seconds * 1000 * NS_PER_MS, never_quiet, &limit);
	watch_again(&quiet);
	return maq_loop_run(maq_env_loop(remote->env));
}

/* ---- an answer ---- */

typedef struct {
	Remote *remote;      /* borrowed */
	MaqCapture *capture; /* owned by the remote's env */
	guint64 wanted;      /* number of an event of Input */
} Answer;

static void end(Answer *answer, int code)
{
	maq_loop_quit(maq_env_loop(answer->remote->env), code);
}

static void not_answered(void *data)
{
	fprintf(stderr, "maquette wait: no answer to what was typed or clicked last\n");
	end(data, EXIT_SCENARIO);
}

static void display_lost(void *data)
{
	fprintf(stderr, "maquette wait: the display has gone\n");
	end(data, EXIT_SCENARIO);
}

static void look_for_answer(void *data)
{
	Answer *answer = data;
	guint64 sequence;

	/* asked, it tells of changes again; lost, that is told */
	if (maq_capture_answered(answer->capture, &sequence) == MAQ_CAPTURE_OK &&
		sequence >= answer->wanted)
		end(answer, EXIT_WELL);
}

int display_wait_answered(Remote *remote, gint64 seconds)
{
	g_autoptr(GError) error = NULL;
	MaqEnv *env = remote->env;
	Answer answer = {.remote = remote};
	MaqEvent *event = display_open_event(remote, &error);

	answer.capture = event ? display_open_capture(remote, &error) : NULL;
	if (!answer.capture || maq_event_sent(event, &answer.wanted) != MAQ_EVENT_OK) {
		fprintf(stderr, "maquette wait: %s\n",
			error ? error->message : "the display tells no answers");
		return EXIT_SCENARIO;
	}
	maq_capture_on_changed(answer.capture, look_for_answer, &answer);
	maq_session_on_lost(maq_capture_session(answer.capture), display_lost, &answer);
	if (seconds > 0)
		maq_loop_at(maq_env_loop(env),
			maq_env_binding(env)->now() + (guint64)seconds * 1000 * NS_PER_MS,
			not_answered, &answer);
	look_for_answer(&answer);
	return maq_loop_run(maq_env_loop(env));
}
