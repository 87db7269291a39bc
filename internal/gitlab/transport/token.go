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

// tokenHint is what to type when the token is the trouble.
const tokenHint = "log in with prodctl auth login, or set PRODCTL_TOKEN or GITLAB_TOKEN to a valid access token with the scope api"

// token is asked for once, when the first request needs it, and kept out of every text.
type token struct {
	ask func(context.Context) (string, error)

	mu    sync.Mutex
	asked bool
	value string
	err   error
}

// header is the name and value to send; both are empty when no token is used.
// A question cut short by the context is asked again by the next request.
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
		return "", fault.New(fault.Auth, tokenHint, "there is no token for this GitLab")
	}
	for _, r := range s {
		if r <= ' ' || r >= 0x7f {
			return "", fault.New(fault.Auth, tokenHint, "the token holds a line break, blank or other character that no token has")
		}
	}
	return s, nil
}

// oauth tells OAuth's access tokens, 64 hexadecimal digits, from personal, project and group access tokens:
// GitLab takes them as a bearer only.
func oauth(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64
}

// put adds the token to a request for the configured origin, and takes one away from any other.
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

// scrub takes the token out of a text, should anybody have sent it back.
func (t *token) scrub(s string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == "" {
		return s
	}
	s = strings.ReplaceAll(s, t.value, "[token]")
	return strings.ReplaceAll(s, url.QueryEscape(t.value), "[token]")
}
