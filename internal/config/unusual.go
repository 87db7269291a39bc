package config

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// Unusual lists what somebody should look at before they trust the configuration and the files that it names. known are the hosts that the
// user has used before.
func (c Config) Unusual(copied Copy, known []string) []string {
	return slices.Concat(c.unusualHost(known), c.unusualFiles(copied), c.unusualPlaces(), c.unusualRules(), c.unusualHooks(),
		unusualTexts(copied))
}

func (c Config) unusualHost(known []string) (marks []string) {
	f := c.named
	switch {
	case f.Host != "" && len(known) > 0 && !slices.Contains(known, f.Host):
		marks = append(marks, fmt.Sprintf("host: %s gets your token; so far you used %s", f.Host, strings.Join(known, ", ")))
	case f.Host != "" && len(known) == 0:
		marks = append(marks, fmt.Sprintf("host: %s gets your token", f.Host))
	}
	if f.AllowHTTP {
		marks = append(marks, "allow_http: anybody on the network can read your token")
	} else if host.PlainRemote(f.Host) {
		marks = append(marks, "host: plain http, so anybody on the network can read your token")
	}
	if len(f.WebHosts) > 0 {
		marks = append(marks, "web_hosts: pages of "+strings.Join(f.WebHosts, ", ")+" are taken for pages of this GitLab, and --web opens them")
	}
	return marks
}

func (c Config) unusualFiles(copied Copy) (marks []string) {
	dir := filepath.Dir(copied.Files[0].Path)
	for _, f := range copied.Files[1:] {
		switch f.Key {
		case "ca_file":
			marks = append(marks, fmt.Sprintf("ca_file: whoever made %s can read what is sent to the host", f.Path))
		case TokenFileKey:
			marks = append(marks, fmt.Sprintf("token_file: the content of %s is sent to the host", f.Path))
		}
		if !within(dir, f.Path) {
			marks = append(marks, fmt.Sprintf("%s: %s is outside of the folder of the configuration", f.Key, f.Path))
		}
		if f.Missing {
			marks = append(marks, fmt.Sprintf("%s: %s does not exist or cannot be read", f.Key, f.Path))
		}
	}
	return marks
}

// unusualPlaces are the projects and groups outside of the group of the first tracker: words go there, and people from there decide.
func (c Config) unusualPlaces() (marks []string) {
	if len(c.named.Trackers) == 0 {
		return nil
	}
	home, _, _ := strings.Cut(c.named.Trackers[0].Project.Path, "/")
	mark := func(key, path string) {
		if top, _, _ := strings.Cut(path, "/"); path != "" && !strings.EqualFold(top, home) {
			marks = append(marks, fmt.Sprintf("%s: %s is not in the group %s", key, path, home))
		}
	}
	for _, t := range c.named.Trackers {
		mark("trackers."+t.Name, t.Project.Path)
	}
	mark("milestones.group", c.named.Milestones.Group)
	if path, _, found := strings.Cut(c.named.Handoff.Issue, "#"); found && strings.Contains(path, "/") {
		mark("handoff.issue", path)
	}
	for _, r := range c.named.Approvals.Repositories {
		mark("approvals.repositories", r.Project)
	}
	return marks
}

func (c Config) unusualRules() (marks []string) {
	if c.named.Handoff.Confidential {
		marks = append(marks, "handoff.confidential: details of confidential issues are posted in the on-call log")
	}
	for _, class := range change.Criticalities() {
		if class != change.C4 && c.named.Changes.Approvals[class].Free() {
			marks = append(marks, fmt.Sprintf("changes.approvals.%s: these changes need no approval", class))
		}
	}
	return marks
}

// unusualHooks are what every hook runs on this machine or sends elsewhere.
func (c Config) unusualHooks() (marks []string) {
	for n, h := range c.named.Hooks {
		var events []string
		for _, e := range h.On {
			events = append(events, string(e))
		}
		issues := "titles and messages of issues"
		if h.Confidential {
			issues += ", also of confidential ones"
		}
		mark := fmt.Sprintf("hooks[%d]: runs %q on this machine, which gets %s", n, strings.Join(h.Command, " "), issues)
		switch {
		case h.URLEnv != "":
			mark = fmt.Sprintf("hooks[%d]: the address in %s gets %s", n, h.URLEnv, issues)
		case h.URL != "":
			mark = fmt.Sprintf("hooks[%d]: %s gets %s", n, hook.Host(h.URL), issues)
		}
		marks = append(marks, mark+", after "+strings.Join(events, ", "))
	}
	return marks
}

// unusualTexts are lines that do something when GitLab stores them, and characters that hide something from a reader.
func unusualTexts(copied Copy) (marks []string) {
	for n, f := range copied.Files {
		text := strings.ReplaceAll(string(f.Data), "\r", "\n")
		name := filepath.Base(f.Path)
		if n > 0 && strings.HasSuffix(f.Key, "template") {
			for _, a := range template.Template(text).QuickActions() {
				marks = append(marks, fmt.Sprintf("%s:%d: GitLab runs %q with the rights of your token", name, a.Line, a.Text))
			}
			for _, m := range safetext.Mentions(text) {
				marks = append(marks, fmt.Sprintf("%s: mentions @%s in every issue", name, m))
			}
		}
		if n == 0 {
			marks = append(marks, actionsIn(name, text)...)
		}
		if hides(f.Data) {
			marks = append(marks, name+": contains invisible characters")
		}
	}
	return marks
}

// actionsIn are the lines of a configuration with a text that GitLab may run or that mentions everybody.
func actionsIn(name, text string) (marks []string) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		switch {
		case safetext.IsAction(line):
			marks = append(marks, fmt.Sprintf("%s:%d: %q looks like a quick action", name, number, line))
		case slices.Contains(safetext.Mentions(strings.NewReplacer(`"`, " ", "'", " ").Replace(line)), "all"):
			marks = append(marks, fmt.Sprintf("%s:%d: mentions @all", name, number))
		}
	}
	return marks
}

// hides reports whether a text shows less, or something else, on a screen than it has.
func hides(data []byte) bool {
	return !utf8.Valid(data) || bytes.ContainsFunc(data, func(r rune) bool {
		return r != '\n' && r != '\r' && r != '\t' && sanitize.Hidden(r)
	})
}
