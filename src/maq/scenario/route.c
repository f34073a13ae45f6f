// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * route - which server a request goes to, in the manner of Genode's init
 */
#include <maq/scenario.h>

#include <string.h>

#define ARROW " -> "

const MaqHidNode *maq_scenario_start(const MaqHidNode *config, const char *name)
{
	const MaqHidNode *start;

	for (start = maq_hid_first(config, "start"); start;
		start = maq_hid_next(start, "start"))
		if (!g_strcmp0(maq_hid_name(start), name))
			return start;
	return NULL;
}

static bool lists_service(const MaqHidNode *list, const char *service)
{
	const MaqHidNode *node;

	for (node = maq_hid_first(list, "service"); node;
		node = maq_hid_next(node, "service"))
		if (!g_strcmp0(maq_hid_name(node), service))
			return true;
	return false;
}

/* Genode's configurations route PD and CPU where we start processes. */
static bool lists_service_or_peer(const MaqHidNode *list, const char *service)
{
	return lists_service(list, service) ||
	       (!strcmp(service, "Process") &&
		       (lists_service(list, "PD") || lists_service(list, "CPU")));
}

bool maq_scenario_provides(const MaqHidNode *start, const char *service)
{
	return lists_service(maq_hid_first(start, "provides"), service);
}

const char *maq_scenario_binary(const MaqHidNode *start)
{
	const char *binary = maq_hid_name(maq_hid_first(start, "binary"));

	return binary ? binary : maq_hid_name(start);
}

guint64 maq_scenario_ram(const MaqHidNode *config, const MaqHidNode *start)
{
	return maq_hid_bytes(
		start, "ram", maq_hid_bytes(maq_hid_first(config, "default"), "ram", 0));
}

guint32 maq_scenario_caps(const MaqHidNode *config, const MaqHidNode *start)
{
	guint64 caps = maq_hid_u64(
		start, "caps", maq_hid_u64(maq_hid_first(config, "default"), "caps", 0));

	return (guint32)MIN(caps, G_MAXUINT32);
}

/* ---- rules ---- */

static bool label_matches(const MaqHidNode *rule, const char *child, const char *label)
{
	const char *exact = maq_hid_attr(rule, "label");
	const char *prefix = maq_hid_attr(rule, "label_prefix");
	const char *suffix = maq_hid_attr(rule, "label_suffix");
	const char *last = maq_hid_attr(rule, "label_last");
	const char *unscoped = maq_hid_attr(rule, "unscoped_label");
	const char *end = g_strrstr(label, ARROW);

	if (unscoped) {
		g_autofree char *whole =
			*label ? g_strconcat(child, ARROW, label, NULL) : g_strdup(child);
		return !strcmp(unscoped, whole) || !strcmp(unscoped, label);
	}
	return (!exact || !strcmp(exact, label)) &&
	       (!prefix || g_str_has_prefix(label, prefix)) &&
	       (!suffix || g_str_has_suffix(label, suffix)) &&
	       (!last || !strcmp(last, end ? end + strlen(ARROW) : label));
}

static bool rule_matches(
	const MaqHidNode *rule, const char *child, const char *service, const char *label)
{
	const char *name = maq_hid_name(rule);
	bool named;

	if (!g_strcmp0(maq_hid_type(rule), "any-service"))
		return true;
	if (g_strcmp0(maq_hid_type(rule), "service") || !name)
		return false;
	named = !strcmp(name, service) ||
		(!strcmp(service, "Process") &&
			(!strcmp(name, "PD") || !strcmp(name, "CPU")));
	return named && label_matches(rule, child, label);
}

/* ---- targets ---- */

/* A label is an identity and, as its last part, a resource; a target may replace the
 * whole or each of them. */
static void set_label(
	MaqRoute *route, const MaqHidNode *target, const char *child, const char *label)
{
	const char *fixed = maq_hid_attr(target, "label");
	g_autofree char *whole =
		g_strconcat(child, *child && *label ? ARROW : "", label, NULL);
	char *arrow = g_strrstr(whole, ARROW);
	const char *resource = arrow ? arrow + strlen(ARROW) : whole;
	const char *identity = arrow ? whole : "";

	if (fixed) {
		g_strlcpy(route->label, fixed, sizeof route->label);
		return;
	}
	if (arrow)
		*arrow = '\0';
	identity = maq_hid_string(target, "identity", identity);
	resource = maq_hid_string(target, "resource", resource);
	g_snprintf(route->label, sizeof route->label, "%s%s%s%s", identity,
		*identity ? ARROW : "", maq_hid_string(target, "prepend_resource", ""),
		resource);
}

