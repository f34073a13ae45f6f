// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy.h"

static void components(void)
{
	static const char *const pairs[][2] = {{"a -> clipboard", "a"},
		{"a -> b -> clipboard", "a -> b"}, {"clipboard", ""}, {"a ->x", ""}};

	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autofree char *component = policy_component(pairs[i][0]);

		g_assert_cmpstr(component, ==, pairs[i][1]);
	}
}

static MaqHidDocument *parse(const char *text)
{
	MaqHidDocument *document =
		maq_hid_parse(text, -1, "config", MAQ_HID_STRICT, NULL);

	g_assert_nonnull(document);
	return document;
}

static void whole_parts(void)
{
	g_autoptr(MaqHidDocument) document =
		parse("config\n+ match | from: a -> b | to: c\n-\n");
	const MaqHidNode *config = maq_hid_root(document);

	g_assert_true(policy_flows(config, "a -> b", "c"));
	g_assert_true(policy_flows(config, "a -> b -> x", "c -> y -> z"));
	g_assert_false(policy_flows(config, "a -> b_2", "c"));
	g_assert_false(policy_flows(config, "a", "c"));
	g_assert_false(policy_flows(config, "x -> a -> b", "c"));
	g_assert_false(policy_flows(config, "a -> b", "c_2"));
	g_assert_false(policy_flows(config, "c", "a -> b"));
	g_assert_true(policy_flows(config, "c", "c"));
	g_assert_true(policy_may_write(config, "a -> b"));
	g_assert_false(policy_may_write(config, "c"));
	g_assert_true(policy_may_read(config, "c"));
	g_assert_false(policy_may_read(config, "a -> b"));
}

static void first_one_decides(void)
{
	g_autoptr(MaqHidDocument) document =
		parse("config\n+ match | from: secret | to: vnc | allow: no\n"
		      "+ match | to: vnc\n+ default-policy | allow: no\n-\n");
	const MaqHidNode *config = maq_hid_root(document);

	g_assert_false(policy_flows(config, "secret", "vnc"));
	g_assert_true(policy_flows(config, "open", "vnc"));
	g_assert_false(policy_flows(config, "open", "other"));
}

static void defaults(void)
{
	g_autoptr(MaqHidDocument) open =
		parse("config\n+ default-policy | allow: yes\n-\n");

	g_assert_true(policy_flows(maq_hid_root(open), "a", "b"));
	g_assert_true(policy_may_write(maq_hid_root(open), "a"));
	g_assert_false(policy_flows(NULL, "a", "b"));
	g_assert_false(policy_may_read(NULL, "a"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/clipboard/policy/components", components);
	g_test_add_func("/clipboard/policy/whole-parts", whole_parts);
	g_test_add_func("/clipboard/policy/first-one-decides", first_one_decides);
	g_test_add_func("/clipboard/policy/defaults", defaults);
	return g_test_run();
}
