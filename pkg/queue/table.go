package queue

import (
	"cmp"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Moved is an issue that was moved. To has no number if its place is unknown.
type Moved struct {
	From, To     issue.Ref
	Title        string // empty for a confidential issue
	Confidential bool
}

// NewMoved returns the row of an issue that was moved. The title of a confidential one is not in it, because more people read the table.
func NewMoved(from issue.Issue, to issue.Ref) Moved {
	m := Moved{From: from.Ref, To: to, Title: from.Title, Confidential: from.Confidential}
	if m.Confidential {
		m.Title = ""
	}
	return m
}

// Summary is the issue that says what moved where.
type Summary struct {
	From, To string // full paths
	Origin   string // the label
	Limit    int    // in bytes
}

// Title is the title of the issue. It never changes, because it recognizes the issue.
func (s Summary) Title() string { return "Merged into " + s.To }

// Text is the generated part of the issue: a table of the issues by their number here. References are code, so that GitLab adds no system
// note to hundreds of issues. Rows that do not fit are counted.
func (s Summary) Text(moves []Moved) string {
	moves = stable.Sorted(moves, func(a, b Moved) int { return cmp.Compare(a.From.IID, b.From.IID) })
	head := fmt.Sprintf("%s moved from %s to %s. There the label %s says where they came from.\n\n", count(len(moves)), code(s.From),
		code(s.To), code(s.Origin)) + "| Was | Is now | Title |\n| --- | --- | --- |\n"
	tail := "\nNew work belongs in " + code(s.To) + ". Closed issues stayed here.\n"
	var b strings.Builder
	b.WriteString(head)
	room := s.Limit - len(head) - len(tail) - restLength
	for n, m := range moves {
		row := m.row()
		if room -= len(row); room < 0 {
			fmt.Fprintf(&b, "\nAnd %s.\n", count(len(moves)-n))
			break
		}
		b.WriteString(row)
	}
	b.WriteString(tail)
	return strings.TrimRight(b.String(), "\n")
}

// restLength is the room for the line with the number of rows that do not fit.
const restLength = 40

func count(n int) string {
	if n == 1 {
		return "1 issue"
	}
	return fmt.Sprintf("%d issues", n)
}

func (m Moved) row() string {
	to, title := "unknown", safetext.Cell(m.Title)
	if m.To.IID != 0 {
		to = code(m.To.String())
	}
	if m.Confidential {
		title = "(confidential)"
	}
	return fmt.Sprintf("| %s | %s | %s |\n", code(m.From.String()), to, title)
}

// code is a text of GitLab's own alphabet, or of a label, as code in a table.
func code(s string) string {
	s = strings.NewReplacer("`", "'", "|", `\|`, "\n", " ", "\r", " ").Replace(s)
	return "`" + s + "`"
}
