package param

import (
	"net/url"
	"slices"
	"strings"
)

// SecretNames are the parameters that never appear in a log or a link.
var SecretNames = []string{"private_token", "access_token", "bearer_token", "job_token"}

// isSecret reports whether a parameter holds a token, also as private_token[].
func isSecret(name string) bool {
	name, _, _ = strings.Cut(name, "[")
	return slices.Contains(SecretNames, name)
}

// SafeQuery returns the query of a URL without tokens, in alphabetical order.
func SafeQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	q := u.Query()
	for name := range q {
		if isSecret(name) {
			q.Del(name)
		}
	}
	return q.Encode()
}
