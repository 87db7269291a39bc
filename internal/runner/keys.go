package runner

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// job is the GitLab CI job that runs this command; zero outside CI.
func job(s *app.Session) workflow.Job {
	if s.Getenv("CI") == "" || s.Getenv("CI_PIPELINE_ID") == "" {
		return workflow.Job{}
	}
	j := workflow.Job{Project: s.Getenv("CI_PROJECT_ID"), Pipeline: s.Getenv("CI_PIPELINE_ID"), Name: s.Getenv("CI_JOB_NAME")}
	if at, err := time.Parse(time.RFC3339, s.Getenv("CI_PIPELINE_CREATED_AT")); err == nil {
		j.Since = at
	}
	return j
}

// KeyFlags are the flags of commands that create something.
type KeyFlags struct {
	Key string
	New bool
}

// Keys are the idempotency keys of what this run creates.
func (o KeyFlags) Keys(s *app.Session) workflow.Keys {
	return workflow.Keys{Given: o.Key, New: o.New, Job: job(s), Now: s.Time}
}
