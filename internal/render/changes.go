package render

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Changes shows a list of changes. Outside of a page a confidential one is its reference, unless the options say otherwise.
func (v *View) Changes(doc jsonv1.Changes) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: changeColumns(), none: "no changes" + filtered(doc.Filter)}
	for _, c := range doc.Changes {
		s.rows = append(s.rows, changeRow(c))
	}
	return v.show(doc, body{sheet: s, notes: doc.Notes}, nil)
}

func changeColumns() []column {
	return []column{
		{name: "Change", field: "ref"},
		{name: "Class", field: "criticality"},
		{name: "State", field: "state"},
		{name: "Start (UTC)", field: "start", drop: 1},
		{name: "Slot", field: "window_end", right: true, drop: 3}, {field: "duration_minutes"},
		{name: "Title", field: "title", min: 20},
		{name: "Outcome", field: "outcome", drop: 2},
		{name: "Services", field: "services", min: 8, drop: 4},
		{name: "Environment", field: "environment", min: 8, drop: 5},
		{name: "Executor", field: "executor", drop: 6},
		{name: "Gaps", field: "gaps", right: true, drop: 7},
		{field: "started_at"}, {field: "finished_at"}, {field: "aborted_at"},
		{field: "type"}, {field: "stage"}, {field: "user"}, {field: "source"}, {field: "commit"}, {field: "diff"}, {field: "job"},
		{field: "attempts"}, {field: "message"},
		{field: "confidential"}, {field: "withheld"}, {field: "open"}, {field: "web_url"},
	}
}

func changeRow(c jsonv1.Change) []cell {
	made := jsonv1.Automation{}
	if c.Automation != nil {
		made = *c.Automation
	}
	row := []cell{
		text(c.Ref), {criticality(c.Criticality), c.Criticality}, {changeState(c.State), string(c.State)},
		both(strings.TrimSuffix(moment(c.Start), " UTC"), c.Start), both(slot(c.Start, c.WindowEnd), c.WindowEnd), optional(c.DurationMinutes),
		secret(c.Title, c.Confidential, c.Withheld), {result(c.Outcome), c.Outcome}, listed(c.Services), text(c.Environment),
		both(by(c.Executor), c.Executor), counting(c.Gaps),
		text(c.StartedAt), text(c.FinishedAt), text(c.AbortedAt),
		text(made.Type), text(made.Stage), text(made.User), text(made.Source), text(made.Commit), text(made.Diff), text(made.Job),
		optional(made.Attempts), text(made.Message),
		truth(c.Confidential, "confidential"), truth(c.Withheld, "withheld"), truth(c.Open, "open"), text(c.WebURL),
	}
	if c.Withheld {
		onlyRef(row, 6)
	}
	return row
}

// Change shows one change.
func (v *View) Change(doc jsonv1.ChangeShow) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: append(changeColumns(), column{field: "enough_approvals"}, column{field: "approved_by"}, column{field: "overrides"},
		column{field: "retry_of"}, column{field: "clashes"}, column{field: "locks"}, column{field: "related"}, column{field: "problems"})}
	approvers := make([]string, len(doc.Approvals.Counted))
	for i, a := range doc.Approvals.Counted {
		approvers[i] = a.By
	}
	s.rows = [][]cell{append(changeRow(doc.Change), truth(doc.Approvals.Enough, "enough"), people(approvers), counting(doc.Overrides),
		text(doc.RetryOf), listed(doc.Clashes), listed(doc.Locks), listed(relatedRefs(doc.Related)), listed(problems(doc.Problems)))}
	told := v.changed(doc)
	return v.show(doc, body{sheet: s, notes: doc.Notes, post: told.markdown()}, func(p *page) { p.story(told) })
}

