// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test-resource_yield - ask a child for memory, three times
 *
 * Requires  LOG, ROM (its own program), Process
 */
#include "child.h"

#include <maq/log.h>
#include <maq/process.h>
#include <maq/rom.h>
#include <maq/sandbox.h>

#define NAME    "child"
#define RAM     (10u << 20)
#define CAPS    60u
#define WANTED  (5u << 20)
#define ROUNDS  3u
#define WAIT_NS 500000000u

typedef struct {
	MaqEnv *env;
	MaqSandbox *sandbox;
	MaqProcess *process;
	MaqChild *child;
	guint round;
	guint64 before; /* used by the child before it was asked */
} Parent;

static guint64 used(const Parent *parent)
{
	return maq_child_account(parent->child)->ram_charged;
}

static void print_status(const Parent *parent)
{
	maq_log(parent->env,
		"quota: %" G_GUINT64_FORMAT " KiB  used: %" G_GUINT64_FORMAT " KiB",
		maq_child_account(parent->child)->ram >> 10, used(parent) >> 10);
}

static void request_yield(void *data)
{
	Parent *parent = data;

	print_status(parent);
	parent->before = used(parent);
	maq_log(parent->env, "request yield");
	maq_child_yield(parent->child, WANTED, 0);
}

static void wait(Parent *parent)
{
	maq_loop_at(maq_env_loop(parent->env),
		maq_env_binding(parent->env)->now() + WAIT_NS, request_yield, parent);
}

static void yielded(void *owner, MaqChild *child)
{
	Parent *parent = owner;

	(void)child;
	maq_log(parent->env, "got yield response");
	print_status(parent);
	if (used(parent) + WANTED > parent->before) {
		maq_log(parent->env, "Error: child has not yielded enough resources");
		maq_exit(parent->env, 1);
		return;
	}
	if (++parent->round < ROUNDS) {
		wait(parent);
		return;
	}
	maq_log(parent->env, "--- test-resource_yield finished ---");
	maq_exit(parent->env, 0);
}

/* A ROM `config` tells the child its role: it has none, the parent has one. */
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
	Parent *parent = owner;

	(void)child;
	maq_log(parent->env, "Error: the child has ended with %d", code);
	maq_exit(parent->env, 1);
}

static const MaqSandboxOps ops = {
	.route = route, .may_provide = may_provide, .exited = exited, .yielded = yielded};

static bool start_child(Parent *parent, GError **error)
{
	MaqRom *rom = maq_rom_open(parent->env, "test-resource_yield", error);
	maq_autofd int program = -1, channel = -1;
	guint32 id = 0;

	if (!rom)
		return false;
	parent->child = maq_child_new(parent->sandbox, NAME, RAM, CAPS, NULL, &channel);
	if (maq_rom_executable(rom, &program) != MAQ_ROM_OK ||
		maq_process_spawn(parent->process, NAME, program, channel, "", "", RAM,
			CAPS, &id) != MAQ_PROCESS_OK) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED, "no process for the child");
		return false;
	}
	maq_child_set_process(parent->child, id, RAM, CAPS);
	return true;
}

static bool parent_start(MaqEnv *env, GError **error)
{
	if (!maq_config(env))
		return child_start(env, error);

	Parent *parent = maq_env_state(env, sizeof *parent);
	parent->env = env;
	parent->process = maq_process_open(env, "", error);
	if (!parent->process)
		return false;
	parent->sandbox = maq_sandbox_new(env, &ops, parent);
	maq_sandbox_use_process(parent->sandbox, parent->process);
	if (!start_child(parent, error))
		return false;
	wait(parent);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, parent_start);
}
