package transport

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// parseHost checks the address of an instance and brings it into one form: no slash at the end, no API path.
// Its errors do not repeat an address that holds a password.
func parseHost(raw string, allowHTTP bool) (*url.URL, error) {
	const hint = "write it like https://gitlab.example.com, with --host or as host: in .prodctl.yaml"
	s := strings.TrimSpace(raw)
	if s == "" {
		return nil, fault.New(fault.Usage, hint, "no GitLab host is given")
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fault.New(fault.Usage, hint, "the GitLab host is not an address")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fault.New(fault.Usage, hint,
			"the GitLab host at %s holds more than an address: no user, password, query or fragment belongs there", u.Hostname())
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && (allowHTTP || loopback(u.Hostname())):
	case u.Scheme == "http":
		return nil, fault.New(fault.Usage, "use https, or allow it with allow_http: true (PRODCTL_ALLOW_HTTP=true) where the network is trusted",
			"plain http to %s would show the token to everybody on the way", u.Host)
	default:
		return nil, fault.New(fault.Usage, hint, "the GitLab host %s has the unknown scheme %q", u.Host, u.Scheme)
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimRight(strings.TrimSuffix(path, "/api/v4"), "/")
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: path}, nil
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// sameOrigin reports whether two URLs have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// Bare is net/http's with the proxy of the environment and one idle connection for every request at once.
func Bare(caFile string, parallel int) (http.RoundTripper, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   parallel,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
	if caFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "name a PEM file with the authority's certificate", "read the CA file")
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fault.New(fault.Usage, "name a PEM file with the authority's certificate", "the CA file %s holds no certificate", caFile)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}
