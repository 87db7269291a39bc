// Package term is the terminal: the three streams, what they can show, questions, notes and progress.
//
// The rules of our terminal:
//
//   - Standard output carries the result and nothing else. Everything else goes to standard error:
//     notes as lines that begin with "prodctl: ", questions, progress.
//   - Into a pipe goes plain text of unlimited width. Only a terminal gets colours, alignment and cuts.
//   - Colour is decided once for each stream: off by --no-color, else off by NO_COLOR that is not empty,
//     else on by CLICOLOR_FORCE that is neither empty nor 0, else off by CLICOLOR=0, by TERM=dumb and by a stream that is
//     no terminal. Off means no styles of any kind, and nothing is told by colour alone.
//   - The width is what the terminal says, else COLUMNS, else 80. No terminal is ever asked anything in
//     escape sequences, because one that does not answer would stall the command.
//   - Questions are asked only when standard input and standard error are terminals; otherwise they are refused
//     with the flag that answers them. They are read from standard input and end with ^C.
//   - Progress is one line on a terminal's standard error, rewritten in place, for what takes over a second.
//   - Text from elsewhere never reaches the terminal as it is, see package visible.
//
// Start with [Detect]. No other package reads NO_COLOR and its kin. What a result looks like is not decided here.
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

// Streams are the standard streams of the program and what is known of them.
// Its methods may be called from several goroutines; writing to Err while a progress line stands garbles that line,
// so notes go through [Streams.Notef].
type Streams struct {
	Modes
	In  io.Reader // questions read from it too
	Out io.Writer
	Err io.Writer

	lines *bufio.Reader
	file  *os.File // In, when that is a terminal whose echo can be turned off

	mu       sync.Mutex
	progress *Progress // the line that stands on Err now
	asking   bool      // a question stands on Err, and nothing may be drawn over it
}

// Detect looks at the files and the environment, and builds the streams. getenv is os.Getenv;
// noColor is the flag --no-color.
func Detect(in, out, err *os.File, getenv func(string) string, noColor bool) *Streams {
	facts := Facts{OS: runtime.GOOS, NoColor: noColor, Getenv: getenv}
	facts.InTTY, _ = look(in)
	facts.OutTTY, facts.OutWidth = look(out)
	facts.ErrTTY, facts.ErrWidth = look(err)
	enableEscapes(out, err)
	s := New(in, out, err, Decide(facts))
	if facts.InTTY {
		s.file = in
	}
	return s
}

// look tells whether f is a terminal and how many columns it has, 0 when it does not say.
func look(f *os.File) (tty bool, width int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return true, width
}

// New builds streams of which everything is known already.
func New(in io.Reader, out, err io.Writer, modes Modes) *Streams {
	lines := bufio.NewReader(in)
	return &Streams{
		Modes: modes,
		In:    lines,
		Out:   forProfile(out, modes.OutTTY, modes.OutProfile),
		Err:   forProfile(err, modes.ErrTTY, modes.ErrProfile),
		lines: lines,
	}
}

// forProfile makes w drop or convert the colours that its terminal cannot show. A stream that is no terminal and has
// no colours gets its bytes as they are: nobody styles them, and a program may read them.
func forProfile(w io.Writer, tty bool, p Profile) io.Writer {
	if !tty && p <= colorprofile.NoTTY {
		return w
	}
	return &colorprofile.Writer{Forward: w, Profile: p}
}

// Notef writes a note for the person at the keyboard: one line on Err that begins with "prodctl: ".
func (s *Streams) Notef(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.erase()
	text := sanitize.Text(strings.TrimRight(fmt.Sprintf(format, args...), "\n"))
	fmt.Fprintf(s.Err, "prodctl: %s\n", strings.ReplaceAll(text, "\n", "\n  "))
	s.progress.draw()
}
