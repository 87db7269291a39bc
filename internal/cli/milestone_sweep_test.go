package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// swept is a team in the second week of its timebox, with issues that came into the Current Milestone in every way. Those whose title
// begins with "Late" were not planned.
func swept(s *fakegitlab.Seed) {
	p := &s.Projects[0]
	p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: label.Unscheduled, Color: "#6b4226"})
	early, late := time.Date(2018, 8, 9, 9, 0, 0, 0, time.UTC), time.Date(2018, 8, 14, 9, 0, 0, 0, time.UTC)
	add := func(title string, created time.Time, labels []string, events ...fakegitlab.SeedEvent) {
		p.Issues = append(p.Issues, fakegitlab.SeedIssue{Title: title, Author: "dev", Milestone: "Current Milestone", CreatedAt: created,
			Labels: labels, Events: events})
	}
	into := func(at time.Time, title string) fakegitlab.SeedEvent {
		return fakegitlab.SeedEvent{At: at, AddMilestone: title}
	}
	add("Planned", early, nil, into(early, "Current Milestone"))
	add("Planned on the first day", early, nil, into(late.Add(-10*time.Hour), "Current Milestone"))
	add("Late", early, nil, into(late, "Current Milestone"))
	add("Late and closed", late, nil, into(late, "Current Milestone"))
	p.Issues[len(p.Issues)-1].Closed, p.Issues[len(p.Issues)-1].ClosedAt = true, late.Add(time.Hour)
	add("Outage", late, []string{label.Outage}, into(late, "Current Milestone"))
	add("Labeled", late, []string{label.Unscheduled}, into(late, "Current Milestone"))
	add("Rolled late", early.AddDate(0, 0, -3), nil, into(early.AddDate(0, 0, -3), "2018-08-10 Milestone"), into(late, "Current Milestone"))
	add("Taken off", late, nil, into(late, "Current Milestone"), fakegitlab.SeedEvent{At: late.Add(time.Minute), AddLabel: label.Unscheduled},
		fakegitlab.SeedEvent{At: late.Add(time.Hour), RemoveLabel: label.Unscheduled})
}

var sweepWorld = setup{seed: swept}

// unscheduled are the titles of the issues with the label.
func (l *lab) unscheduled() (titles []string) {
	for _, i := range l.server.Snapshot().Project(infra).Issues {
		if slices.Contains(i.Labels, label.Unscheduled) {
			titles = append(titles, i.Title)
		}
	}
	slices.Sort(titles)
	return titles
}

// What came in after the first working day gets the label, once: not what a roll put there, not an outage, and never again once somebody
// took it off.
func TestMilestoneSweep(t *testing.T) {
	t.Parallel()
	l := newLab(t, sweepWorld)
	l.must(t, "milestone", "sweep", "--yes")
	if got, want := l.unscheduled(), []string{"Labeled", "Late", "Late and closed"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// one request for the milestones, one for the issues, six for events, three for those that came late, the role, a look, two writes, and a look after them
	if reads, writes := l.count(); reads != 1+1+6+3+1+1+1 || writes != 2 {
		t.Errorf("%d reads, %d writes:\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	l.nothingMore(t, "milestone", "sweep", "--yes")
	l.do("PUT", fmt.Sprintf("/issues/%d", l.numberOf(t, "Late")), `{"remove_labels": %q}`, label.Unscheduled)
	l.nothingMore(t, "milestone", "sweep", "--yes")
}

// Before the grace period ends a sweep takes one request and changes nothing; without a Current Milestone too.
func TestMilestoneSweepBeforeTheEndOfGrace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config, now string
		want        string
		writes      int
	}{
		"first day":  {"", "2018-08-13T23:59:59Z", "Issues come into Current Milestone as scheduled until 2018-08-13 ends", 0},
		"second day": {"", "2018-08-14T00:00:00Z", "", 2},
		"longer":     {"planning: {grace: 3}\n", "2018-08-15T23:59:00Z", "until 2018-08-15 ends", 0},
		"holiday":    {"planning: {holidays: [2018-08-13]}\n", "2018-08-14T23:59:00Z", "until 2018-08-14 ends", 0},
		"no grace":   {"planning: {grace: 0}\n", "2018-08-13T00:00:00Z", "", 3},
		"zone":       {"timezone: America/New_York\n", "2018-08-14T03:59:00Z", "until 2018-08-13 ends", 0},
	} {
		world := sweepWorld
		world.config = c.config
		l := newLab(t, world)
		r := l.must(t, "milestone", "sweep", "--yes", "--now", c.now)
		reads, writes := l.count()
		if !strings.Contains(r.out+r.errors, c.want) || writes != c.writes || writes == 0 && reads != 1 {
			t.Errorf("%s: %d reads, %d writes, want %d and %q\n%s%s", name, reads, writes, c.writes, c.want, r.out, r.errors)
		}
	}
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }})
	if r := l.must(t, "milestone", "sweep", "--yes"); !strings.Contains(r.out+r.errors, "No Current Milestone in project acme/infrastructure") {
		t.Errorf("%s%s", r.out, r.errors)
	}
}

// What --fill plans late stays scheduled, and what a person adds on the same day does not.
func TestMilestoneSweepKnowsFill(t *testing.T) {
	t.Parallel()
	l := newLab(t, fillWorld)
	l.must(t, "milestone", "plan", "--fill", "--current", "--yes", "--now", "2018-08-20T10:00:00Z")
	l.do("PUT", fmt.Sprintf("/issues/%d", l.numberOf(t, "Old")), `{"milestone_id": %d}`, l.milestoneID(t, "Current Milestone"))
	l.must(t, "milestone", "sweep", "--yes")
	if got := l.unscheduled(); !slices.Equal(got, []string{"Old"}) {
		t.Errorf("got %q after a fill of %q", got, l.inMilestone("Current Milestone"))
	}
}

// A roll that is days late makes nothing unscheduled: neither what it carries over, nor what was planned for Next.
func TestMilestoneSweepAfterALateRoll(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 3, done: 1}).copyWith(func(o *fakegitlab.Options) {
		o.Now = func() time.Time { return time.Date(2018, 8, 30, 9, 0, 0, 0, time.UTC) }
	})
	l.must(t, "milestone", "roll", "--yes", "--now", "2018-08-30T09:00:00Z")
	l.must(t, "milestone", "sweep", "--yes", "--now", "2018-08-30T10:00:00Z")
	if got := l.unscheduled(); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}
