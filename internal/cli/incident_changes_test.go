package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const deployedProjects = "incidents:\n  services: [registry, web, mail]\n  deployments:\n    - {project: acme/registry, environment: production}\n" +
	"    - {project: acme/app, services: [web, mail]}\n"

// changedLab has an incident in registry that began at 12:00, number 1, and changes and deployments around it.
func changedLab(t *testing.T, more setup) *lab {
	t.Helper()
	at := func(hour, min int) time.Time { return time.Date(2018, 8, 24, hour, min, 0, 0, time.UTC) }
	clock := func(hour, min int) string { return at(hour, min).Format(time.RFC3339) }
	change := func(title, state, record string, created time.Time) fakegitlab.SeedIssue {
		return fakegitlab.SeedIssue{Title: title, Author: "dev", Labels: []string{"change", "change::" + state}, CreatedAt: created,
			Closed: state == "complete", ClosedAt: created, Description: "```yaml prodctl/change\n" + record + "\n```\n"}
	}
	extra := more.seed
	more.config = deployedProjects
	more.seed = func(s *fakegitlab.Seed) {
		secret := change("Rotate the zanary keys", "complete", "services: [registry]\nfinished_at: "+clock(11, 50), at(11, 50))
		secret.Confidential = true
		s.Projects[1].Issues = []fakegitlab.SeedIssue{
			{Title: "2018-08-24: Registry returns 500s", Author: "dev", Labels: []string{"incident", "Incident::Resolved", "S2", "service:registry"}, CreatedAt: at(12, 5),
				Description: "```yaml prodctl/incident\nstarted_at: " + clock(12, 0) + "\nresolved_at: " + clock(13, 0) + "\nservices: [registry]\n```\n"},
			change("Move the registry", "in-progress", "services: [registry]\nstarted_at: "+clock(11, 40), at(9, 0)),
			change("Deployment of the registry", "complete", "type: deployment\nservices: [registry]\njob_id: 71\nfinished_at: "+clock(11, 55), at(11, 55)),
			secret,
			change("Restart mail", "complete", "services: [mail]\nstarted_at: "+clock(11, 58)+"\nfinished_at: "+clock(11, 59), at(11, 59)),
			change("Before the period", "complete", "services: [registry]\nfinished_at: "+clock(9, 59), at(9, 59)),
			change("Afterwards", "complete", "services: [registry]\nstarted_at: "+clock(12, 1)+"\nfinished_at: "+clock(12, 9), at(12, 9)),
			change("No times", "complete", "services: [registry]", at(11, 30)),
			{Title: "2018-08-24: No start", Author: "dev", Labels: []string{"incident", "Incident::Active"}, CreatedAt: at(12, 0), Description: "Down."},
		}
		s.Projects = append(s.Projects,
			fakegitlab.SeedProject{Path: "acme/registry", Deployments: []fakegitlab.SeedDeployment{
				{Environment: "production", Job: 70, By: "dev", CreatedAt: at(8, 0), StartedAt: at(9, 0), FinishedAt: at(9, 5)},
				{Environment: "production", Job: 71, By: "dev", CreatedAt: at(8, 0), StartedAt: at(11, 45), FinishedAt: at(11, 55)},
				{Environment: "staging", Job: 72, By: "dev", CreatedAt: at(11, 0), StartedAt: at(11, 56), FinishedAt: at(11, 57)},
				{Environment: "production", Job: 73, By: "dev", Status: "running", CreatedAt: at(11, 0), StartedAt: at(11, 57)},
			}},
			fakegitlab.SeedProject{Path: "acme/app", Deployments: []fakegitlab.SeedDeployment{
				{Environment: "eu", Job: 74, By: "dev", Status: "failed", CreatedAt: at(11, 0), StartedAt: at(11, 50), FinishedAt: at(11, 58)},
			}})
		if extra != nil {
			extra(s)
		}
	}
	return newLab(t, more)
}

func ranked(t *testing.T, out string) []string {
	t.Helper()
	var doc jsonv1.IncidentChanges
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range doc.Changes {
		list = append(list, c.Ref+": "+c.Reason)
	}
	return list
}

// Changes and deployments come in one order, those with a shared service first; a deployment with a record comes once.
func TestChangesBeforeAnIncident(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.server.ResetRequests()
	r := l.must(t, "incident", "changes", "1", "-o", "json", "--include-confidential")
	want := []string{
		"acme/registry deployment 4: same service registry, in progress, started 3m before",
		"acme/production#2: same service registry, in progress, started 20m before",
		"acme/production#3: same service registry, ended 5m before",
		"acme/production#4: same service registry, ended 10m before",
		"acme/production#5: other service mail, ended 1m before",
		"acme/app deployment 1: other services web, mail, ended 2m before",
	}
	if got := ranked(t, r.out); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(r.out, "Not ranked, because the record has no times: acme/production#8") {
		t.Errorf("a change without times is left out silently\n%s", r.out)
	}
	// The incident, the changes that were updated since and those that are open, and one list for each project.
	if reads, writes := l.count(); reads != 5 || writes != 0 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	if got := ranked(t, l.must(t, "incident", "changes", "1", "--before", "5m", "-o", "json").out); len(got) != 5 {
		t.Errorf("5 minutes before: %q", got)
	}
	if r := l.run("incident", "changes", "1", "--before", "0m"); r.code != 6 {
		t.Errorf("--before 0m: exit %d\n%s", r.code, r.errors)
	}
	if r := l.run("incident", "changes", "2"); r.code != 5 || !strings.Contains(r.errors, "is not an incident") {
		t.Errorf("a change: exit %d\n%s", r.code, r.errors)
	}
	if r := l.must(t, "incident", "changes", "9"); !strings.Contains(r.errors, "No start time recorded: counted back from the time at which the issue was opened") {
		t.Errorf("no start time: %s", r.errors)
	}
}

