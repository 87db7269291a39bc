package manifest

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// grantable returns the roles in GitLab that an approver can be required to have. Guest is not one of them: on a public project
// anybody can be a guest.
func grantable() []instance.Access {
	return []instance.Access{instance.Planner, instance.Reporter, instance.Developer, instance.Maintainer, instance.Owner}
}

// accessWord returns the name of a role in a file; empty if it cannot be used there.
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
	return codec[instance.Access]{read: read, encode: func(a instance.Access) any { return accessWord(a) }}
}

func users(into *[]string) field { return key("users", texts(username), into) }

func groups(into *[]string) field {
	group := func(s string) (string, error) {
		if host.IsAddress(s) { // replaced later
			return s, nil
		}
		t, err := target.ParsePath(target.Group, s)
		return t.Path, err
	}
	return key("groups", texts(group), into)
}

// username accepts a name with or without a leading @.
func username(s string) (string, error) {
	name := strings.TrimPrefix(strings.TrimSpace(s), "@")
	if t, err := target.ParsePath(target.Group, name); err != nil || t.Path != name || strings.Contains(name, "/") {
		return "", fmt.Errorf("invalid user name %s", quote(s))
	}
	return name, nil
}
