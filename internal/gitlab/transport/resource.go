package transport

import (
	"net/http"
	"net/url"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// resource is what an API path names: an owner (a project or group, or nothing) and the segments below it.
type resource struct {
	kind  string // "project", "group" or empty
	owner string // path or id, unescaped
	rest  []string
}

func parsePath(path string) resource {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = plain
		}
	}
	if len(segments) > 1 && (segments[0] == "projects" || segments[0] == "groups") {
		return resource{strings.TrimSuffix(segments[0], "s"), segments[1], segments[2:]}
	}
	return resource{rest: segments}
}

// describe says in words what a request does: "read issue acme/infrastructure#12", "create label in group acme".
func describe(method, path string) string {
	if path == graphQL {
		return "query GraphQL"
	}
	r := parsePath(path)
	switch method {
	case http.MethodPost:
		return r.creation()
	case http.MethodPut:
		return "update " + r.name()
	case http.MethodDelete:
		return "delete " + r.name()
	}
	if r.isList() {
		return "list " + r.name()
	}
	return "read " + r.name()
}

// nouns are resources that have another name for people than in GitLab's API.
var nouns = map[string]string{
	"notes": "comments", "lists": "columns", "diffs": "changed files", "changes": "changed files",
	"user": "current user", "metadata": "GitLab version", "version": "GitLab version",
}

func plural(segment string) string {
	if noun, ok := nouns[segment]; ok {
		return noun
	}
	return strings.ReplaceAll(strings.TrimPrefix(segment, "resource_"), "_", " ")
}

func singular(segment string) string { return strings.TrimSuffix(plural(segment), "s") }

// isList reports whether the path names all objects of a kind. Approvals are one object in GitLab's API.
func (r resource) isList() bool {
	n := len(r.rest)
	if n == 0 || r.rest[n-1] == "" {
		return false
	}
	if r.kind == "" {
		return strings.HasSuffix(r.rest[0], "s") && n == 1
	}
	return (n%2 == 1 && r.rest[0] != "members" || r.rest[n-1] == "all" || n == 1) && r.rest[n-1] != "approvals"
}

// name is the object itself: "milestone 412 of acme/infrastructure", "comments of issue acme/infrastructure#12".
func (r resource) name() string {
	n := len(r.rest)
	switch {
	case n == 0:
		return r.kind + " " + r.owner
	case n == 2 && r.kind == "project" && r.rest[0] == "issues":
		return "issue " + r.owner + "#" + r.rest[1]
	case n == 2 && r.kind == "project" && r.rest[0] == "merge_requests":
		return "merge request " + r.owner + "!" + r.rest[1]
	case r.rest[0] == "members" && r.rest[n-1] != "all" && n > 1:
		return "member " + r.rest[n-1] + r.in(" of ")
	case r.rest[0] == "members":
		return "members" + r.in(" of ")
	case r.kind != "" && n%2 == 0:
		return singular(r.rest[n-2]) + " " + r.rest[n-1] + r.in(" of ")
	}
	return plural(r.rest[n-1]) + r.in(" of ")
}

// missing is the issue, merge request, project or group that a read did not find, in words; empty if the error is about something else.
func (e *Error) missing() string {
	r := parsePath(e.Path)
	switch {
	case e.Class != fault.NotFound || e.Method != http.MethodGet || r.kind == "" || len(r.rest) > 2 && e.NoRoute():
		return ""
	case len(r.rest) == 0, strings.Contains(e.Message, "Project Not Found"), strings.Contains(e.Message, "Group Not Found"):
		return r.kind + " " + r.owner
	case len(r.rest) > 1 && (r.rest[0] == "issues" || r.rest[0] == "merge_requests"):
		return resource{r.kind, r.owner, r.rest[:2]}.name()
	}
	return ""
}

// creation says what a POST adds and where.
func (r resource) creation() string {
	if len(r.rest) == 0 {
		return "create " + r.kind
	}
	noun := singular(r.rest[len(r.rest)-1])
	if n := len(r.rest); n == 3 && noun == "move" { // an action and not an object
		return "move " + resource{r.kind, r.owner, r.rest[:2]}.name()
	}
	if len(r.rest) > 2 {
		return "add " + noun + r.in(" to ")
	}
	return "create " + noun + r.in(" in ")
}

// in is what the object belongs to, after the preposition. A path without a word before it is a project's.
func (r resource) in(preposition string) string {
	if r.kind == "" {
		return ""
	}
	place := r.owner
	if r.kind == "group" {
		place = "group " + r.owner
	}
	if len(r.rest) > 2 {
		switch r.rest[0] {
		case "issues":
			return preposition + "issue " + r.owner + "#" + r.rest[1]
		case "merge_requests":
			return preposition + "merge request " + r.owner + "!" + r.rest[1]
		case "boards":
			return preposition + "board " + r.rest[1] + " of " + place
		}
	}
	return preposition + place
}
