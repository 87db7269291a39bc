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

// drillIssues are the issues with the label of drills, with their assignees and due date.
func (l *lab) drillIssues() (lines []string) {
	for _, i := range l.server.Snapshot().Project(infra).Issues {
		if slices.Contains(i.Labels, "restore drill") {
			lines = append(lines, fmt.Sprintf("#%d %s %v %s", i.IID, i.Title, i.Assignees, i.DueDate))
		}
	}
	return lines
}

// TestRadOpen checks who gets the issue and what it has. One that has no account is skipped, and GitLab Free keeps one assignee, which is
// no secret.
func TestRadOpen(t *testing.T) {
	t.Parallel()
	for edition, want := range map[fakegitlab.Edition]string{fakegitlab.Premium: "[plan rep]", fakegitlab.Free: "[rep]"} {
		l := newLab(t, setup{config: drills, edition: edition})
		r := l.must(t, "rad", "open")
		if got := l.drillIssues(); len(got) != 1 || got[0] != "#2 2018-08-24: Restore Appreciation Day "+want+" 2018-08-24" && got[0] != "#2 2018-08-24: Restore Appreciation Day [rep plan] 2018-08-24" {
			t.Errorf("edition %v: %q", edition, got)
		}
		if strings.Contains(r.errors, "allows one assignee") != (edition == fakegitlab.Free) {
			t.Errorf("edition %v: %s", edition, r.errors)
		}
		text := l.at(t, infra, 2).Description
		for _, part := range []string{"Restore Appreciation Day: @rep and @plan restore the targets below", "- [ ] `db` (database, about 412 GiB): Count the rows\n- [ ] `uploads`\n",
			"```yaml prodctl/drill\noccurrence: \"2018-08\"\nday: \"2018-08-24\"\npeople: [rep, plan]\n```\n\n<!-- prodctl:key=drill/2018-08."} {
			if !strings.Contains(text, part) {
				t.Errorf("%q is missing in\n%s", part, text)
			}
		}
	}
}

// TestRadOpenSkips checks that somebody who is absent, and a name without an account, are skipped in both orders, and said.
func TestRadOpenSkips(t *testing.T) {
	t.Parallel()
	config := strings.Replace(drills, "[dev, nobody, rep, plan]", "[nobody, rep, plan, dev]", 1) +
		"planning: {people: [rep], absences: [{person: rep, from: 2018-08-24}]}\n"
	l := newLab(t, setup{config: config, edition: fakegitlab.Premium})
	r := l.must(t, "rad", "open")
	i := l.at(t, infra, 2)
	if len(i.Assignees) != 2 || slices.Contains(i.Assignees, "rep") {
		t.Errorf("%v\n%s", i.Assignees, r.errors)
	}
	alone := newLab(t, setup{config: strings.Replace(drills, "[dev, nobody, rep, plan]", "[nobody, dev]", 1)})
	if r := alone.must(t, "rad", "open"); !strings.Contains(r.errors, "@nobody not found: skipped") || !strings.Contains(r.errors, "1 person of two") {
		t.Error(r.errors)
	}
}

// TestRadOpenByDay checks what happens around the day of a drill, and the number of requests: none on a day without one.
func TestRadOpenByDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, flags    string
		code          int
		reads, writes int
		says          string
	}{
		{"2018-08-23", "", 0, 0, 0, "restore drill 2018-08 is on Friday 2018-08-24, tomorrow, for @rep and @plan"},
		{"2018-08-20", "", 0, 0, 0, "in 4 days"},
		{"2018-08-20", "--occurrence 2018-08", 0, 0, 0, "in 4 days"},
		{"2018-08-20", "--early", 0, 5, 1, ""},
		{"2018-08-16", "--early --occurrence 2018-08", 5, 0, 0, "it can be opened from 2018-08-17 on"},
		{"2018-08-24", "", 0, 5, 1, ""},
		{"2018-08-31", "", 0, 5, 1, ""},
		{"2018-09-01", "", 0, 0, 0, "restore drill 2018-09 is on Friday 2018-09-28, in 27 days"},
		{"2018-09-01", "--occurrence 2018-08-24", 0, 5, 1, ""},
		{"2018-08-24", "--occurrence 2018-13", 6, 0, 0, `invalid occurrence "2018-13"`},
		{"2018-08-24", "--occurrence 1066-01", 5, 0, 0, "restore drill 1066-01 was on 1066-01-26: it is more than 400 days ago"},
	} {
		l := newLab(t, setup{config: drills})
		l.now, _ = time.Parse(time.DateOnly, c.day)
		own := l.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return l.now } })
		own.server.ResetRequests()
		r := own.run(append([]string{"rad", "open"}, strings.Fields(c.flags)...)...)
		if r.code != c.code || !strings.Contains(r.errors, c.says) {
			t.Errorf("%s %s: exit %d: %s", c.day, c.flags, r.code, r.errors)
		}
		if reads, writes := own.count(); reads != c.reads || writes != c.writes {
			t.Errorf("%s %s: %d reads and %d writes, want %d and %d\n%s", c.day, c.flags, reads, writes, c.reads, c.writes, strings.Join(own.requests(), "\n"))
		}
	}
}

