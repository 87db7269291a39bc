package fakegitlab

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
)

func TestFreezePeriods(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "/freeze_periods")
	form := func(start, end, zone string) string {
		return url.Values{"freeze_start": {start}, "freeze_end": {end}, "cron_timezone": {zone}}.Encode()
	}
	for _, cron := range []string{"0 23 * * 5", "*/15 0-6 1,15 jan-MAR mon-fri", "0 0 L * 7", "30 0 12 * * 1", "@daily"} {
		w.must(201, "maintainer", "POST", path, form(cron, "0 7 * * 1", "Europe/Berlin"))
	}
	for _, cron := range []string{"nonsense", "60 * * * *", "* * * *", "* * * * * * *", "*/0 * * * *", "0 0 32 * *", "0 0 * foo *", "@never"} {
		w.refused(400, `{"message":{"freeze_end":["syntax is invalid"]}}`, "maintainer", "POST", path, form("0 0 * * *", cron, "UTC"))
	}
	w.refused(400, `{"message":{"freeze_start":["syntax is invalid","can't be blank"],"cron_timezone":["syntax is invalid"]}}`, "maintainer", "POST", path,
		form("", "0 0 * * *", "Europe/Atlantis"))
	w.refused(400, `{"error":"freeze_end is missing"}`, "guest", "POST", path, "freeze_start=x")
	const forbidden = `{"message":"403 Forbidden"}`
	for _, who := range []string{"guest", "planner", "reporter", "developer"} {
		w.refused(403, forbidden, who, "POST", path, form("0 0 * * *", "0 1 * * *", "UTC"))
	}
	w.refused(403, forbidden, "planner", "GET", path, "")
	rows := w.list("reporter", path)
	if len(rows) != 5 {
		t.Fatalf("got %v", rows)
	}
	one := fmt.Sprintf("%s/%d", path, rows[0].num("id"))
	changed := w.must(200, "owner", "PUT", one, "freeze_end=0 8 * * 1")
	if changed.str("freeze_end") != "0 8 * * 1" || changed.str("freeze_start") != "0 23 * * 5" || changed["updated_at"] == rows[0]["updated_at"] {
		t.Errorf("got %v", changed)
	}
	w.refused(400, `{"message":{"freeze_start":["syntax is invalid"]}}`, "owner", "PUT", one, "freeze_start=no")
	w.must(204, "owner", "DELETE", one, "")
	w.refused(404, `{"message":"404 Not found"}`, "owner", "GET", one, "")
}

