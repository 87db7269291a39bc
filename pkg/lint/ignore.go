package lint

import (
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Ignore is an entry of the configuration file: until a day, the findings of a rule about an issue are left out.
type Ignore struct {
	Rule         string
	Issue        issue.Ref
	Until        calendar.Date // the last day
	File         string
	Line, Column int
}

// Apply leaves out what is ignored, and returns how many findings that were. Entries that have expired, or that leave nothing out although
// their rule was checked, are findings. rules are the ids that were checked.
func Apply(entries []Ignore, list []Finding, rules []string, today calendar.Date) (left []Finding, ignored int) {
	used := make([]bool, len(entries))
	for _, f := range list {
		out := false
		for n, e := range entries {
			if e.Rule == f.ID && e.Issue == f.Place.Issue && !e.expired(today) {
				used[n], out = true, true
			}
		}
		if out {
			ignored++
		} else {
			left = append(left, f)
		}
	}
	rule, _ := Find(IgnoreEntry)
	for n, e := range entries {
		if text := e.problem(used[n], slices.Contains(rules, e.Rule), today); text != "" && slices.Contains(rules, IgnoreEntry) {
			left = append(left, Finding{Rule: rule, Place: Place{File: e.File, Line: e.Line, Column: e.Column}, Text: text})
		}
	}
	return left, ignored
}

func (e Ignore) expired(today calendar.Date) bool { return today.After(e.Until) }

func (e Ignore) problem(used, checked bool, today calendar.Date) string {
	switch {
	case e.expired(today):
		return fmt.Sprintf("The entry for %s of %s ended on %s", e.Rule, e.Issue, e.Until)
	case checked && !used:
		return fmt.Sprintf("The entry for %s of %s leaves nothing out", e.Rule, e.Issue)
	}
	return ""
}
