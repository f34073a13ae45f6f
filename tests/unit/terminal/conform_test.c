// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each control sequence does, on a screen of 10 by 5: after ECMA-48, DEC's manuals
 * (STD 070) and xterm's list of control sequences.
 */
#include "screen.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define COLUMNS 10
#define ROWS    5

typedef struct {
	const char *name, *input;
	const char *rows; /* "/" between them; without blanks and empty rows at the end */
	const char *cursor; /* "column,row" from 1; NULL: wherever */
	const char *answer; /* NULL: none */
} Case;

/* Five rows of the digits of each column, for what is erased or moved. */
#define FULL "\033[Ha123456789\r\nb123456789\r\nc123456789\r\nd123456789\r\ne123456789"

static const Case cases[] = {
	/* cursor */
	{"cup", "\033[3;4Hx", "//   x", "5,3", NULL},
	{"cup-default", "ab\033[Hx", "xb", "2,1", NULL},
	{"cup-beyond", "\033[99;99Hx", "////         x", "10,5", NULL},
	{"cup-zero", "\033[0;0Hx", "x", "2,1", NULL},
	{"hvp", "\033[2;2fx", "/ x", "3,2", NULL},
	{"cuu", "\033[3;3H\033[2A", "", "3,1", NULL},
	{"cuu-stops", "\033[3;3H\033[9A", "", "3,1", NULL},
	{"cud-stops", "\033[9B", "", "1,5", NULL},
	{"cuf-cub", "\033[5C\033[2D", "", "4,1", NULL},
	{"cub-stops", "ab\033[9D", "ab", "1,1", NULL},
	{"cnl", "abc\033[2E", "abc", "1,3", NULL},
	{"cpl", "\033[4;4H\033[2F", "", "1,2", NULL},
	{"cha", "abc\033[2Gx", "axc", "3,1", NULL},
	{"hpa-hpr", "\033[3`\033[2a", "", "5,1", NULL},
	{"vpa-vpr", "\033[2d\033[2e", "", "1,4", NULL},
	{"index-scrolls", "a\033[5;1Hb\033Dc", "///b/ c", "3,5", NULL},
	{"reverse-index", "a\033[H\033Mb", "b/a", "2,1", NULL},
	{"next-line", "ab\033Ec", "ab/c", "2,2", NULL},
	{"backspace", "ab\bx", "ax", "3,1", NULL},
	{"line-feed", "ab\nc", "ab/  c", "4,2", NULL},
	{"vt-ff", "a\vb\fc", "a/ b/  c", NULL, NULL},
	{"save-restore", "\033[2;3H\0337\033[H\0338x", "/  x", "4,2", NULL},
	{"scosc-scorc", "\033[2;3H\033[s\033[H\033[ux", "/  x", "4,2", NULL},
	{"restore-unsaved", "\033[3;3H\0338x", "x", "2,1", NULL},
	/* wrap */
	{"wrap", "0123456789ab", "0123456789/ab", "3,2", NULL},
	{"wrap-is-late", "0123456789\rx", "x123456789", "2,1", NULL},
	{"no-wrap", "\033[?7l0123456789ab", "012345678b", "10,1", NULL},
	{"wrap-scrolls", "\033[5;9Habcd", "///        ab/cd", "3,5", NULL},
	{"wide-wraps", "012345678\u4e2d", "012345678/\u4e2d", "3,2", NULL},
	/* erase */
	{"ed-below", FULL "\033[3;3H\033[J", "a123456789/b123456789/c1", "3,3", NULL},
	{"ed-above", FULL "\033[3;3H\033[1J", "//   3456789/d123456789/e123456789", "3,3",
		NULL},
	{"ed-all", FULL "\033[3;3H\033[2J", "", "3,3", NULL},
	{"el-right", FULL "\033[1;3H\033[K\033[2;1H\033[J", "a1", NULL, NULL},
	{"el-left", "0123456789\033[1;3H\033[1K", "   3456789", "3,1", NULL},
	{"el-all", "0123456789\033[1;3H\033[2K", "", "3,1", NULL},
	{"ech", "0123456789\033[1;3H\033[3X", "01   56789", "3,1", NULL},
	{"decsel", "a\033[1\"qb\033[0\"qc\r\033[?K", " b", NULL, NULL},
	/* insert and delete */
	{"ich", "0123456789\033[1;3H\033[2@", "01  234567", "3,1", NULL},
	{"dch", "0123456789\033[1;3H\033[2P", "01456789", "3,1", NULL},
	{"il", FULL "\033[2;3H\033[2L", "a123456789///b123456789/c123456789", "1,2",
		NULL},
	{"dl", FULL "\033[2;3H\033[2M", "a123456789/d123456789/e123456789", "1,2", NULL},
	{"insert-mode", "abc\r\033[4hx\033[4ly", "xybc", "3,1", NULL},
	{"decic", "abc\033[1;2H\033[2'}", "a  bc", NULL, NULL},
	{"decdc", "abcd\033[1;2H\033[2'~", "ad", NULL, NULL},
	{"rep", "x\033[3b", "xxxx", "5,1", NULL},
	/* scrolling */
	{"su", FULL "\033[2S", "c123456789/d123456789/e123456789", NULL, NULL},
	{"sd", FULL "\033[2T", "//a123456789/b123456789/c123456789", NULL, NULL},
	{"region", FULL "\033[2;4r\033[4;1H\nx",
		"a123456789/c123456789/d123456789/x/e123456789", "2,4", NULL},
	{"region-homes", "\033[3;3H\033[2;4r", "", "1,1", NULL},
	{"region-one-row", FULL "\033[3;3r\033[5;1H\nx",
		"a123456789/b123456789/c123456789/d123456789/x123456789", NULL, NULL},
	{"region-reverse", FULL "\033[2;4r\033[2;1H\033Mx",
		"a123456789/x/b123456789/c123456789/e123456789", NULL, NULL},
	{"origin", "\033[2;4r\033[?6h\033[1;1Hx\033[9;1Hy", "/x//y", "2,4", NULL},
	{"origin-off", "\033[2;4r\033[?6h\033[?6lx", "x", "2,1", NULL},
	{"margins-scroll", FULL "\033[?69h\033[3;6s\033[2S",
		"a123456789/b123456789/c123456789/d1    6789/e1    6789", NULL, NULL},
	{"margins-nonsense", FULL "\033[?69h\033[3;6s\033[6;3s\033[H\033[2 @",
		"a145  6789/b145  6789/c145  6789/d145  6789/e145  6789", NULL, NULL},
	{"margins-origin", "\033[?69h\033[3;6s\033[?6h\033[1;2H\033[6n\0337\033[H\0338x",
		"   x", NULL, "\033[1;2R"},
	{"region-nonsense", FULL "\033[2;4r\033[4;2r\033[3;3H\033[S",
		"a123456789/c123456789/d123456789//e123456789", "3,3", NULL},
	{"sl", FULL "\033[3;4H\033[2 @x", "23456789/23456789/234x6789/23456789/23456789",
		"5,3", NULL},
	{"sr", FULL "\033[3;4H\033[ Ax",
		" a12345678/ b12345678/ c1x345678/ d12345678/ e12345678", "5,3", NULL},
	{"sl-sr-beyond", FULL "\033[99 @x", "////x", "2,5", NULL},
	{"sr-region", FULL "\033[2;3r\033[2 A\033[r",
		"a123456789/  b1234567/  c1234567/d123456789/e123456789", "1,1", NULL},
	{"sl-margins", FULL "\033[?69h\033[3;6s\033[ @",
		"a1345 6789/b1345 6789/c1345 6789/d1345 6789/e1345 6789", NULL, NULL},
	{"sl-wide", "0\u4e2d3\u4e2d6789\033[H\033[2 @", " 3\u4e2d6789", NULL, NULL},
	{"sl-keeps-the-end-of-a-row", "0123456789\033[ @x", "123456789/x", "2,2", NULL},
	{"margins-home", "\033[?69h\033[3;6s", "", "1,1", NULL},
	/* tabs */
	{"tab", "\tx", "        x", "10,1", NULL},
	{"tab-stops", "\t\tx", "         x", "10,1", NULL},
	{"hts", "\033[1;4H\033H\r\tx", "   x", "5,1", NULL},
	{"tbc", "\033[3g\tx", "         x", "10,1", NULL},
	{"cht-cbt", "\033[I\033[Zx", "x", "2,1", NULL},
	/* character sets */
	{"line-drawing", "\033(0lqk\033(Bq", "\u250c\u2500\u2510q", "5,1", NULL},
	{"shift-out", "\033)0\016q\017q", "\u2500q", "3,1", NULL},
	{"decaln", "\033#8", "EEEEEEEEEE/EEEEEEEEEE/EEEEEEEEEE/EEEEEEEEEE/EEEEEEEEEE",
		NULL, NULL},
	/* screens */
	{"alternate", "main\033[?1049hother", "    other", NULL, NULL},
	{"alternate-back", "main\033[?1049hother\033[?1049lx", "mainx", "6,1", NULL},
	{"alternate-clears", "\033[?1049hold\033[?1049l\033[?1049hx", "x", "2,1", NULL},
	{"alternate-47", "main\033[?47hx\033[?47l", "main", NULL, NULL},
	{"hidden-cursor", "\033[?25l", "", "none", NULL},
	{"ris", "abc\033[2;3r\033c", "", "1,1", NULL},
	{"decstr", "\033[?25l\033[2;3r\033[!p\033[1;1Hx", "x", "2,1", NULL},
	/* reports */
	{"dsr", "\033[5n", "", NULL, "\033[0n"},
	{"cpr", "\033[3;4H\033[6n", "", NULL, "\033[3;4R"},
	{"cpr-origin", "\033[2;4r\033[?6h\033[2;1H\033[6n", "", NULL, "\033[2;1R"},
	{"decxcpr", "\033[2;3H\033[?6n", "", NULL, "\033[?2;3R"},
	{"da", "\033[c", "", NULL, "\033[?1;2c"},
	{"da2", "\033[>c", "", NULL, "\033[>0;100;0c"},
	{"decrqm-wrap", "\033[?7$p\033[?7l\033[?7$p", "", NULL, "\033[?7;1$y\033[?7;2$y"},
	{"decrqm-unknown", "\033[?9999$p", "", NULL, "\033[?9999;0$y"},
	{"decrqm-held", "\033[?2026h\033[?2026$p", "", NULL, "\033[?2026;1$y"},
	{"decrqm-paste", "\033[?2004h\033[?2004$p", "", NULL, "\033[?2004;1$y"},
	{"decrqss-sgr", "\033[1;4:3;31;58;5;9m\033P$qm\033\\", "", NULL,
		"\033P1$r0;1;4:3;31;58:5:9m\033\\"},
	{"decrqss-margins", "\033[2;4r\033P$qr\033\\", "", NULL, "\033P1$r2;4r\033\\"},
	{"decrqss-cursor", "\033[4 q\033P$q q\033\\", "", NULL, "\033P1$r4 q\033\\"},
	{"decrqss-unknown", "\033P$qz\033\\", "", NULL, "\033P0$r\033\\"},
	{"xtversion", "\033[>q", "", NULL, "\033P>|maquette terminal\033\\"},
	{"size", "\033[18t", "", NULL, "\033[8;5;10t"},
	{"color", "\033]4;1;#102030\007\033]4;1;?\007", "", NULL,
		"\033]4;1;rgb:1010/2020/3030\033\\"},
	{"back-color", "\033]11;rgb:ff/00/80\033\\\033]11;?\033\\", "", NULL,
		"\033]11;rgb:ffff/0000/8080\033\\"},
	/* C1 controls, and programs that do not speak UTF-8 */
	{"c1", "ab\302\233Hx\302\205y", "xb/y", "2,2", NULL},
	{"c1-not-in-utf8", "a\2332Jb", "a\ufffd2Jb", NULL, NULL},
	{"s8c1t-not-in-utf8", "\033 G\033[6n\033[c", "", NULL, "\033[1;1R\033[?1;2c"},
	{"latin", "\033%@\351\233Cx\033%G\303\251", "\u00e9 x\u00e9", "5,1", NULL},
	{"latin-drawing", "\033%@\033(0q\033(B", "\u2500", NULL, NULL},
	{"latin-until-reset", "\033%@\033 G\033c\303\251\033[c", "\u00e9", NULL,
		"\033[?1;2c"},
	{"latin-seven-bits", "\033%@\033[6n\033[c", "", NULL, "\033[1;1R\033[?1;2c"},
	{"s8c1t", "\033%@\033 G\2336n\233c\033P$qm\033\\", "", NULL,
		"\2331;1R\233?1;2c\2201$r0m\234"},
	{"s8c1t-before-latin", "\033 G\033%@\033[6n\033[c\033%G\033[6n\033[c", "", NULL,
		"\2331;1R\233?1;2c\033[1;1R\033[?1;2c"},
	{"s7c1t", "\033%@\033 G\033 F\033[6n\033[c", "", NULL, "\033[1;1R\033[?1;2c"},
	/* VT52 */
	{"vt52-place", "\033[?2l\033Y\"&x\033Y:!y", "// y    x", "3,3", NULL},
	{"vt52-beyond", "\033[?2l\033Y\"~x", "//         x", NULL, NULL},
	{"vt52-cursor", "\033[?2l\033Y\"\"\033Aa\033Bb\033Dc\033Cd\033He", "e/  a/   c d",
		"2,1", NULL},
	{"vt52-erase", FULL "\033[?2l\033Y!\"\033J\033H\033C\033K", "a/b1", NULL, NULL},
	{"vt52-reverse-line-feed", "a\033[?2l\033H\033Ib", "b/a", NULL, NULL},
	{"vt52-drawing", "\033[?2l\033Fq\033Gq\033F\033<q", "\u2500qq", NULL, NULL},
	{"vt52-identify", "\033[?2l\033Z\033<\033[?2$p", "", NULL, "\033/Z\033[?2;1$y"},
	{"vt52-no-sequences", "\033[?2l\033[6nx", "6nx", NULL, NULL},
	{"vt52-back", "\033[?2l\033<\033[6n", "", NULL, "\033[1;1R"},
	{"vt52-reset", "\033[?2lx\033c\033[6n", "", NULL, "\033[1;1R"},
	/* what is none */
	/* as vim, tmux, less, htop, mc use them */
	{"region-keeps", FULL "\033[2;4r\033[4;1H\n\033[r",
		"a123456789/c123456789/d123456789//e123456789", "1,1", NULL},
	{"region-su", FULL "\033[2;4r\033[2S\033[r", "a123456789/d123456789///e123456789",
		"1,1", NULL},
	{"region-sd", FULL "\033[2;4r\033[T\033[r",
		"a123456789//b123456789/c123456789/e123456789", "1,1", NULL},
	{"region-il", FULL "\033[2;4r\033[2;5H\033[L\033[r",
		"a123456789//b123456789/c123456789/e123456789", NULL, NULL},
	{"region-dl-outside", FULL "\033[2;3r\033[5;1H\033[M\033[r",
		"a123456789/b123456789/c123456789/d123456789/e123456789", NULL, NULL},
	{"rep-wide", "\u4e2d\033[2b", "\u4e2d\u4e2d\u4e2d", "7,1", NULL},
	{"rep-wraps", "01234567a\033[3b", "01234567aa/aa", "3,2", NULL},
	{"ech-beyond", "0123456789\033[1;8H\033[99X", "0123456", "8,1", NULL},
	{"su-beyond", FULL "\033[99S", "", NULL, NULL},
	{"sd-beyond", FULL "\033[99T", "", NULL, NULL},
	{"save-each-screen", "\033[2;3H\0337\033[?1047h\033[4;5H\0337\033[?1047l\0338x",
		"/  x", "4,2", NULL},
	{"save-1049", "\033[2;3H\033[?1049h\033[4;5H\0337\033[H\033[?1049lx", "/  x",
		"4,2", NULL},
	{"save-1048", "\033[2;3H\033[?1048h\033[H\033[?1048lx", "/  x", "4,2", NULL},
	{"save-origin", "\033[2;4r\033[?6h\033[2;2H\0337\033[?6l\033[H\0338x\033[6n",
		"// x", "3,3", "\033[2;3R"},
	{"save-no-origin", "\033[2;2H\0337\033[2;4r\033[?6h\0338x\033[6n", "/ x", "3,2",
		"\033[2;3R"},
	{"deccolm-ignored", "ab\033[?3hc", "abc", "4,1", NULL},
	{"deccolm-clears", "\033[2;4rab\033[?40h\033[?3hc", "c", "2,1", NULL},
	{"xtwinops-8-ignored", "\033[8;9;9tx", "x", "2,1", NULL},
	{"xtwinops-cells", "\033[18t\033[19t", "", NULL, "\033[8;5;10t\033[9;5;10t"},
	{"xtwinops-pixels", "\033[14t\033[16t", "", NULL, "\033[4;80;70t\033[6;16;7t"},
	{"decrqm-alternate", "\033[?1049$p\033[?1049h\033[?1049$p", "", NULL,
		"\033[?1049;2$y\033[?1049;1$y"},
	{"decrqm-mouse", "\033[?1006h\033[?1006$p\033[?1002$p", "", NULL,
		"\033[?1006;1$y\033[?1002;2$y"},
	{"decrqm-cursor", "\033[?25$p\033[?25l\033[?25$p", "", NULL,
		"\033[?25;1$y\033[?25;2$y"},
	{"decrqm-columns", "\033[?3$p", "", NULL, "\033[?3;4$y"},
	{"decrqm-insert", "\033[4$p\033[4h\033[4$p", "", NULL, "\033[4;2$y\033[4;1$y"},
	{"decrqm-graphemes", "\033[?2027$p", "", NULL, "\033[?2027;0$y"},
	{"decscusr-bar", "\033[6 q\033P$q q\033\\", "", NULL, "\033P1$r6 q\033\\"},
	{"decscusr-default", "\033[4 q\033[0 q\033P$q q\033\\", "", NULL,
		"\033P1$r1 q\033\\"},
	{"da3", "\033[=c", "", NULL, "\033P!|00000000\033\\"},
	{"decreqtparm", "\033[x\033[1x\033[2x", "", NULL,
		"\033[2;1;1;128;128;1;0x\033[3;1;1;128;128;1;0x"},
	{"palette-asked", "\033]4;1;?\033\\", "", NULL,
		"\033]4;1;rgb:e0e0/6060/4c4c\033\\"},
	{"palette-several", "\033]4;1;#010203;2;rgb:4/5/6;1;?;2;?\007", "", NULL,
		"\033]4;1;rgb:0101/0202/0303\033\\\033]4;2;rgb:4444/5555/6666\033\\"},
	{"palette-reset-one",
		"\033]4;1;#010203;2;#010203\007\033]104;1\007\033]4;1;?;2;?\007", "",
		NULL,
		"\033]4;1;rgb:e0e0/6060/4c4c\033\\\033]4;2;rgb:0101/0202/0303\033\\"},
	{"palette-reset",
		"\033]4;1;#010203\007\033]11;#010203\007\033]104\007\033]4;1;?\007\033]"
		"11;?\007",
		"", NULL,
		"\033]4;1;rgb:e0e0/6060/4c4c\033\\\033]11;rgb:0101/0202/0303\033\\"},
	{"palette-nonsense",
		"\033]4\007\033]4;\007\033]4;x;?\007\033]4;999;?\007\033]4;1\007x", "x",
		NULL, NULL},
	{"ground-reset",
		"\033]10;#111111\007\033]11;#222222\007\033]111\007\033]10;?\007\033]11;?"
		"\007",
		"", NULL,
		"\033]10;rgb:1111/1111/1111\033\\\033]11;rgb:1010/1414/1818\033\\"},
	{"xtgettcap", "\033P+q544e\033\\x", "x", NULL, NULL},
	{"kitty-keys", "\033[?u\033[>1u\033[<ux", "x", NULL, NULL},
	{"modify-keys", "\033[>4;2m\033[>4mx", "x", NULL, NULL},
	{"shell-marks", "\033]133;A\007$ \033]133;B\007\033]7;file:///\007", "$", NULL,
		NULL},
	{"cancelled", "\033[3\030x", "x", "2,1", NULL},
	{"unknown", "\033[5yx\033[?5;6%vx", "xx", NULL, NULL},
	{"string", "\033_nothing\033\\x\033^y\033\\", "x", NULL, NULL},
};

