package planning_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// The grace period ends with a working day of the team, in its zone.
func TestGraceEnd(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	for name, c := range map[string]struct {
		team  planning.Team
		box   milestone.Timebox
		grace int
		zone  *time.Location
		want  string
	}{
		"first day":          {planning.Team{}, august, 1, time.UTC, "2018-08-14T00:00:00Z"},
		"in Tokyo":           {planning.Team{}, august, 1, tokyo, "2018-08-13T15:00:00Z"},
		"none":               {planning.Team{}, august, 0, time.UTC, "2018-08-13T00:00:00Z"},
		"over a weekend":     {planning.Team{}, august, 6, time.UTC, "2018-08-21T00:00:00Z"},
		"after a holiday":    {planning.Team{Holidays: []calendar.Date{day("2018-08-13")}}, august, 1, time.UTC, "2018-08-15T00:00:00Z"},
		"the whole timebox":  {planning.Team{}, august, 99, time.UTC, "2018-08-25T00:00:00Z"},
		"a box on a weekend": {planning.Team{}, milestone.Timebox{Start: day("2018-08-18"), Due: day("2018-08-19")}, 1, time.UTC, "2018-08-19T00:00:00Z"},
	} {
		if got := c.team.GraceEnd(c.box, c.grace, c.zone).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := (planning.Team{}).GraceEnd(milestone.Timebox{}, 1, time.UTC); !got.IsZero() {
		t.Errorf("without dates: %s", got)
	}
}

// An issue is late if it was not in the timebox when the grace period ended, unless it came from one that had ended.
func TestEntryOf(t *testing.T) {
	t.Parallel()
	end := day("2018-08-14").Midnight(time.UTC)
	ended := map[int64]calendar.Date{1: day("2018-08-10")}
	on := func(date, action string, id int64) issue.Event {
		return issue.Event{At: day(date).Midnight(time.UTC).Add(10 * time.Hour), Action: action, ID: id}
	}
	for name, c := range map[string]struct {
		created string
		events  []issue.Event
		want    planning.Entry
	}{
		"created in it":                 {"2018-08-01", nil, planning.InTime},
		"created in it, late":           {"2018-08-14", nil, planning.CameLate},
		"put in before":                 {"2018-08-01", []issue.Event{on("2018-08-08", "add", 2)}, planning.InTime},
		"put in on the first day":       {"2018-08-13", []issue.Event{on("2018-08-13", "add", 2)}, planning.InTime},
		"put in on the second day":      {"2018-08-13", []issue.Event{on("2018-08-14", "add", 2)}, planning.CameLate},
		"rolled on the first day":       {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-13", "add", 2)}, planning.InTime},
		"rolled late":                   {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-15", "add", 2)}, planning.CarriedIn},
		"from the next one":             {"2018-08-01", []issue.Event{on("2018-08-02", "add", 3), on("2018-08-15", "add", 2)}, planning.CameLate},
		"carried, then taken out":       {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-15", "add", 2), on("2018-08-16", "remove", 2), on("2018-08-17", "add", 2)}, planning.CarriedIn},
		"late, then taken out":          {"2018-08-01", []issue.Event{on("2018-08-15", "add", 2), on("2018-08-16", "remove", 2), on("2018-08-17", "add", 2)}, planning.CameLate},
		"planned, then taken out":       {"2018-08-01", []issue.Event{on("2018-08-10", "add", 2), on("2018-08-12", "remove", 2), on("2018-08-17", "add", 2)}, planning.CameLate},
		"planned, out for a day":        {"2018-08-01", []issue.Event{on("2018-08-10", "add", 2), on("2018-08-15", "remove", 2), on("2018-08-17", "add", 2)}, planning.InTime},
		"by way of a deleted one":       {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-12", "add", 0), on("2018-08-15", "add", 2)}, planning.CameLate},
		"in the old one before its end": {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-09", "remove", 1), on("2018-08-15", "add", 2)}, planning.CameLate},
		"in the old one until its end":  {"2018-08-01", []issue.Event{on("2018-08-02", "add", 1), on("2018-08-10", "remove", 1), on("2018-08-15", "add", 2)}, planning.CarriedIn},
	} {
		if got := planning.EntryOf(2, end, day(c.created).Midnight(time.UTC).Add(time.Hour), c.events, ended, time.UTC); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
