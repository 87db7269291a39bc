package runner

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// preview is the published form of a plan that is not applied yet, with whom it notifies (promise W1).
func preview(p plan.Plan) jsonv1.Plan {
	doc := p.Document()
	doc.Notes = append(slices.Clone(doc.Notes), notifications(doc.Notifies, doc.Notes)...)
	return doc
}

// manyIssues is the number of issues from which only their number is in a note.
const manyIssues = 4

// notifications describes whom GitLab notifies, one note for each issue. Issues without mentions and assignments are together in one,
// unless another note is about their participants.
func notifications(list []jsonv1.Notice, notes []string) []string {
	var out, quiet []string
	for _, n := range list {
		text := noticeText(n)
		switch {
		case text != "":
			out = append(out, text)
		case n.Participants:
			quiet = append(quiet, n.Object)
		}
	}
	mentioned := slices.ContainsFunc(notes, func(note string) bool { return strings.Contains(note, "notifies the participants of") })
	switch {
	case len(quiet) == 0 || mentioned:
	case len(quiet) < manyIssues:
		out = append(out, "GitLab notifies the participants of "+strings.Join(quiet, ", "))
	default:
		out = append(out, fmt.Sprintf("GitLab notifies the participants of %d issues", len(quiet)))
	}
	return out
}

// noticeText describes a notice that names somebody, or one of a new issue; empty for others.
func noticeText(n jsonv1.Notice) string {
	var parts []string
	switch {
	case n.New:
		issues := "the new issue"
		if n.Issues > 1 {
			issues = fmt.Sprintf("%d new issues", n.Issues)
		}
		parts = append(parts, "notifies everyone subscribed to "+n.Object+" of "+issues)
	case n.Participants && len(n.Mentions)+len(n.Assignees) > 0:
		parts = append(parts, "notifies the participants of "+n.Object)
	}
	on := ""
	if len(parts) == 0 {
		on = " in " + n.Object
	}
	if len(n.Mentions) > 0 {
		parts = append(parts, "mentions @"+strings.Join(n.Mentions, ", @")+on)
	}
	if len(n.Assignees) > 0 {
		if on != "" {
			on = " to " + n.Object
		}
		parts = append(parts, "newly assigns "+account.Names(n.Assignees, ", ")+on)
	}
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return "GitLab " + parts[0]
	}
	return "GitLab " + strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
