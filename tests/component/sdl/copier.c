// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copier - copies a text, and tells the log what others copy
 */
#include <maq/clipboard.h>
#include <maq/component.h>

typedef struct {
	MaqEnv *env;
	MaqClipboard *clipboard;
} Copier;

static void changed(void *data)
{
	Copier *copier = data;

	maq_log(copier->env, "got: %s", maq_clipboard_text(copier->clipboard));
}

static bool copier_start(MaqEnv *env, GError **error)
{
	Copier *copier = maq_env_state(env, sizeof *copier);

	(void)error;
	copier->env = env;
	copier->clipboard = maq_clipboard_new(env, changed, copier);
	maq_clipboard_set(copier->clipboard, "copied inside");
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, copier_start);
}
