package cli_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// The pipelines of docs/ci.md: that of the protected default branch uses the file of its checkout, any other one refuses it unless it is named.
func TestTrustInAPipeline(t *testing.T) {
	t.Parallel()
	official := map[string]string{"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"}
	files := map[string]string{".prodctl.yaml": openRules}
	branch := fakegitlab.SeedBranch{Name: "main", Protected: true, Files: files}
	for name, c := range map[string]struct {
		env  map[string]string
		code int
	}{
		"push to the default branch": {merge(official, "CI_PIPELINE_SOURCE", "push"), 0},
		"schedule":                   {merge(official, "CI_PIPELINE_SOURCE", "schedule"), 0},
		"from the web":               {merge(official, "CI_PIPELINE_SOURCE", "web"), 0},
		"tag":                        {map[string]string{"CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_PROTECTED": "true"}, 5},
		"merge request":              {map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "1"}, 5},
		"child pipeline":             {merge(official, "CI_PIPELINE_SOURCE", "parent_pipeline"), 5},
		"unprotected":                {merge(official, "CI_COMMIT_REF_PROTECTED", "false"), 5},
		"tag, and named":             {map[string]string{"CI_COMMIT_TAG": "v1", "PRODCTL_CONFIG": ".prodctl.yaml"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCheckout(t, files, branch)
			maps.Copy(l.env, c.env)
			for _, line := range []string{"incident open Down", "change record --type deployment --outcome success --service web", "incident list"} {
				*l.requests = nil
				r := l.run(strings.Fields(line)...)
				if r.code != c.code || c.code == 5 && len(*l.requests) > 0 {
					t.Errorf("%s: exit %d, want %d, %d requests\n%s", line, r.code, c.code, len(*l.requests), r.errors)
				}
				if hint := "hint: If this pipeline may use the file as it is: export PRODCTL_CONFIG=" + filepath.Join(l.dir, ".prodctl.yaml"); c.code == 5 &&
					!strings.Contains(r.errors, hint) {
					t.Errorf("%s: the hint is missing:\n%s", line, r.errors)
				}
			}
			for _, line := range []string{"config validate", "oncall now", "lock check"} {
				if r := l.run(strings.Fields(line)...); r.code != 0 && c.env["CI_COMMIT_REF_PROTECTED"] != "false" {
					t.Errorf("%s: exit %d\n%s", line, r.code, r.errors)
				}
			}
		})
	}
}

func merge(vars map[string]string, name, value string) map[string]string {
	return maps.Collect(merged(vars, name, value))
}

// A pipeline on one GitLab, for trackers on another, sends the token of the other to that one only.
func TestPipelineOfAnotherGitLab(t *testing.T) {
	t.Parallel()
	files := map[string]string{".prodctl.yaml": openRules + "host: https://gitlab.example.test\n"}
	official := map[string]string{"CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true", "CI_SERVER_URL": "https://ci.example.test"}
	for name, env := range map[string]map[string]string{
		"the default branch": official,
		"named":              {"PRODCTL_CONFIG": ".prodctl.yaml", "CI_COMMIT_TAG": "v1", "CI_SERVER_URL": "https://ci.example.test"},
		"a variable":         merge(official, "PRODCTL_HOST", "https://gitlab.example.test"),
	} {
		l := newCheckout(t, files)
		maps.Copy(l.env, env)
		r := l.run("incident", "open", "Down")
		if r.code != 0 || strings.Count(r.errors, "not https://ci.example.test (env CI_SERVER_URL)") != 1 {
			t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
		}
		for _, request := range *l.requests {
			if !strings.HasPrefix(request, "gitlab.example.test/") {
				t.Errorf("%s: asked %s", name, request)
			}
		}
	}
	// The gate of a merge request can read its rules only on the pipeline's own GitLab, which does not have the trackers.
	l := newCheckout(t, files, fakegitlab.SeedBranch{Name: "main", Protected: true, Files: map[string]string{".prodctl.yaml": openRules + "host: https://other.example.test\n"}})
	maps.Copy(l.env, map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "5"})
	r := l.run("change", "gate", "--criticality", "C4")
	if r.code != 7 || !strings.Contains(r.errors+r.out, "names https://other.example.test, this pipeline runs on https://gitlab.example.test") {
		t.Errorf("the gate: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
