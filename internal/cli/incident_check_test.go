package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// troubledQueue is a queue in which every rule of `incident check` finds something.
func troubledQueue() setup {
	at := func(day, hour int) time.Time { return time.Date(2018, 8, day, hour, 0, 0, 0, time.UTC) }
	return setup{seed: func(s *fakegitlab.Seed) {
		s.Users = append(s.Users, fakegitlab.SeedUser{Username: "project_2_bot_1a2b3c4d"})
		s.Projects[1].Members = append(s.Projects[1].Members, fakegitlab.SeedMember{User: "project_2_bot_1a2b3c4d", Role: "reporter"})
		add := func(title, record string, created time.Time, notes []fakegitlab.SeedNote, labels ...string) {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: title, Author: "mara", CreatedAt: created, Notes: notes,
				Labels: append(labels, "incident"), Description: "```yaml prodctl/incident\n" + record + "\n```\n"})
		}
		add("Late", "started_at: 2018-08-24T13:00:00Z", at(24, 13), []fakegitlab.SeedNote{{Body: "Looking", Author: "dev", CreatedAt: at(24, 14)},
			{Body: "Still firing", Author: "project_2_bot_1a2b3c4d", CreatedAt: at(24, 15)}}, "S1", "Incident::Active") // 1
		add("Updated", "started_at: 2018-08-24T13:00:00Z", at(24, 13), []fakegitlab.SeedNote{{Body: "Looking", Author: "dev", CreatedAt: at(24, 15).Add(50 * time.Minute)}}, "S2", "Incident::Active") // 2
		add("Forgotten", "started_at: 2018-08-20T13:00:00Z", at(20, 13), nil, "S4", "Incident::Active")                                                                                                // 3
		add("Timeless", "started_at: 2018-08-24T13:00:00Z\nseverity: S3", at(24, 13), nil, "S4", "Incident::Mitigated")                                                                                // 4
		add("Over", "started_at: 2018-08-24T13:00:00Z\nresolved_at: 2018-08-24T15:00:00Z", at(24, 13), nil, "S2", "Incident::Resolved")                                                                // 5
		add("Secret", "started_at: 2018-08-24T13:00:00Z\nresolved_at: 2018-08-24T13:10:00Z", at(24, 13), nil, "S4", "Incident::Resolved")                                                              // 6
		s.Projects[1].Issues[5].Confidential = true
		add("Done", "started_at: 2018-08-24T13:00:00Z\nresolved_at: 2018-08-24T15:00:00Z\ncause: disk", at(24, 13), nil, "S1", "Incident::Reviewed")                           // 7
		add("Long ago", "started_at: 2018-01-24T13:00:00Z\nresolved_at: 2018-01-24T15:00:00Z", time.Date(2018, 1, 24, 13, 0, 0, 0, time.UTC), nil, "S1", "Incident::Resolved") // 8
		old := &s.Projects[1].Issues[7]
		old.Closed, old.ClosedAt = true, time.Date(2018, 1, 25, 0, 0, 0, 0, time.UTC)
		s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Alert", Author: "mara", Labels: []string{"corrective action"}, CreatedAt: at(24, 15),
			Description: "Corrective action of " + prod + "#7.", DueDate: "2018-09-20"})
	}}
}

func found(doc jsonv1.IncidentCheck) (lines []string) {
	for _, f := range doc.Findings {
		lines = append(lines, strings.TrimPrefix(f.Ref, prod)+" "+f.Rule)
	}
	return lines
}

