// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * scan - one line of HID into the tree
 *
 * A line is cut into segments at '|'; each segment starts with what tells its kind:
 * '+ ' or 'x ' a node, ': ' a quote, '. ' a comment, 'tag:' an attribute. The column of
 * a segment decides to which open node it belongs. At run time, Genode gives attributes
 * and quotes to the node opened last, wherever they stand, and so does lenient mode.
 */
#include "scan.h"

#include <string.h>

static guint column_of(const Scan *scan, const char *at)
{
	return (guint)((gsize)(at - scan->line) - scan->wide) + 1;
}

/* Strict: an error. Lenient: carry on behind what is wrong. */
static bool wrong(Scan *scan, const char *at, const char *message)
{
	if (!strict(scan))
		return true;
	error_at(scan->error, MAQ_HID_ERROR_SYNTAX, scan->document, scan->number,
		column_of(scan, at), "%s", message);
	return false;
}

static bool too_much(Scan *scan, const char *what)
{
	error_at(scan->error, MAQ_HID_ERROR_LIMIT, scan->document, scan->number,
		column_of(scan, scan->at), "%s", what);
	return false;
}

/* A string of the document: terminated in place where no token can follow directly. */
static const char *cut(Scan *scan, const char *at, gsize length)
{
	MaqHidDocument *document = scan->document;
	char *string = document->cut + (at - document->text);

	switch (at[length]) {
	case ' ':
	case '|':
	case ':':
	case '\r':
	case '\n':
	case '\0':
		string[length] = '\0';
		return string;
	default:
		return document_strndup(document, at, length);
	}
}

static gsize trimmed(const char *at, gsize length)
{
	while (length && at[length - 1] == ' ')
		length--;
	return length;
}

static const char *segment_end(const Scan *scan)
{
	const char *at = scan->at, *end = scan->end;

	while (at < end && *at != '|')
		at++;
	return at;
}

static void skip_spaces(Scan *scan, const char *end)
{
	const char *at = scan->at;

	while (at < end && *at == ' ')
		at++;
	scan->at = at;
}

/* The deepest open node that stands left of 'column'. */
static MaqHidNode *owner(const Scan *scan, guint column)
{
	MaqHidNode *node = scan->top;

	while (node->parent && node->column >= column)
		node = node->parent;
	return node;
}

static MaqHidNode *content_owner(const Scan *scan, guint column)
{
	return strict(scan) ? owner(scan, column) : scan->top;
}

/* What lies between a head or tag and the end of its segment, trimmed in front. */
static Span rest_of_segment(Scan *scan, const char *end)
{
	skip_spaces(scan, end);
	return (Span){scan->at, (gsize)(end - scan->at)};
}

static bool set_value(Scan *scan, MaqHidNode *node, Attr *attr, Span padded)
{
	const char *end;

	for (gsize i = 0; i < padded.length; i++) {
		scan->wide += ((guchar)padded.at[i] & 0xc0) == 0x80;
		if (padded.at[i] == '\t' &&
			!wrong(scan, padded.at + i, "a tab in a value; expected spaces"))
			return false;
	}
	end = padded.at + padded.length;
	/* the space in front of a delimiter belongs to the delimiter */
	if (padded.length && end < scan->end && padded.at[padded.length - 1] == ' ')
		padded.length--;
	attr->padded = padded;
	attr->value = cut(scan, padded.at, trimmed(padded.at, padded.length));
	scan->at = end;
	if (!strict(scan) || scan->flags & MAQ_HID_DUPLICATES ||
		tree_attr(node, attr->tag) == attr)
		return true;
	error_at(scan->error, MAQ_HID_ERROR_SYNTAX, scan->document, attr->line,
		attr->column, "'%s' is given twice; expected one '%s' a node", attr->tag,
		attr->tag);
	return false;
}

