package runner

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// The times between two refreshes.
const (
	WatchInterval      = 15 * time.Second
	LeastWatchInterval = 5 * time.Second
)

// Watch is a command whose output is refreshed: in place on a terminal, elsewhere as lines that changed.
type Watch struct {
	App      *app.App
	Interval time.Duration
	// Open creates the view, and Run runs the command once.
	Open func() error
	Run  func() error
	// Ends reports whether the error of a run ends the watch, besides errors that no later run can change; may be nil.
	Ends func(err error) bool

	slow    int // how often the interval is doubled
	good    []byte
	goodAt  time.Time
	printed map[string]bool // lines of the last refresh, in a pipe
	noted   map[string]bool // messages of the last refresh, in a pipe
	left    []byte          // stays on the terminal when the screen is gone
}

// Loop refreshes until `q`, an interrupt, or an error that no later run can change. GitLab may be gone meanwhile: the last output stays.
func (w *Watch) Loop(ctx context.Context) error {
	a := w.App
	streams, view := a.Streams, a.View
	defer func() { a.Streams, a.View = streams, view }()
	inPlace := streams.CanRedraw() && view.Format() == render.Table
	var screen *term.Screen
	var keys <-chan byte
	if inPlace {
		screen = streams.Screen()
		keys = screen.Keys()
		defer func() {
			screen.Close()
			_, _ = streams.Out.Write(w.left)
		}()
	}
	for {
		out, notes, err := w.refresh(streams, screen)
		over := w.over(ctx, err)
		switch {
		case screen == nil:
			if werr := w.print(streams, out, notes, err, over); werr != nil {
				return werr
			}
		case over:
			w.left = out
		default:
			screen.Draw(w.shown(out, err), w.footer(notes, err))
		}
		if over {
			return cmp.Or(ctx.Err(), err)
		}
		if key, err := w.wait(ctx, keys); err != nil || key == 'q' {
			return err
		}
	}
}

// refresh runs the command once and returns what it wrote.
func (w *Watch) refresh(streams *term.Streams, screen *term.Screen) (out, notes []byte, err error) {
	var written, aside bytes.Buffer
	modes := streams.Modes
	modes.InTTY, modes.ErrTTY = false, false
	if screen != nil {
		modes.Width, _ = screen.Size()
		modes.ErrWidth = modes.Width
	}
	w.App.Streams = term.New(strings.NewReader(""), &written, &aside, modes)
	client, cerr := w.App.Client(w.App.Context)
	if cerr == nil {
		client.NextRound()
	}
	if err = w.Open(); err == nil {
		err = w.Run()
	}
	if w.slow = 0; cerr == nil && client.Limited() {
		w.slow = 1
	}
	return written.Bytes(), aside.Bytes(), err
}

// over reports whether the watch ends with a run.
func (w *Watch) over(ctx context.Context, err error) bool {
	if ctx.Err() != nil || w.Ends != nil && w.Ends(err) {
		return true
	}
	if e, ok := errors.AsType[*gitlab.Error](err); ok && e.Status == http.StatusUnauthorized {
		return true // the token was revoked, or has expired
	}
	switch fault.KindOf(err) {
	case fault.Usage, fault.Interrupted:
		return err != nil
	}
	return err != nil && errors.Is(err, context.Canceled)
}

// shown is what the screen shows: the output, or the last one if there is none because of an error.
func (w *Watch) shown(out []byte, err error) []byte {
	if len(out) > 0 && (err == nil || fault.KindOf(err) != fault.Unreachable || w.good == nil) {
		if fault.KindOf(err) != fault.Unreachable || err == nil {
			w.good, w.goodAt = out, w.App.Now()
		}
		return out
	}
	return w.good
}

// footer are the lines below the output: the last note, an error, and how to leave.
func (w *Watch) footer(notes []byte, err error) (lines []string) {
	width := w.App.ErrWidth
	if text := lastLine(notes); text != "" {
		lines = append(lines, text)
	}
	if err != nil && err.Error() != "" {
		text := "error: " + err.Error()
		if fault.KindOf(err) == fault.Unreachable && !w.goodAt.IsZero() {
			text = "stale since " + w.goodAt.UTC().Format("15:04:05 UTC") + ": " + err.Error()
		}
		lines = append(lines, text)
	}
	now := w.App.Now().UTC()
	lines = append(lines, "Refreshed "+now.Format("15:04:05 UTC")+", every "+w.interval().String()+"; q leaves, r refreshes")
	for n, l := range lines {
		lines[n] = term.Cut(l, width)
	}
	return append([]string{""}, lines...)
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// interval is the time until the next refresh.
func (w *Watch) interval() time.Duration { return w.Interval << w.slow }

// wait waits for the next refresh, or for a key. ^C is one too: while keys are read one by one, it sends no signal.
func (w *Watch) wait(ctx context.Context, keys <-chan byte) (key byte, err error) {
	const interrupt = 3
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan error, 1)
	go func() { slept <- w.App.Sleep(ctx, w.interval()) }()
	for {
		select {
		case err := <-slept:
			return 0, err
		case key := <-keys:
			switch key {
			case interrupt:
				return 0, context.Canceled
			case 'q', 'r', ' ':
				cancel()
				<-slept
				return key, nil
			}
		}
	}
}

// print writes what changed since the last refresh: of a document that is read by programs all of it, otherwise the lines that are new,
// each with the time. Messages that the last refresh had too are left out.
func (w *Watch) print(streams *term.Streams, out, notes []byte, err error, last bool) error {
	if err != nil && err.Error() != "" && !last {
		aside := bytes.NewBuffer(notes)
		term.New(strings.NewReader(""), aside, aside, streams.Modes).Notef("%s", err)
		notes = aside.Bytes()
	}
	noted := map[string]bool{}
	for _, m := range messages(string(notes)) {
		if noted[m] = true; !w.noted[m] {
			_, _ = io.WriteString(streams.Err, m)
		}
	}
	w.noted = noted
	if w.App.View.Format() != render.Table {
		if !bytes.Equal(w.good, out) && len(out) > 0 {
			w.good = slices.Clone(out)
			_, err := streams.Out.Write(out)
			return err
		}
		return nil
	}
	stamp := w.App.Now().UTC().Format(time.RFC3339)
	seen := map[string]bool{}
	var text strings.Builder
	for line := range strings.Lines(string(out)) {
		if seen[line] = true; !w.printed[line] {
			text.WriteString(stamp + "\t" + line)
		}
	}
	if len(out) > 0 {
		w.printed = seen
	}
	_, werr := streams.Out.Write([]byte(text.String()))
	return werr
}

// messages splits notes. The next lines of a message are indented.
func messages(notes string) (list []string) {
	for line := range strings.Lines(notes) {
		if last := len(list) - 1; last >= 0 && strings.HasPrefix(line, " ") {
			list[last] += line
		} else {
			list = append(list, line)
		}
	}
	return list
}
