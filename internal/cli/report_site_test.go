package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// siteLab has incidents, a change, a hand-off and work on the board, some of it confidential.
func siteLab(t *testing.T, config string) *lab {
	t.Helper()
	l := newLab(t, setup{done: 2, config: config, seed: func(s *fakegitlab.Seed) {
		s.Groups[0].Visibility = "public"
		created := time.Date(2018, 8, 15, 9, 0, 0, 0, time.UTC)
		s.Projects[0].Issues = append(s.Projects[0].Issues, fakegitlab.SeedIssue{Title: "Renew it", Labels: []string{"oncall"}, Author: "dev", CreatedAt: created})
	}})
	l.ownDir(t)
	for _, args := range [][]string{
		{"incident", "open", "Registry returns 500s", "-s", "S2", "--started", "2018-08-16T10:00:00Z", "--service", "registry", "-m", "words", "--now", "2018-08-16T10:10:00Z"},
		{"incident", "mitigate", "1", "--at", "2018-08-16T10:30:00Z", "-m", "words"}, {"incident", "resolve", "1", "--at", "2018-08-16T11:00:00Z", "-m", "words", "--close"},
		{"incident", "open", "Customer data leaked", "-s", "S1", "--started", "2018-08-17T10:00:00Z", "--confidential", "--service", "leaked-db"},
		{"change", "record", "--type", "deployment", "--environment", "production", "--service", "own", "--outcome", "failure", "--key", "r-20180824-a"},
		{"handoff", "--post", "--shift", "last"},
		{"board", "move", "infrastructure#1", "In Progress"},
	} {
		l.must(t, args...)
	}
	return l
}

const rotation = "oncall:\n  regions:\n    - {name: EMEA, from: \"04:00\", to: \"16:00\", zone: UTC, rotation: {members: [mara, dev], period: 1w, start: 2018-08-06}}\n" +
	"    - {name: AMER, from: \"16:00\", to: \"04:00\", zone: UTC, rotation: {members: [rep], period: 1w, start: 2018-08-06}}\n  people: [{user: mara, name: Mara Zimt}]\n"

// files are the files of a folder by name, without the marker.
func (l *lab) files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(l.dir, dir))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(l.dir, dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != ".prodctl-site" {
			list[e.Name()] = string(data)
		}
	}
	return list
}

var (
	relative   = regexp.MustCompile(`href="([a-z0-9.-]+)"`)
	navigation = regexp.MustCompile(`(?s)<nav .*?</nav>\n|<p class="lead"><a href="week-.*?</p>\n`)
)

// A site has a page for each week, and its links lead to its own files. A second run changes nothing.
func TestReportSite(t *testing.T) {
	t.Parallel()
	l := siteLab(t, rotation)
	var doc jsonv1.Site
	if err := json.Unmarshal([]byte(l.must(t, "report", "site", "public", "--audience", "tracker", "-o", "json").out), &doc); err != nil {
		t.Fatal(err)
	}
	files := l.files(t, "public")
	if len(doc.Files) != 18 || len(files) != 18 || doc.Audience != "tracker" || doc.Reason != "" || doc.From != "2018-05-28" || doc.To != "2018-08-24" {
		t.Errorf("%d files: %+v", len(files), doc)
	}
	for name, text := range files {
		for _, to := range relative.FindAllStringSubmatch(text, -1) {
			if files[to[1]] == "" {
				t.Errorf("%s leads to %s, which is not there", name, to[1])
			}
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "leaked") {
			t.Errorf("%s runs a script, or shows a confidential issue:\n%s", name, text)
		}
	}
	for name, want := range map[string]string{"index.html": "Week 2018-W33: 1 incident was still active", "week-2018-w33.html": "Registry returns 500s",
		"incidents.html": "Registry returns 500s", "budget.html": "registry", "flow.html": "acme/infrastructure#1", "oncall.html": "On call: @rep, AMER", "oncall.ics": "Mara Zimt"} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q:\n%s", name, want, files[name])
		}
	}
	if err := json.Unmarshal([]byte(l.must(t, "report", "site", "public", "--audience", "tracker", "-o", "json").out), &doc); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(doc.Files, func(f jsonv1.SiteFile) bool { return f.State != "unchanged" }) {
		t.Errorf("the second run is different: %+v", doc.Files)
	}
	l.must(t, "report", "site", "public", "--audience", "tracker", "--weeks", "3")
	if files := l.files(t, "public"); len(files) != 9 || files["week-2018-w30.html"] != "" {
		t.Errorf("old weeks stay: %d files", len(files))
	}
}

