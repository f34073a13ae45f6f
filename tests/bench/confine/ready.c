// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_ready - the smallest program that says that it runs; static
 */
#include <unistd.h>

int main(void)
{
	return write(1, "r", 1) != 1;
}
