package jsonv1

// Outside of a terminal, a confidential issue is only a reference unless --include-confidential is set. The methods here return a
// document that may be posted, saved and logged. They leave a withheld document unchanged.

// Withhold returns the list without the content of confidential incidents.
func (d Incidents) Withhold() Incidents {
	d.Incidents = each(d.Incidents, Incident.Withhold)
	return d
}

// Withhold returns the incident. A confidential one keeps only its reference, state and severity.
func (i Incident) Withhold() Incident {
	if !i.Confidential {
		return i
	}
	return Incident{Ref: i.Ref, State: i.State, Severity: i.Severity, Confidential: true, Withheld: true, Open: i.Open, WebURL: i.WebURL}
}

// Withhold returns the incident without the content of confidential issues: itself, its actions and related issues.
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

// Withhold returns the issue, without its title if it is confidential.
func (r Related) Withhold() Related {
	if r.Confidential {
		r.Title = ""
	}
	return r
}

// Withhold returns the timeline, without its title and lines if the incident is confidential.
func (d Timeline) Withhold() Timeline {
	if d.Confidential {
		d.Title, d.Lines, d.Withheld = "", nil, true
	}
	return d
}

// Withhold returns the document without the title of a confidential issue.
func (d Opened) Withhold() Opened {
	if d.Confidential {
		d.Title, d.Withheld = "", true
	}
	return d
}

// Withhold returns the document without the title and the texts of a confidential issue.
func (d Event) Withhold() Event {
	if d.Confidential {
		d.Title, d.Text, d.LeftOff, d.NextStep, d.By, d.Withheld = "", "", "", "", "", true
	}
	return d
}

// Withhold returns the list without the content of confidential changes.
func (d Changes) Withhold() Changes {
	d.Changes = each(d.Changes, Change.Withhold)
	return d
}

// Withhold returns the change. A confidential one keeps only its reference, state and criticality.
func (c Change) Withhold() Change {
	if !c.Confidential {
		return c
	}
	return Change{Ref: c.Ref, State: c.State, Criticality: c.Criticality, Confidential: true, Withheld: true, Open: c.Open,
		WebURL: c.WebURL}
}

// Withhold returns the change without the content of confidential issues: itself and related issues.
func (d ChangeShow) Withhold() ChangeShow {
	if d.Confidential {
		return ChangeShow{Head: d.Head, Change: d.Change.Withhold(), Notes: d.Notes}
	}
	d.Related = each(d.Related, Related.Withhold)
	return d
}

// Withhold returns the document without the titles of confidential issues.
func (d Gate) Withhold() Gate {
	d.Reasons = each(d.Reasons, func(r Reason) Reason {
		if r.Confidential {
			r.Title = ""
		}
		return r
	})
	return d
}

// withheld replaces the title of a confidential issue in a step.
const withheld = "(confidential)"

// Withhold returns the plan without the content of confidential issues. The arguments are left out too, so such a plan cannot be
// applied. A plan that is saved with --plan-file is complete.
func (d Plan) Withhold() Plan {
	steps, secret := withholdSteps(d.Steps, func(s Step) Step { return s }, func(_, s Step) Step { return s })
	if secret {
		d.Steps, d.Args, d.Inputs = steps, nil, nil
	}
	return d
}

// Withhold returns the result of a plan without the content of confidential issues.
func (d Applied) Withhold() Applied {
	steps, secret := withholdSteps(d.Steps, func(s AppliedStep) Step { return s.Step }, func(a AppliedStep, s Step) AppliedStep {
		a.Step = s
		return a
	})
	if secret {
		d.Steps = steps
		if d.Retry != "" {
			d.Retry = "prodctl " + d.Command + " with the same arguments"
		}
	}
	return d
}

// withholdSteps returns the steps without secrets. secret is true if there were any.
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

// each returns a new list, so that the original document does not change.
func each[T any](list List[T], f func(T) T) List[T] {
	var changed List[T]
	for _, v := range list {
		changed = append(changed, f(v))
	}
	return changed
}
