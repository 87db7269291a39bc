package gitlab

import (
	"errors"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
)

// identified is an answer, or a row of a list, that says what it is. Every answer is decoded into one, so none is used that
// is about something else, or that a proxy or a GitLab in trouble sent instead.
type identified interface {
	// identity is zero when the answer lacks what every object of its kind has.
	identity() identity
}

// identity is what is known about an object: about the one that a request asks for from its address, about the one that came from the
// answer. Zero fields are unknown.
type identity struct {
	id, iid int64
	name    string // of objects that have no id; the path of a project or group
	parent  int64  // the number of the issue or merge request that the object belongs to
	owner   owner
	matches bool // the answer has no identity, but has the form of what was asked for
}

// The causes of errors for answers that are JSON, but not what was asked for.
var (
	errNothing = errors.New("it does not describe the object")
	errOther   = errors.New("it describes another object")
)

// askedFor is the identity of what an API path names: an object, or for a list what its rows have in common.
func askedFor(path string) identity {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = plain
		}
	}
	if len(segments) < 2 || segments[0] != "projects" && segments[0] != "groups" {
		return identity{}
	}
	of, rest := owner{path: segments[1], group: segments[0] == "groups"}, segments[2:]
	if number(of.path) != 0 {
		of.id, of.path = number(of.path), ""
	}
	if len(rest) == 0 {
		return identity{id: of.id, name: of.path}
	}
	asked := identity{owner: of}
	last := number(rest[len(rest)-1])
	switch numbered := rest[0] == "issues" || rest[0] == "merge_requests"; {
	case numbered && len(rest) == 2:
		asked.iid = last
	case numbered && len(rest) > 2:
		asked.id, asked.parent = last, number(rest[1])
	default:
		asked.id = last
	}
	return asked
}

// number is 0 for a text that is not a number.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// check is an error when the object is not the one that was asked for. Unknown fields do not count.
func (asked identity) check(got identity) error {
	switch {
	case got.matches:
		return nil
	case got.id == 0 && got.name == "":
		return errNothing
	case asked.id != 0 && asked.id != got.id, asked.iid != 0 && asked.iid != got.iid:
		return errOther
	case asked.name != "" && !strings.EqualFold(asked.name, got.name):
		return errOther
	case asked.parent != 0 && got.parent != 0 && asked.parent != got.parent, !asked.owner.has(got.owner):
		return errOther
	}
	return nil
}

// owner is the project or group that an object belongs to.
type owner struct {
	id    int64
	path  string // as far as known; from an address in a browser it begins with the root of a GitLab below a path
	group bool
}

// projectOwner is the project of an object, from its full reference, its address or, where both are missing, only its id.
func projectOwner(projectID int64, fullReference, webURL string) owner {
	path, _, _ := strings.Cut(fullReference, "#")
	path, _, _ = strings.Cut(path, "!")
	if path == "" {
		path = placeOf(webURL)
	}
	return owner{id: projectID, path: path}
}

// placeOf is the part of an object's address in a browser that names its project or group. Old servers have no "/-/" in it.
func placeOf(webURL string) string {
	u, err := url.Parse(webURL)
	if err != nil || webURL == "" {
		return ""
	}
	place, _, ok := strings.Cut(u.Path, "/-/")
	for range 2 {
		if !ok {
			place = place[:max(0, strings.LastIndex(place, "/"))]
		}
	}
	return strings.Trim(place, "/")
}

// has reports whether an object of got may be in an answer about o: of the project, of the group or something in it, or of a group above.
func (o owner) has(got owner) bool {
	if o.id != 0 && !o.group && got.id != 0 && !got.group {
		return o.id == got.id
	}
	if o.path == "" || got.path == "" {
		return true
	}
	asked, path := "/"+strings.ToLower(o.path)+"/", "/"+strings.ToLower(got.path)+"/"
	if _, above, ok := strings.Cut(path, "/groups/"); ok && got.group {
		path = "/" + above
		return strings.HasPrefix(asked, path) || strings.HasPrefix(path, asked)
	}
	if o.group {
		return strings.Contains(path, asked)
	}
	return strings.HasSuffix(path, asked)
}

// carriesKey reports whether a text has the idempotency key of the text that was sent; true when that has none.
func carriesKey(sent, got string) bool {
	key, ok := idempotency.Read(sent)
	return !ok || strings.Contains(got, key.Marker())
}

var tags = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<[^>]*>`) })

// sameName reports whether a title or name is the one that was sent. Older servers remove tags from it and decode entities.
func sameName(sent, got string) bool {
	plain := func(s string) string { return strings.TrimSpace(html.UnescapeString(tags().ReplaceAllString(s, ""))) }
	return strings.TrimSpace(sent) == got || plain(sent) == plain(got)
}