static void on_output(void *data, const char *bytes, gsize size)
{
	g_string_append_len(data, bytes, (gssize)size);
}

static const ScreenOps ops = {.output = on_output};

static void append_row(Screen *screen, int row, GString *text)
{
	gsize start = text->len;

	for (int column = 0; column < COLUMNS; column++) {
		Cell cell = screen_cell(screen, column, row);

		if (cell.width)
			g_string_append_unichar(
				text, cell.chars[0] ? cell.chars[0] : ' ');
	}
	while (text->len > start && text->str[text->len - 1] == ' ')
		g_string_truncate(text, text->len - 1);
}

/* (transfer full) */
static char *rows_of(Screen *screen)
{
	GString *text = g_string_new(NULL);

	for (int row = 0; row < ROWS; row++) {
		if (row)
			g_string_append_c(text, '/');
		append_row(screen, row, text);
	}
	while (text->len && text->str[text->len - 1] == '/')
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

static void check(gconstpointer data)
{
	const Case *test = data;
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	int column, row;

	screen_set_cell(screen, 7, 16);
	screen_feed(screen, test->input, strlen(test->input));
	g_autofree char *rows = rows_of(screen);
	g_assert_cmpstr(rows, ==, test->rows);
	bool shown = screen_cursor(screen, &column, &row);
	g_autofree char *cursor =
		shown ? g_strdup_printf("%d,%d", column + 1, row + 1) : g_strdup("none");
	if (test->cursor)
		g_assert_cmpstr(cursor, ==, test->cursor);
	g_assert_cmpstr(answer->str, ==, test->answer ? test->answer : "");
	screen_free(screen);
}

/* ---- looks ---- */

typedef struct {
	const char *input; /* of a character's look */
	guint16 flags;
} Look;

static void looks(void)
{
	static const Look table[] = {
		{"1", GLYPH_BOLD},
		{"2", GLYPH_DIM},
		{"3", GLYPH_ITALIC},
		{"9", GLYPH_STRIKE},
		{"53", GLYPH_OVERLINE},
		{"1;22", 0},
		{"3;9;23;29", 0},
		{"4", UNDERLINE_SINGLE << GLYPH_UNDERLINE_SHIFT},
		{"4:2", UNDERLINE_DOUBLE << GLYPH_UNDERLINE_SHIFT},
		{"21", UNDERLINE_DOUBLE << GLYPH_UNDERLINE_SHIFT},
		{"4:3", UNDERLINE_CURLY << GLYPH_UNDERLINE_SHIFT},
		{"4:4", UNDERLINE_DOTTED << GLYPH_UNDERLINE_SHIFT},
		{"4:5", UNDERLINE_DASHED << GLYPH_UNDERLINE_SHIFT},
		{"4:3;24", 0},
		{"4:0", 0},
		{"38;5;1;1", GLYPH_BOLD},
		{"38;2;1;2;3;1", GLYPH_BOLD},
		{"38:2::1:2:3;1", GLYPH_BOLD},
		{"1;0", 0},
		{"1;;", 0},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GString) answer = g_string_new(NULL);
		Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
		g_autofree char *text = g_strdup_printf("\033[%smx", table[i].input);

		screen_feed(screen, text, strlen(text));
		g_assert_cmphex(screen_cell(screen, 0, 0).flags, ==, table[i].flags);
		screen_free(screen);
	}
}

