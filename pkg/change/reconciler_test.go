package change_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

var (
	labels = change.LabelsOf(label.Spelling{"change": "change request", "change::approved": "Change::Go"})
	day    = time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC)
)

func at(clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return day.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

// request returns a valid request.
func request() change.Request {
	return change.Request{
		Title: "Fail over the primary database", Reason: "The host is to be replaced.", Criticality: change.C1, Services: []string{"api", "web"},
		Start: at("12:00"), Steps: []change.Step{{"Drain the host", 10}, {"Promote the secondary", 20}}, Environment: "production", Executor: "@ines",
		Impact: change.Impact{Type: change.ClientFacing, Text: "Writes fail.", Downtime: 5 * time.Minute}, Rollback: change.Rollback{Text: "Promote it back", Minutes: 15},
	}
}

// opened returns a change as created by change open.
func opened() issue.Issue {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 9}, ID: 90, Title: request().Title, State: issue.Opened, CreatedAt: at("08:00"), Author: "ada",
		Labels: labels.Opening(change.Scheduled, change.C1), Description: "Why: the host is to be replaced.\n\n" + strings.TrimSpace(request().Record()) + "\n\n<!-- prodctl:key=change/k -->"}
	slices.Sort(i.Labels)
	return i
}

// note returns a comment with an event, as read from GitLab.
func note(id int64, by string, e eventlog.Event) issue.Note {
	return issue.Note{ID: id, Body: eventlog.Body(e, change.Heading(e, calendar.DateOf(day))) + "\n\n<!-- prodctl:key=note/x" + strconv.FormatInt(id, 10) + " -->", Author: by, Trusted: true, CreatedAt: day.Add(time.Duration(id) * time.Minute)}
}

func eventNote(id int64, by string, v change.Verb, clock string, fields ...string) issue.Note {
	values := map[string]string{}
	for n := 0; n < len(fields); n += 2 {
		values[fields[n]] = fields[n+1]
	}
	return note(id, by, change.NewEvent(v, at(clock), values, ""))
}

