// Package host reads the address of a GitLab instance as people write it, and says whether a token may go there.
//
// Start with [Parse]. It is a package of its own because the configuration and the client must agree on what an address is.
// Nothing is looked up or asked here.
package host

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Parse turns what people write for a GitLab instance, with or without a scheme, into its base URL:
// "GitLab.example.com/" and "https://gitlab.example.com:443/api/v4" are both https://gitlab.example.com.
// A relative root such as /gitlab stays. Without a scheme it is https.
func Parse(s string) (string, error) {
	text := strings.TrimSpace(s)
	if text == "" {
		return "", fmt.Errorf("the host is empty")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t\"<>\\"):
		return "", fmt.Errorf("%s is no host: write it as https://gitlab.example.com", shown(s))
	case u.User != nil:
		return "", fmt.Errorf("the host holds a user name or a token: leave out everything before the @")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("%s begins with %s: it can be https or http", shown(s), u.Scheme)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("%s is no host: it goes on after the path", shown(s))
	case !validPort(u):
		return "", fmt.Errorf("%s has no possible port", shown(s))
	}
	path := strings.TrimSuffix(strings.TrimRight(u.EscapedPath(), "/"), "/api/v4")
	return u.Scheme + "://" + hostPort(u) + strings.TrimRight(path, "/"), nil
}

// shown quotes what was written for a message, without a token that somebody put into a URL.
func shown(s string) string {
	if address, _, query := strings.Cut(s, "?"); query {
		s = address + "?…"
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = "…" + s[i:]
	}
	return strconv.Quote(s)
}

func validPort(u *url.URL) bool {
	if strings.HasSuffix(u.Host, ":") {
		return false
	}
	n, err := strconv.Atoi(u.Port())
	return u.Port() == "" || err == nil && n > 0 && n < 1<<16
}

func hostPort(u *url.URL) string {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		port = ""
	}
	if port != "" {
		return net.JoinHostPort(name, port)
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}

// PlainRemote reports whether a base URL would carry a token in the clear to another machine.
func PlainRemote(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" {
		return false
	}
	name := u.Hostname()
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return false
	}
	addr, err := netip.ParseAddr(name)
	return err != nil || !addr.IsLoopback()
}