// TestRadOpenOnce checks that the issue is found whatever people did to it, also by other users and days later.
func TestRadOpenOnce(t *testing.T) {
	t.Parallel()
	for name, params := range map[string]string{
		"as it was":     `{"weight":0}`,
		"closed":        `{"state_event":"close"}`,
		"other title":   `{"title":"Backups, August"}`,
		"without label": `{"remove_labels":"restore drill"}`,
		"taken over":    `{"assignee_ids":[]}`,
	} {
		l := newLab(t, setup{config: drills})
		l.must(t, "rad", "open", "-q")
		l.do(http.MethodPut, "/issues/2", "%s", params)
		before := l.picture()
		l.user = "dev"
		l.server.ResetRequests()
		r := l.must(t, "rad", "open", "--now", "2018-08-27T10:00:00Z")
		if diff := cmp.Diff(before, l.picture()); diff != "" || !strings.Contains(r.out, "lready") || !strings.Contains(r.errors, "The next one is on Friday 2018-09-28") {
			t.Errorf("%s: %s%s%s", name, r.out, r.errors, diff)
		}
		if reads, writes := l.count(); reads > 4 || writes != 0 {
			t.Errorf("%s: %d reads and %d writes\n%s", name, reads, writes, strings.Join(l.requests(), "\n"))
		}
	}
}

// TestRadOpenByPeople checks that the issue which people opened for a day themselves is the one of that day. Without the label anybody
// could open one and so keep the drill from being held.
func TestRadOpenByPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		title, due string
		labels     []string
		found      bool
	}{
		"same title":        {"2018-08-24: Restore Appreciation Day", "2018-08-24", []string{"restore drill"}, true},
		"without due date":  {"2018-08-24: Restore Appreciation Day", "", []string{"restore drill"}, true},
		"another due date":  {"2018-08-24: Restore Appreciation Day", "2018-08-27", []string{"restore drill"}, true},
		"without the label": {"2018-08-24: Restore Appreciation Day", "2018-08-24", nil, false},
		"of another day":    {"2018-07-27: Restore Appreciation Day", "2018-07-27", []string{"restore drill"}, false},
	} {
		old := past("2018-07-27", "db; verified; 2018-07-27T09:00:00Z to 2018-07-27T10:00:00Z")
		s := work(old, fakegitlab.SeedIssue{Title: c.title, Labels: c.labels, DueDate: c.due})
		s.config = drills
		l := newLab(t, s)
		if doc := document[jsonv1.Drills](t, l, 0, "rad", "status", "--now", "2018-08-25T10:00:00Z"); doc.Last.Missed == c.found {
			t.Errorf("%s: rad status: missed %v", name, doc.Last.Missed)
		}
		r := l.must(t, "rad", "open")
		if _, writes := l.count(); strings.Contains(r.out, "Already opened: "+infra+"#3") != c.found || (writes == 0) != c.found {
			t.Errorf("%s: %d writes\n%s%s", name, writes, r.out, r.errors)
		}
		if c.found {
			l.must(t, "rad", "record", "--target", "db", "--start", "10:00", "--verified")
		}
	}
}

