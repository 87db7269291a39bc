// Package credential stores what belongs to the user: access tokens, one per GitLab host, and copies of the configuration files that the
// user trusts.
//
// Tokens are saved in the operating system's keyring, or without one in a file that only its owner can read.
// Start with [Store.Find]: it looks in the environment, the token file and the store, in that order. Asking for a token and checking it
// against GitLab is not done here, nor is any file judged. No message of this package may contain a token.
package credential

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Secret is a token that cannot be printed by accident, whatever the verb and however deeply it is nested.
type Secret struct{ reveal func() string }

// NewSecret trims s and checks that it can be an access token for GitLab's API. Its errors are of kind Auth.
func NewSecret(s string) (Secret, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return Secret{}, fault.New(fault.Auth, newTokenHint, "the token is empty")
	case len(s) > 4096:
		return Secret{}, fault.New(fault.Auth, newTokenHint, "not a token: it has %d characters", len(s))
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return Secret{}, fault.New(fault.Auth, newTokenHint, "not a token: it contains a line break, a space or another invalid character")
	}
	if kind := unsupported(s); kind != "" {
		return Secret{}, fault.New(fault.Auth, accessTokenHint, "this is %s, which cannot write issues or milestones", kind)
	}
	return Secret{func() string { return s }}, nil
}

// Reveal returns the token itself; empty for the zero Secret.
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
	loginHint       = "Log in: prodctl auth login"
	newTokenHint    = "Create a token with the scope api in GitLab, under User settings > Access tokens"
	accessTokenHint = "Create a project or group access token with the scope api and the role Planner or Reporter, " +
		"and set it as the masked CI/CD variable PRODCTL_TOKEN"
)

// unsupported returns the kind, with its article, of a GitLab token that cannot write issues, recognized by its prefix; empty for others.
func unsupported(token string) string {
	for prefix, kind := range map[string]string{
		"glcbt-": "a CI job token", "gldt-": "a deploy token", "glrt-": "a runner token", "glft-": "a feed token",
		"glptt-": "a pipeline trigger token", "glagent-": "an agent token", "glimt-": "an incoming mail token",
	} {
		if strings.HasPrefix(token, prefix) {
			return kind
		}
	}
	return ""
}
