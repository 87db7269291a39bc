package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// readinessLab is a team with requests of the security team and of others, an incident of ten minutes, and recorded deployments, two of
// them of merge requests.
func readinessLab(t *testing.T, config string) *lab {
	t.Helper()
	at := func(day, hour int) time.Time { return time.Date(2018, 8, day, hour, 0, 0, 0, time.UTC) }
	l := newLab(t, setup{config: config, seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Issues = append([]fakegitlab.SeedIssue{
			{Title: "Rotate the leaked-key", Author: "dev", Confidential: true, Labels: []string{"SL1"}, CreatedAt: at(22, 16)},
			{Title: "Patch the kernel", Author: "dev", Labels: []string{"SL2", "unblocks others"}, CreatedAt: at(20, 16)},
			{Title: "A new bucket", Author: "dev", Labels: []string{"unblocks others"}, CreatedAt: at(14, 16)},
		}, s.Projects[0].Issues...)
		s.Projects[0].MergeRequests = []fakegitlab.SeedMergeRequest{
			{Title: "Faster", Author: "dev", CreatedAt: at(20, 10), MergedAt: at(24, 10), MergedBy: "mara"},
			{Title: "Not merged", Author: "dev", CreatedAt: at(20, 10)},
		}
	}})
	l.must(t, "incident", "open", "Registry down", "-s", "S2", "--started", "2018-08-23T10:00Z", "--yes")
	l.must(t, "incident", "resolve", "production#1", "--at", "2018-08-23T10:10Z", "--close")
	for n, source := range []string{infra + "!1", infra + "!2", infra + "!99", infra + "@main"} {
		l.must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--environment", "production", "--source", source,
			"--key", fmt.Sprint("deploy-", n))
	}
	l.must(t, "change", "record", "--type", "deployment", "--outcome", "failure", "--environment", "staging", "--key", "another environment")
	l.must(t, "change", "record", "--type", "flag", "--outcome", "failure", "--environment", "production", "--key", "another type")
	l.server.ResetRequests()
	return l
}

// measured is a line for each measure: target, measure, state, value, aim, sample.
const measured = `.targets[] | .name as $t | .measures[] | [$t, .name, .state, .value // "-", .aim // "-", .sample] | join(" ")`