static Attr *add_attr(Scan *scan, MaqHidNode *node, const char *start)
{
	Attr *attr = tree_add_attr(node);

	if (!attr) {
		too_much(scan, "too many attributes");
		return NULL;
	}
	attr->start = start;
	attr->line = scan->number;
	attr->column = column_of(scan, start);
	return attr;
}

static bool scan_attr(Scan *scan, gsize ident)
{
	const char *tag = scan->at;
	MaqHidNode *node = scan->top; /* as at run time, in both modes */
	const char *end = segment_end(scan);

	if (node->parent && column_of(scan, tag) < node->column &&
		!wrong(scan, tag, "expected the attribute no further left than its node"))
		return false;
	scan->at += ident + 1;
	if (scan->at < end && *scan->at != ' ' &&
		!wrong(scan, scan->at, "expected a space between tag and value"))
		return false;
	if (node->last && node->last->kind == KIND_QUOTE) {
		scan->at = end; /* at run time, a quote ends the attributes */
		return wrong(scan, tag, "expected the attribute above the quoted text");
	}
	Attr *attr = add_attr(scan, node, tag);

	if (!attr)
		return false;
	attr->tag = cut(scan, tag, ident);
	return set_value(scan, node, attr, rest_of_segment(scan, end));
}

/* A name, or at run time also an attribute, directly behind the node type. */
static bool scan_name(Scan *scan, MaqHidNode *node)
{
	Span rest = rest_of_segment(scan, segment_end(scan));
	gsize ident = ident_length(rest.at, rest.at + rest.length);
	bool tag = ident && ident < rest.length && rest.at[ident] == ':';
	Attr *attr;

	if (!rest.length)
		return true;
	if (tag && !wrong(scan, rest.at, "expected '|' in front of an attribute"))
		return false;
	if (tag && (ident + 1 == rest.length || rest.at[ident + 1] == ' '))
		return scan_attr(scan, ident);
	attr = add_attr(scan, node, rest.at);
	if (!attr)
		return false;
	attr->tag = "name";
	attr->bare = true;
	return set_value(scan, node, attr, rest);
}

/* The type at scan->at, and the rest of its segment. */
static bool scan_head(Scan *scan, MaqHidNode *node)
{
	gsize ident = ident_length(scan->at, scan->end);

	if (ident) {
		node->type = cut(scan, scan->at, ident);
	} else {
		node->type = "invalid"; /* as at run time */
		if (!wrong(scan, scan->at,
			    "expected a node type: a letter a-z, then a-z, 0-9, '_', "
			    "'-'"))
			return false;
	}
	scan->top = node;
	scan->below_head = true;
	scan->at += ident;
	node->head = scan->at;
	if (scan->at < scan->end && !strchr(" |", *scan->at) &&
		!wrong(scan, scan->at, "expected a space behind the node type"))
		return false;
	while (scan->at < scan->end && !strchr(" |", *scan->at))
		scan->at++;
	return scan_name(scan, node);
}

static MaqHidNode *add_node(Scan *scan, MaqHidNode *parent, Kind kind)
{
	MaqHidNode *node;

	if (parent && parent->depth + 1 >= MAQ_HID_MAX_DEPTH) {
		too_much(scan, "nodes are nested too deeply");
		return NULL;
	}
	node = tree_add(scan->document, parent, kind);
	if (!node) {
		too_much(scan, "too many nodes and attributes");
		return NULL;
	}
	node->start = scan->at;
	node->line = scan->number;
	node->column = column_of(scan, scan->at);
	return node;
}

static bool scan_node(Scan *scan, Kind kind)
{
	MaqHidNode *parent = owner(scan, column_of(scan, scan->at));
	MaqHidNode *node = add_node(scan, parent, kind);

	if (!node)
		return false;
	scan->at += 2;
	return scan_head(scan, node);
}

