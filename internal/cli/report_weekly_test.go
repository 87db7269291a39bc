package cli_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// reportOf returns the text between the hidden lines.
func reportOf(t testing.TB, description string) string {
	t.Helper()
	_, rest, begins := strings.Cut(description, "<!-- prodctl:report -->\n")
	text, _, ends := strings.Cut(rest, "<!-- /prodctl:report -->")
	if !begins || !ends || strings.Count(description, "<!-- prodctl:report -->") != 1 {
		t.Fatalf("the description holds no report:\n%s", description)
	}
	return text
}

// Whichever command runs first creates the log issue of the week. The report is written in place, and only when it differs.
func TestReportPostIsIdempotent(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	r := l.must(t, "report", "weekly", "--post")
	log := l.incident(t, 1)
	if log.Title != "On-call 2018-W34 (2018-08-20 to 2018-08-26)" || !slices.Equal(log.Labels, []string{"oncall report"}) || !strings.HasSuffix(log.Description, trailer("oncall-log/2018-W34")) {
		t.Errorf("%q %q\n%s", log.Title, log.Labels, log.Description)
	}
	if text := reportOf(t, log.Description); !strings.Contains(text, "## On-call report 2018-08-18 to 2018-08-24\n") || !strings.Contains(text, "No incidents") {
		t.Errorf("the report is\n%s", text)
	}
	if !strings.Contains(r.errors, "Report posted to https://gitlab.example.test/acme/production/-/issues/1") {
		t.Errorf("the address is missing:\n%s", r.errors)
	}

	l.server.ResetRequests()
	r = l.must(t, "report", "weekly", "--post")
	if _, writes := l.count(); writes != 0 || !strings.Contains(r.errors, "No change: the report is already in acme/production#1") || strings.Contains(r.errors, "nothing to do") {
		t.Errorf("%d writes although nothing is new:\n%s%s", writes, r.out, r.errors)
	}

	l.web("plan", "PUT", "/issues/1", `{"description": %q}`, "By hand above.\r\n\n"+l.incident(t, 1).Description+"\n\nBy hand below.")
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S2")
	l.server.ResetRequests()
	l.must(t, "report", "weekly", "--post")
	_, writes := l.count()
	after := l.incident(t, 1).Description
	if writes != 1 || !strings.HasPrefix(after, "By hand above.\n") || !strings.HasSuffix(after, "\n\nBy hand below.") || !strings.Contains(reportOf(t, after), "Registry returns 500s") {
		t.Errorf("%d writes, and then it is\n%s", writes, after)
	}
	if len(l.incidents()) != 2 {
		t.Errorf("%d issues", len(l.incidents()))
	}
}

// The days of the report decide which log issue it is posted to.
func TestReportLogByPeriod(t *testing.T) {
	t.Parallel()
	for words, key := range map[string]string{
		"":                                   "oncall-log/2018-W34",
		"--week last":                        "oncall-log/2018-W33",
		"--week 2018-W30":                    "oncall-log/2018-W30",
		"--to 2018-08-13":                    "oncall-log/2018-W33",
		"--timebox previous":                 "oncall-report/2018-07-30_2018-08-10",
		"--from 2018-08-13 --to 2018-08-24":  "oncall-report/2018-08-13_2018-08-24",
		"--last 2d":                          "oncall-report/2018-08-23_2018-08-24",
		"--timebox current --view call":      "oncall-report/2018-08-13_2018-08-24",
		"--from 2018-08-18 --view call":      "oncall-log/2018-W34",
		"--week current --now 2017-01-01":    "oncall-log/2016-W52",
		"--from 2018-08-24 --to 2018-08-24 ": "oncall-report/2018-08-24_2018-08-24",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.must(t, append([]string{"report", "weekly", "--post"}, strings.Fields(words)...)...)
			if d := l.incident(t, 1).Description; !strings.HasSuffix(d, trailer(key)) {
				t.Errorf("want %s:\n%s", key, d)
			}
			l.server.ResetRequests()
			l.must(t, append([]string{"report", "weekly", "--post"}, strings.Fields(words)...)...)
			if _, writes := l.count(); writes != 0 {
				t.Errorf("a second run writes: %q", l.requests())
			}
		})
	}
}