// The page of a week is that of `report weekly`, although all weeks share what was read; it takes no more lists for twelve weeks than for one.
func TestReportSiteEqualsReports(t *testing.T) {
	t.Parallel()
	l := siteLab(t, rotation)
	requests := map[string]int{}
	for _, weeks := range []string{"1", "12"} {
		l.server.ResetRequests()
		l.must(t, "report", "site", "public", "--audience", "tracker", "--weeks", weeks)
		requests[weeks] = len(l.requests())
	}
	if requests["1"] != 29 || requests["12"] != requests["1"]+2 { // two for the events of an issue that was finished in the twelve weeks
		t.Errorf("requests for 1 and 12 weeks: %v", requests)
	}
	files := l.files(t, "public")
	for name, args := range map[string]string{
		"week-2018-w33.html": "report weekly --week 2018-W33", "week-2018-w32.html": "report weekly --week 2018-W32", "week-2018-w24.html": "report weekly --week 2018-W24",
		"incidents.html": "report incidents --from 2018-05-28", "budget.html": "budget", "flow.html": "report flow --from 2018-05-28",
	} {
		want := l.must(t, append(strings.Fields(args), "-o", "html")...).out
		if got := navigation.ReplaceAllString(files[name], ""); got != want {
			t.Errorf("%s differs from %s", name, args)
		}
	}
}

