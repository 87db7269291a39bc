// Package report reads the data of the weekly report and of incident statistics, and plans the steps that post a report.
//
// Start with [Reports] for reading and [Post] for posting. The package reads through the small interfaces that it declares, asks the
// rules of pkg/, and returns a plan or a value. Printing, flags and Markdown do not belong here.
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

// handoffs returns the shifts with their hand-off comments, and the log issues by key. It sends one request for the log issues and one
// for the comments of each. As everywhere, a hidden key counts only if its author has the role Planner, or Reporter and above, or is the
// token's own user.
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
		trust.add(logs[n].AuthorID)
		for _, note := range notes[n] {
			if k, ok := idempotency.Read(note.Body); ok && !note.System && k.Kind() == handoff.NoteKind {
				trust.add(note.AuthorID)
			}
		}
	}
	if err := trust.load(ctx); err != nil {
		return nil, nil, err
	}
	var list []report.Handoff
	for _, s := range l.Shifts {
		list = append(list, posted(s.Shift, logs, notes, trust))
	}
	keyed := map[string]issue.Issue{}
	for _, log := range slices.Backward(logs) { // of duplicates the one created first counts
		if k, ok := idempotency.Read(log.Description); ok && trust.trusted(log.AuthorID) {
			keyed[k.String()] = log
		}
	}
	return list, keyed, nil
}

// logIssues returns the log issues of the shifts, whoever created them.
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

// posted returns the shift with its hand-off: the newest trusted comment of the shift, which replaces those before it. Of duplicates, the
// first one counts.
func posted(sh oncall.Shift, logs []issue.Issue, notes [][]issue.Note, trust logTrust) report.Handoff {
	out, newest := report.Handoff{Shift: sh}, 0
	for n, log := range logs {
		for _, note := range notes[n] {
			k, ok := idempotency.Read(note.Body)
			if !ok || k.Kind() != handoff.NoteKind || note.System || !trust.trusted(note.AuthorID) {
				continue
			}
			nth := handoff.CommentOf(k.Name(), sh.ID())
			if nth == 0 || nth < newest || nth == newest && !note.CreatedAt.Before(out.Posted) {
				continue
			}
			newest, out.Posted, out.By, out.WebURL = nth, note.CreatedAt, note.Author, ""
			if log.WebURL != "" {
				out.WebURL = fmt.Sprintf("%s#note_%d", log.WebURL, note.ID)
			}
		}
	}
	return out
}

// logTrust decides whose hidden keys count.
type logTrust struct {
	read    Reader
	project string
	ids     []int64
	roles   map[int64]instance.Access
	self    int64
}

func (t *logTrust) add(id int64) {
	if !slices.Contains(t.ids, id) {
		t.ids = append(t.ids, id)
	}
}

// load sends one request for the roles of all users that were added, and one more if somebody's role is too low: that may be the token's
// own user.
func (t *logTrust) load(ctx context.Context) (err error) {
	if len(t.ids) == 0 {
		return nil
	}
	slices.Sort(t.ids)
	if t.roles, err = t.read.AccessOf(ctx, target.ProjectAt(t.project), t.ids); err != nil {
		return err
	}
	if !slices.ContainsFunc(t.ids, func(id int64) bool { return !t.roles[id].MayPlan() }) {
		return nil
	}
	self, err := t.read.CurrentUser(ctx)
	t.self = self.ID
	return err
}

func (t logTrust) trusted(id int64) bool {
	return t.roles[id].MayPlan() || t.self != 0 && t.self == id
}
