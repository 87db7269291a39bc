package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// shiftIssues seeds issues as they are at 15:50 UTC, ten minutes before the shift ends.
func shiftIssues(s *fakegitlab.Seed) {
	at := func(hour int) time.Time { return time.Date(2018, 8, 24, hour, 0, 0, 0, time.UTC) }
	comment := func(hour int, body string) []fakegitlab.SeedNote {
		return []fakegitlab.SeedNote{{Author: "dev", Body: body, CreatedAt: at(hour)}}
	}
	open := func(title string, notes []fakegitlab.SeedNote, labels ...string) fakegitlab.SeedIssue {
		return fakegitlab.SeedIssue{Title: title, Author: "dev", Labels: labels, Notes: notes, CreatedAt: at(1)}
	}
	for _, p := range []int{0, 1} {
		for _, name := range []string{ready, "outage", "(perceived) data loss", "incident", "Incident::Active", "S2", "S3", "oncall", "oncall report"} {
			s.Projects[p].Labels = append(s.Projects[p].Labels, fakegitlab.SeedLabel{Name: name})
		}
	}
	s.Projects[0].Issues = []fakegitlab.SeedIssue{
		open("Outage with a note", comment(9, "Half of it is back"), "outage", "S3"),
		open("Outage of the night", comment(2, "Looking"), "outage", "S3"),
		open("Lost uploads", nil, "(perceived) data loss"),
		open("By hand", comment(10, "See the wiki"), ready),
		open("Nothing of that", nil, "oncall"),
		{Title: "Over", Author: "dev", Labels: []string{"outage"}, Closed: true, CreatedAt: at(1)},
	}
	s.Projects[1].Issues = []fakegitlab.SeedIssue{
		open("Registry down", nil, "incident", "Incident::Active", "S2", "outage"),
	}
}

func TestHandoffCheck(t *testing.T) {
	t.Parallel()
	l, wait := clocked(t, setup{seed: shiftIssues})
	check := func(code int, args ...string) jsonv1.HandoffCheck {
		t.Helper()
		r := l.run(append([]string{"handoff", "check", "--exit-code", "-o", "json"}, args...)...)
		var doc jsonv1.HandoffCheck
		if err := json.Unmarshal([]byte(r.out), &doc); err != nil || r.code != code {
			t.Fatalf("exit %d, %v\n%s%s", r.code, err, r.out, r.errors)
		}
		return doc
	}
	refs := func(list []jsonv1.HandoffEntry) (words []string) {
		for _, e := range list {
			words = append(words, fmt.Sprintf("%s %s %d", strings.TrimPrefix(e.Ref, "acme/"), e.Kind, len(e.Missing)))
		}
		return words
	}
	doc := check(8)
	if want := []string{"production#1 incident 4", "infrastructure#1 outage 3", "infrastructure#2 outage 4", "infrastructure#3 issue 4", "infrastructure#4 issue 1"}; !slices.Equal(refs(doc.Incomplete), want) {
		t.Errorf("incomplete %q", refs(doc.Incomplete))
	}
	if len(doc.Ready) > 0 || doc.Incomplete[1].LastUpdate.Text != "Half of it is back" || doc.Receipt != nil {
		t.Errorf("%+v", doc)
	}
	if doc.Complete || doc.Shift.ID != "2018-08-24T04:00Z/EMEA" || doc.Incomplete[0].Severity != "S2" || doc.Incomplete[0].Fix != `prodctl incident update production#1 --next "..." --if "..."` ||
		doc.Incomplete[2].Fix != `prodctl handoff mark infrastructure#2 --left-off "..." --next "..." --if "..."` {
		t.Errorf("%+v", doc)
	}
	// The command under "To fix" fixes each of them.
	fix := func(e jsonv1.HandoffEntry) {
		l.must(t, strings.Fields(strings.ReplaceAll(strings.TrimPrefix(e.Fix, "prodctl "), `"..."`, "Words"))...)
	}
	for _, e := range doc.Incomplete {
		fix(e)
	}
	doc = check(8)
	for _, e := range doc.Incomplete {
		if !slices.Equal(e.Missing, []string{"hand-off not accepted"}) || e.Fix != "prodctl handoff accept --shift 2018-08-23T16:00Z/AMER" {
			t.Errorf("%s lacks %q: %s", e.Ref, e.Missing, e.Fix)
		}
	}
	l.must(t, "handoff", "--post", "--shift", "last")
	fix(doc.Incomplete[0])
	if doc := check(0); !doc.Complete || len(doc.Ready) != 5 || len(doc.Incomplete) != 0 {
		t.Errorf("incomplete %q", refs(doc.Incomplete))
	}
	// Twenty minutes later it is another shift without any updates; a take without a message is not an update.
	wait(20 * time.Minute)
	l.as("dev").must(t, "handoff", "take", "infrastructure#2")
	if doc := check(8); doc.Shift.Region != "AMER" || len(doc.Incomplete) != 5 {
		t.Errorf("%s: incomplete %q", doc.Shift.ID, refs(doc.Incomplete))
	}
	if doc := check(8, "--shift", "last"); len(doc.Incomplete) != 4 || doc.Shift.Region != "EMEA" || !slices.Equal(doc.Incomplete[0].Missing, []string{"hand-off not accepted"}) {
		t.Errorf("%s: incomplete %q", doc.Shift.ID, refs(doc.Incomplete))
	}
	l.must(t, "handoff", "--post", "--shift", "last")
	l.must(t, "handoff", "accept", "--shift", "last", "-m", "Words")
	if doc := check(0, "--shift", "last"); !doc.Complete || doc.Receipt == nil || doc.Receipt.By != "mara" || doc.Receipt.Text != "Words" {
		t.Errorf("%s: incomplete %q", doc.Shift.ID, refs(doc.Incomplete))
	}
	if r := l.run("handoff", "check"); r.code != 0 {
		t.Errorf("without --exit-code: exit %d", r.code)
	}
	if r := l.run("handoff", "check", "--shift", "EMEA@2018-08-25"); r.code != 6 || !strings.Contains(r.errors, "has not started yet") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// The number of requests depends on marked and burning issues, not on the size of the tracker.
// What burns in the report is what is checked: also an open incident without a state, and not one that is mitigated and keeps the label of
// outages for its review.
func TestHandoffCheckHasWhatBurns(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		for _, labels := range [][]string{{"incident"}, {"incident", "S1", "Incident::Mitigated", "outage"}, {"incident", "S2", "Incident::Active"}} {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "One", Author: "dev", Labels: labels, CreatedAt: l24(9)})
		}
	}})
	doc := document[jsonv1.HandoffCheck](t, l, 0, "handoff", "check")
	var lines []string
	for _, e := range doc.Incomplete {
		lines = append(lines, e.Ref+" "+strings.Join(e.Missing, ", ")+": "+e.Fix)
	}
	if len(lines) != 2 || !strings.HasPrefix(lines[0], prod+"#1 severity unknown, no update") || !strings.Contains(lines[0], `incident update production#1 -s "..." --next "..." --if "..."`) || !strings.HasPrefix(lines[1], prod+"#3 ") {
		t.Errorf("%q", lines)
	}
	for _, section := range l.report(t).Sections {
		if section.ID == jsonv1.SectionIncidents && len(section.Entries) != 2 {
			t.Errorf("the report has %+v", section.Entries)
		}
	}
}

func TestHandoffRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		shiftIssues(s)
		for n := range 300 {
			s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Work %d", n), Author: "dev", Notes: []fakegitlab.SeedNote{{Author: "dev", Body: "x", CreatedAt: l24(9)}}, CreatedAt: l24(1)})
		}
	}})
	for _, c := range []struct {
		args []string
		most int
	}{
		{[]string{"handoff", "list"}, 2 + 1},          // one list per tracker, and the comments of one issue
		{[]string{"handoff", "check"}, 6 + 3 + 3 + 1}, // three lists per tracker, the incidents, comments of three issues, and the on-call log
		{[]string{"handoff", "mark", "3", "--left-off", "Here", "--next", "There", "-q"}, 12},
		{[]string{"handoff", "take", "3", "-q"}, 13},
	} {
		l.server.ResetRequests()
		l.must(t, c.args...)
		if got := l.requests(); len(got) > c.most {
			t.Errorf("%q takes %d requests, more than %d:\n%s", c.args, len(got), c.most, strings.Join(got, "\n"))
		} else {
			t.Logf("%q: %d requests", c.args, len(got))
		}
	}
}

func l24(hour int) time.Time { return time.Date(2018, 8, 24, hour, 0, 0, 0, time.UTC) }

func TestHandoffList(t *testing.T) {
	t.Parallel()
	l, wait := clocked(t, setup{seed: shiftIssues})
	for _, ref := range []string{"production#1", "3", "1"} {
		l.must(t, "handoff", "mark", ref, "--left-off", "Here with "+ref, "--next", "There")
		wait(time.Minute)
	}
	r := l.must(t, "handoff", "list", "-o", "json")
	var doc jsonv1.HandoffList
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range doc.Entries {
		got = append(got, e.Ref+" "+e.LeftOff+strings.Join(e.Missing, ""))
	}
	want := []string{"acme/production#1 Here with production#1", "acme/infrastructure#3 Here with 3", "acme/infrastructure#1 Here with 1", "acme/infrastructure#4 no hand-off note"}
	if !slices.Equal(got, want) || doc.Entries[0].MarkedBy != "mara" || doc.Entries[0].MarkedAt != "2018-08-24T15:50:00Z" {
		t.Errorf("%q", got)
	}
	l.as("dev").must(t, "handoff", "take", "3")
	if r := l.must(t, "handoff", "list", "-o", "json"); strings.Contains(r.out, "infrastructure#3") {
		t.Error("a taken issue is still listed")
	}
}

// GitLab updates the last-change time of an issue once a minute at most. A comment right after the shift change still counts.
func TestHandoffCheckSeesUpdateRightAfterShiftChange(t *testing.T) {
	t.Parallel()
	l, wait := clocked(t, setup{seed: shiftIssues}) // at 15:50
	say := func(body string) {
		l.server.MustDo("dev", "POST", "/projects/acme%2Finfrastructure/issues/2/notes", `{"body":"`+body+`"}`)
	}
	wait(9*time.Minute + 30*time.Second)
	say("Going home")
	wait(40 * time.Second)
	say("Here now")
	wait(5 * time.Minute)
	r := l.run("handoff", "check", "-o", "json", "--jq", `.shift.region, (.incomplete[] | select(.last_update) | .ref)`)
	if want := "AMER\nacme/infrastructure#2\n"; r.code != 0 || r.out != want {
		t.Errorf("exit %d, %q, want %q\n%s", r.code, r.out, want, r.errors)
	}
}
