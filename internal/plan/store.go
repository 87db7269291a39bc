package plan

import (
	"context"

	"gitlab.com/prodctl/prodctl/pkg/board"
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

	CreateLabel(ctx context.Context, in target.Target, l label.Label) (made label.Label, existed bool, err error)
	UpdateLabel(ctx context.Context, in target.Target, id int64, c label.Change) (label.Label, error)
	DeleteLabel(ctx context.Context, in target.Target, id int64) error

	CreateBoard(ctx context.Context, in target.Target, name string) (b board.Board, existed bool, err error)
	DeleteBoard(ctx context.Context, in target.Target, id int64) error // only when it has no columns
	CreateBoardList(ctx context.Context, in target.Target, boardID, labelID int64) (l board.List, existed bool, err error)
	MoveBoardList(ctx context.Context, in target.Target, boardID, listID int64, position int) (board.List, error)
}
