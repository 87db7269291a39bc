package report_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

// twoRegions has ana and bo in turns of a week in EMEA, and nobody known in AMER.
func twoRegions() oncall.Schedule {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return oncall.Schedule{Regions: []oncall.Region{
		{Name: "EMEA", From: 4 * 60, To: 16 * 60, Rotation: &oncall.Rotation{Members: []string{"bo", "ana"}, Period: oncall.Period{Days: 7}, Start: calendar.NewDate(2018, 8, 6), Handover: 4 * 60}},
		{Name: "AMER", From: 16 * 60, To: 4 * 60},
	}, Working: map[string]oncall.Working{"bo": {Zone: berlin}}}
}

// lasting returns an incident that is recorded from a time for some minutes; 0: still active.
func lasting(id int64, from time.Time, minutes int) incident.Incident {
	i := incident.Incident{Issue: issue.Issue{ID: id, Ref: issue.Ref{Project: "acme/production", IID: id}, State: issue.Opened, CreatedAt: from, UpdatedAt: from}, State: incident.Active}
	i.Record.StartedAt = from
	if minutes > 0 {
		i.Record.MitigatedAt, i.State = from.Add(time.Duration(minutes)*time.Minute), incident.Mitigated
	}
	return i
}

func loads(now time.Time, list ...incident.Incident) []report.Load {
	p := report.Period{From: calendar.NewDate(2018, 8, 20), To: calendar.NewDate(2018, 8, 26), Zone: time.UTC}
	return report.Loads(p, now, twoRegions(), list, report.Rules{Incidents: incident.LabelsOf(label.Spelling{}, "service:{service}")}, nil)
}

func TestLoads(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time { return time.Date(2018, 8, day, hour, minute, 0, 0, time.UTC) }
	unknown := lasting(8, at(22, 9, 0), 0)
	unknown.State, unknown.Issue.State = incident.Resolved, issue.Closed
	got := loads(at(26, 12, 30),
		lasting(1, at(24, 14, 0), 120), // bo: from 16:00 to 17:00 in Berlin inside, then an hour outside
		lasting(2, at(24, 14, 30), 30), // overlaps
		lasting(3, at(25, 5, 0), 60),   // bo: a Saturday
		lasting(4, at(24, 20, 0), 60),  // AMER
		lasting(5, at(14, 10, 0), 60),  // ana, the week before
		lasting(6, at(26, 12, 0), 0),   // bo: still active, and counted up to the full hour
		unknown,
	)
	var lines []string
	for _, l := range got {
		c := l.Current
		lines = append(lines, fmt.Sprintf("%s/%s %s: %d shifts, incidents %d+%d, %s+%s, unknown %d, on call %s+%s; before %d, mean %s", l.Person, l.Region, l.Working.Zone, c.Shifts,
			c.Incidents.Inside, c.Incidents.Outside, c.Affected.Inside, c.Affected.Outside, c.Unknown, c.Oncall.Inside, c.Oncall.Outside,
			l.Previous[0].Incidents.Inside, l.Mean(func(b report.Burden) int { return b.Incidents.Inside })))
	}
	want := []string{
		"ana/EMEA UTC: 0 shifts, incidents 0+0, 0s+0s, unknown 0, on call 0s+0s; before 1, mean 0.3",
		"bo/EMEA Europe/Berlin: 7 shifts, incidents 3+2, 1h0m0s+2h0m0s, unknown 1, on call 40h0m0s+44h0m0s; before 0, mean 0.0",
		"/AMER UTC: 7 shifts, incidents 0+1, 0s+1h0m0s, unknown 0, on call 5h0m0s+79h0m0s; before 0, mean 0.0",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%q\nwant\n%q", lines, want)
	}
}

// Every incident that starts in the period is counted once, every minute of the period is somebody's, and the order of the incidents does
// not matter.
func TestLoadsAddUp(t *testing.T) {
	t.Parallel()
	begin := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var list []incident.Incident
		started := 0
		for n := range rapid.IntRange(0, 6).Draw(t, "incidents") {
			minute := rapid.IntRange(-3000, 11000).Draw(t, "minute")
			if minute >= 0 && minute < 7*24*60 {
				started++
			}
			list = append(list, lasting(int64(n+1), begin.Add(time.Duration(minute)*time.Minute), rapid.IntRange(0, 3000).Draw(t, "lasts")))
		}
		now := begin.AddDate(0, 0, 7)
		all := loads(now, list...)
		incidents, onCall, affected := 0, time.Duration(0), time.Duration(0)
		for _, l := range all {
			incidents += l.Current.Incidents.Inside + l.Current.Incidents.Outside
			onCall += l.Current.Oncall.Inside + l.Current.Oncall.Outside
			affected += l.Current.Affected.Inside + l.Current.Affected.Outside
		}
		if incidents != started || onCall != 7*24*time.Hour || affected > onCall {
			t.Fatalf("%d of %d incidents, %s on call, %s affected", incidents, started, onCall, affected)
		}
		if again := loads(now, rapid.Permutation(list).Draw(t, "order")...); fmt.Sprint(again) != fmt.Sprint(all) {
			t.Fatalf("%v\n%v", all, again)
		}
	})
}
