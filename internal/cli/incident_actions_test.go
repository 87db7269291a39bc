package cli_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// followUps is a team with two incidents, the second confidential, and corrective actions in every state.
func followUps() setup {
	at := func(day int) time.Time { return time.Date(2018, 8, day, 9, 0, 0, 0, time.UTC) }
	return setup{config: "approvals: {teams: {production: {users: [dev]}, security: {users: [rep]}}}\n", seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = append(s.Projects[1].Issues,
			fakegitlab.SeedIssue{Title: "2018-08-01: Disk full", Author: "mara", Labels: []string{"incident", "S1", "Incident::Resolved"}, CreatedAt: at(1)},
			fakegitlab.SeedIssue{Title: "Secret leak", Author: "mara", Labels: []string{"incident", "S2"}, Confidential: true, CreatedAt: at(2)},
			fakegitlab.SeedIssue{Title: "A change", Author: "mara", Labels: []string{"change"}, CreatedAt: at(2)})
		add := func(title, due, owner, text string, closed int) {
			i := fakegitlab.SeedIssue{Title: title, Author: "mara", Labels: []string{"corrective action", "S3"}, DueDate: due, Description: text, CreatedAt: at(3)}
			if owner != "" {
				i.Assignees = []string{owner}
			}
			if closed > 0 {
				i.Closed, i.ClosedAt = true, at(closed)
			}
			s.Projects[0].Issues = append(s.Projects[0].Issues, i)
		}
		of := func(n int) string { return fmt.Sprintf("Corrective action of %s#%d.", prod, n) }
		add("Alert", "2018-08-14", "dev", of(1), 0)                                             // 2
		add("Drill", "2018-08-20", "", of(2), 0)                                                // 3
		add("Later", "2018-09-20", "rep", of(1), 0)                                             // 4
		add("Some day", "", "dev", "By hand.", 0)                                               // 5
		add("Quick", "2018-08-20", "dev", of(1), 19)                                            // 6
		add("Slow", "2018-08-10", "dev", of(1), 22)                                             // 7
		add("Undated", "", "rep", of(3), 22)                                                    // 8: of what is not an incident
		add("Of another place", "2018-08-30", "", "Corrective action of evil/production#1.", 0) // 9
		s.Projects[0].Issues[len(s.Projects[0].Issues)-1].Confidential = true
	}}
}

// followed is what is listed.
func followed(doc jsonv1.CorrectiveActions) (lines []string) {
	for _, a := range doc.Actions {
		line := strings.TrimPrefix(a.Ref, infra) + " " + a.State + " " + a.Severity
		if a.Incident != nil {
			line += " of " + strings.TrimPrefix(a.Incident.Ref, prod) + strings.TrimSuffix(" "+a.Incident.Title, " ")
		}
		for _, n := range []*int{a.DaysOverdue, a.DaysLate} {
			if n != nil {
				line += fmt.Sprintf(" %d days", *n)
			}
		}
		lines = append(lines, line+" "+strings.Join(a.Teams, ","))
	}
	return lines
}

