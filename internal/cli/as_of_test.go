package cli_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// client is prodctl's own way to GitLab, as a maintainer.
func (l *lab) client(t testing.TB) *gitlab.Client {
	t.Helper()
	c, err := gitlab.New(gitlab.Options{
		Host: "https://gitlab.example.test", Token: func(context.Context) (string, error) { return "sandbox-mara", nil }, Transport: fakegitlab.Transport(l.server),
		Now: func() time.Time { return l.now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// issues are all issues of both trackers as they are now.
func (s *story) issues(t testing.TB, c *gitlab.Client) map[issue.Ref]issue.Issue {
	all := map[issue.Ref]issue.Issue{}
	for _, project := range []string{prod, infra} {
		for i, err := range c.Issues(t.Context(), target.ProjectAt(project), issue.Query{}) {
			if err != nil {
				s.rt.Fatal(err)
			}
			all[i.Ref] = i
		}
	}
	return all
}

// history is what GitLab knows of an issue.
func (s *story) history(t testing.TB, c *gitlab.Client, ref issue.Ref) history.History {
	h := history.History{Incident: incidentRules, Change: changeRules}
	var errs [4]error
	h.Notes, errs[0] = c.Journal(t.Context(), ref)
	h.Labels, errs[1] = c.LabelEvents(t.Context(), ref)
	h.States, errs[2] = c.StateEvents(t.Context(), ref)
	h.Milestones, errs[3] = c.MilestoneEvents(t.Context(), ref)
	for _, err := range errs {
		if err != nil {
			s.rt.Fatal(err)
		}
	}
	return h
}

// picture is what the rules read of an issue, by field.
func pictureOf(i issue.Issue) map[string]any {
	assignees := slices.Clone(i.Assignees)
	slices.Sort(assignees)
	m := map[string]any{
		"title": i.Title, "labels": fmt.Sprint(i.Labels), "state": i.State, "closed": i.ClosedAt, "assignees": fmt.Sprint(assignees),
		"confidential": i.Confidential, "due": i.Due.String(), "milestone": i.Milestone, "created": i.CreatedAt,
	}
	inc, chg := incident.Of(i, incidentRules), change.Of(i, changeRules)
	m["incident"], m["change"] = inc.State, chg.State
	r, c := inc.Record, chg.Record
	slices.Sort(r.Services)
	for key, value := range map[string]any{
		"exists": r.Exists, "started_at": r.StartedAt, "detected_at": r.DetectedAt, "mitigated_at": r.MitigatedAt, "resolved_at": r.ResolvedAt, "severity": r.Severity,
		"impact": r.Impact, "services": fmt.Sprint(r.Services), "cause": r.Cause, "data_loss": r.DataLoss, "related": r.Related, "as_of_note": r.AsOfNote,
		"change exists": c.Exists, "change started_at": c.StartedAt, "finished_at": c.FinishedAt, "aborted_at": c.AbortedAt, "outcome": c.Outcome, "approved_by": c.ApprovedBy,
		"overrides": c.Overrides, "executor": c.Executor, "change as_of_note": c.AsOfNote, "start": c.Start,
	} {
		m["record "+key] = value
	}
	return m
}

// declared takes out of two pictures what the sentences say is not known.
func declared(sentences []string, pictures ...map[string]any) {
	for _, said := range sentences {
		for _, p := range pictures {
			for field := range p {
				keys, isRecord := strings.CutPrefix(field, "record ")
				switch {
				case strings.Contains(said, "its title"):
					isRecord = field == "title"
				case strings.Contains(said, "its assignees"):
					isRecord = field == "assignees"
				case strings.Contains(said, "a label that it may have carried"):
					isRecord = field == "labels"
				case strings.Contains(said, "confidential since"):
					isRecord = field == "confidential"
				case strings.Contains(said, "comment was edited"):
					isRecord = false
				case strings.Contains(said, "edited by hand"):
				case strings.Contains(said, "its record said"):
					isRecord = isRecord && strings.Contains(said, strings.TrimPrefix(keys, "change "))
				}
				if isRecord {
					delete(p, field)
				}
			}
		}
	}
}

// TestPastOfRandomHistories: an issue that is rebuilt from what GitLab knows is the one that was there, but for what is said to be unknown; and of histories in which
// nothing happens of which GitLab keeps no trace nothing is.
func TestPastOfRandomHistories(t *testing.T) {
	t.Parallel()
	for name, honest := range map[string]bool{"traces": true, "all": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkSome(t, 40, func(rt *rapid.T) {
				s := newStory(t, rt, honest, "")
				c := s.client(t)
				moments := map[time.Time]map[issue.Ref]issue.Issue{}
				for range rapid.IntRange(2, 14).Draw(rt, "steps") {
					s.step()
					moments[s.now] = s.issues(t, c)
					s.wait()
				}
				now := s.issues(t, c)
				for _, ref := range slices.SortedFunc(maps.Keys(now), func(a, b issue.Ref) int { return strings.Compare(a.String(), b.String()) }) {
					h := s.history(t, c, ref)
					for _, at := range slices.SortedFunc(maps.Keys(moments), time.Time.Compare) {
						s.compare(now[ref], h, at, moments[at][ref])
					}
				}
			})
		})
	}
}

// checkSome is rapid.Check with so many histories, since each takes many runs. More are gone through with -rapid.checks.
func checkSome(t *testing.T, n int64, property func(*rapid.T)) {
	var begun atomic.Int64
	var failed atomic.Bool // then it is tried again on smaller histories
	usual := flag.Lookup("rapid.checks").Value.String() == flag.Lookup("rapid.checks").DefValue
	rapid.Check(t, func(rt *rapid.T) {
		if begun.Add(1) > n && usual && !failed.Load() {
			return
		}
		well := false
		defer func() { failed.Store(failed.Load() || !well) }()
		property(rt)
		well = true
	})
}

func (s *story) compare(now issue.Issue, h history.History, at time.Time, then issue.Issue) {
	was, existed, unknown := history.Issue(now, h, at)
	if existed != (then.ID != 0) {
		s.rt.Fatalf("%s at %s: existed %v", now.Ref, at, existed)
	}
	if !existed {
		return
	}
	if s.traceable && len(unknown) > 0 {
		s.rt.Fatalf("%s\n%s at %s: %q", strings.Join(s.log, "\n"), now.Ref, at, unknown)
	}
	want, got := pictureOf(then), pictureOf(was)
	for _, key := range []string{"impact", "cause", "detected_at", "executor"} { // of these no report tells
		for _, p := range []map[string]any{want, got} {
			delete(p, "record "+key)
		}
	}
	declared(unknown, want, got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.rt.Fatalf("%s\n%s at %s, unknown %q (-want +got):\n%s\n%s", strings.Join(s.log, "\n"), now.Ref, at.Format("02 15:04:05"), unknown, diff, now.Description)
	}
}
