package cli_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

// written runs prodctl on a terminal with an editor that changes the file, or with text on standard input.
func (l *lab) written(edit func(file string) error, input string, args ...string) ran {
	return l.writtenIn(context.Background(), edit, input, args...)
}

func (l *lab) writtenIn(ctx context.Context, edit func(file string) error, input string, args ...string) ran {
	var out, errs bytes.Buffer
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	tty := input == ""
	code := cli.Main(ctx, args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(input), &out, &errs, term.Modes{InTTY: tty, OutTTY: tty, ErrTTY: tty, Width: 80})
		},
		Getenv: func(name string) string { return env[name] }, Dir: l.dir, Now: func() time.Time { return l.now },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Jitter: func() float64 { return 0 },
		Transport: l.wire, Browse: func(string) error { return nil }, Edit: edit,
	})
	return ran{code, out.String(), errs.String()}
}

func TestHandoffMarkInEditor(t *testing.T) {
	t.Parallel()
	fill := func(leftOff, next string) func(string) error {
		return func(file string) error {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
				return errors.New("others can read it")
			}
			text := strings.NewReplacer("## Left off\n", "## Left off\n"+leftOff+"\n", "## Next steps\n", "## Next steps\n"+next+"\n").Replace(string(data))
			return os.WriteFile(file, []byte(text), 0o600)
		}
	}
	l := newLab(t, setup{carried: 1})
	before := l.picture()
	for _, c := range []struct {
		name string
		edit func(string) error
		code int
		says string
	}{
		{"unchanged", func(string) error { return nil }, 5, "the text in the editor is unchanged"},
		{"emptied", func(file string) error { return os.WriteFile(file, nil, 0o600) }, 5, "the text in the editor is unchanged"},
		{"one part", fill("Half of it", ""), 5, "Your text is saved. To use it: prodctl handoff mark 1 -f "},
		{"headings removed", func(file string) error { return os.WriteFile(file, []byte("words"), 0o600) }, 5, "Your text is saved"},
		{"an editor that fails", func(string) error { return errors.New("exit status 1") }, 1, "exit status 1"},
	} {
		if r := l.written(c.edit, "", "handoff", "mark", "1"); r.code != c.code || !strings.Contains(r.errors, c.says) {
			t.Errorf("%s: exit %d: %s", c.name, r.code, r.errors)
		} else if _, file, ok := strings.Cut(r.errors, " -f "); ok {
			file = strings.TrimSpace(strings.Split(file, "\n")[0])
			if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "Half of it") && string(data) != "words" {
				t.Errorf("%s: %q, %v", c.name, data, err)
			}
			_ = os.RemoveAll(filepath.Dir(file))
		}
	}
	if after := l.picture(); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Error("something was changed")
	}
	if r := l.written(fill("Half of it\n\n# of what", "All of it"), "", "handoff", "mark", "1"); r.code != 0 {
		t.Fatalf("exit %d: %s", r.code, r.errors)
	}
	_, notes := l.handed(t)
	if m, ok := handoff.CurrentMark(notes); !ok || m.LeftOff != "Half of it\n\n# of what" || m.Next != "All of it" {
		t.Errorf("%+v", m)
	}
	// The file shows the current note, and the editor does not open for an issue that does not exist.
	content := ""
	l.written(func(file string) error {
		data, err := os.ReadFile(file)
		content = string(data)
		return err
	}, "", "handoff", "mark", "1")
	if !strings.Contains(content, "acme/infrastructure#1 Issue 1") || !strings.Contains(content, "@mara wrote at 2018-08-24 16:00 UTC:\n\nleft off: Half of it") {
		t.Error(content)
	}
	if r := l.written(func(string) error { t.Error("the editor was opened"); return nil }, "", "handoff", "mark", "99"); r.code != 1 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// A note from an editor or a pipe is not lost if GitLab is down afterwards.
func TestHandoffNoteIsNotLost(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	own := *l
	own.wire = deadWire{}
	r := own.written(nil, "Left off\nHalf of it\nNext\nAll of it\n", "handoff", "mark", "1", "-f", "-")
	if want := "prodctl handoff mark 1 --left-off 'Half of it' --next 'All of it'"; r.code != 7 || !strings.Contains(r.errors, want) {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if r := l.written(nil, "Left off\nHalf of it\nNext\nAll of it\n", "handoff", "mark", "1", "-f", "-"); r.code != 0 {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	_, notes := l.handed(t)
	if m, ok := handoff.CurrentMark(notes); !ok || m.LeftOff != "Half of it" {
		t.Errorf("%+v", m)
	}
}

type deadWire struct{}

func (deadWire) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no route to host")
}

// W7: where others may read the output, it does not contain the note for a confidential issue.
func TestHandoffRetryHintHidesConfidentialNote(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.label("mara", `{"confidential":true,"state_event":"close"}`)
	r := l.written(nil, "Left off\nSecret half\nNext\nSecret rest\n", "handoff", "mark", "1", "-f", "-")
	if r.code != 5 || strings.Contains(r.out+r.errors, "Secret") || !strings.Contains(r.errors, "is closed") || !strings.Contains(r.errors, "the same command") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if r := l.written(nil, "Left off\nSecret half\nNext\nSecret rest\n", "handoff", "mark", "1", "-f", "-", "--include-confidential"); r.code != 5 || !strings.Contains(r.errors, "--left-off 'Secret half'") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// A note is not lost if the run is interrupted while the editor is open.
func TestEditedNoteSurvivesInterruption(t *testing.T) {
	t.Parallel()
	for words, kept := range map[string]bool{"## Left off\n\nHalf of it\n\n## Next steps\n": true, "": false} {
		l := newLab(t, setup{carried: 1})
		ctx, interrupt := context.WithCancel(t.Context())
		r := l.writtenIn(ctx, func(file string) error {
			interrupt()
			if words == "" {
				return nil
			}
			return os.WriteFile(file, []byte(words), 0o600)
		}, "", "handoff", "mark", "1")
		_, file, ok := strings.Cut(r.errors, "Your text is saved. To use it: prodctl handoff mark 1 -f ")
		if r.code != 130 || ok != kept {
			t.Errorf("%q: exit %d: %s", words, r.code, r.errors)
		}
		if ok {
			file = strings.TrimSpace(file)
			if data, err := os.ReadFile(file); err != nil || string(data) != words {
				t.Errorf("%q, %v", data, err)
			}
			_ = os.RemoveAll(filepath.Dir(file))
		}
	}
}