func (v *View) changed(doc jsonv1.ChangeShow) story {
	c := doc.Change
	if c.Withheld {
		return story{head: []line{titled(c.Ref, c.Title, true, true)}, notes: doc.Notes}
	}
	return story{
		head:    []line{titled(c.Ref, c.Title, c.Confidential, false), says(changeState(c.State), t(", class "), criticality(c.Criticality))},
		address: c.WebURL,
		facts:   v.changeFacts(doc),
		sections: []section{
			{"Gaps", sentenced(c.Gaps)},
			{"Approvals", approvalLines(doc.Approvals)},
			{"Clashes with", sentenced(doc.Clashes)},
			{"Falls into the locks", sentenced(doc.Locks)},
			{"Overridden", sentenced(doc.Overrides)},
			{"Recorded by automation", automationLines(c.Automation)},
			{"Related", relatedLines(doc.Related)},
			{"Not understood in the record", sentenced(problems(doc.Problems))},
		},
		notes: doc.Notes,
	}
}

func (v *View) changeFacts(doc jsonv1.ChangeShow) []fact {
	c := doc.Change
	var estimate []span
	if c.DurationMinutes != nil {
		estimate = []span{t(lasting(*c.DurationMinutes))}
	}
	services := strings.Join(c.Services, ", ")
	if services == "" && c.Automation == nil {
		services = "none named: counts as all"
	}
	return []fact{
		{"Window", []span{t(v.clock.window(c.Start, c.WindowEnd))}},
		{"Estimate", estimate},
		{"Services", []span{t(services)}},
		{"Environment", []span{t(c.Environment)}},
		{"Executor", []span{t(by(c.Executor))}},
		{"Started", []span{t(moment(c.StartedAt))}},
		{"Finished", []span{t(moment(c.FinishedAt))}},
		{"Aborted", []span{t(moment(c.AbortedAt))}},
		{"Outcome", []span{result(c.Outcome)}},
		{"Retry of", []span{t(doc.RetryOf)}},
		{"Issue", issueState(c.Open)},
	}
}

// approvalLines say first whether it is enough, and of every approval that does not count why.
func approvalLines(a jsonv1.Approvals) []line {
	var lines []line
	if a.Enough && len(a.Counted)+len(a.Ignored) > 0 {
		lines = append(lines, says(as(good, "enough")))
	}
	for _, m := range a.Missing {
		lines = append(lines, says(as(warn, "missing: "), t(m)))
	}
	for _, c := range a.Counted {
		roles := ""
		if len(c.Roles) > 0 {
			roles = " (" + strings.Join(c.Roles, ", ") + ")"
		}
		spans := []span{t("counts: @" + c.By + roles)}
		if c.At != "" {
			spans = append(spans, as(faint, " "+moment(c.At)))
		}
		lines = append(lines, says(spans...))
	}
	for _, i := range a.Ignored {
		lines = append(lines, says(as(warn, "does not count: "), t("@"+i.By+": "+i.Why)))
	}
	return lines
}

func automationLines(a *jsonv1.Automation) []line {
	if a == nil {
		return nil
	}
	attempts := ""
	if a.Attempts != nil {
		attempts = strconv.Itoa(*a.Attempts)
	}
	var lines []line
	for _, f := range []fact{
		{"type", []span{t(a.Type)}}, {"stage", []span{t(a.Stage)}}, {"user", []span{t(by(a.User))}}, {"source", []span{t(a.Source)}},
		{"commit", []span{t(a.Commit)}}, {"diff", []span{t(a.Diff)}}, {"job", []span{t(a.Job)}}, {"attempts", []span{t(attempts)}},
		{"message", []span{t(a.Message)}},
	} {
		if f.told() {
			lines = append(lines, says(append([]span{as(faint, f.name+": ")}, f.value...)...))
		}
	}
	return lines
}

// criticality says that nobody has said it, which is a gap.
func criticality(s string) span {
	switch s {
	case "":
		return as(warn, unknown)
	case "C1":
		return as(bad, s)
	case "C2":
		return as(warn, s)
	}
	return t(s)
}

func changeState(s jsonv1.ChangeState) span {
	switch s {
	case jsonv1.ChangeInProgress:
		return as(strong, string(s))
	case jsonv1.ChangeApproved:
		return as(good, string(s))
	case jsonv1.ChangeAborted, jsonv1.ChangeUnknown:
		return as(warn, string(s))
	case jsonv1.ChangeComplete:
		return as(faint, string(s))
	}
	return t(string(s))
}

func result(outcome string) span {
	switch outcome {
	case "success":
		return as(good, outcome)
	case "failure":
		return as(bad, outcome)
	}
	return t(outcome)
}
