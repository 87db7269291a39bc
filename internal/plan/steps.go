package plan

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MilestoneRef names a milestone that exists, by its id, or one that an earlier step makes, by that step's key.
// Title is what it is called when the step is carried out.
type MilestoneRef struct {
	ID      int64
	Created string
	Title   string
}

// CreateMilestone makes a milestone; one of that title and those dates that is already open counts as made.
//
// SeenIID is the highest iid of its place when the plan was made: GitLab gives out the next one, so an answer beyond that
// tells that somebody else made a milestone in between. 0 when nothing was seen.
type CreateMilestone struct {
	Base
	In          target.Target
	Draft       milestone.Draft
	ObservedIID int64
}

// UpdateMilestone changes a milestone. Was holds the values before, of the fields that Change names, for the reader.
type UpdateMilestone struct {
	Base
	In     target.Target
	Ref    MilestoneRef
	Change milestone.Change
	Before milestone.Milestone
}

// DeleteMilestone removes a milestone; one that is gone counts as removed.
type DeleteMilestone struct {
	Base
	In  target.Target
	Ref MilestoneRef
	Due calendar.Date
}

// UpdateIssue changes an issue. Milestone, when set, is where it goes.
type UpdateIssue struct {
	Base
	Ref       issue.Ref
	Title     string // for the reader
	From      string // title of the milestone or column it leaves, for the reader
	Milestone *MilestoneRef
	Change    issue.Change // its MilestoneID is filled in from Milestone when the step is carried out
	Created   string       // the key of the step that makes the issue; Ref has no number then
}

// IssueRef names an issue that exists, or one that an earlier step makes, by that step's key.
type IssueRef struct {
	Ref     issue.Ref
	Created string
}

// CreateIssue makes an issue; one with the key counts as made.
type CreateIssue struct {
	Base
	In             target.Target
	Draft          issue.Draft
	IdempotencyKey issue.IdempotencyKey
}

// CreateNote writes a comment on an issue; one with the key counts as written. Title is the issue's, for the reader.
type CreateNote struct {
	Base
	On             IssueRef
	Title          string
	Note           issue.NoteDraft
	IdempotencyKey issue.IdempotencyKey
}

// UpsertNote leaves exactly one comment with the key on an issue, and that says this text: it is written where it is missing, and edited
// where it says something else. Title is the issue's and Was what the comment said when the plan was made, both for the reader.
type UpsertNote struct {
	Base
	On             IssueRef
	Title          string
	Before         string
	Note           issue.NoteDraft
	IdempotencyKey issue.IdempotencyKey
}

// CreateLink relates two issues; a link between them counts as made. Where GitLab has no links or the token may not make this one, both
// issues get a comment that names the other, and the reconciler, which is not part of a saved plan, writes it into From's record.
type CreateLink struct {
	Base
	From       IssueRef
	To         issue.Ref
	Reconciler eventlog.Reconciler
}

// AssignIssue gives an issue to people by their user names, who are looked up when it is carried out: that takes a request for each, and
// must not hold up what comes first. On Free the first one alone counts.
type AssignIssue struct {
	Base
	On    IssueRef
	Users []string
	// Duty says that it is theirs because they are on call, and nobody named them: that one is unknown to GitLab, or may not
	// see the issue, is Unchanged and no failure.
	Duty bool
}

// ReconcileIssue brings an issue in line with its journal: record, timeline, state labels. Kind says by which rules, such as incident or
// change. The reconciler is not part of a saved plan, which is made again before it is carried out.
type ReconcileIssue struct {
	Base
	On         IssueRef
	Title      string // for the reader
	Kind       string
	Reconciler eventlog.Reconciler
	Outlook    Outlook // for the reader
}

// Outlook is what settling an issue comes to where nobody else is at the same work; empty where it is told by the rules alone.
type Outlook struct {
	AddLabels    []string
	RemoveLabels []string
	Assignees    []string // user names without @
}

// IsZero reports whether it tells nothing.
func (o Outlook) IsZero() bool { return len(o.AddLabels)+len(o.RemoveLabels)+len(o.Assignees) == 0 }

// CreateLabel makes a label; one of that name that looks as declared counts as made.
type CreateLabel struct {
	Base
	In    target.Target
	Label label.Label
}

// UpdateLabel changes a label that exists. Was is the label before.
type UpdateLabel struct {
	Base
	In      target.Target
	LabelID int64
	Before  label.Label
	Change  label.Change
}

// DeleteLabel removes a label; one that is gone counts as removed.
type DeleteLabel struct {
	Base
	In     target.Target
	Before label.Label
}

// CreateBoard makes a board; one of that name counts as made.
type CreateBoard struct {
	Base
	In   target.Target
	Name string
}

// DeleteBoard removes a board without columns, the twin of another one; one that is gone counts as removed.
// It loses nothing: the columns that a board would show are labels, and issues keep those.
type DeleteBoard struct {
	Base
	In      target.Target
	BoardID int64
	Name    string
}

// BoardRef names a board by id or by the key of the step that makes it.
type BoardRef struct {
	ID      int64
	Created string
}

// CreateBoardList adds a column to a board; a column of that label counts as added.
// LabelID is 0 when the label is made by an earlier step, LabelCreated is then that step's key.
type CreateBoardList struct {
	Base
	In           target.Target
	Board        BoardRef
	Label        string
	LabelID      int64
	LabelCreated string
}

// MoveBoardList puts a column at a position counted from 0; where it stands there already nothing is sent.
// The list is ListID, or the one that the step ListCreated makes.
type MoveBoardList struct {
	Base
	In          target.Target
	Board       BoardRef
	Label       string
	ListID      int64
	ListCreated string
	Position    int
}
