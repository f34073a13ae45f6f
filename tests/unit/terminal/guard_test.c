// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <string.h>

/* What comes out: for libvterm as it is, what is for others in angle brackets. */
typedef struct {
	GString *out;
	bool all; /* sequences and escapes are done by us */
} Fixture;

static void pass(void *data, const char *bytes, gsize size)
{
	g_string_append_len(((Fixture *)data)->out, bytes, (gssize)size);
}

static bool sequence(void *data, const GuardSequence *s)
{
	Fixture *f = data;

	if (!f->all)
		return false;
	g_string_append_c(f->out, '<');
	if (s->leader)
		g_string_append_c(f->out, s->leader);
	for (guint i = 0; i < s->n; i++)
		g_string_append_printf(f->out, "%s%u",
			s->numbers[i].sub ? ":"
			: i               ? ";"
					  : "",
			s->numbers[i].value);
	if (s->intermediate)
		g_string_append_c(f->out, s->intermediate);
	g_string_append_printf(f->out, "%c>", s->final);
	return true;
}

static bool escape(void *data, char intermediate, char final)
{
	Fixture *f = data;

	if (f->all)
		g_string_append_printf(
			f->out, "<E%c%c>", intermediate ? intermediate : '-', final);
	return f->all;
}

static void command(void *data, const char *text, gsize size)
{
	g_assert_cmpuint(strlen(text), ==, size);
	g_string_append_printf(((Fixture *)data)->out, "<C%s>", text);
}

static void question(void *data, const char *setting)
{
	g_string_append_printf(((Fixture *)data)->out, "<Q%s>", setting);
}

static void vt52(void *data, char final, int column, int row)
{
	g_string_append_printf(((Fixture *)data)->out, "<%c%d,%d>", final, column, row);
}

static const GuardOps ops = {pass, pass, sequence, escape, command, question, vt52};

/* The same whole, and byte by byte. */
static void check(bool all, const char *input, const char *expected)
{
	for (gsize step = strlen(input); step; step = step == 1 ? 0 : 1) {
		Fixture f = {g_string_new(NULL), all};
		Guard guard;

		guard_init(&guard, &ops, &f);
		for (gsize i = 0; i < strlen(input); i += step)
			guard_feed(&guard, input + i, step);
		g_assert_cmpstr(f.out->str, ==, expected);
		guard_fini(&guard);
		g_string_free(f.out, TRUE);
	}
}

static void lets_through(void)
{
	static const char *const same[] = {"plain \xc3\xa9 text\r\n",
		"\033[1;31mred\033[m", "\033(0q\033(B", "\033#8", "\033[?25l",
		"\033[4:3m", "\033[ q", "\033[;5H"};

	for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
		check(false, same[i], same[i]);
	check(false, "\033\r[H", "\r\033[H"); /* a control within is done first */
	check(false, "\033[1\n;2H", "\n\033[1;2H");
}

static void reads_sequences(void)
{
	check(true, "\033[m", "<0m>");
	check(true, "\033[38:2::1:2:3;4:3m", "<38:2:0:1:2:3;4:3m>");
	check(true, "\033[?1049;25h", "<?1049;25h>");
	check(true, "\033[?2026$p\033[>q", "<?2026$p><>0q>");
	check(true, "\0337\033#8\033c", "<E-7><E#8><E-c>");
	check(true, "\033]0;a title\007\033]8;;x\033\\", "<C0;a title><C8;;x>");
}

static void drops_what_is_none(void)
{
	check(false, "a\033[1?2hb", "ab");
	check(false, "a\033[$1pb", "ab");
	check(false, "a\033[12\030b", "a\030b");
	check(false, "a\033##########Ab", "ab");
	check(false, "a\033Pq#0;2;0;0;0~~-~~\033\\b", "ab");
	check(false, "a\033_Gdata\033\\b", "ab");
	check(false, "a\033[12\033[34mb", "a\033[34mb");
	check(false, "a\0\177b", "a"); /* strlen ends it */
	check(false, "a\177b", "ab");
}

static void questions(void)
{
	check(false, "\033P$qm\033\\", "<Qm>");
	check(false, "\033P$q q\007", "<Q q>");
	check(false, "\033P$q;m\033\\a", "<Q;m>a");
	check(false, "\033P$qm\033[31mx", "<Qm>\033[31mx"); /* interrupted */
	check(false, "\033P$qm\030x", "\030x");             /* cancelled */
}

