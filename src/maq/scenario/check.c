// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * check - what can be known to be wrong before anything starts
 */
#include <maq/scenario.h>

#include <stdarg.h>
#include <string.h>

typedef struct {
	const MaqHidNode *config;
	MaqComplaint complain;
	void *data;
	guint fatal;
} Check;

G_GNUC_PRINTF(5, 6)
static void complain(Check *check, const MaqHidNode *node, const char *tag, bool fatal,
	const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	check->fatal += fatal;
	check->complain(check->data, node, tag, fatal, text);
}

static void check_target(Check *check, const MaqHidNode *rule, const MaqHidNode *target)
{
	const char *type = maq_hid_type(target);
	const char *name = maq_hid_name(target);
	const char *service = maq_hid_name(rule);
	const MaqHidNode *alias, *server;

	if (!g_strcmp0(type, "parent") || !g_strcmp0(type, "any-child"))
		return;
	if (g_strcmp0(type, "child")) {
		complain(check, target, NULL, true,
			"\"%s\" is no target: expected parent, child or any-child", type);
		return;
	}
	for (alias = maq_hid_first(check->config, "alias"); alias;
		alias = maq_hid_next(alias, "alias"))
		if (!g_strcmp0(maq_hid_name(alias), name))
			name = maq_hid_attr(alias, "child");
	server = maq_scenario_start(check->config, name);
	if (!server)
		complain(check, target, NULL, true,
			"there is no start node \"%s\" to route to", name ? name : "");
	else if (!g_strcmp0(maq_hid_type(rule), "service") &&
		 !maq_scenario_provides(server, service))
		complain(check, target, NULL, true,
			"\"%s\" does not provide %s: expected \"+ provides | + service "
			"%s\" in it",
			name, service, service);
}

static void check_routes(Check *check, const MaqHidNode *routes)
{
	const MaqHidNode *rule, *target;

	for (rule = maq_hid_first(routes, NULL); rule; rule = maq_hid_next(rule, NULL)) {
		const char *type = maq_hid_type(rule);

		if (g_strcmp0(type, "service") && g_strcmp0(type, "any-service")) {
			complain(check, rule, NULL, true,
				"\"%s\" is no rule: expected service or any-service",
				type);
			continue;
		}
		if (!g_strcmp0(type, "service") && !maq_hid_name(rule))
			complain(check, rule, NULL, true, "service without a name");
		for (target = maq_hid_first(rule, NULL); target;
			target = maq_hid_next(target, NULL))
			check_target(check, rule, target);
	}
}

static void check_host(Check *check, const MaqHidNode *host)
{
	const MaqHidNode *node = maq_hid_first(host, "listen"), *other;
	MaqListen listen;

	for (; node; node = maq_hid_next(node, "listen")) {
		const char *fault = maq_scenario_listen(node, &listen);

		if (fault)
			complain(check, node, NULL, true, "%s", fault);
		for (other = maq_hid_next(node, "listen"); other;
			other = maq_hid_next(other, "listen"))
			if (!g_strcmp0(maq_hid_name(node), maq_hid_name(other)))
				complain(check, other, NULL, true,
					"there are two sockets \"%s\"", listen.name);
	}
}

static void check_start(Check *check, const MaqHidNode *start)
{
	const char *name = maq_hid_name(start);

	if (!name) {
		complain(check, start, NULL, true, "start node without a name");
		return;
	}
	if (strlen(name) > 64)
		complain(check, start, NULL, true,
			"the name is longer than 64 bytes: expected a shorter one");
	if (!maq_scenario_ram(check->config, start))
		complain(check, start, NULL, true,
			"\"%s\" has no RAM quota: expected \"ram: 2M\" or the like, here "
			"or in \"+ default\"",
			name);
	if (!maq_scenario_caps(check->config, start))
		complain(check, start, NULL, true,
			"\"%s\" has no capability quota: expected \"caps: 100\" or the "
			"like, here or in \"+ default\"",
			name);
	check_routes(check, maq_hid_first(start, "route"));
	check_host(check, maq_hid_first(start, "host"));
}

/* ---- quotas ---- */

static void check_quotas(Check *check, guint64 ram, guint32 caps)
{
	const MaqHidNode *start;
	guint64 ram_sum = 0, caps_sum = 0;

	for (start = maq_hid_first(check->config, "start"); start;
		start = maq_hid_next(start, "start")) {
		guint64 more = maq_scenario_ram(check->config, start);

		ram_sum = more > G_MAXUINT64 - ram_sum ? G_MAXUINT64 : ram_sum + more;
		caps_sum += maq_scenario_caps(check->config, start);
	}
	if (ram_sum > ram)
		complain(check, check->config, NULL, true,
			"the start nodes' RAM quotas sum up to %" G_GUINT64_FORMAT
			" KiB, but there are %" G_GUINT64_FORMAT
			" KiB: lower them, or give more by --ram",
			ram_sum >> 10, ram >> 10);
	if (caps_sum > caps)
		complain(check, check->config, NULL, true,
			"the start nodes' capability quotas sum up to %" G_GUINT64_FORMAT
			", but there are %u: lower them, or give more by --caps",
			caps_sum, caps);
}

/* ---- circles ---- */

/* Follows one explicit service rule from server to server; a component that asks, however
 * indirectly, itself can wait for ever. */
static void check_circle(Check *check, const MaqHidNode *start, const MaqHidNode *rule)
{
	const char *service = maq_hid_name(rule);
	const char *first = maq_hid_name(start);
	const MaqHidNode *at = start;
	MaqRoute route;

	for (guint hops = 0; hops < 1000; hops++) {
		maq_scenario_route(check->config, at, service,
			maq_hid_string(rule, "label", ""), &route);
		if (route.kind != MAQ_ROUTE_CHILD)
			return;
		if (!strcmp(route.child, first)) {
			complain(check, rule, NULL, true,
				"the route of %s leads back to \"%s\"", service, first);
			return;
		}
		at = maq_scenario_start(check->config, route.child);
	}
}

static void check_circles(Check *check)
{
	const MaqHidNode *start, *rule;

	for (start = maq_hid_first(check->config, "start"); start;
		start = maq_hid_next(start, "start")) {
		const MaqHidNode *routes = maq_hid_first(start, "route");

		for (rule = maq_hid_first(routes, "service"); rule;
			rule = maq_hid_next(rule, "service"))
			if (maq_hid_name(rule) && maq_hid_name(start))
				check_circle(check, start, rule);
	}
}

guint maq_scenario_check(const MaqHidNode *config, guint64 ram, guint32 caps,
	MaqComplaint complaint, void *data)
{
	static const char *const known[] = {"parent-provides", "default", "default-route",
		"alias", "affinity-space", "resource", "heartbeat", "report", "service",
		"start"};
	Check check = {config, complaint, data, 0};
	const MaqHidNode *node;

	if (g_strcmp0(maq_hid_type(config), "config"))
		complain(&check, config, NULL, true,
			"the top-level node is \"%s\": expected config",
			maq_hid_type(config) ? maq_hid_type(config) : "");
	for (node = maq_hid_first(config, NULL); node; node = maq_hid_next(node, NULL)) {
		bool is_known = false;

		for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
			is_known = is_known || !strcmp(maq_hid_type(node), known[i]);
		if (!is_known)
			complain(&check, node, NULL, true,
				"\"%s\" is not understood here", maq_hid_type(node));
		if (!strcmp(maq_hid_type(node), "start"))
			check_start(&check, node);
	}
	check_routes(&check, maq_hid_first(config, "default-route"));
	check_quotas(&check, ram, caps);
	check_circles(&check);
	return check.fatal;
}
