package runner

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

// Form is a text that a person fills in with an editor.
type Form struct {
	Name     string                   // of the file
	Text     string                   // as it is before anything is written
	Parse    func(text string) error  // takes what was written; [workflow.ErrBlank] for nothing
	Retry    func(file string) string // the command line that takes the file instead
	Instead  string                   // what to do where no file can be made
	Required string                   // what has to be written
}

// Fill lets the person write, in a file that only they can read. Where what was written cannot be used, or the run is interrupted, the file
// stays and the error names it. That takes as long as it takes: the caller begins --timeout again.
func (f Form) Fill(s *app.Session) error {
	dir, err := os.MkdirTemp("", "prodctl-")
	if err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), f.Instead, "make a file to write in")
	}
	keep := false
	defer func() {
		if !keep {
			_ = os.RemoveAll(dir)
		}
	}()
	file := filepath.Join(dir, f.Name)
	if err := WritePrivate(file, []byte(f.Text)); err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "make a file to write in")
	}
	if err := s.Edit(file); err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "read what was written")
	}
	text := string(data)
	untouched := text == f.Text || strings.TrimSpace(text) == ""
	if err := s.Context.Err(); err != nil {
		if keep = !untouched; keep {
			return fault.New(fault.Interrupted, "what you wrote is kept: "+f.Retry(file), "interrupted; nothing was done")
		}
		return err
	}
	switch err := f.Parse(text); {
	case untouched || errors.Is(err, workflow.ErrBlank):
		return fault.New(fault.Refused, "", "nothing was written, so nothing was done")
	case err != nil:
		keep = true
		return fault.Wrap(fault.Refused, err, f.Required+". What you wrote is kept: "+f.Retry(file), "nothing was done")
	}
	return nil
}
