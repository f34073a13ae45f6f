// SPDX-License-Identifier: GPL-2.0-or-later
/* new_server - tells a story, as of version 2; is wild and tired without regard for who
 * listens: generated code is to keep that from old clients */
#include <maq/component.h>
#include <maq/story.h>

typedef struct {
	unsigned told;
} Client;

static MaqStoryError tell(
	void *self, MaqStoryMood mood, MaqStoryMood *told, const char **text)
{
	Client *client = self;

	*told = mood;
	*text = "once upon a time";
	switch (++client->told) {
	case 1:
		return MAQ_STORY_OK;
	case 2:
		*told = MAQ_STORY_MOOD_WILD;
		return MAQ_STORY_OK;
	default:
		return MAQ_STORY_TOO_LATE;
	}
}

static MaqStoryError go_on(void *self, const char **text)
{
	(void)self;
	*text = "happily ever after";
	return MAQ_STORY_OK;
}

static MaqStatus client_open(
	void *env, MaqPeer *peer, guint32 pace, const char *language, void **client)
{
	maq_log(env, "%s: version %u, pace %u, %s", maq_peer_label(peer),
		maq_peer_version(peer), pace, language);
	maq_story_signal_ready(peer);
	maq_story_signal_sequel(peer);
	*client = g_new0(Client, 1);
	return MAQ_OK;
}

static const MaqStoryService service = {
	.ops = {.tell = tell, .go_on = go_on},
	.open = client_open,
	.close = g_free,
};

static bool server_start(MaqEnv *env, GError **error)
{
	return maq_story_provide(env, &service, env, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, server_start);
}
