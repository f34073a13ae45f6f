// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <string.h>

typedef struct {
	const char *in, *out, *answers;
} Case;

/* Fed in pieces of every size, a sequence must come out the same. */
static void check(const Case *c)
{
	for (gsize piece = 1; piece <= strlen(c->in); piece++) {
		g_autoptr(GByteArray) out = g_byte_array_new();
		g_autoptr(GByteArray) answers = g_byte_array_new();
		Guard guard = {0};

		for (gsize at = 0; at < strlen(c->in); at += piece)
			guard_filter(&guard, c->in + at, MIN(piece, strlen(c->in) - at),
				out, answers);
		g_assert_cmpmem(out->data, out->len, c->out, strlen(c->out));
		g_assert_cmpmem(
			answers->data, answers->len, c->answers, strlen(c->answers));
	}
}

static void lets_through(void)
{
	check(&(Case){"plain\r\n\xc3\xa4", "plain\r\n\xc3\xa4", ""});
	check(&(Case){"\033[1;31mred\033[0m", "\033[1;31mred\033[0m", ""});
	check(&(Case){"\033]2;title\033\\", "\033]2;title\033\\", ""});
	check(&(Case){"\033(0q\033(B", "\033(0q\033(B", ""});
	check(&(Case){"\033\r[H", "\r\033[H", ""}); /* a control within is done first */
}

static void known_questions(void)
{
	check(&(Case){"a\033P$qm\033\\b", "a\033P$qm\033\\b", ""});
	check(&(Case){"\033P$q q\007", "\033P$q q\033\\", ""});
	check(&(Case){"\033P$q\"q\033\\", "\033P$q\"q\033\\", ""});
	check(&(Case){"\033\177P$\177qr\033\\", "\033P$qr\033\\", ""});
}

static void unknown_questions(void)
{
	check(&(Case){"a\033P$q;m\033\\b", "a\033\\b", "\033P0$r\033\\"});
	check(&(Case){"\033P$q\033\\", "\033\\", "\033P0$r\033\\"});
	check(&(Case){"\033P$qmmmmmmmmmmmmmm\007", "\033\\", "\033P0$r\033\\"});
}

static void other_strings(void)
{
	check(&(Case){"a\033Pq#0;2;0;0;0~~-~~\033\\b", "a\033\\b", ""});
	check(&(Case){"\033P$qm\030x", "\030x", ""});               /* cancelled */
	check(&(Case){"\033P$qm\033[31mx", "\033\\\033[31mx", ""}); /* interrupted */
	check(&(Case){"\033P$qm\033P$qz\033\\", "\033\\\033\\", "\033P0$r\033\\"});
	check(&(Case){"\033#P$q;m\033\\", "\033\\", "\033P0$r\033\\"});
	check(&(Case){"\033\325P$q;m\033\\", "\033\\", "\033P0$r\033\\"});
	check(&(Case){"\033##########Aa", "\030a", ""});
}

static void many_numbers(void)
{
	check(&(Case){"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18mx",
		"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16mx", ""});
}

static void repeats(void)
{
	check(&(Case){"x\033[3by", "x\033[3\030xxxy", ""});
	check(&(Case){"\u4e2d\033[b", "\u4e2d\033[\030\u4e2d", ""});
	check(&(Case){"\033[5b", "\033[5\030", ""});
	check(&(Case){"x\n\033[5b", "x\n\033[5\030", ""});
	check(&(Case){"x\033[?5b", "x\033[?5\030", ""});
	check(&(Case){"x\033[m\033[5b", "x\033[m\033[5\030", ""});
}

static void long_numbers(void)
{
	check(&(Case){"x\033[2147483647B", "x\033[2147B", ""});
	check(&(Case){"\033[12345;67890:3m12345", "\033[1234;6789:3m12345", ""});
	check(&(Case){"\033[?100499999h1", "\033[?1004h1", ""});
	check(&(Case){"\033[\32599999B", "\033[9999B", ""});
	check(&(Case){"\033]4;123456;red\007", "\033]4;123456;red\007", ""});
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/guard/lets-through", lets_through);
	g_test_add_func("/terminal/guard/known-questions", known_questions);
	g_test_add_func("/terminal/guard/unknown-questions", unknown_questions);
	g_test_add_func("/terminal/guard/other-strings", other_strings);
	g_test_add_func("/terminal/guard/many-numbers", many_numbers);
	g_test_add_func("/terminal/guard/repeats", repeats);
	g_test_add_func("/terminal/guard/long-numbers", long_numbers);
	return g_test_run();
}
