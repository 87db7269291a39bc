package fakegitlab

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// TestOtherObject checks what a request is answered with instead of its own object.
func TestOtherObject(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, path, body, want string }{
		{"GET", "/projects/a%2Fone/issues/1", "", `"iid":2,`},
		{"PUT", "/projects/a%2Fone/issues/2", "title=x", `"iid":1,`},
		{"POST", "/projects/a%2Fone/issues", "title=x", `"iid":1,`},
		{"GET", "/projects/a%2Fone/issues", "", `{"id":`},
		{"GET", "/projects/a%2Fone", "", `"path_with_namespace":"a/two"`},
		{"GET", "/projects/a%2Ftwo/issues/1", "", `{"message":"temporarily unavailable"}`},
		{"GET", "/user", "", `{"message":"temporarily unavailable"}`},
		{"POST", "/projects/a%2Fone/milestones", "title=x", `{"message":"temporarily unavailable"}`},
	} {
		for _, kind := range []fault.Kind{fault.Other, fault.OtherAfter} {
			s := New(Options{})
			err := s.Apply(seed.Seed{Users: []seed.User{{Username: "ada"}}, Groups: []seed.Group{{Path: "a"}}, Projects: []seed.Project{
				{Path: "a/one", Members: []seed.Member{{User: "ada", Role: "owner"}}, Issues: []seed.Issue{{Title: "1"}, {Title: "2"}}},
				{Path: "a/two", Members: []seed.Member{{User: "ada", Role: "owner"}}, Issues: []seed.Issue{{Title: "1"}}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			s.AddFault(fault.Fault{Path: "**", Kind: kind})
			r, err := http.NewRequest(tt.method, "http://gitlab.example.test/api/v4"+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("PRIVATE-TOKEN", "sandbox-ada")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := transport.New(s).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || !strings.Contains(string(body), tt.want) {
				t.Errorf("%s %s %s: %d %s, want %s", kind, tt.method, tt.path, resp.StatusCode, body, tt.want)
			}
		}
	}
}
