package config

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// IssueRef reads what a person types for an issue; a bare number is one of the home tracker. Its error is an [issue.RefError],
// or of kind Usage where the configuration names no such tracker or the address is of another GitLab.
func (c Config) IssueRef(home, typed string) (issue.Ref, error) {
	if strings.Contains(typed, "://") {
		path, err := c.LocalPath(typed)
		if err != nil {
			return issue.Ref{}, err
		}
		ref, err := issue.ParsePath(path)
		if wrong, ok := errors.AsType[*issue.RefError](err); ok {
			wrong.Input = typed
		}
		return ref, err
	}
	aliases := map[string]string{}
	for _, t := range c.Trackers {
		path := t.Project.Path
		aliases[path[strings.LastIndex(path, "/")+1:]] = path
	}
	for _, t := range c.Trackers { // the team's names come before the projects' own
		aliases[t.Name] = t.Project.Path
	}
	ref, err := issue.ParseRef(typed, c.Tracker(home).Path, aliases)
	if err == nil && ref.Project == "" {
		return issue.Ref{}, c.RequireTrackers(home)
	}
	return ref, err
}

// LocalPath is the path of an address on the configured GitLab, below the root that it is served from, without query and anchor.
// Letter case and a trailing dot of the host do not matter, nor http for https. The address of another GitLab is an error of
// kind Usage.
func (c Config) LocalPath(address string) (string, error) {
	if err := c.RequireHost(); err != nil {
		return "", err
	}
	host, err := url.Parse(c.Host)
	if err != nil {
		return "", err
	}
	typed, err := url.Parse(strings.TrimSpace(address))
	other := fault.New(fault.Usage, "to use that GitLab, name it with --host", "%q is not an address of %s", address, c.Host)
	if err != nil || origin(typed) != origin(host) {
		return "", other
	}
	path, below := strings.CutPrefix(typed.Path, strings.TrimSuffix(host.Path, "/")+"/")
	if !below {
		return "", other
	}
	return "/" + path, nil
}

// origin is a host with its port, where that is not the usual one of its scheme.
func origin(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	usual := map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	if usual == "" {
		return "" // no web address
	}
	if port := cmp.Or(u.Port(), usual); port != usual {
		name += ":" + port
	}
	return name
}
