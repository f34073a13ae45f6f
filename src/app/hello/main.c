// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hello - say a word, and finish
 *
 * Requires  LOG
 * Config    text: what to say (default "hello, world")
 *           stay: yes|no, go on running afterwards, and say it again when the
 *                 configuration changes (default no)
 */
#include <maq/component.h>

static void say(void *data)
{
	maq_log(data, "%s", maq_config_string(data, "text", "hello, world"));
}

static bool hello_start(MaqEnv *env, GError **error)
{
	(void)error;
	say(env);
	if (maq_config_bool(env, "stay", false))
		maq_config_on_changed(env, say, env);
	else
		maq_exit(env, 0);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, hello_start);
}
