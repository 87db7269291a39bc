package fakegitlab

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// world is a small instance: the group acme with the subgroup acme/sub, a private project in each, a public project,
// and a user per role, who is named like the role and whose token is that name.
type world struct {
	t     *testing.T
	s     *Server
	acme  *group
	sub   *group
	infra *project // acme/infra, private
	prod  *project // acme/prod, private
	deep  *project // acme/sub/deep, private
	open  *project // acme/open, public
	users map[string]*user
}

var roleLevels = []struct {
	name  string
	level int
}{
	{"guest", guest}, {"planner", planner}, {"reporter", reporter}, {"developer", developer},
	{"maintainer", maintainer}, {"owner", owner},
}

func newWorld(t *testing.T, opts Options) *world {
	t.Helper()
	s := newTestServer(t, opts)
	w := &world{t: t, s: s, users: map[string]*user{"root": s.store.users[0]}}
	w.acme = s.store.addGroup(&group{name: "Acme", path: "acme"})
	w.sub = s.store.addGroup(&group{name: "Sub", path: "sub", parent: w.acme})
	w.infra = s.store.addProject(&project{name: "Infra", path: "infra", group: w.acme})
	w.prod = s.store.addProject(&project{name: "Prod", path: "prod", group: w.acme})
	w.deep = s.store.addProject(&project{name: "Deep", path: "deep", group: w.sub})
	w.open = s.store.addProject(&project{name: "Open", path: "open", group: w.acme, visibility: public})
	for _, r := range roleLevels {
		u := w.user(r.name)
		w.acme.members = append(w.acme.members, &member{user: u, level: r.level, createdAt: at})
	}
	w.user("outsider")
	s.store.addToken(&token{value: "root", user: s.store.users[0]})
	return w
}

func (w *world) user(name string) *user {
	u := w.s.store.addUser(&user{username: name, name: "The " + name, email: name + "@acme.test"})
	w.s.store.addToken(&token{value: name, user: u})
	w.users[name] = u
	return u
}

// ask sends a request as the user and returns the answer.
func (w *world) ask(who, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	return ask(w.t, w.s, who, method, path, body)
}

// must asks and decodes the answer, which has to have the status.
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

// list asks for a list and decodes it.
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

// refused asks for something that must be refused with that very body.
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

// fieldOf prints the named field of each object, separated by blanks.
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

// path is a project's or group's base with its id.
func (w *world) path(o any, rest string) string {
	switch o := o.(type) {
	case *project:
		return fmt.Sprintf("/projects/%d%s", o.id, rest)
	case *group:
		return fmt.Sprintf("/groups/%d%s", o.id, rest)
	}
	panic("neither project nor group")
}
