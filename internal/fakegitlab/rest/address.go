package rest

import (
	"net/url"
	"strings"
)

// Address is the instance's external URL in the forms that are needed.
type Address struct {
	URL  string // without a trailing slash
	Root string // its path, "" or "/gitlab"
}

// ParseAddress parses Options.URL.
func ParseAddress(raw string) Address {
	a := Address{URL: strings.TrimRight(raw, "/")}
	if u, err := url.Parse(a.URL); err == nil {
		a.Root = u.Path
	}
	return a
}

// Host returns the host of the external URL, without a port.
func (a Address) Host() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
