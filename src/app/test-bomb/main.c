// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test-bomb - generations of children, started and ended again and again
 *
 * Requires  LOG, ROM (its own program), Process
 * Config    (the master's) rounds (1), generations (1), children (2) of each,
 *           sleep: ms that a round lasts (2000), demand: RAM that each keeps (1M)
 *
 * A child learns by its name how many generations are to follow.
 */
#include <maq/component.h>
#include <maq/log.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>

#include <stdlib.h>

#define PROGRAM      "test-bomb"
#define CHILDREN_MAX 16u
#define KEPT_CAPS    40u /* of each, for its own sessions */
#define NS_PER_MS    1000000u
#define PAUSE_NS     50000000u /* between two rounds */

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqProcess *process;
	int program;
	MaqChild *child[CHILDREN_MAX];
	guint32 id[CHILDREN_MAX];
	guint round, rounds, generations, children;
	guint64 sleep, demand; /* ns, bytes */
	bool master;
} Bomb;

static void begin_round(void *data);

static void end_round(void *data)
{
	Bomb *bomb = data;
	guint64 before, after;
	guint32 caps_before, caps_after;
	MaqQuota quota = {0};

	maq_log(bomb->env, "[%u] It's time to kill all my children...", bomb->round);
	maq_assigned(bomb->env, &before, &caps_before);
	for (guint i = 0; i < bomb->children; i++) {
		maq_process_kill(bomb->process, bomb->id[i]);
		maq_child_free(g_steal_pointer(&bomb->child[i]));
	}
	maq_assigned(bomb->env, &after, &caps_after);
	maq_log(bomb->env, "[%u] Done.", bomb->round);
	if (before != after || caps_before != caps_after ||
		!maq_quota(bomb->env, &quota)) {
		maq_log(bomb->env, "Error: the quota has changed");
		maq_exit(bomb->env, 1);
		return;
	}
	if (++bomb->round < bomb->rounds) {
		/* what was the children's is with us again when this handler is over */
		maq_loop_at(maq_env_loop(bomb->env),
			maq_env_binding(bomb->env)->now() + PAUSE_NS, begin_round, bomb);
		return;
	}
	maq_log(bomb->env, "Done. Going to sleep");
	maq_exit(bomb->env, 0);
}

static bool start_child(Bomb *bomb, guint i, guint64 ram, guint32 caps)
{
	g_autofree char *name = g_strdup_printf("g%u.%u", bomb->generations - 1, i);
	maq_autofd int channel = -1;

	bomb->child[i] = maq_child_new(bomb->sandbox, name, ram, caps, NULL, &channel);
	if (maq_process_spawn(bomb->process, name, bomb->program, channel, "", "", ram,
		    caps, &bomb->id[i]) != MAQ_PROCESS_OK)
		return false;
	maq_child_set_process(bomb->child[i], bomb->id[i], ram, caps);
	return true;
}

static void begin_round(void *data)
{
	Bomb *bomb = data;
	MaqQuota quota = {0};

	maq_quota(bomb->env, &quota);
	guint64 ram = quota.ram - quota.ram_used;
	guint32 caps = quota.caps - quota.caps_used;
	if (ram < bomb->demand * (bomb->children + 1) ||
		caps < KEPT_CAPS * (bomb->children + 1)) {
		maq_log(bomb->env, "I'm a leaf node - generation %u - not enough quota.",
			bomb->generations);
		return;
	}
	maq_log(bomb->env, "[%u] It's time to start all my children...", bomb->round);
	for (guint i = 0; i < bomb->children; i++)
		if (!start_child(bomb, i, (ram - bomb->demand) / bomb->children,
			    (caps - KEPT_CAPS) / bomb->children))
			maq_log(bomb->env, "Error: creation of child %u failed", i);
	if (bomb->master)
		maq_loop_at(maq_env_loop(bomb->env),
			maq_env_binding(bomb->env)->now() + bomb->sleep, end_round, bomb);
}

/* Whatever a child needs is our parent's; it has no configuration. */
static void route(void *owner, MaqChild *child, const char *service, const char *label,
	MaqTarget *target)
{
	(void)owner;
	if (!strcmp(service, "ROM") && strcmp(label, PROGRAM) &&
		strcmp(label, "generation"))
		return;
	target->kind = MAQ_TARGET_PARENT;
	if (!strcmp(service, "ROM"))
		g_strlcpy(target->label, label, sizeof target->label);
	else
		g_snprintf(target->label, sizeof target->label,
			*label ? "%s -> %s" : "%s%s", maq_child_name(child), label);
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
	(void)owner;
	(void)child;
	(void)code;
}

static const MaqSandboxOps ops = {
	.route = route, .may_provide = may_provide, .exited = exited};

/* argv[0] is the label: "init -> bomb-master -> g3.0 -> g2.1". */
static const char *own_label;

static void read_config(Bomb *bomb)
{
	MaqEnv *env = bomb->env;
	const char *last = g_strrstr(own_label, " -> g");

	bomb->master = maq_config(env) != NULL;
	bomb->generations = bomb->master ? (guint)maq_config_u64(env, "generations", 1)
			    : last       ? (guint)strtoul(last + 5, NULL, 10)
					 : 0;
	bomb->rounds = (guint)maq_config_u64(env, "rounds", 1);
	bomb->children = (guint)MIN(maq_config_u64(env, "children", 2), CHILDREN_MAX);
	bomb->sleep = maq_config_u64(env, "sleep", 2000) * NS_PER_MS;
	bomb->demand = maq_hid_bytes(maq_config(env), "demand", 1u << 20);
}

static bool bomb_start(MaqEnv *env, GError **error)
{
	Bomb *bomb = maq_env_state(env, sizeof *bomb);

	bomb->env = env;
	read_config(bomb);
	if (!bomb->generations) {
		maq_log(env, "I'm a leaf node - generation 0");
		return true;
	}
	MaqRom *rom = maq_rom_open(env, PROGRAM, error);
	bomb->process = rom ? maq_process_open(env, "", error) : NULL;
	if (!bomb->process)
		return false;
	if (maq_rom_executable(rom, &bomb->program) != MAQ_ROM_OK) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no program " PROGRAM);
		return false;
	}
	bomb->sandbox = maq_sandbox_new(env, &ops, bomb);
	maq_sandbox_use_process(bomb->sandbox, bomb->process);
	begin_round(bomb);
	return true;
}

int main(int argc, char **argv)
{
	own_label = argv[0];
	return maq_component_main(argc, argv, bomb_start);
}
