package input

import (
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestMergeRequest(t *testing.T) {
	t.Parallel()
	var cfg config.Config
	cfg.Host = "https://gitlab.example.com/git"
	job := map[string]string{"CI_MERGE_REQUEST_IID": "3", "CI_PROJECT_PATH": "fork/api"}
	fork := map[string]string{"CI_MERGE_REQUEST_IID": "3", "CI_PROJECT_PATH": "fork/api", "CI_MERGE_REQUEST_PROJECT_PATH": "acme/api"}
	for _, c := range []struct {
		raw, home   string
		env         map[string]string
		want, wrong string
	}{
		{"acme/api!12", "", nil, "acme/api!12", ""},
		{" acme/api!12 ", "/ACME/api/", nil, "acme/api!12", ""},
		{"12", "acme/api", nil, "acme/api!12", ""},
		{"!12", "acme/api/", nil, "acme/api!12", ""},
		{"12", "", fork, "acme/api!12", ""},
		{"", "", job, "fork/api!3", ""},
		{"", "", fork, "acme/api!3", ""},
		{"", "acme/web", fork, "acme/web!3", ""},
		{"https://gitlab.example.com/git/acme/api/-/merge_requests/7", "", nil, "acme/api!7", ""},
		{"HTTP://GitLab.example.com/git/acme/ops/api/merge_requests/7/diffs?view=inline#note_5", "", nil, "acme/ops/api!7", ""},
		{"", "acme/api", nil, "", "missing merge request"},
		{"12", "", nil, "", "missing project of !12"},
		{"twelve", "", nil, "", "invalid merge request"},
		{"acme/api!12!13", "", nil, "", "invalid merge request"},
		{"acme/api!-12", "", nil, "", "invalid merge request"},
		{"acme /api!12", "", nil, "", "invalid merge request"},
		{"api!12", "", nil, "", "invalid project path"},
		{"acme/api!0", "", nil, "", "invalid merge request number"},
		{"acme/api!99999999999999999999", "", nil, "", "invalid merge request number"},
		{"acme/api!12", "acme/web", nil, "", "not in acme/web"},
		{"https://gitlab.example.com/git/acme/api/-/issues/7", "", nil, "", "invalid merge request"},
		{"https://gitlab.example.com/git/-/merge_requests/7", "", nil, "", "invalid project path"},
		{"https://gitlab.example.org/git/acme/api/-/merge_requests/7", "", nil, "", "is not a URL of"},
		{"https://gitlab.example.com/other/acme/api/-/merge_requests/7", "", nil, "", "is not a URL of"},
	} {
		home := Project(c.home)
		m := MergeRequestIn(&home)
		err := m.Set(c.raw)
		if err == nil {
			err = m.Resolve(Context{Config: cfg, Getenv: func(name string) string { return c.env[name] }})
		}
		got := ""
		if err == nil {
			got = m.Project + "!" + strconv.FormatInt(m.IID, 10)
		}
		if got != c.want || (err == nil) != (c.wrong == "") {
			t.Errorf("%q in %q is %q, %v; want %q", c.raw, c.home, got, err, c.want)
		}
		if err != nil && (fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%q in %q: %v; want %q", c.raw, c.home, err, c.wrong)
		}
	}
}
