package gitlab

import (
	"encoding/json"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/deployment"
)

// The job of a deployment says when the work began and ended; the deployment itself is as old as its pipeline. A deployment by another
// system has no job.
func TestDeploymentTimes(t *testing.T) {
	t.Parallel()
	const deployed = `"id":41,"iid":3,"created_at":"2018-08-20T09:00:00.000Z","updated_at":"2018-08-20T11:00:00.000Z","status":`
	day := func(hour, min int) time.Time { return time.Date(2018, 8, 20, hour, min, 0, 0, time.UTC) }
	for name, tt := range map[string]struct {
		body       string
		start, end time.Time
		began      bool
	}{
		"by a job": {deployed + `"success","deployable":{"id":7,"started_at":"2018-08-20T10:30:00Z","finished_at":"2018-08-20T10:59:00Z"}`,
			day(10, 30), day(10, 59), true},
		"by a job that runs":         {deployed + `"running","deployable":{"id":7,"started_at":"2018-08-20T10:30:00Z"}`, day(10, 30), time.Time{}, true},
		"by a job that waits":        {deployed + `"blocked","deployable":{"id":7,"started_at":null}`, time.Time{}, time.Time{}, false},
		"by another system":          {deployed + `"failed","deployable":null,"user":null,"environment":null`, day(9, 0), day(11, 0), true},
		"by another system, running": {deployed + `"running","deployable":null`, day(9, 0), time.Time{}, true},
		"created only":               {deployed + `"created","deployable":null`, day(9, 0), time.Time{}, false},
	} {
		var w wireDeployment
		if err := json.Unmarshal([]byte("{"+tt.body+"}"), &w); err != nil {
			t.Fatal(err)
		}
		d := w.value("acme/app")
		if !d.StartedAt.Equal(tt.start) || !d.EndedAt.Equal(tt.end) || d.Began() != tt.began {
			t.Errorf("%s: got %v to %v, began: %v", name, d.StartedAt, d.EndedAt, d.Began())
		}
		if id := w.identity(); id.id != 41 {
			t.Errorf("%s: identity %+v", name, id)
		}
	}
}

// The filter by update time needs the order by it: GitLab refuses it with another one.
func TestDeploymentsAreReadOnce(t *testing.T) {
	t.Parallel()
	l := authLab(t, nil)
	for range 3 {
		l.create("/projects/acme%2Finfra/deployments", "environment=production&sha=abc&ref=main&tag=0&status=success")
	}
	l.create("/projects/acme%2Finfra/deployments", "environment=staging&sha=abc&ref=main&tag=0&status=running")
	q := deployment.Query{UpdatedAfter: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), Environment: "production"}
	got, err := l.as(t, "owner", nil).Deployments(t.Context(), infra.Path, q)
	if err != nil || len(got) != 3 || got[0].IID != 3 || got[0].Environment != "production" || got[0].User == "" || got[0].WebURL == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
