// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_starter - from the request for a process to the first line that it logs
 *
 * Starts `hello` as a parent does, and serves LOG to it. Every round starts as many as
 * the configuration says, and ends when each has logged.
 *
 * Requires  LOG, ROM (the program hello), Process
 * Config    children: how many at once (default 1)
 *           rounds: (default 50)
 */
#include <maq/component.h>
#include <maq/log.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>

#include <stdlib.h>

#define CHILDREN_MAX 100
#define ROUNDS_MAX   100

typedef struct {
	MaqEnv *env;
	MaqProcess *process; /* owned by env */
	MaqSandbox *sandbox;
	int program;
	unsigned children, rounds;
	unsigned round, logged;
	MaqChild *child[CHILDREN_MAX]; /* owned */
	guint32 id[CHILDREN_MAX];
	guint64 start;
	double times[ROUNDS_MAX]; /* ms */
} Starter;

static void begin_round(Starter *starter);

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void end_round(void *data)
{
	Starter *starter = data;

	for (unsigned i = 0; i < starter->children; i++) {
		maq_process_kill(starter->process, starter->id[i]);
		maq_child_free(starter->child[i]);
	}
	if (++starter->round < starter->rounds) {
		begin_round(starter);
		return;
	}
	qsort(starter->times, starter->rounds, sizeof(double), compare);
	maq_log(starter->env, "result %.3f", starter->times[starter->rounds / 2]);
	maq_exit(starter->env, 0);
}

static MaqLogError child_log(void *service, const char *text)
{
	Starter *starter = service;
	guint64 now = maq_env_binding(starter->env)->now();

	(void)text;
	if (++starter->logged == starter->children) {
		starter->times[starter->round] = (double)(now - starter->start) / 1e6;
		maq_loop_defer(maq_env_loop(starter->env), end_round, starter);
	}
	return MAQ_LOG_OK;
}

static const MaqLogService log_service = {.ops = {.write = child_log}};

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	(void)child, (void)label;
	if (!strcmp(service, "LOG"))
		*target = (MaqTarget){.kind = MAQ_TARGET_LOCAL,
			.skeleton = &maq_log_skeleton,
			.table = &log_service,
			.service = owner,
			.label = "child"};
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	(void)owner, (void)child, (void)service;
	return false;
}

static void exited(void *owner, MaqChild *child, int code)
{
	(void)owner, (void)child, (void)code;
}

static const MaqSandboxOps ops = {
	.route = route, .may_provide = may_provide, .exited = exited};

static void begin_round(Starter *starter)
{
	starter->logged = 0;
	starter->start = maq_env_binding(starter->env)->now();
	for (unsigned i = 0; i < starter->children; i++) {
		maq_autofd int channel = -1;

		starter->child[i] = maq_child_new(
			starter->sandbox, "child", 1 << 20, 50, NULL, &channel);
		if (maq_process_spawn(starter->process, "child", starter->program,
			    channel, "", "", 1 << 20, 50,
			    &starter->id[i]) != MAQ_PROCESS_OK)
			g_error("no process");
	}
}

static bool starter_start(MaqEnv *env, GError **error)
{
	Starter *starter = maq_env_state(env, sizeof *starter);

	starter->env = env;
	starter->children =
		(unsigned)MIN(maq_config_u64(env, "children", 1), CHILDREN_MAX);
	starter->rounds = (unsigned)MIN(maq_config_u64(env, "rounds", 50), ROUNDS_MAX);
	starter->process = maq_process_open(env, "", error);
	MaqRom *rom = starter->process ? maq_rom_open(env, "hello", error) : NULL;
	if (!rom)
		return false;
	if (maq_rom_executable(rom, &starter->program) != MAQ_ROM_OK) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no program hello");
		return false;
	}
	starter->sandbox = maq_sandbox_new(env, &ops, starter);
	begin_round(starter);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, starter_start);
}
