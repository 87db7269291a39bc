package workflow

import (
	"context"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
)

// Subset is a planner that plans a part of what another one plans: what is in a saved plan, without steps that somebody left out, or
// deleted from the file.
type Subset struct {
	Planner
	saved   plan.Plan // as in the file
	leftOut []string  // keys
}

// SubsetOf returns the planner for the rest of a saved plan, and that rest. except names issues, such as 12 or
// infrastructure#12, or keys of steps. The errors are of kind Usage.
func SubsetOf(planner Planner, saved plan.Plan, except []string) (*Subset, plan.Plan, error) {
	s := &Subset{Planner: planner, saved: saved}
	for _, name := range except {
		keys, err := stepsOf(saved, name)
		if err != nil {
			return nil, saved, err
		}
		s.leftOut = append(s.leftOut, keys...)
	}
	saved.Steps = slices.DeleteFunc(slices.Clone(saved.Steps), s.omitted)
	return s, saved, closed(saved, s.leftOut)
}

// Inner returns the planner of a whole plan, for what depends on the command.
func Inner(p Planner) Planner {
	if s, ok := p.(*Subset); ok {
		return s.Planner
	}
	return p
}

func (s *Subset) omitted(step plan.Step) bool { return slices.Contains(s.leftOut, step.Key()) }

// Plan plans again, and leaves out what was left out of the saved plan. A plan that is applied as a whole has no parts.
func (s *Subset) Plan(ctx context.Context) (plan.Plan, error) {
	now, err := s.Planner.Plan(ctx)
	if err != nil {
		return now, err
	}
	if why := now.Whole(); why != "" {
		if len(s.leftOut) > 0 {
			return now, fault.New(fault.Usage, "Apply it without --except, or change what the plan is made from",
				"nothing can be left out of this plan: %s", why)
		}
		return now, nil
	}
	c := comparison{saved: s.saved, now: now, before: digests(s.saved), after: digests(now)}
	all := len(now.Steps)
	now.Steps = slices.DeleteFunc(slices.Clone(now.Steps), func(step plan.Step) bool { return s.omitted(step) || c.deleted(step) })
	if n := all - len(now.Steps); n > 0 {
		now.Notes = append([]string{Count(n, "step is", "steps are") + " left out"}, now.Notes...)
	}
	return now, closed(now, s.missing(now))
}

// missing returns the keys of steps that others of a plan need, but that are neither in it nor applied.
func (s *Subset) missing(now plan.Plan) (keys []string) {
	for _, step := range now.Steps {
		for _, need := range step.Needs() {
			if now.Index(need) < 0 {
				keys = append(keys, need)
			}
		}
	}
	return keys
}

// deleted reports whether a step was deleted from the file of a plan: it is planned now for an object that the saved plan was made from,
// and that nobody but the plan itself has changed. A file without steps is not a part of a plan.
func (c comparison) deleted(step plan.Step) bool {
	if c.saved.Index(step.Key()) >= 0 || len(c.saved.Steps) == 0 {
		return false
	}
	object := objectOf(step)
	digest, known := c.before[object]
	switch {
	case known:
		return digest == c.after[object] || c.applied(object)
	case c.partlyApplied():
		return false
	}
	return true // then nothing else may have changed
}

// applied reports whether a step of the saved plan for an object is no longer needed.
func (c comparison) applied(object string) bool {
	return slices.ContainsFunc(c.saved.Steps, func(s plan.Step) bool { return objectOf(s) == object && c.now.Index(s.Key()) < 0 })
}

// closed returns an error if a step of a plan needs one that is left out.
func closed(p plan.Plan, leftOut []string) error {
	for _, step := range p.Steps {
		for _, need := range step.Needs() {
			if slices.Contains(leftOut, need) {
				return fault.New(fault.Usage, "Leave out both, or neither", "step %q needs step %q, which is left out", step.Key(), need)
			}
		}
	}
	return nil
}

// stepsOf returns the keys of the steps that a name means: one step, or all steps for an issue.
func stepsOf(p plan.Plan, name string) (keys []string, err error) {
	issues := map[string]bool{}
	for _, step := range p.Steps {
		ref, about := strings.CutPrefix(objectOf(step), "issue ")
		switch {
		case step.Key() == name:
			return []string{name}, nil
		case about && meant(ref, name):
			keys, issues[ref] = append(keys, step.Key()), true
		}
	}
	switch {
	case len(keys) == 0:
		return nil, fault.New(fault.Usage, "To see the steps: prodctl apply FILE --dry-run", "--except %s: not in the plan", name)
	case len(issues) > 1:
		return nil, fault.New(fault.Usage, "Use the full reference, such as group/project#12",
			"--except %s: the plan has issues of several projects with this number", name)
	}
	return keys, nil
}

// meant reports whether a name means the issue with the full reference: 12, #12, infrastructure#12, acme/infrastructure#12.
func meant(ref, name string) bool {
	if !strings.Contains(name, "#") {
		name = "#" + name
	}
	if strings.HasPrefix(name, "#") {
		return strings.HasSuffix(ref, name)
	}
	return ref == name || strings.HasSuffix(ref, "/"+name)
}
