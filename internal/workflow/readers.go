package workflow

import (
	"context"
	"errors"
	"iter"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// IssueReader reads one issue.
type IssueReader interface {
	Issue(context.Context, issue.Ref) (issue.Issue, error)
}

// ParallelReads is the number of parallel requests of one kind. The client has its own limit for all of them.
const ParallelReads = 8

// NotesReader reads an issue of the production queue and its comments, which hold the event log.
type NotesReader interface {
	IssueReader
	// TrustedNotes lists the comments, oldest first, with Trusted set for those that hold an event.
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// IssueFinder finds an issue by its hidden key.
type IssueFinder interface {
	FindIssue(ctx context.Context, project string, o issue.IdempotencyKey) (issue.Issue, bool, error)
}

// IssueLister lists issues of a project.
type IssueLister interface {
	Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
}

// LinkReader reads the links of an issue.
type LinkReader interface {
	IssueLinks(context.Context, issue.Ref) ([]issue.Link, error)
}

// HistoryReader reads an issue with GitLab's own history of it.
type HistoryReader interface {
	NotesReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// LabelReader reads labels and boards.
type LabelReader interface {
	// Labels lists the labels of a group, or of a project including those of its parent groups.
	Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error)
	Boards(ctx context.Context, in target.Target) ([]board.Board, error)
}

// Unreadable reports whether the error of a read means that this server lacks the data, or that this token may not read it.
func Unreadable(err error) bool {
	return errors.Is(err, fault.NotFound) || errors.Is(err, fault.NotOffered) || err != nil && fault.KindOf(err) == fault.Auth
}
