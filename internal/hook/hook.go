// Package hook carries out hooks: it sends one request to a webhook, or runs one command. Start with [Deliver].
//
// A hook is tried once, without a retry. A GitLab token has no way into this package. Which hooks follow which event is decided in
// internal/runner, what they get in pkg/hook.
package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Machine is what a hook uses of the machine.
type Machine struct {
	Getenv    func(string) string
	Run       func(context.Context, term.Child) error
	Path      func(string) string // what a command gets of PATH
	Secrets   []string            // words that no variable of a command may contain, such as the token
	Transport http.RoundTripper   // nil: net/http's, with the proxy of the environment and CAFile
	CAFile    string
	ReadFile  func(path string) ([]byte, error)
	AllowHTTP bool // plain http to other machines
	UserAgent string
}

// Deliver runs a hook once. output gets what a command prints, bounded. No error contains the address of a webhook.
func Deliver(ctx context.Context, m Machine, h hook.Hook, doc jsonv1.Hook) (output string, err error) {
	if len(h.Command) > 0 {
		return run(ctx, m, h, doc)
	}
	return "", post(ctx, m, h, doc)
}

func run(ctx context.Context, m Machine, h hook.Hook, doc jsonv1.Hook) (string, error) {
	if m.Run == nil {
		return "", errors.New("commands cannot be run here")
	}
	input, err := jsonv1.Marshal(doc)
	if err != nil {
		return "", err
	}
	out := &bounded{most: 4 << 10}
	err = m.Run(ctx, term.Child{Command: h.Command, Input: input, Output: out,
		Environment: func(all []string) []string { return hook.Environment(all, m.Path, m.Secrets...) }})
	if missing, ok := errors.AsType[*exec.Error](err); ok {
		err = missing.Err
	}
	return out.text(), err
}

// bounded keeps the beginning of what is written, and drops the rest, so that the writer never waits.
type bounded struct {
	kept bytes.Buffer
	most int
	more bool
}

// Write never fails.
func (b *bounded) Write(p []byte) (int, error) {
	room := min(b.most-b.kept.Len(), len(p))
	b.more = b.more || room < len(p)
	_, _ = b.kept.Write(p[:room])
	return len(p), nil
}

func (b *bounded) text() string {
	text := strings.TrimSpace(strings.ToValidUTF8(b.kept.String(), "\uFFFD"))
	if b.more {
		text += "\n(the rest is left out)"
	}
	return text
}

func post(ctx context.Context, m Machine, h hook.Hook, doc jsonv1.Hook) error {
	address := h.URL
	if h.URLEnv != "" {
		if address = strings.TrimSpace(m.Getenv(h.URLEnv)); address == "" {
			return fmt.Errorf("%s is not set", h.URLEnv)
		}
	}
	if err := hook.CheckAddress(address); err != nil {
		return err
	}
	if host.PlainRemote(address) && !m.AllowHTTP {
		return errors.New("plain http is refused (use https, or set allow_http: true)")
	}
	request, err := h.Request(doc)
	if err != nil {
		return err
	}
	if m.Transport == nil {
		if m.Transport, err = transport.Bare(m.CAFile, m.ReadFile, 1); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(request.Body))
	if err != nil {
		return errors.New("invalid address")
	}
	r.GetBody = nil // nothing is sent a second time
	r.Header.Set("Content-Type", request.Type)
	r.Header.Set("User-Agent", m.UserAgent)
	for name, value := range request.Headers {
		r.Header.Set(name, value)
	}
	resp, err := m.Transport.RoundTrip(r) // follows no redirect
	if err != nil {
		return plain(err)
	}
	defer func() { _ = resp.Body.Close() }() // the answer is not read: it may be endless
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return fmt.Errorf("%s%s, and redirects are not followed", status(resp.StatusCode), where(resp))
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return errors.New(status(resp.StatusCode))
	}
	return nil
}

// plain is an error without the address.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// status does not use the text that the server chose.
func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// where is the host to which an answer redirects.
func where(resp *http.Response) string {
	to, err := resp.Location()
	if err != nil || to.Host == "" {
		return ""
	}
	return " to " + to.Host
}
