// Package document turns the values of rules and workflows into the published documents of pkg/jsonv1, one file a noun.
//
// It decides nothing, and knows neither flags nor forms of output.
package document

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Related is an issue that belongs to another one.
func Related(i issue.Issue) jsonv1.Related {
	return jsonv1.Related{Ref: i.Ref.String(), Title: i.Title, Confidential: i.Confidential, WebURL: i.WebURL}
}

// Unlinked are references that a record has and no link of the issue.
func Unlinked(refs []string, links []issue.Link) []jsonv1.Related {
	var docs []jsonv1.Related
	for _, ref := range refs {
		if !slices.ContainsFunc(links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			docs = append(docs, jsonv1.Related{Ref: ref})
		}
	}
	return docs
}

// Problems are what is wrong with a record.
func Problems(list []record.Problem) []jsonv1.Problem {
	var docs []jsonv1.Problem
	for _, p := range list {
		docs = append(docs, jsonv1.Problem{Line: p.Line, Column: p.Column, Text: p.Text})
	}
	return docs
}

// Instant is a time in a published document; empty for one that is not known.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
