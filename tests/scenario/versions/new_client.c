// SPDX-License-Identifier: GPL-2.0-or-later
/* new_client - hears a story, as of version 2, from a server that may be older */
#include <maq/component.h>
#include <maq/story.h>

typedef struct {
	MaqEnv *env;
	MaqStory *story;
} Listener;

static void sequel(void *data)
{
	maq_log(((Listener *)data)->env, "there is a sequel");
}

static void tell(Listener *self, MaqStoryMood mood, const char *name)
{
	MaqStoryMood told = 0;
	const char *text = "";
	MaqStoryError status = maq_story_tell(self->story, mood, &told, &text);

	if (status == MAQ_STORY_TOO_LATE)
		maq_log(self->env, "tell %s: too late", name);
	else
		maq_log(self->env, "tell %s: %s", name, maq_status_text((int)status));
}

static void listen(void *data)
{
	Listener *self = data;
	const char *text = "";

	tell(self, MAQ_STORY_MOOD_CALM, "calm");
	tell(self, MAQ_STORY_MOOD_WILD, "wild");
	tell(self, MAQ_STORY_MOOD_CALM, "calm");
	MaqStoryError status = maq_story_go_on(self->story, &text);
	maq_log(self->env, "go on: %s", maq_status_text((int)status));
	maq_log(self->env, "lost: %s",
		maq_session_lost(maq_story_session(self->story)) ? "yes" : "no");
	maq_exit(self->env, 0);
}

static bool client_start(MaqEnv *env, GError **error)
{
	Listener *self = maq_env_state(env, sizeof *self);

	self->env = env;
	self->story = maq_story_open(env, "", 100, "Danish", error);
	if (!self->story)
		return false;
	maq_log(env, "version %u", maq_session_version(maq_story_session(self->story)));
	maq_story_on_sequel(self->story, sequel, self);
	maq_story_on_ready(self->story, listen, self);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, client_start);
}