// TestRadOpenAfterChangesOfTheRule checks that a month has one drill, also if the rule or the holidays change after it was opened.
func TestRadOpenAfterChangesOfTheRule(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, opened, after, more, now string }{
		"a later day":            {"day:6", "2018-08-06", "day:31", "", "2018-08-31T10:00:00Z"},
		"an earlier day":         {"day:24", "2018-08-24", "day:21", "", "2018-08-24T20:00:00Z"},
		"weekends the other way": {"day:25 weekend:previous", "2018-08-24", "day:25", "", "2018-08-27T10:00:00Z"},
		"two days a month":       {"day:24", "2018-08-24", "day:10,24", "", "2018-08-24T20:00:00Z"},
		"one day a month":        {"day:10,24", "2018-08-24", "day:24", "", "2018-08-27T10:00:00Z"},
		"a holiday":              {"day:24", "2018-08-24", "day:24", "planning: {holidays: [2018-08-24]}\n", "2018-08-27T00:01:00Z"},
	} {
		config := func(rule, more string) setup {
			return setup{config: strings.Replace(drills, "fourth:friday", rule, 1) + more}
		}
		l := newLab(t, config(c.before, ""))
		l.now, _ = time.Parse(time.DateOnly, c.opened)
		own := l.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return l.now } })
		own.must(t, "rad", "open")
		own.dir = newLab(t, config(c.after, c.more)).dir
		l.now, _ = time.Parse(time.RFC3339, c.now)
		own.now = l.now
		if r := own.must(t, "rad", "open"); !strings.Contains(r.out, "Already opened: "+infra+"#2") {
			t.Errorf("%s: %s%s", name, r.out, r.errors)
		}
	}
}

// TestRadRefuses checks what is refused before anything is written.
func TestRadRefuses(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"rad record --start 10:00 --verified":                                "--target is required",
		"rad record --target db --verified":                                  "--start is required",
		"rad record --target db --start 10:00":                               "--verified or --failed is required",
		"rad record --target db --start 10:00 --failed":                      "--message is required",
		"rad record --target db --start 10:00 --end 09:00 --verified":        "is before --start",
		"rad record --target dbs --start 10:00 --verified":                   `unknown target "dbs"`,
		"rad record --target db --start 10:00 --verified --size big":         `invalid size "big"`,
		"rad record --target db --start 10:00 --verified --failed -m x":      "verified",
		"rad record --target db --start 10:00 --verified":                    "no restore drill is open in " + infra,
		"rad record 1 --target db --start 10:00 --verified":                  `#1 is not a restore drill: it has no label "restore drill"`,
		"rad record --target db --start 2018-08-24T18:00:00Z --verified -q":  "in the future",
		"rad open --occurrence 2018-08-02":                                   "no restore drill is on 2018-08-02 by the rule fourth:friday",
		"rad record 99 --target db --start 10:00 --end 10:30 --verified -q":  "not found",
		"rad record --target db --start 10:00 --end tomorrow --verified -q ": "invalid",
	} {
		l := newLab(t, setup{config: drills})
		before := l.picture()
		r := l.run(strings.Fields(line)...)
		if r.code == 0 || !strings.Contains(r.errors, want) || !cmp.Equal(before, l.picture()) {
			t.Errorf("%s: exit %d: %s", line, r.code, r.errors)
		}
	}
	l := newLab(t, setup{config: "rad: {rule: \"fourth:friday\"}\n"})
	if r := l.run("rad", "open"); r.code != 5 || !strings.Contains(r.errors, "no target to restore is configured") {
		t.Errorf("without targets: exit %d: %s", r.code, r.errors)
	}
}

