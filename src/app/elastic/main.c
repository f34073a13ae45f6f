// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * elastic - uses all memory that it is given, and gives back what is asked for
 *
 * Requires  LOG
 * Config    keep: its memory never becomes less than this (default 1M)
 *           tick_ms: all of the memory is touched so often (default 5)
 *
 * The memory is charged to the component's own account, so that its parent knows that it
 * is in use.
 */
#include <maq/component.h>

#include <sys/mman.h>

#define RESERVE   (512u << 10) /* of the quota: for sessions to come, and our own heap */
#define STEP      (64u << 10)
#define ROOM      ((gsize)1 << 32) /* addresses */
#define NS_PER_MS 1000000u

typedef struct {
	MaqEnv *env;
	guint8 *memory; /* ROOM bytes of addresses */
	guint64 used;   /* of them, charged and touched */
	guint8 value;
} Elastic;

static void grow(void *data)
{
	Elastic *elastic = data;
	MaqQuota quota = {0};

	if (!maq_quota(elastic->env, &quota))
		return;
	guint64 left = quota.ram - quota.ram_used;
	guint64 more = left > RESERVE ? (left - RESERVE) / STEP * STEP : 0;
	if (!more || elastic->used + more > ROOM || !maq_charge(elastic->env, more, 0))
		return;
	/* what is not writable counts nowhere */
	if (mprotect(elastic->memory + elastic->used, more, PROT_READ | PROT_WRITE)) {
		maq_refund(elastic->env, more, 0);
		return;
	}
	elastic->used += more;
}

static void shrink(void *data)
{
	Elastic *elastic = data;
	guint64 keep = maq_hid_bytes(maq_config(elastic->env), "keep", 1u << 20);
	guint64 spare = elastic->used > keep ? (elastic->used - keep) / STEP * STEP : 0;
	guint64 ram = 0;
	guint32 caps = 0;

	maq_yield_request(elastic->env, &ram, &caps);
	ram = MIN((ram + STEP - 1) / STEP * STEP, spare);
	if (ram) {
		elastic->used -= ram;
		madvise(elastic->memory + elastic->used, ram, MADV_DONTNEED);
		mprotect(elastic->memory + elastic->used, ram, PROT_NONE);
		maq_refund(elastic->env, ram, 0);
	}
	maq_yielded(elastic->env);
}

static void touch(void *data)
{
	Elastic *elastic = data;
	MaqEnv *env = elastic->env;

	elastic->value++;
	for (guint64 at = 0; at < elastic->used; at += 4096)
		elastic->memory[at] = elastic->value;
	maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() +
			MAX(maq_config_u64(env, "tick_ms", 5), 1) * NS_PER_MS,
		touch, elastic);
}

static bool elastic_start(MaqEnv *env, GError **error)
{
	Elastic *elastic = maq_env_state(env, sizeof *elastic);

	elastic->env = env;
	elastic->memory = mmap(NULL, ROOM, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (elastic->memory == MAP_FAILED) {
		g_set_error(error, MAQ_ERROR, MAQ_FAILED,
			"no room for %" G_GSIZE_FORMAT " bytes of addresses", ROOM);
		return false;
	}
	maq_on_resources(env, grow, elastic);
	maq_on_yield(env, shrink, elastic);
	maq_log(env, "is elastic");
	grow(elastic);
	touch(elastic);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, elastic_start);
}
