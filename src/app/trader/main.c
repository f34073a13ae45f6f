// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trader - a parent that moves memory to and fro between two busy children
 *
 * Requires  LOG, ROM (the program of the children), Process
 * Config    trades: how many (default 100)
 *           amount: of one (default 4M)
 *           share: of each child at first (default 24M)
 *           binary: of the children (default elastic)
 *
 * Before each trade the loser is asked to yield. Every tenth time it is not asked, so
 * that its memory is in use and the trade has to be refused. After each trade the
 * accounts are added up: no byte may be lost. Exits with 0 if so, and nobody was ended.
 */
#include <maq/component.h>
#include <maq/log.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>

#define CAPS         50u
#define UNASKED_EACH 10u /* trades */

typedef struct {
	MaqChild *child; /* owned */
	guint32 process;
} Side;

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqProcess *process; /* owned by env */
	Side sides[2];
	guint64 amount, sum;  /* bytes; sum: of both accounts at first */
	guint trades, wanted; /* begun, in all */
	guint done, refused;  /* of them */
	bool trading;         /* one is under way */
	bool asked;           /* the loser of this one was asked to yield */
} Trader;

static void next_trade(void *data);

/* Not at once: accounts change in the midst of something. */
static void plan(Trader *trader)
{
	maq_loop_undefer(maq_env_loop(trader->env), trader);
	maq_loop_defer(maq_env_loop(trader->env), next_trade, trader);
}

static Side *loser(Trader *trader)
{
	/* to and fro, but for those that are refused */
	return &trader->sides[trader->done & 1];
}

static Side *winner(Trader *trader)
{
	return &trader->sides[!(trader->done & 1)];
}

static guint64 held(const Trader *trader)
{
	return maq_child_account(trader->sides[0].child)->ram +
	       maq_child_account(trader->sides[1].child)->ram;
}

static void fail(Trader *trader, const char *why)
{
	maq_log(trader->env, "trade %u: %s", trader->trades, why);
	maq_exit(trader->env, 1);
}

static void finish(Trader *trader)
{
	maq_log(trader->env,
		"%u trades: %u done, %u refused, the sum is unchanged: %" G_GUINT64_FORMAT
		" KiB",
		trader->trades, trader->done, trader->refused, held(trader) >> 10);
	maq_exit(trader->env, 0);
}

static void lowered(void *data, bool done)
{
	Trader *trader = data;
	Side *to = winner(trader);

	if (done) {
		maq_child_raise(to->child, trader->amount, 0);
		trader->done++;
	} else {
		trader->refused++;
	}
	if (held(trader) != trader->sum) {
		fail(trader, "the sum has changed");
		return;
	}
	if (done != trader->asked) {
		fail(trader, done ? "memory in use was taken" : "refused after a yield");
		return;
	}
	trader->trading = false;
	plan(trader);
}

/* When the loser uses what it has. */
static void next_trade(void *data)
{
	Trader *trader = data;

	if (trader->trading || maq_account_ram(maq_child_account(loser(trader)->child)) >=
				       trader->amount)
		return;
	if (trader->trades == trader->wanted) {
		finish(trader);
		return;
	}
	trader->trading = true;
	trader->asked = ++trader->trades % UNASKED_EACH != 0;
	if (trader->asked)
		maq_child_yield(loser(trader)->child, trader->amount, 0);
	else
		maq_child_lower(loser(trader)->child, trader->amount, 0, lowered, trader);
}

/* ---- policy ---- */

static void changed(void *owner)
{
	plan(owner);
}

static void yielded(void *owner, MaqChild *child)
{
	Trader *trader = owner;

	maq_child_lower(child, trader->amount, 0, lowered, trader);
}

static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	(void)owner;
	if (strcmp(service, "LOG"))
		return;
	target->kind = MAQ_TARGET_PARENT;
	g_snprintf(target->label, sizeof target->label, *label ? "%s -> %s" : "%s%s",
		maq_child_name(child), label);
}

static bool may_provide(void *owner, MaqChild *child, const char *service)
{
	(void)owner;
	(void)child;
	(void)service;
	return false;
}

static void exited(void *owner, MaqChild *child, int code)
{
	(void)child;
	(void)code;
	fail(owner, "a child has exited");
}

static const MaqSandboxOps ops = {.route = route,
	.may_provide = may_provide,
	.exited = exited,
	.yielded = yielded,
	.changed = changed};

static void exits(void *data)
{
	fail(data, "a child was ended");
}

/* ---- the beginning ---- */

static bool start_side(Trader *trader, unsigned i, int program, GError **error)
{
	static const char *const names[] = {"left", "right"};
	guint64 share = maq_hid_bytes(maq_config(trader->env), "share", 24u << 20);
	Side *side = &trader->sides[i];
	maq_autofd int channel = -1;

	side->child =
		maq_child_new(trader->sandbox, names[i], share, CAPS, side, &channel);
	if (maq_process_spawn(trader->process, names[i], program, channel, "", "", share,
		    CAPS, &side->process) != MAQ_PROCESS_OK) {
		g_set_error(
			error, MAQ_ERROR, MAQ_FAILED, "no process for \"%s\"", names[i]);
		return false;
	}
	maq_child_set_process(side->child, side->process, share, CAPS);
	return true;
}

static int get_program(MaqEnv *env, GError **error)
{
	MaqRom *rom =
		maq_rom_open(env, maq_config_string(env, "binary", "elastic"), error);
	int program = -1;

	if (rom && maq_rom_executable(rom, &program) != MAQ_ROM_OK)
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no program for the children");
	return program;
}

static bool trader_start(MaqEnv *env, GError **error)
{
	Trader *trader = maq_env_state(env, sizeof *trader);
	maq_autofd int program = get_program(env, error);

	trader->env = env;
	trader->wanted = (guint)maq_config_u64(env, "trades", 100);
	trader->amount = maq_hid_bytes(maq_config(env), "amount", 4u << 20);
	trader->process = program < 0 ? NULL : maq_process_open(env, "", error);
	if (!trader->process)
		return false;
	trader->sandbox = maq_sandbox_new(env, &ops, trader);
	maq_sandbox_use_process(trader->sandbox, trader->process);
	maq_process_on_exits(trader->process, exits, trader);
	for (unsigned i = 0; i < 2; i++)
		if (!start_side(trader, i, program, error))
			return false;
	trader->sum = held(trader);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, trader_start);
}
