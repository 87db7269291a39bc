package cli_test

import (
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// An incident counts in the period in which it started, whenever its issue was opened. One list of updated issues finds it.
func TestIncidentsCountWhereTheyStarted(t *testing.T) {
	t.Parallel()
	seeded := func(day int) fakegitlab.SeedIssue {
		return fakegitlab.SeedIssue{Title: "Slow", Author: "dev", Labels: []string{"incident"}, CreatedAt: time.Date(2018, 8, day, 9, 0, 0, 0, time.UTC)}
	}
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = []fakegitlab.SeedIssue{seeded(3), seeded(15), seeded(16), seeded(22)}
	}})
	for n, started := range []string{"2018-08-14T10:00:00Z", "2018-08-12T23:59:59Z", "", "2018-08-19T10:00:00Z"} {
		if started != "" {
			l.web("plan", "PUT", "/issues/"+string(rune('1'+n)), `{"description": %q}`, "```yaml prodctl/incident\nstarted_at: "+started+"\nmitigated_at: 2018-08-19T10:30:00Z\n```")
		}
	}
	for week, want := range map[string]string{ // opened before and started in it, started before, opened in it, and recorded after it
		"2018-W33": "1 3 4", "2018-W32": "2", "2018-W34": "",
	} {
		l.server.ResetRequests()
		out := l.must(t, "report", "incidents", "--week", week, "--jq", `.incidents[].ref`).out
		var got []string
		for _, n := range []string{"1", "2", "3", "4"} {
			if strings.Contains(out, "#"+n+"\n") {
				got = append(got, n)
			}
		}
		if strings.Join(got, " ") != want || len(l.requests()) != 4 {
			t.Errorf("%s: %q, want %s; %d requests", week, got, want, len(l.requests()))
		}
	}
	out := l.must(t, "report", "incidents", "--week", "2018-W33", "-o", "json").out
	for _, want := range []string{`"sample": 2`, `"missing": 1`, `"mitigated_within_30_minutes"`, "No start time recorded for 1 incident"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing:\n%s", want, out)
		}
	}
}

// Days are in the team's time zone.
func TestReportsInTheTeamsZone(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "timezone: Pacific/Auckland\n"})
	l.must(t, "incident", "open", "Registry", "--started", "2018-08-23T12:30:00Z") // 00:30 on the 24th there, where it is the 25th by now
	for days, want := range map[string]string{"--from 2018-08-24 --to 2018-08-24": "1", "--from 2018-08-23 --to 2018-08-23": "0", "--last 1d": "0", "--last 2d": "1"} {
		if out := l.must(t, append([]string{"report", "incidents", "--jq", ".count"}, strings.Fields(days)...)...).out; strings.TrimSpace(out) != want {
			t.Errorf("%s: %s, want %s", days, out, want)
		}
	}
	if out := l.must(t, "report", "weekly", "-o", "md").out; !strings.HasPrefix(out, "## On-call report 2018-08-19 to 2018-08-25 (Pacific/Auckland)\n") {
		t.Errorf("%s", out)
	}
}
