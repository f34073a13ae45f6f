// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * framebuffer - screens that nobody sees, and a script in place of a user
 *
 * Provides  Framebuffer, Input: of the newest client on each screen
 *           Capture, Event: for screenshots and tests
 * Requires  LOG; ROM log if the script waits for a line
 * Host      directory: where pictures are written, if any are
 * Config    README.md, config.hsd
 *
 * Nothing of it comes from outside but the clock. Under virtual time every run is the
 * same, to the pixel.
 */
#include "sim.h"

#include <string.h>

static void read_config(Sim *sim)
{
	MaqEnv *env = sim->env;
	guint64 rate = CLAMP(maq_config_u64(env, "rate", 60), 1, 1000);
	const char *folder = maq_config_string(env, "folder", NULL);

	if (!strcmp(maq_config_string(env, "sync", "commit"), "refresh"))
		sim->period = 1000 * (guint64)NS_PER_MS / rate;
	sim->each = maq_config_bool(env, "each", false);
	sim->log = maq_config_bool(env, "log", false);
	sim->raw = !strcmp(maq_config_string(env, "format", "png"), "raw");
	if (folder) {
		sim->folder = g_strdup(folder);
		maq_env_own(env, (void *)sim->folder);
	}
}

static bool sim_start(MaqEnv *env, GError **error)
{
	Sim *sim = maq_env_state(env, sizeof *sim);

	sim->env = env;
	read_config(sim);
	return screens_provide(sim, error) && script_start(sim, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, sim_start);
}
