package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// statusRequests is how many requests a status takes at most.
const statusRequests = 12

// onFire returns a team with a number of active incidents of each severity, each with a comment.
func onFire(severities ...string) setup {
	return setup{done: 3, carried: 2, seed: func(s *fakegitlab.Seed) {
		for n, severity := range severities {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{
				Title: fmt.Sprintf("Fire %d", n+1), Author: "dev", Labels: []string{"incident", "Incident::Active", severity},
				CreatedAt: time.Date(2018, 8, 24, 12, 0, n%60, 0, time.UTC),
				Notes:     []fakegitlab.SeedNote{{Author: "dev", Body: fmt.Sprintf("Comment on %d", n+1), CreatedAt: time.Date(2018, 8, 24, 15, 0, n%60, 0, time.UTC)}},
			})
		}
	}}
}

func times(n int, severity string) []string { return slices.Repeat([]string{severity}, n) }

// The number of requests does not depend on how much is going on, and everything is read in two rounds.
func TestStatusRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		severities []string
		comments   int
	}{
		{"no incidents", nil, 0},
		{"three that close the gate", times(3, "S1"), 3},
		{"three that do not", times(3, "S4"), 3}, // the gate takes two of the requests
		{"forty", times(40, "S2"), 3},
		{"one that does not", times(1, "S4"), 1},
		{"forty that do not close the gate", times(40, "S3"), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := onFire(c.severities...)
			s.config = "parallel: 32\n"
			l := newLab(t, s)
			doc := document[jsonv1.Status](t, l, 0, "status")
			reads, writes := l.count()
			if reads > statusRequests || writes > 0 {
				t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
			}
			comments := 0
			for _, i := range doc.Incidents.Worst {
				if i.LastComment != nil {
					comments++
				}
			}
			if doc.Incidents.Active != len(c.severities) || comments != c.comments || doc.Incidents.AtLeast {
				t.Errorf("%d comments: %+v", comments, doc.Incidents)
			}
			if want := map[bool]string{true: "closed", false: "open"}[slices.ContainsFunc(c.severities, func(s string) bool { return s < "S3" })]; doc.Gate.State != want {
				t.Errorf("gate: %+v, want %s", doc.Gate, want)
			}
			if got := rounds(t, l, "status"); got > 2 {
				t.Errorf("%d rounds of requests", got)
			}
		})
	}
}

// rounds returns how many requests a command makes one after the other, if each takes a second.
func rounds(t *testing.T, l *lab, args ...string) (n int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		own := *l
		own.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return l.wire.RoundTrip(r)
		})
		began := time.Now()
		own.must(t, args...)
		n = int(time.Since(began) / time.Second)
	})
	return n
}

// Of a list that is longer than a page, the status shows how much it read, and no gate that it did not read.
func TestStatusOfLongLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		severity, gate string
	}{{"S4", "unknown"}, {"S1", "closed"}} {
		l := newLab(t, onFire(times(101, c.severity)...))
		doc := document[jsonv1.Status](t, l, 0, "status")
		if doc.Incidents.Active != 100 || !doc.Incidents.AtLeast || doc.Gate.State != c.gate || (doc.Gate.Unknown == "") != (c.gate == "closed") {
			t.Errorf("%s: %+v %+v", c.severity, doc.Incidents.StatusPart, doc.Gate)
		}
		r := l.runOn(term.Modes{OutTTY: true, Width: 80}, "", "status")
		for _, want := range []string{"at least 100 active: prodctl incident list", "Gate       " + c.gate} {
			if !strings.Contains(r.out, want) {
				t.Errorf("no %q in:\n%s", want, r.out)
			}
		}
	}
}

// A tracker with fifty thousand issues costs no more requests than an empty one.
func TestStatusOfALargeTracker(t *testing.T) {
	t.Parallel()
	slow(t)
	s := onFire(times(40, "S4")...)
	fires := s.seed
	s.seed = func(s *fakegitlab.Seed) {
		fires(s)
		for n := range 50_000 { // in both trackers some of each kind, open and closed, within the window of the budget
			i := fakegitlab.SeedIssue{Title: fmt.Sprintf("Issue %d", n), Author: "dev", Closed: n/2%4 > 0,
				CreatedAt: time.Date(2018, 7, 30, 0, 0, 40*n, 0, time.UTC), Labels: [][]string{{"toil"}, {"change"}, {"incident"}, {"Ready_to_Handoff"}}[n/8%4]}
			s.Projects[n%2].Issues = append(s.Projects[n%2].Issues, i)
		}
	}
	l := newLab(t, s)
	l.server.ResetRequests()
	doc := document[jsonv1.Status](t, l, 0, "status")
	if reads, writes := l.count(); reads > statusRequests || writes > 0 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	if !doc.Incidents.AtLeast || !doc.Changes.AtLeast || !doc.Handoffs.AtLeast || !doc.Budget.AtLeast || doc.Gate.State != "unknown" {
		t.Errorf("%+v", doc)
	}
}

