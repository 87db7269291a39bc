package report_test

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

var week34 = report.Period{From: day("2018-08-18"), To: day("2018-08-24")}

func TestPeriods(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct {
		p          report.Period
		begin, end string
		days       int
		weeks      string
	}{
		{week34, "2018-08-18T00:00:00Z", "2018-08-25T00:00:00Z", 7, "[2018-W33 2018-W34]"},
		{report.Last(7, day("2018-08-24"), nil), "2018-08-18T00:00:00Z", "2018-08-25T00:00:00Z", 7, "[2018-W33 2018-W34]"},
		{report.Last(7, day("2018-08-24"), berlin), "2018-08-17T22:00:00Z", "2018-08-24T22:00:00Z", 7, "[2018-W33 2018-W34]"},
		{report.Week(handoff.WeekOf(day("2018-10-28")), berlin), "2018-10-21T22:00:00Z", "2018-10-28T23:00:00Z", 7, "[2018-W43]"}, // daylight saving time ends: 169 hours
		{report.Period{From: day("2018-12-31"), To: day("2018-12-31")}, "2018-12-31T00:00:00Z", "2019-01-01T00:00:00Z", 1, "[2019-W01]"},
	} {
		if !c.p.Begin().Equal(at(c.begin)) || !c.p.End().Equal(at(c.end)) || c.p.Days() != c.days || fmt.Sprint(c.p.Weeks()) != c.weeks {
			t.Errorf("%s to %s: %s up to %s, %d days, %v", c.p.From, c.p.To, c.p.Begin(), c.p.End(), c.p.Days(), c.p.Weeks())
		}
		if !c.p.Contains(c.p.Begin()) || c.p.Contains(c.p.End()) || c.p.Contains(c.p.Begin().Add(-1)) || !c.p.Contains(c.p.End().Add(-1)) {
			t.Errorf("%s to %s: wrong bounds", c.p.From, c.p.To)
		}
	}
}

// Earlier periods follow each other without a gap.
func TestPeriodsBefore(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		p := report.Last(rapid.IntRange(1, 400).Draw(t, "days"), day("2018-08-24").AddDays(rapid.IntRange(-4000, 4000).Draw(t, "day")), berlin)
		n := rapid.IntRange(0, 6).Draw(t, "n")
		if one, next := p.Before(n), p.Before(n+1); !next.End().Equal(one.Begin()) || next.Days() != p.Days() {
			t.Fatalf("%v and %v", one, next)
		}
		if !p.Since().Equal(p.Before(4).Begin()) {
			t.Fatal("Since is not the start of the earliest compared period")
		}
	})
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minutes []time.Duration
		want    report.Spread
	}{
		{nil, report.Spread{Missing: 3}},
		{[]time.Duration{5 * time.Minute}, report.Spread{Sample: 1, Missing: 3, Median: "5.0", Mean: "5.0", P90: "5.0"}},
		{[]time.Duration{10 * time.Minute, 5 * time.Minute}, report.Spread{Sample: 2, Missing: 3, Median: "7.5", Mean: "7.5", P90: "10.0"}},
		{[]time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute}, report.Spread{Sample: 3, Missing: 3, Median: "2.0", Mean: "2.3", P90: "4.0"}},
		{[]time.Duration{3 * time.Second}, report.Spread{Sample: 1, Missing: 3, Median: "0.1", Mean: "0.1", P90: "0.1"}}, // 0.05 is rounded up
		{[]time.Duration{2 * time.Second}, report.Spread{Sample: 1, Missing: 3, Median: "0.0", Mean: "0.0", P90: "0.0"}},
		{[]time.Duration{15 * time.Second}, report.Spread{Sample: 1, Missing: 3, Median: "0.3", Mean: "0.3", P90: "0.3"}}, // 0.25
		{tens(1, 10), report.Spread{Sample: 10, Missing: 3, Median: "55.0", Mean: "55.0", P90: "90.0"}},
		{tens(1, 11), report.Spread{Sample: 11, Missing: 3, Median: "60.0", Mean: "60.0", P90: "100.0"}},
	} {
		if got := (report.Sample{Known: c.minutes, Missing: 3}).Spread(); got != c.want {
			t.Errorf("%v: got %+v, want %+v", c.minutes, got, c.want)
		}
	}
}

