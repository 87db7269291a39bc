package cli_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

const (
	openRules   = "version: 1\ntrackers:\n  production: acme/production\n"
	lockedRules = openRules + hardLock
)

// checkout is a lab in a CI job, with a repository whose files a merge request may have changed.
type checkout struct {
	*lab
	requests *[]string
}

// newCheckout returns a job whose checkout has these files, while the branches of acme/app have others.
func newCheckout(t *testing.T, files map[string]string, branches ...fakegitlab.SeedBranch) checkout {
	t.Helper()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "acme/app", ID: 71, Branches: branches}, fakegitlab.SeedProject{Path: "acme/fork", ID: 72,
			Branches: []fakegitlab.SeedBranch{{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": openRules}}}})
	}})
	l.dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(l.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l.env = map[string]string{
		"CI": "true", "GITLAB_CI": "true", "CI_SERVER_URL": "https://gitlab.example.test", "CI_PIPELINE_ID": "900", "CI_PROJECT_ID": "71", "CI_PROJECT_PATH": "acme/app",
		"CI_PROJECT_DIR": l.dir, "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_SHA": strings.Repeat("c", 40), "PRODCTL_HOST": "", "PRODCTL_CONFIG": "", "HOME": t.TempDir(), "XDG_CONFIG_HOME": "",
	}
	c := checkout{l, new([]string)}
	var mu sync.Mutex
	l.wire = onWire{l.wire, func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		*c.requests = append(*c.requests, r.URL.Host+r.URL.EscapedPath())
	}}
	return c
}

// rulesDoc is what a document says about its rules.
type rulesDoc struct {
	Open  bool
	Rules struct{ File, Project, Branch, Commit string }
}

func (r ran) rules(t *testing.T) (doc rulesDoc) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatalf("%v in %s%s", err, r.out, r.errors)
	}
	return doc
}

