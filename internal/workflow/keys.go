package workflow

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	Given string    // --key
	Since time.Time // --key-since: the day from which the given key exists; zero: unknown
	New   bool      // --new: create another one, even if the same input created one before
	Job   Job       // the CI job that runs the command; zero outside of CI
	Now   time.Time
}

// Job is a GitLab CI job. A retry of it keeps its name and pipeline.
type Job struct {
	Project  string
	Pipeline string
	Name     string
	Started  time.Time // when the job started, by GitLab's clock; zero: unknown
}

// Slack is how far the clocks of machines may be off. What is looked up by the day of its key may also be from the day before, because an
// evening does not end at midnight.
const Slack = 24 * time.Hour

// since is the time from which objects with the key of a day are looked up.
func since(day time.Time) time.Time { return day.UTC().Truncate(24 * time.Hour).Add(-Slack) }

// Key returns the idempotency key of an object of a kind with this input. The same input on the same day (UTC), or in the same job, is the
// same object: a command that is run again after a failure, or by arrow-up, finds what it created. The input must not contain paths, which
// have several spellings; the client adds the id of the project.
func (k Keys) Key(kind, label string, input ...string) (issue.IdempotencyKey, error) {
	o := issue.IdempotencyKey{Kind: kind, Label: label}
	if err := k.checkSince(); err != nil {
		return o, err
	}
	sum := sha256.Sum256([]byte(strings.Join(input, "\x00")))
	digest := hex.EncodeToString(sum[:6])
	switch {
	case k.Given != "":
		o.Name, o.Since, o.Derived = k.Given, bound(k.Given), derived().MatchString(k.Given)
		if !k.Since.IsZero() {
			o.Since = since(k.Since)
		}
		if !k.Now.IsZero() && o.Since.After(k.Now) { // the date in it is not one of ours
			o.Since = time.Time{}
		}
	case k.New:
		o.Name, o.Unique = "run-"+k.Now.UTC().Format(runStamp)+"-"+strings.ToLower(rand.Text()[:12]), true
		o.Since = bound(o.Name)
	case k.Job.Pipeline != "":
		o.Derived = true
		o.Name = "ci-" + k.Job.Project + "-" + k.Job.Pipeline + "-" + k.Job.Name + "-" + digest
		if !k.Job.Started.IsZero() {
			o.Since = since(k.Job.Started)
		}
	default:
		o.Derived = true
		o.Name = "auto-" + k.Now.UTC().Format(autoStamp) + "-" + digest
		o.Since = bound(o.Name)
	}
	if _, err := idempotency.NewKey(kind, o.Name); err != nil {
		return issue.IdempotencyKey{}, fault.Wrap(fault.Usage, err, "Use letters, digits and - in --key", "--key")
	}
	return o, nil
}

// checkSince refuses the day of a key without a key, and a day in the future.
func (k Keys) checkSince() error {
	switch day := k.Since.Format(time.DateOnly); {
	case k.Since.IsZero():
		return nil
	case k.Given == "":
		return fault.New(fault.Usage, "Example: --key deploy-118 --key-since "+day, "--key-since needs --key")
	case k.Since.After(k.Now.Add(Slack)):
		return fault.New(fault.Usage, "Use the day on which the key was first used", "--key-since %s is in the future", day)
	}
	return nil
}

const (
	runStamp  = "20060102t150405z"
	autoStamp = "20060102"
)

// derived matches the names that are made of a command's arguments, as a run prints them for --key.
var derived = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:auto-\d{8}|ci-.*)-[0-9a-f]{12}(?:-\d+)*(?:\.\d+)?$`)
})

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

// KeyOf returns the key of something that belongs to an issue, for a key that comes from the command's arguments.
func KeyOf(i issue.Issue, o issue.IdempotencyKey) issue.IdempotencyKey { return KeyFor(i.ID, o) }

// KeyFor returns the key of something that belongs to the issue or the user with the id, for a key that comes from the command's arguments.
func KeyFor(id int64, o issue.IdempotencyKey) issue.IdempotencyKey {
	if own := fmt.Sprintf("-%d", id); o.Derived && !strings.HasSuffix(o.Name, own) {
		o.Name += own
	}
	return o
}

// WordedKey is the key of a comment with words for which the caller's key is already used by other words.
func WordedKey(o issue.IdempotencyKey, words string) issue.IdempotencyKey {
	sum := sha256.Sum256([]byte(words))
	o.Name += "-" + hex.EncodeToString(sum[:6])
	return o
}

// NoteWindow is how long the same input for the same issue is the same comment.
const NoteWindow = 10 * time.Minute

// Note returns the idempotency key of a comment. It is looked up in the comments of its issue, so the issue is not part of it.
func (k Keys) Note(kind string, input ...string) (issue.IdempotencyKey, error) {
	o, err := k.Key(kind, "", input...)
	if err == nil && k.Given == "" && !o.Unique {
		o.Since = k.Now.UTC().Add(-NoteWindow).Truncate(time.Second)
	}
	return o, err
}