static const char *only_provider(const MaqHidNode *config, const char *service)
{
	const char *found = NULL;
	const MaqHidNode *start;

	for (start = maq_hid_first(config, "start"); start;
		start = maq_hid_next(start, "start")) {
		if (!maq_scenario_provides(start, service))
			continue;
		if (found && g_strcmp0(found, maq_hid_name(start)))
			return NULL; /* more than one: the rule says nothing */
		found = maq_hid_name(start);
	}
	return found;
}

static const char *resolve_alias(const MaqHidNode *config, const char *name)
{
	const MaqHidNode *alias;

	for (alias = maq_hid_first(config, "alias"); alias;
		alias = maq_hid_next(alias, "alias"))
		if (!g_strcmp0(maq_hid_name(alias), name))
			return maq_hid_attr(alias, "child");
	return name;
}

static bool try_target(const MaqHidNode *config, const MaqHidNode *target,
	const char *service, MaqRoute *route)
{
	const char *type = maq_hid_type(target);
	const char *name = NULL;

	if (!g_strcmp0(type, "parent")) {
		if (!lists_service_or_peer(
			    maq_hid_first(config, "parent-provides"), service))
			return false;
		route->kind = MAQ_ROUTE_PARENT;
		return true;
	}
	if (!g_strcmp0(type, "child"))
		name = resolve_alias(config, maq_hid_name(target));
	else if (!g_strcmp0(type, "any-child"))
		name = only_provider(config, service);
	if (!name || !maq_scenario_provides(maq_scenario_start(config, name), service))
		return false;
	route->kind = MAQ_ROUTE_CHILD;
	route->child = name;
	return true;
}

/* identity is what the server sees before the label. */
static void resolve(const MaqHidNode *config, const MaqHidNode *start,
	const char *service, const char *label, const char *identity, MaqRoute *route)
{
	const char *child = maq_hid_name(start);
	const MaqHidNode *rules = maq_hid_first(start, "route");
	const MaqHidNode *rule, *target;

	*route = (MaqRoute){.kind = MAQ_ROUTE_NONE};
	if (!rules)
		rules = maq_hid_first(config, "default-route");
	for (rule = maq_hid_first(rules, NULL); rule; rule = maq_hid_next(rule, NULL)) {
		if (!rule_matches(rule, child, service, label))
			continue;
		for (target = maq_hid_first(rule, NULL); target;
			target = maq_hid_next(target, NULL)) {
			if (!try_target(config, target, service, route))
				continue;
			set_label(route, target, identity, label);
			return;
		}
		/* a rule that names the service is the last word on it */
		if (!strcmp(maq_hid_type(rule), "service"))
			return;
	}
}

void maq_scenario_route(const MaqHidNode *config, const MaqHidNode *start,
	const char *service, const char *label, MaqRoute *route)
{
	resolve(config, start, service, label, maq_hid_name(start), route);
}

void maq_scenario_route_binary(
	const MaqHidNode *config, const MaqHidNode *start, MaqRoute *route)
{
	resolve(config, start, "ROM", maq_scenario_binary(start), "", route);
}

/* ---- services that an init exports ---- */

static bool policy_matches(const MaqHidNode *policy, const char *label)
{
	const char *exact = maq_hid_attr(policy, "label");
	const char *prefix = maq_hid_attr(policy, "label_prefix");
	const char *suffix = maq_hid_attr(policy, "label_suffix");

	return (exact || prefix || suffix) && (!exact || !strcmp(exact, label)) &&
	       (!prefix || g_str_has_prefix(label, prefix)) &&
	       (!suffix || g_str_has_suffix(label, suffix));
}

static const MaqHidNode *find_policy(const MaqHidNode *service, const char *label)
{
	const MaqHidNode *policy;

	for (policy = maq_hid_first(service, "policy"); policy;
		policy = maq_hid_next(policy, "policy"))
		if (policy_matches(policy, label))
			return policy;
	return maq_hid_first(service, "default-policy");
}

void maq_scenario_export(
	const MaqHidNode *config, const char *service, const char *label, MaqRoute *route)
{
	const MaqHidNode *node;

	*route = (MaqRoute){.kind = MAQ_ROUTE_NONE};
	for (node = maq_hid_first(config, "service"); node;
		node = maq_hid_next(node, "service")) {
		if (g_strcmp0(maq_hid_name(node), service))
			continue;
		const MaqHidNode *target =
			maq_hid_first(find_policy(node, label), "child");
		if (!target)
			return;
		/* a server that is to come is worth waiting for */
		route->kind = MAQ_ROUTE_CHILD;
		route->child = resolve_alias(config, maq_hid_name(target));
		const char *fixed = maq_hid_attr(target, "label");
		g_strlcpy(route->label, fixed ? fixed : label, sizeof route->label);
		return;
	}
}
