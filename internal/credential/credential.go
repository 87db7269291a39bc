// Package credential keeps access tokens, one per GitLab, and decides which one may go to the GitLab at hand.
//
// A token is kept in the operating system's keyring, or where there is none in a file that only its owner can read.
// Start with [Store.Find], which looks in the environment, a token file and the store, in that order, and holds to the
// rule that a host which only a stranger's file names gets no token. Whether the token is any good, and asking for one,
// is not here. No message of this package ever holds a token.
package credential

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Secret is a token that cannot be printed by accident, whatever the verb and however deep it lies.
type Secret struct{ reveal func() string }

// NewSecret checks that s, without blanks at its ends, can be an access token that GitLab's API takes.
// Its errors are of kind Auth.
func NewSecret(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return Secret{}, fault.New(fault.Auth, loginHint, "the token is empty")
	case len(s) > 4096:
		return Secret{}, fault.New(fault.Auth, loginHint, "the token has %d characters: that is no token", len(s))
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return Secret{}, fault.New(fault.Auth, loginHint, "the token holds a line break, blank or other character that no token has")
	}
	if kind := unfit(s); kind != "" {
		return Secret{}, fault.New(fault.Auth, accessTokenHint, "that is a %s, which cannot write issues or milestones", kind)
	}
	return Secret{func() string { return s }}, nil
}

// Reveal is the token itself; empty for the zero Secret.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Format hides the token from all verbs of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(hidden)")) }

// MarshalText hides the token from JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte("(hidden)"), nil }

const (
	loginHint       = "prodctl auth login"
	accessTokenHint = "make a project or group access token with the scope api and at least the role Planner or Reporter, " +
		"and set it as the masked CI/CD variable PRODCTL_TOKEN"
)

// unfit names the kinds of GitLab's tokens that the API does not take for this work, known by their prefixes.
func unfit(token string) string {
	for prefix, kind := range map[string]string{
		"glcbt-": "CI job token", "gldt-": "deploy token", "glrt-": "runner token", "glft-": "feed token",
		"glptt-": "pipeline trigger token", "glagent-": "agent token", "glimt-": "incoming mail token",
	} {
		if strings.HasPrefix(token, prefix) {
			return kind
		}
	}
	return ""
}