static void line_colors(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	const char *text = "\033[4;58:2::10:20:30ma\033[59mb";

	screen_feed(screen, text, strlen(text));
	g_assert_cmphex(screen_cell(screen, 0, 0).line, ==, 0x0a141e);
	g_assert_cmphex(
		screen_cell(screen, 1, 0).line, ==, screen_cell(screen, 1, 0).front);
	screen_free(screen);
}

static void links(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	const char *text = "\033]8;id=1;https://a.b/c\033\\x\033]8;;\033\\y";

	screen_feed(screen, text, strlen(text));
	g_assert_cmpstr(
		screen_link(screen, screen_cell(screen, 0, 0).link), ==, "https://a.b/c");
	g_assert_null(screen_link(screen, screen_cell(screen, 1, 0).link));
	screen_free(screen);
}

/* What is erased has the colour of the pen's ground. */
static void erased_in_color(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	const char *text = "\033[48;2;1;2;3m\033[K\033[0m\033[2;1H\033[K";

	screen_feed(screen, text, strlen(text));
	g_assert_cmphex(screen_cell(screen, 5, 0).back, ==, 0x010203);
	g_assert_cmphex(screen_cell(screen, 5, 1).back, ==, screen_palette(screen)->back);
	screen_free(screen);
}

static void pen_is_saved(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	const char *text = "\033[1m\0337\033[0ma\0338b";

	screen_feed(screen, text, strlen(text));
	g_assert_cmphex(screen_cell(screen, 0, 0).flags, ==, GLYPH_BOLD);
	screen_free(screen);
}

