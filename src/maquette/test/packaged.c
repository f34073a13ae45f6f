// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaged.h"

#include <string.h>

/* What a package may ask of its parent under Genode, and gets by its own process here,
 * stands in its own parent-provides and does no harm there. */
static const char *const from_core[] = {"ROM", "LOG", "Process", "Report"};

/* Of a requires node: the service, and our component that provides it. */
static const struct {
	const char *type, *service, *component;
} providers[] = {{"timer", "Timer", "timer"}};

static void add_service_route(MaqHidBuilder *out, const char *service, const char *child)
{
	maq_hid_begin(out, service ? "service" : "any-service", service);
	maq_hid_begin(out, child ? "child" : "parent", child);
	maq_hid_end(out);
	maq_hid_end(out);
}

static void add_provider(MaqHidBuilder *out, const char *service, const char *component)
{
	maq_hid_begin(out, "start", component);
	maq_hid_put(out, "ram", "4M");
	maq_hid_begin(out, "provides", NULL);
	maq_hid_begin(out, "service", service);
	maq_hid_end(out);
	maq_hid_end(out);
	maq_hid_begin(out, "route", NULL);
	add_service_route(out, NULL, NULL);
	maq_hid_end(out);
	maq_hid_end(out);
}

static bool is_required(const Expectation *expectation, const char *type)
{
	return g_ptr_array_find_with_equal_func(
		expectation->services, type, g_str_equal, NULL);
}

static void add_component(
	MaqHidBuilder *out, const Expectation *expectation, const char *package)
{
	const MaqHidNode *root = maq_hid_root(expectation->document);
	const MaqHidNode *config = maq_hid_first(root, "config");

	maq_hid_begin(out, "start", PACKAGED_NAME);
	maq_hid_put(out, "ram", maq_hid_string(root, "ram", "32M"));
	maq_hid_put(out, "caps", maq_hid_string(root, "caps", "300"));
	maq_hid_begin(out, "binary", maq_hid_string(root, "binary", package));
	maq_hid_end(out);
	maq_hid_begin(out, "exit", NULL);
	maq_hid_put_bool(out, "propagate", true);
	maq_hid_end(out);
	maq_hid_begin(out, "route", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
		if (is_required(expectation, providers[i].type))
			add_service_route(
				out, providers[i].service, providers[i].component);
	add_service_route(out, NULL, NULL);
	maq_hid_end(out);
	if (config)
		maq_hid_append(out, config);
	maq_hid_end(out);
}

char *packaged_config(const Expectation *expectation, const char *package)
{
	MaqHidBuilder *out = maq_hid_builder_new("config");

	maq_hid_begin(out, "parent-provides", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(from_core); i++) {
		maq_hid_begin(out, "service", from_core[i]);
		maq_hid_end(out);
	}
	maq_hid_end(out);
	maq_hid_begin(out, "default", NULL);
	maq_hid_put(out, "caps", "100");
	maq_hid_end(out);
	for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
		if (is_required(expectation, providers[i].type))
			add_provider(out, providers[i].service, providers[i].component);
	add_component(out, expectation, package);
	return maq_hid_builder_finish(out);
}

const char *packaged_lack(const Expectation *expectation)
{
	static const char *const always[] = {"log", "rom"};

	for (guint i = 0; i < expectation->services->len; i++) {
		const char *type = expectation->services->pdata[i];
		bool known = false;

		for (gsize k = 0; k < G_N_ELEMENTS(providers); k++)
			known |= !strcmp(type, providers[k].type);
		for (gsize k = 0; k < G_N_ELEMENTS(always); k++)
			known |= !strcmp(type, always[k]);
		if (!known)
			return type;
	}
	return NULL;
}