// What cannot be read is unknown, and the rest is shown. The exit code is that of the error.
func TestStatusOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rule string
		code       int
		unknown    []string
	}{
		{"queue", "GET /projects/acme%2Fproduction/issues status=403", 4, []string{"incidents", "changes", "gate", "handoffs", "budget"}},
		{"infrastructure", "GET /projects/acme%2Finfrastructure/issues status=404", 1, []string{"handoffs", "timebox"}},
		{"comments", "POST /api/graphql status=403", 0, nil},
		{"everything", "GET ** status=503", 7, []string{"incidents", "changes", "gate", "handoffs", "timebox", "budget"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, onFire("S3", "S3"))
			l.faulty(t, c.rule)
			doc := document[jsonv1.Status](t, l, c.code, "status")
			if got := unknownParts(doc); !slices.Equal(got, c.unknown) {
				t.Errorf("unknown: %v, want %v", got, c.unknown)
			}
			if gap := "The last comments could not be read"; slices.Contains(doc.Notes, gap) != (c.name == "comments") {
				t.Errorf("notes: %q", doc.Notes)
			}
			if doc.Gate.State == "open" && slices.Contains(c.unknown, "gate") {
				t.Errorf("gate: %+v", doc.Gate)
			}
		})
	}
}

// Three comments that are read with a request each: of those that cannot be read, the references are in a note.
func TestStatusWithoutAComment(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S1", "S2"))
	l.faulty(t, "GET /projects/*/issues/2/notes status=403")
	doc := document[jsonv1.Status](t, l, 0, "status")
	if w := doc.Incidents.Worst; w[0].LastComment == nil || w[1].LastComment != nil || !slices.Contains(doc.Notes, "The comments of acme/production#2 could not be read") {
		t.Errorf("%+v\n%q", w, doc.Notes)
	}
}

// unknownParts returns the parts that could not be read.
func unknownParts(doc jsonv1.Status) (list []string) {
	for _, p := range []struct {
		name string
		part jsonv1.StatusPart
	}{
		{"incidents", doc.Incidents.StatusPart}, {"changes", doc.Changes.StatusPart}, {"gate", doc.Gate.StatusPart},
		{"handoffs", doc.Handoffs.StatusPart}, {"timebox", doc.Timebox.StatusPart}, {"budget", doc.Budget.StatusPart},
	} {
		if p.part.Unknown != "" {
			list = append(list, p.name)
		}
	}
	return list
}

// Nothing else closes the gate, so it depends on what the token can see: of a confidential incident a Guest sees nothing.
func TestStatusGateOfAGuest(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	doc := document[jsonv1.Status](t, l.as("guest"), 0, "status")
	if doc.Gate.State != "unknown" || doc.Gate.Unknown == "" {
		t.Errorf("%+v", doc.Gate)
	}
}

