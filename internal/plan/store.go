package plan

import (
	"context"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Store carries out single writes. Every method is safe to repeat, returns what GitLab answered, and compares
// that with what was asked: a part that GitLab left out is an error that matches [fault.Dropped].
//
// The Create methods end in exactly one object whatever happens on the wire: when the title or name is taken, or the
// outcome is unknown, they look and adopt what is there (existed is then true). They fail with an error that matches
// [fault.Taken] when what is there is something else, and with [fault.Unknown] when looking failed too.
// Delete methods succeed when the object is gone.
type Store interface {
	CreateMilestone(ctx context.Context, in target.Target, d milestone.Draft) (m milestone.Milestone, existed bool, err error)
	UpdateMilestone(ctx context.Context, in target.Target, id int64, c milestone.Change) (milestone.Milestone, error)
	DeleteMilestone(ctx context.Context, in target.Target, id int64) error

	UpdateIssue(ctx context.Context, ref issue.Ref, c issue.Change) (issue.Issue, error)

	// CreateIssue and CreateNote find by the hidden key. An issue or comment that was made with a part left out is returned
	// with an error that matches [fault.Dropped].
	CreateIssue(ctx context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (made issue.Issue, existed bool, err error)
	CreateNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (made issue.Note, existed bool, err error)
	// UpsertNote is CreateNote that edits a comment which says something else. changed tells whether anything was written. Where the
	// comment is somebody else's and the token may not edit it the error says whose it is.
	UpsertNote(ctx context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (kept issue.Note, changed bool, err error)
	// CreateLink relates two issues. An error matches [fault.NotOffered] when this GitLab has no links, or the token may not make this one.
	CreateLink(ctx context.Context, from, to issue.Ref) (existed bool, err error)
	// ReconcileIssue reads the comments and the issue, asks the reconciler, changes the issue, and looks again until the reconciler is
	// content. changed tells whether anything was written. With a reconciler that is a [eventlog.Claim] the token user's own
	// claims that are beaten are deleted, and an error of kind Refused that matches [fault.Conflict] says who was first. An error
	// matches [fault.Overwritten] when somebody else changed the description in the moment between reading and writing it, and their words
	// may be lost.
	ReconcileIssue(ctx context.Context, ref issue.Ref, l eventlog.Reconciler) (settled issue.Issue, changed bool, err error)
	UserByName(ctx context.Context, username string) (instance.User, error)

	CreateLabel(ctx context.Context, in target.Target, l label.Label) (made label.Label, existed bool, err error)
	UpdateLabel(ctx context.Context, in target.Target, id int64, c label.Change) (label.Label, error)
	DeleteLabel(ctx context.Context, in target.Target, id int64) error

	CreateBoard(ctx context.Context, in target.Target, name string) (b board.Board, existed bool, err error)
	DeleteBoard(ctx context.Context, in target.Target, id int64) error // only when it has no columns
	CreateBoardList(ctx context.Context, in target.Target, boardID, labelID int64) (l board.List, existed bool, err error)
	MoveBoardList(ctx context.Context, in target.Target, boardID, listID int64, position int) (board.List, error)
}
