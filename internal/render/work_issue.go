package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IssueReady shows what issues lack before somebody can pull them.
func (v *View) IssueReady(doc jsonv1.IssueReady) error {
	doc = revealed(v, doc)
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"},
		{Name: "Ready", Field: "ready"},
		{Name: "Missing", Field: "missing", Min: 20},
		{Name: "Title", Field: "title", Min: 16, Drop: 1},
		{Field: "weight"}, {Field: "columns"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No issues"}
	for _, i := range doc.Issues {
		s.Rows = append(s.Rows, []cell{text(i.Ref), cellOf(readyWord(i.Ready), fmt.Sprint(i.Ready)), text(unmet(i.Missing)),
			secret(i.Title, i.Confidential, i.Withheld), optional(i.Weight), listed(i.Columns), truth(i.Confidential, "confidential"),
			truth(i.Withheld, "withheld"), text(i.WebURL)})
	}
	b := body{sheet: s, tail: readyCount(doc), notes: doc.Notes}
	return v.show(doc, b, func(p *page) {
		p.Lines(readyLines(doc.Issues))
		p.Tail(b.sentences())
	})
}

func readyWord(ready bool) span {
	if ready {
		return as(good, "ready")
	}
	return as(warn, "not ready")
}

// unmet joins criteria, whose texts contain commas.
func unmet(list []jsonv1.Unmet) string {
	var texts []string
	for _, u := range list {
		texts = append(texts, u.Text)
	}
	return strings.Join(texts, "; ")
}

// readyCount is the line below several issues.
func readyCount(doc jsonv1.IssueReady) []string {
	if len(doc.Issues) < 2 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %s ready", doc.Ready, words.Count(len(doc.Issues), "issue"))}
}

// readyLines are the issues, each with its gaps below it.
func readyLines(list []jsonv1.WorkIssue) []line {
	var lines []line
	for _, i := range list {
		head := titled(i.Ref, i.Title, i.Confidential, i.Withheld)
		head.Spans = append(head.Spans, t(": "), readyWord(i.Ready))
		lines = append(lines, head)
		for _, u := range i.Missing {
			lines = append(lines, below(2, t("- "+u.Text)))
		}
	}
	return lines
}
