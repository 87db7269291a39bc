package manifest

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"go.yaml.in/yaml/v3"
)

// grantable are the roles in GitLab that may be asked of an approver. A guest's is not among them: on a public
// project anybody can be one.
func grantable() []instance.Access {
	return []instance.Access{instance.Planner, instance.Reporter, instance.Developer, instance.Maintainer, instance.Owner}
}

// accessWord is how a file names a role; empty when it cannot.
func accessWord(a instance.Access) string {
	if !slices.Contains(grantable(), a) {
		return ""
	}
	return strings.ToLower(a.String())
}

func access() codec[instance.Access] {
	words := map[string]instance.Access{}
	var known []string
	for _, a := range grantable() {
		words[accessWord(a)] = a
		known = append(known, accessWord(a))
	}
	c := word(known...)
	read := func(r *reader, at string, n *yaml.Node) (instance.Access, bool) {
		s, ok := c.read(r, at, n)
		return words[s], ok
	}
	return codec[instance.Access]{read: read, say: func(a instance.Access) any { return accessWord(a) }}
}

// users and groups are keys that name people.
func users(into *[]string) field { return key("users", texts(username), into) }

func groups(into *[]string) field {
	group := func(s string) (string, error) {
		t, err := target.ParsePath(target.Group, s)
		return t.Path, err
	}
	return key("groups", texts(group), into)
}

// username takes a name with or without the @ before it.
func username(s string) (string, error) {
	name := strings.TrimPrefix(strings.TrimSpace(s), "@")
	if t, err := target.ParsePath(target.Group, name); err != nil || t.Path != name || strings.Contains(name, "/") {
		return "", fmt.Errorf("%s is no user name", quote(s))
	}
	return name, nil
}