// TestReportSiteAudience: titles and names are on the site only if nobody but readers of the trackers can read it.
func TestReportSiteAudience(t *testing.T) {
	t.Parallel()
	base := siteLab(t, rotation)
	for name, c := range map[string]struct {
		env           map[string]string
		infra, prod   string // settings
		args, faults  []string
		want, because string
	}{
		"unknown project":           {want: "public", because: "it is unknown who can read the site"},
		"project of the job":        {env: map[string]string{"CI_PROJECT_PATH": infra}, want: "public", because: "people who cannot read acme/production"},
		"open trackers":             {infra: `{"visibility":"public"}`, prod: `{"visibility":"public"}`, want: "tracker"},
		"open queue, own site":      {env: map[string]string{"CI_PROJECT_PATH": infra}, prod: `{"visibility":"public"}`, want: "tracker"},
		"open queue, open site":     {env: map[string]string{"CI_PROJECT_PATH": infra}, infra: `{"pages_access_level":"public"}`, prod: `{"visibility":"public"}`, want: "public"},
		"open queue, no site":       {env: map[string]string{"CI_PROJECT_PATH": infra}, infra: `{"pages_access_level":"disabled"}`, prod: `{"visibility":"public"}`, want: "public"},
		"issues for members":        {env: map[string]string{"CI_PROJECT_PATH": infra}, infra: `{"visibility":"public","issues_access_level":"private","pages_access_level":"enabled"}`, prod: `{"visibility":"public"}`, want: "public"},
		"issues of the queue hide":  {prod: `{"visibility":"public","issues_access_level":"private"}`, infra: `{"visibility":"public"}`, want: "public"},
		"a job of another GitLab":   {env: map[string]string{"CI_PROJECT_PATH": infra, "CI_SERVER_URL": "https://other.example.test"}, prod: `{"visibility":"public"}`, want: "public", because: "unknown"},
		"a job of this GitLab":      {env: map[string]string{"CI_PROJECT_PATH": infra, "CI_SERVER_URL": "https://gitlab.example.test"}, prod: `{"visibility":"public"}`, want: "tracker"},
		"a named project":           {env: map[string]string{"CI_PROJECT_PATH": prod}, prod: `{"visibility":"public"}`, args: []string{"--project", infra}, want: "tracker"},
		"asked for everybody":       {infra: `{"visibility":"public"}`, prod: `{"visibility":"public"}`, args: []string{"--audience", "public"}, want: "public", because: ""},
		"asked for the trackers":    {args: []string{"--audience", "tracker"}, want: "tracker"},
		"a project that is hidden":  {env: map[string]string{"CI_PROJECT_PATH": "acme/nowhere"}, prod: `{"visibility":"public"}`, want: "public"},
		"projects cannot be read":   {env: map[string]string{"CI_PROJECT_PATH": infra}, infra: `{"visibility":"public"}`, prod: `{"visibility":"public"}`, faults: []string{"GET /projects/* status=403"}, want: "public"},
		"internal, members outside": {env: map[string]string{"CI_PROJECT_PATH": infra}, infra: `{"visibility":"internal"}`, prod: `{"visibility":"internal"}`, want: "public"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := base.copy()
			l.ownDir(t)
			l.env = c.env
			for path, settings := range map[string]string{infra: c.infra, prod: c.prod} {
				if settings != "" {
					l.server.MustDo("root", "PUT", "/projects/"+strings.ReplaceAll(path, "/", "%2F"), settings)
				}
			}
			if len(c.faults) > 0 {
				l.fault(t, c.faults...)
			}
			var doc jsonv1.Site
			out := l.must(t, append([]string{"report", "site", "public", "-o", "json"}, c.args...)...)
			if err := json.Unmarshal([]byte(out.out), &doc); err != nil {
				t.Fatal(err)
			}
			if doc.Audience != c.want || !strings.Contains(doc.Reason, c.because) || doc.Audience == "public" && doc.Reason == "" && len(c.args) == 0 {
				t.Errorf("%s, because %s", doc.Audience, doc.Reason)
			}
			text := fmt.Sprint(l.files(t, "public"))
			if titles := strings.Contains(text, "Registry returns 500s"); titles != (c.want == "tracker") || strings.Contains(text, "leaked") {
				t.Errorf("titles are shown: %t, or a confidential issue is", titles)
			}
			if names := strings.Contains(text, "Mara Zimt"); names != (c.want == "tracker") || c.want == "public" && !strings.Contains(text, "M.Z.") {
				t.Errorf("names are shown: %t", names)
			}
		})
	}
}

// Words that people wrote, wherever, are not on a site for everybody: titles, descriptions, comments, labels, user names and display names.
func TestReportSiteForEverybodyHasNoWords(t *testing.T) {
	t.Parallel()
	const names = "oncall:\n  regions:\n    - {name: EMEA, from: \"04:00\", to: \"16:00\", zone: UTC, rotation: {members: [zanary], period: 1w, start: 2018-08-06}}\n" +
		"    - {name: AMER, from: \"16:00\", to: \"04:00\", zone: UTC, rotation: {members: [dev], period: 1w, start: 2018-08-06}}\n" +
		"  people: [{user: dev, name: Zanary Person}]\n  overrides: [{region: AMER, person: zanary, from: 2018-08-25, to: 2018-08-26, reason: zanary}]\n"
	l := newLab(t, setup{carried: 3, done: 3, config: names, seed: func(s *fakegitlab.Seed) {
		s.Users = append(s.Users, fakegitlab.SeedUser{Username: "zanary", Name: "Zanary Person"})
		s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: "zanary", Role: "maintainer"})
		for n := range s.Projects[0].Issues {
			i := &s.Projects[0].Issues[n]
			i.Title, i.Description, i.Author, i.Assignees = "Zanary title", "zanary text", "zanary", []string{"zanary"}
			i.Labels = append(i.Labels, "zanary-priority", []string{"oncall", "delta", "In Progress"}[n%3])
			i.Notes = []fakegitlab.SeedNote{{Body: "zanary comment", Author: "zanary", CreatedAt: i.CreatedAt}}
		}
	}})
	l.ownDir(t)
	l.user = "zanary"
	for _, args := range [][]string{
		{"incident", "open", "Zanary title", "-s", "S2", "--started", "2018-08-16T10:00:00Z", "--service", "zanary-service", "-m", "zanary", "--assign", "zanary"},
		{"incident", "resolve", "1", "-m", "zanary", "--cause", "zanary"},
		{"incident", "open", "Zanary secret", "-s", "S1", "--started", "2018-08-16T12:00:00Z", "--confidential", "--service", "zanary-service"},
		{"incident", "open", "Zanary now", "--service", "zanary-service"},
		{"incident", "action", "1", "Zanary action", "-m", "zanary", "--owner", "zanary"},
		{"change", "open", "Zanary change", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "zanary", "--service", "zanary-service", "--reason", "zanary"},
		{"change", "record", "--type", "deployment", "--environment", "zanary", "--service", "zanary", "--outcome", "failure", "-m", "zanary", "--key", "zanary-20180824-a"},
		{"handoff", "--post", "--shift", "last"}, {"handoff", "mark", "infrastructure#1", "--left-off", "zanary", "--next", "zanary"},
	} {
		l.must(t, args...)
	}
	l.must(t, "report", "site", "public", "--audience", "public")
	for name, text := range l.files(t, "public") {
		if at := strings.Index(strings.ToLower(text), canary); at >= 0 {
			t.Errorf("%s shows ...%s...", name, text[max(0, at-300):min(len(text), at+200)])
		}
	}
	l.must(t, "report", "site", "tracker", "--audience", "tracker")
	if text := fmt.Sprint(l.files(t, "tracker")); strings.Contains(text, "Zanary secret") || !strings.Contains(text, "Zanary now") || !strings.Contains(text, "Zanary Person") {
		t.Error("there are no canaries, or a confidential title is shown")
	}
}

