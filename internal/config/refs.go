package config

import (
	"errors"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/host"
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
	if path, ours := host.PagePath(address, slices.Concat([]string{c.Host}, c.WebHosts)...); ours {
		return path, nil
	}
	return "", fault.New(fault.Usage, "To use another GitLab, name it with --host", "%q is not a URL of %s", address, c.Host)
}

// ProjectPath returns the full path of a project for its path, for the URL of one of its pages, or for the address to clone it from.
func (c Config) ProjectPath(input string) (string, error) { return c.placePath(input, host.ProjectOf) }

// GroupPath returns the full path of a group for its path or for the URL of one of its pages.
func (c Config) GroupPath(input string) (string, error) { return c.placePath(input, host.GroupOf) }

func (c Config) placePath(input string, of func(page string) string) (string, error) {
	if !host.IsAddress(input) {
		return input, nil
	}
	page, err := c.LocalPath(input)
	if path := of(page); err != nil || path != "" {
		return path, err
	}
	return "", fault.New(fault.Usage, "Use the full path, such as acme/infrastructure", "%q is the URL of no project or group", input)
}
