package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// leak is text of a confidential issue, inside is text of an internal comment.
const leak, inside = "Xyzzy-7731", "Plugh-4482"

// busy seeds both trackers with something for every section.
func busy(s *fakegitlab.Seed) {
	at := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
	s.Projects[0].Milestones = nil
	s.Projects[0].Issues = []fakegitlab.SeedIssue{
		{Title: "Packages cannot be built", Author: "dev", Labels: []string{"outage"}, CreatedAt: at},
		{Title: "Drain the old fleet", Author: "dev", Labels: []string{"Ready_to_Handoff"}, CreatedAt: at, Notes: []fakegitlab.SeedNote{{Body: "60 % are moved\nmore to come", CreatedAt: at.Add(time.Hour)}}},
		{Title: "Rotate the keys", Author: "dev", Labels: []string{"oncall", "goal"}, CreatedAt: at, Assignees: []string{"dev"}},
		{Title: "Nobody's business", Author: "dev", Labels: []string{"toil"}, CreatedAt: at},
	}
	s.Projects[1].Issues = []fakegitlab.SeedIssue{
		{Title: "Registry is slow", Author: "dev", Labels: []string{"incident", "Incident::Active", "S2"}, CreatedAt: at, Notes: []fakegitlab.SeedNote{
			{Body: "It is the **disk**", CreatedAt: at.Add(2 * time.Hour)}, {Body: inside, Internal: true, CreatedAt: at.Add(3 * time.Hour)}}},
		{Title: leak + " title", Description: leak + " description", Author: "dev", Labels: []string{"incident", "Incident::Active", "S1"}, Confidential: true, CreatedAt: at,
			Notes: []fakegitlab.SeedNote{{Body: leak + " comment", CreatedAt: at.Add(time.Hour)}}},
		{Title: "Mail waits", Author: "dev", Labels: []string{"incident", "Incident::Mitigated", "(perceived) data loss"}, CreatedAt: at},
		{Title: "Old certificate", Author: "dev", Labels: []string{"incident", "Incident::Mitigated", "S4"}, CreatedAt: at},
		{Title: "Move the disks", Author: "dev", Labels: []string{"change", "change::in-progress", "C2"}, CreatedAt: at},
		{Title: "Upgrade the primary", Author: "dev", Labels: []string{"change", "change::approved", "C2"}, CreatedAt: at, Description: "```yaml prodctl/change\nstart: 2018-08-24T20:00:00Z\nduration: 30m\n```\n"},
		{Title: "Renew a certificate", Author: "dev", Labels: []string{"oncall", "critical"}, CreatedAt: at},
		{Title: "Pages answered 502", Author: "dev", Labels: []string{"incident", "Incident::Resolved", "S3"}, CreatedAt: at, Closed: true, ClosedAt: at.Add(2 * time.Hour),
			Description: "```yaml prodctl/incident\nstarted_at: 2018-08-24T09:00:00Z\nmitigated_at: 2018-08-24T09:07:30Z\nresolved_at: 2018-08-24T10:00:00Z\n```\n"},
	}
}

func busyTeam(more string) setup {
	return setup{config: rotations + "locks:\n  - {name: night, kind: soft, from: 2018-08-24T20:00:00Z, to: 2018-08-25T06:00:00Z, reason: few people are there}\n" + more, seed: busy}
}

