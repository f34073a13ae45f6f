// SPDX-License-Identifier: GPL-2.0-or-later
#include "http.h"

#include <string.h>

static HttpKind parse(const char *text)
{
	char path[HTTP_PATH_MAX];

	return http_parse(text, strlen(text), path);
}

static void assert_file(const char *text, const char *expected)
{
	char path[HTTP_PATH_MAX];

	g_assert_cmpint(http_parse(text, strlen(text), path), ==, HTTP_FILE);
	g_assert_cmpstr(path, ==, expected);
}

static void files(void)
{
	assert_file("GET / HTTP/1.1\r\n\r\n", "");
	assert_file("GET /vnc.html HTTP/1.1\r\nHost: a\r\n\r\n", "vnc.html");
	assert_file("GET /app/ui-1.js?v=2 HTTP/1.0\r\n\r\n", "app/ui-1.js");
	g_assert_cmpstr(http_type("app/ui.js"), ==, "text/javascript");
	g_assert_cmpstr(http_type("LICENSE"), ==, "application/octet-stream");
}

static void refused(void)
{
	static const char *const texts[] = {
		"GET /../etc/passwd HTTP/1.1\r\n\r\n",
		"GET /a/../../b HTTP/1.1\r\n\r\n",
		"GET /.git HTTP/1.1\r\n\r\n",
		"GET //etc/passwd HTTP/1.1\r\n\r\n",
		"GET x HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
		"GET http://x/ HTTP/1.1\r\n\r\n",
		"GET \r\n\r\n",
		"GET /%2e%2e/x HTTP/1.1\r\n\r\n",
		"GET /a\\b HTTP/1.1\r\n\r\n",
	};
	g_autofree char *longest = g_strnfill(HTTP_HEAD_MAX, 'x');
	char path[HTTP_PATH_MAX];

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_assert_cmpint(parse(texts[i]), ==, HTTP_REFUSED);
	memcpy(longest, "GET /", 5);
	g_assert_cmpint(parse(longest), ==, HTTP_REFUSED);
	g_assert_cmpint(http_parse("GET /\0\r\n\r\n", 10, path), ==, HTTP_REFUSED);
}

static void parts(void)
{
	g_assert_cmpint(parse(""), ==, HTTP_NONE);
	g_assert_cmpint(parse("RFB 003.008\n"), ==, HTTP_NONE);
	g_assert_cmpint(parse("POST / HTTP/1.1\r\n\r\n"), ==, HTTP_NONE);
	g_assert_cmpint(parse("G"), ==, HTTP_PART);
	g_assert_cmpint(parse("GET /vnc.html HTTP/1.1\r\nHost: a\r\n"), ==, HTTP_PART);
}

/* Of this host, by itself. */
static HttpKind parse_page(const char *host)
{
	g_autofree char *text =
		g_strdup_printf("GET /websockify HTTP/1.1\r\nHost: %s\r\n"
				"Upgrade: websocket\r\nOrigin: http://%s\r\n\r\n",
			host, host);

	return parse(text);
}

static void websockets(void)
{
	static const char own[] = "GET /websockify HTTP/1.1\r\nHost: localhost:5900\r\n"
				  "upgrade: WebSocket\r\n"
				  "Origin: http://localhost:5900\r\n\r\n";
	static const char other[] = "GET /websockify HTTP/1.1\r\nHost: localhost:5900\r\n"
				    "Upgrade: websocket\r\n"
				    "Origin: http://example.org\r\n\r\n";
	static const char none[] = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";

	static const char two[] = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n"
				  "GET /two HTTP/1.1\r\n\r\n";
	static const char frame[] = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
				    "\x82\x80\0\0\0\0\nGET ";
	g_autofree char *longest = g_strnfill(4000, 'x');
	char path[HTTP_PATH_MAX];

	memcpy(longest, none, strlen(none) - 2);
	memcpy(longest + 3996, "\r\n\r\n", 4);
	g_assert_cmpint(parse(longest), ==, HTTP_REFUSED);
	g_assert_cmpint(parse(two), ==, HTTP_REFUSED);
	g_assert_cmpint(http_parse(frame, sizeof frame - 1, path), ==, HTTP_WEBSOCKET);
	static const char *const hosts[] = {
		"127.0.0.1:5900", "[::1]:5900", "LocalHost", "192.0.2.7"};
	static const char *const names[] = {
		"example.org:5900", "localhost.example.org", "a"};

	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++)
		g_assert_cmpint(parse_page(hosts[i]), ==, HTTP_WEBSOCKET);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpint(parse_page(names[i]), ==, HTTP_WEBSOCKET_NAMED);
	g_assert_cmpint(parse(own), ==, HTTP_WEBSOCKET);
	g_assert_cmpint(parse(other), ==, HTTP_REFUSED);
	g_assert_cmpint(parse(none), ==, HTTP_WEBSOCKET);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnc/http/files", files);
	g_test_add_func("/vnc/http/refused", refused);
	g_test_add_func("/vnc/http/parts", parts);
	g_test_add_func("/vnc/http/websockets", websockets);
	return g_test_run();
}
