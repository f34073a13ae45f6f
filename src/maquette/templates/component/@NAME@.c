/*
 * @NAME@ - what it is for, in one line
 *
 * Provides  nothing yet
 * Requires  LOG
 * Config    greeting: what it says at its start (default "hello")
 */
#include <maq/component.h>

typedef struct {
	MaqEnv *env;
} State;

static void config_changed(void *data)
{
	State *state = data;

	maq_log(state->env, "%s", maq_config_string(state->env, "greeting", "hello"));
}

static bool start(MaqEnv *env, GError **error)
{
	State *state = maq_env_state(env, sizeof *state); /* zeroed, freed by env */

	(void)error;
	state->env = env;
	maq_config_on_changed(env, config_changed, state);
	config_changed(state);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, start);
}
