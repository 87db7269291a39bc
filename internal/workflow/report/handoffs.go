// Package report is the weekly report and the statistics of incidents: what is read, and the steps that post it.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints nothing and
// knows no flag.
package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// handoffs are the shifts with the comments in which they were handed over, and the issues of the log by their keys. It takes one list
// for the issues, and one for the comments of each. As everywhere a hidden key counts only of people who have at least the role
// Developer, and of the token's user.
func handoffs(ctx context.Context, read Reader, l report.ShiftLogs) ([]report.Handoff, map[string]issue.Issue, error) {
	if len(l.Shifts) == 0 {
		return nil, nil, nil
	}
	logs, err := logIssues(ctx, read, l)
	if err != nil {
		return nil, nil, err
	}
	notes := make([][]issue.Note, len(logs))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, log := range logs {
		g.Go(func() (err error) { notes[n], err = read.Notes(gctx, log.Ref); return err })
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	trust := logTrust{read: read, project: l.Project}
	for n := range logs {
		trust.meet(logs[n].AuthorID)
		for _, note := range notes[n] {
			if k, ok := idempotency.Read(note.Body); ok && !note.System && k.Kind() == handoff.NoteKind {
				trust.meet(note.AuthorID)
			}
		}
	}
	if err := trust.ask(ctx); err != nil {
		return nil, nil, err
	}
	var list []report.Handoff
	for _, s := range l.Shifts {
		list = append(list, posted(s.Shift, logs, notes, trust))
	}
	keyed := map[string]issue.Issue{}
	for _, log := range slices.Backward(logs) { // of twins the first one made stays
		if k, ok := idempotency.Read(log.Description); ok && trust.of(log.AuthorID) {
			keyed[k.String()] = log
		}
	}
	return list, keyed, nil
}

// logIssues are the issues of the log that the shifts are in, whoever made them.
func logIssues(ctx context.Context, read Reader, l report.ShiftLogs) ([]issue.Issue, error) {
	if l.Fixed.IID != 0 {
		i, err := read.Issue(ctx, l.Fixed)
		return []issue.Issue{i}, err
	}
	since := l.Shifts[0].Log.Since
	wanted := map[string]bool{}
	for _, s := range l.Shifts {
		if k, err := idempotency.NewKey(s.Log.Kind, s.Log.Name); err == nil {
			wanted[k.String()] = true
		}
		if s.Log.Since.Before(since) {
			since = s.Log.Since
		}
	}
	var list []issue.Issue
	for i, err := range read.Issues(ctx, target.ProjectAt(l.Project),
		issue.Query{Labels: []string{l.Label}, CreatedAfter: since.Truncate(time.Second)}) {
		if err != nil {
			return nil, err
		}
		if k, ok := idempotency.Read(i.Description); ok && wanted[k.String()] {
			list = append(list, i)
		}
	}
	return list, nil
}

// posted is the shift with the first comment that has its key.
func posted(sh oncall.Shift, logs []issue.Issue, notes [][]issue.Note, trust logTrust) report.Handoff {
	out := report.Handoff{Shift: sh}
	key, err := idempotency.NewKey(handoff.NoteKind, sh.ID())
	if err != nil {
		return out
	}
	for n, log := range logs {
		for _, note := range notes[n] {
			k, ok := idempotency.Read(note.Body)
			if !ok || k != key || note.System || !trust.of(note.AuthorID) || !out.Posted.IsZero() && !note.CreatedAt.Before(out.Posted) {
				continue
			}
			out.Posted, out.By, out.WebURL = note.CreatedAt, note.Author, ""
			if log.WebURL != "" {
				out.WebURL = fmt.Sprintf("%s#note_%d", log.WebURL, note.ID)
			}
		}
	}
	return out
}

// logTrust tells whose hidden keys count.
type logTrust struct {
	read    Reader
	project string
	ids     []int64
	roles   map[int64]instance.Access
	self    int64
}

func (t *logTrust) meet(id int64) {
	if !slices.Contains(t.ids, id) {
		t.ids = append(t.ids, id)
	}
}

// ask takes one request for all whom it has met, and one more where somebody's role is not enough: it may be the token's user.
func (t *logTrust) ask(ctx context.Context) (err error) {
	if len(t.ids) == 0 {
		return nil
	}
	slices.Sort(t.ids)
	if t.roles, err = t.read.AccessOf(ctx, target.ProjectAt(t.project), t.ids); err != nil {
		return err
	}
	if !slices.ContainsFunc(t.ids, func(id int64) bool { return t.roles[id] < instance.Developer }) {
		return nil
	}
	self, err := t.read.CurrentUser(ctx)
	t.self = self.ID
	return err
}

func (t logTrust) of(id int64) bool {
	return t.roles[id] >= instance.Developer || t.self != 0 && t.self == id
}
