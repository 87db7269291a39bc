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

// Keys say how what a command makes is found again (SPEC W3).
type Keys struct {
	Given string // --key
	New   bool   // --new: even if the same words made something before
	Job   Job    // the pipeline's job that runs the command; zero outside of one
	Now   time.Time
}

// Job is a GitLab CI job. Its name and pipeline stay when it is retried.
type Job struct {
	Project  string
	Pipeline string
	Name     string
	Since    time.Time // when the pipeline was created, by GitLab's clock; zero: not known
}

// Slack is what the clocks of machines may be off by.
const Slack = 24 * time.Hour

// Once is the key of an object of a kind whose words are these. The same words within the same day (UTC), or within the same job, are the
// same object: a command that is typed again after a failure finds what it made, and so does an arrow-up in a hurry.
func (k Keys) Key(kind, label string, words ...string) (issue.IdempotencyKey, error) {
	o := issue.IdempotencyKey{Kind: kind, Label: label}
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	digest := hex.EncodeToString(sum[:6])
	switch {
	case k.Given != "":
		o.Name, o.Since = k.Given, bound(k.Given)
		if !k.Now.IsZero() && o.Since.After(k.Now) { // made of a date that is none of ours
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
		return issue.IdempotencyKey{}, fault.Wrap(fault.Usage, err, "give --key a word of letters, digits and -", "--key")
	}
	return o, nil
}

const (
	runStamp  = "20060102t150405z"
	autoStamp = "20060102"
)

var stamped = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:run-(\d{8}t\d{6}z)|auto-(\d{8}))-`) })

// bound is the time before which nothing can carry the key, as the key itself tells; zero when it does not.
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

// NoteWindow is how long the same words about the same issue are the same comment.
const NoteWindow = 10 * time.Minute

// Note is the key of a comment.
func (k Keys) Note(kind string, words ...string) (issue.IdempotencyKey, error) {
	o, err := k.Key(kind, "", words...)
	if err == nil && k.Given == "" && !o.Unique {
		o.Since = k.Now.UTC().Add(-NoteWindow).Truncate(time.Second)
	}
	return o, err
}
