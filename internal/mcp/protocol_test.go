package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// What is not a message is answered with an error, and the session goes on. A message of any length needs bounded memory.
func TestGarbageDoesNotEndTheSession(t *testing.T) {
	t.Parallel()
	c := newLab(t).serve(t)
	for _, try := range []struct {
		line string
		code int
	}{
		{"garbage", -32700},
		{`{"jsonrpc":"2.0","id":7,"method":"tools/list"`, -32700},
		{`{"foo":1}`, -32700},
		{`[{"jsonrpc":"2.0","id":7,"method":"tools/list"}]`, -32700},
		{"\x00\xff\xfe", -32700},
		{`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"` + strings.Repeat("x", lineLimit) + `"}`, -32600},
		{strings.Repeat("[", 100_000), -32700},
	} {
		c.line(try.line)
		if a := c.next(); a.Error == nil || a.Error.Code != try.code || a.ID != nil {
			t.Errorf("%.60q: %s", try.line, a.raw)
		}
	}
	c.line("")
	c.line("\r")
	if a := c.request("tools/list", "{}"); len(a.Result.Tools) != len(tools()) {
		t.Errorf("after garbage: %s", a.raw)
	}
	for _, a := range []answer{c.request("tools/call", params("apply", `{}`)), c.request("tools/call", `{"name":7}`), c.request("no/method", `{}`)} {
		if a.Error == nil {
			t.Errorf("not refused: %s", a.raw)
		}
	}
}

// The server ends with its input, with exit code 0, and writes nothing but messages.
func TestServerEndsWithItsInput(t *testing.T) {
	t.Parallel()
	c := newLab(t).serve(t)
	c.call("incident_list", "{}")
	c.to.Close()
	rest, err := io.ReadAll(c.lines)
	if code := <-c.ended; code != 0 || err != nil || len(rest) > 0 || c.errs.Len() > 0 {
		t.Errorf("exit code %d, %q, %q, %v", code, rest, c.errs.String(), err)
	}
}

// Calls run at the same time, and each has its own answer.
func TestCallsAtTheSameTime(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	c := l.serve(t)
	want := map[int]string{}
	for n := range 24 {
		name, input, part := "incident_show", `{"incident":"1"}`, `"ref":"acme/production#1"`
		switch n % 3 {
		case 1:
			name, input, part = "board", `{}`, `"kind":"board"`
		case 2:
			name, input, part = "plan_incident", `{"action":"open","title":"Another"}`, "prodctl apply "
		}
		want[c.send("tools/call", params(name, input))] = part
	}
	for range 24 {
		a := c.next()
		if a.ID == nil || len(a.Result.Content) != 1 || a.Result.IsError || !strings.Contains(a.Result.Content[0].Text, want[*a.ID]) {
			t.Fatalf("%s", a.raw)
		}
		delete(want, *a.ID)
	}
	if len(want) > 0 || len(l.wire.writes()) > 0 {
		t.Errorf("without an answer: %v", want)
	}
}

// silent is a GitLab that never answers. It reports each request that begins, and each that is canceled.
type silent struct{ began, canceled chan struct{} }

func (s silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.began <- struct{}{}
	<-r.Context().Done()
	s.canceled <- struct{}{}
	return nil, r.Context().Err()
}

func newSilent(l *lab) silent {
	s := silent{make(chan struct{}, 100), make(chan struct{}, 100)}
	l.wire.next = s
	return s
}

// A call that the client cancels stops its requests, and so does the end of the input.
func TestCanceledCallStopsItsRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := newSilent(l)
	c := l.serve(t)
	id := c.send("tools/call", params("incident_list", "{}"))
	<-s.began
	c.line(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%d}}`, id))
	<-s.canceled
	c.id++
	c.line(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"ping"}`, c.id))
	for a := c.next(); a.ID == nil || *a.ID != c.id; a = c.next() {
		if a.Error == nil && !a.Result.IsError {
			t.Errorf("the canceled call succeeded: %s", a.raw)
		}
	}
	c.send("tools/call", params("change_list", "{}"))
	<-s.began
	go func() { _, _ = io.Copy(io.Discard, c.lines) }()
	c.to.Close()
	<-s.canceled
	if code := <-c.ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A call that takes longer than --timeout fails as the command does.
func TestCallTimesOut(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	newSilent(l)
	text, failed := l.serve(t, "--timeout", "20ms").call("incident_list", "{}")
	if !failed || !strings.HasPrefix(text, "Failed (exit code 7, GitLab unreachable, or too slow)") {
		t.Error(text)
	}
}

// A result has a bound, whatever the size of the tracker and of its texts, and names how to get less.
func TestResultsAreBounded(t *testing.T) {
	t.Parallel()
	l := newLab(t, strings.Repeat("long ", 20_000))
	l.server.Load(500)
	for n := range 160 {
		l.server.MustDo("dev", "POST", "/projects/acme%2Fproduction/issues",
			fmt.Sprintf(`{"title":"Incident %d","labels":"incident,Incident::Active,S3","description":%q}`, n, "words"))
	}
	c := l.serve(t)
	for _, name := range []string{"incident_list", "handoff", "board", "flow", "budget", "timebox"} {
		text, failed := c.call(name, "{}")
		if failed || len(text) > resultLimit+2000 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
		if !json.Valid([]byte(strings.Split(text, "\n")[2])) || name == "incident_list" && !strings.Contains(text, " more; to get less: severity, state, services or since]") {
			t.Errorf("%s: %.3000s", name, text)
		}
	}
}

// The flags of the server.
func TestFlags(t *testing.T) {
	t.Parallel()
	for _, try := range []struct {
		args []string
		code int
		out  string
		err  string
	}{
		{[]string{"--help"}, 0, "Usage:\n  prodctl-mcp [flags]", ""},
		{[]string{"--version"}, 0, "prodctl-mcp ", ""},
		{[]string{"--yes"}, 6, "", "prodctl-mcp: unknown flag: --yes\nhint: "},
		{[]string{"apply"}, 6, "", "prodctl-mcp: unexpected argument \"apply\"\n"},
		{[]string{"--timeout", "0"}, 6, "", "prodctl-mcp: "},
		{nil, 0, "", ""},
	} {
		var out, errs bytes.Buffer
		code := Main(context.Background(), try.args, "", newLab(t).machine(), Streams{strings.NewReader(""), &out, &errs})
		if code != try.code || !strings.Contains(out.String(), try.out) || !strings.HasPrefix(errs.String(), try.err) || (try.code != 0) != (errs.Len() > 0) {
			t.Errorf("%q: exit %d, %q, %q", try.args, code, out.String(), errs.String())
		}
	}
}

// Without a folder for plans a plan is not saved, and nothing else changes.
func TestNoFolderForPlans(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"", "/dev/null/plans"} {
		l := newLab(t)
		l.plans = folder
		text, failed := l.serve(t).call("plan_incident", `{"action":"open","title":"New"}`)
		if !failed || !strings.HasPrefix(text, "The plan was not saved: ") {
			t.Errorf("%q: %s", folder, text)
		}
	}
}

// A wrong token is an error as everywhere, without the token.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.env["GITLAB_TOKEN"] = "glpat-" + canary
	text, failed := l.serve(t).call("incident_list", "{}")
	if !failed || !strings.HasPrefix(text, "Failed (exit code 4, authentication or permission)") {
		t.Error(text)
	}
	secrets(t, "wrong token", text, "")
}
