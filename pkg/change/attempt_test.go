package change

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

func TestAttempts(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)
	first := Automation{Type: "deployment", Job: "https://gitlab.example.test/acme/api/-/jobs/1", Outcome: Failure, FinishedAt: at}
	rerun, retried := first, first
	rerun.FinishedAt = at.Add(time.Minute)
	retried.Job, retried.Outcome = "https://gitlab.example.test/acme/api/-/jobs/2", Success
	recorded := Read(first.Description(), at)
	if !first.MatchesRecord(recorded) || !rerun.MatchesRecord(recorded) || retried.MatchesRecord(recorded) {
		t.Errorf("the record %+v matches %v %v %v", recorded, first.MatchesRecord(recorded), rerun.MatchesRecord(recorded), retried.MatchesRecord(recorded))
	}
	if first.AttemptKey() != rerun.AttemptKey() || first.AttemptKey() == retried.AttemptKey() || rerun.At() != at.Add(time.Minute) {
		t.Errorf("attempts %s %s %s", first.AttemptKey(), rerun.AttemptKey(), retried.AttemptKey())
	}
	e := NewEvent(Recorded, at, retried.Fields(), "")
	if !retried.MatchesEvent(e) || first.MatchesEvent(e) || retried.MatchesEvent(eventlog.Event{Verb: string(Finish), Fields: e.Fields}) {
		t.Errorf("%+v matches %v %v", e, retried.MatchesEvent(e), first.MatchesEvent(e))
	}
	manual := Automation{Type: "flag", Outcome: Success, Commit: "", StartedAt: at}
	if !manual.MatchesRecord(Read(manual.Description(), at)) || manual.At() != at {
		t.Error("without a job the outcome counts")
	}
}
