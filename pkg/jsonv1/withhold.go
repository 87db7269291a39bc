package jsonv1

// What is confidential is told outside of a terminal as its reference only, unless somebody says otherwise. The methods here give
// a document as it may be posted, saved and logged. A withheld document stays what it is.

// Withhold is the list without what its confidential incidents are about.
func (d Incidents) Withhold() Incidents {
	d.Incidents = each(d.Incidents, Incident.Withhold)
	return d
}

// Withhold is the incident, without what it is about when it is confidential: reference, state and severity are left.
func (i Incident) Withhold() Incident {
	if !i.Confidential {
		return i
	}
	return Incident{Ref: i.Ref, State: i.State, Severity: i.Severity, Confidential: true, Withheld: true, Open: i.Open, WebURL: i.WebURL}
}

// Withhold is the incident without what confidential issues are about: itself, its actions, what it is related to.
func (d IncidentShow) Withhold() IncidentShow {
	if d.Confidential {
		return IncidentShow{Head: d.Head, Incident: d.Incident.Withhold(), Notes: d.Notes}
	}
	d.Actions = each(d.Actions, func(a CorrectiveAction) CorrectiveAction {
		a.Related = a.Related.Withhold()
		return a
	})
	d.Related = each(d.Related, Related.Withhold)
	return d
}

// Withhold is the issue without its title when it is confidential.
func (r Related) Withhold() Related {
	if r.Confidential {
		r.Title = ""
	}
	return r
}

// Withhold is the timeline, without its lines when the incident is confidential.
func (d Timeline) Withhold() Timeline {
	if d.Confidential {
		d.Title, d.Lines, d.Withheld = "", nil, true
	}
	return d
}

// Withhold is the document without the title of a confidential issue.
func (d Opened) Withhold() Opened {
	if d.Confidential {
		d.Title, d.Withheld = "", true
	}
	return d
}

// Withhold is the document without title and text of a confidential issue.
func (d Event) Withhold() Event {
	if d.Confidential {
		d.Title, d.Text, d.LeftOff, d.NextStep, d.By, d.Withheld = "", "", "", "", "", true
	}
	return d
}

// Withhold is the list without what its confidential changes are about.
func (d Changes) Withhold() Changes {
	d.Changes = each(d.Changes, Change.Withhold)
	return d
}

// Withhold is the change, without what it is about when it is confidential: reference, state and criticality are left.
func (c Change) Withhold() Change {
	if !c.Confidential {
		return c
	}
	return Change{Ref: c.Ref, State: c.State, Criticality: c.Criticality, Confidential: true, Withheld: true, Open: c.Open, WebURL: c.WebURL}
}

// Withhold is the change without what confidential issues are about: itself, what it is related to.
func (d ChangeShow) Withhold() ChangeShow {
	if d.Confidential {
		return ChangeShow{Head: d.Head, Change: d.Change.Withhold(), Notes: d.Notes}
	}
	d.Related = each(d.Related, Related.Withhold)
	return d
}

// Withhold is the document without the titles of confidential issues.
func (d Gate) Withhold() Gate {
	d.Reasons = each(d.Reasons, func(r Reason) Reason {
		if r.Confidential {
			r.Title = ""
		}
		return r
	})
	return d
}

// withheld is what stands for the title of a confidential issue in a step.
const withheld = "(confidential)"

// Withhold is the plan without what is said in confidential issues, and of those that it makes.
// What was typed goes as well, so a plan of that kind cannot be applied; one that is saved with --plan-file is whole.
func (d Plan) Withhold() Plan {
	steps, secret := withholdSteps(d.Steps, func(s Step) Step { return s }, func(_, s Step) Step { return s })
	if secret {
		d.Steps, d.Args, d.Inputs = steps, nil, nil
	}
	return d
}

// Withhold is what became of a plan, without what is said in confidential issues, and of those that it made.
func (d Applied) Withhold() Applied {
	steps, secret := withholdSteps(d.Steps, func(s AppliedStep) Step { return s.Step }, func(a AppliedStep, s Step) AppliedStep {
		a.Step = s
		return a
	})
	if secret {
		d.Steps = steps
		if d.Retry != "" {
			d.Retry = "prodctl " + d.Command + " with the same words"
		}
	}
	return d
}

// withholdSteps are steps without secrets; secret tells whether there were any.
func withholdSteps[T any](list List[T], of func(T) Step, with func(T, Step) T) (steps List[T], secret bool) {
	steps = each(list, func(t T) T {
		s := of(t)
		switch after := s.After; {
		case after == nil:
			return t
		case s.Action == IssueCreate && after.Confidential:
			s.Object.Title, s.After = withheld, &Fields{Confidential: true, Due: after.Due}
		case (s.Action == NoteCreate || s.Action == NoteUpsert) && s.Object.Title == withheld:
			s.Before, s.After = nil, &Fields{Internal: after.Internal}
		default:
			return t
		}
		secret = true
		return with(t, s)
	})
	return steps, secret
}

// each is a new list, so that the document it comes from stays as it is.
func each[T any](list List[T], f func(T) T) List[T] {
	var changed List[T]
	for _, v := range list {
		changed = append(changed, f(v))
	}
	return changed
}
