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
	again, retried := first, first
	again.FinishedAt = at.Add(time.Minute)
	retried.Job, retried.Outcome = "https://gitlab.example.test/acme/api/-/jobs/2", Success
	recorded := Read(first.Description(), at)
	if !first.MatchesRecord(recorded) || !again.MatchesRecord(recorded) || retried.MatchesRecord(recorded) {
		t.Errorf("the record %+v is the same as %v %v %v", recorded, first.MatchesRecord(recorded), again.MatchesRecord(recorded), retried.MatchesRecord(recorded))
	}
	if first.AttemptKey() != again.AttemptKey() || first.AttemptKey() == retried.AttemptKey() || again.At() != at.Add(time.Minute) {
		t.Errorf("attempts %s %s %s", first.AttemptKey(), again.AttemptKey(), retried.AttemptKey())
	}
	e := NewEvent(Recorded, at, retried.Fields(), "")
	if !retried.MatchesEvent(e) || first.MatchesEvent(e) || retried.MatchesEvent(eventlog.Event{Verb: string(Finish), Fields: e.Fields}) {
		t.Errorf("%+v tells of %v %v", e, retried.MatchesEvent(e), first.MatchesEvent(e))
	}
	byHand := Automation{Type: "flag", Outcome: Success, Commit: "", StartedAt: at}
	if !byHand.MatchesRecord(Read(byHand.Description(), at)) || byHand.At() != at {
		t.Error("without a job the outcome counts")
	}
}
