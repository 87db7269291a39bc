package render

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// markdown is the form for an issue or a note: the table, and the sentences as a list.
func (s sheet) markdown(sentences []string) string {
	var out strings.Builder
	columns := s.shown()
	switch {
	case len(s.rows) > 0:
		head, rule := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			head[i], rule[i] = mdCell(s.columns[c].name), "---"
			if s.columns[c].right {
				rule[i] = "---:"
			}
		}
		mdRow(&out, head)
		mdRow(&out, rule)
		for _, row := range s.rows {
			line := make([]string, len(columns))
			for i, c := range columns {
				line[i] = mdCell(row[c].text)
			}
			mdRow(&out, line)
		}
	case s.none != "":
		out.WriteString(mdCell(s.none) + "\n")
	}
	for i, sentence := range sentences {
		if i == 0 && out.Len() > 0 {
			out.WriteByte('\n')
		}
		out.WriteString("- " + mdCell(sentence) + "\n")
	}
	return out.String()
}

func mdRow(out *strings.Builder, cells []string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// mdCell makes text a part of a line: it cannot end a cell, format, or tell anybody.
func mdCell(s string) string { return safetext.Cell(visible.Line(s)) }
