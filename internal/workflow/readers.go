package workflow

import (
	"context"
	"iter"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// IssueReader reads one issue.
type IssueReader interface {
	Issue(context.Context, issue.Ref) (issue.Issue, error)
}

// ParallelReads is how many requests of one kind are made at once; the client has a bound of its own for all.
const ParallelReads = 8

// JournalReader reads an issue of the production queue and its comments.
type JournalReader interface {
	IssueReader
	// Journal are the comments, oldest first, with Trusted set for those that hold an entry.
	Journal(context.Context, issue.Ref) ([]issue.Note, error)
}

// IssueFinder finds an issue by its hidden key.
type IssueFinder interface {
	FindIssue(ctx context.Context, project string, o issue.IdempotencyKey) (issue.Issue, bool, error)
}

// IssueLister lists issues of a project.
type IssueLister interface {
	Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
}

// LinkReader reads an issue's relations.
type LinkReader interface {
	IssueLinks(context.Context, issue.Ref) ([]issue.Link, error)
}

// HistoryReader reads what GitLab itself remembers of an issue.
type HistoryReader interface {
	JournalReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// LabelReader is what the commands for labels and for the board's columns read.
type LabelReader interface {
	// Labels lists the labels of a project with those of the groups above it, or of a group.
	Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error)
	Boards(ctx context.Context, in target.Target) ([]board.Board, error)
}