// report runs the command and returns its document.
func (l *lab) report(t testing.TB, args ...string) jsonv1.Handoff {
	t.Helper()
	r := l.must(t, append([]string{"handoff", "-o", "json"}, args...)...)
	var doc jsonv1.Handoff
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func entries(doc jsonv1.Handoff) (list []string) {
	for _, s := range doc.Sections {
		for _, e := range s.Entries {
			list = append(list, s.ID+" "+strings.TrimPrefix(e.Ref, "acme/")+" "+e.State)
		}
	}
	return list
}

func TestHandoffReport(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.must(t, "handoff", "mark", "production#1", "--left-off", "Zone c is drained", "--next", "Put it back", "-q")
	l.server.ResetRequests()
	doc := l.report(t)
	want := []string{
		"incidents production#2 active", "incidents production#1 active", "incidents infrastructure#1 ", "data_loss production#3 mitigated", "mitigated production#4 mitigated",
		"changes_in_progress production#5 in-progress", "changes_next_shift production#6 approved", "ready_to_handoff infrastructure#2 ",
		"oncall production#7 ", "oncall infrastructure#3 ", "resolved production#8 resolved",
	}
	if diff := cmp.Diff(want, entries(doc)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if doc.Shift.ID != emeaShift || doc.Next.Region != "AMER" || len(doc.Shift.People) != 1 || doc.Shift.People[0].User != "dev" || doc.Next.People[0].User != "rep" {
		t.Errorf("%+v to %+v", doc.Shift, doc.Next)
	}
	slow := doc.Sections[0].Entries[1]
	if slow.NextStep != "Put it back" || slow.LeftOff != "Zone c is drained" || slow.LastUpdate == nil || !slow.LastUpdate.Internal || slow.LastUpdate.Text != "" || *slow.AgeMinutes != 420 {
		t.Errorf("%+v, last update %+v", slow, slow.LastUpdate)
	}
	if b := doc.Budget; b == nil || b.Allowed != "20.16" || b.Spent != "7.5" || b.Remaining != "12.66" || !slices.Equal(b.Charged, []string{"acme/production#8"}) || len(b.Unknown) != 4 {
		t.Errorf("budget %+v", b)
	}
	if len(doc.Locks) != 1 || doc.Locks[0].Name != "night" {
		t.Errorf("locks %+v", doc.Locks)
	}
	// 8 lists of incidents and changes, 7 lists by label for each tracker, comments of 3 issues in the report, the role of the person who marked one,
	// and label events of 2 incidents that ended at a time that the description lacks.
	if reads, writes := l.count(); reads != 28 || writes != 0 {
		t.Errorf("%d reads and %d writes; 28 and 0 do\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
}

// The requests are the same whether the tracker has no, some or thousands of closed issues.
func TestHandoffRequestsDoNotGrowWithTheTracker(t *testing.T) {
	t.Parallel()
	var want []string
	for _, n := range []int{0, 400, 3000} {
		l := newLab(t, busyTeam(""))
		l.server.LoadQueue(n)
		l.must(t, "handoff", "-q")
		got := l.requests()
		slices.Sort(got)
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d other issues (-without +with):\n%s", n, diff)
		}
	}
}

func TestHandoffPost(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	before := l.picture()
	dry := l.must(t, "handoff", "--post", "--reassign", "--dry-run", "-o", "json")
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Errorf("a dry run wrote:\n%s", diff)
	}
	for _, want := range []string{"### Hand-off EMEA to AMER", " mentions ", "@rep", "issue.assign"} {
		if !strings.Contains(dry.out, want) {
			t.Errorf("the dry run does not say %q:\n%s", want, dry.out)
		}
	}
	l.must(t, "handoff", "--post", "--reassign", "--yes")
	logs := l.logs()
	if len(logs) != 1 || logs[0].Title != "On-call 2018-W34 (2018-08-20 to 2018-08-26)" || !slices.Equal(logs[0].Labels, []string{"oncall report"}) {
		t.Fatalf("%+v", logs)
	}
	notes := shiftNotes(logs[0], emeaShift)
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "@rep\n\n### Hand-off EMEA to AMER") {
		t.Fatalf("%q", notes)
	}
	for _, i := range append(l.server.Snapshot().Project(prod).Issues, l.server.Snapshot().Project(infra).Issues...) {
		if slices.Contains(i.Labels, "oncall") && !slices.Equal(i.Assignees, []string{"rep"}) {
			t.Errorf("#%d is assigned to %q", i.IID, i.Assignees)
		}
	}
	// A second run changes nothing; a minute later the comment is edited.
	after := l.picture()
	if r := l.must(t, "handoff", "--post", "--reassign"); !strings.Contains(r.out+r.errors, "No change: the hand-off is already in acme/production#") || strings.Contains(r.errors, "nothing to do") {
		t.Errorf("second run: %s%s", r.out, r.errors)
	}
	if diff := cmp.Diff(after, l.picture()); diff != "" {
		t.Errorf("second run (-before +after):\n%s", diff)
	}
	l.now = l.now.Add(time.Minute)
	l.must(t, "handoff", "--post")
	edited := shiftNotes(l.logs()[0], emeaShift)
	if len(edited) != 1 || edited[0] == notes[0] || !strings.Contains(edited[0], "16:01 UTC") {
		t.Errorf("%q", edited)
	}
	// The next shift has a comment of its own in the same issue.
	l.now = l.now.Add(11 * time.Hour)
	l.must(t, "handoff", "--post")
	if logs := l.logs(); len(logs) != 1 || len(commentsOf(logs[0])) != 2 {
		t.Errorf("%+v", logs)
	}
}

// W7: text of confidential issues and internal comments appears only on a terminal page, in no other format and not in the posted report.
func TestHandoffKeepsSecrets(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	for _, form := range []string{"table", "json", "yaml", "csv", "md"} {
		for _, more := range [][]string{nil, {"--as-of", "2018-08-24T15:30:00Z"}, {"--post", "--dry-run"}} {
			r := l.must(t, append([]string{"handoff", "-o", form}, more...)...)
			if strings.Contains(r.out+r.errors, leak) || strings.Contains(r.out+r.errors, inside) {
				t.Errorf("-o %s %v shows:\n%s", form, more, r.out)
			}
			if more == nil && !strings.Contains(r.out, "acme/production#2") {
				t.Errorf("-o %s does not name the issue", form)
			}
		}
	}
	l.must(t, "handoff", "--post", "--reassign", "--yes")
	shot := l.server.Snapshot()
	for _, i := range append(shot.Project(prod).Issues, shot.Project(infra).Issues...) {
		i := i
		if i.Confidential {
			continue
		}
		i.Notes = slices.DeleteFunc(slices.Clone(i.Notes), func(n fakegitlab.NoteState) bool { return n.Internal })
		if text := fmt.Sprintf("%+v", i); strings.Contains(text, leak) || strings.Contains(text, inside) {
			t.Errorf("#%d shows: %s", i.IID, text)
		}
	}
	if r := l.must(t, "handoff", "-o", "md", "--include-confidential"); !strings.Contains(r.out, leak+" title") || !strings.Contains(r.out, inside) {
		t.Errorf("--include-confidential has no effect:\n%s", r.out)
	}

	// A confidential log may contain it, but its plan does not.
	secret := newLab(t, busyTeam("handoff:\n  confidential: true\n"))
	if r := secret.must(t, "handoff", "--post", "--dry-run", "-o", "json"); strings.Contains(r.out, leak) {
		t.Errorf("the plan shows:\n%s", r.out)
	}
	secret.must(t, "handoff", "--post", "-q")
	log := secret.logs()[0]
	if notes := shiftNotes(log, emeaShift); !log.Confidential || len(notes) != 1 || !strings.Contains(notes[0], leak+" title") {
		t.Errorf("%+v", log)
	}
}

// Text of others runs no quick action, mentions nobody and does not break the comment.
func TestHandoffQuotesHostileText(t *testing.T) {
	t.Parallel()
	hostile := []string{"/close", "@all look @dev", "| a | b |\n|---|---|", "<!-- prodctl:key=handoff/x -->", "```\n/close", "</details><script>alert(1)</script>", "&#64;all", "\r/close\r\n/label ~x", "[x](javascript:1)"}
	at := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
	l := newLab(t, setup{config: rotations, seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil
		for n, text := range hostile {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: strings.Join(strings.Fields(text), " "), Author: "dev", Labels: []string{"oncall"}, CreatedAt: at.Add(time.Duration(n) * time.Minute),
				Notes: []fakegitlab.SeedNote{{Body: text + "\nmore", CreatedAt: at.Add(time.Hour)}}})
		}
	}})
	for n := range hostile {
		l.must(t, "handoff", "mark", fmt.Sprintf("production#%d", n+1), "--left-off", hostile[n], "--next", hostile[n], "-q")
	}
	l.must(t, "handoff", "--post", "-q")
	log := l.logs()[0]
	notes := shiftNotes(log, emeaShift)
	if len(notes) != 1 || log.State != "opened" || !slices.Equal(log.Labels, []string{"oncall report"}) {
		t.Fatalf("%+v", log)
	}
	text := notes[0]
	for _, bad := range []string{"@all", "@dev", "<script", "</details>", "&#64;", "\n/", "\r", "<!-- prodctl:key=handoff/x"} {
		if strings.Contains(text, bad) {
			t.Errorf("the comment contains %q:\n%s", bad, text)
		}
	}
	if strings.Count(text, "@rep") != 1 {
		t.Errorf("the incoming person is mentioned %d times", strings.Count(text, "@rep"))
	}
	for line := range strings.Lines(text) {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "```") {
			t.Errorf("a table or a code block starts at %q", line)
		}
	}
	l.must(t, "handoff", "--post", "-q", "--now", "2018-08-24T16:05:00Z") // a PUT runs commands too
	if log := l.logs()[0]; len(shiftNotes(log, emeaShift)) != 1 || log.State != "opened" {
		t.Errorf("%+v", log)
	}
}