func tens(from, to int) (list []time.Duration) {
	for n := from; n <= to; n++ {
		list = append(list, time.Duration(10*n)*time.Minute)
	}
	return list
}

func drawSample(t *rapid.T, name string) report.Sample {
	seconds := rapid.SliceOfN(rapid.Int64Range(0, 400*24*3600), 0, 40).Draw(t, name)
	s := report.Sample{Missing: rapid.IntRange(0, 10).Draw(t, name+" missing")}
	for _, n := range seconds {
		s.Add(time.Duration(n)*time.Second, true)
	}
	return s
}

func number(t *rapid.T, s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return r
}

func TestSpreadIsInBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, "sample")
		got := s.Spread()
		if got.Sample+got.Missing != len(s.Known)+s.Missing {
			t.Fatalf("%+v of %d and %d", got, len(s.Known), s.Missing)
		}
		shuffled := report.Sample{Known: rapid.Permutation(s.Known).Draw(t, "order"), Missing: s.Missing}
		if other := shuffled.Spread(); other != got {
			t.Fatalf("in another order it is %+v, not %+v", other, got)
		}
		share := s.Within(30 * time.Minute)
		if share.Sample+share.Missing != len(s.Known)+s.Missing || share.Count > share.Sample {
			t.Fatalf("%+v", share)
		}
		if len(s.Known) == 0 {
			if got.Median+got.Mean+got.P90+share.Percent != "" {
				t.Fatalf("numbers without a sample: %+v, %+v", got, share)
			}
			return
		}
		half := big.NewRat(1, 20) // the largest rounding error
		least, most := big.NewRat(int64(slices.Min(s.Known)), int64(time.Minute)), big.NewRat(int64(slices.Max(s.Known)), int64(time.Minute))
		least.Sub(least, half)
		most.Add(most, half)
		for _, n := range []string{got.Median, got.Mean, got.P90} {
			if v := number(t, n); v.Cmp(least) < 0 || v.Cmp(most) > 0 {
				t.Fatalf("%s is not between %s and %s", n, least.FloatString(3), most.FloatString(3))
			}
		}
		if number(t, got.P90).Cmp(number(t, got.Median)) < 0 {
			t.Fatalf("the 90th percentile %s is below the median %s", got.P90, got.Median)
		}
		if p := number(t, share.Percent); p.Sign() < 0 || p.Cmp(big.NewRat(100, 1)) > 0 {
			t.Fatalf("%s %%", share.Percent)
		}
	})
}

// The 90th percentile is the least duration that nine in ten do not exceed. Durations are whole tenths of a minute, so that rounding changes nothing.
func TestSpreadDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.SliceOfN(rapid.Int64Range(0, 50), 1, 30).Draw(t, "tenths of a minute")
		s := report.Sample{}
		for _, n := range tenths {
			s.Add(time.Duration(6*n)*time.Second, true)
		}
		got := s.Spread()
		p90 := number(t, got.P90)
		atMost, below := 0, 0
		for _, n := range tenths {
			switch big.NewRat(n, 10).Cmp(p90) {
			case -1:
				below++
				fallthrough
			case 0:
				atMost++
			}
		}
		if 10*atMost < 9*len(tenths) || 10*below >= 9*len(tenths) {
			t.Fatalf("%s is not the least duration that nine in ten of %v do not exceed", got.P90, tenths)
		}
		sum := int64(0)
		for _, n := range tenths {
			sum += n
		}
		if want := big.NewRat(sum, 10*int64(len(tenths))).FloatString(1); got.Mean != want {
			t.Fatalf("the mean is %s, want %s", got.Mean, want)
		}
	})
}

func TestSamplesMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSample(t, "a"), drawSample(t, "b")
		whole, other := merged(a, b), merged(b, a)
		if whole.Spread() != other.Spread() || whole.Within(time.Hour) != other.Within(time.Hour) {
			t.Fatalf("%+v and %+v", whole.Spread(), other.Spread())
		}
		if s, one, two := whole.Spread(), a.Spread(), b.Spread(); s.Sample != one.Sample+two.Sample || s.Missing != one.Missing+two.Missing {
			t.Fatalf("%+v of %+v and %+v", s, one, two)
		}
		if n := whole.Within(time.Hour).Count; n != a.Within(time.Hour).Count+b.Within(time.Hour).Count {
			t.Fatalf("%d within an hour", n)
		}
	})
}

var labels = incident.Labels{Incident: "incident", Active: "Incident::Active", Mitigated: "Incident::Mitigated", Resolved: "Incident::Resolved", Reviewed: "Incident::Reviewed",
	S1: "S1", S2: "S2", S3: "S3", S4: "S4", DataLoss: "data loss", Service: "service:{service}"}

// newIncident returns an incident with a record.
func newIncident(id int64, created, record string, on ...string) incident.Incident {
	text := ""
	if record != "" {
		text = "```yaml prodctl/incident\n" + record + "\n```\n"
	}
	return incident.Of(issue.Issue{ID: id, Ref: issue.Ref{Project: "acme/production", IID: id}, CreatedAt: at(created), UpdatedAt: at(created), State: issue.Opened,
		Labels: append([]string{"incident"}, on...), Description: text}, labels)
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	secret := newIncident(6, "2018-08-20T08:00:00Z", "started_at: 2018-08-20T08:00:00Z\nservices: [mail]\ndetected_at: 2018-08-20T08:03:00Z", "S3")
	secret.Issue.Confidential = true
	list := []incident.Incident{
		newIncident(1, "2018-08-19T10:10:00Z", "started_at: 2018-08-19T10:00:00Z\ndetected_at: 2018-08-19T10:05:00Z\nmitigated_at: 2018-08-19T10:25:00Z\nresolved_at: 2018-08-19T11:00:00Z\nservices: [web, db]", "S1", "Incident::Resolved"),
		newIncident(2, "2018-08-24T23:59:59Z", "", "S2", "service:web"),                                                      // no record: the day the issue was opened counts
		newIncident(3, "2018-08-25T09:00:00Z", "started_at: 2018-08-24T09:00:00Z\nmitigated_at: 2018-08-24T08:00:00Z", "S2"), // recorded late; mitigated before it started
		newIncident(4, "2018-08-18T09:00:00Z", "started_at: 2018-08-17T23:00:00Z", "S2"),                                     // started before
		newIncident(5, "2018-08-10T09:00:00Z", "started_at: 2018-08-23T09:00:00Z\nmitigated_at: 2018-08-23T09:30:01Z"),       // opened before, started in it
		secret,
	}
	got := report.Statistics(week34, list)
	var refs []int64
	for _, i := range got.Incidents {
		refs = append(refs, i.Issue.ID)
	}
	if want := []int64{1, 6, 5, 3, 2}; !slices.Equal(refs, want) {
		t.Errorf("started in it: %v, want %v", refs, want)
	}
	if w := got.Times.Within(); w != (report.Share{Sample: 2, Missing: 3, Count: 1, Percent: "50.0"}) {
		t.Errorf("within 30 minutes: %+v", w)
	}
	if s := got.Times.Mitigate.Spread(); s != (report.Spread{Sample: 2, Missing: 3, Median: "27.5", Mean: "27.5", P90: "30.0"}) {
		t.Errorf("to mitigate: %+v", s)
	}
	var groups []string
	for _, g := range slices.Concat(got.Severities, got.Services) {
		groups = append(groups, fmt.Sprintf("%s %d", g.Name, g.Count))
	}
	if want := "[S1 1 S2 2 S3 1 S4 0 unknown 1 web 2 db 1 confidential 1 unknown 2]"; fmt.Sprint(groups) != want {
		t.Errorf("groups %v, want %s", groups, want)
	}
	if s := got.Services[2].Times.Detect.Spread(); s.Sample != 0 || s.Missing != 1 {
		t.Errorf("times of a confidential incident are shown: %+v", s)
	}
	var weeks []string
	for _, w := range got.Weeks {
		weeks = append(weeks, fmt.Sprint(w.Week, " ", w.Count))
	}
	if want := "[2018-W33 1 2018-W34 4]"; fmt.Sprint(weeks) != want {
		t.Errorf("weeks %v, want %s", weeks, want)
	}
}

