package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// This file has the rules about the team's work.

func twoColumns(l *Look, i issue.Issue, _ *Facts) verdict {
	in := l.columns(i)
	if len(in) < 2 {
		return verdict{}
	}
	return verdict{text: "In two columns: " + quoted(in), fix: &Fix{OneOf: [][]string{in}}}
}

func closedInColumn(l *Look, i issue.Issue, _ *Facts) verdict {
	in := l.columns(i)
	if i.Open() || len(in) == 0 {
		return verdict{}
	}
	return verdict{text: "Closed, but still labeled " + quoted(in), fix: &Fix{Remove: in}}
}

// columns returns the labels of columns that an issue has, in the order of the board.
func (l *Look) columns(i issue.Issue) (in []string) {
	for _, c := range l.Layout.Columns {
		if i.Has(c.Label) {
			in = append(in, c.Label)
		}
	}
	return in
}

func notReady(l *Look, i issue.Issue, _ *Facts) verdict {
	ready := slices.ContainsFunc(l.Layout.Where(i), l.Layout.RequiresReady)
	if !ready {
		return verdict{}
	}
	var missing []string
	for _, r := range board.Unready(i, l.Goals.Meta) {
		missing = append(missing, r.Text)
	}
	if len(missing) == 0 {
		return verdict{}
	}
	return verdict{text: fmt.Sprintf("In %s, but not ready: %s", l.Layout.Ready, strings.Join(missing, "; "))}
}

func weightScale(_ *Look, i issue.Issue, _ *Facts) verdict {
	weight := milestone.WeightOf(i)
	if weight == 0 || slices.Contains(board.Scale, weight) {
		return verdict{}
	}
	scale := strings.Trim(strings.ReplaceAll(fmt.Sprint(board.Scale), " ", ", "), "[]")
	return verdict{text: fmt.Sprintf("Weight %d is not one of %s", weight, scale)}
}

func goalOwner(l *Look, i issue.Issue, _ *Facts) verdict {
	kind := l.Goals.Of(i)
	if kind != goal.Timebox && kind != goal.Quarter || len(i.Assignees) > 0 {
		return verdict{}
	}
	return verdict{text: fmt.Sprintf("A %s without an assignee", kind)}
}

// metaPieces wants the links: what an issue was sliced into is linked to it.
func metaPieces(l *Look, i issue.Issue, more *Facts) verdict {
	switch {
	case !i.Has(l.Goals.Meta):
		return verdict{}
	case more == nil:
		return verdict{want: Links}
	case len(more.Links) > 0:
		return verdict{}
	}
	return verdict{text: fmt.Sprintf("Labeled %q, but no issue is linked to it", l.Goals.Meta)}
}

// markNote wants the comments of an issue that has any.
func markNote(l *Look, i issue.Issue, more *Facts) verdict {
	switch {
	case !i.Has(l.Handoff):
		return verdict{}
	case more == nil && i.Notes > 0:
		return verdict{want: Notes}
	case more != nil:
		mark, ok := handoff.CurrentMark(more.Notes)
		if ok {
			return verdict{}
		}
		if mark.NoteID != 0 {
			return verdict{text: fmt.Sprintf("Labeled %q, but its hand-off note was taken by %s", l.Handoff, account.Name(mark.TakenBy))}
		}
	}
	return verdict{text: fmt.Sprintf("Labeled %q, but it has no hand-off note", l.Handoff)}
}

func closedMilestone(l *Look, i issue.Issue, _ *Facts) verdict {
	if l.Kept || !l.Closed[i.MilestoneID] {
		return verdict{}
	}
	return verdict{text: fmt.Sprintf("Open, but its milestone %q is closed", i.Milestone), fix: &Fix{ToCurrent: true}}
}

func stale(l *Look, i issue.Issue, _ *Facts) verdict {
	started := l.Layout.Started()
	at := slices.IndexFunc(started, func(c board.Column) bool { return i.Has(c.Label) })
	idle := l.Now.Sub(i.UpdatedAt)
	if at < 0 || l.Stale <= 0 || i.UpdatedAt.IsZero() || idle < l.Stale {
		return verdict{}
	}
	return verdict{text: fmt.Sprintf("In %s without an update for %d days", started[at].Name, int(idle/(24*time.Hour)))}
}

func confidentialTitle(l *Look, i issue.Issue, _ *Facts) verdict {
	if i.Confidential {
		return verdict{}
	}
	for _, text := range []struct{ name, text string }{{"title", i.Title}, {"description", i.Description}} {
		if ref, quotes := l.secrets.quotedIn(text.text); quotes {
			return verdict{text: fmt.Sprintf("Its %s quotes the title of %s, which is confidential", text.name, ref)}
		}
	}
	return verdict{}
}

// quoted joins names: "Ready" and "Waiting".
func quoted(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", n))
	}
	return strings.Join(out, " and ")
}
