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

// Form is a text that the user fills in with an editor.
type Form struct {
	Name     string                   // of the file
	Text     string                   // the template
	Parse    func(text string) error  // reads what the user wrote; [workflow.ErrBlank] for nothing
	Retry    func(file string) string // the command line that takes the file instead
	Instead  string                   // the hint where no file can be created
	Required string                   // what the user has to fill in, a sentence without a full stop
	Repeat   bool                     // offer the editor again when the text cannot be used
}

// Fill opens an editor on a file that only the user can read. When the text cannot be used, or the run is interrupted, the file is kept
// and the error names it. Editing takes as long as it takes: the caller restarts --timeout.
func (f Form) Fill(s *app.Session) error {
	dir, err := os.MkdirTemp("", "prodctl-")
	if err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), f.Instead, "create a file for the editor")
	}
	keep := false
	defer func() {
		if !keep {
			_ = os.RemoveAll(dir)
		}
	}()
	file := filepath.Join(dir, f.Name)
	if err := WritePrivate(file, []byte(f.Text)); err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "create a file for the editor")
	}
	text, err := f.edit(s, file)
	if err != nil {
		return err
	}
	untouched := text == f.Text || strings.TrimSpace(text) == ""
	if err := s.Context.Err(); err != nil {
		if keep = !untouched; keep {
			return fault.New(fault.Interrupted, "Your text is saved. To use it: "+f.Retry(file), "interrupted: nothing was changed")
		}
		return err
	}
	switch err := f.Parse(text); {
	case untouched || errors.Is(err, workflow.ErrBlank):
		return fault.New(fault.Refused, "", "nothing was added: the text in the editor is unchanged")
	case err != nil:
		keep = true
		return fault.Wrap(fault.Refused, err, f.Required+". Your text is saved. To use it: "+f.Retry(file), "nothing was changed")
	}
	return nil
}

// edit lets the user edit the file, with [Form.Repeat] until it can be used or the user gives up.
func (f Form) edit(s *app.Session, file string) (string, error) {
	for {
		if err := s.Edit(file); err != nil {
			return "", err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return "", fault.Wrap(fault.Failed, fault.Plain(err), "", "read the edited file")
		}
		text := string(data)
		if !f.Repeat || text == f.Text || s.Context.Err() != nil {
			return text, nil
		}
		if err = f.Parse(text); err == nil {
			return text, nil
		}
		s.Notef("%v", err)
		if again, err := s.Confirm(s.Context, "Edit it again?"); err != nil || !again {
			return text, nil
		}
	}
}
