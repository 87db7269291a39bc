package plan

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Notice says whom GitLab notifies about one issue when a plan is applied (promise W1). prodctl cannot suppress that.
type Notice struct {
	Object       string   // the issue, or the project of a new one
	New          bool     // a new issue
	Issues       int      // the number of new issues in the project
	Participants bool     // whoever takes part in the issue or has subscribed to it; of a new one, to the project
	Mentions     []string // users and groups without @
	Assignees    []string // newly assigned users without @
}

// Notices returns a notice for each issue that a plan is about, in the order of its steps. Labels and milestones notify nobody.
func (p Plan) Notices() []Notice {
	var n notices
	for _, step := range p.Steps {
		n.add(step)
	}
	for _, ref := range p.Comments {
		n.about(IssueRef{Ref: ref}).Participants = true
	}
	return n
}

type notices []Notice

func (n *notices) add(step Step) {
	switch s := step.(type) {
	case CreateIssue:
		about := n.about(IssueRef{Ref: issue.Ref{Project: s.In.Path}, Created: s.Key()})
		about.Issues++
		assigned := "@" + strings.Join(s.Assignees, " @") // whom a mention does not notify besides
		about.mention(s.Draft.Title, assigned)
		about.mention(s.Draft.Description, assigned)
		about.assign(s.Assignees...)
	case UpdateIssue:
		about := n.about(IssueRef{s.Ref, s.Created})
		about.Participants = about.Participants || s.Change.State != nil || s.Milestone != nil || s.Change.MilestoneID != nil
		about.mention(deref(s.Change.Description), "")
	case UpsertIssue:
		if s.Ref.IID == 0 {
			n.about(IssueRef{Ref: issue.Ref{Project: s.In.Path}, Created: s.Key()}).Issues++
		}
	case MoveIssue:
		n.about(IssueRef{Ref: s.Ref}).Participants = true
		n.about(IssueRef{Ref: issue.Ref{Project: s.To.Path}, Created: s.Key()}).Issues++
	case CreateNote:
		about := n.about(s.On)
		about.Participants = true
		about.mention(s.Note.Body, "")
	case UpsertNote:
		about := n.about(s.On)
		about.Participants = about.Participants || s.Before == ""
		about.mention(s.Note.Body, s.Before)
	case AssignIssue:
		n.about(s.On).assign(s.Users...)
	case ReconcileIssue:
		if len(s.Outlook.Assignees) > 0 {
			n.about(s.On).assign(s.Outlook.Assignees...)
		}
	}
}

// about returns the notice of an issue.
func (n *notices) about(on IssueRef) *Notice {
	object := on.Ref.String()
	if on.Created != "" {
		object = on.Ref.Project
	}
	at := slices.IndexFunc(*n, func(other Notice) bool { return other.Object == object && other.New == (on.Created != "") })
	if at < 0 {
		*n = append(*n, Notice{Object: object, New: on.Created != "", Participants: on.Created != ""})
		at = len(*n) - 1
	}
	return &(*n)[at]
}

// mention adds whom a text mentions. Editing a text notifies only those whom the text before did not mention.
func (n *Notice) mention(text, before string) {
	known := safetext.Mentions(before)
	for _, name := range safetext.Mentions(text) {
		if !among(known, name) && !among(n.Mentions, name) {
			n.Mentions = append(n.Mentions, name)
		}
	}
}

func (n *Notice) assign(users ...string) {
	for _, name := range users {
		if !among(n.Assignees, name) {
			n.Assignees = append(n.Assignees, name)
		}
	}
}

// among reports whether a user is in a list. Letter case does not matter in GitLab.
func among(list []string, name string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, name) })
}
