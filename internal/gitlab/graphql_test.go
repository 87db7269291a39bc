package gitlab

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// ask queries the name of a project.
func ask(t *testing.T, c *Client, project string) (name string, err error) {
	t.Helper()
	var out struct {
		Project *struct {
			Name string `json:"name"`
		} `json:"project"`
	}
	err = c.query(t.Context(), `query($p: ID!) { project(fullPath: $p) { name } }`, map[string]any{"p": project}, &out)
	if out.Project == nil {
		return "", err
	}
	return out.Project.Name, err
}

func TestQuery(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	if name, err := ask(t, c, "acme/infra"); name != "infra" || err != nil {
		t.Errorf("%q, %v", name, err)
	}
	if name, err := ask(t, l.as(t, "outsider", nil), "acme/sub/deep"); name != "" || err != nil {
		t.Errorf("a project that the token may not see: %q, %v", name, err)
	}
	err := c.query(t.Context(), `{ nonsense }`, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "Field 'nonsense' doesn't exist") || c.Written() {
		t.Errorf("a field that does not exist: %v", err)
	}
	err = l.as(t, "nobody", nil).query(t.Context(), `{ currentUser { username } }`, nil, nil)
	if fault.KindOf(err) != fault.Auth {
		t.Errorf("a wrong token: %v", err)
	}
	if c.Written() {
		t.Error("a query counts as a write")
	}
}

// GitLab refuses the queries of a fine-grained token with 200, but GitLab works.
func TestQueryOfAFineGrainedToken(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, answering(200, `{"errors":[{"message":"Granular tokens are not yet supported"}],"data":{"project":null}}`), nil)
	_, err := ask(t, c, "acme/infra")
	if !errors.Is(err, fault.NotPermitted) || fault.KindOf(err) != fault.Auth || !strings.Contains(fault.HintOf(err), "scope api") {
		t.Errorf("%v, kind %d, hint %q", err, fault.KindOf(err), fault.HintOf(err))
	}
}

// The path of GraphQL is beside the REST API, also below the path of an instance.
func TestQueryBelowARelativeRoot(t *testing.T) {
	t.Parallel()
	var paths []string
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		answering(200, `{"data":{"project":{"name":"infra"}}}`)(w, r)
	}), func(o *Options) { o.Host += "/git/lab" })
	if name, err := ask(t, c, "acme/infra"); name != "infra" || err != nil || strings.Join(paths, " ") != "/git/lab/api/graphql" {
		t.Errorf("%q, %v, %v", name, err, paths)
	}
}

// Answers that are not a query's are retried, and never used.
func TestQueryRefusesOtherAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"message":"temporarily unavailable"}`, `{"data":null}`, `{"data":[]}`, `[]`, `{"id":1,"iid":1}`} {
		asked := 0
		c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked > 1 {
				body = `{"data":{"project":{"name":"infra"}}}`
			}
			answering(200, body)(w, r)
		}), nil)
		if name, err := ask(t, c, "acme/infra"); name != "infra" || err != nil || asked != 2 {
			t.Errorf("%s: %q, %v after %d queries", body, name, err, asked)
		}
	}
	l := newLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Community })
	l.fault(t, "POST /api/graphql nth=1 status=502")
	if name, err := ask(t, l.as(t, "developer", nil), "acme/infra"); name != "infra" || err != nil || l.sent("POST") != 2 {
		t.Errorf("after a 502: %q, %v", name, err)
	}
}