// --close closes the log issue of the week before, after the report. A note says if it is closed already or does not exist.
func TestReportClosesPreviousLog(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	r := l.must(t, "report", "weekly", "--post", "--close")
	if !strings.Contains(r.errors, "Nothing to close: no log issue for 2018-W33") {
		t.Errorf("the note is missing:\n%s", r.errors)
	}
	l.must(t, "report", "weekly", "--week", "last", "--post")
	l.must(t, "report", "weekly", "--post", "--close")
	if state := l.incident(t, 2).State + l.incident(t, 1).State; state != "closedopened" {
		t.Errorf("they are %s", state)
	}
	r = l.must(t, "report", "weekly", "--post", "--close")
	if !strings.Contains(r.errors, "Already closed: acme/production#2 (2018-W33)") {
		t.Errorf("the note is missing:\n%s", r.errors)
	}
	for words, hint := range map[string]string{
		"report weekly --close":                              "--post --close",
		"report weekly --post --close --timebox previous":    "is not one",
		"report weekly --post --close --from 2018-08-20":     "is not one",
		"report weekly --view both":                          "oncall or call",
		"report weekly --week 2018-W54":                      "2018-W52",
		"report weekly --week next":                          "--week 2018-W34",
		"report weekly --week 2018-W40":                      "in the future (today is 2018-08-24)",
		"report weekly --from 2018-08-24 --to 2018-08-20":    "before it starts",
		"report weekly --from yesterday":                     "--from 2018-08-18",
		"report weekly --to 2018-02-30":                      "--to 2018-08-24",
		"report weekly --timebox next":                       "previous or current",
		"report incidents --last 90m":                        "--last 28d",
		"report incidents --from 1990-01-01":                 "ten years",
		"report incidents --last 7d --week last":             "",
		"report incidents --timebox previous --to 2018-08-1": "",
	} {
		l.server.ResetRequests()
		if r := l.run(strings.Fields(words)...); r.code != 6 || !strings.Contains(r.errors, hint) || len(l.requests()) != 0 {
			t.Errorf("%s: exit %d, %d requests\n%s", words, r.code, len(l.requests()), r.errors)
		}
	}
}