/* ---- what the user does ---- */

static void mouse(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_feed(screen, "\033[?1000h\033[?1006h", 16);
	g_assert_cmpint(screen_mouse(screen), ==, MOUSE_CLICK);
	screen_pointer(screen, 2, 1, 0);
	screen_button(screen, 1, true, 0);
	screen_button(screen, 1, false, 0);
	screen_button(screen, 4, true, 0);
	g_assert_cmpstr(answer->str, ==, "\033[<0;3;2M\033[<0;3;2m\033[<64;3;2M");
	g_string_truncate(answer, 0);
	screen_feed(screen, "\033[?1003h", 8);
	screen_pointer(screen, 3, 1, 0);
	g_assert_cmpstr(answer->str, ==, "\033[<35;4;2M");
	screen_free(screen);
}

static void feed(Screen *screen, const char *text)
{
	screen_feed(screen, text, strlen(text));
}

/* Put away and taken back; more than there is room for, or none, harms nothing. */
static void titles(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	feed(screen, "\033]2;one\007\033[22;2t\033]2;two\007");
	g_assert_cmpstr(screen_title(screen), ==, "two");
	feed(screen, "\033[23;2t");
	g_assert_cmpstr(screen_title(screen), ==, "one");
	feed(screen, "\033[23;2t");
	g_assert_cmpstr(screen_title(screen), ==, "one");
	for (int i = 0; i < 1000; i++)
		feed(screen, "\033[22t");
	feed(screen, "\033]2;three\007\033[23t");
	g_assert_cmpstr(screen_title(screen), ==, "one");
	screen_free(screen);
}

