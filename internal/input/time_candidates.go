package input

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

const candidateTime = "2006-01-02 15:04 UTC"

// Candidates are usual times ago, with the times that they mean now.
func (t *Time) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return ago(from.Now, candidateTime, "5m", "10m", "15m", "30m", "1h", "2h"), nil
}

// Candidates are usual periods up to now, with the days on which they begin.
func (s *Since) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	list := ago(from.Now, candidateTime, "12h", "24h")
	for _, days := range []struct {
		word string
		days int
	}{{"7d", 7}, {"14d", 14}, {"30d", 30}, {"90d", 90}} {
		list = append(list, Candidate{days.word, from.Now.AddDate(0, 0, -days.days).Format(time.DateOnly)})
	}
	return list, nil
}

// Candidates are full hours of the next day, in UTC.
func (m *Moment) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	var list []Candidate
	next := from.Now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	for _, hour := range []int{8, 10, 12, 14, 16} {
		at := next.Add(time.Duration(hour) * time.Hour)
		list = append(list, Candidate{at.Format(time.RFC3339), at.Format("Monday 15:04 UTC")})
	}
	return list, nil
}

// Candidates are today and the days of the next two weeks, with their names.
func (d *Day) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	zone := from.Config.Timezone
	if zone == nil {
		zone = time.UTC
	}
	return days(from.Now.In(zone), 1), nil
}

// Candidates are today and the days before it.
func (d *DayOf) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return days(from.Now, -1), nil
}

// Candidates are usual durations.
func (d *Duration) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return durations(), nil
}

// Candidates are usual durations.
func (m *Minutes) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return durations(), nil
}

// Candidates are usual distances between samples.
func (s *Step) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return fixed([]string{"15s", "30s", "1m", "5m"}), nil
}

func durations() []Candidate {
	return fixed([]string{"5m", "10m", "15m", "30m", "45m", "1h", "1h30m", "2h", "4h"})
}

func ago(now time.Time, layout string, spans ...string) []Candidate {
	var list []Candidate
	for _, span := range spans {
		if d, err := time.ParseDuration(span); err == nil {
			list = append(list, Candidate{span, now.UTC().Add(-d).Format(layout)})
		}
	}
	return list
}

// days are today and the days after it, or with -1 before it.
func days(now time.Time, direction int) []Candidate {
	var list []Candidate
	for n := range 15 {
		at := now.AddDate(0, 0, n*direction)
		meaning := at.Weekday().String()
		if n == 0 {
			meaning = "today, " + meaning
		}
		list = append(list, Candidate{calendar.DateOf(at).String(), meaning})
	}
	return list
}