// A damaged region is refused: the error says where it is, and nothing is written, nor is the log of the week before closed.
func TestReportRefusesDamagedRegion(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "report", "weekly", "--week", "last", "--post")
	l.must(t, "report", "weekly", "--post")
	l.web("plan", "PUT", "/issues/2", `{"description": %q}`, strings.Replace(l.incident(t, 2).Description, "<!-- /prodctl:report -->", "", 1))
	before := l.all()
	r := l.run("report", "weekly", "--post", "--close")
	if r.code != 5 || !strings.Contains(r.errors, "acme/production#2: the report that begins on line 3 of the description has no end") || !strings.Contains(r.errors, "/issues/2") || l.all() != before {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// Confidential issues appear by reference only in whatever is posted, saved or printed, and their services and times in no group of their own.
func TestReportsRedactConfidentialIssues(t *testing.T) {
	t.Parallel()
	secret := func(s *fakegitlab.Seed) {
		for n, labels := range [][]string{{"delta"}, {"oncall", "goal"}} {
			for p := range s.Projects {
				s.Projects[p].Issues = append(s.Projects[p].Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Leaked %d %d", n, p), Author: "dev", Labels: labels, Confidential: true})
			}
		}
	}
	l := newLab(t, setup{seed: secret})
	l.ownDir(t)
	l.must(t, "incident", "open", "Customer data leaked", "-s", "S1", "--service", "leaked-db", "--started", "1h", "--confidential")
	l.must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--key", "deploy-7")
	leaks := func(s string) bool { return strings.Contains(strings.ToLower(s), "leaked") }
	for _, command := range []string{"report weekly", "report weekly --view call", "report incidents", "budget --explain"} {
		for _, form := range []string{"table", "md", "csv", "json", "yaml"} {
			args := append(strings.Fields(command), "-o", form)
			if r := l.must(t, args...); leaks(r.out + r.errors) {
				t.Errorf("%s leaks\n%s", strings.Join(args, " "), r.out)
			}
			if r := l.must(t, append(args, "--include-confidential")...); !leaks(r.out) && (command != "report incidents" || form == "json") {
				t.Errorf("%s with --include-confidential is redacted:\n%s", strings.Join(args, " "), r.out)
			}
		}
	}
	l.must(t, "report", "weekly", "--post", "--plan-file", "plan.json")
	if r := l.must(t, "report", "weekly", "--post", "--dry-run", "-o", "json"); leaks(r.out) {
		t.Errorf("the plan leaks\n%s", r.out)
	}
	l.must(t, "apply", "plan.json")
	number := len(l.incidents())
	log := l.incident(t, number)
	if text := reportOf(t, log.Description); leaks(log.Description) || !strings.Contains(text, "(confidential)") {
		t.Errorf("the posted report leaks:\n%s", text)
	}
	l.must(t, "report", "weekly", "--post", "--include-confidential")
	if log := l.incident(t, number); !leaks(log.Description) {
		t.Errorf("the report posted with --include-confidential is redacted:\n%s", log.Description)
	}
	l.web("mara", "PUT", fmt.Sprintf("/issues/%d", number), `{"confidential": true, "description": %q}`, strings.Replace(log.Description, "S1", "S2", 1))
	l.must(t, "report", "weekly", "--post")
	if log := l.incident(t, number); !leaks(log.Description) {
		t.Errorf("the report in a confidential issue is redacted:\n%s", log.Description)
	}
}

// A saved plan is applied as it was reviewed, or refused if the report has changed in the meantime.
func TestReportFromPlanFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.ownDir(t)
	l.must(t, "report", "weekly", "--post", "--plan-file", "plan.json")
	if len(l.incidents()) != 0 {
		t.Fatal("saving a plan created an issue")
	}
	l.must(t, "incident", "open", "Registry returns 500s")
	if r := l.run("apply", "plan.json"); r.code != 5 || !strings.Contains(r.errors, "the report has changed") || len(l.incidents()) != 1 {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	l.must(t, "report", "weekly", "--post", "--view", "call", "--plan-file", filepath.Join(l.dir, "new.json"))
	for range 2 {
		l.must(t, "apply", "new.json")
	}
	if log := l.incident(t, 2); !strings.Contains(reportOf(t, log.Description), "## Infrastructure call, 2018-08-18") || len(l.incidents()) != 2 {
		t.Errorf("%s", log.Description)
	}
}

// The number of requests depends on what the report contains, not on the size of the trackers.
func TestReportRequestCount(t *testing.T) {
	t.Parallel()
	for _, carried := range []int{0, 240} {
		l := newLab(t, setup{carried: carried, seed: func(s *fakegitlab.Seed) {
			for n := range carried { // old issues that are in no report
				s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Old %d", n), Author: "dev", Labels: []string{"delta"}, Closed: true,
					CreatedAt: longAgo, ClosedAt: longAgo, UpdatedAt: longAgo})
			}
		}})
		want := func(words string, reads, writes int) {
			t.Helper()
			l.server.ResetRequests()
			l.must(t, strings.Fields(words)...)
			if r, w := l.count(); r != reads || w != writes {
				t.Errorf("with %d issues, %s: %d reads and %d writes, want %d and %d\n%s", 2*carried, words, r, w, reads, writes, strings.Join(l.requests(), "\n"))
			}
		}
		want("report incidents", 4, 0)      // two lists of incidents, and two lists of corrective actions
		want("report weekly", 20, 0)        // six lists of incidents, three of changes, four of deltas, four of on-call issues, two of corrective actions, one of logs
		want("report weekly --post", 25, 1) // and the role, and the log issue, before and after it is created, and once more to compare
		want("report weekly --post", 24, 0) // the comments of the log, the roles of their authors, the issue by its key, and the current user
		want("report weekly --dry-run --post", 24, 0)
	}
}

var (
	labNoon = time.Date(2018, 8, 24, 12, 0, 0, 0, time.UTC)
	longAgo = labNoon.AddDate(-1, 0, 0)
)

// A time that the record lacks comes from the label, with one request for that incident only, and is in no statistic.
func TestReportUsesLabelEvidence(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "By hand", Author: "dev", Labels: []string{"incident", "S2"}, CreatedAt: labNoon.Add(-time.Hour)}}
	}})
	l.web("plan", "PUT", "/issues/1", `{"add_labels": "Incident::Resolved"}`)
	l.must(t, "incident", "open", "Recorded", "-s", "S3", "--started", "50m")
	l.must(t, "incident", "mitigate", "2", "--at", "40m")
	l.must(t, "incident", "resolve", "2", "--at", "30m")
	l.server.ResetRequests()
	r := l.must(t, "report", "weekly", "-o", "md")
	asked := slices.DeleteFunc(l.requests(), func(s string) bool { return !strings.Contains(s, "resource_label_events") })
	if len(asked) != 1 || !strings.Contains(r.out, "at 2018-08-24 16:00 UTC (label)") || !strings.Contains(r.out, "Mitigated within 30m: 1 of 1 (100 %), no data for 1 incident") {
		t.Errorf("asked for %q\n%s", asked, r.out)
	}
}

