// Package render writes the published documents for people and programs: as a page for a terminal, as tab-separated lines in a pipe, as
// JSON, YAML, CSV and Markdown, and some of them as a calendar or an HTML page.
//
// Start with [New]. A [View] has one method for each document of pkg/jsonv1. All formats are made from that document and nothing else, so
// they cannot disagree. The page and the table of a document are in the file of its name, or in the package of its name below this one;
// plans are in package plans, HTML pages in package html. Package form holds what every document becomes, package layout writes tables and
// pages, and package words formats times, durations and states. Nothing is fetched or computed here that the document does not contain,
// and the caller says what the terminal can do.
package render

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Format is an output format.
type Format = form.Format

// The formats; see package form.
const (
	Table       = form.Table
	JSON        = form.JSON
	YAML        = form.YAML
	CSV         = form.CSV
	Markdown    = form.Markdown
	ICS         = form.ICS
	HTML        = form.HTML
	SARIF       = form.SARIF
	CodeQuality = form.CodeQuality
)

// Formats returns the formats that every document has, for help and completion.
func Formats() []string {
	return []string{string(Table), string(JSON), string(YAML), string(CSV), string(Markdown)}
}

// Options say how results are written.
type Options struct {
	Format   Format         // empty: Table, or JSON when JQ is given
	Also     []Format       // formats of this document in addition to [Formats]
	JQ       string         // a jq expression to filter JSON with
	TTY      bool           // the writer is a terminal
	Width    int            // its columns; 0: unlimited
	Color    bool           // styles are allowed
	Location *time.Location // for instants on a page; nil: UTC
	Now      time.Time      // for relative times, such as "in 3 days"
	Quiet    bool           // leave notes and hints out of pages
	Aside    io.Writer      // gets the notes that pipes and CSV have no place for; nil: discard them
	Limit    int            // entries of a list that are shown; 0: all
	Reveal   bool           // show confidential issues and internal comments in full, in every format
	Places   account.Places // where the tokens belong whose accounts are shown; nil: unknown

	// Ours reports whether an address is of the configured GitLab: only such ones become links in HTML and Markdown. Nil: all do.
	Ours func(address string) bool

	// Bounded returns the context within which JQ runs: an expression may never end. Nil: unlimited.
	Bounded func() (context.Context, context.CancelFunc)
}

// View writes documents. It must not be used by several goroutines at once.
type View struct {
	w     io.Writer
	o     Options
	jq    *machine.Query
	clock words.Clock

	planner string // the command that is shown with a plan; empty: the one that applies it
}

// New checks the options. An unknown format, an invalid jq expression, and an expression together with a format other than JSON are
// errors of kind Usage, so they are found before any request.
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
		return nil, fault.New(fault.Usage, "Remove -o, or use -o json", "--jq cannot be combined with -o %s", o.Format)
	}
	var err error
	v.jq, err = machine.Compile(o.JQ)
	return v, err
}

// known returns a Usage error if the document to be shown does not have the format.
func (o Options) known() error {
	all := Formats()
	for _, f := range o.Also {
		all = append(all, string(f))
	}
	if slices.Contains(all, string(o.Format)) {
		return nil
	}
	if slices.Contains([]Format{ICS, HTML, SARIF, CodeQuality}, o.Format) {
		return fault.New(fault.Usage, "", "output format %q is not available for this command (use %s)", o.Format, either(all))
	}
	return fault.New(fault.Usage, "", "invalid output format %q (use %s)", o.Format, either(all))
}

