package cli_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// otherSpelling is the lab with the paths of its trackers in another letter case, with their ids in the configuration or without.
func (l *lab) otherSpelling(t *testing.T, ids bool) *lab {
	t.Helper()
	config := "version: 1\nhost: https://gitlab.example.test\ntrackers:\n  infrastructure: Acme/Infrastructure\n  production: ACME/production\n"
	if ids {
		config += fmt.Sprintf("tracker_ids: {infrastructure: %d, production: %d}\n", l.projectID(t, infra), l.projectID(t, prod))
	}
	own := *l
	own.dir = configDir(t, config)
	return &own
}

func (l *lab) projectID(t *testing.T, path string) (id int64) {
	t.Helper()
	var p struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal([]byte(l.server.MustDo("mara", "GET", "/projects/"+url.PathEscape(path), "")), &p); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// TestPathsInAnyLetterCase creates everything that has a key made of its arguments twice, with paths that differ in letter case, on
// machines of which one has the ids of the projects in its configuration. There is one of each.
func TestPathsInAnyLetterCase(t *testing.T) {
	t.Parallel()
	job := pipelineJob(1, 1)
	for name, c := range map[string]struct {
		args    []string
		project string
		env     map[string]string
	}{
		"incident":        {args: []string{"incident", "open", "Registry returns 500s"}, project: prod},
		"incident in CI":  {args: []string{"incident", "open", "Registry returns 500s"}, project: prod, env: job},
		"change":          {args: []string{"change", "open", "Restart the workers", "--criticality", "C3"}, project: prod},
		"record":          {args: []string{"change", "record", "--type", "deployment", "--outcome", "success"}, project: prod, env: job},
		"action":          {args: []string{"incident", "action", "1", "Alert before the disk is full"}, project: infra},
		"action, by path": {args: []string{"incident", "action", "aCme/Production#1", "Alert before the disk is full"}, project: infra},
		"hand-off":        {args: []string{"handoff", "mark", "acme/INFRASTRUCTURE#1", "--left-off", "Half is restored", "--next", "Restore the rest"}, project: infra},
		"update":          {args: []string{"incident", "update", "ACME/production#1", "-m", "Still failing"}, project: prod},
	} {
		for _, ids := range []bool{false, true} {
			for _, otherFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/ids %v, other first %v", name, ids, otherFirst), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, setup{})
					l.env = c.env
					if strings.HasPrefix(name, "action") || name == "update" {
						l.must(t, "incident", "open", "Disk full", "-s", "S2")
					}
					runs := []*lab{l, l.otherSpelling(t, ids)}
					if otherFirst {
						slices.Reverse(runs)
					}
					before := l.server.Snapshot().Project(c.project)
					for _, run := range slices.Concat(runs, runs) {
						run.must(t, c.args...)
					}
					after := l.server.Snapshot().Project(c.project)
					issues, comments := len(after.Issues)-len(before.Issues), 0
					for n, i := range after.Issues {
						if n < len(before.Issues) {
							comments += len(commentsOf(i)) - len(commentsOf(before.Issues[n]))
						}
					}
					if created := issues + comments; created != 1 {
						t.Errorf("%d issues and %d comments were created", issues, comments)
					}
				})
			}
		}
	}
}
