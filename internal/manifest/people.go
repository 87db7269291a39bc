package manifest

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// accessWords are the roles in GitLab that may be asked of an approver. A guest's is not among them: on a public
// project anybody can be one.
var accessWords = []struct {
	word   string
	access instance.Access
}{
	{"planner", instance.Planner}, {"reporter", instance.Reporter}, {"developer", instance.Developer},
	{"maintainer", instance.Maintainer}, {"owner", instance.Owner},
}

// AccessWord is how a file names a role; empty when it cannot.
func AccessWord(a instance.Access) string {
	for _, known := range accessWords {
		if known.access == a {
			return known.word
		}
	}
	return ""
}

func access(take func(instance.Access)) reading {
	known := make([]string, len(accessWords))
	for i, one := range accessWords {
		known[i] = one.word
	}
	return word(known, func(s string) { take(accessWords[slices.Index(known, s)].access) })
}

// users and groups are keys that name people.
func users(take *[]string) field {
	return field{key: "users", read: texts(username, take)}
}

func groups(take *[]string) field {
	group := func(s string) (string, error) {
		t, err := target.ParsePath(target.Group, s)
		return t.Path, err
	}
	return field{key: "groups", read: texts(group, take)}
}

// username takes a name with or without the @ before it.
func username(s string) (string, error) {
	name := strings.TrimPrefix(strings.TrimSpace(s), "@")
	if t, err := target.ParsePath(target.Group, name); err != nil || t.Path != name || strings.Contains(name, "/") {
		return "", fmt.Errorf("%s is no user name", quote(s))
	}
	return name, nil
}

// byWord takes a mapping whose keys are words of the team's own; a noun says for what.
func byWord(noun string, each func(r *reader, at, word string, n *yaml.Node)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		r.entries(at, n, func(at string, key, value *yaml.Node) {
			if !trackerName(key.Value) {
				r.fault(key, "%s is no name for %s: use small letters, digits, - and _", quote(key.Value), noun)
				return
			}
			each(r, at, key.Value, value)
		})
	}
}
