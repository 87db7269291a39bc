package layout

import (
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// draw lets tablewriter lay out columns that have been measured and cut.
func (p *Page) draw(s Sheet, columns, widths []int) {
	sh := shield{known: map[string]string{}}
	head := make([]string, len(columns))
	align := make(tw.Alignment, len(columns))
	for i, c := range columns {
		head[i] = p.ink.Paint(As(Strong, s.Columns[c].Name))
		align[i] = tw.AlignLeft
		if s.Columns[c].Right {
			align[i] = tw.AlignRight
		}
	}
	var drawn strings.Builder
	table := newTable(&drawn, align)
	table.Header(head)
	for _, row := range s.Rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			cut := Clip(OneLine(row[c].Text), widths[i])
			line[i] = p.ink.dress(row[c].Span, sh.hide(cut))
		}
		must(table.Append(line))
	}
	must(table.Render())
	tidy := strings.ReplaceAll(drawn.String(), "\x1b[0m", "") // tablewriter's own reset; painted text ends in \x1b[m
	for line := range strings.Lines(sh.show(tidy)) {
		p.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
}

func newTable(w io.Writer, align tw.Alignment) *tablewriter.Table {
	return tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleNone),
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", Gap), Overwrite: true}),
	)
}

// must handles tablewriter's errors. They are about tables that change their width and writers that fail, and neither exists here.
func must(err error) {
	if err != nil {
		panic("render: tablewriter: " + err.Error())
	}
}

// shield replaces what tablewriter measures differently than terminals do. Tablewriter adds up single characters, but a terminal shows
// several as one: flags, emoji with skin tones or joiners, letters with marks. So everything beyond ASCII goes through the table as
// private-use characters of the same width. sanitize.Line lets none of those through from elsewhere.
type shield struct {
	pairs []string          // for strings.NewReplacer, back to the clusters
	known map[string]string // cluster to token
}

const (
	firstToken = 0xf0000 // one for each cluster
	tokens     = 0xfffd
	filler     = "\ue000" // for a second cell
)

// hide replaces the clusters of s.
func (h *shield) hide(s string) string {
	var b strings.Builder
	for g := displaywidth.StringGraphemes(s); g.Next(); {
		b.WriteString(h.token(g.Value(), g.Width()))
	}
	return b.String()
}

func (h *shield) token(cluster string, cells int) string {
	if len(cluster) == 1 || cells == 0 {
		return cluster
	}
	if token, ok := h.known[cluster]; ok {
		return token
	}
	if len(h.known) == tokens {
		return cluster // with so many different characters the table may be ragged
	}
	token := string(rune(firstToken+len(h.known))) + strings.Repeat(filler, cells-1)
	h.known[cluster] = token
	h.pairs = append(h.pairs, token, cluster)
	return token
}

// show puts the clusters back.
func (h *shield) show(s string) string { return strings.NewReplacer(h.pairs...).Replace(s) }
