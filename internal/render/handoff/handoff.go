// Package handoff holds what the forms of the report of a shift share: on a terminal, in Markdown and in the comment that is posted.
//
// Start with [First]; [Cut] shortens long lists for people, and [Quiet] finds a shift without anything to hand over. The forms themselves
// are in package render. Writing to a stream and who may read what do not belong here.
package handoff

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// First returns the line about the one thing to look at: its reference, its title and why.
func First(doc jsonv1.Handoff) []layout.Span {
	f := doc.First
	if f.Rule == "" || f.Rule == jsonv1.FirstQuiet {
		return []layout.Span{layout.As(layout.Good, "Quiet"), layout.T(": nothing is burning, overdue or at risk")}
	}
	style, reason := layout.Warn, []string{strings.ReplaceAll(string(f.Rule), "_", " ")}
	title := ""
	if f.LateMinutes != nil {
		reason[0] += " by " + words.Lasting(*f.LateMinutes)
	}
	if e, ok := entry(doc, f.Ref); ok {
		title = e.Title
		if e.Severity != "" {
			reason = append(reason, e.Severity)
		}
		if e.DataLoss {
			reason = append(reason, "data loss")
		}
		if f.Rule == jsonv1.FirstBurning {
			style, reason = layout.Bad, append(reason, e.Missing[:min(1, len(e.Missing))]...)
		}
	}
	spans := []layout.Span{layout.T("Look first at "), layout.As(layout.Strong, f.Ref)}
	if title != "" {
		spans = append(spans, layout.T(": "+title))
	}
	return append(spans, layout.As(style, " ("+strings.Join(reason, ", ")+")"))
}

// entry returns the entry with the reference.
func entry(doc jsonv1.Handoff, ref string) (jsonv1.HandoffEntry, bool) {
	for _, s := range doc.Sections {
		for _, e := range s.Entries {
			if e.Ref == ref {
				return e, true
			}
		}
	}
	return jsonv1.HandoffEntry{}, false
}

// Limit is how many entries of a list people see, unless they ask for all.
const Limit = 20

// Cut returns the first entries of a list, and how many are left out.
func Cut[T any](list []T, most int) (shown []T, more int) {
	if most <= 0 || len(list) <= most {
		return list, 0
	}
	return list[:most], len(list) - most
}

// ToSeeAll is the command that shows the whole report.
func ToSeeAll(doc jsonv1.Handoff) string {
	command := "prodctl handoff --all --shift " + doc.Shift.ID
	if doc.Historical {
		command += " --as-of " + doc.At
	}
	return command
}

// Quiet reports whether there is nothing in the report: no entry in any section, and no lock.
func Quiet(doc jsonv1.Handoff) bool {
	for _, s := range doc.Sections {
		if len(s.Entries) > 0 {
			return false
		}
	}
	return doc.First.Rule == jsonv1.FirstQuiet && len(doc.Locks) == 0
}
