package jsonv1

// listed is a document that is one list.
type listed interface {
	// cut shortens the list to n entries and returns how many it left out.
	cut(n int) int
}

// Cut shortens a document that is one list to n entries, and returns how many it left out. Counts in the document stay those of all
// entries. For 0, and for other documents, it does nothing.
func Cut[D any](doc *D, n int) (omitted int) {
	if l, ok := any(doc).(listed); ok && n > 0 {
		return l.cut(n)
	}
	return 0
}

// firstOf keeps the first entries of a list.
func firstOf[T any](h *Head, l *List[T], n int) int {
	h.Omitted = max(len(*l)-n, 0)
	*l = (*l)[:len(*l)-h.Omitted]
	return h.Omitted
}

func (d *Changes) cut(n int) int           { return firstOf(&d.Head, &d.Changes, n) }
func (d *CorrectiveActions) cut(n int) int { return firstOf(&d.Head, &d.Actions, n) }
func (d *Goals) cut(n int) int             { return firstOf(&d.Head, &d.Goals, n) }
func (d *HandoffList) cut(n int) int       { return firstOf(&d.Head, &d.Entries, n) }
func (d *IncidentChanges) cut(n int) int   { return firstOf(&d.Head, &d.Changes, n) }
func (d *IncidentCheck) cut(n int) int     { return firstOf(&d.Head, &d.Findings, n) }
func (d *Incidents) cut(n int) int         { return firstOf(&d.Head, &d.Incidents, n) }
func (d *Issues) cut(n int) int            { return firstOf(&d.Head, &d.Issues, n) }
func (d *Labels) cut(n int) int            { return firstOf(&d.Head, &d.Labels, n) }
func (d *Lint) cut(n int) int              { return firstOf(&d.Head, &d.Findings, n) }
func (d *Milestones) cut(n int) int        { return firstOf(&d.Head, &d.Milestones, n) }

// cut ends the schedule with the last duty that it keeps.
func (d *OncallSchedule) cut(n int) int {
	if firstOf(&d.Head, &d.Duties, n) > 0 {
		d.To = d.Duties[n-1].To
	}
	return d.Omitted
}

// cut keeps the last lines: what happened lately matters more.
func (d *Timeline) cut(n int) int {
	d.Omitted = max(len(d.Lines)-n, 0)
	d.Lines = d.Lines[d.Omitted:]
	return d.Omitted
}
