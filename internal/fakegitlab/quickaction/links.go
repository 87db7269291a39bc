package quickaction

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// issuePattern is #12, group/project#12 or the URL of an issue.
var issuePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:https?://[^/\s]+/(\S+?)/-/(?:issues|work_items)/|(?:([\w.-]+(?:/[\w.-]+)+))?#)(\d+)$`)
})

// issuesNamed finds the other issues in an argument that the caller may read.
func (a *actions) issuesNamed(arg string) []*store.Issue {
	var found []*store.Issue
	for word := range strings.FieldsSeq(arg) {
		m := issuePattern().FindStringSubmatch(strings.TrimRight(word, ",."))
		if m == nil {
			continue
		}
		p := a.issue.Project
		if path := m[1] + m[2]; path != "" {
			p = a.s.ProjPaths[strings.ToLower(path)]
		}
		iid, err := strconv.Atoi(m[3])
		if p == nil || err != nil {
			continue
		}
		if i := p.IssueByIID[iid]; i != nil && i != a.issue && access.MayReadIssue(a.by, i) && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	return found
}

func (a *actions) doDuplicate(arg string) (string, bool) {
	others := a.issuesNamed(arg)
	if len(others) == 0 {
		return "Failed to mark this issue as a duplicate because referenced item was not found.", false
	}
	of := others[0]
	a.ch.DuplicateOf = of
	a.changed(func(e *jsonenc.Encoder) { e.Num("canonical_issue_id", of.ID) })
	a.effects = append(a.effects, func(at time.Time) { edit.Relate(a.s, a.issue, of, store.RelatesTo, a.by, at) })
	return "Closed this issue. Marked as related to, and a duplicate of, " + of.Reference(a.issue.Project) + ".", true
}

func (a *actions) doRelate(arg string) (string, bool) {
	return a.link(arg, "related to", func(other *store.Issue, at time.Time) { edit.Relate(a.s, a.issue, other, store.RelatesTo, a.by, at) })
}

func (a *actions) doBlocks(arg string) (string, bool) {
	return a.link(arg, "blocked by", func(other *store.Issue, at time.Time) { edit.Relate(a.s, a.issue, other, store.Blocks, a.by, at) })
}

func (a *actions) doBlockedBy(arg string) (string, bool) {
	return a.link(arg, "blocking", func(other *store.Issue, at time.Time) { edit.Relate(a.s, other, a.issue, store.Blocks, a.by, at) })
}

// link relates every issue of an argument that the caller may link.
func (a *actions) link(arg, how string, relate func(other *store.Issue, at time.Time)) (string, bool) {
	others := slices.DeleteFunc(a.issuesNamed(arg), func(i *store.Issue) bool { return !access.MayLink(a.by, i.Project) })
	for _, other := range others {
		a.effects = append(a.effects, func(at time.Time) { relate(other, at) })
	}
	if arg == "" {
		return "", false
	}
	return "Added " + sentence(strings.Fields(arg)) + " as a linked item " + how + " this issue.", len(others) > 0
}

func (a *actions) doUnlink(arg string) (string, bool) {
	for _, other := range a.issuesNamed(arg) {
		for _, l := range a.issue.Links {
			if l.Source == other || l.Target == other {
				a.effects = append(a.effects, func(time.Time) { edit.Unrelate(a.s, l, a.by) })
				return "Removed linked item " + other.Reference(a.issue.Project) + ".", true
			}
		}
	}
	return "No linked issue matches the provided parameter.", false
}

func (a *actions) doCopyMetadata(arg string) (string, bool) {
	others := a.issuesNamed(arg)
	switch {
	case arg == "" || len(others) > 0 && others[0].Project != a.issue.Project:
		return "", false
	case len(others) == 0:
		return "Could not apply copy_metadata command. Failed to find work item or merge request.", false
	}
	from := others[0]
	a.ch.AddLabels = append(a.ch.AddLabels, from.Labels...)
	a.changedIDs("add_label_ids", labelIDs(from.Labels))
	if from.Milestone != nil {
		a.ch.Milestone = param.Some(from.Milestone)
		a.changed(func(e *jsonenc.Encoder) { e.Num("milestone_id", from.Milestone.ID) })
	}
	return "Copied labels and milestone from " + from.Reference(a.issue.Project) + ".", true
}
