package runner

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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
	if err := WritePrivate(s.Path(s.Global.Plan), data); err != nil {
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

// WritePrivate writes a file that only its owner can read. A file that exists stays as it is until all of the new one is on disk, so a full
// disk loses nothing. Where a link points to, or a device, is written itself.
func WritePrivate(path string, data []byte) error {
	return replace(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func replace(path string, write func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
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
