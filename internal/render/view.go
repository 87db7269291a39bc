// Package render shows the published documents to people and programs: as a page for a terminal, as tab-separated
// lines in a pipe, as JSON, YAML, CSV and Markdown, and some of them as a calendar or a page for a browser.
//
// Start with [New]; a [View] has one method for each document of pkg/jsonv1, and all forms are made from that document
// and nothing else, so that they cannot disagree. A document's page and its table stand in the file of its name; plans have
// the folder of that name, and pages for a browser are in html. How a table or a page is written is layout's, and how a time or
// a state is named is that of words. Nothing is fetched or computed here that the document does not say, and what a terminal
// can do is told by the caller.
package render

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Format is how a document is written.
type Format string

// The formats. Table is a page on a terminal and tab-separated lines without a header elsewhere.
const (
	Table    Format = "table"
	JSON     Format = "json"
	YAML     Format = "yaml"
	CSV      Format = "csv"
	Markdown Format = "md"
)

// Formats that some documents have besides: calendars, and pages for a browser.
const (
	ICS  Format = "ics"
	HTML Format = "html"
)

// Formats are the formats that every document has, for help and completion.
func Formats() []string {
	return []string{string(Table), string(JSON), string(YAML), string(CSV), string(Markdown)}
}

// Options say how results are to be written.
type Options struct {
	Format   Format         // empty: Table, or JSON when JQ is given
	Also     []Format       // what the document to come has besides [Formats]
	JQ       string         // an expression that JSON goes through
	TTY      bool           // the writer is a terminal
	Width    int            // its columns; 0: unlimited
	Color    bool           // it may be given styles
	Location *time.Location // for instants on a page; nil: UTC
	Now      time.Time      // for "in 3 days"
	Quiet    bool           // pages leave out notes and hints
	Aside    io.Writer      // gets the notes where the form has no place for them: pipes and CSV; nil: nobody
	Reveal   bool           // what confidential issues are about is told in every form, and not on pages alone
}

// View writes documents. It is not for use by several goroutines at once.
type View struct {
	w     io.Writer
	o     Options
	jq    *gojq.Code
	clock words.Clock
}

// New checks the options. An unknown format, an expression that is none, and one together with a format
// other than JSON are errors of kind Usage, so that they are found before any request is made.
func New(w io.Writer, o Options) (*View, error) {
	if o.Format == "" && o.JQ != "" {
		o.Format = JSON
	}
	if o.Format == "" {
		o.Format = Table
	}
	if err := o.known(); err != nil {
		return nil, err
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	v := &View{w: w, o: o, clock: words.Clock{In: o.Location, Now: o.Now}}
	if o.JQ == "" {
		return v, nil
	}
	if o.Format != JSON {
		return nil, fault.New(fault.Usage, "leave out -o, or say -o json", "--jq works on JSON, not on %s", o.Format)
	}
	var err error
	v.jq, err = compile(o.JQ)
	return v, err
}

// known is a fault of kind Usage for a format that what is to be shown does not have.
func (o Options) known() error {
	all := Formats()
	for _, f := range o.Also {
		all = append(all, string(f))
	}
	if slices.Contains(all, string(o.Format)) {
		return nil
	}
	hint := "use one of " + strings.Join(all, ", ")
	if o.Format == ICS || o.Format == HTML {
		return fault.New(fault.Usage, hint, "this command has no output format %q", o.Format)
	}
	return fault.New(fault.Usage, hint, "there is no output format %q", o.Format)
}

// otherWidth is a width that terminals have.
const otherWidth = 80

// Format is the format in use.
func (v *View) Format() Format { return v.o.Format }

// To is a view that writes pages to another writer, for what a person reads before the result: a plan to be confirmed.
func (v *View) To(w io.Writer, tty, color bool) *View {
	o := v.o
	o.Format, o.JQ, o.TTY, o.Color, o.Aside = Table, "", tty, color, w
	if tty && o.Width == 0 {
		o.Width = otherWidth // standard output is a pipe, and only its width is known
	}
	return &View{w: w, o: o, clock: v.clock}
}

// body is a document's content for the forms that are tables.
type body struct {
	sheet sheet
	tail  []string // sentences below it, for pages and Markdown: sums
	notes []string // what else a reader should know, in every form but those that are the document itself
	said  []line   // for pipes, instead of the table: what is read in a log more than by a program
	post  string   // for Markdown, instead of the table and the sentences

	also map[Format]func() string // the forms that this document has besides
}

// write puts on a page what a pipe is given in lines too, else the table and the sentences below it.
func (b body) write(p *page) {
	if len(b.said) > 0 {
		p.Lines(b.said)
		p.Tail(layout.Notes(b.notes))
		return
	}
	p.Sheet(b.sheet)
	p.Tail(b.sentences())
}

// sentences are all that stands below a table.
func (b body) sentences() []string { return append(slices.Clone(b.tail), layout.Notes(b.notes)...) }

// reveals reports whether the form may tell what a confidential issue is about: a page is read by who asked for it, while all
// else is posted, saved or logged.
func (v *View) reveals() bool { return v.o.Reveal || v.o.Format == Table && v.o.TTY }

// revealed is a document as the form may tell it: whole, or without what confidential issues are about.
func revealed[D interface{ Withhold() D }](v *View, doc D) D {
	if v.reveals() {
		return doc
	}
	return doc.Withhold()
}

// show writes the document in the view's format, in one piece. page writes the form for a terminal;
// where it is nil that is the table and the sentences below it.
func (v *View) show(doc any, b body, page func(*page)) error {
	text, err := v.text(doc, b, page)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(v.w, text); err != nil {
		return err
	}
	return v.aside(b)
}

// aside says what a table for programs leaves out: the notes, and that there is nothing.
func (v *View) aside(b body) error {
	if v.o.Aside == nil || v.o.Quiet || v.o.Format != CSV && (v.o.Format != Table || v.o.TTY) {
		return nil
	}
	list := b.notes
	if len(b.sheet.Rows) == 0 && b.sheet.None != "" {
		list = append([]string{strings.TrimSuffix(b.sheet.None, ".")}, list...)
	}
	var out strings.Builder
	for _, s := range list {
		out.WriteString("prodctl: " + sanitize.Line(s) + "\n")
	}
	_, err := io.WriteString(v.o.Aside, out.String())
	return err
}

func (v *View) text(doc any, b body, draw func(*page)) (string, error) {
	switch v.o.Format {
	case JSON:
		return v.json(doc)
	case YAML:
		return toYAML(doc)
	case CSV:
		return b.sheet.CSV()
	case Markdown:
		if b.post != "" {
			return b.post, nil
		}
		return b.sheet.Markdown(b.sentences()), nil
	}
	if form, ok := b.also[v.o.Format]; ok {
		return form(), nil
	}
	switch {
	case v.o.Format != Table:
		return "", fault.New(fault.Usage, "use one of "+strings.Join(Formats(), ", "), "this result has no output format %q", v.o.Format)
	case !v.o.TTY && len(b.said) > 0:
		return layout.Logged(b.said), nil
	case !v.o.TTY:
		return b.sheet.TSV(), nil
	}
	p := layout.NewPage(v.o.Width, v.o.Color, v.o.Quiet)
	if draw == nil {
		draw = b.write
	}
	draw(p)
	return p.String(), nil
}

// asPage gives a document that has a page for browsers this format besides those of all.
func (v *View) asPage(page func(*time.Location) string) map[Format]func() string {
	return map[Format]func() string{HTML: func() string { return page(v.clock.In) }}
}

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
