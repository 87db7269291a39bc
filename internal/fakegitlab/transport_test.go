package fakegitlab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// see posts to url and formats the answer as one line.
func see(t *testing.T, rt http.RoundTripper, url string) string {
	t.Helper()
	client := http.Client{Transport: rt}
	resp, err := client.Post(url, "text/plain", strings.NewReader("body"))
	if errors.Is(err, io.EOF) {
		return "EOF"
	}
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	text := fmt.Sprintf("%d %s %s", resp.StatusCode, resp.Header.Get("Content-Type"), body)
	if err != nil {
		text += " " + err.Error()
	}
	return text
}

// TestTransportAgreesWithNetHTTP runs the same handlers in memory and behind a socket.
func TestTransportAgreesWithNetHTTP(t *testing.T) {
	t.Parallel()
	handlers := map[string]http.HandlerFunc{
		"plain": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Type", "text/x")
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprintf(w, "%s %s %s %s %d", r.Method, r.RequestURI, r.URL.EscapedPath(), body, r.ContentLength)
		},
		"no write": func(http.ResponseWriter, *http.Request) {},
		"cut":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut before flush": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "lost")
			panic(http.ErrAbortHandler)
		},
		"cut after flush": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/x")
			w.Header().Set("Content-Length", "8")
			fmt.Fprint(w, "half")
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"header after write": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/x")
			w.WriteHeader(http.StatusAccepted)
			w.Header().Set("Content-Type", "text/y")
		},
	}
	for name, h := range handlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(h)
			defer srv.Close()
			const path = "/api/v4/projects/acme%2Finfra/labels/a%20b?x=1%2C2"
			got, want := see(t, transport.New(h), srv.URL+path), see(t, http.DefaultTransport, srv.URL+path)
			if got != want {
				t.Errorf("in memory %q, over the wire %q", got, want)
			}
		})
	}
}

func TestTransportHead(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method) })
	req, _ := http.NewRequest(http.MethodHead, "http://gitlab.example.test/", nil)
	resp, err := transport.New(h).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(resp.Body); len(body) != 0 || resp.StatusCode != 200 {
		t.Errorf("HEAD gave %d with body %q", resp.StatusCode, body)
	}
}

func TestTransportContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	carried := 0
	rt := transport.New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { carried++; cancel() }))
	for i := range 2 {
		req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://gitlab.example.test/", strings.NewReader("x"))
		if _, err := rt.RoundTrip(req); !errors.Is(err, context.Canceled) {
			t.Errorf("request %d: error %v, want canceled", i, err)
		}
	}
	if carried != 1 {
		t.Errorf("%d requests carried out, want the first one only", carried)
	}
}

func TestTransportSharesNoMemory(t *testing.T) {
	t.Parallel()
	var kept []byte
	var header http.Header
	rt := transport.New(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		kept, _ = io.ReadAll(r.Body)
		header = r.Header
	}))
	sent := []byte("before")
	req, _ := http.NewRequest(http.MethodPost, "http://gitlab.example.test/", bytes.NewReader(sent))
	req.Header.Set("X", "before")
	if _, err := rt.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	copy(sent, "after!")
	req.Header.Set("X", "after")
	if string(kept) != "before" || header.Get("X") != "before" {
		t.Errorf("the handler sees %q and %q after the caller's change", kept, header.Get("X"))
	}
}

func TestTransportLetsPanicsThrough(t *testing.T) {
	t.Parallel()
	defer func() {
		if p := recover(); p != "a fault of ours" {
			t.Errorf("recovered %v", p)
		}
	}()
	req, _ := http.NewRequest(http.MethodGet, "http://gitlab.example.test/", nil)
	transport.New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a fault of ours") })).RoundTrip(req)
}