// All actions take three requests: the open ones, those that were done lately, and the incidents that they name.
func TestIncidentActions(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	doc := document[jsonv1.CorrectiveActions](t, l, 0, "incident", "actions")
	want := []string{
		"#2 overdue S1 of #1 2018-08-01: Disk full 10 days production",
		"#3 overdue S2 of #2 4 days ",
		"#9 open S3 ",
		"#4 open S1 of #1 2018-08-01: Disk full security",
		"#5 open S3 production",
		"#7 done-late S1 of #1 2018-08-01: Disk full 12 days production",
		"#8 done S3 security",
		"#6 done-on-time S1 of #1 2018-08-01: Disk full production",
	}
	if diff := cmp.Diff(want, followed(doc)); diff != "" {
		t.Error(diff)
	}
	if doc.Open != 5 || doc.Overdue != 2 || doc.OnTime != (jsonv1.Share{Sample: 2, Missing: 1, Count: 1, Percent: "50.0"}) {
		t.Errorf("%+v", doc)
	}
	if reads, writes := l.count(); reads != 3 || writes != 0 {
		t.Errorf("%d reads and %d writes, want the least the API allows: 3 and 0\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
}

// Filters narrow the list. Of one incident it takes two requests, and of overdue actions two.
func TestIncidentActionsFilters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line  string
		refs  string
		reads int
	}{
		{"--overdue", "#2 #3", 2},
		{"--owner dev", "#2 #5 #7 #6", 3},
		{"--team Security", "#4 #8", 3},
		{"--team production --overdue", "#2", 2},
		{"1", "#2 #4 #7 #6", 2},
		{"2", "#3", 2},
		{"1 --overdue", "#2", 2},
		{"--all", "#2 #3 #9 #4 #5 #7 #8 #6", 3},
	} {
		l := newLab(t, followUps())
		doc := document[jsonv1.CorrectiveActions](t, l, 0, append([]string{"incident", "actions"}, strings.Fields(c.line)...)...)
		var refs []string
		for _, a := range doc.Actions {
			refs = append(refs, strings.TrimPrefix(a.Ref, infra))
		}
		if got := strings.Join(refs, " "); got != c.refs {
			t.Errorf("%s: %s, want %s", c.line, got, c.refs)
		}
		if reads, writes := l.count(); reads != c.reads || writes != 0 {
			t.Errorf("%s: %d reads, want %d\n%s", c.line, reads, c.reads, strings.Join(l.requests(), "\n"))
		}
	}
	l := newLab(t, followUps())
	for line, want := range map[string]string{
		"--team storage": "--team storage: not in the configuration (approvals.teams, budget.services)", "3": prod + "#3 is not an incident",
	} {
		if r := l.run(append([]string{"incident", "actions"}, strings.Fields(line)...)...); r.code < 5 && r.code != 1 || !strings.Contains(r.errors, want) {
			t.Errorf("%s: exit %d\n%s", line, r.code, r.errors)
		}
	}
}

// What was done more than 90 days ago is listed with --all only, also if it was updated since.
func TestIncidentActionsDoneLongAgo(t *testing.T) {
	t.Parallel()
	world := work(fakegitlab.SeedIssue{Title: "Old", Labels: []string{"corrective action"}, CreatedAt: time.Date(2018, 1, 2, 0, 0, 0, 0, time.UTC),
		Closed: true, ClosedAt: time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC)})
	l := newLab(t, world)
	l.do(http.MethodPost, "/issues/2/notes", `{"body":"Thanks"}`)
	if r := l.must(t, "incident", "actions"); r.out != "" || r.errors != "prodctl: No corrective actions found\n" {
		t.Errorf("%s%s", r.out, r.errors)
	}
	if doc := document[jsonv1.CorrectiveActions](t, l, 0, "incident", "actions", "--all"); len(doc.Actions) != 1 {
		t.Errorf("%+v", doc)
	}
}

// Overdue actions give 8 with --exit-code, and 0 without.
func TestIncidentActionsExitCode(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	for line, code := range map[string]int{"": 0, "--exit-code": 8, "--exit-code --owner rep": 0, "--exit-code --overdue --team security": 0, "--exit-code --remind": 6} {
		if r := l.run(append([]string{"incident", "actions"}, strings.Fields(line)...)...); r.code != code {
			t.Errorf("%q: exit %d, want %d\n%s", line, r.code, code, r.errors)
		}
	}
}

// A confidential action is its reference, state and severity outside a terminal, and a confidential incident is a reference.
func TestIncidentActionsWithhold(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	for _, format := range []string{"json", "yaml", "csv", "md", "table"} {
		out := l.must(t, "incident", "actions", "-o", format).out
		if strings.Contains(out, "Of another") || strings.Contains(out, "Secret") || strings.Contains(out, "2018-08-30") || !strings.Contains(out, infra+"#9") {
			t.Errorf("%s:\n%s", format, out)
		}
		if out := l.must(t, "incident", "actions", "-o", format, "--include-confidential").out; !strings.Contains(out, "Of another") {
			t.Errorf("%s --include-confidential:\n%s", format, out)
		}
	}
}

