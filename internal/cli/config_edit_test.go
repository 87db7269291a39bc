package cli_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

func (p *person) edits(edit func(file string) error, answers string, args ...string) ran {
	var out, errs bytes.Buffer
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(answers), &out, &errs, term.Modes{InTTY: true, ErrTTY: true})
		},
		Getenv: func(name string) string { return p.env[name] }, Dir: p.dir, Now: func() time.Time { return time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC) },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Jitter: func() float64 { return 0 }, Edit: edit,
	})
	return ran{code, out.String(), errs.String()}
}

// The editor gets a copy. The file is replaced by a valid one only, and stays trusted.
func TestConfigEdit(t *testing.T) {
	t.Parallel()
	p := finder(t)
	if r := p.edits(func(string) error { t.Error("the editor was opened"); return nil }, "n\n", "config", "edit"); r.code != 5 || !strings.Contains(r.errors, "prodctl config trust") {
		t.Errorf("not trusted: exit %d\n%s", r.code, r.errors)
	}
	if r := p.runs("y\n", "config", "trust"); r.code != 0 {
		t.Fatal(r.errors)
	}
	texts := []string{foundFile + "paralel: 3\n", foundFile + "parallel: 3 # few\n"}
	next := func(file string) error {
		if text := p.file(t, ".prodctl.yaml"); text != foundFile {
			t.Errorf("the file was written while it was edited: %s", text)
		}
		text := texts[0]
		texts = texts[1:]
		return os.WriteFile(file, []byte(text), 0o600)
	}
	r := p.edits(next, "y\n", "config", "edit")
	if r.code != 0 || !strings.Contains(r.errors, `:4:1: unknown key "paralel"; did you mean parallel?`) || !strings.Contains(r.errors, "Edit it again?") || !strings.Contains(r.errors, "Saved ") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if text := p.file(t, ".prodctl.yaml"); text != foundFile+"parallel: 3 # few\n" {
		t.Errorf("the file has\n%s", text)
	}
	if r := p.runs("", "config", "get", "parallel"); r.out != "3\n" || r.errors != "" {
		t.Errorf("not trusted afterwards: %s%s", r.out, r.errors)
	}
	// Without another try the text is kept, and the file as it was.
	texts = []string{"nonsense: 1\n"}
	r = p.edits(func(file string) error { return os.WriteFile(file, []byte(texts[0]), 0o600) }, "n\n", "config", "edit")
	_, kept, ok := strings.Cut(r.errors, "Your text is saved. To use it: cp ")
	kept, _, _ = strings.Cut(kept, " ")
	data, err := os.ReadFile(kept)
	if r.code != 5 || !ok || err != nil || string(data) != "nonsense: 1\n" || !strings.HasPrefix(p.file(t, ".prodctl.yaml"), foundFile) {
		t.Errorf("exit %d, %v\n%s", r.code, err, r.errors)
	}
	_ = os.RemoveAll(filepath.Dir(kept))
	for name, edit := range map[string]func(string) error{"unchanged": func(string) error { return nil }, "failed": func(string) error { return errors.New("exit status 1") }} {
		if r := p.edits(edit, "", "config", "edit"); r.code == 0 || !strings.Contains(p.file(t, ".prodctl.yaml"), "# few") {
			t.Errorf("%s: exit %d\n%s", name, r.code, r.errors)
		}
	}
	// Somebody else saved the file meanwhile.
	r = p.edits(func(file string) error {
		p.writes(t, ".prodctl.yaml", foundFile+"parallel: 9\n")
		return os.WriteFile(file, []byte(foundFile), 0o600)
	}, "", "config", "edit")
	if r.code != 5 || !strings.Contains(r.errors, "was changed meanwhile") || !strings.Contains(p.file(t, ".prodctl.yaml"), "parallel: 9") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}
