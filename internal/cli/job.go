package cli

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// job is the GitLab CI job that runs this command; zero outside of one.
func (e *Env) job() workflow.Job {
	if e.Getenv("CI") == "" || e.Getenv("CI_PIPELINE_ID") == "" {
		return workflow.Job{}
	}
	j := workflow.Job{Project: e.Getenv("CI_PROJECT_ID"), Pipeline: e.Getenv("CI_PIPELINE_ID"), Name: e.Getenv("CI_JOB_NAME")}
	if at, err := time.Parse(time.RFC3339, e.Getenv("CI_PIPELINE_CREATED_AT")); err == nil {
		j.Since = at
	}
	return j
}

// keyOptions are the flags of commands that make something.
type keyOptions struct {
	Key string
	New bool
}

// keys say how what this run makes is found again.
func (e *Env) keys(o keyOptions) (workflow.Keys, error) {
	now, err := e.Clock()
	return workflow.Keys{Given: o.Key, New: o.New, Job: e.job(), Now: now}, err
}