func TestEnvironments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	path := w.path(w.infra, "/environments")
	for name, want := range map[string]string{
		"production": "production production", "staging": "staging staging", "QA": "qa- testing", "review/a b": "review-a-b- development",
		"9 lives": "env-9-lives- production", "a-name-of-exactly-24-char": "a-name-of-exactly- other", "somewhere": "somewhere other",
	} {
		env := w.must(201, "developer", "POST", path, url.Values{"name": {name}}.Encode())
		slug := env.str("slug")
		if s, tier, _ := strings.Cut(want, " "); !strings.HasPrefix(slug, s) || strings.HasSuffix(s, "-") == (slug == s) || len(slug) > 24 || env.str("tier") != tier {
			t.Errorf("%q: got slug %s, tier %s, want %s", name, slug, env["tier"], want)
		}
	}
	w.refused(400, `{"message":{"name":["has already been taken"]}}`, "developer", "POST", path, "name=staging")
	w.refused(400, `{"error":"name is missing"}`, "developer", "POST", path, "")
	w.refused(400, `{"error":"tier does not have a valid value"}`, "developer", "POST", path, "name=x&tier=live")
	w.refused(400, `{"error":"slug is automatically generated and cannot be changed"}`, "developer", "POST", path, "name=x&slug=y")
	const forbidden = `{"message":"403 Forbidden"}`
	w.refused(403, forbidden, "reporter", "POST", path, "name=x")
	w.refused(403, forbidden, "guest", "GET", path, "")
	for query, want := range map[string]string{"?name=staging": "staging", "?search=stag": "staging", "?states=stopped": "", "?search=nowhere": ""} {
		if got := fieldOf(w.list("reporter", path+query), "name"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	w.refused(400, `{"error":"name, search cannot be used together"}`, "reporter", "GET", path+"?name=a&search=abc", "")
	w.refused(400, `{"message":"400 Bad request - Search query is less than 3 characters"}`, "reporter", "GET", path+"?search=st", "")
	one := fmt.Sprintf("%s/%d", path, w.list("reporter", path+"?name=staging")[0].num("id"))
	w.refused(403, forbidden, "maintainer", "DELETE", one, "")
	if env := w.must(200, "developer", "POST", one+"/stop", ""); env.str("state") != "stopped" {
		t.Errorf("got %v", env)
	}
	w.must(204, "maintainer", "DELETE", one, "")
}

func TestDeployments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Edition: Community})
	path := w.path(w.infra, "/deployments")
	deploy := func(environment, status string) object {
		return w.must(201, "developer", "POST", path, "environment="+environment+"&sha=a1b2&ref=main&tag=false&status="+status)
	}
	first := deploy("staging", "success")
	deploy("production", "failed")
	third := deploy("staging", "running")
	if first.num("iid") != 1 || third.num("iid") != 3 || first["deployable"] != nil || first["user"].(map[string]any)["username"] != "developer" {
		t.Errorf("got %v", first)
	}
	if _, shown := first["pending_approval_count"]; shown {
		t.Error("the Community Edition knows approvals of deployments")
	}
	if got := fieldOf(w.list("reporter", w.path(w.infra, "/environments")), "name"); got != "staging production" {
		t.Errorf("environments made on the way: got %s", got)
	}
	for query, want := range map[string]string{
		"": "1 2 3", "?sort=desc": "3 2 1", "?environment=staging": "1 3", "?status=failed": "2", "?environment=nowhere": "",
		"?order_by=updated_at&updated_after=2001-01-01": "1 2 3", "?order_by=updated_at&updated_before=2001-01-01": "",
		"?order_by=finished_at&status=success&finished_after=2001-01-01": "1", "?order_by=finished_at&status=failed": "2",
	} {
		if got := fieldOf(w.list("reporter", path+query), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"?updated_before=2018-01-01":                      "`updated_at` filter requires `updated_at` sort",
		"?order_by=finished_at":                           "`finished_at` sort requires `finished_at` filter or a filter with at least one of the finished statuses.",
		"?order_by=finished_at&finished_after=2018-01-01": "`finished_at` filter must be combined with `success` status filter.",
	} {
		w.refused(400, `{"message":"400 Bad request - `+want+`"}`, "reporter", "GET", path+query, "")
	}
	w.refused(400, `{"error":"environment is missing, sha is missing, ref is missing, tag is missing, status is missing"}`, "guest", "POST", path, "")
	w.refused(400, `{"error":"status does not have a valid value"}`, "developer", "POST", path, "environment=x&sha=a&ref=b&tag=0&status=created")
	w.refused(403, `{"message":"403 Forbidden"}`, "reporter", "POST", path, "environment=x&sha=a&ref=b&tag=0&status=success")
	one := func(d object) string { return fmt.Sprintf("%s/%d", path, d.num("id")) }
	w.refused(400, `{"message":"Cannot destroy running deployment"}`, "maintainer", "DELETE", one(third), "")
	if d := w.must(200, "developer", "PUT", one(third), "status=success"); d.str("status") != "success" {
		t.Errorf("got %v", d)
	}
	w.refused(400, `{"message":{"status":["cannot transition via \"run\""]}}`, "developer", "PUT", one(third), "status=running")
	w.refused(400, `{"message":"Deployment currently deployed to environment"}`, "maintainer", "DELETE", one(third), "")
	w.must(204, "maintainer", "DELETE", one(first), "")
	w.refused(404, `{"message":"404 Not found"}`, "reporter", "GET", one(first), "")
}

// A deployment of a pipeline has the job that made it, whose times differ from those of the deployment; one through the API has none.
func TestDeploymentsByJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	created := time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)
	project := seed.Project{Path: "acme/app", Visibility: "private", Members: []seed.Member{{User: "guest", Role: "guest"}}, Deployments: []seed.Deployment{
		{Environment: "production", Job: 70, By: "developer", CreatedAt: created, StartedAt: created.Add(time.Hour), FinishedAt: created.Add(2 * time.Hour)},
		{Environment: "production", Job: 71, By: "developer", CreatedAt: created, StartedAt: created.Add(time.Hour), FinishedAt: created.Add(2 * time.Hour)},
		{Environment: "staging", Status: "running", CreatedAt: created},
	}}
	if err := w.s.Apply(seed.Seed{Projects: []seed.Project{project}}); err != nil {
		t.Fatal(err)
	}
	const path = "/projects/acme%2Fapp/deployments"
	rows := w.list("owner", path)
	job, _ := rows[0]["deployable"].(map[string]any)
	if len(rows) != 3 || job["started_at"] != "2018-08-20T10:00:00.000Z" || job["finished_at"] != "2018-08-20T11:00:00.000Z" || job["duration"] != 3600.0 ||
		rows[0].str("created_at") != "2018-08-20T09:00:00.000Z" || rows[0].str("updated_at") != "2018-08-20T11:00:00.000Z" || rows[2]["deployable"] != nil {
		t.Errorf("got %v", rows)
	}
	for query, want := range map[string]string{ // of those with the same time the newest comes first, in both directions
		"?order_by=updated_at&updated_after=2018-08-20T10:30:00Z":                                             "2 1",
		"?order_by=updated_at&sort=desc&updated_after=2018-08-20T00:00:00Z":                                   "2 1 3",
		"?order_by=updated_at&updated_after=2018-08-20T00:00:00Z&updated_before=2018-08-20T09:30:00Z":         "3",
		"?order_by=created_at&sort=desc":                                                                      "3 2 1",
		"?order_by=updated_at&sort=desc&updated_after=2018-08-20T00:00:00Z&environment=production&per_page=1": "2",
	} {
		if got := fieldOf(w.list("owner", path+query), "iid"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	if got := fieldOf(w.list("owner", "/projects/acme%2Fapp/pipelines"), "id"); got != "7 7" {
		t.Errorf("pipelines: got %q", got)
	}
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "GET", path, "")
}
