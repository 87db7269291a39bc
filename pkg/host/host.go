// Package host parses the address of a GitLab instance and reports whether a token would be sent there unencrypted.
//
// Start with [Parse]. It is a separate package because the configuration and the client must agree on what an address is.
// Requests and name lookups do not belong here.
package host

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse returns the base URL of a GitLab instance for an address with or without a scheme:
// "GitLab.example.com/" and "https://gitlab.example.com:443/api/v4" are both https://gitlab.example.com.
// A relative root such as /gitlab stays. The default scheme is https.
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
		return "", fmt.Errorf("invalid host %s (use the form https://gitlab.example.com)", shown(s))
	case u.User != nil:
		return "", fmt.Errorf("the host contains a user name or a token (leave out everything before the @)")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("invalid scheme %s in host %s (use https or http)", u.Scheme, shown(s))
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("invalid host %s (leave out everything after the path)", shown(s))
	case !ascii(u.Hostname()):
		return "", &NotASCII{u.Hostname()}
	case !validPort(u):
		return "", fmt.Errorf("invalid port in host %s", shown(s))
	}
	path := strings.TrimSuffix(strings.TrimRight(u.EscapedPath(), "/"), "/api/v4")
	return u.Scheme + "://" + hostPort(u) + strings.TrimRight(path, "/"), nil
}

// NotASCII is the error for a name with letters outside ASCII. Such a name can look like another one, so the form that the network uses has
// to be entered.
type NotASCII struct{ Name string }

// Error names the name.
func (e *NotASCII) Error() string {
	return fmt.Sprintf("host %q has letters outside ASCII (use the form that begins with xn--)", e.Name)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// shown quotes the input for a message, without a token that may be part of the URL.
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

// PlainRemote reports whether requests to a base URL would send a token unencrypted to another machine.
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
