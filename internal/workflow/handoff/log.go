package handoff

import (
	"context"
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// OncallLog is where the comments of one shift are: an issue that is found by its key, or a named one.
type OncallLog struct {
	Log          handoff.Log // zero: the log is Issue
	Issue        issue.Ref
	Project      string // of the log
	Label        string // of the issues of the log
	Confidential bool   // create confidential log issues
}

// logReader finds the issue of a log.
type logReader interface {
	workflow.IssueReader
	workflow.IssueFinder
}

// find returns the issue of the log, where it is now; ID 0: it does not exist yet.
func (l OncallLog) find(ctx context.Context, read logReader, moves workflow.Moves) (log issue.Issue, err error) {
	if l.Log != (handoff.Log{}) {
		if log, _, err = read.FindIssue(ctx, l.Project, l.Log.IdempotencyKey(l.Label)); err == nil {
			err = moves.Admit(ctx, log, l.Project, l.Confidential)
		}
		return log, err
	}
	log, err = read.Issue(ctx, l.Issue)
	switch {
	case errors.Is(err, fault.NotFound):
		return log, fault.Wrap(fault.Usage, err, "Name an existing issue in handoff.issue, or set handoff.log to week", "the on-call log")
	case err != nil:
		return log, err
	}
	f, err := moves.Follow(ctx, log)
	return f.Issue, err
}
