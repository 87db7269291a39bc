package term

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Held is what was written to Out since [Streams.Hold].
type Held struct {
	bytes.Buffer
	s   *Streams
	out io.Writer // as it was
}

// Hold keeps what is written to Out from now on.
func (s *Streams) Hold() *Held {
	h := &Held{s: s}
	h.out, s.Out = s.Out, h
	return h
}

// Long reports whether the text has more lines than the terminal.
func (h *Held) Long() bool {
	return h.s.Height > 0 && bytes.Count(h.Bytes(), []byte("\n")) >= h.s.Height
}

// Release writes the text to Out.
func (h *Held) Release() error {
	h.s.Out = h.out
	_, err := h.out.Write(h.Bytes())
	return err
}

// Colored is the text with the colors that the terminal can show.
func (h *Held) Colored() []byte {
	var text bytes.Buffer
	_, _ = (&colorprofile.Writer{Forward: &text, Profile: h.s.OutProfile}).Write(h.Bytes()) // a buffer does not fail
	return text.Bytes()
}

// Page shows a text in the user's pager: the command in PRODCTL_PAGER or PAGER, or else less. It reports false, and shows nothing, without
// a pager: the variable is empty or cat, or the program cannot be started. Leaving the pager early is not an error. It gets no token.
func Page(getenv func(string) string, environ []string, text []byte) (shown bool) {
	command, ok := pager(getenv, func(name string) bool { return isSet(environ, name) })
	if !ok {
		return false
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), os.Stdout, os.Stderr
	cmd.Env = pagerEnvironment(environ)
	if err := cmd.Start(); err != nil {
		return false
	}
	signal.Ignore(os.Interrupt) // ^C is the pager's
	_ = cmd.Wait()
	return true
}

// pager is the command of the pager.
func pager(getenv func(string) string, set func(string) bool) (command []string, ok bool) {
	for _, name := range []string{"PRODCTL_PAGER", "PAGER"} {
		if set(name) {
			command = strings.Fields(getenv(name))
			return command, len(command) > 0 && command[0] != "cat"
		}
	}
	return []string{"less"}, true
}

func isSet(environ []string, name string) bool {
	for _, v := range environ {
		if strings.HasPrefix(v, name+"=") {
			return true
		}
	}
	return false
}

// pagerEnvironment is the environment without tokens, and with options for less: leave if it fits, show colors, keep the screen.
func pagerEnvironment(environ []string) (out []string) {
	for _, v := range environ {
		if name, _, _ := strings.Cut(v, "="); !strings.HasSuffix(strings.ToUpper(name), "TOKEN") {
			out = append(out, v)
		}
	}
	if !isSet(environ, "LESS") {
		out = append(out, "LESS=FRX")
	}
	return out
}

// Copy asks the terminal to put a text on the clipboard (OSC 52). Terminals that cannot do that ignore it. It reports false without a
// terminal on standard error.
func (s *Streams) Copy(text string) bool {
	if !s.ErrTTY || s.Dumb {
		return false
	}
	defer s.prompting()()
	fmt.Fprintf(s.rawErr, "\x1b]52;c;%s\a", base64.StdEncoding.EncodeToString([]byte(text)))
	return true
}
