package config

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// IssueRef parses a reference to an issue; a bare number means the home tracker. The error is an [issue.RefError], or of kind
// Usage if the tracker is not configured or the URL belongs to another GitLab.
func (c Config) IssueRef(home, input string) (issue.Ref, error) {
	if strings.Contains(input, "://") {
		path, err := c.LocalPath(input)
		if err != nil {
			return issue.Ref{}, err
		}
		ref, err := issue.ParsePath(path)
		if wrong, ok := errors.AsType[*issue.RefError](err); ok {
			wrong.Input = input
		}
		return ref, err
	}
	aliases := map[string]string{}
	for _, t := range c.Trackers {
		path := t.Project.Path
		aliases[path[strings.LastIndex(path, "/")+1:]] = path
	}
	for _, t := range c.Trackers { // the team's names take precedence over the projects' own
		aliases[t.Name] = t.Project.Path
	}
	ref, err := issue.ParseRef(input, c.Tracker(home).Path, aliases)
	if err == nil && ref.Project == "" {
		return issue.Ref{}, c.RequireTrackers(home)
	}
	return ref, err
}

// LocalPath returns the path of a URL of the configured GitLab, relative to its root, without query and fragment. The letter case
// and a trailing dot of the host do not matter, nor does http instead of https; web_hosts are other names of it. The URL of another
// GitLab is an error of kind Usage.
func (c Config) LocalPath(address string) (string, error) {
	if err := c.RequireHost(); err != nil {
		return "", err
	}
	if input, err := url.Parse(strings.TrimSpace(address)); err == nil {
		for _, name := range slices.Concat([]string{c.Host}, c.WebHosts) {
			if path, below := pathBelow(input, name); below {
				return path, nil
			}
		}
	}
	return "", fault.New(fault.Usage, "To use another GitLab, name it with --host", "%q is not a URL of %s", address, c.Host)
}

// pathBelow returns the path of a URL relative to the root of a GitLab.
func pathBelow(input *url.URL, host string) (string, bool) {
	base, err := url.Parse(host)
	if err != nil || origin(input) != origin(base) {
		return "", false
	}
	path, below := strings.CutPrefix(input.Path, strings.TrimSuffix(base.Path, "/")+"/")
	return "/" + path, below
}

// ProjectPath returns the full path of a project for its path or for the URL of one of its pages.
func (c Config) ProjectPath(input string) (string, error) {
	if !strings.Contains(input, "://") {
		return input, nil
	}
	path, err := c.LocalPath(input)
	path, _, _ = strings.Cut(path, "/-/")
	return strings.TrimSuffix(strings.Trim(path, "/"), ".git"), err
}

// origin returns a host, with its port unless that is the default of its scheme.
func origin(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	usual := map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	if usual == "" {
		return "" // not a web URL
	}
	if port := cmp.Or(u.Port(), usual); port != usual {
		name += ":" + port
	}
	return name
}
