package runner

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/term"
)

func session(args ...string) *app.Session {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.Bool(app.IncludeConfidential, false, "")
	return &app.Session{App: &app.App{Args: args, Flags: flags, Streams: new(term.Streams)}}
}

func TestRetryCommandLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, same, withKey, asNew string }{
		{"incident open x", "incident open x", "incident open x --key k", "incident open x --new"},
		{"incident open x --key=k", "incident open x --key=k", "incident open x --key=k", "incident open x --new"},
		{"incident open x --key k -q", "incident open x --key k -q", "incident open x --key k -q", "incident open x -q --new"},
		{"incident open x --key k --key-since 2018-08-24", "incident open x --key k --key-since 2018-08-24", "incident open x --key k --key-since 2018-08-24", "incident open x --new"},
		{"incident open --new -- --key", "incident open --new -- --key", "incident open --key k -- --key", "incident open --new -- --key"},
		{"change open -f- --new", "change open -f- --new", "change open -f- --key k", "change open -f- --new"},
	} {
		s := session(strings.Fields(c.args)...)
		for _, got := range [][2]string{{Retry(s), c.same}, {RetryWithKey(s, "k"), c.withKey}, {RetryAsNew(s), c.asNew}} {
			if got[0] != "prodctl "+got[1] {
				t.Errorf("%s: %q, want %q", c.args, got[0], "prodctl "+got[1])
			}
		}
	}
	if got := Retry(session("incident", "open", "it's down", "")); got != `prodctl incident open 'it'\''s down' ''` {
		t.Errorf("quoting: %s", got)
	}
	if got := RetryWithout(session("handoff", "--shift", "last", "-f-", "--post"), []string{"--shift", "-f"}, "--shift", "id"); got !=
		"prodctl handoff --post --shift id" {
		t.Errorf("without: %s", got)
	}
}

func TestRetryHint(t *testing.T) {
	t.Parallel()
	const line, short = "prodctl incident open x --key k", "the same command with --key k"
	for _, c := range []struct{ own, line, want string }{
		{"", line, "To retry (safe to repeat): " + line},
		{"", short, "To retry (safe to repeat), run the same command with --key k"},
		{"Check that GitLab is up, then run the same command again.", line, "Check that GitLab is up, then retry (safe to repeat): " + line},
		{"Check that GitLab is up, then run the same command again.", short,
			"Check that GitLab is up, then run the same command with --key k (safe to repeat)"},
		{"Run the same command again later", line, "To retry (safe to repeat): " + line},
		{"Ask for the Reporter role", line, "Ask for the Reporter role, then retry (safe to repeat): " + line},
		{"Log in: prodctl auth login", line, "Log in: prodctl auth login\nTo retry (safe to repeat): " + line},
	} {
		if got := RetryHint(c.own, c.line); got != c.want {
			t.Errorf("%q: %q, want %q", c.own, got, c.want)
		}
	}
}

func TestShareableKeepsConfidentialArgumentsOutOfLogs(t *testing.T) {
	t.Parallel()
	s := session("incident", "open", "secret")
	if got := Shareable(s, "line", "short", true); got != "short" {
		t.Errorf("confidential, no terminal: %s", got)
	}
	if got := Shareable(s, "line", "short", false); got != "line" {
		t.Errorf("not confidential: %s", got)
	}
	if err := s.Flags.Set(app.IncludeConfidential, "true"); err != nil {
		t.Fatal(err)
	}
	if got := Shareable(s, "line", "short", true); got != "line" {
		t.Errorf("with the flag: %s", got)
	}
	s = session()
	s.ErrTTY = true
	if got := Shareable(s, "line", "short", true); got != "line" {
		t.Errorf("on a terminal: %s", got)
	}
}

// clockTime is a flag with a time, as entered and as resolved.
type clockTime struct {
	time.Time
	raw string
}

func (c *clockTime) Set(raw string) error { c.raw = raw; return nil }
func (c *clockTime) String() string       { return c.raw }
func (c *clockTime) Type() string         { return "time" }

func TestRetryPinsRelativeTimes(t *testing.T) {
	t.Parallel()
	s := session("incident", "open", "x", "--started", "10m", "--detected=2018-08-24T09:00:00Z", "--new")
	started := &clockTime{Time: time.Date(2018, 8, 24, 8, 50, 0, 0, time.UTC)}
	s.Flags.Var(started, "started", "")
	s.Flags.Var(&clockTime{Time: time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)}, "detected", "")
	s.Flags.Var(new(clockTime), "at", "")
	for flag, raw := range map[string]string{"started": "10m", "detected": "2018-08-24T09:00:00Z"} {
		if err := s.Flags.Set(flag, raw); err != nil {
			t.Fatal(err)
		}
	}
	const common = "prodctl incident open x --detected=2018-08-24T09:00:00Z "
	if got := RetryWithKey(s, "k"); got != common+"--key k --started 2018-08-24T08:50:00Z" {
		t.Error(got)
	}
	if got := RetryAsNew(s); got != common+"--new --started 2018-08-24T08:50:00Z" {
		t.Error(got)
	}
}
