// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_mover - how long it takes to move memory between two running components
 *
 * Both limits are written when the next move begins to be answered: the time from one
 * answer to the next is that of a whole move.
 *
 * Requires  LOG, ROM (its own program), Process
 * Config    any; a child has none, and does nothing
 */
#include <maq/component.h>
#include <maq/log.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>

#include <stdlib.h>

#define ROUNDS 500
#define SHARE  (16u << 20)
#define AMOUNT (1u << 20)
#define CAPS   50u

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqChild *child[2];
	guint round;
	guint64 last;
	guint64 times[ROUNDS];
} Mover;

static int compare(const void *a, const void *b)
{
	guint64 left = *(const guint64 *)a, right = *(const guint64 *)b;

	return left < right ? -1 : left > right;
}

static void finish(Mover *mover)
{
	qsort(mover->times, ROUNDS, sizeof *mover->times, compare);
	maq_log(mover->env, "result %.1f", (double)mover->times[ROUNDS / 2] / 1000);
	maq_exit(mover->env, 0);
}

static void lowered(void *data, bool done);

static void move(Mover *mover)
{
	maq_child_lower(mover->child[mover->round & 1], AMOUNT, 0, lowered, mover);
}

static void lowered(void *data, bool done)
{
	Mover *mover = data;
	guint64 now = maq_env_binding(mover->env)->now();

	if (!done)
		g_error("a move was refused");
	maq_child_raise(mover->child[!(mover->round & 1)], AMOUNT, 0);
	mover->times[mover->round] = now - mover->last;
	mover->last = now;
	if (++mover->round == ROUNDS)
		finish(mover);
	else
		move(mover);
}

static void begin(void *data)
{
	Mover *mover = data;

	mover->last = maq_env_binding(mover->env)->now();
	move(mover);
}

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	(void)owner, (void)child, (void)label;
	if (!strcmp(service, "LOG"))
		*target = (MaqTarget){.kind = MAQ_TARGET_PARENT, .label = "child"};
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	(void)owner, (void)child, (void)service;
	return false;
}

/* Their processes stay until we end. */
static void exited(void *owner, MaqChild *child, int code)
{
	(void)owner, (void)child, (void)code;
}

static const MaqSandboxOps ops = {
	.route = route, .may_provide = may_provide, .exited = exited};

static bool mover_start(MaqEnv *env, GError **error)
{
	if (!maq_config(env)) /* as a child */
		return true;
	Mover *mover = maq_env_state(env, sizeof *mover);
	MaqProcess *process = maq_process_open(env, "", error);
	MaqRom *rom = process ? maq_rom_open(env, "bench_mover", error) : NULL;
	maq_autofd int program = -1;

	if (!rom || maq_rom_executable(rom, &program) != MAQ_ROM_OK)
		return false;
	mover->env = env;
	mover->sandbox = maq_sandbox_new(env, &ops, mover);
	maq_sandbox_use_process(mover->sandbox, process);
	for (unsigned i = 0; i < 2; i++) {
		maq_autofd int channel = -1;
		guint32 id = 0;

		mover->child[i] = maq_child_new(
			mover->sandbox, i ? "b" : "a", SHARE, CAPS, NULL, &channel);
		if (maq_process_spawn(process, i ? "b" : "a", program, channel, "", "",
			    SHARE, CAPS, &id) != MAQ_PROCESS_OK)
			return false;
		maq_child_set_process(mover->child[i], id, SHARE, CAPS);
	}
	maq_loop_at(maq_env_loop(env), maq_env_binding(env)->now() + 200000000u, begin,
		mover);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, mover_start);
}
