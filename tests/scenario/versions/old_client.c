// SPDX-License-Identifier: GPL-2.0-or-later
/* old_client - hears a story, as of version 1, until it is told that it failed */
#include <maq/component.h>
#include <maq/story.h>

typedef struct {
	MaqEnv *env;
	MaqStory *story;
} Listener;

static void listen(void *data)
{
	Listener *self = data;
	MaqStoryMood told = 0;
	const char *text = "";

	for (unsigned i = 1; i <= 3; i++) {
		MaqStoryError status =
			maq_story_tell(self->story, MAQ_STORY_MOOD_CALM, &told, &text);
		maq_log(self->env, "tell %u: %s", i, maq_status_text((int)status));
	}
	maq_log(self->env, "lost: %s",
		maq_session_lost(maq_story_session(self->story)) ? "yes" : "no");
	maq_exit(self->env, 0);
}

static bool client_start(MaqEnv *env, GError **error)
{
	Listener *self = maq_env_state(env, sizeof *self);

	self->env = env;
	self->story = maq_story_open(env, "", 100, error);
	if (!self->story)
		return false;
	maq_story_on_ready(self->story, listen, self);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, client_start);
}