// TestRadRecord records restores as people do: the same one once, another one as an attempt, beside edits of the description.
func TestRadRecord(t *testing.T) {
	t.Parallel()
	l := newLab(t, drilled())
	say := func(want, line string) {
		t.Helper()
		if r := l.must(t, strings.Fields(line)...); !strings.Contains(r.out+r.errors, want) {
			t.Errorf("%s: %q is missing in\n%s%s", line, want, r.out, r.errors)
		}
	}
	const failed = "rad record --target db --start 10:00 --end 10:20 --failed -m Key+missing"
	say("Recorded restore of db in "+infra+"#2 at 10:20 UTC (took 20m); failed", failed)
	say("Already recorded: restore of db in", failed)
	say("It is attempt 2 of db in this drill", "rad record 2 --target db --start 11:00 --size 100GiB --verified")
	say("Already recorded", "rad record --target db --start 11:00 --size 100GiB --verified --now 2018-08-24T17:00:00Z")
	l.do(http.MethodPut, "/issues/2", `{"description":%q}`, strings.Replace(l.at(t, infra, 2).Description, "@dev and", "Room 5. @dev and", 1))
	say("All targets are verified", "rad record infrastructure#2 --target uploads --start 12:00 --end 13:00 --verified")
	text := l.at(t, infra, 2).Description
	for _, part := range []string{"Room 5. @dev and @rep", "- [x] `db` (database)", "- [x] `uploads`", `restore_1: "db; failed; 2018-08-24T10:00:00Z to 2018-08-24T10:20:00Z; by mara; notes: Key+missing"`,
		"restore_2: db; verified; 2018-08-24T11:00:00Z to 2018-08-24T16:00:00Z; 100 GiB; by mara", "restore_3: uploads; verified; 2018-08-24T12:00:00Z to 2018-08-24T13:00:00Z; by mara\nnotes: ["} {
		if !strings.Contains(strings.ReplaceAll(text, `"`, ""), strings.ReplaceAll(part, `"`, "")) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
	if n := strings.Count(text, "restore_"); n != 3 {
		t.Errorf("%d restores:\n%s", n, text)
	}
}

// TestRadRequests counts what each command costs.
func TestRadRequests(t *testing.T) {
	t.Parallel()
	l, unopened := newLab(t, drilled()), newLab(t, setup{config: drills})
	for _, c := range []struct {
		line          string
		reads, writes int
		why           string
	}{
		{"rad status", 1, 0, "the list of drills"},
		{"rad open", 5, 1, "the project's id for the key, the look-up, two people, and a look-up of duplicates afterwards"},
		{"rad open", 3, 0, "the project's id, the look-up, and whose issue it is"},
		{"rad record 2 --target db --start 10:00 --end 11:00 --verified -q", 9, 2, "as incident update: user, issue, comments and roles; a search for duplicates; comments and issue before the edit and after it"},
		{"rad record 2 --target db --start 10:00 --end 11:00 --verified -q", 4, 0, "user, issue, comments and the role"},
		{"rad record --target db --start 12:00 --end 13:00 --verified -q", 10, 2, "the list of drills besides"},
	} {
		l := l
		if strings.HasPrefix(c.line, "rad open") {
			l = unopened
		}
		l.server.ResetRequests()
		l.run(strings.Fields(c.line)...)
		if reads, writes := l.count(); reads > c.reads || writes != c.writes {
			t.Errorf("%s: %d reads and %d writes, want %d and %d: %s\n%s", c.line, reads, writes, c.reads, c.writes, c.why, strings.Join(l.requests(), "\n"))
		}
	}
}

// past is the record of an earlier drill with these restores.
func past(day string, restores ...string) fakegitlab.SeedIssue {
	text := "```yaml prodctl/drill\noccurrence: \"" + day[:7] + "\"\nday: " + day + "\npeople: [dev, rep]\n"
	for n, r := range restores {
		text += fmt.Sprintf("restore_%d: %s\n", n+1, r)
	}
	at, _ := time.Parse(time.DateOnly, day)
	return fakegitlab.SeedIssue{Title: day + ": Restore Appreciation Day", Labels: []string{"restore drill"}, Description: text + "```", CreatedAt: at, Closed: true}
}

// TestRadStatus checks findings, the exit code and what a confidential drill shows.
func TestRadStatus(t *testing.T) {
	t.Parallel()
	ok := func(target, day string) string {
		return fmt.Sprintf("%s; verified; %sT09:00:00Z to %sT10:00:00Z; 400 GiB; by dev", target, day, day)
	}
	s := work(past("2018-07-27", ok("db", "2018-07-27"), ok("uploads", "2018-07-27")), past("2018-08-24", ok("db", "2018-08-24"), ok("uploads", "2018-08-24")))
	s.config = drills
	l := newLab(t, s)
	doc := document[jsonv1.Drills](t, l, 0, "rad", "status", "--exit-code")
	if doc.Findings != 0 || !*doc.Durable.Met || len(doc.Drills) != 2 || doc.Next.Day != "2018-09-28" || doc.Targets[0].Trend != "steady" || doc.Last.Missed {
		t.Errorf("%+v", doc)
	}
	l.do(http.MethodPut, "/issues/3", `{"confidential":true}`)
	if r := l.must(t, "rad", "status", "-o", "json"); strings.Contains(r.out, "2018-08-24T10:00:00Z") || !strings.Contains(r.out, infra+"#3") {
		t.Errorf("a confidential drill shows\n%s", r.out)
	}
	if r := l.must(t, "rad", "status", "-o", "json", "--include-confidential"); !strings.Contains(r.out, "2018-08-24T10:00:00Z") {
		t.Errorf("with --include-confidential\n%s", r.out)
	}
	late := newLab(t, s)
	doc = document[jsonv1.Drills](t, late, 8, "rad", "status", "--exit-code", "--now", "2018-10-30T10:00:00Z")
	if doc.Findings != 3 || *doc.Durable.Met || !doc.Last.Missed || !strings.Contains(strings.Join(doc.Notes, " "), "prodctl rad open --occurrence 2018-10") {
		t.Errorf("%+v", doc)
	}
	doc = document[jsonv1.Drills](t, late, 8, "rad", "status", "--exit-code", "--now", "2018-09-28T16:00:00Z")
	if doc.Findings != 2 || doc.Last.Missed || !strings.Contains(strings.Join(doc.Notes, " "), "is today and has no issue yet: prodctl rad open") ||
		!slices.Equal(doc.Targets[0].Findings, []string{"not verified for more than 35 days"}) {
		t.Errorf("%+v", doc)
	}
	edited := work(past("2018-08-24", "db; failed; 2018-08-24T09:00:00Z to 2018-08-24T08:00:00Z"))
	edited.config = drills
	if r := newLab(t, edited).must(t, "rad", "status", "-o", "md"); !strings.Contains(r.out+r.errors, infra+"#2: invalid values in the record do not count (1)") {
		t.Errorf("%s%s", r.out, r.errors)
	}
	away := newLab(t, s)
	gone := away.move(t, infra, 3, prod)
	if doc := document[jsonv1.Drills](t, away, 0, "rad", "status", "--now", "2018-08-28T10:00:00Z"); doc.Last.Missed || len(doc.Drills) != 2 {
		t.Errorf("moved away: %+v", doc)
	}
	back := away.move(t, prod, gone, infra)
	away.do(http.MethodPut, fmt.Sprintf("/issues/%d", back), `{"add_labels":"restore drill"}`)
	if doc := document[jsonv1.Drills](t, away, 0, "rad", "status", "--now", "2018-08-28T10:00:00Z"); len(doc.Drills) != 2 || doc.Drills[0].Ref != fmt.Sprintf("%s#%d", infra, back) || doc.Targets[0].Tests != 2 {
		t.Errorf("moved back: %+v", doc)
	}
	empty := newLab(t, setup{config: "rad: {people: [dev]}\n"})
	if r := empty.must(t, "rad", "status", "--exit-code"); strings.Count(r.errors, "\n") > 2 || !strings.Contains(r.errors, "No restore drills in project "+infra) {
		t.Errorf("%s%s", r.out, r.errors)
	}
	untested := newLab(t, setup{config: drills})
	if doc := document[jsonv1.Drills](t, untested, 8, "rad", "status", "--exit-code"); doc.Findings != 2 || doc.Durable.Met != nil {
		t.Errorf("%+v", doc)
	}
}

// TestRadCompletion completes targets and open drills.
func TestRadCompletion(t *testing.T) {
	t.Parallel()
	l := newLab(t, drilled())
	for line, want := range map[string]string{
		"__complete rad record --target ": "db\tdatabase\nuploads\n",
		"__complete rad record ":          "2\t2018-08-24: Restore Appreciation Day\n",
	} {
		if r := l.must(t, append(strings.Fields(line), "")...); !strings.HasPrefix(r.out, want) {
			t.Errorf("%s: %q", line, r.out)
		}
	}
}

// TestRadHostileText records every hostile text as a message: it runs nothing, mentions nobody, and the record stays readable. Records with
// the same texts, planted by somebody else, are shown safely in every format.
func TestRadHostileText(t *testing.T) {
	t.Parallel()
	start := newLab(t, drilled())
	for n, text := range nasty {
		if strings.TrimSpace(text) == "" || n%3 != 0 {
			continue
		}
		l := start.copy()
		l.must(t, "rad", "record", "--target", "db", "--start", "10:00", "--end", "11:00", "--verified", "-m", text)
		i := l.at(t, infra, 2)
		doc := document[jsonv1.Drills](t, l, 0, "rad", "status")
		if i.State != "opened" || len(doc.Drills) != 1 || len(doc.Drills[0].Problems) > 0 || doc.Targets[0].Last == nil || doc.Targets[0].Last.Minutes != 60 {
			t.Errorf("%q: %s %+v\n%s", text, i.State, doc, i.Description)
		}
	}
	s := drilled()
	base := s.seed
	s.seed = func(seed *fakegitlab.Seed) {
		base(seed)
		issues := seed.Projects[0].Issues
		last := &issues[len(issues)-1]
		for n, text := range nasty {
			line := strings.NewReplacer("\n", " ", "\r", " ", "```", "").Replace(text)
			last.Description = strings.TrimSuffix(last.Description, "```") + fmt.Sprintf("restore_%d: db; verified; 10:00 to 11:00; by %s; notes: %s\n```", n+1, line, line)
		}
	}
	for _, form := range screens() {
		l := newLab(t, s)
		r := l.runOn(form.modes, "", append([]string{"rad", "status"}, form.flags...)...)
		if r.code != 0 {
			t.Fatalf("%s: exit %d\n%s", form.name, r.code, r.errors)
		}
		safe(t, form.name+" of rad status", form.name, form.modes, r)
	}
}

// TestRadOpenWithoutMembers checks that a token which may not read members opens the drill all the same, and mentions who it is for.
func TestRadOpenWithoutMembers(t *testing.T) {
	t.Parallel()
	l := fineLab(t, "")
	l.env = map[string]string{"GITLAB_TOKEN": fineItems}
	r := l.must(t, "rad", "open")
	issues := l.server.Snapshot().Project(infra).Issues
	last := issues[len(issues)-1]
	if !strings.Contains(r.errors, "Mentioned and not assigned, because the token may not read members: @rep, @plan") || strings.Contains(r.errors, "edition") ||
		len(last.Assignees) != 0 || !strings.Contains(last.Description, "@rep and @plan") {
		t.Errorf("%v\n%s\n%s", last.Assignees, r.errors, last.Description)
	}
}

// TestRadOfPeopleThemselves records a restore in an issue that a person opened with the label alone.
func TestRadOfPeopleThemselves(t *testing.T) {
	t.Parallel()
	s := work(fakegitlab.SeedIssue{Title: "R.A.D. August", Labels: []string{"restore drill"}, DueDate: "2018-08-24", Description: "Restore the db."})
	s.config = drills
	l := newLab(t, s)
	if r := l.run("rad", "record", "--target", "db", "--start", "10:00", "--verified"); r.code != 5 {
		t.Errorf("without its number: exit %d: %s", r.code, r.errors)
	}
	l.must(t, "rad", "record", "2", "--target", "db", "--start", "10:00", "--verified")
	doc := document[jsonv1.Drills](t, l, 0, "rad", "status")
	if len(doc.Drills) != 1 || doc.Drills[0].Day != "2018-08-24" || !doc.Targets[0].Fresh {
		t.Errorf("%+v", doc)
	}
	if text := l.at(t, infra, 2).Description; !strings.HasPrefix(text, "Restore the db.\n\n```yaml prodctl/drill\nrestore_1: \"db; verified; ") {
		t.Error(text)
	}
}
