package change

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

var ten = time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)

// deployment is an attempt of a job that started so many minutes after ten.
func deployment(job, started int, outcome Outcome) Automation {
	begin := ten.Add(time.Duration(started) * time.Minute)
	return Automation{Type: "deployment", Environment: "production", Stage: "deploy", Source: "acme/api@main", Services: []string{"cart"},
		Job: "https://gitlab.example.test/acme/api/-/jobs/" + strconv.Itoa(job), Outcome: outcome, StartedAt: begin, FinishedAt: begin.Add(time.Minute)}
}

// journal is a record with the attempts that were added to it.
type journal struct {
	issue issue.Issue
	notes []issue.Note
}

func begun(a Automation) *journal {
	return &journal{issue: issue.Issue{Description: a.Description(nil), CreatedAt: a.At()}}
}

func (j *journal) record() Record { return Read(j.issue.Description, j.issue.CreatedAt) }

// add adds an attempt that was planned when the record was as it is in seen.
func (j *journal) add(t *testing.T, a Automation, seen Record) Record {
	t.Helper()
	id := int64(len(j.notes) + 1)
	j.notes = append(j.notes, issue.Note{ID: id, Author: "robo", Trusted: true, CreatedAt: a.At(),
		Body: eventlog.Body(NewEvent(Recorded, a.At(), a.Attempt(seen), ""), "x") + "\n\n<!-- prodctl:key=note/attempt-" + a.AttemptKey() + " -->"})
	ch, err := Reconciler{Labels: LabelsOf(label.Spelling{})}.Reconcile(j.issue, j.notes)
	if err != nil {
		t.Fatal(err)
	}
	if ch.Description != nil {
		j.issue.Description = *ch.Description
	}
	return j.record()
}

func TestOutcomeOfAttempts(t *testing.T) {
	t.Parallel()
	worse := func(a Automation) Automation { a.Outcome = Failure; return a }
	for _, tt := range []struct {
		name     string
		list     []Automation
		outcome  Outcome
		attempts int
		job      string
	}{
		{"a retry that works", []Automation{deployment(1, 0, Failure), deployment(2, 5, Success)}, Success, 2, "2"},
		{"a retry that fails", []Automation{deployment(1, 0, Success), deployment(2, 5, Failure)}, Failure, 2, "2"},
		{"the first one is reported last", []Automation{deployment(2, 5, Success), deployment(1, 0, Failure)}, Success, 2, "2"},
		{"one job, first a success", []Automation{deployment(1, 0, Success), worse(deployment(1, 0, Success))}, Failure, 1, "1"},
		{"one job, first a failure", []Automation{deployment(1, 0, Failure), deployment(1, 0, Success)}, Failure, 1, "1"},
		{"a job created earlier that runs later", []Automation{deployment(9, 0, Failure), deployment(8, 5, Success)}, Success, 2, "8"},
	} {
		j := begun(tt.list[0])
		for _, a := range tt.list[1:] {
			j.add(t, a, j.record())
		}
		r := j.record()
		if r.Outcome != tt.outcome || r.Attempts != tt.attempts || jobOf(r.JobID, r.Job) != tt.job {
			t.Errorf("%s: %s after %d attempts, job %s", tt.name, r.Outcome, r.Attempts, r.Job)
		}
		for n, a := range tt.list {
			if !a.In(r) {
				t.Errorf("%s: attempt %d is not in the record", tt.name, n+1)
			}
		}
		if len(tt.list) > 1 && r.RecordedBy != "" && r.RecordedBy != "robo" {
			t.Errorf("%s: recorded by %s", tt.name, r.RecordedBy)
		}
	}
}

// Attempts of different jobs that are planned at the same time have the same result in every order.
func TestAttemptsInEveryOrder(t *testing.T) {
	t.Parallel()
	list := []Automation{deployment(11, 5, Success), deployment(12, 10, Failure), deployment(13, 15, Success)}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		j := begun(deployment(10, 0, Failure))
		seen := j.record()
		for _, n := range order {
			j.add(t, list[n], seen)
		}
		if r := j.record(); r.Outcome != Success || r.Attempts != 4 || jobOf(r.JobID, r.Job) != "13" || len(r.AttemptIDs) != 4 {
			t.Errorf("%v: %s after %d attempts, job %s", order, r.Outcome, r.Attempts, r.Job)
		}
	}
}