/* Neither its shape nor whether it is seen is saved with the cursor. */
static void cursor_looks_stay(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);
	int column, row;

	feed(screen, "\0337\033[6 q\033[?25l\0338");
	g_assert_cmpint(screen_cursor_shape(screen), ==, CURSOR_BAR);
	g_assert_false(screen_cursor(screen, &column, &row));
	feed(screen, "\0337\033[?25h\0338");
	g_assert_true(screen_cursor(screen, &column, &row));
	screen_free(screen);
}

static void focus(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_focus(screen, true);
	screen_feed(screen, "\033[?1004h", 8);
	screen_focus(screen, false);
	screen_focus(screen, true);
	g_assert_cmpstr(answer->str, ==, "\033[O\033[I");
	screen_free(screen);
}

static void paste(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_paste(screen, "a\nb");
	screen_feed(screen, "\033[?2004h", 8);
	screen_paste(screen, "c\033[201~d");
	g_assert_cmpstr(answer->str, ==, "a\rb\033[200~c[201~d\033[201~");
	screen_free(screen);
}

/* In Latin-1, what is typed is, too. */
static void typed_latin(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_character(screen, 0xe9, 0);
	screen_feed(screen, "\033%@\033 G", 6);
	screen_character(screen, 0xe9, 0);
	screen_character(screen, 0x20ac, 0);
	screen_paste(screen, "\u00fc");
	screen_key(screen, KEY_UP, 0);
	g_assert_cmpstr(answer->str, ==, "\303\251\351?\374\233A");
	screen_free(screen);
}

