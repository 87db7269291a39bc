package graphql

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// root is the value of Query and Mutation.
type root struct{}

// payload is the answer of a mutation, by field.
type payload map[string]any

// resolve returns the value of an object's field: nil, a scalar, an object, or []any for a list or a connection.
func (r *run) resolve(t *typeDef, of any, name string, a args) (any, error) {
	switch of := of.(type) {
	case root:
		if t.name == "Mutation" {
			return r.mutate(name, a)
		}
		return r.query(name, a), nil
	case *store.User:
		return r.userField(of, name), nil
	case *store.Project:
		return r.projectField(of, name, a)
	case *store.Group:
		return r.groupField(of, name)
	case namespace:
		return r.namespaceField(of, name, a), nil
	case *store.Issue:
		return r.issueField(t, of, name, a), nil
	case *store.Label:
		return labelField(of, name), nil
	case *store.Milestone:
		return milestoneField(of, name), nil
	case note:
		return r.noteField(of, name), nil
	case widget:
		return of.field(name), nil
	case timelineEvent:
		return of.field(name), nil
	case payload:
		return of[name], nil
	case *connection:
		return of.field(name), nil
	case edge:
		return of.field(name), nil
	}
	return of, nil // a tag is its name
}

// query returns a field of Query. What the caller may not read is null, like what does not exist.
func (r *run) query(name string, a args) any {
	switch name {
	case "currentUser":
		return orNull(r.user())
	case "project":
		return orNull(r.projectAt(a.text("fullPath")))
	case "group":
		return orNull(r.groupAt(a.text("fullPath")))
	case "namespace":
		return r.namespaceAt(a.text("fullPath"))
	case "issue", "workItem":
		return orNull(r.issueWithID(a.text("id")))
	case "note":
		return r.noteWithID(a.text("id"))
	case "user":
		return r.findUser(a)
	}
	who := "nil"
	if r.user() != nil {
		who = strconv.Quote(r.user().Username)
	}
	return who + " says: " + a.text("text")
}

func (r *run) findUser(a args) any {
	if r.user() == nil {
		return nil
	}
	if name := a.text("username"); name != "" {
		return orNull(r.store().UserNamed(name))
	}
	id, _ := strconv.Atoi(a.text("id"))
	return orNull(r.store().UserByID[id])
}

func (r *run) userField(u *store.User, name string) any {
	switch name {
	case "id":
		return globalID("User", u.ID)
	case "username":
		return u.Username
	case "name":
		return u.Name
	case "state":
		return u.State()
	case "bot":
		return u.Bot
	case "webUrl":
		return r.url(u.Username)
	}
	return r.call.Base.Root + "/" + u.Username
}

// projectAt finds a project by its path, nil if the caller may not read it.
func (r *run) projectAt(path string) *store.Project {
	p := r.store().ProjPaths[strings.ToLower(path)]
	if p == nil || !access.MayReadProject(r.user(), p) {
		return nil
	}
	return p
}

func (r *run) groupAt(path string) *store.Group {
	g := r.store().GroupPaths[strings.ToLower(path)]
	if g == nil || !access.MayReadGroup(r.store(), r.user(), g) {
		return nil
	}
	return g
}

// readable returns the issue if the caller may read it, nil otherwise.
func (r *run) readable(i *store.Issue) *store.Issue {
	if i == nil || !access.MayReadIssue(r.user(), i) {
		return nil
	}
	return i
}

func (r *run) issueWithID(id string) *store.Issue {
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil
	}
	return r.readable(r.store().IssueByID[n])
}

func (r *run) issueAt(p *store.Project, iid string) *store.Issue {
	n, err := strconv.Atoi(iid)
	if p == nil || err != nil {
		return nil
	}
	return r.readable(p.IssueByIID[n])
}

// orNull returns an object, or null for a nil pointer.
func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// textOrNull returns null for the empty text.
func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// instant returns null for the zero time.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func globalID(model string, id int) string { return "gid://gitlab/" + model + "/" + itoa(id) }

func (r *run) url(path string) string { return r.call.Base.URL + "/" + path }
