package change

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// An attempt is one run of a job on one thing. A retried job is another attempt; without a job the outcome tells attempts apart.

// TypeRollback is the type of a change that brings an older version back.
const TypeRollback = "rollback"

// The fields of the event of an attempt, besides the keys of the record.
const (
	fieldAttempt = "attempt"  // its [Automation.AttemptID], unless the record has it
	fieldSameJob = "same_job" // true if the record already has an attempt of its job: it is not one more
)

// Content returns what was changed, in a canonical form: two records are about the same thing if it is equal. The outcome and the run are
// not part of it.
func (a Automation) Content() []string {
	return content(a.Type, a.Environment, a.Stage, a.Source, a.Commit, a.Services)
}

func content(kind, environment, stage, source, commit string, services []string) []string {
	list := []string{oneLine(kind), oneLine(environment), oneLine(stage), oneLine(source), oneLine(commit)}
	services = slices.Clone(services)
	for n, s := range services {
		services[n] = oneLine(s)
	}
	slices.Sort(services)
	return append(list, slices.DeleteFunc(slices.Compact(services), func(s string) bool { return s == "" })...)
}

// Matches reports whether an issue is a record about the same thing.
func (a *Automation) Matches(i issue.Issue, _ []string) bool {
	return a.About(Read(i.Description, i.CreatedAt))
}

// About reports whether a record is about the same thing. A rollback may be about a deployment.
func (a Automation) About(r Record) bool {
	own := a.Content()
	for n, text := range own {
		own[n] = cut(text, maxField) // as in the record
	}
	recorded := content(r.Type, r.Environment, r.Stage, r.Source, r.Commit, r.Services)
	if recorded[0] == TypeRollback {
		own[0] = TypeRollback
	}
	return slices.Equal(own, recorded)
}

// AttemptID identifies the attempt in the record. What one job reports about one thing is one attempt, whatever the outcome.
func (a Automation) AttemptID() string {
	if job := a.job(); job != "" {
		return digestOf(append(a.Content(), "job", job)...)
	}
	return digestOf(append(a.Content(), "outcome", string(a.Outcome))...)
}

// AttemptKey is the name in the idempotency key of the attempt's comment.
func (a Automation) AttemptKey() string { return digestOf(a.AttemptID(), string(a.Outcome)) }

func digestOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

func (a Automation) job() string { return jobOf(a.JobID, a.Job) }

var jobPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/-/jobs/([0-9]+)$`) })

// JobKey identifies the job that recorded the change: its id, or else its address; empty if it is unknown.
func (r Record) JobKey() string { return jobOf(r.JobID, r.Job) }

// jobOf identifies a job by its id, which its address in GitLab ends with, or else by its address.
func jobOf(id, address string) string {
	if m := jobPattern().FindStringSubmatch(address); m != nil && id == "" {
		return m[1]
	}
	if id != "" {
		return id
	}
	return address
}

// Attempt returns the fields of the event that adds this attempt to a record. Who records it is the author of its comment.
func (a Automation) Attempt(r Record) map[string]string {
	fields := a.Fields()
	delete(fields, keyRecordedBy)
	added := slices.DeleteFunc(slices.Clone(a.Services), func(s string) bool { return slices.Contains(r.Services, oneLine(s)) })
	if fields[keyServices] = strings.Join(added, ", "); len(added) == 0 {
		delete(fields, keyServices)
	}
	if a.In(r) {
		delete(fields, fieldAttempt)
	}
	if a.SameJob(r) {
		fields[fieldSameJob] = "true"
	}
	return fields
}

// In reports whether a record has this attempt, with any outcome. Older records do not list their attempts; then the last one is known.
func (a Automation) In(r Record) bool {
	if slices.Contains(r.AttemptIDs, a.AttemptID()) {
		return true
	}
	return len(r.AttemptIDs) == 0 && a.sameRun(r) && a.About(r)
}

// Reports reports whether an event is this attempt.
func (a Automation) Reports(e eventlog.Event) bool {
	return Verb(e.Verb) == Recorded && (e.Fields[fieldAttempt] == a.AttemptID() || e.Key == "note/attempt-"+a.AttemptKey())
}

// SameJob reports whether the last attempt in a record is of the same job.
func (a Automation) SameJob(r Record) bool { return a.job() != "" && a.sameRun(r) }

// sameRun reports whether the last attempt in a record is of the same job or, without jobs, has the same outcome.
func (a Automation) sameRun(r Record) bool {
	if job := jobOf(r.JobID, r.Job); job != "" || a.job() != "" {
		return job == a.job()
	}
	return a.Outcome == r.Outcome
}

// Worsens reports whether the job that is in the record as a success reports a failure after all.
func (a Automation) Worsens(r Record) bool {
	return a.sameRun(r) && r.Outcome == Success && a.Outcome == Failure
}

// Continues reports whether the attempt belongs to a record that was found by a key that nobody chose. The record has to be about the
// same thing. After a success, another job is a new deployment.
func (a Automation) Continues(r Record) bool { return a.About(r) && (a.In(r) || r.Outcome != Success) }

// Outdated reports whether the newest success of the same service in the same environment comes from a newer pipeline, and from which.
// Then this run brings an older version back. Only records of the same project and type are compared.
func (a Automation) Outdated(records []Record) (newer int64, yes bool) {
	var newest Record
	for _, r := range records {
		same := r.Type == oneLine(a.Type) || r.Type == TypeRollback
		if same && r.Outcome == Success && r.Pipeline != 0 && r.Environment == cut(oneLine(a.Environment), maxField) &&
			projectOf(r.Source) == projectOf(cut(oneLine(a.Source), maxField)) && shareService(a.Services, r.Services) &&
			(newest.Pipeline == 0 || cmp.Or(r.ended().Compare(newest.ended()), r.StartedAt.Compare(newest.StartedAt)) > 0) {
			newest = r
		}
	}
	return newest.Pipeline, a.PipelineID != 0 && newest.Pipeline > a.PipelineID
}

func (r Record) ended() time.Time {
	if r.FinishedAt.IsZero() {
		return r.StartedAt
	}
	return r.FinishedAt
}

// projectOf is the project of a source such as acme/api@main or acme/api!12.
func projectOf(source string) string {
	if at := strings.IndexAny(source, "@!"); at >= 0 {
		return source[:at]
	}
	return source
}

// At returns when the attempt finished, or when it started if that is all that is known.
func (a Automation) At() time.Time {
	if a.FinishedAt.IsZero() {
		return a.StartedAt
	}
	return a.FinishedAt
}
