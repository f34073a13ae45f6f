// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * heads - the screens that we draw on: sessions of Framebuffer and Input
 *
 * They lie beside one another, from the left to the right; each is an output of the
 * layout.
 */
#include "wm.h"

static void screen_ready(void *data)
{
	Head *head = data;

	head->redraw = head->redraw || maq_screen_is_fresh(head->screen);
	wm_schedule(head->wm);
}

static void display_lost(void *data)
{
	maq_log(data, "Error: the display has gone, and does not come back");
	maq_exit(data, 1);
}

void heads_place(Wm *wm)
{
	int x = 0;

	for (guint i = 0; i < wm->n_heads; i++) {
		Head *head = wm->heads[i];

		head->area.x = x;
		x += head->area.width;
		layout_set_output(wm->layout, i, head->area);
	}
}

static bool open_head(Wm *wm, const char *label, GError **error)
{
	Head *head = g_new0(Head, 1);

	maq_env_own(wm->env, head);
	head->wm = wm;
	maq_damage_init(&head->damage);
	head->screen = maq_screen_open(wm->env, label, 0, 0, screen_ready, head, error);
	if (!head->screen)
		return false;
	head->events = maq_events_open(wm->env, label, wm_event, head, error);
	if (!head->events)
		return false;
	upstream_follow(head);
	scanout_init(head);
	maq_screen_on_lost(head->screen, display_lost, wm->env);
	maq_screen_size(head->screen, &head->area.width, &head->area.height);
	wm->heads[wm->n_heads++] = head;
	return true;
}

bool heads_open(Wm *wm, GError **error)
{
	const MaqHidNode *output = maq_hid_first(maq_config(wm->env), "output");
	bool well = true;

	if (!output)
		well = open_head(wm, "", error);
	for (; output && well && wm->n_heads < LAYOUT_OUTPUTS;
		output = maq_hid_next(output, "output"))
		well = open_head(wm, maq_hid_string(output, "name", ""), error);
	heads_place(wm);
	return well;
}