// Of a confidential change others see reference, state and class only, in every format; of a confidential incident nothing.
func TestConfidentialChangesBeforeAnIncident(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	for _, format := range []string{"table", "json", "yaml", "csv", "md"} {
		for _, line := range []string{"incident changes 1", "incident show 1 --changes"} {
			r := l.must(t, append(strings.Fields(line), "-o", format)...)
			if strings.Contains(r.out+r.errors, "zanary") || strings.Contains(r.out, "ended 10m before") || !strings.Contains(r.out, "acme/production#") {
				t.Errorf("%s -o %s shows\n%s%s", line, format, r.out, r.errors)
			}
		}
	}
	if r := l.runOn(term.Modes{OutTTY: true, Width: 120}, "", "incident", "changes", "1"); !strings.Contains(r.out, "zanary") {
		t.Errorf("a terminal lacks it\n%s", r.out)
	}
	l.web("mara", "PUT", "/issues/1", `{"confidential":true}`)
	for _, format := range []string{"table", "json", "yaml", "csv", "md"} {
		r := l.must(t, "incident", "changes", "1", "-o", format)
		if all := r.out + r.errors; strings.Contains(all, "registry") || strings.Contains(all, "production#2") || strings.Contains(all, "12:00") {
			t.Errorf("-o %s shows of a confidential incident\n%s", format, all)
		}
	}
}

// A project that cannot be read is named with the reason, and the others are listed all the same, also with the incident.
func TestUnreadableProjectsBeforeAnIncident(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc // nil: the project's own
		user   string
		want   string
	}{
		"not found": {fails(404, `{"message":"404 Project Not Found"}`), "mara", "Deployments of acme/app not listed: not found, or not visible to the token"},
		"forbidden": {fails(403, `{"message":"403 Forbidden"}`), "mara", "Deployments of acme/app not listed: the token needs the Reporter role there"},
		"broken":    {fails(500, `{"message":"500 Internal Server Error"}`), "mara", "Deployments of acme/app not listed: "},
		"a planner": {nil, "plan", "Deployments of acme/app not listed: the token needs the Reporter role there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := changedLab(t, setup{})
			l.user = tt.user
			l.breaking("/projects/acme%2Fapp/deployments", tt.answer)
			r := l.must(t, "incident", "changes", "1", "-o", "json")
			got := ranked(t, r.out)
			if strings.Count(r.out, tt.want) != 1 || len(got) < 3 || !strings.Contains(r.out, `"what": "deployments"`) {
				t.Errorf("%s\n%s", r.out, r.errors)
			}
			r = l.must(t, "incident", "show", "1", "--changes", "-o", "json")
			var shown jsonv1.IncidentShow
			if err := json.Unmarshal([]byte(r.out), &shown); err != nil || shown.ChangesBefore == nil || len(shown.ChangesBefore.Changes) != 3 ||
				shown.ChangesBefore.More != len(got)-3 || len(shown.ChangesBefore.Unread) == 0 {
				t.Errorf("%v\n%s", err, r.out)
			}
		})
	}
}

// The page of an incident lists the changes on a terminal only, or when asked. It never fails because of them.
func TestShownIncidentHasChanges(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.server.ResetRequests()
	if r := l.must(t, "incident", "show", "1", "-o", "json"); strings.Contains(r.out, "changes_before") {
		t.Errorf("not asked for\n%s", r.out)
	}
	plain, _ := l.count()
	l.server.ResetRequests()
	r := l.runOn(term.Modes{OutTTY: true, Width: 120}, "", "incident", "show", "1")
	if reads, _ := l.count(); r.code != 0 || !strings.Contains(r.out, "Changed before it") || !strings.Contains(r.out, "And 3 more: prodctl incident changes acme/production#1") || reads != plain+4 {
		t.Errorf("exit %d, %d reads instead of %d\n%s", r.code, reads, plain, r.out)
	}
	l.breaking("/deployments", fails(500, `{"message":"500 Internal Server Error"}`))
	l.breaking("labels=change&", fails(500, `{"message":"500 Internal Server Error"}`))
	if r := l.must(t, "incident", "show", "1", "--changes"); !strings.Contains(r.out, "S2") {
		t.Errorf("it fails with the changes\n%s%s", r.out, r.errors)
	}
}

// What GitLab does not answer within three seconds is left out of the page, with a note.
func TestShownIncidentDoesNotWaitForChanges(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	synctest.Test(t, func(t *testing.T) {
		direct, began := l.wire, time.Now()
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/app/deployments") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return direct.RoundTrip(r)
		})
		r := l.must(t, "incident", "show", "1", "--changes", "-o", "md")
		if took := time.Since(began); took != 3*time.Second || !strings.Contains(r.out, "Not listed: deployments of acme/app (GitLab did not answer in time)") ||
			!strings.Contains(r.out, "acme/registry deployment 4") {
			t.Errorf("after %v\n%s%s", took, r.out, r.errors)
		}
	})
}

// fails answers every request with an error.
func fails(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// breaking answers requests whose address contains a text.
func (l *lab) breaking(part string, answer http.HandlerFunc) {
	direct := l.wire
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if answer == nil || !strings.Contains(r.URL.EscapedPath()+"?"+r.URL.RawQuery, part) {
			return direct.RoundTrip(r)
		}
		return fakegitlab.Transport(answer).RoundTrip(r)
	})
}
