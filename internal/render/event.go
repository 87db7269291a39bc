package render

import (
	"cmp"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/plans"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Opened shows an issue that was opened now or before. The last line, in a terminal and in a pipe, is its URL and nothing else.
func (v *View) Opened(doc jsonv1.Opened) error { return show(v, doc, v.openedForm) }

func (v *View) openedForm(doc jsonv1.Opened) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"}, {Name: "Type", Field: "type"}, {Name: "Outcome", Field: "outcome"},
		{Name: "Title", Field: "title", Min: 20},
		{Field: "key"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.Ref), text(doc.Type), text(string(doc.Outcome)), form.Secret(doc.Title, doc.Confidential, doc.Withheld),
		text(doc.Key), truth(doc.Confidential, "confidential"), truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	result := []line{opened(doc)}
	address := doc.WebURL
	if address == "" {
		address = doc.Ref
	}
	post := outline{Head: result, Notes: doc.Notes}
	b := body{Sheet: s, Notes: doc.Notes, Log: append(result, unindented(t(address))), Post: post.Markdown()}
	return b, func(p *page) {
		p.Lines(result)
		if !p.Quiet {
			for _, n := range layout.Notes(doc.Notes) {
				p.Sentence(n)
			}
		}
		p.Address(address)
	}
}

// opened is the line before the URL.
func opened(doc jsonv1.Opened) line {
	issue := form.Titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld).Spans
	name, title := issue[:1], issue[1:]
	if len(title) > 0 {
		title = append([]span{t(":")}, title...)
	}
	verb := "opened"
	if doc.Type == "record" {
		verb = "recorded"
	}
	outcome := as(good, capital(verb)+" ")
	if doc.Outcome == jsonv1.FoundExisting {
		outcome = as(warn, "Already "+verb+": ")
	}
	return unindented(slices.Concat([]span{outcome}, name, title)...)
}

// Event shows an event of an incident or a change that was recorded now or before.
func (v *View) Event(doc jsonv1.Event) error { return show(v, doc, v.eventForm) }

func (v *View) eventForm(doc jsonv1.Event) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"}, {Name: "Verb", Field: "verb"}, {Name: "When", Field: "at"}, {Name: "State", Field: "state"},
		{Name: "Outcome", Field: "outcome"}, {Name: "Title", Field: "title", Min: 20}, {Name: "Text", Field: "text", Min: 20},
		{Field: "type"}, {Field: "before"}, {Field: "since_start_minutes"}, {Field: "left_off"}, {Field: "next_step"},
		{Field: "contingency"}, {Field: "by"}, {Field: "target"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.Ref), text(doc.Verb), both(words.Moment(doc.At), doc.At), text(doc.State),
		text(string(doc.Outcome)), form.Secret(doc.Title, doc.Confidential, doc.Withheld), text(doc.Text),
		text(doc.Type), text(doc.Before), optional(doc.Minutes), text(doc.LeftOff), text(doc.NextStep),
		text(doc.Contingency), text(doc.By), text(doc.Target),
		truth(doc.Confidential, "confidential"),
		truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	result := []line{v.event(doc)}
	facts := handoverFacts(doc)
	post := outline{Head: result, Facts: facts, Notes: doc.Notes}
	return body{Sheet: s, Notes: doc.Notes, Log: []line{withFacts(result[0], facts)}, Post: post.Markdown()}, func(p *page) {
		p.Lines(result)
		p.Facts(2, facts)
		p.Tail(layout.Notes(doc.Notes))
	}
}

// handoverFacts are the notes of the hand-off, for whoever has just taken the issue. Whoever has just written them does not need them.
func handoverFacts(doc jsonv1.Event) []layout.Fact {
	if doc.LeftOff == "" || doc.Verb != "take" {
		return nil
	}
	return []layout.Fact{fact("Left off", t(doc.LeftOff)), fact("Next", t(doc.NextStep)), fact("Contingency", t(doc.Contingency)),
		fact("Marked by", t(by(doc.By)))}
}

// withFacts appends facts to a line, for a log. A fact without a value is left out.
func withFacts(l line, facts []layout.Fact) line {
	for _, f := range facts {
		if layout.PlainText(f.Value) == "" {
			continue
		}
		l.Spans = append(slices.Concat(l.Spans, []span{t("; " + strings.ToLower(f.Name) + ": ")}), f.Value...)
	}
	return l
}

