// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest - have oneself greeted, and finish
 *
 * Requires  Greeter, LOG
 * Config    name: who is greeted (default "")
 */
#include <maq/component.h>
#include <maq/greeter.h>

static bool guest_start(MaqEnv *env, GError **error)
{
	const char *name = maq_config_string(env, "name", "");
	MaqGreeter *greeter = maq_greeter_open(env, "", error);
	const char *text;

	if (!greeter)
		return false;
	switch (maq_greeter_greet(greeter, name, &text)) {
	case MAQ_GREETER_OK:
		maq_log(env, "%s", text);
		maq_exit(env, 0);
		break;
	case MAQ_GREETER_NOBODY:
		maq_log(env, "nobody to greet: the configuration lacks a name");
		maq_exit(env, 2);
		break;
	default: /* the server has gone, or failed */
		maq_log(env, "not greeted");
		maq_exit(env, 1);
	}
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, guest_start);
}
