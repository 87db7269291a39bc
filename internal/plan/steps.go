package plan

import (
	"context"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MilestoneRef refers to an existing milestone by its id, or to one that an earlier step creates by that step's key.
// Title is its title when the step is applied.
type MilestoneRef struct {
	ID      int64
	Created string
	Title   string
}

// CreateMilestone creates a milestone. An open one with the same title and dates counts as created.
//
// ObservedIID is the highest iid in its place when the plan was made, or 0. GitLab assigns the next one, so a higher iid in the answer
// means that somebody else created a milestone in between.
type CreateMilestone struct {
	Base
	In          target.Target
	Draft       milestone.Draft
	ObservedIID int64
}

// UpdateMilestone changes a milestone. Before is the milestone before the change. Text, which is not part of a saved plan, is what is
// written into the description as it is then.
type UpdateMilestone struct {
	Base
	In     target.Target
	Ref    MilestoneRef
	Change milestone.Change
	Before milestone.Milestone
	Text   milestone.Text
}

// DeleteMilestone deletes a milestone. One that no longer exists counts as deleted.
type DeleteMilestone struct {
	Base
	In  target.Target
	Ref MilestoneRef
	Due calendar.Date
}

// UpdateIssue changes an issue. Milestone, if set, is its new milestone.
type UpdateIssue struct {
	Base
	Ref       issue.Ref
	Title     string // for the reader
	From      string // title of the previous milestone or column, for the reader
	Milestone *MilestoneRef
	Change    issue.Change // its MilestoneID is set from Milestone when the step is applied
	Created   string       // the key of the step that creates the issue; Ref has no number then
	Still     *Still       // nil: no condition
}

// IssueRef refers to an existing issue, or to one that an earlier step creates by that step's key.
type IssueRef struct {
	Ref     issue.Ref
	Created string
}

// CreateIssue creates an issue. An existing one with the key counts as created. Assignees are the user names of the draft's assignees, for
// the reader.
type CreateIssue struct {
	Base
	In             target.Target
	Draft          issue.Draft
	IdempotencyKey issue.IdempotencyKey
	Assignees      []string // their names, for the reader
	Milestone      string   // its title, for the reader
}

// CreateNote adds a comment to an issue. An existing one with the key counts as added. Title is the issue's title, for the reader.
type CreateNote struct {
	Base
	On             IssueRef
	Title          string
	Note           issue.NoteDraft
	IdempotencyKey issue.IdempotencyKey
}

// UpsertNote makes sure that an issue has exactly one comment with the key and this text: it adds a missing comment, and edits one with
// another text. Title is the issue's title and Before the comment's text when the plan was made, both for the reader.
type UpsertNote struct {
	Base
	On             IssueRef
	Title          string
	Before         string
	Note           issue.NoteDraft
	IdempotencyKey issue.IdempotencyKey
}

// CreateLink links two issues. An existing link counts as created. If GitLab has no links or the token may not create this one, both
// issues get a comment that names the other, and the reconciler, which is not part of a saved plan, writes it into From's record.
type CreateLink struct {
	Base
	From       IssueRef
	To         issue.Ref
	Reconciler eventlog.Reconciler
}

// AssignIssue assigns an issue to users by name. They are looked up when the step is applied, because this takes a request for each and
// must not delay earlier steps. GitLab Free uses only the first one.
type AssignIssue struct {
	Base
	On    IssueRef
	Users []string
	// Duty means that the users are on call and were not named: a user who does not exist or may not see the issue is then not a
	// failure but Unchanged.
	Duty bool
}

// ReconcileIssue updates the record, timeline and state labels of an issue from its event log. Kind names the rules, such as incident or
// change. The reconciler is not part of a saved plan, because that is made again before it is applied.
type ReconcileIssue struct {
	Base
	On         IssueRef
	Title      string // for the reader
	Kind       string
	Reconciler eventlog.Reconciler
	Outlook    Outlook // for the reader
}

// Outlook is the expected result of reconciling an issue if nobody else changes it. It is empty if only the rules decide.
type Outlook struct {
	AddLabels    []string
	RemoveLabels []string
	Assignees    []string // user names without @
}

// IsZero reports whether the outlook is empty.
func (o Outlook) IsZero() bool { return len(o.AddLabels)+len(o.RemoveLabels)+len(o.Assignees) == 0 }

// MoveIssue moves an issue to another project, once. Its labels are changed first, because GitLab leaves out those that the other project
// lacks; so a run that is killed in between finds the issue where it was, with its labels. One that was moved, closed or deleted in the
// meantime stays as it is.
type MoveIssue struct {
	Base
	Ref          issue.Ref
	Title        string        // for the reader
	To           target.Target // a project
	Labels       []string      // that the issue has there
	Confidential bool
	// AddLabels and RemoveLabels are the change of labels that comes first. They are not part of a saved plan, because a run that was killed
	// may have made it.
	AddLabels    []string
	RemoveLabels []string
	// Known are the labels that the issue may have before the move, and Guarded means that it is not confidential unless Confidential is
	// set. Otherwise it stays where it is, and has to be planned again. Neither is part of a saved plan.
	Known   []string
	Guarded bool
}

// UpsertIssue makes sure that there is one issue with the key, and that it contains a text, between two hidden lines. What people write
// around it stays. The text is made when the step is applied, after the steps that it needs; Text is not part of a saved plan, because that
// is made again before it is applied. Ref is the issue if it exists.
type UpsertIssue struct {
	Base
	In             target.Target
	Ref            issue.Ref
	Draft          issue.Draft
	IdempotencyKey issue.IdempotencyKey
	Text           func(context.Context) (string, error)
}

// CreateLabel creates a label. An existing one with the same name and properties counts as created.
type CreateLabel struct {
	Base
	In    target.Target
	Label label.Label
}

// UpdateLabel changes an existing label. Before is the label before the change.
type UpdateLabel struct {
	Base
	In      target.Target
	LabelID int64
	Before  label.Label
	Change  label.Change
}

// DeleteLabel deletes a label. One that no longer exists counts as deleted.
type DeleteLabel struct {
	Base
	In     target.Target
	Before label.Label
}

// CreateBoard creates a board. An existing one with the same name counts as created.
type CreateBoard struct {
	Base
	In   target.Target
	Name string
}

// DeleteBoard deletes a duplicate board without columns. One that no longer exists counts as deleted.
// Nothing is lost: columns are labels, and issues keep those.
type DeleteBoard struct {
	Base
	In      target.Target
	BoardID int64
	Name    string
}

// BoardRef refers to a board by its id, or by the key of the step that creates it.
type BoardRef struct {
	ID      int64
	Created string
}

// CreateBoardList adds a column to a board. An existing column with the label counts as added.
// If an earlier step creates the label, LabelID is 0 and LabelCreated is that step's key.
type CreateBoardList struct {
	Base
	In           target.Target
	Board        BoardRef
	Label        string
	LabelID      int64
	LabelCreated string
}

// MoveBoardList moves a column to a position, from 0. If it is already there, no request is sent.
// The list is ListID, or the one that the step ListCreated creates.
type MoveBoardList struct {
	Base
	In          target.Target
	Board       BoardRef
	Label       string
	ListID      int64
	ListCreated string
	Position    int
}

// CreateFreeze creates a freeze period. An existing one at the same times counts as created if the outcome of the request is unknown. Lock
// is the name of its lock, for the reader.
type CreateFreeze struct {
	Base
	In     target.Target
	Lock   string
	Freeze lock.Freeze
}

// DeleteFreeze deletes a freeze period. One that no longer exists counts as deleted; one that has changed stays.
type DeleteFreeze struct {
	Base
	In     target.Target
	Before lock.Freeze
}
