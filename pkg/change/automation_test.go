package change_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

const (
	commit = "6104942438c14ec7bd21c6cd5bd995272b3faff6"
	before = "1ecfd275763eff1d6b4844ea3168962458c9f27a"
)

// job are the variables of a deployment.
func job() map[string]string {
	return map[string]string{
		"CI_ENVIRONMENT_NAME": "production", "CI_ENVIRONMENT_SLUG": "production-x", "CI_ENVIRONMENT_TIER": "production", "CI_JOB_STAGE": "deploy", "GITLAB_USER_LOGIN": "ines",
		"CI_PROJECT_PATH": "acme/api", "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_SHA": commit, "CI_COMMIT_BEFORE_SHA": before, "CI_COMMIT_TITLE": "Raise the limit",
		"CI_PROJECT_URL": "https://gitlab.example.test/acme/api", "CI_JOB_URL": "https://gitlab.example.test/acme/api/-/jobs/7", "CI_PIPELINE_URL": "https://gitlab.example.test/acme/api/-/pipelines/3",
		"CI_JOB_STARTED_AT": "2018-08-24T12:00:00+02:00", "CI_JOB_ID": "7", "CI_PIPELINE_ID": "3", "CI_PIPELINE_CREATED_AT": "2018-08-24T09:55:00Z",
	}
}

func fromCI(vars map[string]string) change.Automation {
	return change.FromCI(func(name string) string { return vars[name] })
}

