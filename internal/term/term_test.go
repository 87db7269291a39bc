package term_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/term"
)

var atKeyboard = term.Modes{InTTY: true, ErrTTY: true, ErrWidth: 20, ErrProfile: colorprofile.NoTTY}

// withInput returns a terminal with input from the keyboard. The buffer has what it shows.
func withInput(input string) (*term.Streams, *bytes.Buffer) {
	var screen bytes.Buffer
	return term.New(strings.NewReader(input), io.Discard, &screen, atKeyboard), &screen
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]bool{
		"y\n": true, "YES\n": true, " yes \r\n": true, "y": true,
		"\n": false, "n\n": false, "yep\n": false, "no\n": false,
	} {
		s, screen := withInput(input)
		got, err := s.Confirm(t.Context(), "Apply?")
		if got != want || err != nil {
			t.Errorf("%q is %v, %v; want %v", input, got, err, want)
		}
		if shown := screen.String(); shown != "Apply? [y/N] " {
			t.Errorf("shown: %q", shown)
		}
	}
}

func TestPromptsNeedTerminals(t *testing.T) {
	t.Parallel()
	for _, modes := range []term.Modes{{}, {InTTY: true}, {ErrTTY: true, OutTTY: true}} {
		var screen bytes.Buffer
		s := term.New(strings.NewReader("y\n1\n"), &screen, &screen, modes)
		_, confirm := s.Confirm(t.Context(), "Apply?")
		_, ask := s.Ask(t.Context(), "Name", "x")
		_, choose := s.Choose(t.Context(), "Which", []string{"a"})
		_, hidden := s.Hidden(t.Context(), "Token")
		for _, err := range []error{confirm, ask, choose, hidden} {
			if fault.KindOf(err) != fault.Refused || fault.HintOf(err) == "" {
				t.Errorf("got %v, want a refusal with a hint", err)
			}
		}
		if !strings.Contains(fault.HintOf(confirm), "--yes") {
			t.Errorf("the hint %q does not name --yes", fault.HintOf(confirm))
		}
		if err := s.WaitKey(t.Context(), "Go on"); err != nil {
			t.Errorf("WaitKey: %v", err)
		}
		if screen.Len() > 0 {
			t.Errorf("unexpected output: %q", screen.String())
		}
	}
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	s, screen := withInput("\nours\n7\nx\n2\n s3cret \n")
	name, err := s.Ask(t.Context(), "Name", "fallback")
	if name != "fallback" || err != nil {
		t.Errorf("empty answer: %q, %v", name, err)
	}
	if name, err = s.Ask(t.Context(), "Name", ""); name != "ours" || err != nil {
		t.Errorf("answer: %q, %v", name, err)
	}
	i, err := s.Choose(t.Context(), "Which", []string{"a\x1b[31m", "b"})
	if i != 1 || err != nil {
		t.Errorf("choice: %d, %v", i, err)
	}
	if secret, err := s.Hidden(t.Context(), "Token"); secret != "s3cret" || err != nil {
		t.Errorf("secret: %q, %v", secret, err)
	}
	want := "Name [fallback]: Name:   1  a␛[31m\n  2  b\nWhich [1-2]: " +
		"prodctl: invalid\n    choice \"7\" (use\n    a number from 1\n    to 2)\nWhich [1-2]: " +
		"prodctl: invalid\n    choice \"x\" (use\n    a number from 1\n    to 2)\nWhich [1-2]: Token: "
	if got := screen.String(); got != want {
		t.Errorf("shown %q\nwant  %q", got, want)
	}
	if _, err := s.Ask(t.Context(), "More", "x"); fault.KindOf(err) != fault.Refused {
		t.Errorf("the end of the input gives %v", err)
	}
}

func TestPromptEndsWithContext(t *testing.T) {
	t.Parallel()
	read, write := io.Pipe()
	defer write.Close()
	s := term.New(read, io.Discard, io.Discard, atKeyboard)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Confirm(ctx, "Apply?"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNotef(t *testing.T) {
	t.Parallel()
	s, screen := withInput("")
	s.Notef("renamed %s\nand closed it\n", "a\x1b]0;x\x07b")
	if got, want := screen.String(), "prodctl: renamed\n    a␛]0;x␇b\n  and closed it\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressAppearsAfterASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, screen := withInput("")
		quick := s.Progress("Reading labels")
		time.Sleep(999 * time.Millisecond)
		synctest.Wait()
		quick.Stop()
		if screen.Len() > 0 {
			t.Errorf("shown before a second has passed: %q", screen.String())
		}
		slow := s.Progress("Reading %d issues of a very long tracker", 100_000)
		time.Sleep(1001 * time.Millisecond)
		synctest.Wait()
		slow.Set("3 of 12")
		s.Notef("waits for the limit")
		slow.Stop()
		slow.Stop()
		want := "\rReading 100000 iss…" + // 19 of 20 columns
			"\r3 of 12" + strings.Repeat(" ", 12) +
			"\r       \r" + "prodctl: waits for\n    the limit\n" + "\r3 of 12" +
			"\r       \r"
		if got := screen.String(); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

func TestNoProgressWithoutTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, modes := range []term.Modes{{}, {ErrTTY: true, Dumb: true}} {
			var screen bytes.Buffer
			p := term.New(strings.NewReader(""), io.Discard, &screen, modes).Progress("reading")
			time.Sleep(2 * time.Second)
			p.Set("still reading")
			p.Stop()
			if screen.Len() > 0 {
				t.Errorf("%+v shows %q", modes, screen.String())
			}
		}
	})
}

func TestStylesFollowTheProfile(t *testing.T) {
	t.Parallel()
	const text = "\x1b[1;38;2;255;0;0mred\x1b[m"
	tests := []struct {
		name  string
		modes term.Modes
		want  string
	}{
		{"a pipe gets its bytes", term.Modes{OutProfile: colorprofile.NoTTY}, text},
		{"a terminal without colours", term.Modes{OutTTY: true, OutProfile: colorprofile.NoTTY}, "red"},
		{"true colour", term.Modes{OutTTY: true, OutProfile: colorprofile.TrueColor}, text},
		{"basic colours", term.Modes{OutTTY: true, OutProfile: colorprofile.ANSI}, "\x1b[1;91mred\x1b[m"},
		{"forced into a pipe", term.Modes{OutProfile: colorprofile.ANSI}, "\x1b[1;91mred\x1b[m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			s := term.New(strings.NewReader(""), &out, io.Discard, tt.modes)
			if _, err := io.WriteString(s.Out, text); err != nil || out.String() != tt.want {
				t.Errorf("got %q, %v; want %q", out.String(), err, tt.want)
			}
		})
	}
}

func TestDetectWithoutTerminals(t *testing.T) {
	t.Parallel()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := term.Detect(f, f, f, env("TERM", "xterm-256color", "COLUMNS", "60"), false)
	if s.InTTY || s.OutTTY || s.ErrTTY || s.Width != 0 || s.OutColor() || s.Interactive() {
		t.Errorf("the null device is taken for a terminal: %+v", s.Modes)
	}
}