// drawIncident draws an incident around the period in which any time may be missing.
func drawIncident(t *rapid.T, id int64) incident.Incident {
	moment := func(what string) time.Time {
		return at("2018-08-14T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, what)) * time.Minute)
	}
	i := incident.Incident{Issue: issue.Issue{ID: id, CreatedAt: moment("created"), Confidential: rapid.IntRange(0, 5).Draw(t, "confidential") == 0}}
	i.Severity = rapid.SampledFrom(append(incident.Severities(), incident.UnknownSeverity)).Draw(t, "severity")
	i.State = rapid.SampledFrom(append(incident.States(), incident.UnknownState)).Draw(t, "state")
	i.Services = rapid.SampledFrom([][]string{nil, {"web"}, {"web", "db"}}).Draw(t, "services")
	for _, to := range []*time.Time{&i.Record.StartedAt, &i.Record.DetectedAt, &i.Record.MitigatedAt, &i.Record.ResolvedAt} {
		if rapid.Bool().Draw(t, "known") {
			*to = moment("time")
		}
	}
	return i
}

// Statistics do not depend on order or duplicates. Each incident counts in one severity and one week, and known plus missing times add up to all incidents.
func TestStatisticsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []incident.Incident
		for n := range rapid.IntRange(0, 12).Draw(t, "incidents") {
			list = append(list, drawIncident(t, int64(n+1)))
		}
		got := report.Statistics(week34, list)
		shuffled := report.Statistics(week34, rapid.Permutation(slices.Concat(list, list)).Draw(t, "order"))
		if !reflect.DeepEqual(got, shuffled) {
			t.Fatalf("in another order:\n%+v\n%+v", got, shuffled)
		}
		n := len(got.Incidents)
		bySeverity, byWeek := 0, 0
		for _, g := range got.Severities {
			bySeverity += g.Count
		}
		for _, w := range got.Weeks {
			byWeek += w.Count
		}
		if bySeverity != n || byWeek != n {
			t.Fatalf("%d incidents, %d by severity, %d by week", n, bySeverity, byWeek)
		}
		groups := append(slices.Concat(got.Severities, got.Services), report.Group{Count: n, Times: got.Times})
		for _, g := range groups {
			for _, s := range []report.Sample{g.Times.Detect, g.Times.Mitigate, g.Times.Resolve} {
				if len(s.Known)+s.Missing != g.Count {
					t.Fatalf("%s has %d incidents, %d known and %d missing", g.Name, g.Count, len(s.Known), s.Missing)
				}
			}
		}
		// Two adjacent periods add up to the whole.
		first, second := report.Period{From: week34.From, To: day("2018-08-20")}, report.Period{From: day("2018-08-21"), To: week34.To}
		a, b := report.Statistics(first, list), report.Statistics(second, list)
		if len(a.Incidents)+len(b.Incidents) != n || merged(a.Times.Mitigate, b.Times.Mitigate).Spread() != got.Times.Mitigate.Spread() {
			t.Fatalf("%d and %d incidents in the parts of %d", len(a.Incidents), len(b.Incidents), n)
		}
	})
}

// merged returns the union of two samples.
func merged(a, b report.Sample) report.Sample {
	return report.Sample{Known: slices.Concat(a.Known, b.Known), Missing: a.Missing + b.Missing}
}
