package term

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"golang.org/x/term"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// CanRedraw reports whether standard output is a terminal that can be redrawn in place.
func (s *Streams) CanRedraw() bool { return s.OutTTY && !s.Dumb }

// Screen is the whole terminal, which is redrawn in place. Until it is closed, nothing else may write to the streams.
type Screen struct {
	streams *Streams
	keys    chan byte
	restore func()
	done    chan struct{}
}

// Screen takes over the terminal: keys are read one by one, and what was on the terminal comes back when the screen is closed.
func (s *Streams) Screen() *Screen {
	c := &Screen{streams: s, keys: make(chan byte), done: make(chan struct{}), restore: func() {}}
	if s.file != nil {
		if before, err := term.MakeRaw(int(s.file.Fd())); err == nil {
			c.restore = func() { _ = term.Restore(int(s.file.Fd()), before) }
		}
	}
	if s.InTTY {
		go c.read()
	}
	fmt.Fprint(s.rawOut, "\x1b[?1049h\x1b[?25l")
	return c
}

// read passes keys on until the screen is closed. A read that waits then gets the next key, which nobody uses.
func (c *Screen) read() {
	for {
		key, err := c.streams.lines.ReadByte()
		if err != nil {
			return
		}
		select {
		case c.keys <- key:
		case <-c.done:
			return
		}
	}
}

// Keys are the keys that are pressed. ^C is one of them: the byte 3.
func (c *Screen) Keys() <-chan byte { return c.keys }

// Size returns the columns and the rows of the terminal, which may have changed. 0 rows: unknown.
func (c *Screen) Size() (columns, rows int) {
	if c.streams.out != nil {
		if w, h, err := term.GetSize(int(c.streams.out.Fd())); err == nil {
			return w, h
		}
	}
	return c.streams.Width, 0
}

// Draw replaces what is on the screen by lines, as many as fit, with the last ones of them always at the end.
func (c *Screen) Draw(text []byte, last []string) {
	_, rows := c.Size()
	lines := strings.Split(string(bytes.TrimRight(text, "\n")), "\n")
	if room := max(0, rows-len(last)-1); rows > 0 && len(lines) > room+1 {
		lines = append(lines[:room:room], fmt.Sprintf("… %d more lines", len(lines)-room))
	}
	var b strings.Builder
	b.WriteString("\x1b[H")
	for n, line := range append(lines, last...) {
		if n > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line + "\x1b[K")
	}
	b.WriteString("\x1b[J")
	fmt.Fprint(c.streams.rawOut, b.String())
}

// Close gives the terminal back.
func (c *Screen) Close() {
	close(c.done)
	fmt.Fprint(c.streams.rawOut, "\x1b[?25h\x1b[?1049l")
	c.restore()
}

// Cut returns a line as a terminal with that many columns shows it, cut with an ellipsis; 0: unlimited.
func Cut(line string, columns int) string {
	if line = sanitize.Line(line); columns > 0 {
		line = displaywidth.TruncateString(line, columns, "…")
	}
	return line
}

// fileOf is a file that is a terminal; nil for others.
func fileOf(f *os.File, tty bool) *os.File {
	if tty {
		return f
	}
	return nil
}
