// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stopper - a display that stops itself at a bad moment, as by SIGSTOP
 *
 * Provides  Framebuffer, Input
 * Requires  LOG, ROM
 * Config    at: open, pages   when it has answered that
 */
#include <maq/component.h>
#include <maq/framebuffer.h>
#include <maq/input.h>
#include <maq/memory.h>

#include <string.h>
#include <unistd.h>

typedef struct {
	MaqEnv *env;
	int page; /* owned: with a mode */
} Stopper;

static void stop_now(void *data)
{
	(void)data;
	for (;;) /* the first process of a namespace cannot stop itself by a signal */
		pause();
}

/* After what is being answered has been. */
static void stop(void *data)
{
	maq_loop_defer(maq_env_loop(((Stopper *)data)->env), stop_now, data);
}

static void stop_at(Stopper *stopper, const char *moment)
{
	if (strcmp(maq_config_string(stopper->env, "at", ""), moment) != 0)
		return;
	maq_log(stopper->env, "stops at %s", moment);
	maq_loop_defer(maq_env_loop(stopper->env), stop, stopper);
}

static MaqStatus framebuffer_open(
	void *self, MaqPeer *peer, guint16 width, guint16 height, void **client)
{
	(void)peer, (void)width, (void)height;
	*client = self;
	stop_at(self, "open");
	return MAQ_OK;
}

static MaqFramebufferError framebuffer_pages(
	void *self, int *client_page, int *server_page)
{
	Stopper *stopper = self;
	MaqFramebufferServerPage *page = NULL;
	int fd = maq_dataspace_new_readable(
		"framebuffer", 4096, (void **)(void *)&page, NULL);

	(void)client_page;
	if (fd < 0)
		return MAQ_FRAMEBUFFER_FAILED;
	atomic_store(&page->mode, (guint64)1 << 32 | 320 << 16 | 200);
	*server_page = fd;
	stop_at(stopper, "pages");
	return MAQ_FRAMEBUFFER_OK;
}

static void nothing(void *self)
{
	(void)self;
}

static const MaqFramebufferService framebuffer_service = {
	.ops = {.pages = framebuffer_pages, .commit = nothing},
	.open = framebuffer_open,
};

static MaqStatus input_open(void *self, MaqPeer *peer, void **client)
{
	(void)peer;
	*client = self;
	return MAQ_OK;
}

static const MaqInputService input_service = {.open = input_open};

static bool stopper_start(MaqEnv *env, GError **error)
{
	Stopper *stopper = maq_env_state(env, sizeof *stopper);

	stopper->env = env;
	return maq_framebuffer_provide(env, &framebuffer_service, stopper, error) &&
	       maq_input_provide(env, &input_service, stopper, error);
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, stopper_start);
}