// Every target has its number, with as few requests as the API allows: three lists of incidents, two for each of four labels, one of
// drills, one of changes, one of older incidents, one of older changes, and the three merge requests that records name.
func TestReadiness(t *testing.T) {
	t.Parallel()
	l := readinessLab(t, "rad: {people: [mara, dev], targets: [{name: db}, {name: nfs}]}\n")
	l.must(t, "rad", "open", "--yes", "--occurrence", "2018-08")
	l.must(t, "rad", "record", "--target", "db", "--start", "2018-08-02T09:00Z", "--end", "2018-08-02T10:00Z", "--verified")
	l.server.ResetRequests()
	file := filepath.Join(t.TempDir(), "speed.csv")
	if err := os.WriteFile(file, []byte("at,milliseconds\n2018-08-20,1500\n2018-08-21,1900\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := l.must(t, "report", "readiness", "--months", "2", "--speed-index", file, "--jq", measured)
	want := `speed speed_index met 1.7 2 2
uptime availability met 99.974 99.95 1
restores targets_restored missed 50 100 2
security security_request_age met 3 10 2
deploys deploy_frequency met 1.012 1 4
deploys deploy_lead_time met 6 168 1
deploys deploy_failure_share met 0 15 4
`
	if r.out != want {
		t.Errorf("got\n%swant\n%s", r.out, want)
	}
	if n := len(l.requests()); n != 21 {
		t.Errorf("%d requests, want 21:\n%s", n, strings.Join(l.requests(), "\n"))
	}
	l.must(t, "rad", "record", "--target", "nfs", "--start", "2018-08-03T09:00Z", "--end", "2018-08-03T10:00Z", "--verified")
	if r := l.run("report", "readiness", "--exit-code", "--jq", ".missed"); r.code != 0 || r.out != "0\n" {
		t.Errorf("nothing is missed: exit %d, %s%s", r.code, r.out, r.errors)
	}
	if r := l.run("report", "readiness", "--exit-code", "--last", "60d", "--jq", ".missed"); r.code != 8 || r.out != "1\n" {
		t.Errorf("too few deployments in 60 days: exit %d, %s%s", r.code, r.out, r.errors)
	}
	for _, form := range []string{"table", "json", "yaml", "csv", "md", "html"} {
		if out := l.must(t, "report", "readiness", "-o", form).out; strings.Contains(out, "leaked-key") || !strings.Contains(out, "99.974") {
			t.Errorf("%s:\n%s", form, out)
		}
	}
}

// Uptime is unknown before the first incident was recorded, however long ago that was.
func TestReadinessBeforeTheFirstIncident(t *testing.T) {
	t.Parallel()
	const uptime = `.targets[1] | [.state, (.months[] | .month + " " + .state), .measures[0].reason // "-"] | join(", ")`
	old := incidentOf(2, "Old", recorded("started_at: 2017-03-02T10:00:00Z", "mitigated_at: 2017-03-02T10:01:00Z"), "Incident::Resolved")
	old.CreatedAt, old.ClosedAt = time.Date(2017, 3, 2, 12, 0, 0, 0, time.UTC), time.Date(2017, 3, 2, 18, 0, 0, 0, time.UTC)
	short := incidentOf(2, "Short", recorded("started_at: 2018-08-02T10:00:00Z", "mitigated_at: 2018-08-02T10:01:00Z"), "Incident::Resolved")
	for name, c := range map[string]struct {
		seed []fakegitlab.SeedIssue
		want string
	}{
		"none":   {nil, "unknown, 2018-07 unknown, 2018-08 unknown, no incident was recorded"},
		"first":  {[]fakegitlab.SeedIssue{short}, "met, 2018-07 unknown, 2018-08 met, -"},
		"before": {[]fakegitlab.SeedIssue{old}, "met, 2018-07 met, 2018-08 met, -"},
	} {
		l := newLab(t, setup{seed: queueOf(c.seed...)})
		if r := l.must(t, "report", "readiness", "--months", "2", "--jq", uptime); strings.TrimSpace(r.out) != c.want {
			t.Errorf("%s: %s, want %s", name, r.out, c.want)
		}
	}
}

// A team that deployed half a year ago, and not since, deploys too rarely.
func TestReadinessAfterTheLastDeployment(t *testing.T) {
	t.Parallel()
	const deploys = `.targets[4].measures[0] | [.state, .value // "-"] | join(" ")`
	old := fakegitlab.SeedIssue{Title: "Deployment", Author: "dev", Labels: []string{"change", "C4"}, Closed: true,
		CreatedAt: time.Date(2017, 8, 2, 12, 0, 0, 0, time.UTC), ClosedAt: time.Date(2017, 8, 2, 12, 0, 0, 0, time.UTC),
		Description: "```yaml prodctl/change\ntype: deployment\noutcome: success\n```\n"}
	for want, seed := range map[string][]fakegitlab.SeedIssue{"missed 0": {old}, "unknown -": nil} {
		l := newLab(t, setup{seed: queueOf(seed...)})
		if r := l.must(t, "report", "readiness", "--jq", deploys); strings.TrimSpace(r.out) != want {
			t.Errorf("%s, want %s", r.out, want)
		}
	}
}

// The speed index comes from Prometheus, which gets its own token and never GitLab's. Where it fails, only this target is unknown.
func TestReadinessFromPrometheus(t *testing.T) {
	t.Parallel()
	status, result := http.StatusOK, `[{"metric":{},"values":[[1535104800,"1.25"],[1535108400,"NaN"],[1535112000,"1.5"]]}]`
	var seen []http.Header
	prom := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":`+result+`}}`)
	}))
	t.Cleanup(prom.Close)
	l := readinessLab(t, "readiness: {prometheus: "+prom.URL+", speed_index_query: avg(speed_index_seconds)}\n")
	l.env = map[string]string{"PRODCTL_PROMETHEUS_TOKEN": "s3cret"}
	speed := `.targets[0].measures[0] | [.state, .value // "-", .reason // "-"] | join(" ")`
	ask := func(want string) {
		t.Helper()
		if r := l.must(t, "report", "readiness", "--jq", speed); strings.TrimSpace(r.out) != want {
			t.Errorf("got %s, want %s", r.out, want)
		}
	}
	ask("met 1.375 -")
	result = `[{"metric":{"a":"1"},"values":[]},{"metric":{"a":"2"},"values":[]}]`
	ask("unknown - Prometheus answered with 2 series")
	result = `[]`
	ask("unknown - Prometheus answered with no sample")
	status = http.StatusForbidden
	ask("unknown - query " + prom.URL + " from 2018-03-01T00:00Z to 2018-08-24T15:00Z: Prometheus answered 403 Forbidden")
	for _, h := range seen {
		for name, values := range h {
			if text := strings.Join(values, " "); strings.Contains(text, "sandbox-mara") || name == "Private-Token" ||
				name == "Authorization" && text != "Bearer s3cret" {
				t.Errorf("Prometheus got %s: %s", name, text)
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d requests to Prometheus, want one for each run", len(seen))
	}
	for _, r := range l.requests() {
		if strings.Contains(r, "s3cret") {
			t.Errorf("GitLab got the token of Prometheus: %s", r)
		}
	}
}
