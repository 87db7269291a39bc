package transport

import (
	"net/http"
	"net/url"
	"strings"
)

// resource is what an API path names: an owner (a project or group, or nothing) and the segments below.
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

// describe says what a request does in words: "read issue acme/infrastructure#12", "create label in group acme".
func describe(method, path string) string {
	r := parsePath(path)
	switch method {
	case http.MethodPost:
		return "create " + r.newMember() + r.in(" in ")
	case http.MethodPut:
		return "change " + r.name()
	case http.MethodDelete:
		return "delete " + r.name()
	}
	return "read " + r.name()
}

// name is the object itself: "milestone 412 of project acme/infrastructure", "notes of issue acme/infrastructure#12".
func (r resource) name() string {
	if len(r.rest) == 0 {
		return r.kind + " " + r.owner
	}
	noun, ok := r.issue()
	if ok {
		return noun
	}
	name := strings.ReplaceAll(r.rest[len(r.rest)-1], "_", " ")
	if n := len(r.rest); n%2 == 0 || r.rest[0] == "members" && n > 1 {
		name = singular(r.rest[n-2]) + " " + name
		switch {
		case r.rest[0] == "members" && r.rest[n-1] == "all":
			name = "members"
		case r.rest[0] == "members":
			name = "member " + r.rest[n-1]
		}
	}
	return name + r.in(" of ")
}

// member is one of the list that a POST adds to.
func (r resource) newMember() string {
	if len(r.rest) == 0 {
		return r.kind
	}
	return singular(r.rest[len(r.rest)-1])
}

// in is the place around the object, after the preposition.
func (r resource) in(preposition string) string {
	if r.kind == "" {
		return ""
	}
	place := r.kind + " " + r.owner
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

// issue is the reference when the path names an issue of a project.
func (r resource) issue() (string, bool) {
	if r.kind != "project" || len(r.rest) != 2 || r.rest[0] != "issues" {
		return "", false
	}
	return "issue " + r.owner + "#" + r.rest[1], true
}

func singular(noun string) string {
	return strings.ReplaceAll(strings.TrimSuffix(noun, "s"), "_", " ")
}
