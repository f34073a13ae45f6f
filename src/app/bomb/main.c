// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bomb - takes as much of one thing as it can get, for scenarios that show who suffers
 *
 * Requires  LOG; Timer for `sessions`
 * Config    kind: memory | processes | threads | handles | sessions | cpu | log
 *           max: of memory, then it is kept (default 1G)
 *           after_ms: not before (default 0)
 *           for_ms: exit after so long; only memory and cpu take longer (default 2000)
 */
#include <maq/component.h>
#include <maq/timer.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK      (64u << 10)
#define NS_PER_MS  1000000u
#define STACK_SIZE (16u << 10) /* of a thread */

typedef struct {
	MaqEnv *env;
	guint64 end; /* when it is over, ns */
	bool stays;  /* keeps what it has */
} Bomb;

static bool is_over(const Bomb *bomb)
{
	return maq_env_binding(bomb->env)->now() > bomb->end;
}

static void tell(const Bomb *bomb, const char *what, guint n, const char *why)
{
	maq_log(bomb->env, "%u %s, then: %s", n, what, why);
}

/* Until the component is ended, or has enough. */
static void take_memory(Bomb *bomb)
{
	guint64 max = maq_hid_bytes(maq_config(bomb->env), "max", 1u << 30);

	maq_log(bomb->env, "takes memory");
	for (guint64 taken = 0; taken < max; taken += CHUNK) {
		char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (chunk == MAP_FAILED) {
			maq_log(bomb->env, "no more memory: %s", g_strerror(errno));
			return;
		}
		memset(chunk, 1, CHUNK);
	}
	maq_log(bomb->env, "has taken %" G_GUINT64_FORMAT "M", max >> 20);
	bomb->stays = true;
}

/* They end with the component, which is their first process. */
static void take_processes(Bomb *bomb)
{
	guint n = 0;
	pid_t pid;

	while ((pid = fork()) > 0)
		n++;
	if (!pid) {
		pause();
		_exit(0);
	}
	tell(bomb, "processes", n, g_strerror(errno));
	while (!is_over(bomb)) /* it keeps trying */
		if (fork() == 0)
			_exit(0);
}

static void *stay(void *data)
{
	pause();
	return data;
}

static void take_threads(Bomb *bomb)
{
	pthread_attr_t attributes;
	pthread_t thread;
	guint n = 0;
	int status;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, MAX(STACK_SIZE, PTHREAD_STACK_MIN));
	while (!(status = pthread_create(&thread, &attributes, stay, NULL)))
		n++;
	tell(bomb, "threads", n, g_strerror(status));
}

static void take_handles(Bomb *bomb)
{
	guint n = 0;

	while (dup(2) >= 0)
		n++;
	int failure = errno;
	/* the log has to be told by a descriptor that it has already */
	tell(bomb, "handles", n, g_strerror(failure));
}

static void take_sessions(Bomb *bomb)
{
	g_autoptr(GError) error = NULL;
	guint n = 0;

	while (maq_timer_open(bomb->env, "", &error))
		n++;
	tell(bomb, "sessions", n, error->message);
}

static void *spin(void *data)
{
	for (volatile guint64 i = 0;; i++)
		;
	return data;
}

static guint count_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) ? 1 : (guint)CPU_COUNT(&set);
}

/* Until the component is ended. */
static void take_cpu(Bomb *bomb)
{
	pthread_t thread;
	guint n = count_processors();

	maq_log(bomb->env, "takes %u processors", n);
	for (guint i = 0; i < n; i++)
		pthread_create(&thread, NULL, spin, NULL);
	while (!is_over(bomb))
		g_usleep(CHUNK);
}

static void take_log(Bomb *bomb)
{
	guint n = 0;

	while (!is_over(bomb))
		maq_log(bomb->env, "line %u of a flood", n++);
}

static const struct {
	const char *name;
	void (*take)(Bomb *bomb);
} kinds[] = {
	{"memory", take_memory},
	{"processes", take_processes},
	{"threads", take_threads},
	{"handles", take_handles},
	{"sessions", take_sessions},
	{"cpu", take_cpu},
	{"log", take_log},
};

static void explode(void *data)
{
	Bomb *bomb = data;
	const char *kind = maq_config_string(bomb->env, "kind", "");

	bomb->end = maq_env_binding(bomb->env)->now() +
		    maq_config_u64(bomb->env, "for_ms", 2000) * NS_PER_MS;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].name, kind))
			kinds[i].take(bomb);
	if (!bomb->stays)
		maq_exit(bomb->env, 0);
}

static bool bomb_start(MaqEnv *env, GError **error)
{
	Bomb *bomb = maq_env_state(env, sizeof *bomb);
	const char *kind = maq_config_string(env, "kind", "");
	bool known = false;

	bomb->env = env;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		known |= !strcmp(kinds[i].name, kind);
	if (!known) {
		g_set_error(
			error, MAQ_ERROR, MAQ_INVALID, "no kind of bomb: \"%s\"", kind);
		return false;
	}
	maq_loop_at(maq_env_loop(env),
		maq_env_binding(env)->now() +
			maq_config_u64(env, "after_ms", 0) * NS_PER_MS,
		explode, bomb);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, bomb_start);
}
