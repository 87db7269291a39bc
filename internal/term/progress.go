package term

import (
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// patience is how long something may take before progress is shown.
const patience = time.Second

// Progress is a line on standard error that says what is being done. It appears after a second, and only on a terminal that can rewrite a
// line; elsewhere all methods do nothing.
type Progress struct {
	streams *Streams
	timer   *time.Timer
	text    string
	shown   bool
	drawn   int // width of the line on the terminal
}

// Progress starts to show what is being done, and replaces a line that is shown already. Stop it before the result is written.
func (s *Streams) Progress(format string, args ...any) *Progress {
	p := &Progress{streams: s, text: fmt.Sprintf(format, args...)}
	if !s.ErrTTY || s.Dumb {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.erase()
	s.progress = p
	p.timer = time.AfterFunc(patience, p.appear)
	return p
}

// Set changes the text.
func (p *Progress) Set(format string, args ...any) {
	p.streams.mu.Lock()
	defer p.streams.mu.Unlock()
	p.text = fmt.Sprintf(format, args...)
	p.draw()
}

// Stop removes the line. It may be called twice.
func (p *Progress) Stop() {
	p.streams.mu.Lock()
	defer p.streams.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	p.erase()
	p.shown = false
	if p.streams.progress == p {
		p.streams.progress = nil
	}
}

func (p *Progress) appear() {
	p.streams.mu.Lock()
	defer p.streams.mu.Unlock()
	if p.streams.progress == p {
		p.shown = true
		p.draw()
	}
}

// prompting removes the progress line, and keeps it away until the returned function is called.
func (s *Streams) prompting() (answered func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.erase()
	s.asking = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asking = false
	}
}

// draw writes the line over itself. Like erase it needs the streams' lock, and does nothing for nil.
func (p *Progress) draw() {
	if p == nil || !p.shown || p.streams.asking {
		return
	}
	room := max(p.streams.ErrWidth-1, 1) // a full last column would wrap
	text := displaywidth.TruncateString(sanitize.Line(p.text), room, "…")
	width := displaywidth.String(text)
	fmt.Fprint(p.streams.Err, "\r"+text+strings.Repeat(" ", max(p.drawn-width, 0)))
	p.drawn = width
}

// erase blanks the line and leaves the cursor at its start.
func (p *Progress) erase() {
	if p == nil || p.drawn == 0 {
		return
	}
	fmt.Fprint(p.streams.Err, "\r"+strings.Repeat(" ", p.drawn)+"\r")
	p.drawn = 0
}
