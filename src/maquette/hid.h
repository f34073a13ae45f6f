/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hid - the command 'maquette hid'
 */
#ifndef MAQUETTE_HID_H
#define MAQUETTE_HID_H

/* argv[0] is "hid"; argv is reordered. Answers the exit code. */
int maquette_hid(int argc, char **argv);

#endif
