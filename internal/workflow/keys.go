package workflow

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Keys holds what the idempotency key of a run is made from (promise W3).
type Keys struct {
	Given string // --key
	New   bool   // --new: create another one, even if the same input created one before
	Job   Job    // the CI job that runs the command; zero outside of CI
	Now   time.Time
}

// Job is a GitLab CI job. A retry of it keeps its name and pipeline.
type Job struct {
	Project  string
	Pipeline string
	Name     string
	Since    time.Time // when the pipeline was created, by GitLab's clock; zero: unknown
}

// Slack is how far the clocks of machines may be off.
const Slack = 24 * time.Hour

// Key returns the idempotency key of an object of a kind with this input. The same input on the same day (UTC), or in the same job, is the
// same object: a command that is run again after a failure, or by arrow-up, finds what it created.
func (k Keys) Key(kind, label string, input ...string) (issue.IdempotencyKey, error) {
	o := issue.IdempotencyKey{Kind: kind, Label: label}
	sum := sha256.Sum256([]byte(strings.Join(input, "\x00")))
	digest := hex.EncodeToString(sum[:6])
	switch {
	case k.Given != "":
		o.Name, o.Since = k.Given, bound(k.Given)
		if !k.Now.IsZero() && o.Since.After(k.Now) { // the date in it is not one of ours
			o.Since = time.Time{}
		}
	case k.New:
		o.Name, o.Unique = "run-"+k.Now.UTC().Format(runStamp)+"-"+strings.ToLower(rand.Text()[:12]), true
		o.Since = bound(o.Name)
	case k.Job.Pipeline != "":
		o.Name = "ci-" + k.Job.Project + "-" + k.Job.Pipeline + "-" + k.Job.Name + "-" + digest
		if !k.Job.Since.IsZero() {
			o.Since = k.Job.Since.UTC().Add(-time.Minute).Truncate(time.Second)
		}
	default:
		o.Name = "auto-" + k.Now.UTC().Format(autoStamp) + "-" + digest
		o.Since = bound(o.Name)
	}
	if _, err := idempotency.NewKey(kind, o.Name); err != nil {
		return issue.IdempotencyKey{}, fault.Wrap(fault.Usage, err, "Use letters, digits and - in --key", "--key")
	}
	return o, nil
}

const (
	runStamp  = "20060102t150405z"
	autoStamp = "20060102"
)

var stamped = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:run-(\d{8}t\d{6}z)|auto-(\d{8}))-`) })

// bound returns the time before which no object can have the key, read from the date in the key; zero if it has none.
func bound(name string) time.Time {
	m := stamped().FindStringSubmatch(name)
	if m == nil {
		return time.Time{}
	}
	for n, layout := range []string{runStamp, autoStamp} {
		if at, err := time.Parse(layout, m[n+1]); err == nil {
			return at.Add(-Slack)
		}
	}
	return time.Time{}
}

// NoteWindow is how long the same input for the same issue is the same comment.
const NoteWindow = 10 * time.Minute

// Note returns the idempotency key of a comment.
func (k Keys) Note(kind string, input ...string) (issue.IdempotencyKey, error) {
	o, err := k.Key(kind, "", input...)
	if err == nil && k.Given == "" && !o.Unique {
		o.Since = k.Now.UTC().Add(-NoteWindow).Truncate(time.Second)
	}
	return o, err
}
