// Package hook has the rules of hooks: which events there are, what a hook may be, which variables its command may see, and the text that a
// chat gets. Start with [Hook].
//
// Nothing is sent or run here, and a token has no way in.
package hook

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/host"
)

// Event is what a hook follows: a command that changed something.
type Event string

// The events.
const (
	Opened    Event = "incident.open"
	Mitigated Event = "incident.mitigate"
	Resolved  Event = "incident.resolve"
	Posted    Event = "handoff.post"
	Rolled    Event = "milestone.roll"
)

// Events returns all events.
func Events() []Event { return []Event{Opened, Mitigated, Resolved, Posted, Rolled} }

// Format is the body of a webhook.
type Format string

// The formats. Document is the JSON document that a command gets, too.
const (
	Document   Format = "json"
	Slack      Format = "slack"
	Mattermost Format = "mattermost"
	Ntfy       Format = "ntfy"
)

// Formats returns all formats.
func Formats() []Format { return []Format{Document, Slack, Mattermost, Ntfy} }

// Hook is a command or a webhook that follows events. Exactly one of Command, URL and URLEnv is set.
type Hook struct {
	On           []Event
	Command      []string // program and arguments, without a shell
	URL          string
	URLEnv       string // variable with the address
	Format       Format // of a webhook; empty: Document
	Confidential bool   // also about confidential issues, with all their words
}

// Prefix begins the name of a variable with the address of a webhook. So a configuration cannot send another variable anywhere.
const Prefix = "PRODCTL_HOOK_"

// Follows reports whether the hook follows an event.
func (h Hook) Follows(e Event) bool { return slices.Contains(h.On, e) }

// Name names the hook for messages: the program, or the host of the webhook. An address may be a secret, so the rest of it has no place in
// a message. position is its index in the configuration.
func (h Hook) Name(position int) string {
	what := h.URLEnv
	switch {
	case len(h.Command) > 0:
		what = filepath.Base(h.Command[0])
	case h.URL != "":
		what = Host(h.URL)
	}
	return fmt.Sprintf("hooks[%d] (%s)", position, what)
}

// Host is the host of an address that was checked.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "invalid address"
	}
	return u.Host
}

// errAddress does not contain the address.
var errAddress = errors.New("invalid address (use https://HOST/PATH, without a user name)")

// CheckAddress checks the address of a webhook. No error contains the address.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errAddress
	}
	if _, err := host.Parse(u.Scheme + "://" + u.Host); err != nil {
		return errAddress
	}
	return nil
}

// Masked is an address without what may be a secret.
func Masked(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	base := u.Scheme + "://" + u.Host
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		base += "/hidden"
	}
	return base
}

// CheckProgram checks the program of a command: a name that is found in PATH, or an absolute path. A relative path could name a file beside
// the configuration, which somebody changes after it was trusted.
func CheckProgram(name string) error {
	switch {
	case strings.TrimSpace(name) == "" || strings.ContainsRune(name, 0):
		return errors.New("the name of the program is empty")
	case strings.ContainsAny(name, `/\`) && !filepath.IsAbs(name):
		return fmt.Errorf("%q is a relative path (use a name that is in PATH, or an absolute path)", name)
	}
	return nil
}

// secretWords mark the names of variables that a command does not get.
func secretWords() []string {
	return []string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "JWT"}
}

// secretParts are words that mark a name only as a part between underscores: COMPAT and KEYBOARD are not secrets.
func secretParts() []string { return []string{"KEY", "PAT", "PASS", "PWD", "PIN", "AUTH", "BEARER"} }

// secret reports whether a variable is a secret by its name. Names are not case-sensitive on every system.
func secret(name string) bool {
	name = strings.ToUpper(name)
	parts := strings.Split(name, "_")
	switch {
	case strings.HasPrefix(name, Prefix), name == "PRODCTL_ONCALL_ICS":
		return true
	case name == "PWD", name == "SSH_AUTH_SOCK": // a folder, and a socket
		return false
	}
	return slices.ContainsFunc(secretWords(), func(word string) bool { return strings.Contains(name, word) }) ||
		slices.ContainsFunc(secretParts(), func(part string) bool { return slices.Contains(parts, part) })
}

// shortest is the length from which a secret is looked for in the values of other variables.
const shortest = 8

// Environment returns the variables that a command may see: none that is a secret by its name, and none with such a secret, or one of the
// others, in its value. path returns the folders of PATH that a command may use; nil: all.
func Environment(variables []string, path func(string) string, others ...string) (kept []string) {
	secrets := slices.Clone(others)
	places := places(variables)
	for _, v := range variables {
		if name, value, _ := strings.Cut(v, "="); secret(name) && !strings.Contains(places, value) {
			secrets = append(secrets, value)
		}
	}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		if secret(name) || slices.ContainsFunc(secrets, func(s string) bool { return len(s) >= shortest && strings.Contains(value, s) }) {
			continue
		}
		if path != nil && strings.EqualFold(name, "PATH") {
			v = name + "=" + path(value)
		}
		kept = append(kept, v)
	}
	return kept
}

// places returns the values of variables that everybody sees. A folder in them is not a secret, whatever another variable with it is
// called.
func places(variables []string) string {
	var all []string
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		if slices.Contains([]string{"HOME", "PATH", "PWD", "TMPDIR", "USERPROFILE", "SYSTEMROOT"}, strings.ToUpper(name)) {
			all = append(all, value)
		}
	}
	return strings.Join(all, "\n")
}
