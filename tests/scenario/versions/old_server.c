// SPDX-License-Identifier: GPL-2.0-or-later
/* old_server - tells a story, as of version 1 */
#include <maq/component.h>
#include <maq/story.h>

static MaqStoryError tell(
	void *self, MaqStoryMood mood, MaqStoryMood *told, const char **text)
{
	(void)self;
	*told = mood;
	*text = "once upon a time";
	return MAQ_STORY_OK;
}

static MaqStatus client_open(void *env, MaqPeer *peer, guint32 pace, void **client)
{
	maq_log(env, "%s: version %u, pace %u", maq_peer_label(peer),
		maq_peer_version(peer), pace);
	maq_story_signal_ready(peer);
	*client = env;
	return MAQ_OK;
}

static const MaqStoryService service = {.ops = {.tell = tell}, .open = client_open};

static bool server_start(MaqEnv *env, GError **error)
{
	return maq_story_provide(env, &service, env, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, server_start);
}
