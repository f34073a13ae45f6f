// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hid_main - the command 'maquette hid' as a program of its own, for tests
 */
#include "../../../src/maquette/command.h"

int main(int argc, char **argv)
{
	return maquette_hid(argc, argv);
}
