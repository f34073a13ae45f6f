// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rom_logger - write each content of a ROM module to the log
 *
 * Requires  ROM, LOG
 * Config    rom: name of the module (default "content")
 */
#include <maq/component.h>
#include <maq/rom.h>

typedef struct {
	MaqEnv *env;
	MaqRom *rom;
} RomLogger;

static void show(void *data)
{
	RomLogger *logger = data;
	g_autoptr(GBytes) text = maq_rom_text(logger->rom);

	if (text)
		maq_log(logger->env, "%.*s", (int)MIN(g_bytes_get_size(text), 4000),
			(const char *)g_bytes_get_data(text, NULL));
}

static bool rom_logger_start(MaqEnv *env, GError **error)
{
	RomLogger *logger = maq_env_state(env, sizeof *logger);

	logger->env = env;
	logger->rom = maq_rom_open(env, maq_config_string(env, "rom", "content"), error);
	if (!logger->rom)
		return false;
	maq_rom_on_changed(logger->rom, show, logger);
	show(logger);
	return true;
}

int main(int argc, char **argv)
{
	return maq_component_main(argc, argv, rom_logger_start);
}