static bool scan_top_level(Scan *scan)
{
	MaqHidNode *node;

	if (scan->at != scan->line || !ident_length(scan->at, scan->end)) {
		error_at(scan->error, MAQ_HID_ERROR_SYNTAX, scan->document, scan->number,
			column_of(scan, scan->at),
			"expected the type of the top-level node");
		return false;
	}
	node = add_node(scan, NULL, KIND_NODE);
	return node && scan_head(scan, node);
}

/* The rest of the line behind '.' or ':' */
static Span rest_of_line(Scan *scan)
{
	const char *at = MIN(scan->at + 2, scan->end);
	Span span = {at, (gsize)(scan->end - at)};

	scan->at = scan->end;
	return span;
}

static bool scan_quote(Scan *scan)
{
	MaqHidNode *node = content_owner(scan, column_of(scan, scan->at));
	MaqHidNode *quote = add_node(scan, node, KIND_QUOTE);

	if (!quote)
		return false;
	scan->top = node;
	scan->below_head = false;
	quote->content = rest_of_line(scan);
	return true;
}

/* A comment line: stays where it is, unless it describes the head above it. */
static bool scan_comment_line(Scan *scan)
{
	guint column = column_of(scan, scan->at);
	bool leading = scan->below_head && column == scan->top->depth * 2 + 1;
	MaqHidNode *parent = leading ? scan->top : owner(scan, column);
	MaqHidNode *comment = add_node(scan, parent, KIND_COMMENT);

	if (!comment)
		return false;
	comment->leading = leading;
	comment->content = rest_of_line(scan);
	return true;
}

/* A comment behind something: belongs to the last attribute, or to the node. */
static bool scan_annotation(Scan *scan)
{
	MaqHidNode *node = scan->top;
	Span span;

	if (node->last && node->last->kind == KIND_QUOTE)
		return scan_comment_line(scan);
	span = rest_of_line(scan);
	if (node->last_attr)
		node->last_attr->annotation = span;
	else
		node->annotation = span;
	return true;
}

static bool is_mark(const Scan *scan, char mark)
{
	return *scan->at == mark && (scan->at + 1 == scan->end || scan->at[1] == ' ');
}

static bool scan_segment(Scan *scan)
{
	gsize ident;

	if (!scan->document->root)
		return scan_top_level(scan);
	if ((is_mark(scan, '+') || is_mark(scan, 'x')) && scan->at + 1 < scan->end)
		return scan_node(scan, *scan->at == 'x' ? KIND_DISABLED : KIND_NODE);
	if (is_mark(scan, ':'))
		return scan_quote(scan);
	if (is_mark(scan, '.'))
		return scan->begun ? scan_annotation(scan) : scan_comment_line(scan);
	ident = ident_length(scan->at, scan->end);
	if (ident && scan->at + ident < scan->end && scan->at[ident] == ':')
		return scan_attr(scan, ident);
	if (!wrong(scan, scan->at,
		    *scan->at == '\t' ? "a tab; expected spaces for indentation"
				      : "expected '+ ', 'x ', ': ', '. ' or 'tag: '"))
		return false;
	scan->at = segment_end(scan);
	return true;
}

/* At a '|': needs space around it, or the end of the line if nothing precedes it. */
static bool scan_bar(Scan *scan)
{
	const char *bar = scan->at++;

	if (bar > scan->line && bar[-1] != ' ')
		return wrong(scan, bar, "expected a space in front of '|'");
	if (scan->at == scan->end && !scan->begun)
		return true;
	if (scan->at == scan->end || *scan->at != ' ')
		return wrong(scan, bar, "expected a space behind '|'");
	return true;
}

bool scan_line(Scan *scan)
{
	scan->begun = false;
	scan->wide = 0;
	while (scan->at < scan->end) {
		if (*scan->at == ' ') {
			skip_spaces(scan, scan->end);
		} else if (*scan->at == '|') {
			if (!scan_bar(scan))
				return false;
		} else {
			if (!scan_segment(scan))
				return false;
			scan->begun = true;
		}
	}
	return true;
}
