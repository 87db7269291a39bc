package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/request"
)

func titles(list ...string) (all []issue.Issue) {
	for n, title := range list {
		all = append(all, issue.Issue{ID: int64(n + 1), Title: title})
	}
	return all
}

func TestKinds(t *testing.T) {
	t.Parallel()
	got := report.Kinds(titles("Rotate the certificates of the mail relay", "Restart sidekiq", "Rotate certificate of mail relay (2018-08)", "restart Sidekiq again",
		"ROTATE CERTIFICATES: mail relays", "Upgrade Ruby", "", "!!", "42"))
	if len(got) != 2 || len(got[0].Issues) != 3 || !slices.Equal(got[0].Words, []string{"certificate", "mail", "relay", "rotate"}) ||
		len(got[1].Issues) != 2 || !slices.Equal(got[1].Words, []string{"restart", "sidekiq", "again"}) {
		t.Errorf("%+v", got)
	}
}

// Every group has at least two issues, no issue is in two groups, the order of the issues does not matter, and each title shares half of
// its words with the oldest of its group.
func TestKindsProperties(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"rotate", "restart", "mail", "relay", "disk", "disks", "full", "the", "of", "2018-08-24", "日本語", "x"})
	rapid.Check(t, func(t *rapid.T) {
		var list []string
		for range rapid.IntRange(0, 12).Draw(t, "issues") {
			list = append(list, strings.Join(rapid.SliceOfN(word, 0, 5).Draw(t, "title"), " "))
		}
		all := titles(list...)
		kinds, seen := report.Kinds(all), map[int64]bool{}
		for _, k := range kinds {
			if len(k.Issues) < 2 || len(k.Words) == 0 {
				t.Fatalf("%+v", k)
			}
			for _, i := range k.Issues {
				if seen[i.ID] {
					t.Fatalf("%d is in two groups", i.ID)
				}
				seen[i.ID] = true
			}
		}
		again := report.Kinds(rapid.Permutation(all).Draw(t, "order"))
		if !slices.EqualFunc(kinds, again, func(a, b report.Kind) bool {
			return slices.Equal(a.Words, b.Words) && slices.EqualFunc(a.Issues, b.Issues, func(x, y issue.Issue) bool { return x.ID == y.ID })
		}) {
			t.Fatalf("%+v in another order: %+v", kinds, again)
		}
	})
}

func TestUseOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	labelled := func(id int64, weight int, labels ...string) issue.Issue {
		team := map[int64]string{1: "support", 3: "security", 5: "leaked"}[id]
		return issue.Issue{ID: id, Description: request.Request{Requester: "rita", Team: team, At: now}.Record(), State: issue.Opened, Labels: labels, Weight: &weight, CreatedAt: now.Add(-time.Hour * time.Duration(id))}
	}
	closed := labelled(3, 5, "toil")
	closed.State, closed.ClosedAt = issue.Closed, closed.CreatedAt.Add(90*time.Minute)
	moved, secret := labelled(4, 8, "toil"), labelled(5, 1, "toil")
	moved.MovedToID, secret.Confidential = 9, true
	first := report.Box{Milestone: milestone.Milestone{ID: 1}, Issues: []issue.Issue{labelled(1, 1, "toil"), labelled(2, 2), labelled(6, 2)}}
	last := report.Box{Milestone: milestone.Milestone{ID: 2}, Issues: []issue.Issue{closed, moved, secret}}
	running := report.Box{Running: true, Issues: []issue.Issue{labelled(7, 0, "weight::3")}}
	use := report.UseOf("toil", []report.Box{first, last, running}, []issue.Issue{labelled(1, 1), labelled(8, 1)}, now)
	if use.Total != (report.Tally{Issues: 3, Weight: 7}) || use.All != (report.Tally{Issues: 6, Weight: 11}) || use.Share() != "50.0" || use.WeightShare() != "63.6" {
		t.Errorf("%+v of %+v: %s, %s", use.Total, use.All, use.Share(), use.WeightShare())
	}
	if !slices.Equal(use.Boxes, []report.Tally{{1, 1}, {2, 6}, {0, 0}}) || use.Closed.Spread().Median != "90.0" || !slices.Equal(use.Open, []time.Duration{8 * time.Hour, time.Hour}) {
		t.Errorf("%+v, %+v, %v", use.Boxes, use.Closed, use.Open)
	}
	if !slices.Equal(use.Teams, []report.TeamCount{{"security", 1}, {"support", 1}}) {
		t.Errorf("%v", use.Teams)
	}
	if got := report.TrendOf(use, []report.Box{first, last, running}); got != report.Up {
		t.Errorf("trend %q", got)
	}
	if got := report.TrendOf(report.UseOf("toil", []report.Box{last, first}, nil, now), []report.Box{last, first}); got != report.Down {
		t.Errorf("trend %q", got)
	}
	half := []issue.Issue{labelled(1, 1, "toil"), labelled(2, 2)}
	steady := []report.Box{{Issues: half}, {Issues: append(half, moved, moved)}} // issues that moved away change no share
	if got := report.TrendOf(report.UseOf("toil", steady, nil, now), steady); got != report.Steady {
		t.Errorf("with issues that moved away: trend %q", got)
	}
	if got := report.TrendOf(use, []report.Box{first}); got != report.NoTrend {
		t.Errorf("trend of one timebox %q", got)
	}
}
