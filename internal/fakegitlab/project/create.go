package project

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// create makes a project in a group or, without namespace_id, in the caller's own namespace.
func create(c *rest.Call) (rest.Reply, error) {
	c.Params.AtLeastOne("name", "path")
	ch := changeOf(c.Params)
	path, namespace := c.Params.Str("path"), c.Params.Int("namespace_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p := &store.Project{Name: ch.name.Or(path.Value), Path: path.Or(pathOf(ch.name.Value)), Owner: c.User, Creator: c.User}
	if namespace.OK() && namespace.Value != user.NamespaceID(c.User) {
		p.Owner, p.Group = nil, groupWithID(c, namespace.Value)
	}
	if p.Owner == nil && !access.MayCreateProjects(c.User, p.Group) {
		return rest.Reply{}, failure.OnField("namespace", "is not valid")
	}
	if errs := append(checkPath(c.Store, p), ch.check(p)...); len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	c.Store.AddProject(p)
	if p.Owner != nil {
		p.Members = []*store.Member{{ID: store.Next(&c.Store.Last.Member), User: c.User, Level: store.Owner, CreatedAt: p.CreatedAt}}
	}
	ch.apply(p)
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { Write(e, c, p, Changed) })
}

// groupWithID finds a group that the caller may see, nil if there is none.
func groupWithID(c *rest.Call, id int) *store.Group {
	if g := c.Store.FindGroup(strconv.Itoa(id)); g != nil && access.MayReadGroup(c.Store, c.User, g) {
		return g
	}
	return nil
}

// pathOf makes a path of a name: lower case, with dashes for what a path cannot have.
func pathOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !isPathRune(r) })
	return strings.Join(words, "-")
}

func isPathRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.", r)
}

// checkPath returns what is wrong with the path of a new project: its form, or that it is in use.
func checkPath(s *store.Store, p *store.Project) []failure.Field {
	wrong := strings.IndexFunc(p.Path, func(r rune) bool { return !isPathRune(r) }) >= 0 || strings.HasPrefix(p.Path, "-") ||
		slices.ContainsFunc([]string{".", ".git", ".atom"}, func(end string) bool { return strings.HasSuffix(p.Path, end) })
	switch {
	case p.Path == "":
		return []failure.Field{failure.On("path", "can't be blank")}
	case wrong:
		return []failure.Field{failure.On("path", "can contain only letters, digits, '_', '-' and '.'. "+
			"Cannot start with '-', end in '.git' or end in '.atom'")}
	case s.FindProject(p.FullPath()) != nil:
		const taken = "has already been taken"
		return []failure.Field{failure.On("project_namespace.name", taken), failure.On("name", taken), failure.On("path", taken)}
	}
	return nil
}
