package term_test

import (
	"testing"

	"github.com/charmbracelet/colorprofile"

	"gitlab.com/prodctl/prodctl/internal/term"
)

// env works like os.Getenv on a list of names and values.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestDecideColour(t *testing.T) {
	t.Parallel()
	const none, basic = colorprofile.NoTTY, colorprofile.ANSI
	tests := []struct {
		name     string
		flag     bool
		env      func(string) string
		os       string
		out, err term.Profile // of a terminal, and of a pipe
	}{
		{"terminal and pipe", false, env("TERM", "xterm"), "linux", basic, none},
		{"256 colours", false, env("TERM", "screen-256color"), "linux", colorprofile.ANSI256, none},
		{"true colour", false, env("TERM", "xterm-256color", "COLORTERM", "truecolor"), "linux", colorprofile.TrueColor, none},
		{"direct", false, env("TERM", "xterm-direct"), "linux", colorprofile.TrueColor, none},
		{"flag", true, env("TERM", "xterm", "CLICOLOR_FORCE", "1"), "linux", none, none},
		{"NO_COLOR is not a boolean", false, env("TERM", "xterm", "NO_COLOR", "yes"), "linux", none, none},
		{"NO_COLOR=0 too", false, env("TERM", "xterm", "NO_COLOR", "0"), "linux", none, none},
		{"NO_COLOR before force", false, env("TERM", "xterm", "NO_COLOR", "1", "CLICOLOR_FORCE", "1"), "linux", none, none},
		{"force reaches pipes", false, env("TERM", "xterm", "CLICOLOR_FORCE", "1"), "linux", basic, basic},
		{"force before dumb", false, env("TERM", "dumb", "CLICOLOR_FORCE", "1"), "linux", basic, basic},
		{"force that is off", false, env("TERM", "xterm", "CLICOLOR_FORCE", "0"), "linux", basic, none},
		{"CLICOLOR=0", false, env("TERM", "xterm", "CLICOLOR", "0"), "linux", none, none},
		{"dumb", false, env("TERM", "dumb"), "linux", none, none},
		{"no TERM", false, env(), "linux", none, none},
		{"no TERM on Windows", false, env(), "windows", colorprofile.TrueColor, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := term.Decide(term.Facts{OS: tt.os, OutTTY: true, NoColor: tt.flag, Getenv: tt.env})
			if m.OutProfile != tt.out || m.ErrProfile != tt.err {
				t.Errorf("terminal %v, pipe %v; want %v, %v", m.OutProfile, m.ErrProfile, tt.out, tt.err)
			}
			if m.OutColor() != (tt.out != none) || m.ErrColor() != (tt.err != none) {
				t.Errorf("OutColor %v, ErrColor %v do not fit the profiles", m.OutColor(), m.ErrColor())
			}
		})
	}
}

func TestDecideWidth(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		facts term.Facts
		want  int
	}{
		{"the terminal's", term.Facts{OutTTY: true, OutWidth: 120, Getenv: env("COLUMNS", "60")}, 120},
		{"COLUMNS where it does not say", term.Facts{OutTTY: true, Getenv: env("COLUMNS", "60")}, 60},
		{"80 where nothing says", term.Facts{OutTTY: true, Getenv: env()}, 80},
		{"80 where COLUMNS is nonsense", term.Facts{OutTTY: true, Getenv: env("COLUMNS", "-3")}, 80},
		{"unlimited in a pipe", term.Facts{OutWidth: 120, Getenv: env("COLUMNS", "60")}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := term.Decide(tt.facts).Width; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