// apply edits an issue as GitLab does.
func apply(i issue.Issue, c issue.Change) issue.Issue {
	list := slices.Clone(i.Labels)
	for _, l := range c.AddLabels {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	i.Labels = slices.DeleteFunc(list, func(l string) bool { return slices.Contains(c.RemoveLabels, l) })
	slices.Sort(i.Labels)
	if c.Description != nil {
		i.Description = strings.TrimSpace(strings.ReplaceAll(*c.Description, "\r", ""))
	}
	if c.State != nil {
		i.State = *c.State
	}
	return i
}

type tester interface {
	Helper()
	Fatalf(string, ...any)
}

// reconcile reconciles an issue and checks that doing it again changes nothing.
func reconcile(t tester, i issue.Issue, notes ...issue.Note) issue.Issue {
	t.Helper()
	reconciler := change.Reconciler{Labels: labels}
	c, err := reconciler.Reconcile(i, notes)
	if err != nil {
		t.Fatalf("reconcile: %v", err)
	}
	for _, l := range c.AddLabels {
		if slices.Contains(c.RemoveLabels, l) {
			t.Fatalf("%q is added and removed at once", l)
		}
	}
	if len(c.AddLabels) > 0 && c.Description == nil {
		t.Fatalf("labels without the description: they may not match the record")
	}
	after := apply(i, c)
	if again, err := reconciler.Reconcile(after, notes); err != nil || !again.Empty() {
		t.Fatalf("not reconciled after reconciling: %+v, %v\nbefore:\n%s\nafter:\n%s", again, err, i.Description, after.Description)
	}
	return after
}

func recordOf(i issue.Issue) string {
	_, rest, _ := strings.Cut(i.Description, "```yaml prodctl/change\n")
	inner, _, _ := strings.Cut(rest, "```")
	return inner
}

func TestLifeOfAChange(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{
		eventNote(101, "mara", change.Approve, "09:00", change.FieldPlan, "x"),
		eventNote(102, "piet", change.Approve, "09:10", change.FieldPlan, "x", change.FieldEnough, "true"),
		eventNote(103, "ines", change.Start, "12:01", change.FieldOverride, "the lock is\nfor others"),
		eventNote(104, "ines", change.Finish, "12:40", change.FieldOutcome, "failure"),
	}
	i := opened()
	for n, want := range []struct {
		state  change.State
		labels []string
		open   bool
	}{
		{change.Scheduled, []string{"C1", "change request", "change::scheduled"}, true},
		{change.Approved, []string{"C1", "Change::Go", "change request"}, true},
		{change.InProgress, []string{"C1", "change request", "change::in-progress"}, true},
		{change.Complete, []string{"C1", "change request", "change::complete"}, false},
	} {
		i = reconcile(t, i, notes[:n+1]...)
		if got := change.Of(i, labels); got.State != want.state || !cmp.Equal(i.Labels, want.labels) || i.Open() != want.open || len(got.Record.Problems) > 0 {
			t.Errorf("after %d events %s, labels %q, open %t, %v", n+1, got.State, i.Labels, i.Open(), got.Record.Problems)
		}
	}
	if once := reconcile(t, opened(), notes...); !reflect.DeepEqual(change.Of(once, labels).Record, change.Of(i, labels).Record) || !slices.Equal(once.Labels, i.Labels) {
		t.Error("all at once is not the same as one after the other")
	}
	want := `criticality: C1
start: 2018-08-24T12:00:00Z
duration: 30m
window_end: 2018-08-24T13:00:00Z
services: [api, web]
impact: client-facing
downtime: 5m
executor: ines
environment: production
approved_by: [mara, piet]
as_of_note: 104
notes: [101, 102, 103, 104]
started_at: 2018-08-24T12:01:00Z
overrides: ["2018-08-24T12:01:00Z ines: the lock is for others"]
finished_at: 2018-08-24T12:40:00Z
outcome: failure
`
	if got := recordOf(i); got != want {
		t.Error(cmp.Diff(want, got))
	}
	if !strings.HasPrefix(i.Description, "Why: the host is to be replaced.\n\n```yaml") || !strings.HasSuffix(i.Description, "```\n\n<!-- prodctl:key=change/k -->") {
		t.Errorf("what is around the record changed:\n%s", i.Description)
	}
}

func TestEntriesThatCountAndThoseThatDoNot(t *testing.T) {
	t.Parallel()
	started := eventNote(103, "ines", change.Start, "12:01")
	enough := eventNote(101, "mara", change.Approve, "09:00", change.FieldEnough, "true")
	untrusted := func(n issue.Note) issue.Note {
		n.Trusted = false
		return n
	}
	for _, tc := range []struct {
		name  string
		notes []issue.Note
		want  change.State
		check func(r change.Record) bool
	}{
		{"an approval of somebody who is not trusted", []issue.Note{untrusted(enough)}, change.Scheduled, func(r change.Record) bool { return r.ApprovedBy == nil && r.AsOfNote == 0 }},
		{"an approval that was not enough", []issue.Note{eventNote(101, "mara", change.Approve, "09:00", change.FieldEnough, "false")}, change.Scheduled, func(r change.Record) bool { return len(r.ApprovedBy) == 1 }},
		{"an approval after the start", []issue.Note{started, eventNote(104, "mara", change.Approve, "12:10", change.FieldEnough, "true")}, change.InProgress, func(r change.Record) bool { return len(r.ApprovedBy) == 1 }},
		{"approved twice by one", []issue.Note{enough, eventNote(102, "Mara", change.Approve, "10:00")}, change.Approved, func(r change.Record) bool { return len(r.ApprovedBy) == 1 }},
		{"finished without a start", []issue.Note{eventNote(101, "ines", change.Finish, "12:00")}, change.Scheduled, func(r change.Record) bool { return r.FinishedAt.Equal(at("12:00")) && r.Outcome == "" }},
		{"finished says success when nobody says otherwise", []issue.Note{started, eventNote(104, "ines", change.Finish, "12:30")}, change.Complete, func(r change.Record) bool { return r.Outcome == change.Success }},
		{"aborted by one, finished by another", []issue.Note{started, eventNote(104, "ines", change.Abort, "12:20", change.FieldOutcome, "failure"), eventNote(105, "piet", change.Finish, "12:30")}, change.Aborted,
			func(r change.Record) bool {
				return r.AbortedAt.Equal(at("12:20")) && r.FinishedAt.Equal(at("12:30")) && r.Outcome == change.Failure
			}},
		{"finished by one, aborted by another", []issue.Note{started, eventNote(104, "ines", change.Finish, "12:20"), eventNote(105, "piet", change.Abort, "12:30")}, change.Complete,
			func(r change.Record) bool {
				return r.FinishedAt.Equal(at("12:20")) && r.AbortedAt.Equal(at("12:30")) && r.Outcome == change.Success
			}},
		{"a start again corrects its time", []issue.Note{started, eventNote(104, "ines", change.Start, "12:05")}, change.InProgress, func(r change.Record) bool { return r.StartedAt.Equal(at("12:05")) }},
		{"started after it was aborted", []issue.Note{eventNote(101, "ines", change.Abort, "11:00"), started}, change.Aborted, func(r change.Record) bool { return r.StartedAt.Equal(at("12:01")) && r.Outcome == "" }},
		{"started by somebody else than planned", []issue.Note{eventNote(101, "piet", change.Start, "12:00", change.FieldExecutor, "@piet")}, change.InProgress, func(r change.Record) bool { return r.StartedBy == "piet" && r.Executor == "ines" }},
		{"an override by itself", []issue.Note{eventNote(101, "mara", change.Override, "11:00", change.FieldOverride, "a hot fix")}, change.Scheduled,
			func(r change.Record) bool {
				return cmp.Equal(r.Overrides, []string{"2018-08-24T11:00:00Z mara: a hot fix"})
			}},
		{"related issues, each once", []issue.Note{note(101, "ada", change.NewEvent(change.Relate, eventlog.Undated, map[string]string{change.FieldRelated: "acme/infra#1"}, "")), eventNote(102, "ada", change.Relate, "11:00", change.FieldRelated, "acme/infra#1, acme/infra#2")}, change.Scheduled,
			func(r change.Record) bool { return cmp.Equal(r.Related, []string{"acme/infra#1", "acme/infra#2"}) }},
		{"a reference where GitLab has no links", []issue.Note{note(101, "ada", eventlog.Event{Kind: "link", Verb: "relate", At: eventlog.Undated, Fields: map[string]string{"related": "acme/infra#3"}})}, change.Scheduled,
			func(r change.Record) bool { return cmp.Equal(r.Related, []string{"acme/infra#3"}) }},
		{"a retry of an aborted one", []issue.Note{eventNote(101, "ada", change.Relate, "11:00", change.FieldRetryOf, "acme/production#3")}, change.Scheduled, func(r change.Record) bool { return r.RetryOf == "acme/production#3" }},
		{"an entry of an incident", []issue.Note{note(101, "ada", eventlog.Event{Kind: "incident", Verb: "relate", At: at("11:00"), Fields: map[string]string{"related": "x#1"}})}, change.Scheduled, func(r change.Record) bool { return r.Related == nil }},
		{"an unknown verb", []issue.Note{eventNote(101, "ada", "dance", "11:00")}, change.Scheduled, func(r change.Record) bool { return r.AsOfNote == 101 }},
	} {
		i := reconcile(t, opened(), tc.notes...)
		if got := change.Of(i, labels); got.State != tc.want || !tc.check(got.Record) {
			t.Errorf("%s: %s, %+v", tc.name, got.State, got.Record)
		}
	}
}

func TestManualEditsStay(t *testing.T) {
	t.Parallel()
	start := eventNote(103, "ines", change.Start, "12:01")
	finish := eventNote(104, "ines", change.Finish, "12:40")
	i := reconcile(t, opened(), start)
	edit := func(i issue.Issue, old, with string) issue.Issue {
		if !strings.Contains(i.Description, old) {
			t.Fatalf("%q is not in the description:\n%s", old, i.Description)
		}
		i.Description = strings.Replace(i.Description, old, with, 1)
		return i
	}
	timed := reconcile(t, edit(i, "started_at: 2018-08-24T12:01:00Z", "started_at: 11:58 # by the logs"), start, finish)
	if got := change.Read(timed.Description, day); !got.StartedAt.Equal(at("11:58")) || !got.FinishedAt.Equal(at("12:40")) || !strings.Contains(timed.Description, "11:58 # by the logs") {
		t.Errorf("an edited time: %+v", got)
	}
	plain := edit(i, "executor: ines", "executor: piet\nowner: \"the team\"")
	if got := reconcile(t, plain, start, finish); !strings.Contains(got.Description, "executor: piet\nowner: \"the team\"\n") {
		t.Errorf("an edited executor and an unknown key:\n%s", got.Description)
	}
	again := reconcile(t, i, start, eventNote(104, "piet", change.Start, "12:20", change.FieldExecutor, "piet"))
	if got := change.Read(again.Description, day); got.StartedBy != "piet" || !got.StartedAt.Equal(at("12:20")) {
		t.Errorf("a newer event has another value: %+v", got)
	}
	byHand := i
	byHand.Labels = []string{"C1", "change request", "change::aborted"}
	if got := reconcile(t, byHand, start); !reflect.DeepEqual(got, byHand) {
		t.Errorf("a state that a person set changed to %q", got.Labels)
	}
	if got := reconcile(t, byHand, start, finish); change.Of(got, labels).State != change.Aborted {
		t.Errorf("a newer event continues from the state that a person set, not to %q", got.Labels)
	}
	both := i
	both.Labels = []string{"C1", "change request", "change::in-progress", "change::scheduled"}
	if got := reconcile(t, both, start); !cmp.Equal(got.Labels, []string{"C1", "change request", "change::in-progress"}) {
		t.Errorf("two states at once became %q", got.Labels)
	}
	none := i
	none.Labels = []string{"C1", "change request"}
	if got := reconcile(t, none, start, finish); change.Of(got, labels).State != change.Complete {
		t.Errorf("without a state label it went on to %q", got.Labels)
	}
	back := i
	back.Labels = []string{"C1", "change request", "change::scheduled"}
	if got := reconcile(t, back, eventNote(102, "mara", change.Approve, "11:00", change.FieldEnough, "true"), start); change.Of(got, labels).State != change.Approved {
		t.Errorf("a comment that becomes visible late continues from the state that a person set, not to %q", got.Labels)
	}
	reopened := reconcile(t, i, start, finish)
	reopened.State = issue.Opened
	if got := reconcile(t, reopened, start, finish, eventNote(105, "ada", change.Relate, "13:00", change.FieldRelated, "x/y#1")); !got.Open() {
		t.Error("an issue that a person has reopened was closed again")
	}
	gone := i
	gone.Description = "Nothing left."
	if got := change.Read(reconcile(t, gone, start).Description, day); !got.StartedAt.Equal(at("12:01")) {
		t.Errorf("a record that was removed comes back with its events: %+v", got)
	}
}

func TestAnotherAttempt(t *testing.T) {
	t.Parallel()
	a := change.Automation{Type: "deployment", Environment: "production", Job: "https://gitlab.example.test/a/b/-/jobs/1", Outcome: change.Failure, FinishedAt: at("10:00"), User: "robo"}
	i := opened()
	i.State, i.Description, i.Labels = issue.Closed, a.Description(nil), labels.Opening(change.Complete, change.C4)
	a.Job, a.Outcome, a.FinishedAt, a.User = "https://gitlab.example.test/a/b/-/jobs/2", change.Success, at("10:20"), "ines"
	retry := note(101, "robo", change.NewEvent(change.Recorded, at("10:20"), a.Fields(), ""))
	a.Outcome, a.FinishedAt = change.Failure, at("10:30")
	third := note(102, "robo", change.NewEvent(change.Recorded, at("10:30"), a.Fields(), ""))
	got := change.Of(reconcile(t, i, retry), labels)
	if r := got.Record; got.State != change.Complete || r.Attempts != 2 || r.Outcome != change.Success || !strings.HasSuffix(r.Job, "/2") || r.User != "ines" || !r.FinishedAt.Equal(at("10:20")) || r.Environment != "production" {
		t.Errorf("after a retry: %s %+v", got.State, r)
	}
	// The job reports a failure after all, and the comment of its success becomes visible last: the failure stays.
	late := reconcile(t, reconcile(t, i, third), retry, third)
	if r := change.Read(late.Description, day); r.Attempts != 2 || r.Outcome != change.Failure || !r.FinishedAt.Equal(at("10:30")) {
		t.Errorf("after a late comment: %+v", r)
	}
	if inOrder := reconcile(t, i, retry, third); !reflect.DeepEqual(change.Read(inOrder.Description, day), change.Read(late.Description, day)) {
		t.Error("the order in which comments become visible matters")
	}
}