// The parts are those of the commands that read all of them.
func TestStatusAgreesWithTheCommands(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S3", "S2"))
	l.must(t, "incident", "mitigate", "1", "--at", "12:30", "-m", "Restarted", "-q")
	l.must(t, "change", "open", "Drain a node", "--criticality", "C3", "--start", "2018-08-24T17:00", "--duration", "30m", "-q")
	l.must(t, "handoff", "mark", "infrastructure#1", "--left-off", "Half", "--next", "Rest", "-q")
	doc := document[jsonv1.Status](t, l, 0, "status")
	incidents := document[jsonv1.Incidents](t, l, 0, "incident", "list")
	changes := document[jsonv1.Changes](t, l, 0, "change", "list")
	gate := document[jsonv1.Gate](t, l, 5, "change", "gate", "--criticality", "C3")
	budget := document[jsonv1.Budget](t, l, 0, "budget")
	box := document[jsonv1.Milestone](t, l, 0, "milestone", "show")
	if doc.Incidents.Active+doc.Incidents.Mitigated != len(incidents.Incidents) || doc.Incidents.Worst[0].Ref != incidents.Incidents[0].Ref {
		t.Errorf("%+v\n%+v", doc.Incidents, incidents)
	}
	if doc.Changes.InProgress+doc.Changes.Planned != len(changes.Changes) || doc.Changes.Planned != 1 {
		t.Errorf("%+v\n%+v", doc.Changes, changes)
	}
	if doc.Gate.State != "closed" || doc.Gate.Reasons[0].Text != gate.Reasons[0].Text {
		t.Errorf("%+v\n%+v", doc.Gate, gate)
	}
	if all := budget.Accounts[0]; doc.Budget.Accounts[0].Spent != all.Spent || doc.Budget.Accounts[0].Allowed != all.Allowed {
		t.Errorf("%+v\n%+v", doc.Budget, all)
	}
	if doc.Timebox.Due != box.Due || doc.Timebox.Total != box.Issues.Open+box.Issues.Closed || doc.Timebox.Done != 3 || doc.Timebox.Day != 10 || !doc.Timebox.RollDue {
		t.Errorf("%+v\n%+v", doc.Timebox, box)
	}
	if doc.Handoffs.Waiting != 1 || doc.Handoffs.Oldest.Ref != "acme/infrastructure#1" {
		t.Errorf("%+v", doc.Handoffs)
	}
}

// A timebox without issues, and a team without a Current Milestone.
func TestStatusOfAnEmptyTimebox(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{group: true})
	doc := document[jsonv1.Status](t, l, 0, "status")
	if b := doc.Timebox; b.Title != "Current Milestone" || b.Due != "2018-08-24" || b.Total != 0 || b.Days != 10 || b.AtPace != nil {
		t.Errorf("%+v", b)
	}
	l = newLab(t, setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones = nil; s.Projects[0].Issues = nil }})
	doc = document[jsonv1.Status](t, l, 0, "status")
	if b := doc.Timebox; b.Title != "" || b.Unknown != "" || b.RollDue {
		t.Errorf("%+v", b)
	}
	if r := l.runOn(term.Modes{OutTTY: true, Width: 80}, "", "status"); !strings.Contains(r.out, "no Current Milestone: prodctl milestone ensure") {
		t.Errorf("%s", r.out)
	}
}

// Without a production queue, its parts are unknown, without an error.
func TestStatusWithoutAQueue(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.dir = configDir(t, "version: 1\nhost: https://gitlab.example.test\ntrackers:\n  infrastructure: acme/infrastructure\n")
	doc := document[jsonv1.Status](t, l, 0, "status")
	if got, want := unknownParts(doc), []string{"incidents", "changes", "gate", "budget"}; !slices.Equal(got, want) {
		t.Errorf("unknown: %v", got)
	}
	l.dir = configDir(t, "version: 1\nhost: https://gitlab.example.test\n")
	if r := l.run("status"); r.code != 6 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// The last comment of a confidential incident is shown to the token's user on a terminal, and nowhere else.
func TestStatusWithholds(t *testing.T) {
	t.Parallel()
	s := onFire("S2")
	fires := s.seed
	s.seed = func(s *fakegitlab.Seed) {
		fires(s)
		s.Projects[1].Issues[0].Confidential = true
	}
	l := newLab(t, s)
	for _, args := range [][]string{{"status"}, {"status", "-o", "json"}, {"status", "-o", "md"}, {"status", "-o", "csv"}} {
		if r := l.must(t, args...); strings.Contains(r.out, "Fire 1") || strings.Contains(r.out, "Comment on 1") {
			t.Errorf("%v:\n%s", args, r.out)
		}
	}
	if r := l.runOn(term.Modes{OutTTY: true, Width: 80}, "", "status"); !strings.Contains(r.out, "(confidential) Fire 1") || !strings.Contains(r.out, "Comment on 1") {
		t.Errorf("%s", r.out)
	}
}

// Interrupted, it shows nothing.
func TestStatusInterrupted(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	var n atomic.Int32
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	wire := l.wire
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if n.Add(1) == 2 {
			cancel()
		}
		return wire.RoundTrip(r)
	})
	if r := l.runIn(ctx, "status"); r.code != 130 || r.out != "" {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
