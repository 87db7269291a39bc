package runner

import (
	"errors"
	"io"
	"os"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// ReadPlan reads a plan that was saved with --plan-file; "-" is standard input. Its error is of kind Usage.
func ReadPlan(s *app.Session, file string) (plan.Plan, error) {
	const most, again = 64 << 20, "make the plan with --plan-file, then prodctl apply FILE"
	var in io.Reader = s.In
	if file != "-" {
		f, err := os.Open(s.Path(file))
		if err != nil {
			return plan.Plan{}, fault.Wrap(fault.Usage, fault.Plain(err), again, "read the plan")
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return plan.Plan{}, fault.Wrap(fault.Usage, fault.Plain(err), again, "read the plan")
	}
	p, err := plan.Decode(data)
	if err != nil {
		return plan.Plan{}, fault.Wrap(fault.Usage, err, fault.HintOf(err), "%s", file)
	}
	return p, nil
}

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
		s.Notef("the plan is saved; prodctl apply %s carries it out", fault.Quote(s.Global.Plan))
	}
	return nil
}

// WritePrivate writes a file that only its owner can read, also where one that others could read was there before.
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
