package change

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// An attempt is one run of a job with its outcome. A retried job is another attempt; without a job, the commit and outcome identify it.

// MatchesRecord reports whether a record already has this attempt.
func (a Automation) MatchesRecord(r Record) bool {
	return a.sameAttempt(r.Job, r.Commit, string(r.Outcome))
}

// MatchesEvent reports whether an event is this attempt.
func (a Automation) MatchesEvent(e eventlog.Event) bool {
	return Verb(e.Verb) == Recorded && a.sameAttempt(e.Fields[keyJob], e.Fields[keyCommit], e.Fields[keyOutcome])
}

func (a Automation) sameAttempt(job, commit, outcome string) bool {
	own := a.Fields()
	if own[keyOutcome] != outcome {
		return false
	}
	if own[keyJob] != "" || job != "" {
		return own[keyJob] == job
	}
	return own[keyCommit] == commit
}

// AttemptKey identifies the attempt in the idempotency key of its comment.
func (a Automation) AttemptKey() string {
	own := a.Fields()
	sum := sha256.Sum256([]byte(strings.Join([]string{own[keyJob], own[keyCommit], own[keyOutcome]}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// At returns when the attempt finished, or when it started if that is all that is known.
func (a Automation) At() time.Time {
	if a.FinishedAt.IsZero() {
		return a.StartedAt
	}
	return a.FinishedAt
}