static void strings_are_bounded(void)
{
	g_autofree char *more = g_strnfill(GUARD_STRING + 1, 'x');
	g_autofree char *title = g_strconcat("\033]0;", more, "\007a", NULL);
	g_autofree char *copied = g_strconcat("\033]52;c;", more, "\007a", NULL);
	g_autofree char *expected = g_strconcat("<C52;c;", more, ">a", NULL);

	check(false, title, "a");
	check(false, copied, expected);
}

static void many_numbers(void)
{
	check(false, "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18H",
		"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16H");
	g_autoptr(GString) long_one = g_string_new("\033[");
	for (int i = 0; i < 1000; i++)
		g_string_append(long_one, "1;");
	g_string_append(long_one, "5H");
	check(false, long_one->str, "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1H");
}

static void repeats(void)
{
	check(false, "x\033[3by", "xxxxy");
	check(false, "\u4e2d\033[b", "\u4e2d\u4e2d");
	check(false, "\033[5b", "");
	check(false, "x\n\033[5b", "x\n");
	check(false, "x\033[?5b", "x");
	check(false, "x\033[m\033[2b", "x\033[mxx");
	check(false, "x\033[A\033[2b", "x\033[A");
}

static void long_numbers(void)
{
	check(false, "x\033[2147483647B", "x\033[9999B");
	check(false, "\033[12345;67890:3H12345", "\033[9999;9999:3H12345");
}

/* As the two bytes of UTF-8 they are the escapes that they stand for; a byte alone is
 * none. */
static void controls_in_utf8(void)
{
	check(true, "a\302\2331;2Hb", "a<1;2H>b");
	check(true, "a\302\205b", "a<E-E>b");
	check(true, "\302\2350;title\302\234b", "<C0;title>b");
	check(false, "\302\220$qm\033\\b", "<Qm>b");
	check(true, "\033[1\302\2332Jb", "<2J>b");
	check(false, "a\302\251b\302", "a\302\251b");
	check(false, "\302\302\251", "\302\302\251");
	check(false, "a\302\nb", "a\302\nb");
	check(false, "a\233b\303\233c", "a\233b\303\233c");
	check(false, "\302\251\033[2b", "\302\251\302\251\302\251");
}

static void latin(void)
{
	Fixture f = {g_string_new(NULL), true};
	Guard guard;

	guard_init(&guard, &ops, &f);
	guard_feed(&guard, "\302", 1);
	guard_set_latin(&guard, true);
	guard_feed(&guard, "a\2331;2H\351\302\251\2350;t\344\234b\205", 17);
	guard_set_latin(&guard, false);
	guard_feed(&guard, "\303\251", 2);
	g_assert_cmpstr(f.out->str, ==,
		"a<1;2H>\303\251\303\202\302\251<C0;t\303\244>b<E-E>\303\251");
	guard_fini(&guard);
	g_string_free(f.out, TRUE);
}

static void as_a_vt52(void)
{
	Fixture f = {g_string_new(NULL), true};
	Guard guard;
	const char *text = "a\033Y*\"b\033A\033[c\033Pd\033Y\r *e\033\302\251f";

	guard_init(&guard, &ops, &f);
	guard_set_vt52(&guard, true);
	for (gsize i = 0; i < strlen(text); i++)
		guard_feed(&guard, text + i, 1);
	guard_set_vt52(&guard, false);
	guard_feed(&guard, "\033[m", 3);
	g_assert_cmpstr(
		f.out->str, ==, "a<Y2,10>b<A0,0><[0,0>c<P0,0>d\r<Y10,0>e<f0,0><0m>");
	guard_fini(&guard);
	g_string_free(f.out, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terminal/guard/lets-through", lets_through);
	g_test_add_func("/terminal/guard/reads-sequences", reads_sequences);
	g_test_add_func("/terminal/guard/drops-what-is-none", drops_what_is_none);
	g_test_add_func("/terminal/guard/questions", questions);
	g_test_add_func("/terminal/guard/strings-are-bounded", strings_are_bounded);
	g_test_add_func("/terminal/guard/many-numbers", many_numbers);
	g_test_add_func("/terminal/guard/repeats", repeats);
	g_test_add_func("/terminal/guard/long-numbers", long_numbers);
	g_test_add_func("/terminal/guard/controls-in-utf8", controls_in_utf8);
	g_test_add_func("/terminal/guard/latin", latin);
	g_test_add_func("/terminal/guard/as-a-vt52", as_a_vt52);
	return g_test_run();
}
