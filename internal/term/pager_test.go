package term

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
)

func TestPagerComesFromTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  []string
		want string
	}{
		{nil, "less"}, {[]string{"PAGER=more -s"}, "more -s"}, {[]string{"PAGER=more", "PRODCTL_PAGER=most"}, "most"},
		{[]string{"PAGER=more", "PRODCTL_PAGER="}, ""}, {[]string{"PAGER=cat"}, ""}, {[]string{"PAGER="}, ""},
	} {
		getenv := func(name string) string {
			for _, v := range c.env {
				if value, ok := strings.CutPrefix(v, name+"="); ok {
					return value
				}
			}
			return ""
		}
		command, ok := pager(getenv, func(name string) bool { return isSet(c.env, name) })
		if got := strings.Join(command, " "); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q: %q, %t, want %q", c.env, got, ok, c.want)
		}
	}
	got := pagerEnvironment([]string{"GITLAB_TOKEN=secret", "prodctl_token=secret", "LANG=C"})
	if !slices.Equal(got, []string{"LANG=C", "LESS=FRX"}) {
		t.Errorf("%q", got)
	}
	if got := pagerEnvironment([]string{"LESS=S"}); !slices.Equal(got, []string{"LESS=S"}) {
		t.Errorf("%q", got)
	}
}

// A pager that is left early, or fails, has shown the text; one that cannot be started has not.
func TestPagerMayBeLeftEarly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	file := filepath.Join(t.TempDir(), "pager")
	if err := os.WriteFile(file, []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]bool{file: true, file + "-that-is-missing": false} {
		getenv := func(string) string { return command }
		if got := Page(getenv, []string{"PAGER=" + command}, bytes.Repeat([]byte("line\n"), 100000)); got != want {
			t.Errorf("%s: %t, want %t", command, got, want)
		}
	}
}

func TestHeldTextIsLongerThanTheTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := New(strings.NewReader(""), &out, &out, Modes{OutTTY: true, Height: 3, OutProfile: colorprofile.NoTTY})
	h := s.Hold()
	for n, want := range []bool{false, false, true} {
		if _, err := s.Out.Write([]byte("\x1b[1mline\x1b[m\n")); err != nil || h.Long() != want {
			t.Errorf("%d lines: %t, %v", n+1, h.Long(), err)
		}
	}
	if string(h.Colored()) != "line\nline\nline\n" || out.Len() != 0 {
		t.Errorf("%q, %q", h.Colored(), &out)
	}
	if err := h.Release(); err != nil || out.String() != "line\nline\nline\n" {
		t.Errorf("%q, %v", &out, err)
	}
}

func TestCopyToTheClipboard(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	s := New(strings.NewReader(""), &bytes.Buffer{}, &errs, Modes{ErrTTY: true, ErrProfile: colorprofile.NoTTY})
	if !s.Copy("https://gitlab.example.com/x") || errs.String() != "\x1b]52;c;aHR0cHM6Ly9naXRsYWIuZXhhbXBsZS5jb20veA==\a" {
		t.Errorf("%q", &errs)
	}
	for _, modes := range []Modes{{}, {ErrTTY: true, Dumb: true}} {
		errs.Reset()
		if New(strings.NewReader(""), &errs, &errs, modes).Copy("x") || errs.Len() > 0 {
			t.Errorf("%+v: %q", modes, &errs)
		}
	}
}
