package runner

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// job is the GitLab CI job that runs this command; zero outside of one.
func job(e *app.App) workflow.Job {
	if e.Getenv("CI") == "" || e.Getenv("CI_PIPELINE_ID") == "" {
		return workflow.Job{}
	}
	j := workflow.Job{Project: e.Getenv("CI_PROJECT_ID"), Pipeline: e.Getenv("CI_PIPELINE_ID"), Name: e.Getenv("CI_JOB_NAME")}
	if at, err := time.Parse(time.RFC3339, e.Getenv("CI_PIPELINE_CREATED_AT")); err == nil {
		j.Since = at
	}
	return j
}

// KeyFlags are the flags of commands that make something.
type KeyFlags struct {
	Key string
	New bool
}

// Keys say how what this run makes is found again.
func Keys(e *app.App, o KeyFlags) (workflow.Keys, error) {
	now, err := e.Clock()
	return workflow.Keys{Given: o.Key, New: o.New, Job: job(e), Now: now}, err
}
