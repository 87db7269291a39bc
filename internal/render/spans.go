package render

import (
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
)

// Every document is made of these, so that they have short names here.
type (
	span   = layout.Span
	line   = layout.Line
	story  = layout.Story
	page   = layout.Page
	sheet  = layout.Sheet
	column = layout.Column
	cell   = layout.Cell
)

const (
	plain  = layout.Plain
	strong = layout.Strong
	faint  = layout.Faint
	good   = layout.Good
	warn   = layout.Warn
	bad    = layout.Bad
)

func t(s string) span                             { return layout.T(s) }
func as(st layout.Style, s string) span           { return layout.As(st, s) }
func says(spans ...span) line                     { return layout.Says(spans...) }
func below(indent int, spans ...span) line        { return line{Indent: indent, Spans: spans} }
func fact(name string, value ...span) layout.Fact { return layout.Fact{Name: name, Value: value} }
func section(name string, lines []line) layout.Section {
	return layout.Section{Name: name, Lines: lines}
}

func text(s string) cell                      { return layout.Text(s) }
func styled(st layout.Style, s string) cell   { return layout.Styled(st, s) }
func both(people, program string) cell        { return layout.Both(people, program) }
func cellOf(people span, program string) cell { return cell{Span: people, Data: program} }
func number(n int) cell                       { return layout.Number(n) }
func optional(n *int) cell                    { return layout.Optional(n) }
func truth(b bool, word string) cell          { return layout.Truth(b, word) }

// age is empty where it is not known, in words for people and in minutes for programs.
func age(minutes *int) cell {
	c := optional(minutes)
	if minutes != nil {
		c.Span = t(words.Lasting(*minutes))
	}
	return c
}

// rows are those of a table that has one for each thing of a list.
func rows[T any](list []T, row func(T) []cell) [][]cell {
	var rows [][]cell
	for _, each := range list {
		rows = append(rows, row(each))
	}
	return rows
}