// past is the past participle of a verb.
func past(verb string) string {
	switch verb {
	case "action":
		return "given a corrective action"
	case "abort", "adopt", "record", "reopen", "review", "start", "finish":
		return verb + "ed"
	case "update", "mitigate", "resolve", "approve", "relate":
		return verb + "d"
	case "override":
		return "overridden"
	case "mark":
		return "marked as ready to hand off"
	case "take":
		return "taken"
	case "accept":
		return "accepted"
	}
	return verb
}

// outcome is the text before and after the reference.
func outcome(verb string, existing bool) (before, after string) {
	switch {
	case verb == "update" && existing:
		return "Update already added to ", ""
	case verb == "update":
		return "Added update to ", ""
	case verb == "action" && existing:
		return "Corrective action already added to ", ""
	case verb == "action":
		return "Added corrective action to ", ""
	case verb == "accept" && existing:
		return "Hand-off already accepted in ", ""
	case verb == "accept":
		return "Accepted the hand-off in ", ""
	case existing:
		return "Already " + past(verb) + ": ", ""
	case verb == "mark":
		return "Marked ", " as ready to hand off"
	case verb == "take":
		return "Took ", ""
	}
	return capital(past(verb)) + " ", ""
}

// capital sets the first letter of an English word in upper case.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// event is one line: what, where, when, how long after the start, and the state if the verb does not imply it.
func (v *View) event(doc jsonv1.Event) line {
	if doc.Verb == "take" && doc.Outcome == jsonv1.OutcomeUnchanged { // an issue that somebody else has is an error
		return unindented(slices.Concat([]span{t("Already yours since " + v.clock.Brief(doc.At) + ": ")},
			form.Titled(doc.Ref, "", doc.Confidential, doc.Withheld).Spans)...)
	}
	done := past(doc.Verb)
	before, after := outcome(doc.Verb, doc.Outcome == jsonv1.OutcomeUnchanged)
	if doc.Type == "drill" {
		before = map[bool]string{true: "Already recorded: ", false: "Recorded "}[doc.Outcome == jsonv1.OutcomeUnchanged] +
			"restore " + restored(doc) + "in "
	}
	style := good
	if doc.Outcome == jsonv1.OutcomeUnchanged {
		style = plain
	}
	spans := append([]span{as(style, before)}, form.Titled(doc.Ref, "", doc.Confidential, doc.Withheld).Spans...)
	spans = append(spans, t(after))
	if doc.At != "" {
		spans = append(spans, t(" at "+v.clock.Brief(doc.At)))
	}
	switch {
	case doc.Type == "drill" && doc.Minutes != nil:
		return unindented(append(spans, t(" (took "+words.Lasting(*doc.Minutes)+"); "+doc.State))...)
	case doc.Minutes != nil:
		spans = append(spans, t(" ("+words.Lasting(*doc.Minutes)+" after the start)"))
	}
	if doc.State != "" && doc.State != done {
		spans = append(spans, t("; "+stateWord(doc)+" "+doc.State))
	}
	return unindented(spans...)
}

// restored is what was restored in a drill; empty if it is withheld.
func restored(doc jsonv1.Event) string {
	if doc.Target == "" {
		return ""
	}
	return "of " + doc.Target + " "
}

// stateWord introduces the state at the end of a line.
func stateWord(doc jsonv1.Event) string {
	switch doc.Before {
	case "":
		return "state"
	case doc.State:
		return "still"
	}
	return "now"
}

// Plan shows what a command would do. An empty plan is one line on a page, and no output in a pipe.
func (v *View) Plan(doc jsonv1.Plan) error { return show(v, doc, v.planForm) }

func (v *View) planForm(doc jsonv1.Plan) (body, func(*page)) {
	shown := doc
	shown.Command = cmp.Or(v.planner, doc.Command)
	return body{Sheet: plans.PlanSheet(shown), Tail: plans.PlanSum(doc), Notes: plans.OtherNotes(doc.Notes, len(doc.Steps))},
		func(p *page) { plans.WritePlan(p, shown) }
}

// PlannedBy returns a view that shows plans under the name of the command that only plans. In JSON they keep that of the one that applies
// them.
func (v *View) PlannedBy(command string) *View {
	other := *v
	other.planner = command
	return &other
}

// Applied shows the outcome of each step of a plan, and the command to retry.
func (v *View) Applied(doc jsonv1.Applied) error { return show(v, doc, v.appliedForm) }

func (v *View) appliedForm(doc jsonv1.Applied) (body, func(*page)) {
	return body{Sheet: plans.AppliedSheet(doc), Tail: plans.AppliedSum(doc), Notes: plans.OtherNotes(doc.Notes, len(doc.Steps))},
		func(p *page) { plans.WriteApplied(p, doc) }
}