// What is refused is refused before the first request, and nothing is written.
func TestReportSiteRefuses(t *testing.T) {
	t.Parallel()
	l := siteLab(t, "")
	if err := os.Mkdir(filepath.Join(l.dir, "thesis"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.file(t, "thesis/thesis.doc", "mine")
	l.server.ResetRequests()
	for line, want := range map[string]string{
		"thesis":           "5 not written: ",
		".":                "5 not written: ",
		".prodctl.yaml":    "1 write ",
		"":                 "6 <folder> is empty",
		"x --audience all": "6 --audience",
		"x --weeks 0":      "6 --weeks",
		"x --weeks 53":     "6 --weeks",
		"x -o html":        "6 output format",
		"x --plan-file x":  "6 ",
		"x --dry-run":      "6 ",
		"x --project https://evil.test/acme/site": "6 ",
	} {
		args := []string{"report", "site", ""}
		if line != "" {
			args = append(args[:2], strings.Fields(line)...)
		}
		r := l.run(args...)
		if got := fmt.Sprintf("%d %s", r.code, r.errors); !strings.HasPrefix(got, want[:2]) || !strings.Contains(got, want[2:]) || r.out != "" {
			t.Errorf("%q: %s%s", line, got, r.out)
		}
	}
	if n := len(l.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	if got := l.files(t, "thesis"); len(got) != 1 || got["thesis.doc"] != "mine" {
		t.Errorf("%v", got)
	}
}

// Thousands of requests have to be asked for, as by report flow.
func TestReportSiteAsksBeforeThousandsOfRequests(t *testing.T) {
	t.Parallel()
	var many []fakegitlab.SeedIssue
	for n := range 499 {
		many = append(many, fakegitlab.SeedIssue{Title: fmt.Sprint("Task ", n), Author: "dev", Closed: true, CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)})
	}
	l := flowLab(t, many...)
	l.ownDir(t)
	l.server.ResetRequests()
	if r := l.run("report", "site", "public"); r.code != 6 || !strings.Contains(r.errors, "the events of 501 issues take 1002 requests") || !strings.Contains(r.errors, "such as --weeks 4, or") || len(l.requests()) != 9 {
		t.Errorf("exit %d after %d requests: %s", r.code, len(l.requests()), r.errors)
	}
	if _, err := os.Stat(filepath.Join(l.dir, "public")); err == nil {
		t.Error("the folder was written")
	}
}
