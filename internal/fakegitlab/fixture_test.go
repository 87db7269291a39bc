package fakegitlab

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// world is a small instance: the group acme with the subgroup acme/sub, a private project in each, a public project,
// and one user per role. Name and token of a user are the role.
type world struct {
	t     *testing.T
	s     *Server
	acme  *store.Group
	sub   *store.Group
	infra *store.Project // acme/infra, private
	prod  *store.Project // acme/prod, private
	deep  *store.Project // acme/sub/deep, private
	open  *store.Project // acme/open, public
	users map[string]*store.User
}

var roleLevels = []struct {
	name  string
	level int
}{
	{"guest", store.Guest}, {"planner", store.Planner}, {"reporter", store.Reporter}, {"developer", store.Developer},
	{"maintainer", store.Maintainer}, {"owner", store.Owner},
}

func newWorld(t *testing.T, opts Options) *world {
	t.Helper()
	s := newTestServer(t, opts)
	w := &world{t: t, s: s, users: map[string]*store.User{"root": s.store.Users[0]}}
	w.acme = s.store.AddGroup(&store.Group{Name: "Acme", Path: "acme"})
	w.sub = s.store.AddGroup(&store.Group{Name: "Sub", Path: "sub", Parent: w.acme})
	w.infra = s.store.AddProject(&store.Project{Name: "Infra", Path: "infra", Group: w.acme})
	w.prod = s.store.AddProject(&store.Project{Name: "Prod", Path: "prod", Group: w.acme})
	w.deep = s.store.AddProject(&store.Project{Name: "Deep", Path: "deep", Group: w.sub})
	w.open = s.store.AddProject(&store.Project{Name: "Open", Path: "open", Group: w.acme, Visibility: store.Public})
	for _, r := range roleLevels {
		u := w.user(r.name)
		w.acme.Members = append(w.acme.Members, &store.Member{User: u, Level: r.level, CreatedAt: at, CreatedBy: w.users["root"]})
	}
	w.user("outsider")
	s.store.AddToken(&store.Token{Value: "root", User: s.store.Users[0]})
	return w
}

func (w *world) user(name string) *store.User {
	u := w.s.store.AddUser(&store.User{Username: name, Name: "The " + name, Email: name + "@acme.test"})
	w.s.store.AddToken(&store.Token{Value: name, User: u})
	w.users[name] = u
	return u
}

// ask sends a request as the user and returns the answer.
func (w *world) ask(who, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	return ask(w.t, w.s, who, method, path, body)
}

// must sends a request, checks its status and decodes the answer.
func (w *world) must(status int, who, method, path, body string) object {
	w.t.Helper()
	rec := w.ask(who, method, path, body)
	if rec.Code != status {
		w.t.Fatalf("%s %s as %s: got %d %s, want %d", method, path, who, rec.Code, rec.Body, status)
	}
	var o object
	if rec.Body.Len() > 0 {
		if err := json.Unmarshal(rec.Body.Bytes(), &o); err != nil {
			w.t.Fatalf("%s %s: %v in %s", method, path, err, rec.Body)
		}
	}
	return o
}

// list requests a list and decodes it.
func (w *world) list(who, path string) []object {
	w.t.Helper()
	rec := w.ask(who, "GET", path, "")
	if rec.Code != http.StatusOK {
		w.t.Fatalf("GET %s as %s: got %d %s", path, who, rec.Code, rec.Body)
	}
	var all []object
	if err := json.Unmarshal(rec.Body.Bytes(), &all); err != nil {
		w.t.Fatalf("GET %s: %v", path, err)
	}
	return all
}

// refused sends a request that must be refused with exactly that body.
func (w *world) refused(status int, body, who, method, path, request string) {
	w.t.Helper()
	rec := w.ask(who, method, path, request)
	if rec.Code != status || rec.Body.String() != body {
		w.t.Errorf("%s %s %s as %s: got %d %s, want %d %s", method, path, request, who, rec.Code, rec.Body, status, body)
	}
}

// object is a decoded JSON object.
type object map[string]any

func (o object) num(name string) int {
	n, _ := o[name].(float64)
	return int(n)
}

func (o object) str(name string) string {
	s, _ := o[name].(string)
	return s
}

// fieldOf prints the named field of each object, separated by spaces.
func fieldOf(all []object, name string) string {
	out := ""
	for n, o := range all {
		if n > 0 {
			out += " "
		}
		out += fmt.Sprint(o[name])
	}
	return out
}

// path returns the API path of a project or group, with rest appended.
func (w *world) path(o any, rest string) string {
	switch o := o.(type) {
	case *store.Project:
		return fmt.Sprintf("/projects/%d%s", o.ID, rest)
	case *store.Group:
		return fmt.Sprintf("/groups/%d%s", o.ID, rest)
	}
	panic("neither project nor group")
}
