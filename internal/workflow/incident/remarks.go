package incident

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// RemarksReader reads the newest comments of an issue.
type RemarksReader interface {
	LastNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// RemarksAtOnce reads the newest comments of several issues, by the ids of the issues.
type RemarksAtOnce interface {
	LastNotesOf(context.Context, []int64) (map[int64][]issue.Note, error)
}

// MaxRemarks is for how many incidents of a list [LastRemarks] reads comments.
const MaxRemarks = 20

// LastRemarks returns what people wrote last about the active incidents of a list, by the ids of their issues. It takes a request for each
// of the first [MaxRemarks], in parallel. Comments that cannot be read are a gap and not an error: the list matters more.
func LastRemarks(ctx context.Context, read RemarksReader, list []incident.Incident) (map[int64]incident.Remark, []string) {
	list = slices.DeleteFunc(slices.Clone(list), func(i incident.Incident) bool { return i.State != incident.Active })
	var gaps []string
	if len(list) > MaxRemarks {
		list, gaps = list[:MaxRemarks], []string{fmt.Sprintf("Last comments are those of the first %d active incidents", MaxRemarks)}
	}
	found, errs := make([][]issue.Note, len(list)), make([]error, len(list))
	var g errgroup.Group
	g.SetLimit(workflow.ParallelReads)
	for n, i := range list {
		g.Go(func() error { found[n], errs[n] = read.LastNotes(ctx, i.Issue.Ref); return nil })
	}
	_ = g.Wait() // it has no error
	by := map[int64][]issue.Note{}
	for n, i := range list {
		if errs[n] == nil {
			by[i.Issue.ID] = found[n]
		}
	}
	return remarks(list, by, gaps)
}

// LastRemarksAtOnce is [LastRemarks] of a few active incidents, in one request.
func LastRemarksAtOnce(ctx context.Context, read RemarksAtOnce, list []incident.Incident) (map[int64]incident.Remark, []string) {
	var ids []int64
	for _, i := range list {
		ids = append(ids, i.Issue.ID)
	}
	found, err := read.LastNotesOf(ctx, ids)
	if err != nil {
		return nil, []string{"The last comments could not be read"}
	}
	return remarks(list, found, nil)
}

// remarks finds what people wrote last among comments. An incident without any is one whose comments could not be read.
func remarks(list []incident.Incident, found map[int64][]issue.Note, gaps []string) (map[int64]incident.Remark, []string) {
	by := map[int64]incident.Remark{}
	for _, i := range list {
		notes, ok := found[i.Issue.ID]
		if !ok {
			gaps = append(gaps, fmt.Sprintf("The comments of %s could not be read", i.Issue.Ref))
		}
		if r, ok := incident.LastRemark(notes); ok {
			by[i.Issue.ID] = r
		}
	}
	return by, gaps
}
