package workflow

import (
	"encoding/json"
	"maps"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Stale compares a saved plan with one made now from the same inputs. Nil means that carrying out the new one is what the reader of the
// saved one agreed to: nothing has changed since, or what has changed is a part of the plan that was carried out already.
// What is carried out is always the new plan, so that a file that was edited is at worst refused too late to be told from one half done.
func Stale(saved, now plan.Plan) error {
	c := comparison{saved: saved, now: now, before: digests(saved), after: digests(now)}
	if err := OtherHost(saved, now.Host); err != nil {
		return err
	}
	for _, object := range []string{observedInputs, observedConfiguration} {
		if c.before[object] != c.after[object] {
			return c.stale("%s", changed(object))
		}
	}
	switch {
	case !c.partlyApplied(), maps.Equal(c.before, c.after):
		return c.checkUnapplied()
	}
	if err := c.checkApplied(); err != nil || now.Empty() {
		return err
	}
	return c.checkRemaining()
}

// OtherHost refuses a plan that was made for another GitLab.
func OtherHost(saved plan.Plan, host string) error {
	if saved.Host == host {
		return nil
	}
	return fault.New(fault.Refused, "point prodctl at that host with --host", "the plan was made for %s, not for %s", saved.Host, host)
}

// comparison is a saved plan, one made now, and what each was made from.
type comparison struct {
	saved, now    plan.Plan
	before, after map[string]string // digests by object
}

func digests(p plan.Plan) map[string]string {
	out := map[string]string{}
	for _, s := range p.Observed {
		out[s.Object] = s.Digest
	}
	return out
}

func changed(object string) string { return object + " has changed since it was made" }

func (c comparison) stale(format string, args ...any) error {
	return fault.New(fault.Refused, "make a new plan: prodctl "+c.saved.Command+" --plan-file FILE", "the plan is stale: "+format, args...)
}

// begun reports whether a step is not needed any more.
func (c comparison) partlyApplied() bool {
	for _, step := range c.saved.Steps {
		if c.now.Index(step.Key()) < 0 {
			return true
		}
	}
	return false
}

// carriedOut wants the milestones whose steps are not needed any more to look as those steps leave them: that nothing
// is to be done may also come from dates that somebody changed.
func (c comparison) checkApplied() error {
	after := map[int64]milestone.Milestone{}
	for _, step := range c.saved.Steps {
		s, ok := step.(plan.UpdateMilestone)
		if !ok || s.Ref.Created != "" || c.now.Index(s.Key()) >= 0 {
			continue
		}
		m, again := after[s.Ref.ID]
		if !again {
			m = s.Before
		}
		after[s.Ref.ID] = s.Change.Of(m)
	}
	for _, m := range after {
		if seen := ObservedMilestone(m); c.after[seen.Object] != seen.Digest {
			return c.stale("%s is not what the plan makes of it", seen.Object)
		}
	}
	return nil
}

// fresh wants the plan of which nothing was done to be exactly what would be planned now.
func (c comparison) checkUnapplied() error {
	for _, s := range c.now.Observed {
		switch was, known := c.before[s.Object]; {
		case !known:
			return c.stale("%s was not there when it was made", s.Object)
		case was != s.Digest:
			return c.stale("%s", changed(s.Object))
		}
	}
	for _, s := range c.saved.Observed {
		if _, there := c.after[s.Object]; !there {
			return c.stale("%s is not there any more", s.Object)
		}
	}
	for n, step := range c.saved.Steps {
		if n >= len(c.now.Steps) || document(step, false) != document(c.now.Steps[n], false) {
			return c.edited(step)
		}
	}
	if more := len(c.saved.Steps); more < len(c.now.Steps) {
		return c.edited(c.now.Steps[more])
	}
	return nil
}

// edited is for plans that differ although they were made from the same.
func (c comparison) edited(step plan.Step) error {
	return c.stale("%s is not as it would be planned now, although nothing has changed: was the file edited?", step.Key())
}

// rest wants what is left of a plan that was begun to be a part of it, and nothing else to have changed.
func (c comparison) checkRemaining() error {
	touched := map[string]bool{}
	for _, step := range c.saved.Steps {
		if c.now.Index(step.Key()) < 0 {
			touched[objectOf(step)] = true
		}
	}
	for _, s := range c.now.Observed {
		if was, known := c.before[s.Object]; known && was != s.Digest && !touched[s.Object] {
			return c.stale("%s", changed(s.Object))
		}
	}
	for _, step := range c.now.Steps {
		at := c.saved.Index(step.Key())
		switch {
		case at < 0:
			return c.stale("%s would be needed now and is not in it%s", step.Key(), c.because())
		case document(c.saved.Steps[at], true) != document(step, true):
			return c.stale("%s would do something else now%s", step.Key(), c.because())
		}
	}
	return nil
}

// because names an object that has changed, since a step that went away may have been somebody else's doing.
func (c comparison) because() string {
	for _, s := range c.now.Observed {
		if was, known := c.before[s.Object]; known && was != s.Digest {
			return "; " + changed(s.Object)
		}
	}
	for _, s := range c.now.Observed {
		if _, known := c.before[s.Object]; !known {
			return "; " + s.Object + " was not there when it was made"
		}
	}
	for _, s := range c.saved.Observed {
		if _, there := c.after[s.Object]; !there {
			return "; " + s.Object + " is not there any more"
		}
	}
	return ""
}

// document is what a step does, in a form that can be compared. Of what is left of a plan that was begun the ids of things that the plan
// itself made, the values before and the order differ. The title of an issue is for the reader, and people change it.
func document(step plan.Step, left bool) string {
	doc := plan.StepDocument(step)
	if left {
		doc.Needs, doc.Before, doc.Label, doc.Board = nil, nil, nil, nil
		if doc.Action != jsonv1.IssueUpdate {
			doc.Object = jsonv1.Object{Title: doc.Object.Title}
		}
		if doc.After != nil && doc.After.Milestone != nil {
			doc.After.Milestone = &jsonv1.Object{Title: doc.After.Milestone.Title}
		}
	}
	if doc.Action == jsonv1.IssueUpdate {
		doc.Object.Title = ""
	}
	data, err := json.Marshal(doc)
	if err != nil {
		panic("workflow: a step that has no JSON form: " + err.Error())
	}
	return string(data)
}