// In every pipeline whose ref is not the protected default branch the rules are those of that branch, whatever the files of the checkout say.
func TestGateRulesOfTheDefaultBranch(t *testing.T) {
	t.Parallel()
	main := func(protected bool, files map[string]string) []fakegitlab.SeedBranch {
		return []fakegitlab.SeedBranch{{Name: "main", Protected: protected, Files: files}}
	}
	locked := map[string]string{".prodctl.yaml": lockedRules}
	free := map[string]string{".prodctl.yaml": openRules}
	mr := map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5", "CI_MERGE_REQUEST_PROJECT_ID": "71", "CI_COMMIT_REF_NAME": "feature"}
	for name, c := range map[string]struct {
		files    map[string]string
		branches []fakegitlab.SeedBranch
		env      map[string]string
		fault    string
		code     int
		from     string // project@branch:file; empty: none
	}{
		"the default branch":                {locked, main(true, free), map[string]string{"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true", "CI_PIPELINE_SOURCE": "push"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"a merge request":                   {free, main(true, locked), mr, "", 5, "acme/app@main:.prodctl.yaml"},
		"a merge request of a fork":         {free, main(true, locked), map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5", "CI_MERGE_REQUEST_PROJECT_ID": "71", "CI_PROJECT_ID": "72", "CI_PROJECT_PATH": "acme/fork"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"a merge request that frees itself": {locked, main(true, free), mr, "", 0, "acme/app@main:.prodctl.yaml"},
		"a branch":                          {free, main(true, locked), map[string]string{"CI_COMMIT_BRANCH": "feature", "CI_COMMIT_REF_PROTECTED": "false"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"another protected branch":          {free, main(true, locked), map[string]string{"CI_COMMIT_BRANCH": "stable", "CI_COMMIT_REF_PROTECTED": "true"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"a tag":                             {free, main(true, locked), map[string]string{"CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_NAME": "v1", "CI_COMMIT_REF_PROTECTED": "true"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"a tag with the branch's name":      {free, main(true, locked), map[string]string{"CI_COMMIT_TAG": "main", "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_REF_PROTECTED": "true"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"a child pipeline":                  {free, main(true, locked), map[string]string{"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true", "CI_PIPELINE_SOURCE": "parent_pipeline"}, "", 5, "acme/app@main:.prodctl.yaml"},
		"an unprotected default branch":     {free, main(false, free), map[string]string{"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "false"}, "", 7, ""},
		"unprotected, in a merge request":   {free, main(false, free), mr, "", 7, ""},
		"no branch at all":                  {free, nil, mr, "", 7, ""},
		"the branch is unreadable":          {free, main(true, free), mr, "GET /projects/*/repository/branches/* status=403", 7, ""},
		"the file is unreadable":            {free, main(true, free), mr, "GET /projects/*/repository/files/* status=500", 7, ""},
		"the token is wrong":                {free, main(true, free), map[string]string{"GITLAB_TOKEN": "wrong", "CI_PIPELINE_SOURCE": "merge_request_event"}, "", 4, ""},
		"a file deeper in the checkout":     {map[string]string{"deploy/.prodctl.yaml": openRules}, main(true, locked), maps.Collect(merged(mr, "in", "deploy")), "", 5, "acme/app@main:.prodctl.yaml"},
		"the deeper one is official":        {free, main(true, map[string]string{".prodctl.yaml": lockedRules, "deploy/.prodctl.yaml": openRules}), maps.Collect(merged(mr, "in", "deploy")), "", 0, "acme/app@main:deploy/.prodctl.yaml"},
		"named in the checkout":             {map[string]string{"ops.yaml": openRules}, main(true, map[string]string{"ops.yaml": lockedRules}), maps.Collect(merged(mr, "PRODCTL_CONFIG", "ops.yaml")), "", 5, "acme/app@main:ops.yaml"},
		"named, but only in the checkout":   {map[string]string{"ops.yaml": openRules}, main(true, locked), maps.Collect(merged(mr, "PRODCTL_CONFIG", "ops.yaml")), "", 6, ""},
		"none on the branch":                {free, main(true, nil), mr, "", 6, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCheckout(t, c.files, c.branches...)
			maps.Copy(l.env, c.env)
			if sub := l.env["in"]; sub != "" {
				l.dir = filepath.Join(l.dir, sub)
				_ = os.MkdirAll(l.dir, 0o700)
			}
			if c.fault != "" {
				l.faulty(t, c.fault)
			}
			r := l.run("change", "gate", "--criticality", "C4", "-o", "json", "--fail-open")
			if r.code != c.code {
				t.Fatalf("exit %d, want %d\n%s%s", r.code, c.code, r.out, r.errors)
			}
			if c.code == 6 {
				return
			}
			doc := r.rules(t)
			from := doc.Rules.Project + "@" + doc.Rules.Branch + ":" + doc.Rules.File
			if c.from == "" {
				from = ""
			}
			if doc.Open != (c.code == 0) || from != c.from || (doc.Rules.Commit == "") != (c.from == "") {
				t.Errorf("%+v, want rules of %s", doc, c.from)
			}
		})
	}
}

// merged is a copy of variables with another one.
func merged(vars map[string]string, name, value string) func(func(string, string) bool) {
	all := maps.Clone(vars)
	all[name] = value
	return maps.All(all)
}

// A file that is named and outside of the checkout counts as it is; a link into the checkout does not get it out of there.
func TestGateRulesOutsideOfTheCheckout(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5", "CI_MERGE_REQUEST_PROJECT_ID": "71"}
	l := newCheckout(t, map[string]string{".prodctl.yaml": openRules}, fakegitlab.SeedBranch{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": openRules}})
	maps.Copy(l.env, vars)
	outside := t.TempDir()
	file, link := filepath.Join(outside, "team.yaml"), filepath.Join(outside, "link.yaml")
	if err := os.WriteFile(file, []byte(lockedRules), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(l.dir, ".prodctl.yaml"), link); err != nil {
		t.Fatal(err)
	}
	l.env["PRODCTL_CONFIG"] = file
	r := l.run("change", "gate", "--criticality", "C4", "-o", "json")
	if doc := r.rules(t); r.code != 5 || doc.Rules.File != file || doc.Rules.Commit != "" || strings.Contains(strings.Join(*l.requests, " "), "repository") {
		t.Errorf("outside: exit %d, %+v, %q\n%s", r.code, doc, *l.requests, r.errors)
	}
	delete(l.env, "PRODCTL_CONFIG")
	if r := l.run("change", "gate", "--criticality", "C4", "-o", "json", "--config", file); r.code != 5 || r.rules(t).Rules.File != file {
		t.Errorf("--config: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	l.env["PRODCTL_CONFIG"] = link
	if r := l.run("change", "gate", "--criticality", "C4", "-o", "json"); r.code == 0 {
		t.Errorf("a link into the checkout: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// A file in the checkout of a merge request decides neither where the token goes, nor which authority is trusted, nor the trackers.
func TestGateIgnoresHostAndTrackersOfTheCheckout(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5", "CI_MERGE_REQUEST_PROJECT_ID": "71"}
	hostile := "version: 1\nhost: https://stranger.example.test\nca_file: ca.pem\ntoken_file: token\ntrackers:\n  production: acme/empty\n"
	official := fakegitlab.SeedBranch{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": openRules + "ca_file: ca.pem\n"}}
	l := newCheckout(t, map[string]string{".prodctl.yaml": hostile, "ca.pem": "x", "token": "x"}, official)
	maps.Copy(l.env, vars)
	l.runStory(t, activeS2)
	*l.requests = nil
	for _, args := range [][]string{{"change", "gate", "--criticality", "C4"}, {"lock", "check"}, {"approval", "check"}} {
		r := l.run(args...)
		if r.code != 7 || !strings.Contains(r.errors, "names https://stranger.example.test, but this pipeline runs on") || len(*l.requests) > 0 {
			t.Errorf("%q without a host that somebody chose: exit %d, asked %q\n%s%s", args, r.code, *l.requests, r.out, r.errors)
		}
	}
	if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), []byte(hostile+"unknown: key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := l.run("change", "gate", "--criticality", "C4"); r.code != 7 || len(*l.requests) > 0 {
		t.Errorf("an invalid file: exit %d, asked %q\n%s%s", r.code, *l.requests, r.out, r.errors)
	}
	l.env["PRODCTL_HOST"] = l.env["CI_SERVER_URL"]
	r := l.run("change", "gate", "--criticality", "C4", "-o", "json")
	if r.code != 5 || !strings.Contains(r.out, "active S2 incident") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	for _, request := range *l.requests {
		if !strings.HasPrefix(request, "gitlab.example.test/") || strings.Contains(request, "empty") {
			t.Errorf("asked %s", request)
		}
	}
	l.env["PRODCTL_CA_FILE"] = "ca.pem"
	if r := l.run("change", "gate", "--criticality", "C4", "-o", "json"); r.code != 6 || !strings.Contains(r.errors, "is in the checkout") {
		t.Errorf("PRODCTL_CA_FILE: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	delete(l.env, "PRODCTL_CA_FILE")
	l.env["CI_SERVER_URL"], l.env["PRODCTL_HOST"] = "", ""
	if r := l.run("change", "gate", "--criticality", "C4", "-o", "json"); r.code != 6 || !strings.Contains(r.errors, "no GitLab host is configured") {
		t.Errorf("without a host: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// runStory runs commands of people outside of the job.
func (c checkout) runStory(t *testing.T, story ...invocation) {
	t.Helper()
	own := *c.lab
	own.env = nil
	own.dir = sharedDir(t, setup{})
	own.runAll(t, story...)
}

// The locks of a merge request's own file do not count either, nor do its approvers.
func TestOtherGatesOfAMergeRequest(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "1", "CI_MERGE_REQUEST_PROJECT_ID": "71", "CI_MERGE_REQUEST_PROJECT_PATH": "acme/app"}
	l := newCheckout(t, map[string]string{".prodctl.yaml": openRules}, fakegitlab.SeedBranch{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": lockedRules}})
	maps.Copy(l.env, vars)
	r := l.run("lock", "check", "--criticality", "C4", "-o", "json")
	if doc := r.rules(t); r.code != 5 || doc.Rules.Project != "acme/app" {
		t.Errorf("lock check: exit %d, %+v\n%s", r.code, doc, r.errors)
	}
	if r := l.run("approval", "check", "-o", "json"); r.code != 6 || !strings.Contains(r.errors, "approvals.repositories") {
		t.Errorf("approval check: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