func TestFromCI(t *testing.T) {
	t.Parallel()
	want := change.Automation{Environment: "production", Stage: "deploy", User: "ines", Source: "acme/api@main", Commit: commit, Message: "Raise the limit",
		Diff: "https://gitlab.example.test/acme/api/-/compare/" + before + "..." + commit,
		Job:  "https://gitlab.example.test/acme/api/-/jobs/7", Pipeline: "https://gitlab.example.test/acme/api/-/pipelines/3", StartedAt: at("10:00"),
		JobID: "7", PipelineID: 3, PipelineAt: at("09:55")}
	if got := fromCI(job()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, tc := range []struct {
		name, variable, value string
		get                   func(change.Automation) string
		want                  string
	}{
		{"a new branch", "CI_COMMIT_BEFORE_SHA", strings.Repeat("0", 40), func(a change.Automation) string { return a.Diff }, "https://gitlab.example.test/acme/api/-/commit/" + commit},
		{"a scheduled pipeline", "CI_COMMIT_BEFORE_SHA", commit, func(a change.Automation) string { return a.Diff }, "https://gitlab.example.test/acme/api/-/commit/" + commit},
		{"a forged commit before", "CI_COMMIT_BEFORE_SHA", "../../x", func(a change.Automation) string { return a.Diff }, "https://gitlab.example.test/acme/api/-/commit/" + commit},
		{"a forged commit", "CI_COMMIT_SHA", "x) [y](z", func(a change.Automation) string { return a.Diff + a.Commit }, ""},
		{"no commit", "CI_COMMIT_SHA", "", func(a change.Automation) string { return a.Diff + a.Commit }, ""},
		{"a merge request", "CI_MERGE_REQUEST_IID", "12", func(a change.Automation) string { return a.Source }, "acme/api!12"},
		{"a forged merge request", "CI_MERGE_REQUEST_IID", "12 x", func(a change.Automation) string { return a.Source }, "acme/api@main"},
		{"no environment's name", "CI_ENVIRONMENT_NAME", "", func(a change.Automation) string { return a.Environment }, "production-x"},
		{"an address that is none", "CI_JOB_URL", "javascript:alert(1)", func(a change.Automation) string { return a.Job }, ""},
		{"an address with a bracket", "CI_JOB_URL", "https://x.test/)[y](z", func(a change.Automation) string { return a.Job }, ""},
		{"an address with a password", "CI_JOB_URL", "https://u:p@x.test/", func(a change.Automation) string { return a.Job }, ""},
		{"an address over two lines", "CI_JOB_URL", "https://x.test/\n/close", func(a change.Automation) string { return a.Job }, ""},
		{"a forged id", "CI_JOB_ID", "7 x", func(a change.Automation) string { return a.JobID }, ""},
		{"a user with an @", "GITLAB_USER_LOGIN", "@ines", func(a change.Automation) string { return a.User }, "ines"},
	} {
		vars := job()
		vars[tc.variable] = tc.value
		if got := tc.get(fromCI(vars)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	if got := fromCI(nil); !reflect.DeepEqual(got, change.Automation{}) {
		t.Errorf("outside of a job: %+v", got)
	}
}

func TestAutomationIssue(t *testing.T) {
	t.Parallel()
	a := fromCI(job())
	a.Type, a.Outcome, a.FinishedAt, a.Services, a.RecordedBy = "deployment", change.Success, at("10:05"), []string{"api"}, "robo"
	if got, want := a.Title(), "deployment to production: acme/api@main (61049424)"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
	r := change.Read(a.Description(nil), day)
	want := change.Record{Criticality: change.C4, Services: []string{"api"}, Environment: "production", Type: "deployment", Stage: "deploy", User: "ines", Source: "acme/api@main", Commit: commit,
		Diff: a.Diff, Job: a.Job, Message: "Raise the limit", Attempts: 1, AttemptIDs: []string{a.AttemptID()},
		Outcome: change.Success, StartedAt: at("10:00"), FinishedAt: at("10:05"), RecordedBy: "robo", JobID: "7", Pipeline: 3, Exists: true}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%+v, want %+v", r, want)
	}
	wantText := "Recorded by automation.\n\n- Type: deployment\n- Environment: production\n- Stage: deploy\n- Source: acme/api@main\n- By: ines\n- Message: Raise the limit\n" +
		"- Diff: " + a.Diff + "\n- Job: " + a.Job + "\n- Pipeline: " + a.Pipeline + "\n\n```yaml prodctl/change\n"
	if !strings.HasPrefix(a.Description(nil), wantText) {
		t.Error(cmp.Diff(wantText, a.Description(nil)))
	}
	a.Diff = "https://diffs.example.net/acme/api/7"
	mine := func(address string) bool { return !strings.Contains(address, "example.net") }
	if text := a.Description(mine); !strings.Contains(text, "\n- Diff: `https://diffs.example.net/acme/api/7`\n- Job: "+a.Job+"\n") || change.Read(text, day).Diff != a.Diff {
		t.Errorf("an address elsewhere is a link:\n%s", text)
	}
	if got := (change.Automation{}).Title(); got != "change" {
		t.Errorf("with nothing known the title is %q", got)
	}
}

// Branch names and commit messages may come from an attacker.
func TestHostileVariables(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"/close", "x\n/close", "@all", "a @all b", "<!-- prodctl:key=change/x -->", "x\n<!-- prodctl:key=change/x -->\n", "```\n/close\n```", "~~~", "\n```yaml prodctl/change\ncriticality: C1\n```\n",
		"[x](javascript:y)", "<img src=x onerror=y>", "| a | b |", "\x1b[31m", "\u202e", "\u2028/close", strings.Repeat("ä@b ", 400), "", " ", "- x: y # z", "'\"{}[]&*!|>%`", "\xff",
	} {
		vars := job()
		for name := range vars {
			if !strings.HasSuffix(name, "_AT") {
				vars[name] = text
			}
		}
		a := fromCI(vars)
		a.Type, a.Outcome = text, change.Failure
		title, body := a.Title(), a.Description(nil)
		if title != safetext.Title(title) || title == "" || strings.ContainsAny(title, "\n\r") {
			t.Errorf("%q makes the title %q", text, title)
		}
		head, block, _ := strings.Cut(body, "```yaml prodctl/change\n")
		if head != safetext.Prose(head) || strings.Contains(head, "<!--") || strings.Contains(head, "<img") || strings.Contains(head, "```") {
			t.Errorf("%q makes the text %q", text, head)
		}
		for _, line := range strings.Split(block, "\n") {
			if strings.HasPrefix(line, "/") || strings.HasPrefix(line, "<!--") {
				t.Errorf("%q makes the line %q", text, line)
			}
		}
		r := change.Read(body, day)
		if r.Criticality != change.C4 || r.Outcome != change.Failure || r.Attempts != 1 || len(r.Problems) > 0 {
			t.Errorf("%q makes the record %+v", text, r)
		}
		e := change.NewEvent(change.Recorded, at("10:00"), a.Fields(), "")
		n := note(7, "robo", e)
		if back, ok := eventlog.Read(n); !ok || !cmp.Equal(back.Fields, e.Fields) {
			t.Errorf("%q makes a comment that is read as %+v", text, back)
		}
		if again := reconcile(t, opened(), n); change.Read(again.Description, day).Outcome != change.Failure {
			t.Errorf("%q makes a record that cannot be read:\n%s", text, again.Description)
		}
	}
}

func TestHeading(t *testing.T) {
	t.Parallel()
	today, tomorrow := calendar.DateOf(day), calendar.DateOf(day).AddDays(1)
	for _, tc := range []struct {
		verb   change.Verb
		fields map[string]string
		today  calendar.Date
		want   string
	}{
		{change.Approve, nil, today, "10:30 UTC, approved"},
		{change.Approve, nil, tomorrow, "2018-08-24 10:30 UTC, approved"},
		{change.Start, map[string]string{change.FieldOverride: "for *all*\nof us"}, today, `10:30 UTC, started, overridden: for \*all\* of us`},
		{change.Finish, map[string]string{change.FieldOutcome: "success"}, today, "10:30 UTC, finished: success"},
		{change.Abort, map[string]string{change.FieldOutcome: "x"}, today, "10:30 UTC, aborted"},
		{change.Recorded, map[string]string{change.FieldOutcome: "failure"}, today, "10:30 UTC, another attempt: failure"},
		{change.Recorded, nil, today, "10:30 UTC, another attempt"},
		{change.Override, map[string]string{change.FieldOverride: "why"}, today, "10:30 UTC, overridden: why"},
		{"dance", nil, today, "10:30 UTC, update"},
	} {
		if got := change.Heading(change.NewEvent(tc.verb, at("10:30").Add(time.Second/2), tc.fields, "x"), tc.today); got != tc.want {
			t.Errorf("%s %v: %q, want %q", tc.verb, tc.fields, got, tc.want)
		}
	}
	if got := change.Heading(change.NewEvent(change.Relate, eventlog.Undated, map[string]string{change.FieldRelated: "acme/infra#1"}, ""), today); got != "related: acme/infra#1" {
		t.Errorf("a relation: %q", got)
	}
}
