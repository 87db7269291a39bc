// Package term is the terminal: the three streams, what they can show, prompts, notes and progress.
//
// The rules of our terminal:
//
//   - Standard output carries the result and nothing else. Everything else goes to standard error:
//     notes as lines that begin with "prodctl: ", prompts, progress.
//   - A pipe gets plain text of unlimited width. Only a terminal gets colors, alignment and cut columns.
//   - Colour is decided once for each stream: off by --no-color, else off by a NO_COLOR that is not empty,
//     else on by a CLICOLOR_FORCE that is neither empty nor 0, else off by CLICOLOR=0, by TERM=dumb and if the
//     stream is not a terminal. Off means no styles of any kind, so color alone never carries information.
//   - The width is the one that the terminal reports, else COLUMNS, else 80. Escape sequences never query the
//     terminal, because a terminal that does not answer would stall the command.
//   - Prompts need a terminal on standard input and on standard error. Without one they are refused, with the
//     flag that answers them. They are read from standard input, and ^C ends them.
//   - Progress is one line on a terminal's standard error, rewritten in place, for work that takes over a second.
//   - Text from elsewhere is sanitized before it reaches the terminal, see package sanitize.
//
// Start with [Detect]. No other package reads NO_COLOR and similar variables. The layout of results does not belong here.
package term

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Streams are the program's standard streams and their abilities. The methods may be called from several goroutines. Writing to Err
// directly would garble a progress line, so notes go through [Streams.Notef].
type Streams struct {
	Modes
	In  io.Reader // prompts read from it too
	Out io.Writer
	Err io.Writer

	lines  *bufio.Reader
	file   *os.File  // In, if it is a terminal whose echo can be turned off
	screen *os.File  // Err, if it is a terminal
	out    *os.File  // Out, if it is a terminal
	rawOut io.Writer // Out, as it is
	rawErr io.Writer // Err with no filter for colors

	mu       sync.Mutex
	progress *Progress // the line on Err now
	asking   bool      // a prompt is on Err, and nothing may be drawn over it
}

// Detect builds the streams from the files and the environment. getenv is os.Getenv; noColor is the flag --no-color.
func Detect(in, out, err *os.File, getenv func(string) string, noColor bool) *Streams {
	facts := Facts{OS: runtime.GOOS, NoColor: noColor, Getenv: getenv}
	facts.InTTY, _, _ = inspect(in)
	facts.OutTTY, facts.OutWidth, facts.OutHeight = inspect(out)
	facts.ErrTTY, facts.ErrWidth, _ = inspect(err)
	enableEscapes(out, err)
	s := New(in, out, err, Decide(facts))
	s.file, s.screen, s.out = fileOf(in, facts.InTTY), fileOf(err, facts.ErrTTY), fileOf(out, facts.OutTTY)
	return s
}

// inspect reports whether f is a terminal, and how many columns and lines it has (0 if it does not say).
func inspect(f *os.File) (tty bool, width, height int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0, 0
	}
	width, height, err := term.GetSize(fd)
	if err != nil {
		return true, 0, 0
	}
	return true, width, height
}

// New builds streams with known modes.
func New(in io.Reader, out, err io.Writer, modes Modes) *Streams {
	lines := bufio.NewReader(in)
	return &Streams{
		Modes:  modes,
		In:     lines,
		Out:    forProfile(out, modes.OutTTY, modes.OutProfile),
		Err:    forProfile(err, modes.ErrTTY, modes.ErrProfile),
		lines:  lines,
		rawOut: out, rawErr: err,
	}
}

// forProfile makes w drop or convert colors that its terminal cannot show. A stream that is not a terminal and has no colors gets its
// bytes unchanged: nothing styles them, and a program may read them.
func forProfile(w io.Writer, tty bool, p Profile) io.Writer {
	if !tty && p <= colorprofile.NoTTY {
		return w
	}
	return &colorprofile.Writer{Forward: w, Profile: p}
}

// Notef writes a note to the user: one line on Err that begins with "prodctl: ".
func (s *Streams) Notef(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.erase()
	text := sanitize.Text(strings.TrimRight(fmt.Sprintf(format, args...), "\n"))
	fmt.Fprintln(s.Err, Message("prodctl: "+strings.ReplaceAll(text, "\n", "\n  "), s.ErrWidth))
	s.progress.draw()
}
