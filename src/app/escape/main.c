// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * escape - a hostile component: tries every way out that we know of
 *
 * Requires  LOG
 *
 * Logs what became of each try and, at the end, how many succeeded, which is also its
 * exit code. docs/security.md lists the tries with what stops each.
 */
#include "tries.h"

#include <errno.h>
#include <maq/component.h>

static int run(MaqEnv *env, const Try *tries)
{
	int escaped = 0;

	for (; tries->name; tries++) {
		errno = 0;
		bool well = tries->escape();

		if (well)
			maq_log(env, "ESCAPED: %s", tries->name);
		else
			maq_log(env, "refused: %s (%s)", tries->name, g_strerror(errno));
		escaped += well;
	}
	return escaped;
}

static bool escape_start(MaqEnv *env, GError **error)
{
	int escaped =
		run(env, tries_kernel) + run(env, tries_others) + run(env, tries_memory);

	(void)error;
	maq_log(env, "%d tries succeeded", escaped);
	maq_exit(env, escaped);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, escape_start);
}