func TestContinues(t *testing.T) {
	t.Parallel()
	success, failure := begun(deployment(1, 0, Success)).record(), begun(deployment(1, 0, Failure)).record()
	other := deployment(2, 5, Success)
	other.Services = []string{"pay"}
	renamed := success
	renamed.Type = TypeRollback
	early, byID := deployment(2, -5, Failure), deployment(1, 0, Success)
	byID.Job, byID.JobID = "", "1"
	for _, tt := range []struct {
		name   string
		a      Automation
		r      Record
		in, is bool
	}{
		{"the same job again", deployment(1, 0, Success), success, true, true},
		{"the same job, known by its number", byID, success, true, true},
		{"the same job, now a failure", deployment(1, 0, Failure), success, true, true},
		{"the same job, now a rollback", deployment(1, 0, Success), renamed, true, true},
		{"another job after a failure", deployment(2, 5, Success), failure, false, true},
		{"another job after a success", deployment(2, 5, Success), success, false, false},
		{"another job after a success that fails", deployment(2, 5, Failure), success, false, false},
		{"a job that started before the success", early, success, false, false},
		{"another service", other, failure, false, false},
	} {
		if in, is := tt.a.In(tt.r), tt.a.Continues(tt.r); in != tt.in || is != tt.is {
			t.Errorf("%s: in the record %v, continues it %v", tt.name, in, is)
		}
	}
	// Without a job, the same outcome is the same attempt.
	manual := Automation{Type: "flag", Outcome: Success, StartedAt: ten}
	failed := manual
	failed.Outcome = Failure
	if r := begun(manual).record(); !manual.In(r) || failed.In(r) || !manual.Continues(r) || failed.Continues(r) {
		t.Error("without a job the outcome counts")
	}
	// Records of earlier versions do not list their attempts.
	old := success
	old.AttemptIDs = nil
	if a, b := deployment(1, 0, Success), deployment(2, 5, Success); !a.In(old) || b.In(old) || b.Continues(old) {
		t.Error("a record of an earlier version")
	}
}

// A caller's key may name several things: what one job adds is kept, does not count as another attempt, and never hides its failure.
func TestOneJobSeveralServicesUnderOneKey(t *testing.T) {
	t.Parallel()
	j := begun(deployment(1, 0, Failure))
	for _, service := range []string{"pay", "search"} {
		a := deployment(1, 0, Success)
		a.Services = []string{service}
		if a.In(j.record()) {
			t.Errorf("%s is in the record already", service)
		}
		j.add(t, a, j.record())
	}
	if r := j.record(); r.Outcome != Failure || r.Attempts != 1 || !slices.Equal(r.Services, []string{"cart", "pay", "search"}) || len(r.AttemptIDs) != 3 {
		t.Errorf("%s, %d attempts, %v, %v", r.Outcome, r.Attempts, r.Services, r.AttemptIDs)
	}
}

func TestOutdated(t *testing.T) {
	t.Parallel()
	record := func(pipeline int64, minute int, change func(*Automation)) Record {
		a := deployment(int(pipeline), minute, Success)
		a.PipelineID = pipeline
		if change != nil {
			change(&a)
		}
		return begun(a).record()
	}
	run := deployment(99, 60, Success)
	run.PipelineID = 100
	for _, tt := range []struct {
		name string
		list []Record
		want int64
	}{
		{"nothing", nil, 0},
		{"a newer pipeline", []Record{record(101, 5, nil), record(100, 0, nil)}, 101},
		{"its own pipeline", []Record{record(100, 5, nil)}, 0},
		{"rolled back already", []Record{record(101, 5, nil), record(100, 10, func(a *Automation) { a.Rollback = true })}, 0},
		{"rolled forward again", []Record{record(100, 10, func(a *Automation) { a.Rollback = true }), record(101, 15, nil)}, 101},
		{"a failure", []Record{record(101, 5, func(a *Automation) { a.Outcome = Failure })}, 0},
		{"another environment", []Record{record(101, 5, func(a *Automation) { a.Environment = "staging" })}, 0},
		{"another service", []Record{record(101, 5, func(a *Automation) { a.Services = []string{"pay"} })}, 0},
		{"all services", []Record{record(101, 5, func(a *Automation) { a.Services = nil })}, 101},
		{"another project", []Record{record(101, 5, func(a *Automation) { a.Source = "acme/web@main" })}, 0},
		{"another branch", []Record{record(101, 5, func(a *Automation) { a.Source = "acme/api@v2" })}, 101},
		{"another type", []Record{record(101, 5, func(a *Automation) { a.Type = "flag" })}, 0},
		{"an unknown pipeline", []Record{record(0, 5, nil)}, 0},
	} {
		newer, yes := run.Outdated(tt.list)
		if yes != (tt.want != 0) || yes && newer != tt.want {
			t.Errorf("%s: %v, pipeline %d", tt.name, yes, newer)
		}
	}
	if run.PipelineID = 0; true {
		if _, yes := run.Outdated([]Record{record(101, 5, nil)}); yes {
			t.Error("the pipeline of the run is unknown")
		}
	}
}