// reminders returns the comments of prodctl on the team's issues, by issue.
func (l *lab) reminders() map[int][]string {
	found := map[int][]string{}
	for _, i := range l.server.Snapshot().Project(infra).Issues {
		for _, text := range commentsOf(i) {
			if strings.Contains(text, "prodctl:key=reminder/") {
				found[i.IID] = append(found[i.IID], text)
			}
		}
	}
	return found
}

// Owners of overdue actions are mentioned once, and again after seven days. One reminder takes a look at the comments before, a comment,
// and a look after it.
func TestIncidentActionsRemind(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	dry := l.must(t, "incident", "actions", "--remind", "--dry-run")
	if !strings.Contains(dry.errors, "mentions @dev") || len(l.reminders()) != 0 {
		t.Errorf("%s%s", dry.out, dry.errors)
	}
	if r := l.run("incident", "actions", "--remind"); r.code != 5 || len(l.reminders()) != 0 {
		t.Errorf("two reminders without --yes: exit %d\n%s", r.code, r.errors)
	}
	l.server.ResetRequests()
	l.must(t, "incident", "actions", "--remind", "--yes")
	// the list and its incidents, the user and the role, and for each of two actions the comments before and after
	if reads, writes := l.count(); reads != 2+2+2*2 || writes != 2 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	got := l.reminders()
	if len(got) != 2 || len(got[2]) != 1 || !strings.Contains(got[2][0], "@dev This corrective action of acme/production#1 (S1) was due on 2018-08-14.") {
		t.Errorf("%v", got)
	}
	if text := got[3][0]; strings.Contains(text, "Secret") || !strings.Contains(text, "of acme/production#2 (S2)") || !strings.Contains(text, "Nobody is assigned") {
		t.Errorf("of a confidential incident: %s", text)
	}
	l.nothingMore(t, "incident", "actions", "--remind", "--yes")
	if r := l.must(t, "incident", "actions", "--remind", "--yes"); !strings.Contains(r.errors, "Reminded in the last 7 days: acme/infrastructure#2 (next on 2018-08-31)") {
		t.Errorf("%s", r.errors)
	}
	for days, want := range map[int]int{6: 1, 7: 2} {
		later := l.now.AddDate(0, 0, days)
		own := l.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return later } })
		own.now = later
		own.must(t, "incident", "actions", "--remind", "--yes")
		if got := own.reminders(); len(got[2]) != want || len(got[3]) != want {
			t.Errorf("after %d days: %d and %d reminders", days, len(got[2]), len(got[3]))
		}
	}
}

// Runs around midnight, which see different days, add one reminder.
func TestRemindersAroundMidnight(t *testing.T) {
	t.Parallel()
	one := newLab(t, followUps())
	other := *one
	other.now = one.now.Add(9 * time.Hour)
	done := make(chan ran, 2)
	for _, l := range []*lab{one, &other} {
		go func() { done <- l.run("incident", "actions", "--remind", "--yes", "-q") }()
	}
	for range 2 {
		if r := <-done; r.code != 0 {
			t.Errorf("exit %d\n%s", r.code, r.errors)
		}
	}
	if got := one.reminders(); len(got[2]) != 1 || len(got[3]) != 1 {
		t.Errorf("%v", got)
	}
}

// Runs of two people at the same moment add one reminder, whoever of them may edit the comments of the other.
func TestRemindersOfTwoPeople(t *testing.T) {
	t.Parallel()
	for _, users := range [][2]string{{"dev", "rep"}, {"mara", "dev"}, {"dev", "mara"}} {
		l := newLab(t, followUps())
		first, second := l.as(users[0]), l.as(users[1])
		direct := first.wire
		var once sync.Once
		second.wire = tripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/notes") {
				once.Do(func() { first.must(t, "incident", "actions", "--remind", "--yes") })
			}
			return direct.RoundTrip(r)
		})
		r := second.run("incident", "actions", "--remind", "--yes")
		if got := l.reminders(); r.code != 0 || len(got[2]) != 1 || len(got[3]) != 1 {
			t.Errorf("%s: exit %d, %d and %d reminders\n%s", users, r.code, len(got[2]), len(got[3]), r.errors)
		}
	}
}