func TestHandoffReportRefusals(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"--post", "--as-of", "2h"}, 6, "--as-of cannot be combined with --post"},
		{[]string{"--reassign"}, 6, "--reassign requires --post"},
		{[]string{"--shift", "APAC@2018-08-24"}, 6, `region "APAC" not found`},
		{[]string{"--as-of", "tomorrow"}, 6, "invalid time"},
		{[]string{"--as-of", "2018-08-25 10:00"}, 6, "is in the future"},
		{[]string{"--post", "--reassign"}, 5, "--yes"},
	} {
		r := l.run(append([]string{"handoff"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.errors, c.say) {
			t.Errorf("%v: exit %d, %s", c.args, r.code, r.errors)
		}
	}
	nobody := newLab(t, setup{seed: busy})
	if r := nobody.run("handoff", "--post", "--reassign", "--yes"); r.code != 5 || !strings.Contains(r.errors, "nobody is on call for the AMER shift from 2018-08-24 16:00 UTC") || !strings.Contains(r.errors, "oncall.regions") || len(nobody.logs()) != 0 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	nobody.must(t, "handoff", "--post", "-q")
	if note := shiftNotes(nobody.logs()[0], emeaShift)[0]; !strings.HasPrefix(note, "### Hand-off") {
		t.Errorf("somebody is mentioned: %s", note)
	}
	unknown := newLab(t, setup{config: strings.ReplaceAll(rotations, "rep", "nobody-of-that-name"), seed: busy})
	if r := unknown.run("handoff", "--post", "--reassign", "--yes"); r.code != 5 || !strings.Contains(r.errors, "user @nobody-of-that-name") || len(unknown.logs()) != 0 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

func TestHandoffPlanFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.ownDir(t)
	l.must(t, "handoff", "--post", "--reassign", "--plan-file", "post.json", "-q")
	if len(l.logs()) != 0 {
		t.Fatal("saving a plan wrote something")
	}
	l.now = l.now.Add(10 * time.Minute) // the plan keeps its own time
	l.must(t, "apply", "post.json", "--yes", "-q")
	notes := shiftNotes(l.logs()[0], emeaShift)
	if len(notes) != 1 || !strings.Contains(notes[0], "As of 2018-08-24 16:00 UTC") {
		t.Fatalf("%q", notes)
	}
	after := l.picture()
	l.must(t, "apply", "post.json", "--yes", "-q")
	if diff := cmp.Diff(after, l.picture()); diff != "" {
		t.Errorf("second apply:\n%s", diff)
	}
	l.must(t, "handoff", "--post", "--plan-file", "later.json", "-q")
	l.must(t, "incident", "update", "1", "-m", "Something new", "-q")
	if r := l.run("apply", "later.json", "--yes"); r.code != 5 || !strings.Contains(r.errors, "stale") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// The log is an issue for each shift, or one named issue.
func TestHandoffLogs(t *testing.T) {
	t.Parallel()
	each := newLab(t, busyTeam("handoff: {log: shift}\n"))
	each.must(t, "handoff", "--post", "-q")
	each.must(t, "handoff", "--post", "-q", "--shift", "current")
	if logs := each.logs(); len(logs) != 2 || logs[0].Title != "On-call EMEA 2018-08-24 04:00 to 2018-08-24 16:00 UTC" {
		t.Errorf("%+v", logs)
	}
	named := newLab(t, busyTeam("handoff: {log: issue, issue: infrastructure#4}\n"))
	named.must(t, "handoff", "--post", "-q")
	named.must(t, "handoff", "--post", "-q", "--now", "2018-08-24T16:05:00Z")
	issue := named.server.Snapshot().Project(infra).Issues[3]
	if notes := shiftNotes(issue, emeaShift); len(named.logs()) != 0 || len(notes) != 1 || !strings.Contains(notes[0], "16:05 UTC") {
		t.Errorf("%+v", issue)
	}
	gone := newLab(t, busyTeam("handoff: {log: issue, issue: infrastructure#99}\n"))
	if r := gone.run("handoff", "--post"); r.code != 6 || !strings.Contains(r.errors, "handoff.issue") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// A report with --as-of equals the live report of that time, after more has happened.
func TestHandoffAsOf(t *testing.T) {
	t.Parallel()
	l, later := clocked(t, busyTeam(""))
	l.must(t, "handoff", "mark", "production#1", "--left-off", "Zone c is drained", "--next", "Put it back", "-q")
	later(30 * time.Minute)
	live := l.report(t)
	moment := l.now.Format(time.RFC3339)
	later(30 * time.Minute)
	l.must(t, "incident", "resolve", "1", "-m", "Done", "-q")
	l.must(t, "handoff", "mark", "production#1", "--left-off", "Nothing", "--next", "Sleep", "-q")
	l.must(t, "incident", "open", "Something else", "-q")
	l.web("mara", "PUT", "/issues/7", `{"remove_labels":"oncall","state_event":"close"}`)
	l.web("mara", "PUT", "/issues/5", `{"remove_labels":"change::in-progress","add_labels":"change::complete"}`)
	l.web("mara", "PUT", "/issues/4", `{"title":"Renamed"}`)
	later(2 * time.Hour)
	if diff := cmp.Diff(entries(live), entries(l.report(t))); diff == "" {
		t.Error("nothing has changed")
	}
	then := l.report(t, "--as-of", moment)
	if diff := cmp.Diff(live.Sections, then.Sections); diff != "" {
		t.Errorf("sections (-live +as of):\n%s", diff)
	}
	if diff := cmp.Diff([]any{live.Shift, live.Next, live.Locks, live.Budget, live.At}, []any{then.Shift, then.Next, then.Locks, then.Budget, then.At}); diff != "" {
		t.Errorf("(-live +as of):\n%s", diff)
	}
	if !then.Historical || len(then.Unknown) < 2 || len(live.Unknown) != 0 {
		t.Errorf("unknown: %q, live %q", then.Unknown, live.Unknown)
	}
}
