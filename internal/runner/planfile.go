package runner

import (
	"errors"
	"os"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// savePlan writes the plan to --plan-file and shows it.
func savePlan(s *app.Session, p plan.Plan) error {
	data, err := jsonv1.Marshal(p.Document())
	if err != nil {
		return err
	}
	if err := WritePrivate(s.Path(s.Global.Plan), data); err != nil {
		return fault.Wrap(fault.Failed, fault.Plain(err), "", "save the plan")
	}
	if err := s.View.Plan(p.Document()); err != nil {
		return err
	}
	if !s.Global.Quiet {
		s.Notef("Plan saved. To apply it: prodctl apply %s", fault.Quote(s.Global.Plan))
	}
	return nil
}

// WritePrivate writes a file that only its owner can read, even where a file with wider permissions existed.
func WritePrivate(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if info, serr := f.Stat(); serr == nil && info.Mode().IsRegular() {
		err = f.Chmod(0o600)
	}
	if err == nil {
		_, err = f.Write(data)
	}
	return errors.Join(err, f.Close())
}
