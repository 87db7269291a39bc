package change

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// An attempt is one run of a job with its outcome. A job that is retried is another attempt; without a job the outcome of a commit is.

// Same reports whether a record tells of this attempt already.
func (a Automation) MatchesRecord(r Record) bool {
	return a.sameAttempt(r.Job, r.Commit, string(r.Outcome))
}

// Told reports whether an entry tells of this attempt.
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

// Attempt stands for the attempt in the key of the comment that tells of it.
func (a Automation) AttemptKey() string {
	own := a.Fields()
	sum := sha256.Sum256([]byte(strings.Join([]string{own[keyJob], own[keyCommit], own[keyOutcome]}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// At is when the attempt ended, or when it began where that is all that is known.
func (a Automation) At() time.Time {
	if a.FinishedAt.IsZero() {
		return a.StartedAt
	}
	return a.FinishedAt
}
