package render

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Changes renders a list of changes. Outside a terminal, a confidential change is only its reference unless the options include it.
func (v *View) Changes(doc jsonv1.Changes) error { return show(v, doc, v.changesForm) }

func (v *View) changesForm(doc jsonv1.Changes) (body, func(*page)) {
	s := sheet{Columns: changeColumns(), None: "No changes found" + filtered(doc.Filter), Rows: form.Rows(doc.Changes, changeRow)}
	return body{Sheet: s, Notes: doc.Notes}, nil
}

func changeColumns() []column {
	return []column{
		{Name: "Change", Field: "ref"},
		{Name: "Class", Field: "criticality"},
		{Name: "State", Field: "state"},
		{Name: "Start (UTC)", Field: "start", Drop: 1},
		{Name: "Window", Field: "window_end", Right: true, Drop: 3}, {Field: "duration_minutes"},
		{Name: "Title", Field: "title", Min: 20},
		{Name: "Outcome", Field: "outcome", Drop: 2},
		{Name: "Services", Field: "services", Min: 8, Drop: 4},
		{Name: "Environment", Field: "environment", Min: 8, Drop: 5},
		{Name: "Executor", Field: "executor", Drop: 6},
		{Name: "Gaps", Field: "gaps", Right: true, Drop: 7},
		{Field: "started_at"}, {Field: "finished_at"}, {Field: "aborted_at"},
		{Field: "type"}, {Field: "stage"}, {Field: "user"}, {Field: "source"}, {Field: "commit"}, {Field: "diff"}, {Field: "job"},
		{Field: "attempts"}, {Field: "message"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "open"}, {Field: "web_url"},
		{Field: "recorded_by"}, {Field: "pipeline"},
	}
}

func changeRow(c jsonv1.Change) []cell {
	auto := jsonv1.Automation{}
	if c.Automation != nil {
		auto = *c.Automation
	}
	return []cell{
		text(c.Ref), cellOf(words.Criticality(c.Criticality), c.Criticality), cellOf(words.ChangeState(c.State), string(c.State)),
		both(strings.TrimSuffix(words.Moment(c.Start), " UTC"), c.Start), both(words.Slot(c.Start, c.WindowEnd), c.WindowEnd),
		optional(c.DurationMinutes),
		form.Secret(c.Title, c.Confidential, c.Withheld), cellOf(words.Result(c.Outcome), c.Outcome),
		form.Listed(c.Services), text(c.Environment),
		both(by(c.Executor), c.Executor), form.Counting(c.Gaps),
		text(c.StartedAt), text(c.FinishedAt), text(c.AbortedAt),
		text(auto.Type), text(auto.Stage), text(auto.User), text(auto.Source), text(auto.Commit), text(auto.Diff), text(auto.Job),
		optional(auto.Attempts), text(auto.Message),
		truth(c.Confidential, "confidential"), truth(c.Withheld, "withheld"), truth(c.Open, "open"), text(c.WebURL),
		text(auto.RecordedBy), optional(auto.Pipeline),
	}
}

// Change renders one change.
func (v *View) Change(doc jsonv1.ChangeShow) error { return show(v, doc, v.changeForm) }

func (v *View) changeForm(doc jsonv1.ChangeShow) (body, func(*page)) {
	s := sheet{Columns: append(changeColumns(), column{Field: "approvals_satisfied"}, column{Field: "approved_by"}, column{Field: "overrides"},
		column{Field: "retry_of"}, column{Field: "conflicts"}, column{Field: "locks"}, column{Field: "related"}, column{Field: "problems"},
		column{Field: "digest"})}
	approvers := make([]string, len(doc.Approvals.Counted))
	for i, a := range doc.Approvals.Counted {
		approvers[i] = a.By
	}
	s.Rows = [][]cell{append(changeRow(doc.Change), truth(doc.Approvals.Satisfied, "satisfied"), form.People(approvers),
		form.Counting(doc.Overrides),
		text(doc.RetryOf), form.Listed(doc.Conflicts), form.Listed(doc.Locks),
		form.Listed(relatedRefs(doc.Related)), form.Listed(problems(doc.Problems)),
		text(doc.Digest))}
	shown := v.changeOutline(doc)
	return body{Sheet: s, Notes: doc.Notes, Post: shown.Markdown()}, func(p *page) { p.Outline(shown) }
}

