package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// abreast is the minimum width for showing the columns of a board side by side.
const abreast = 100

// leastColumn is the minimum width of a column for this, however wide the terminal.
const leastColumn = 18

// Board shows the board.
func (v *View) Board(doc jsonv1.Board) error { return show(v, doc, v.boardForm) }

func (v *View) boardForm(doc jsonv1.Board) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Column", Field: "column"},
		{Name: "Issue", Field: "ref"},
		{Name: "Title", Field: "title", Min: 20},
		{Name: "Assignees", Field: "assignees", Min: 8},
		{Name: "Weight", Field: "weight", Right: true},
		{Name: "Days", Field: "age_days", Right: true},
		{Name: "Hand-off", Field: "handoff"},
		{Field: "confidential"}, {Name: "Also in", Field: "other_columns"}, {Field: "web_url"}, {Field: "withheld"},
	}, None: "No issues on the board of " + words.Where(doc.Target)}
	for _, c := range doc.Columns {
		for _, i := range c.Issues {
			s.Rows = append(s.Rows, []cell{
				text(c.Title), text(i.Ref), form.Secret(i.Title, i.Confidential, i.Withheld),
				both(words.Mentions(i.Assignees), strings.Join(i.Assignees, " ")), optional(i.Weight), optional(i.AgeDays),
				truth(i.Handoff, "hand-off"), truth(i.Confidential, "confidential"), text(strings.Join(i.OtherColumns, ", ")), text(i.WebURL),
				truth(i.Withheld, "withheld"),
			})
		}
	}
	b := body{Sheet: s, Tail: overLimit(doc), Notes: doc.Notes}
	return b, func(p *page) { board(p, doc) }
}

// overLimit lists the columns over their limit, for output without column heads.
func overLimit(doc jsonv1.Board) []string {
	var list []string
	for _, c := range doc.Columns {
		if c.OverLimit && c.Limit != nil {
			list = append(list, fmt.Sprintf("%s is over its limit: %d of %d.", c.Title, c.Count, *c.Limit))
		}
	}
	return list
}

func board(p *page, doc jsonv1.Board) {
	name := doc.Name
	if name == "" {
		name = "Board"
	}
	head := []span{as(strong, name), t(" in " + words.Where(doc.Target))}
	if doc.Milestone != "" {
		head = append(head, t(", milestone "+words.Quoted(doc.Milestone)))
	}
	p.Line(0, head...)
	n := len(doc.Columns)
	switch {
	case n == 0:
		p.Line(0, t("No columns"))
	case p.Width == 0 || p.Width < abreast || (p.Width-layout.Gap*(n-1))/n < leastColumn:
		boardStacked(p, doc)
	default:
		boardAbreast(p, doc, (p.Width-layout.Gap*(n-1))/n)
	}
	p.Tail(layout.Notes(doc.Notes))
}

func boardStacked(p *page, doc jsonv1.Board) {
	for _, c := range doc.Columns {
		p.Gap()
		p.Line(0, columnHead(c)...)
		for _, i := range c.Issues {
			p.Line(2, append([]span{as(strong, ref(i, doc.Target)), t(" " + i.Title)}, cardFacts(i)...)...)
		}
		if more := c.Count - len(c.Issues); more > 0 {
			p.Line(2, andMore(more))
		}
	}
}

func andMore(n int) span { return as(faint, fmt.Sprintf("… and %d more", n)) }

// columnHead returns the head of a column, with text in addition to the color if the limit is exceeded.
func columnHead(c jsonv1.Column) []span {
	n := strconv.Itoa(c.Count)
	if c.Limit != nil {
		n += "/" + strconv.Itoa(*c.Limit)
	}
	head := []span{as(strong, c.Title), t(" (" + n + ")")}
	if c.OverLimit {
		head = append(head, t(" "), as(bad, "over limit"))
	}
	return head
}

// ref returns the reference of an issue, without the project if that is the board's.
func ref(i jsonv1.Card, in jsonv1.Target) string {
	if number, own := strings.CutPrefix(i.Ref, in.Path+"#"); own {
		return "#" + number
	}
	return i.Ref
}

// cardFacts returns the facts of an issue after its title.
func cardFacts(i jsonv1.Card) []span {
	var spans []span
	var facts []string
	if i.Weight != nil {
		facts = append(facts, "w"+strconv.Itoa(*i.Weight))
	}
	if i.AgeDays != nil {
		facts = append(facts, strconv.Itoa(*i.AgeDays)+"d")
	}
	if len(i.Assignees) > 0 {
		facts = append(facts, words.Mentions(i.Assignees))
	}
	if len(facts) > 0 {
		spans = append(spans, as(faint, " ("+strings.Join(facts, " ")+")"))
	}
	for _, mark := range cardMarks(i) {
		spans = append(spans, t(" "), as(warn, mark))
	}
	return spans
}

func cardMarks(i jsonv1.Card) []string {
	var marks []string
	if i.Handoff {
		marks = append(marks, "hand-off")
	}
	if i.Confidential {
		marks = append(marks, "confidential")
	}
	if len(i.OtherColumns) > 0 {
		marks = append(marks, "also in "+strings.Join(i.OtherColumns, ", "))
	}
	return marks
}

// boardAbreast writes the columns side by side, each room cells wide.
func boardAbreast(p *page, doc jsonv1.Board, room int) {
	columns := make([][][]span, len(doc.Columns))
	heads, rows := 0, 0
	for i, c := range doc.Columns {
		columns[i] = layout.Wrap(layout.Sanitize(columnHead(c)), room, room)
		heads = max(heads, len(columns[i]))
	}
	for i, c := range doc.Columns {
		blank := make([][]span, heads-len(columns[i]))
		columns[i] = slices.Concat(columns[i], blank, cards(c, doc.Target, room))
		rows = max(rows, len(columns[i]))
	}
	p.Gap()
	for r := range rows {
		var line []span
		for i, lines := range columns {
			if r < len(lines) {
				line = append(line, t(strings.Repeat(" ", max(i*(room+layout.Gap)-layout.Cells(line), 0))))
				line = append(line, lines[r]...)
			}
		}
		p.Put(0, line)
	}
}

// cardLines is the maximum number of lines of a title on a card.
const cardLines = 2

// cards returns the lines of a column below its head.
func cards(c jsonv1.Column, in jsonv1.Target, room int) [][]span {
	lines := [][]span{{t(strings.Repeat("─", room))}}
	for n, i := range c.Issues {
		if n > 0 {
			lines = append(lines, nil)
		}
		lines = append(lines, layout.Wrap(layout.Sanitize(append([]span{as(strong, ref(i, in))}, cardFacts(i)...)), room, room)...)
		lines = append(lines, cardTitle(i.Title, room)...)
	}
	if more := c.Count - len(c.Issues); more > 0 {
		lines = append(lines, nil, []span{andMore(more)})
	}
	return lines
}

func cardTitle(title string, room int) [][]span {
	lines := layout.Wrap(layout.Sanitize([]span{t(title)}), room, room)
	if len(lines) <= cardLines {
		return lines
	}
	last := &lines[cardLines-1][0]
	last.Text = layout.Clip(last.Text+" "+lines[cardLines][0].Text, room)
	return lines[:cardLines]
}
