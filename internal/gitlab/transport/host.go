package transport

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

// parseHost checks the address of an instance. Its errors do not repeat an address that contains a password.
func parseHost(raw string, allowHTTP bool) (*url.URL, error) {
	base, err := host.Parse(raw)
	if err != nil {
		hint := "Set host in .prodctl.yaml, or --host, to an address such as https://gitlab.example.com"
		if letters, ok := errors.AsType[*host.NotASCII](err); ok {
			hint = "If this is your GitLab, use " + punycode(letters.Name)
		}
		return nil, fault.Wrap(fault.Usage, err, hint, "invalid GitLab host")
	}
	if host.PlainRemote(base) && !allowHTTP {
		return nil, fault.New(fault.Usage, "Use https://, or set allow_http: true (PRODCTL_ALLOW_HTTP=true) on a network you trust",
			"%s is plain http, so anybody on the network could read the token", base)
	}
	return url.Parse(base)
}

// punycode is a name in the form that the network uses, which net/http writes into the header Host.
func punycode(name string) string {
	name = strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(strings.ToLower(name))
	var head bytes.Buffer
	r := http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: name, Path: "/"}}
	if r.Write(&head) != nil {
		return "the form of its name that begins with xn--"
	}
	_, rest, _ := strings.Cut(head.String(), "\r\nHost: ")
	ascii, _, _ := strings.Cut(rest, "\r\n")
	return ascii
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

const caHint = "Set ca_file in .prodctl.yaml to a PEM file with the certificate of your authority"

// Bare is net/http's transport with the proxy of the environment and one idle connection for each concurrent request. read reads caFile.
func Bare(caFile string, read func(path string) ([]byte, error), parallel int) (http.RoundTripper, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   parallel,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,

		OnProxyConnectResponse: connected,
	}
	if caFile == "" {
		return t, nil
	}
	pem, err := read(caFile)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, fault.Plain(err), caHint, "cannot read ca_file")
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fault.New(fault.Usage, caHint, "ca_file %s contains no certificate", caFile)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}