func (v *View) changeOutline(doc jsonv1.ChangeShow) outline {
	c := doc.Change
	state := unindented(words.ChangeState(c.State), t(", criticality "), words.Criticality(c.Criticality))
	if c.Withheld {
		return outline{Head: []line{form.Titled(c.Ref, c.Title, true, true), state}, Address: c.WebURL, Notes: doc.Notes}
	}
	return outline{
		Head:    []line{form.Titled(c.Ref, c.Title, c.Confidential, false), state},
		Address: c.WebURL,
		Facts:   v.changeFacts(doc),
		Sections: []layout.Section{
			section("Plan", planLines(doc)),
			section("Gaps", layout.Sentenced(c.Gaps)),
			section("Approvals", approvalLines(doc.Approvals, c.State)),
			section("Conflicts", layout.Sentenced(doc.Conflicts)),
			section("Locks in its window", layout.Sentenced(doc.Locks)),
			section("Overrides", overrideLines(doc.Overrides)),
			section("Recorded by automation", automationLines(c.Automation)),
			section("Related", relatedLines(doc.Related)),
			section("Invalid values in the record", layout.Sentenced(problems(doc.Problems))),
		},
		Notes: doc.Notes,
	}
}

// planLines shows what an approval is for. The plan of an automation is what it recorded.
func planLines(doc jsonv1.ChangeShow) []line {
	if doc.Plan == "" || doc.Change.Automation != nil {
		return nil
	}
	return append(layout.Sentenced(strings.Split(doc.Plan, "\n")), unindented(as(faint, "Digest: "), t(doc.Digest)))
}

func (v *View) changeFacts(doc jsonv1.ChangeShow) []layout.Fact {
	c := doc.Change
	var estimate []span
	if c.DurationMinutes != nil {
		estimate = []span{t(words.Lasting(*c.DurationMinutes))}
	}
	services := strings.Join(c.Services, ", ")
	if services == "" && c.Automation == nil {
		services = "all (none specified)"
	}
	return []layout.Fact{
		fact("Window", t(v.clock.Window(c.Start, c.WindowEnd))),
		fact("Estimate", estimate...),
		fact("Services", t(services)),
		fact("Environment", t(c.Environment)),
		fact("Executor", t(by(c.Executor))),
		fact("Started", t(words.Moment(c.StartedAt))),
		fact("Finished", t(words.Moment(c.FinishedAt))),
		fact("Aborted", t(words.Moment(c.AbortedAt))),
		fact("Outcome", words.Result(c.Outcome)),
		fact("Retry of", t(doc.RetryOf)),
		fact("Issue", issueState(c.Open)...),
	}
}

// approvalLines lists first whether there are enough approvals or what is missing, and for each approval that does not count the reason.
// What a change that is over lacks no longer matters.
func approvalLines(a jsonv1.Approvals, state jsonv1.ChangeState) []line {
	var lines []line
	if a.Satisfied && len(a.Counted)+len(a.Ignored) > 0 {
		lines = append(lines, unindented(as(good, "all required approvals")))
	}
	if state != "complete" && state != "aborted" {
		for _, m := range a.Missing {
			lines = append(lines, unindented(as(warn, m)))
		}
	}
	for _, c := range a.Counted {
		roles := ""
		if len(c.Roles) > 0 {
			roles = " (" + strings.Join(c.Roles, ", ") + ")"
		}
		spans := []span{t("counts: " + by(c.By) + roles)}
		if c.At != "" {
			spans = append(spans, as(faint, " "+words.Moment(c.At)))
		}
		lines = append(lines, unindented(spans...))
	}
	for _, i := range a.Ignored {
		lines = append(lines, unindented(as(warn, "does not count: "), t(by(i.By)+": "+i.Reason)))
	}
	return lines
}

// overrideLines formats overrides: their time and user as everywhere else.
func overrideLines(list []string) []line {
	var lines []line
	for _, o := range list {
		at, rest, _ := strings.Cut(o, " ")
		if when := words.Moment(at); when != at && !strings.HasPrefix(rest, ":") { // without a name if the account was deleted
			user, reason, _ := strings.Cut(rest, ":")
			o = when + " " + by(user) + ":" + reason
		}
		lines = append(lines, unindented(t(o)))
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
	for _, f := range []layout.Fact{
		fact("type", t(a.Type)), fact("stage", t(a.Stage)), fact("user", t(by(a.User))), fact("recorded by", t(by(a.RecordedBy))),
		fact("source", t(a.Source)), fact("commit", t(a.Commit)), fact("diff", t(a.Diff)), fact("job", t(a.Job)), fact("attempts", t(attempts)),
		fact("message", t(a.Message)),
	} {
		if f.Known() {
			lines = append(lines, unindented(append([]span{as(faint, f.Name+": ")}, f.Value...)...))
		}
	}
	return lines
}
