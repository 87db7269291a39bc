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

// client returns prodctl's own GitLab client, as a maintainer.
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

// issues returns all issues of both trackers in their current state.
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

// history returns what GitLab has recorded about an issue.
func (s *story) history(t testing.TB, c *gitlab.Client, ref issue.Ref) history.History {
	h := history.History{Incident: incidentRules, Change: changeRules}
	var errs [4]error
	h.Notes, errs[0] = c.TrustedNotes(t.Context(), ref)
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

// pictureOf returns everything that the rules read from an issue, by field.
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

// removeUnknown removes from two pictures the fields that the sentences report as unknown.
func removeUnknown(sentences []string, pictures ...map[string]any) {
	for _, sentence := range sentences {
		for _, p := range pictures {
			for field := range p {
				keys, isRecord := strings.CutPrefix(field, "record ")
				switch {
				case strings.Contains(sentence, "title unknown"):
					isRecord = field == "title"
				case strings.Contains(sentence, "assignees unknown"):
					isRecord = field == "assignees"
				case strings.Contains(sentence, "a label it may have had"):
					isRecord = field == "labels"
				case strings.Contains(sentence, "confidential later"):
					isRecord = field == "confidential"
				case strings.Contains(sentence, "comment past edited"):
					isRecord = false
				case strings.Contains(sentence, "edited by hand"):
				case strings.Contains(sentence, "record values unknown"):
					isRecord = isRecord && strings.Contains(sentence, strings.TrimPrefix(keys, "change "))
				}
				if isRecord {
					delete(p, field)
				}
			}
		}
	}
}

// TestRebuildRandomHistories checks that a rebuilt issue equals the issue at that time, except for what is reported as unknown. If GitLab keeps
// a trace of every step, nothing is unknown.
func TestRebuildRandomHistories(t *testing.T) {
	t.Parallel()
	for name, traceable := range map[string]bool{"traces": true, "all": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkSome(t, 40, func(rt *rapid.T) {
				s := newStory(t, rt, traceable, "")
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

// checkSome is rapid.Check with n histories, since each takes many runs. Use -rapid.checks for more.
func checkSome(t *testing.T, n int64, property func(*rapid.T)) {
	var started atomic.Int64
	var failed atomic.Bool // rapid then shrinks the history
	usual := flag.Lookup("rapid.checks").Value.String() == flag.Lookup("rapid.checks").DefValue
	rapid.Check(t, func(rt *rapid.T) {
		if started.Add(1) > n && usual && !failed.Load() {
			return
		}
		passed := false
		defer func() { failed.Store(failed.Load() || !passed) }()
		property(rt)
		passed = true
	})
}

func (s *story) compare(now issue.Issue, h history.History, at time.Time, then issue.Issue) {
	past, existed, unknown := history.Issue(now, h, at)
	if existed != (then.ID != 0) {
		s.rt.Fatalf("%s at %s: existed %v", now.Ref, at, existed)
	}
	if !existed {
		return
	}
	if s.traceable && len(unknown) > 0 {
		s.rt.Fatalf("%s\n%s at %s: %q", strings.Join(s.trace, "\n"), now.Ref, at, unknown)
	}
	want, got := pictureOf(then), pictureOf(past)
	for _, key := range []string{"impact", "cause", "detected_at", "executor"} { // no report shows these
		for _, p := range []map[string]any{want, got} {
			delete(p, "record "+key)
		}
	}
	removeUnknown(unknown, want, got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.rt.Fatalf("%s\n%s at %s, unknown %q (-want +got):\n%s\n%s", strings.Join(s.trace, "\n"), now.Ref, at.Format("02 15:04:05"), unknown, diff, now.Description)
	}
}
