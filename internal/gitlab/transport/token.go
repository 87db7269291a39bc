package transport

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// tokenHint is the hint for a missing or refused token. A saved token is not used while a variable is set, so logging in alone may
// change nothing.
func tokenHint(host string) string {
	return "Set GITLAB_TOKEN (or PRODCTL_TOKEN) to a valid token with the scope api, or unset both and log in: prodctl auth login --host " +
		fault.Quote(host)
}

// newTokenHint is the hint for a token without the scope that GitLab asks for.
func newTokenHint(host, scope string) string {
	return "Create a token with the scope " + scope + ": " + fault.Quote(host+"/-/user_settings/personal_access_tokens")
}

// token is fetched once, when the first request needs it, and kept out of every text.
type token struct {
	ask  func(context.Context) (string, error)
	host string // for hints

	mu    sync.Mutex
	asked bool
	value string
	err   error
}

// header is the name and value to send; both are empty when no token is used.
// When the context ends while the token is fetched, the next request fetches it again.
func (t *token) header(ctx context.Context) (name, value string, err error) {
	if t.ask == nil {
		return "", "", nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.asked {
		t.value, t.err = t.fetch(ctx)
		t.asked = ctx.Err() == nil
	}
	if t.err != nil {
		return "", "", t.err
	}
	if oauth(t.value) {
		return "Authorization", "Bearer " + t.value, nil
	}
	return "Private-Token", t.value, nil
}

func (t *token) fetch(ctx context.Context) (string, error) {
	s, err := t.ask(ctx)
	if err != nil {
		return "", err
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault.New(fault.Auth, tokenHint(t.host), "no token for this GitLab")
	}
	for _, r := range s {
		if r <= ' ' || r >= 0x7f {
			return "", fault.New(fault.Auth, tokenHint(t.host), "invalid token: it contains a space, a line break or another invalid character")
		}
	}
	return s, nil
}

// oauth reports whether it is an OAuth access token, 64 hexadecimal digits, and not a personal, project or group access token:
// GitLab accepts it only as a bearer token.
func oauth(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64
}

// apply adds the token to a request for the configured origin, and removes it from any other.
func (t *token) apply(req *http.Request, base *url.URL) error {
	req.Header.Del("Private-Token")
	req.Header.Del("Authorization")
	if !sameOrigin(req.URL, base) {
		return nil
	}
	name, value, err := t.header(req.Context())
	if err == nil && name != "" {
		req.Header.Set(name, value)
	}
	return err
}

// scrub removes the token from a text, in case a server sent it back.
func (t *token) scrub(s string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == "" {
		return s
	}
	s = strings.ReplaceAll(s, t.value, "[token]")
	return strings.ReplaceAll(s, url.QueryEscape(t.value), "[token]")
}
