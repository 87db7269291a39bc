package render

import (
	"fmt"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// abreast is the width from which the columns of a board stand side by side.
const abreast = 100

// leastColumn is the width of a column below which they do not, however wide the terminal.
const leastColumn = 18

// Board shows the board. In Markdown, which is made for posting, a confidential issue is its reference and no more.
func (v *View) Board(doc jsonv1.Board) error {
	s := sheet{columns: []column{
		{name: "Column", field: "column"},
		{name: "Issue", field: "ref"},
		{name: "Title", field: "title", min: 20},
		{name: "Assignees", field: "assignees", min: 8},
		{name: "Weight", field: "weight", right: true},
		{name: "Days", field: "age_days", right: true},
		{name: "Hand-off", field: "handoff"},
		{field: "confidential"}, {name: "Also in", field: "also"}, {field: "web_url"},
	}, none: "no issues on the board of " + where(doc.Target)}
	for _, c := range doc.Columns {
		for _, i := range c.Issues {
			title := text(i.Title)
			if i.Confidential {
				title.span = t("(confidential)")
			}
			s.rows = append(s.rows, []cell{
				text(c.Title), text(i.Ref), title, text(mentions(i.Assignees)), optional(i.Weight), optional(i.AgeDays),
				truth(i.Handoff, "hand-off"), truth(i.Confidential, "confidential"), text(strings.Join(i.Also, ", ")), text(i.WebURL),
			})
		}
	}
	return v.show(doc, body{sheet: s, tail: boardTail(doc)}, func(p *page) { p.board(doc) })
}

// boardTail says which columns hold more than they may, and the notes.
func boardTail(doc jsonv1.Board) []string {
	var list []string
	for _, c := range doc.Columns {
		if c.OverLimit && c.Limit != nil {
			list = append(list, fmt.Sprintf("%s is over its limit: %d of %d.", c.Title, c.Count, *c.Limit))
		}
	}
	return append(list, notes(doc.Notes)...)
}

func (p *page) board(doc jsonv1.Board) {
	head := []span{as(strong, orName(doc.Name)), t(" in " + where(doc.Target))}
	if doc.Milestone != "" {
		head = append(head, t(", milestone "+quoted(doc.Milestone)))
	}
	p.line(0, head...)
	n := len(doc.Columns)
	switch {
	case n == 0:
		p.line(0, t("no columns"))
	case p.o.Width == 0 || p.o.Width < abreast || (p.o.Width-gap*(n-1))/n < leastColumn:
		p.boardStacked(doc)
	default:
		p.boardAbreast(doc, (p.o.Width-gap*(n-1))/n)
	}
	p.tail(boardTail(doc))
}

func orName(s string) string {
	if s == "" {
		return "Board"
	}
	return s
}

func (p *page) boardStacked(doc jsonv1.Board) {
	for _, c := range doc.Columns {
		p.gap()
		p.line(0, columnHead(c)...)
		for _, i := range c.Issues {
			p.line(2, append(cardHead(i, ref(i, doc.Target)), t(" "+i.Title))...)
		}
		if more := c.Count - len(c.Issues); more > 0 {
			p.line(2, as(faint, fmt.Sprintf("… and %d more", more)))
		}
	}
}

// columnHead says in words when the limit is exceeded.
func columnHead(c jsonv1.Column) []span {
	n := strconv.Itoa(c.Count)
	if c.Limit != nil {
		n += " of " + strconv.Itoa(*c.Limit)
	}
	head := []span{as(strong, c.Title), t(" (" + n + ")")}
	if c.OverLimit {
		head = append(head, t(" "), as(bad, "over limit"))
	}
	return head
}

// ref leaves out the project where the board is that project's.
func ref(i jsonv1.Card, in jsonv1.Target) string {
	if number, own := strings.CutPrefix(i.Ref, in.Path+"#"); own {
		return "#" + number
	}
	return i.Ref
}

// cardHead is the line above or before an issue's title.
func cardHead(i jsonv1.Card, ref string) []span {
	head := []span{as(strong, ref)}
	var facts []string
	if i.Weight != nil {
		facts = append(facts, "w"+strconv.Itoa(*i.Weight))
	}
	if i.AgeDays != nil {
		facts = append(facts, strconv.Itoa(*i.AgeDays)+"d")
	}
	if len(i.Assignees) > 0 {
		facts = append(facts, mentions(i.Assignees))
	}
	if len(facts) > 0 {
		head = append(head, as(faint, " "+strings.Join(facts, " ")))
	}
	for _, mark := range cardMarks(i) {
		head = append(head, t(" "), as(warn, mark))
	}
	return head
}

func cardMarks(i jsonv1.Card) []string {
	var marks []string
	if i.Handoff {
		marks = append(marks, "hand-off")
	}
	if i.Confidential {
		marks = append(marks, "confidential")
	}
	if len(i.Also) > 0 {
		marks = append(marks, "also in "+strings.Join(i.Also, ", "))
	}
	return marks
}

// boardAbreast puts the columns side by side, each of the same width.
func (p *page) boardAbreast(doc jsonv1.Board, room int) {
	columns := make([][]string, len(doc.Columns))
	rows := 0
	for i, c := range doc.Columns {
		columns[i] = p.boardColumn(c, doc.Target, room)
		rows = max(rows, len(columns[i]))
	}
	p.gap()
	for r := range rows {
		var line strings.Builder
		for _, c := range columns {
			text := ""
			if r < len(c) {
				text = c[r]
			}
			line.WriteString(text + strings.Repeat(" ", max(room-width(ansi.Strip(text)), 0)+gap))
		}
		p.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// cardLines is how many lines of a title stand on a card.
const cardLines = 2

func (p *page) boardColumn(c jsonv1.Column, in jsonv1.Target, room int) []string {
	lines := p.wrapped(columnHead(c), room)
	lines = append(lines, strings.Repeat("─", room))
	for _, i := range c.Issues {
		lines = append(lines, p.wrapped(cardHead(i, ref(i, in)), room)...)
		title := strings.Split(lipgloss.Wrap(visible.Line(i.Title), room, ""), "\n")
		if len(title) > cardLines {
			rest := strings.Join(title[cardLines-1:], " ")
			title = append(title[:cardLines-1], ansi.Truncate(rest, room, "…"))
		}
		lines = append(lines, append(title, "")...)
	}
	if more := c.Count - len(c.Issues); more > 0 {
		lines = append(lines, p.ink.paint(as(faint, fmt.Sprintf("… and %d more", more))))
	}
	return lines
}

// wrapped breaks spans into lines, between two of them where that is possible.
func (p *page) wrapped(spans []span, room int) []string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(p.ink.paint(s))
	}
	return strings.Split(lipgloss.Wrap(b.String(), room, ""), "\n")
}
