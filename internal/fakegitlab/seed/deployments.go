package seed

import (
	"fmt"
	"time"
)

// This file has the deployments of the handbook seed. Some have a record in the production queue, which the same job made; others show
// only here, such as the proxy that broke uploads.

// deployments are those of the infrastructure project, oldest first. GitLab creates a deployment with its pipeline, so that it waits.
func (h timeline) deployments() []Deployment {
	const production, staging = "production", "staging"
	at := func(job int, by, environment, sha string, started time.Time, took time.Duration) Deployment {
		return Deployment{
			Environment: environment, By: by, Job: job, SHA: fmt.Sprintf("%s%032x", sha, job), CreatedAt: started.Add(-7 * minutes),
			StartedAt: started, FinishedAt: started.Add(took),
		}
	}
	recorded, failed := h.at(0, 6, 13), h.at(0, 6, 11)
	first := at(7011, "ines", production, "6b1c9f0e", failed.Add(-9*minutes), 9*minutes)
	first.Status = "failed"
	proxy := h.at(0, 7, 19) // when uploads began to fail
	list := []Deployment{
		at(6910, "liam", production, "2f90cc1b", h.at(0, 2, 16).Add(3*minutes), 24*minutes),
		at(6954, "aisha", staging, "88d1e07a", h.at(0, 4, 5).Add(20*minutes), 6*minutes),
		first,
		at(7013, "ines", production, "6b1c9f0e", recorded.Add(-12*minutes), 12*minutes),
		at(7101, "liam", staging, "c41d7b53", proxy.Add(-55*minutes), 5*minutes),
		at(7102, "liam", production, "c41d7b53", proxy.Add(-16*minutes), 12*minutes),
		at(7104, "diego", production, "41aa70d2", proxy.Add(100*minutes), 8*minutes),
	}
	for n := range list { // nothing happened after now
		if list[n].FinishedAt.After(h.now) {
			return list[:n]
		}
	}
	return list
}
