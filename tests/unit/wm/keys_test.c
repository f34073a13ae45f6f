// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Key maps, the prompt, and the colours of labels.
 */
#include "keymap.h"
#include "prompt.h"
#include "theme.h"

#include <linux/input-event-codes.h>
#include <string.h>

static void count(void *data, const char *text)
{
	g_assert_nonnull(text);
	++*(int *)data;
}

static MaqHidDocument *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	MaqHidDocument *document =
		maq_hid_parse(text, -1, "keys", MAQ_HID_STRICT, &error);

	g_assert_no_error(error);
	return document;
}

static void combinations(void)
{
	static const char *const bad[] = {"", "+", "Super+", "Hyper+A", "Super+Nokey",
		"Left+Super", "A+B+C+D+E+F+G+H+I+J"};
	guint16 code;
	unsigned modifiers;

	g_assert_true(keymap_parse("mod+SHIFT+left", MODIFIER_ALT, &code, &modifiers));
	g_assert_cmpuint(code, ==, KEY_LEFT);
	g_assert_cmpuint(modifiers, ==, MODIFIER_ALT | MODIFIER_SHIFT);
	g_assert_true(keymap_parse("F5", 0, &code, &modifiers));
	g_assert_cmpuint(modifiers, ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(keymap_parse(bad[i], MODIFIER_SUPER, &code, &modifiers));
}

static void keymaps(void)
{
	g_autoptr(MaqHidDocument) document =
		parse("config | modifier: Alt\n"
		      "+ key Mod+V | run: workspace mine\n"
		      "+ key Mod+Nothing | run: help\n"
		      "+ key Mod+W\n"
		      "+ mode open\n"
		      "  + key T | run: go terminal; mode normal\n"
		      "-\n");
	int complaints = 0;
	Keymap *keymap = keymap_new(maq_hid_root(document), count, &complaints);
	const Binding *own = keymap_find(keymap, "normal", KEY_V, MODIFIER_ALT);

	g_assert_cmpint(complaints, ==, 2);
	g_assert_cmpstr(own->command, ==, "workspace mine"); /* hides the default */
	g_assert_cmpstr(own->keys, ==, "Alt+V");
	g_assert_nonnull(keymap_find(keymap, "normal", KEY_S, MODIFIER_ALT));
	g_assert_null(keymap_find(keymap, "normal", KEY_S, MODIFIER_SUPER));
	g_assert_true(keymap_has_mode(keymap, "open"));
	g_assert_true(keymap_has_mode(keymap, "resize"));
	g_assert_false(keymap_has_mode(keymap, "closed"));
	keymap_free(keymap);
}

/* No key is bound twice by default: the second would never count. */
static void defaults_differ(void)
{
	int complaints = 0;
	Keymap *keymap = keymap_new(NULL, count, &complaints);

	for (guint i = 0; i < keymap_size(keymap); i++) {
		const Binding *binding = keymap_at(keymap, i);

		g_assert_true(keymap_find(keymap, binding->mode, binding->code,
				      binding->modifiers) == binding);
	}
	g_assert_cmpuint(keymap_size(keymap), >, 80);
	g_assert_cmpint(complaints, ==, 0);
	keymap_free(keymap);
}

static GPtrArray *offers(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(all, g_strdup("a terminal"));
	g_ptr_array_add(all, g_strdup("Terminal"));
	g_ptr_array_add(all, g_strdup("log"));
	return all;
}

static void prompts(void)
{
	Prompt prompt = {0};

	prompt_open(&prompt, "go", "Go", false);
	prompt_type(&prompt, 'T');
	prompt_type(&prompt, 'e');
	prompt_offer(&prompt, offers());
	g_assert_cmpuint(prompt.candidates->len, ==, 2);
	g_assert_cmpstr(prompt.candidates->pdata[0], ==, "Terminal"); /* begins so */
	prompt_select(&prompt, -1);
	g_autofree char *choice = prompt_choice(&prompt);
	g_assert_cmpstr(choice, ==, "a terminal");
	g_assert_true(prompt_erase(&prompt, true));
	g_assert_false(prompt_erase(&prompt, false));
	for (int i = 0; i < 1000; i++)
		prompt_type(&prompt, 0x20ac);
	g_assert_cmpuint(prompt.text->len, <=, PROMPT_MAX);
	g_assert_false(prompt_type(&prompt, 7));
	g_assert_false(prompt_type(&prompt, 0xd800));
	prompt_offer(&prompt, offers());
	prompt_select(&prompt, 1);
	g_assert_false(prompt_complete(&prompt));
	prompt_close(&prompt);
	g_assert_false(prompt_shown(&prompt));
	prompt_open(&prompt, "run", "Run", true);
	prompt_type(&prompt, 'l');
	prompt_offer(&prompt, offers());
	g_assert_true(prompt_complete(&prompt));
	g_autofree char *line = prompt_choice(&prompt);
	g_assert_cmpstr(line, ==, "log");
	prompt_close(&prompt);
}

static double light_of(guint32 color)
{
	return 0.2126 * (color >> 16 & 255) + 0.7152 * (color >> 8 & 255) +
	       0.0722 * (color & 255);
}

/* Labels are told apart by their lightness as well: from the ground, at least. */
static void themes(void)
{
	static const char *const names[] = {"dark", "light"};
	guint seen = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const Theme *theme = theme_find(names[i]);

		g_assert_cmpstr(theme->name, ==, names[i]);
		for (guint k = 0; k < THEME_LABELS; k++)
			g_assert_cmpfloat(
				ABS(light_of(theme->labels[k]) - light_of(theme->tab)), >,
				40);
		g_assert_cmpfloat(
			ABS(light_of(theme->text) - light_of(theme->tab)), >, 120);
	}
	g_assert_cmpstr(theme_find("mauve")->name, ==, "dark");
	for (int i = 0; i < 200; i++) {
		g_autofree char *label = g_strdup_printf("component_%d", i);

		seen |= 1u << theme_label(label);
	}
	g_assert_cmpuint(seen, ==, (1u << THEME_LABELS) - 1);
	g_assert_cmpuint(theme_mix(0x000000, 0xffffff, 256), ==, 0xffffff);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wm/keys/combinations", combinations);
	g_test_add_func("/wm/keys/keymaps", keymaps);
	g_test_add_func("/wm/keys/defaults-differ", defaults_differ);
	g_test_add_func("/wm/keys/prompts", prompts);
	g_test_add_func("/wm/keys/themes", themes);
	return g_test_run();
}
