package config

import (
	"cmp"
	"errors"
	"net/url"
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
// and a trailing dot of the host do not matter, nor does http instead of https. The URL of another GitLab is an error of kind Usage.
func (c Config) LocalPath(address string) (string, error) {
	if err := c.RequireHost(); err != nil {
		return "", err
	}
	host, err := url.Parse(c.Host)
	if err != nil {
		return "", err
	}
	input, err := url.Parse(strings.TrimSpace(address))
	other := fault.New(fault.Usage, "To use another GitLab, name it with --host", "%q is not a URL of %s", address, c.Host)
	if err != nil || origin(input) != origin(host) {
		return "", other
	}
	path, below := strings.CutPrefix(input.Path, strings.TrimSuffix(host.Path, "/")+"/")
	if !below {
		return "", other
	}
	return "/" + path, nil
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