// A comment of somebody who may not edit the issue stops no reminder, whatever it has.
func TestGuestsSilenceNoReminder(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	first := l.copy()
	first.must(t, "incident", "actions", "--remind", "--yes")
	guest := l.copy()
	guest.user = "guest"
	guest.do(http.MethodPost, "/issues/2/notes", `{"body":%q}`, first.reminders()[2][0])
	own := *guest
	own.user = "mara"
	own.must(t, "incident", "actions", "--remind", "--yes")
	if got := own.reminders()[2]; len(got) != 2 || slices.Compact(got)[0] != got[0] {
		t.Errorf("%q", got)
	}
}

// Reports count what was done in the period, and what was open on its last day.
func TestReportsCountFollowUps(t *testing.T) {
	t.Parallel()
	l := newLab(t, followUps())
	for line, want := range map[string]jsonv1.FollowUps{
		"":                                     {Open: 5, Overdue: 2, Undated: 1, OnTime: jsonv1.Share{Sample: 2, Missing: 1, Count: 1, Percent: "50.0"}},
		"--from 2018-08-21 --to 2018-08-24":    {Open: 5, Overdue: 2, Undated: 1, OnTime: jsonv1.Share{Sample: 1, Missing: 1, Percent: "0.0"}},
		"--from 2018-08-13 --to 2018-08-19":    {Open: 7, Overdue: 2, Undated: 2, OnTime: jsonv1.Share{Sample: 1, Count: 1, Percent: "100.0"}},
		"--from 2018-07-01 --to 2018-07-31":    {},
		"--from 2018-08-24 --to 2018-08-30 -q": {Open: 5, Overdue: 2, Undated: 1},
	} {
		stats := document[jsonv1.IncidentStats](t, l, 0, append([]string{"report", "incidents"}, strings.Fields(line)...)...)
		weekly := document[jsonv1.Weekly](t, l, 0, append([]string{"report", "weekly"}, strings.Fields(line)...)...)
		if line == "" {
			weekly.FollowUps = stats.FollowUps // other periods by default
		}
		for _, got := range []*jsonv1.FollowUps{stats.FollowUps, weekly.FollowUps} {
			if got == nil || got.Age.Sample != want.Open {
				t.Fatalf("%q: %+v", line, got)
			}
			got.Age = jsonv1.Spread{}
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Errorf("%q: %s", line, diff)
			}
			got.Age.Sample = want.Open
		}
	}
	bare := newLab(t, setup{queue: true})
	if doc := document[jsonv1.IncidentStats](t, bare, 0, "report", "incidents"); doc.FollowUps != nil {
		t.Errorf("without a tracker: %+v", doc.FollowUps)
	}
}

// Steps of a saved plan may be left out: reminders do not depend on each other. The whole plan adds the rest, and none twice.
func TestApplySomeReminders(t *testing.T) {
	t.Parallel()
	start := newLab(t, followUps())
	file := filepath.Join(t.TempDir(), "plan.json")
	start.must(t, "incident", "actions", "--remind", "--plan-file", file)
	for _, kept := range []int{0, 1} {
		l := start.copy()
		some := part(t, file, func(n int, _ jsonv1.Step) bool { return n == kept })
		for words, want := range map[string][2]int{some: {1 - kept, kept}, file: {1, 1}} {
			own := l.copy()
			own.must(t, "apply", some, "--yes")
			own.must(t, "apply", words, "--yes")
			if got := [2]int{len(own.at(t, infra, 2).Notes), len(own.at(t, infra, 3).Notes)}; got != want {
				t.Errorf("step %d, then %s: %v reminders, want %v", kept, filepath.Base(words), got, want)
			}
		}
	}
}