// Each rule finds its incident. The comments of an alert's account do not count. Of the active incidents those that are older than their
// limit take a request for their comments.
func TestIncidentCheck(t *testing.T) {
	t.Parallel()
	l := newLab(t, troubledQueue())
	doc := document[jsonv1.IncidentCheck](t, l, 8, "incident", "check", "--exit-code")
	want := []string{"#1 update-overdue", "#3 silent", "#4 state-mismatch", "#4 severity-mismatch", "#5 review-missing", "#5 cause-missing", "#6 cause-missing", "#5 actions-missing"}
	if diff := cmp.Diff(want, found(doc)); diff != "" || doc.Checked != 7 {
		t.Errorf("%d checked\n%s", doc.Checked, diff)
	}
	if text := doc.Findings[0].Text; text != "S1 needs an update every 30m, and the last comment is by @dev, 2h ago" {
		t.Errorf("%s", text)
	}
	// seven lists of incidents, one of corrective actions, and the comments of the three active incidents
	if reads, writes := l.count(); reads != 7+1+3 || writes != 0 {
		t.Errorf("%d reads and %d writes, want the least the API allows: 11 and 0\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	if r := l.run("incident", "check"); r.code != 0 {
		t.Errorf("without --exit-code: exit %d", r.code)
	}
}

// A queue without findings takes seven requests, and one sentence.
func TestIncidentCheckFindsNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	r := l.must(t, "incident", "check", "--exit-code")
	if reads, _ := l.count(); reads != 7 || r.out != "" || r.errors != "prodctl: No findings in 0 incidents\n" {
		t.Errorf("%d reads\n%s%s", reads, r.out, r.errors)
	}
	l.must(t, "incident", "open", "Registry", "-s", "S1", "-q")
	l.server.ResetRequests()
	if r := l.must(t, "incident", "check", "--exit-code"); r.errors != "prodctl: No findings in 1 incident\n" {
		t.Errorf("%s%s", r.out, r.errors)
	}
	if reads, _ := l.count(); reads != 7 {
		t.Errorf("with a new incident: %d reads\n%s", reads, strings.Join(l.requests(), "\n"))
	}
}

// The command of each finding fixes it, and only that.
func TestCommandsOfFindingsFixThem(t *testing.T) {
	t.Parallel()
	l := newLab(t, troubledQueue())
	all := document[jsonv1.IncidentCheck](t, l, 0, "incident", "check", "--include-confidential")
	for n, f := range all.Findings {
		own := l.copy()
		line := strings.NewReplacer("TEXT", "Looking", "TIME", "15:10", "TITLE", "Alert", "USER", "dev").Replace(f.Fix)
		line = strings.TrimPrefix(line, "prodctl ")
		own.must(t, append(strings.Fields(line), "-q")...)
		if f.Rule == "review-missing" { // the form is there; the meeting has to be held
			own.must(t, "incident", "review", f.Ref, "--done", "-q")
		}
		left := found(document[jsonv1.IncidentCheck](t, own, 0, "incident", "check"))
		want := slices.Delete(found(all), n, n+1)
		if diff := cmp.Diff(want, left); diff != "" {
			t.Errorf("%s:\n%s", f.Fix, diff)
		}
	}
}

// Of a confidential incident the rule is shown, and no words.
func TestIncidentCheckWithholds(t *testing.T) {
	t.Parallel()
	l := newLab(t, troubledQueue())
	for _, format := range []string{"json", "yaml", "csv", "md", "table"} {
		out := l.must(t, "incident", "check", "-o", format).out
		if strings.Contains(out, "Secret") || strings.Contains(out, fmt.Sprintf("update %s#6", prod)) || !strings.Contains(out, prod+"#6") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

// The limits are those of the configuration.
func TestIncidentCheckLimits(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		"incidents: {update_every: {S1: 0s}}\n":                         "#3 silent",
		"incidents: {update_every: {S2: 5m}, silent_after: 0s}\n":       "#1 update-overdue #2 update-overdue",
		"incidents: {update_every: {S1: 3h, S4: 1h}, silent_after: 7d}": "#3 update-overdue",
	} {
		world := troubledQueue()
		world.config = config
		l := newLab(t, world)
		var lines []string
		for _, line := range found(document[jsonv1.IncidentCheck](t, l, 0, "incident", "check")) {
			if strings.HasSuffix(line, "overdue") || strings.HasSuffix(line, "silent") {
				lines = append(lines, line)
			}
		}
		if got := strings.Join(lines, " "); got != want {
			t.Errorf("%s: %s, want %s", config, got, want)
		}
	}
	l := newLab(t, troubledQueue())
	l.server.MustDo("dev", http.MethodPost, "/projects/acme%2Fproduction/issues/1/notes", `{"body":"Failing over","internal":true}`)
	if doc := document[jsonv1.IncidentCheck](t, l, 0, "incident", "check"); found(doc)[0] != "#3 silent" {
		t.Errorf("an internal comment is a word: %v", found(doc))
	}
}
