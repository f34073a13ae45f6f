// SPDX-License-Identifier: GPL-2.0-or-later
#include "child.h"

#include <maq/memory.h>

#define PERIOD_NS 25000000u
#define CHUNKS    256u

typedef struct {
	MaqEnv *env;
	int chunks[CHUNKS]; /* dataspaces */
	guint count;
	MaqTimeout *timeout; /* until the next one is taken; NULL */
} Child;

static void take_chunk(void *data);

static void plan(Child *child)
{
	if (!child->timeout)
		child->timeout = maq_loop_at(maq_env_loop(child->env),
			maq_env_binding(child->env)->now() + PERIOD_NS, take_chunk,
			child);
}

static void take_chunk(void *data)
{
	Child *child = data;
	int chunk = -1;

	child->timeout = NULL;
	if (child->count < CHUNKS && maq_charge(child->env, CHUNK, 0))
		chunk = maq_dataspace_new("chunk", CHUNK, NULL);
	if (chunk < 0) {
		maq_log(child->env, "consumed all of our quota, stop allocating");
		return;
	}
	child->chunks[child->count++] = chunk;
	maq_log(child->env, "allocated chunk of %u KiB", CHUNK >> 10);
	plan(child);
}

static void yield(void *data)
{
	Child *child = data;
	guint64 ram = 0, released = 0;
	guint32 caps = 0;

	maq_yield_request(child->env, &ram, &caps);
	maq_log(child->env, "yield request: ram_quota=%" G_GUINT64_FORMAT, ram);
	for (; released < ram && child->count; released += CHUNK)
		maq_clear_fd(&child->chunks[--child->count]);
	maq_refund(child->env, released, 0);
	maq_log(child->env, "released %" G_GUINT64_FORMAT " KiB", released >> 10);
	maq_yielded(child->env);
	plan(child);
}

bool child_start(MaqEnv *env, GError **error)
{
	Child *child = maq_env_state(env, sizeof *child);

	(void)error;
	child->env = env;
	maq_on_yield(env, yield, child);
	plan(child);
	return true;
}