// either joins names to an alternative: "table, json or yaml".
func either(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// otherWidth is the assumed width of the other stream.
const otherWidth = 80

// Format returns the format in use.
func (v *View) Format() Format { return v.o.Format }

// To returns a view that writes pages to another writer, for what a person reads before the result: a plan to confirm.
func (v *View) To(w io.Writer, tty, color bool) *View {
	o := v.o
	o.Format, o.JQ, o.TTY, o.Color, o.Aside = Table, "", tty, color, w
	if tty && o.Width == 0 {
		o.Width = otherWidth // only the width of standard output is known, and that is a pipe
	}
	return &View{w: w, o: o, clock: v.clock}
}

// audience is who reads what the view writes. A page on a terminal is read by the person who asked for it; everything else may be posted,
// saved or logged.
func (v *View) audience() jsonv1.Audience {
	switch {
	case v.o.Reveal:
		return jsonv1.Owner
	case v.o.Format == Table && v.o.TTY:
		return jsonv1.Closed
	}
	return jsonv1.Anybody
}

// show writes the document in the view's format, in one piece. form gets the document as the audience may read it, and nothing else. It
// returns the content for tables, and what writes the page for a terminal; nil means the table and the sentences below it.
func show[D any](v *View, doc D, form func(D) (body, func(*page))) error {
	doc = jsonv1.For(doc, v.audience())
	more := ""
	if omitted := jsonv1.Cut(&doc, v.o.Limit); omitted > 0 && !v.o.Quiet {
		more = words.More(omitted, "--limit "+strconv.Itoa(v.o.Limit+omitted))
	}
	b, page := form(named(v, doc))
	text, err := v.text(doc, b, page, more)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(v.w, text); err != nil {
		return err
	}
	return v.aside(b, more)
}

// named replaces the user names of accounts that are not people's, for people: programs get user names.
func named[D any](v *View, doc D) D {
	if v.o.Format == CSV || v.o.Format == Table && !v.o.TTY {
		return doc
	}
	return account.Shown(doc, v.o.Places)
}

// aside writes what a table for programs leaves out: the notes, and that the list is empty. Of a list that was cut it writes how many more
// there are, also beside a document.
func (v *View) aside(b body, more string) error {
	if v.o.Aside == nil || v.o.Quiet || v.forPeople() {
		return nil
	}
	var list []string
	if v.o.Format == CSV || v.o.Format == Table {
		if len(b.Sheet.Rows) == 0 && b.Sheet.None != "" {
			list = append(list, strings.TrimSuffix(b.Sheet.None, "."))
		}
		list = append(list, b.Notes...)
	}
	if more != "" {
		list = append(list, more)
	}
	var out strings.Builder
	for _, s := range list {
		out.WriteString("prodctl: " + sanitize.Line(s) + "\n")
	}
	_, err := io.WriteString(v.o.Aside, out.String())
	return err
}

// forPeople reports whether the format has a place for sentences.
func (v *View) forPeople() bool { return v.o.Format == Markdown || v.o.Format == Table && v.o.TTY }

// text returns the document in the view's format. more is the sentence below a list that was cut, where people read it.
func (v *View) text(doc any, b body, draw func(*page), more string) (string, error) {
	switch v.o.Format {
	case JSON:
		return v.json(doc)
	case YAML:
		return machine.YAML(doc)
	case CSV:
		return b.Sheet.CSV()
	case Markdown:
		if b.Post == "" {
			b.Post = b.Sheet.Markdown(b.Sentences())
		}
		if more != "" {
			b.Post += "\n" + layout.MarkdownLine(more) + "\n"
		}
		return layout.OwnAddresses(b.Post, v.ours), nil
	}
	if form, ok := b.Also[v.o.Format]; ok {
		return layout.OwnLinks(form(), v.ours), nil
	}
	switch {
	case v.o.Format != Table:
		return "", fault.New(fault.Usage, "", "output format %q is not available for this result (use %s)", v.o.Format, either(Formats()))
	case !v.o.TTY && len(b.Log) > 0:
		return layout.Logged(b.Log), nil
	case !v.o.TTY:
		return b.Sheet.TSV(), nil
	}
	p := layout.NewPage(v.o.Width, v.o.Color, v.o.Quiet)
	if draw == nil {
		draw = b.Write
	}
	if draw(p); more != "" {
		p.Gap()
		p.Line(0, as(faint, more))
	}
	return p.String(), nil
}

func (v *View) ours(address string) bool { return v.o.Ours == nil || v.o.Ours(address) }

// json returns the document as JSON, or the result of the jq expression.
func (v *View) json(doc any) (string, error) {
	if v.jq == nil {
		return machine.JSON(doc)
	}
	ctx, cancel := v.bounded()
	defer cancel()
	return v.jq.Run(ctx, doc, v.o.TTY)
}

func (v *View) bounded() (context.Context, context.CancelFunc) {
	if v.o.Bounded == nil {
		return context.WithCancel(context.Background())
	}
	return v.o.Bounded()
}

// within gives the form of another package the view's clock.
func within[D any](v *View, form func(D, words.Clock) (body, func(*page))) func(D) (body, func(*page)) {
	return func(doc D) (body, func(*page)) { return form(doc, v.clock) }
}

// asPage adds the HTML format to a document that has a page for browsers.
func (v *View) asPage(page func(*time.Location) string) map[Format]func() string {
	return map[Format]func() string{HTML: func() string { return page(v.clock.In) }}
}

// Short names for the building blocks of every document.
type (
	span    = layout.Span
	line    = layout.Line
	outline = layout.Outline
	page    = layout.Page
	sheet   = layout.Sheet
	column  = layout.Column
	cell    = layout.Cell

	body   = form.Body
	report = form.Report
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
func unindented(spans ...span) line               { return layout.Unindented(spans...) }
func below(indent int, spans ...span) line        { return line{Indent: indent, Spans: spans} }
func fact(name string, value ...span) layout.Fact { return layout.Fact{Name: name, Value: value} }
func section(name string, lines []line) layout.Section {
	return layout.Section{Name: name, Lines: lines}
}

func part(name string, s sheet, tail []string) form.Part {
	return form.Part{Name: name, Sheet: s, Tail: tail}
}

func text(s string) cell                      { return layout.Text(s) }
func styled(st layout.Style, s string) cell   { return layout.Styled(st, s) }
func both(people, program string) cell        { return layout.Both(people, program) }
func cellOf(people span, program string) cell { return cell{Span: people, Data: program} }
func number(n int) cell                       { return layout.Number(n) }
func optional(n *int) cell                    { return layout.Optional(n) }
func truth(b bool, word string) cell          { return layout.Truth(b, word) }
