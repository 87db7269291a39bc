package input

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// team is a context with three trackers on a GitLab at host.
func team(host string) Context {
	return Context{Now: time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC), Config: config.Config{
		File: "/x/.prodctl.yaml",
		Manifest: config.Manifest{Host: host, Trackers: []config.Tracker{
			{Name: "infrastructure", Project: target.ProjectAt("acme/infra")},
			{Name: "production", Project: target.ProjectAt("acme/prod")},
			{Name: "database", Project: target.ProjectAt("acme/db")},
		}},
	}}
}

func TestIssueForms(t *testing.T) {
	t.Parallel()
	const host = "https://gitlab.example.com"
	for raw, want := range map[string]issue.Ref{
		"42":               {Project: "acme/infra", IID: 42},
		"#42":              {Project: "acme/infra", IID: 42},
		"#42+":             {Project: "acme/infra", IID: 42},
		"#42+s":            {Project: "acme/infra", IID: 42},
		"production#7":     {Project: "acme/prod", IID: 7},
		"db#7":             {Project: "acme/db", IID: 7},
		"database#7":       {Project: "acme/db", IID: 7},
		"other/place#1":    {Project: "other/place", IID: 1},
		" other/place#1+ ": {Project: "other/place", IID: 1},

		host + "/acme/prod/-/issues/9":                         {Project: "acme/prod", IID: 9},
		host + "/acme/prod/-/issues/9/designs":                 {Project: "acme/prod", IID: 9},
		host + "/acme/prod/-/issues/incident/9/timeline":       {Project: "acme/prod", IID: 9},
		host + "/acme/prod/-/work_items/9?a=b#note_3":          {Project: "acme/prod", IID: 9},
		host + "/acme/sub/prod/issues/9":                       {Project: "acme/sub/prod", IID: 9},
		"HTTPS://GitLab.Example.com.:443/acme/prod/-/issues/9": {Project: "acme/prod", IID: 9},
		"http://gitlab.example.com/acme/prod/-/issues/9":       {Project: "acme/prod", IID: 9},

		"nobody#1": {}, "ready": {}, "0": {}, "99999999999999999999": {},
		"https://ops.example/acme/prod/-/issues/9":                   {},
		"https://gitlab.example.com.evil.example/a/b/-/issues/9":     {},
		"https://gitlab.example.com@evil.example/a/b/-/issues/9":     {},
		"https://gitlab.example.com:8443/acme/prod/-/issues/9":       {},
		"ftp://gitlab.example.com/acme/prod/-/issues/9":              {},
		"https://gitlab.example.com/acme/prod/-/merge_requests/9":    {},
		"https://gitlab.example.com/acme/prod/-/issues/0":            {},
		"https://ops.example/gitlab.example.com/acme/prod/-/issues/": {},
	} {
		i := Issue{}
		if err := i.Set(raw); err != nil {
			t.Fatal(err)
		}
		err := i.Resolve(team(host))
		if i.Ref != want || (err == nil) != (want.IID != 0) || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %v, %v; want %v", raw, i.Ref, err, want)
		}
	}
}

func TestIssueHomes(t *testing.T) {
	t.Parallel()
	single := team("https://gitlab.example.com")
	single.Config.Trackers = single.Config.Trackers[1:2]
	for _, tt := range []struct {
		name  string
		input Issue
		in    Context
		want  string
	}{
		{"work", Issue{}, team(""), "acme/infra#8"},
		{"incident", Incident(), team(""), "acme/prod#8"},
		{"change", Change(), team(""), "acme/prod#8"},
		{"handed on", HandedOn(), team(""), "acme/infra#8"},
		{"handed on, one tracker", HandedOn(), single, "acme/prod#8"},
	} {
		if err := tt.input.Set("8"); err != nil {
			t.Fatal(err)
		}
		if err := tt.input.Resolve(tt.in); err != nil || tt.input.Ref.String() != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.name, tt.input.Ref, err, tt.want)
		}
	}
	i := Issue{}
	_ = i.Set("42")
	if err := i.Resolve(Context{}); fault.KindOf(err) != fault.Usage {
		t.Errorf("a number without an infrastructure tracker: %v", err)
	}
}

// TestAddressesOfOtherNames has a GitLab that people reach under several names. Milestones and projects follow the same rule as issues.
func TestAddressesOfOtherNames(t *testing.T) {
	t.Parallel()
	c := team("https://gitlab.example.com/git")
	c.Config.WebHosts = []string{"https://gitlab.corp", "https://old.example.com:8443/lab"}
	for raw, want := range map[string]string{
		"https://GitLab.corp./acme/prod/-/issues/9":               "acme/prod#9",
		"http://gitlab.corp/acme/prod/-/issues/9":                 "acme/prod#9",
		"https://old.example.com:8443/lab/acme/prod/-/issues/9#x": "acme/prod#9",
		"https://old.example.com/lab/acme/prod/-/issues/9":        "",
		"https://old.example.com:8443/acme/prod/-/issues/9":       "",
		"https://corp/acme/prod/-/issues/9":                       "",
	} {
		i := Issue{}
		_ = i.Set(raw)
		err := i.Resolve(c)
		if got := i.Ref.String(); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q is %v, %v; want %q", raw, got, err, want)
		}
	}
	for raw, want := range map[string]string{
		"current": "current", "A title": "A title", "412": "412",
		"https://gitlab.corp/acme/prod/-/milestones/3?tab=issues":        "/git/acme/prod/-/milestones/3",
		"https://gitlab.example.com/git/groups/acme/-/milestones/3#tab":  "/git/groups/acme/-/milestones/3",
		"https://gitlab.example.com/git/acme/prod/-/milestones/3/burnup": "/git/acme/prod/-/milestones/3",
		"https://gitlab.example.com/acme/prod/-/milestones/3":            "",
		"https://ops.example/acme/prod/-/milestones/3":                   "",
		"https://gitlab.corp/acme/prod/-/milestones/new":                 "",
		"https://gitlab.corp/acme/prod/-/issues/3":                       "",
	} {
		m := Milestone(raw)
		if err := m.Resolve(c); (err == nil) != (want != "") || err == nil && string(m) != want || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %q, %v; want %q", raw, m, err, want)
		}
	}
	for raw, want := range map[string]string{
		"acme/prod": "acme/prod", "none": "none", "https://gitlab.corp/acme/prod": "acme/prod", "https://gitlab.corp/acme/sub/prod/": "acme/sub/prod",
		"https://gitlab.example.com/git/acme/prod/-/boards/7": "acme/prod", "https://gitlab.corp/acme/prod.git": "acme/prod",
		"https://ops.example/acme/prod": "",
	} {
		p := Project(raw)
		if err := p.Resolve(c); (err == nil) != (want != "") || err == nil && string(p) != want {
			t.Errorf("%q is %q, %v; want %q", raw, p, err, want)
		}
	}
}

func TestAddressesBelowARelativeRoot(t *testing.T) {
	t.Parallel()
	c := team("https://h.example/git/lab")
	for raw, want := range map[string]string{
		"https://h.example/git/lab/acme/prod/-/issues/9":   "acme/prod#9",
		"https://h.example/git/labour/acme/p/-/issues/9":   "",
		"https://h.example/acme/prod/-/issues/9":           "",
		"https://h.example/git/lab/acme/prod/-/issues/9#x": "acme/prod#9",
	} {
		i := Issue{}
		_ = i.Set(raw)
		err := i.Resolve(c)
		if got := i.Ref.String(); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q is %v, %v; want %q", raw, got, err, want)
		}
	}
}
