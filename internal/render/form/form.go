// Package form holds what a published document becomes before it is written: a table with its sentences, or several tables below each
// other, from which pages, tab-separated lines, CSV and Markdown are made.
//
// Start with [Body]; a [Report] is a document of several tables. A document's form is in package render, or in a package of render with
// the name of the document. Writing to a stream, JSON, YAML and who may read what do not belong here.
package form

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
)

// Format is an output format.
type Format string

// The formats. Table is a page on a terminal and tab-separated lines without a header elsewhere.
const (
	Table    Format = "table"
	JSON     Format = "json"
	YAML     Format = "yaml"
	CSV      Format = "csv"
	Markdown Format = "md"
)

// Formats that only some documents have: a calendar, and an HTML page.
const (
	ICS  Format = "ics"
	HTML Format = "html"
)

// Formats of findings for other programs: SARIF 2.1.0, and GitLab's Code Quality report.
const (
	SARIF       Format = "sarif"
	CodeQuality Format = "codequality"
)

// Body is a document's content for the formats that are tables.
type Body struct {
	Sheet layout.Sheet
	Tail  []string      // sentences below the table, for pages and Markdown
	Notes []string      // notes for the reader, in every format that is not the document itself
	Log   []layout.Line // for pipes, instead of the table: lines that are read in a log rather than by a program
	Post  string        // for Markdown, instead of the table and the sentences

	Also map[Format]func() string // the formats that only this document has
}

// Write writes the page of a document that has no page of its own: the lines that a pipe gets, or the table and the sentences below it.
func (b Body) Write(p *layout.Page) {
	if len(b.Log) > 0 {
		p.Lines(b.Log)
		p.Tail(layout.Notes(b.Notes))
		return
	}
	p.Sheet(b.Sheet)
	p.Tail(b.Sentences())
}

// Sentences returns all sentences below a table.
func (b Body) Sentences() []string { return append(slices.Clone(b.Tail), layout.Notes(b.Notes)...) }

// Rows builds one row for each item of a list.
func Rows[T any](list []T, row func(T) []layout.Cell) [][]layout.Cell {
	var rows [][]layout.Cell
	for _, each := range list {
		rows = append(rows, row(each))
	}
	return rows
}

// Age is a duration in words for people and in minutes for programs, and empty if it is unknown.
func Age(minutes *int) layout.Cell {
	c := layout.Optional(minutes)
	if minutes != nil {
		c.Span = layout.T(words.Lasting(*minutes))
	}
	return c
}
