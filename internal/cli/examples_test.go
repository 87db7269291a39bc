package cli_test

import (
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// elsewhere are the commands whose examples other tests run.
var elsewhere = []string{"sandbox", "demo", "mcp"}

// ends are the exit codes of examples that do not exit with 0.
var ends = map[string]int{
	"board move 42 ready":    5, // #42 has a weight of 8
	"label plan --exit-code": 8, // labels differ

	"budget --exit-code": 8, // the handbook's team has spent its budgets

	"incident check --exit-code":                   8, // an active incident without an update
	"goal check --exit-code":                       8, // goals have no owner
	"issue ready 66 infrastructure#78 --exit-code": 8, // #78 has a weight of 8
	"change open --edit":                           6, // nobody is at the editor
	"config edit":                                  6,

	"report readiness --exit-code":                               8, // uptime
	"report readiness --speed-index speed-index.csv --exit-code": 8,
	"rad status --exit-code":                                     8, // uploads were not restored for 52 days
	"report readiness --last 30d --exit-code":                    8, // uptime

	// Production is down at other times than the metric.
	`budget --service registry --verify prometheus=https://prometheus.example.com --query 'min(probe_success{service="registry"})' --bad "< 1" --exit-code`: 8,

	"approval audit --exit-code": 8, // one repository enforces nothing

	// Issues have no update in the shift, and the team of the examples has no rotation.
	"milestone plan --current --exit-code -o json": 8, // an issue of weight 8
	"handoff check --exit-code --shift last":       8,
	"handoff check --exit-code":                    8,

	// An incident is active and a change in progress, #7 has no approval and its window is next week.
	"change gate --criticality C2":                                          5,
	"change gate --criticality C2 --service registry --budget":              5,
	"change gate --criticality C3 --service registry":                       5,
	"change gate --criticality C4 -o json":                                  5,
	"change gate --change 7 --wait 30m":                                     5,
	"change gate --criticality C3 --service registry --wait 30m":            5,
	"change gate --jq '.reasons[] | .text'":                                 5,
	"change start 7":                                                        5,
	"change finish 7":                                                       5,
	`change finish 7 --outcome failure -m "Worked, but slower than before"`: 5,
}

// All examples work. The commands of each page run one after the other against a GitLab of their own, with the handbook's team on
// the last day of its timebox, by a user who confirms everything.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	pages, shown := map[string][]string{}, map[string]bool{}
	for _, e := range examples(t) {
		pages[e.where] = append(pages[e.where], e.line)
		shown[e.line] = true
	}
	for where, lines := range pages {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			p := examplePerson(t)
			if where == "ci.md" {
				maps.Copy(p.env, exampleJob)
			}
			for _, line := range lines {
				p.follows(t, line)
			}
		})
	}
	for line := range ends {
		if !shown[line] {
			t.Errorf("the example %q no longer exists", line)
		}
	}
}

// follows runs an example.
func (p *person) follows(t *testing.T, line string) {
	t.Helper()
	words, err := shellWords(line)
	if err != nil {
		t.Fatal(err)
	}
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "https://prometheus.example.com", p.env["PROMETHEUS"])
		words[i] = jobVariable.ReplaceAllStringFunc(words[i], func(v string) string { return p.env[v[1:]] })
	}
	if strings.Contains(line, " 17:") { // the page's story plays in the evening
		words = append(words, "--now", "2018-08-24T18:30:00Z")
	}
	answers := "y\ny\ny\n"
	switch {
	case len(words) > 0 && slices.Contains(elsewhere, words[0]):
		return
	case len(words) > 0 && words[0] == "init": // requires that no file exists
		if err := os.Remove(filepath.Join(p.dir, ".prodctl.yaml")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	case len(words) > 1 && words[0] == "auth" && words[1] == "login":
		answers = "sandbox-maria\n"
	case len(words) > 1 && words[0] == "auth" && words[1] == "logout": // requires a saved token
		p.follows(t, "auth login --host https://gitlab.example.com")
	}
	if strings.Contains(line, "< alert.json") {
		answers = notification("Down", at("15:50", "a"))
	}
	if r := p.runs(answers, words...); r.code != ends[line] {
		t.Errorf("prodctl %s\nexit %d, want %d\n%s%s", line, r.code, ends[line], r.out, r.errors)
	}
}

// examplePerson has the files that examples use.
func examplePerson(t *testing.T) *person {
	t.Helper()
	seed := fakegitlab.HandbookSeed(time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC))
	for n := range seed.Projects {
		if p := &seed.Projects[n]; p.Path == exampleJob["CI_PROJECT_PATH"] { // the job's rules come from its protected default branch
			p.ID = 33
			p.Branches = []fakegitlab.SeedBranch{{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": exampleConfig}}}
		}
	}
	p := newPerson(t, seed)
	p.server.SetURL("https://gitlab.example.com")
	p.env["TRIGGER_PAYLOAD"] = "alert.json"
	p.env["PROMETHEUS"] = promServer(t, new([]*http.Request))
	for name, text := range map[string]string{".prodctl.yaml": exampleConfig, "team/.prodctl.yaml": exampleConfig, "change.yaml": exampleChange, "alert.json": notification("Down", at("15:50", "a")), "speed-index.csv": "at,seconds\n2018-08-20,1.8\n"} {
		file := filepath.Join(p.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// jobVariable matches a variable in a job's script.
var jobVariable = regexp.MustCompile(`\$(?:CI_[A-Z_]+|TRIGGER_PAYLOAD)`)

// exampleJob are the variables of the job that runs the examples of the page on pipelines.
var exampleJob = map[string]string{
	"CI": "true", "CI_PIPELINE_ID": "5120", "CI_PROJECT_ID": "33", "CI_PROJECT_PATH": "acme/oauth2-proxy-cookbook", "CI_JOB_NAME": "deploy",
	"CI_SERVER_URL": "https://gitlab.example.com", "CI_MERGE_REQUEST_PROJECT_ID": "33",
	"CI_JOB_STATUS": "failed", "CI_JOB_STARTED_AT": "2018-08-24T15:30:00Z", "CI_MERGE_REQUEST_IID": "1", "CI_MERGE_REQUEST_PROJECT_PATH": "acme/oauth2-proxy-cookbook",
}

const (
	exampleConfig = `version: 1
host: https://gitlab.example.com
trackers:
  infrastructure: acme/infrastructure
  production: acme/production
  database: acme/database
locks:
  - {name: weekend, kind: soft, weekly: {from: "sat 01:00", to: "sun 23:00"}}
  - {name: holidays, kind: hard, from: 2018-12-21 17:00, to: 2018-12-27 08:00}
approvals:
  repositories:
    - {project: acme/oauth2-proxy-cookbook}
    - {project: acme/users-cookbook, paths: [data_bags/**]}
  teams:
    production: {groups: [acme/sre]}
    security: {groups: [acme/security]}
    backend: {groups: [acme/backend]}
  staff: {groups: [acme/staff]}
rad:
  people: [ines, tomas, aisha, diego, kate, liam]
  targets: [{name: main-db, kind: database, size: 412GiB}, {name: registry, kind: database}, {name: uploads, kind: filesystem}]
`
	exampleChange = `title: Upgrade PostgreSQL to 9.6.10
reason: CVE-2018-10915
start: 2018-08-30 10:00
duration: 1h30m
criticality: C2
services: [postgres]
executor: diego
steps: [Stop pgbouncer, Upgrade]
rollback: {steps: [{do: Promote the old replica, minutes: 15}]}
`
)
