// Package document converts the values of rules and workflows to the published documents of pkg/jsonv1, with one file per noun.
//
// It makes no decisions, and knows neither flags nor output formats.
package document

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Related returns the document of a related issue.
func Related(i issue.Issue) jsonv1.Related {
	return jsonv1.Related{Ref: i.Ref.String(), Title: i.Title, Confidential: i.Confidential, WebURL: i.WebURL}
}

// Unlinked returns the references of a record for which the issue has no link.
func Unlinked(refs []string, links []issue.Link) []jsonv1.Related {
	var docs []jsonv1.Related
	for _, ref := range refs {
		if !slices.ContainsFunc(links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			docs = append(docs, jsonv1.Related{Ref: ref})
		}
	}
	return docs
}

// Problems returns the problems of a record.
func Problems(list []record.Problem) []jsonv1.Problem {
	var docs []jsonv1.Problem
	for _, p := range list {
		docs = append(docs, jsonv1.Problem{Line: p.Line, Column: p.Column, Text: p.Text})
	}
	return docs
}

// Instant formats a time for a published document; empty if it is unknown.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
