package plan

import (
	"context"
	"iter"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Store makes single writes. Every method is safe to repeat, returns GitLab's answer, and compares it with the request: if GitLab left
// a part out, the error matches [fault.Dropped].
//
// The Create methods end with exactly one object whatever happens on the network: if the title or name is taken, or the outcome is
// unknown, they search for the object and adopt it (existed is then true). The error matches [fault.Taken] if the existing object is a
// different one, and [fault.Unknown] if the search failed too. The Delete methods succeed if the object no longer exists.
type Store interface {
	CreateMilestone(ctx context.Context, in target.Target, d milestone.Draft) (m milestone.Milestone, existed bool, err error)
	UpdateMilestone(ctx context.Context, in target.Target, id int64, c milestone.Change) (milestone.Milestone, error)
	// EditMilestone changes title, dates and description, based on the milestone as it is right before each attempt. changed is true if
	// anything was written. If somebody else gave it another title or other dates, the error matches [fault.Outdated].
	EditMilestone(ctx context.Context, in target.Target, id int64, e milestone.Edit) (m milestone.Milestone, changed bool, err error)
	DeleteMilestone(ctx context.Context, in target.Target, id int64) error

	// Issues reads the issues that a query selects.
	Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
	// UpdateIssue changes an issue. If it was moved to another project, the error matches [fault.Moved].
	UpdateIssue(ctx context.Context, ref issue.Ref, c issue.Change) (issue.Issue, error)

	// MoveIssue moves an issue to another project, in one request that is never sent again before a look at the issue. moved is the issue
	// there; it has no number if the token cannot see it. existed is true if somebody else had moved it, perhaps elsewhere. If the token may
	// not move it, the error is of kind Auth.
	MoveIssue(ctx context.Context, ref issue.Ref, to target.Target) (moved issue.Issue, existed bool, err error)

	// CreateIssue and CreateNote search by the hidden key. If GitLab left a part out, the issue or comment is returned with an error that
	// matches [fault.Dropped].
	CreateIssue(ctx context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (created issue.Issue, existed bool, err error)
	CreateNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (created issue.Note, existed bool, err error)
	// UpsertNote is CreateNote, but also edits an existing comment with another text. changed is true if anything was written. If the
	// token may not edit the comment of somebody else, the error names the author.
	UpsertNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (kept issue.Note, changed bool, err error)
	// CreateLink links two issues. The error matches [fault.NotOffered] if GitLab has no links or the token may not create this one.
	CreateLink(ctx context.Context, from, to issue.Ref) (existed bool, err error)
	// ReconcileIssue reads the comments and the issue, asks the reconciler, changes the issue, and repeats this until the reconciler
	// wants no further change. changed is true if anything was written. If the reconciler is an [eventlog.Claim], the token user's own
	// claims that lost the race are deleted, and an error of kind Refused that matches [fault.Conflict] names who was first. The error
	// matches [fault.Overwritten] if somebody else changed the description between the read and the write, so their text may be lost, and
	// [fault.Moved] if the issue was moved to another project.
	ReconcileIssue(ctx context.Context, ref issue.Ref, l eventlog.Reconciler) (reconciled issue.Issue, changed bool, err error)
	// UserByName finds a user among the members of the project, then on the instance; MemberByName among the members alone.
	UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
	MemberByName(ctx context.Context, in target.Target, username string) (instance.User, error)

	CreateLabel(ctx context.Context, in target.Target, l label.Label) (created label.Label, existed bool, err error)
	UpdateLabel(ctx context.Context, in target.Target, id int64, c label.Change) (label.Label, error)
	DeleteLabel(ctx context.Context, in target.Target, id int64) error

	CreateBoard(ctx context.Context, in target.Target, name string) (b board.Board, existed bool, err error)
	DeleteBoard(ctx context.Context, in target.Target, id int64) error // only when it has no columns
	CreateBoardList(ctx context.Context, in target.Target, boardID, labelID int64) (l board.List, existed bool, err error)
	MoveBoardList(ctx context.Context, in target.Target, boardID, listID int64, position int) (board.List, error)

	// CreateFreeze creates a freeze period, also if there is one at the same times already: GitLab accepts both. existed is true if the
	// outcome was unknown and there is one now.
	CreateFreeze(ctx context.Context, in target.Target, f lock.Freeze) (created lock.Freeze, existed bool, err error)
	DeleteFreeze(ctx context.Context, in target.Target, before lock.Freeze) error // only if it is as before
}
