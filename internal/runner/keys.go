package runner

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// job is the GitLab CI job that runs this command; zero outside CI.
func job(s *app.Session) workflow.Job {
	if s.Getenv("CI") == "" || s.Getenv("CI_PIPELINE_ID") == "" {
		return workflow.Job{}
	}
	j := workflow.Job{Project: s.Getenv("CI_PROJECT_ID"), Pipeline: s.Getenv("CI_PIPELINE_ID"), Name: s.Getenv("CI_JOB_NAME")}
	for _, name := range []string{"CI_PIPELINE_CREATED_AT", "CI_JOB_STARTED_AT"} { // the job's own time counts
		if at, err := time.Parse(time.RFC3339, s.Getenv(name)); err == nil {
			j.Started = at
		}
	}
	return j
}

// KeyFlags are the flags of commands that create something.
type KeyFlags struct {
	Key   string
	Since calendar.Date // --key-since; zero: unknown
	New   bool
}

// Keys are the idempotency keys of what this run creates.
func (o KeyFlags) Keys(s *app.Session) workflow.Keys {
	keys := workflow.Keys{Given: o.Key, New: o.New, Job: job(s), Now: s.Time}
	if !o.Since.IsZero() {
		keys.Since = o.Since.Midnight(time.UTC)
	}
	return keys
}
