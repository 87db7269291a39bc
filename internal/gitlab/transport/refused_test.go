package transport

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// secured starts a TLS server on loopback with a certificate of its own, and returns its address and the certificate's file.
func secured(t *testing.T, change func(*x509.Certificate)) (host, file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	change(c)
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(answering(200, `{"id":1}`))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	file = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1), file
}

// Each reason to refuse a certificate has its own hint, and none is retried.
func TestRefusedCertificates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change      func(*x509.Certificate)
		known       bool // the authority is in ca_file
		cause, hint string
	}{
		"expired":           {func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, true, "certificate expired on 20", "Renew the certificate"},
		"expired, unknown":  {func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }, false, "certificate expired on 20", "Renew the certificate"},
		"not yet valid":     {func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }, true, "certificate not valid before 20", "Set the clock"},
		"another host":      {func(c *x509.Certificate) { c.DNSNames = []string{"git.example.com"} }, true, "certificate is for git.example.com, not for localhost", "Set --host"},
		"no host":           {func(c *x509.Certificate) { c.DNSNames = nil }, true, "certificate has no host name", "Replace the certificate"},
		"unknown authority": {func(*x509.Certificate) {}, false, "signed by an unknown authority", "Set ca_file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, file := secured(t, c.change)
			o := options(host, newClock())
			if c.known {
				o.CAFile = file
			}
			err := try(t.Context(), mustNew(t, o), http.MethodPost)
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Attempts != 1 || e.Class != nil || e.FaultKind() != fault.Unreachable {
				t.Fatalf("%v (%T)", err, err)
			}
			if !strings.Contains(e.Error(), c.cause) || !strings.HasPrefix(e.FaultHint(), c.hint) {
				t.Errorf("%s\n%s", e, e.FaultHint())
			}
		})
	}
	host, file := secured(t, func(*x509.Certificate) {})
	o := options(host, newClock())
	o.CAFile = file
	if err := try(t.Context(), mustNew(t, o), http.MethodPost); err != nil {
		t.Errorf("a good certificate: %v", err)
	}
}

// A proxy that refuses is named, without its password; what is behind it was never asked, so nothing is unknown.
func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, attempts int
		cause, hint      string
	}{
		{http.StatusProxyAuthRequired, 1, " requires a user name and a password", "export HTTPS_PROXY=http://USER:PASSWORD@127.0.0.1:"},
		{http.StatusForbidden, 1, " answered 403 Forbidden", "NO_PROXY"},
		{http.StatusServiceUnavailable, MaxAttempts, " answered 503 Service Unavailable", "Check that GitLab is up"},
	} {
		for _, scheme := range []string{"https", "http"} {
			if scheme == "http" && c.status != http.StatusProxyAuthRequired {
				continue // looks like an answer of GitLab
			}
			t.Run(fmt.Sprint(c.status, scheme), func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int64
				proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					asked.Add(1)
					w.WriteHeader(c.status)
				}))
				t.Cleanup(proxy.Close)
				o := options(scheme+"://gitlab.example.test", newClock())
				wire, err := Bare("", nil, 1)
				if err != nil {
					t.Fatal(err)
				}
				u, _ := url.Parse(proxy.URL)
				u.User = url.UserPassword("me", "hunter2")
				wire.(*http.Transport).Proxy = http.ProxyURL(u)
				o.Transport = wire
				failed := try(t.Context(), mustNew(t, o), http.MethodPost)
				e, ok := errors.AsType[*Error](failed)
				if !ok || e.Class != nil || e.FaultKind() != fault.Unreachable || int(asked.Load()) != c.attempts {
					t.Fatalf("%v after %d requests", failed, asked.Load())
				}
				if text := e.Error() + e.Detail() + e.FaultHint(); !strings.Contains(e.Error(), "the proxy "+u.Host+c.cause) ||
					!strings.Contains(e.FaultHint(), c.hint) || strings.Contains(text, "hunter2") {
					t.Errorf("%s\n%s", e, e.FaultHint())
				}
			})
		}
	}
}

// Maintenance mode ends by itself, and no permission is missing.
func TestMaintenanceMode(t *testing.T) {
	t.Parallel()
	const words = "You cannot perform write operations on a read-only instance"
	c, _ := serve(t, answering(403, `{"message":"`+words+`"}`), nil)
	for _, method := range methods {
		err := try(t.Context(), c, method)
		if fault.KindOf(err) != fault.Unreachable || !strings.Contains(err.Error(), words) || !strings.Contains(fault.HintOf(err), "run the same command again") {
			t.Errorf("%s: %v (%s)", method, err, fault.HintOf(err))
		}
	}
	if c.Written() {
		t.Error("a refused write counts as one")
	}
	archived, _ := serve(t, answering(403, `{"message":"403 Forbidden"}`), nil)
	if err := try(t.Context(), archived, http.MethodPost); fault.KindOf(err) != fault.Auth {
		t.Errorf("403: %v", err)
	}
}

// A limit that outlasts --timeout is named, also when the time runs out in the request after the wait.
func TestLimitOutlastsTheTimeout(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]string{"while waiting": "60", "after the wait": "8"} {
		for _, method := range methods {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				c := inBubble(t, http.NotFoundHandler(), func(o *Options) {
					o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
						if seen.Add(1) == 1 {
							return overHandler(header(429, "Retry-After", wait))(r)
						}
						<-r.Context().Done()
						return nil, r.Context().Err()
					})
				})
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				err := try(ctx, c, method)
				if fault.KindOf(err) != fault.Unreachable || !strings.Contains(err.Error(), "rate limited") || strings.Contains(fault.HintOf(err), "is up") {
					t.Errorf("%s, %s: %v (%s)", name, method, err, fault.HintOf(err))
				}
			})
		}
	}
}

// What may have been written is known, whatever the answers say afterwards.
func TestWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		method  string
		want    bool
	}{
		"done":                    {[]http.HandlerFunc{answering(201, `{"id":1}`)}, http.MethodPost, true},
		"read":                    {[]http.HandlerFunc{answering(200, `{"id":1}`)}, http.MethodGet, false},
		"refused":                 {[]http.HandlerFunc{answering(403, `{}`)}, http.MethodPost, false},
		"lost":                    {[]http.HandlerFunc{abort}, http.MethodPost, true},
		"lost, then refused":      {[]http.HandlerFunc{abort, answering(401, `{}`)}, http.MethodPut, true},
		"limited, then refused":   {[]http.HandlerFunc{header(429, "Retry-After", "1"), answering(401, `{}`)}, http.MethodPut, false},
		"locked, labels are kept": {[]http.HandlerFunc{answering(409, `{"message":"Conflict: Resource lock"}`)}, http.MethodPut, true},
		"nothing to delete":       {[]http.HandlerFunc{answering(404, `{"message":"404 Not found"}`)}, http.MethodDelete, false},
		"a page instead":          {[]http.HandlerFunc{webPage(200, "Sign in")}, http.MethodPost, true},
	} {
		var n atomic.Int64
		client, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at := min(int(n.Add(1)), len(c.answers)) - 1
			c.answers[at](w, r)
		}), nil)
		err := try(t.Context(), client, c.method)
		if client.Written() != c.want {
			t.Errorf("%s: written is %v (%v)", name, client.Written(), err)
		}
		if name == "lost, then refused" && !errors.Is(err, fault.Unknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