static void typed_as_a_vt52(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_feed(screen, "\033[?2l", 5);
	screen_key(screen, KEY_UP, 0);
	screen_key(screen, KEY_F1, 0);
	screen_key(screen, KEY_ENTER, 0);
	screen_feed(screen, "\033<", 2);
	screen_key(screen, KEY_UP, 0);
	g_assert_cmpstr(answer->str, ==, "\033A\033P\r\033[A");
	screen_free(screen);
}

static void on_bell(void *data)
{
	g_string_append(data, "<bell>");
}

static void on_copy(void *data, const char *text)
{
	g_string_append_printf(data, "<%s>", text ? text : "?");
}

/* What the owner of the screen is asked for; whether it is done is the owner's. */
static void asks_its_owner(void)
{
	static const ScreenOps all = {on_output, on_bell, on_copy};
	g_autoptr(GString) asked = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &all, asked);
	const char *text =
		"\007\033]52;c;aGVsbG8=\033\\\033]52;c;?\007\033]52;nonsense\007"
		"\033]52;c;*\007";

	screen_feed(screen, text, strlen(text));
	g_assert_cmpstr(asked->str, ==, "<bell><hello><?><>");
	screen_free(screen);
}

/* A picture is held back until it is whole. */
static void held(void)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	Screen *screen = screen_new(COLUMNS, ROWS, 100, &ops, answer);

	screen_feed(screen, "\033[?2026hx", 9);
	g_assert_true(screen_held(screen));
	screen_feed(screen, "\033[?2026l", 8);
	g_assert_false(screen_held(screen));
	screen_feed(screen, "\033[?2026h", 8);
	screen_release(screen);
	g_assert_false(screen_held(screen));
	screen_free(screen);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("/terminal/conform/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], check);
	}
	g_test_add_func("/terminal/conform/looks", looks);
	g_test_add_func("/terminal/conform/line-colors", line_colors);
	g_test_add_func("/terminal/conform/links", links);
	g_test_add_func("/terminal/conform/erased-in-color", erased_in_color);
	g_test_add_func("/terminal/conform/pen-is-saved", pen_is_saved);
	g_test_add_func("/terminal/conform/titles", titles);
	g_test_add_func("/terminal/conform/cursor-looks-stay", cursor_looks_stay);
	g_test_add_func("/terminal/conform/mouse", mouse);
	g_test_add_func("/terminal/conform/focus", focus);
	g_test_add_func("/terminal/conform/paste", paste);
	g_test_add_func("/terminal/conform/typed-latin", typed_latin);
	g_test_add_func("/terminal/conform/typed-as-a-vt52", typed_as_a_vt52);
	g_test_add_func("/terminal/conform/asks-its-owner", asks_its_owner);
	g_test_add_func("/terminal/conform/held", held);
	return g_test_run();
}
