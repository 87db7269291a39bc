package layout

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Markdown returns the table for an issue or a comment, followed by the sentences as a list.
func (s Sheet) Markdown(sentences []string) string {
	var out strings.Builder
	columns := s.shown()
	switch {
	case len(s.Rows) > 0:
		head, rule := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			head[i], rule[i] = MarkdownCell(s.Columns[c].Name), "---"
			if s.Columns[c].Right {
				rule[i] = "---:"
			}
		}
		mdRow(&out, head)
		mdRow(&out, rule)
		for _, row := range s.Rows {
			line := make([]string, len(columns))
			for i, c := range columns {
				line[i] = MarkdownCell(row[c].Text)
			}
			mdRow(&out, line)
		}
	case s.None != "":
		out.WriteString(MarkdownCell(s.None) + "\n")
	}
	for i, sentence := range sentences {
		if i == 0 && out.Len() > 0 {
			out.WriteByte('\n')
		}
		out.WriteString("- " + MarkdownCell(sentence) + "\n")
	}
	return out.String()
}

func mdRow(out *strings.Builder, cells []string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// MarkdownCell escapes text for use inside a line: it cannot end a table cell, format anything, or mention anybody.
func MarkdownCell(s string) string { return safetext.Cell(sanitize.Line(s)) }
