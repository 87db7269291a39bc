package render

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Opened says what became of an issue that was to be opened. The last line of a page and in a pipe is its address and nothing else.
func (v *View) Opened(doc jsonv1.Opened) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: []column{
		{name: "Issue", field: "ref"}, {name: "What", field: "what"}, {name: "Outcome", field: "outcome"}, {name: "Title", field: "title", min: 20},
		{field: "key"}, {field: "confidential"}, {field: "withheld"}, {field: "web_url"},
	}, rows: [][]cell{{
		text(doc.Ref), text(doc.What), text(string(doc.Outcome)), secret(doc.Title, doc.Confidential, doc.Withheld),
		text(doc.Key), truth(doc.Confidential, "confidential"), truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	told := []line{opened(doc)}
	address := doc.WebURL
	if address == "" {
		address = doc.Ref
	}
	post := story{head: told, notes: doc.Notes}
	b := body{sheet: s, notes: doc.Notes, said: append(told, says(t(address))), post: post.markdown()}
	return v.show(doc, b, func(p *page) {
		p.lines(told)
		if !p.quiet {
			for _, n := range notes(doc.Notes) {
				p.sentence(n)
			}
		}
		p.address(address)
	})
}

// opened is the sentence before the address.
func opened(doc jsonv1.Opened) line {
	issue := titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld).spans
	name, title := issue[:1], issue[1:]
	if len(title) > 0 {
		title = append([]span{t(":")}, title...)
	}
	verb := as(good, "opened ")
	if doc.What == "record" {
		verb = as(good, "recorded ")
	}
	if doc.Outcome == jsonv1.FoundAdopted {
		return says(slices.Concat(name, []span{as(warn, " was there already")}, title)...)
	}
	return says(slices.Concat([]span{verb}, name, title)...)
}

// Event says what was told of an incident or a change.
func (v *View) Event(doc jsonv1.Event) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: []column{
		{name: "Issue", field: "ref"}, {name: "Verb", field: "verb"}, {name: "When", field: "at"}, {name: "State", field: "state"},
		{name: "Outcome", field: "outcome"}, {name: "Title", field: "title", min: 20}, {name: "Text", field: "text", min: 20},
		{field: "what"}, {field: "before"}, {field: "since_start_minutes"}, {field: "left_off"}, {field: "next_step"}, {field: "by"},
		{field: "confidential"}, {field: "withheld"}, {field: "web_url"},
	}, rows: [][]cell{{
		text(doc.Ref), text(doc.Verb), both(moment(doc.At), doc.At), text(doc.State),
		text(string(doc.Outcome)), secret(doc.Title, doc.Confidential, doc.Withheld), text(doc.Text),
		text(doc.What), text(doc.Before), optional(doc.Minutes), text(doc.LeftOff), text(doc.NextStep), text(doc.By), truth(doc.Confidential, "confidential"),
		truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	told := []line{v.event(doc)}
	facts := handedOn(doc)
	post := story{head: told, facts: facts, notes: doc.Notes}
	return v.show(doc, body{sheet: s, notes: doc.Notes, said: []line{withFacts(told[0], facts)}, post: post.markdown()}, func(p *page) {
		p.lines(told)
		p.facts(2, facts)
		p.tail(notes(doc.Notes))
	})
}

// handedOn are the words that an issue is handed on with, for whoever has just taken it. Who has just written them knows them.
func handedOn(doc jsonv1.Event) []fact {
	if doc.LeftOff == "" || doc.Verb != "take" {
		return nil
	}
	return []fact{{"Left off", []span{t(doc.LeftOff)}}, {"Next", []span{t(doc.NextStep)}}, {"Said by", []span{t("@" + doc.By)}}}
}

// withFacts is a line with facts behind it, for a log.
func withFacts(l line, facts []fact) line {
	for _, f := range facts {
		l.spans = append(slices.Concat(l.spans, []span{t("; " + strings.ToLower(f.name) + ": ")}), f.value...)
	}
	return l
}

// past is how a sentence tells a verb.
func past(verb string) string {
	switch verb {
	case "action":
		return "given a corrective action"
	case "abort", "record", "reopen", "review", "start", "finish":
		return verb + "ed"
	case "update", "mitigate", "resolve", "approve", "relate":
		return verb + "d"
	case "override":
		return "overridden"
	case "mark":
		return "marked as ready to hand off"
	case "take":
		return "taken"
	}
	return verb
}

// event is one sentence: what, when, how long after the start, and where the issue stands now when the verb does not say it.
func (v *View) event(doc jsonv1.Event) line {
	done := past(doc.Verb)
	spans := append(titled(doc.Ref, "", doc.Confidential, doc.Withheld).spans, t(" "))
	if doc.Outcome == jsonv1.OutcomeUnchanged {
		spans = append(spans, t("was "+done+" already"))
	} else {
		spans = append(spans, as(good, done))
	}
	if doc.At != "" {
		spans = append(spans, t(" at "+v.clock.brief(doc.At)))
	}
	if doc.Minutes != nil {
		spans = append(spans, t(" ("+lasting(*doc.Minutes)+" after the start)"))
	}
	if doc.State != "" && doc.State != done {
		spans = append(spans, t("; "+stands(doc)+" "+doc.State))
	}
	return says(spans...)
}

func stands(doc jsonv1.Event) string {
	switch doc.Before {
	case "":
		return "state"
	case doc.State:
		return "still"
	}
	return "now"
}
