package fakegitlab

import (
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
)

// TestRepository checks branches, files and who may read them.
func TestRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	err := w.s.Apply(seed.Seed{Projects: []seed.Project{{Path: "acme/code", Branches: []seed.Branch{
		{Name: "main", Protected: true, Files: map[string]string{"ops/.prodctl.yaml": "version: 1\n"}},
		{Name: "feature/x", Files: map[string]string{"ops/.prodctl.yaml": "version: 2\n"}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	const repository = "/projects/acme%2Fcode/repository"
	main := w.must(200, "reporter", "GET", repository+"/branches/main", "")
	if main["protected"] != true || main["default"] != true {
		t.Errorf("main: %v", main)
	}
	commit := main["commit"].(map[string]any)["id"].(string)
	if other := w.must(200, "reporter", "GET", repository+"/branches/feature%2Fx", ""); other["protected"] != false || other["default"] != false {
		t.Errorf("feature/x: %v", other)
	}
	for _, ref := range []string{"main", "HEAD", commit} {
		file := w.must(200, "reporter", "GET", repository+"/files/ops%2F.prodctl.yaml?ref="+ref, "")
		if file.str("content") != "dmVyc2lvbjogMQo=" || file.str("commit_id") != commit || file.str("encoding") != "base64" {
			t.Errorf("%s: %v", ref, file)
		}
	}
	for _, c := range []struct {
		who, path string
		status    int
		answer    string
	}{
		{"reporter", "/branches/nope", http.StatusNotFound, "404 Branch Not Found"},
		{"reporter", "/files/nope?ref=main", http.StatusNotFound, "404 File Not Found"},
		{"reporter", "/files/nope?ref=nope", http.StatusNotFound, "404 Commit Not Found"},
		{"reporter", "/files/ops%2F.prodctl.yaml", http.StatusBadRequest, "ref is missing"},
		{"guest", "/branches/main", http.StatusForbidden, "403 Forbidden"},
		{"outsider", "/branches/main", http.StatusNotFound, "404 Project Not Found"},
	} {
		rec := w.ask(c.who, "GET", repository+c.path, "")
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.answer) {
			t.Errorf("%s by %s: %d %s", c.path, c.who, rec.Code, rec.Body)
		}
	}
}
