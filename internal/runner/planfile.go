package runner

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// savePlan writes the plan to --plan-file and shows it.
func savePlan(s *app.Session, p plan.Plan) error {
	if p.Discloses && !s.Reveals() {
		return fault.New(fault.Refused, "Add --include-confidential, and keep the file where only the team can read it",
			"the plan was not saved: it would contain words of a confidential issue")
	}
	data, err := jsonv1.Marshal(p.Document())
	if err != nil {
		return err
	}
	if err := writePlan(s.Path(s.Global.Plan), data); err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "save the plan")
	}
	if err := s.View.Plan(preview(p)); err != nil {
		return err
	}
	if !s.Global.Quiet {
		s.Notef("Plan saved. To apply it: prodctl apply %s", fault.Quote(s.Global.Plan))
	}
	return nil
}

// writePlan is [WritePrivate], but a device or a pipe that the user names, such as /dev/stdout, is written itself.
func writePlan(path string, data []byte) error {
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() && !strings.HasPrefix(path, "/dev/") {
		return WritePrivate(path, data)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// WritePrivate writes a file that only its owner can read. A file that exists stays as it is until all of the new one is on disk, so a full
// disk loses nothing. A link, or whatever else has the name, is replaced: somebody else may have put it there, to get the text or to have
// another file overwritten.
func WritePrivate(path string, data []byte) error {
	return replace(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func replace(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".prodctl-*") // with mode 0600
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: e.Op, Path: path, Err: e.Err}
	}
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // after a rename there is nothing left to remove
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
