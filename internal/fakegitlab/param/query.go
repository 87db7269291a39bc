package param

import "net/url"

// SecretNames are the parameters that never appear in a log or a link.
var SecretNames = []string{"private_token", "access_token", "job_token"}

// SafeQuery returns the query of a URL without tokens, in alphabetical order.
func SafeQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	q := u.Query()
	for _, name := range SecretNames {
		q.Del(name)
	}
	return q.Encode()
}
