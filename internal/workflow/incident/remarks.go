package incident

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// RemarksReader reads the newest comments of an issue.
type RemarksReader interface {
	LastNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// MaxRemarks is for how many incidents of a list [LastRemarks] reads comments.
const MaxRemarks = 20

// LastRemarks returns what people wrote last about the active incidents of a list, by the ids of their issues. It takes a request for each
// of the first [MaxRemarks], in parallel. Comments that cannot be read are a gap and not an error: the list matters more.
func LastRemarks(ctx context.Context, read RemarksReader, list []incident.Incident) (map[int64]incident.Remark, []string) {
	notes, errs := make([][]issue.Note, len(list)), make([]error, len(list))
	var g errgroup.Group
	g.SetLimit(workflow.ParallelReads)
	active := 0
	for n, i := range list {
		if i.State != incident.Active {
			continue
		}
		if active++; active <= MaxRemarks {
			g.Go(func() error { notes[n], errs[n] = read.LastNotes(ctx, i.Issue.Ref); return nil })
		}
	}
	_ = g.Wait() // it has no error
	remarks := map[int64]incident.Remark{}
	var gaps []string
	if active > MaxRemarks {
		gaps = append(gaps, fmt.Sprintf("Last comments are those of the first %d active incidents", MaxRemarks))
	}
	for n, i := range list {
		if errs[n] != nil {
			gaps = append(gaps, fmt.Sprintf("The comments of %s could not be read", i.Issue.Ref))
		}
		if r, ok := incident.LastRemark(notes[n]); ok {
			remarks[i.Issue.ID] = r
		}
	}
	return remarks, gaps
}
