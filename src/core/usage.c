// SPDX-License-Identifier: GPL-2.0-or-later
#include "usage.h"

#include <maq/hid.h>

static void put_component(void *data, const char *label, pid_t pid, const char *grants,
	const GroupUsage *usage)
{
	MaqHidBuilder *builder = data;

	(void)pid, (void)grants;
	maq_hid_begin(builder, "component", label);
	maq_hid_put_u64(builder, "ram", usage->ram);
	maq_hid_put_u64(builder, "cpu", usage->cpu);
	maq_hid_end(builder);
}

static char *module_text(void *data)
{
	MaqHidBuilder *builder = maq_hid_builder_new("usage");

	launcher_visit(data, put_component, builder);
	return maq_hid_builder_finish(builder);
}

void usage_provide(Rom *rom, Launcher *launcher)
{
	rom_add_live(rom, "usage", module_text, launcher);
}
