// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_http - the first bytes of a connection to the viewers' port
 */
#include "http.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[HTTP_PATH_MAX];

	/* a file's path leads nowhere but down */
	if (http_parse((const char *)data, size, path) == HTTP_FILE) {
		g_assert_cmpuint(strlen(path), <, HTTP_PATH_MAX);
		g_assert_true(path[0] != '/' && path[0] != '.');
		g_assert_null(strstr(path, "/."));
	}
	return 0;
}
