// Package deployment holds deployments of a project as GitLab records them. Start with [Deployment]. What a deployment may have caused is
// not here but in pkg/correlation, and nothing is fetched here.
package deployment

import (
	"fmt"
	"time"
)

// Deployment is one deployment of a project to an environment.
type Deployment struct {
	Project     string // full path
	ID, IID     int64
	Environment string
	Ref, Commit string // branch or tag, and full hash
	Status      Status
	User        string // user name without @; empty if the account was deleted
	JobID       int64  // the job that deployed; 0 if another system did
	StartedAt   time.Time
	EndedAt     time.Time // zero while it runs
	WebURL      string    // of the job; empty without one
}

// Source is a project whose deployments change production.
type Source struct {
	Project     string   // full path
	Environment string   // empty: all
	Services    []string // that it deploys; empty: the one that is named like the project, if there is one
}

// Query selects deployments of a project. Zero fields do not filter.
type Query struct {
	UpdatedAfter, UpdatedBefore time.Time // a deployment is updated when its status changes
	Environment                 string    // exact name
}

// Status is the status of a deployment, in GitLab's words.
type Status string

// The statuses of deployments that reached an environment, or tried to. Others are created, blocked and skipped.
const (
	Running  Status = "running"
	Success  Status = "success"
	Failed   Status = "failed"
	Canceled Status = "canceled"
)

// Over reports whether a deployment with this status has ended.
func (s Status) Over() bool { return s == Success || s == Failed || s == Canceled }

// Began reports whether the deployment has started. A blocked one waits for an approval, and a skipped one never runs.
func (d Deployment) Began() bool {
	return !d.StartedAt.IsZero() && (d.Status == Running || d.Status.Over())
}

// String names the deployment: "acme/registry deployment 12". GitLab has no short reference for one.
func (d Deployment) String() string { return fmt.Sprintf("%s deployment %d", d.Project, d.IID) }