// An edit around the report at any point is kept in full, or the run that may have overwritten it reports that.
func TestReportConcurrentEdit(t *testing.T) {
	t.Parallel()
	const mark = "Looked at by hand."
	reported := 0
	for cut := 0; ; cut++ {
		l := newLab(t, setup{config: oneAtATime})
		l.must(t, "report", "weekly", "--post")
		l.must(t, "incident", "open", "Registry returns 500s")
		edit := encounter{edit: func(d string) string { return mark + "\n\n" + d + "\n\nbelow, " + mark }}
		turns := 0
		results, _ := l.play(newTurnstile(l.wire), []actor{says("mara", "report", "weekly", "--post").act, edit.editing}, func(waiting []int) int {
			if own := slices.Index(waiting, 0); own >= 0 && (turns < cut || len(waiting) == 1) {
				turns++
				return own
			}
			return slices.Index(waiting, 1)
		})
		log, r := l.incident(t, 1).Description, results[0]
		lost := r.code == 3 && strings.Contains(r.errors, "was edited by @plan")
		if r.code != 0 && !lost || !lost && strings.Count(log, mark) != 2 || !strings.Contains(reportOf(t, log), "Registry returns 500s") {
			t.Errorf("after %d requests: exit %d %s\n%s", cut, r.code, r.errors, log)
		}
		if lost {
			reported++
		}
		if turns < cut {
			if cut < 10 || reported != 2 { // the gap between read and write, and, as a false alarm, the one between reading the comments and the issue
				t.Errorf("%d points, an overwrite was reported at %d of them", cut, reported)
			}
			return
		}
	}
}

// Concurrent posts of different reports leave one issue with one of these reports.
func TestReportConcurrentPosts(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(3, 5))
	for n := range 12 {
		l := newLab(t, setup{config: oneAtATime})
		if n%2 == 0 {
			l.must(t, "report", "weekly", "--post")
		}
		oncall := says("dev", "report", "weekly", "--post")
		call := says("mara", "report", "weekly", "--post", "--view", "call")
		results, _ := l.play(newTurnstile(l.wire), []actor{oncall.act, call.act}, func(waiting []int) int { return draw.IntN(len(waiting)) })
		for _, r := range results {
			if r.code != 0 && (r.code != 3 || !strings.Contains(r.errors, "was edited by")) {
				t.Errorf("exit %d\n%s", r.code, r.errors)
			}
		}
		l.must(t, "report", "weekly", "--post") // replaces what a concurrent run has left
		logs := l.incidents()
		if len(logs) != 1 || !strings.Contains(reportOf(t, logs[0].Description), "## On-call report") {
			t.Errorf("%d issues, the first one\n%s", len(logs), logs[0].Description)
		}
	}
}

// A shift counts as handed off if its log issue has a comment with its key by a trusted author.
func TestReportListsHandoffs(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "report", "weekly", "--post")
	for user, shift := range map[string]string{"dev": "2018-08-23T04:00Z/EMEA", "guest": "2018-08-23T16:00Z/AMER"} {
		l.web(user, "POST", "/issues/1/notes", `{"body": %q}`, "Quiet.\n\n<!-- prodctl:key=handoff/"+shift+" -->")
	}
	out := l.must(t, "report", "weekly", "-o", "md").out
	if !strings.Contains(out, "| 2018-08-23 04:00-16:00 | EMEA | 2018-08-24 16:00 | @\u200bdev |") || !strings.Contains(out, "| 2018-08-23 16:00 to 2018-08-24 04:00 | AMER | no note |  |") ||
		!strings.Contains(out, "13 of 14 shifts have no note in the log") {
		t.Errorf("%s", out)
	}
	if out := l.must(t, "report", "weekly", "--jq", ".log.ref, (.handoffs[] | select(.by) | .web_url)").out; !strings.Contains(out, "acme/production#1") || !strings.Contains(out, "/issues/1#note_") {
		t.Errorf("%s", out)
	}
}
