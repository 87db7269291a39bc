package render

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Opened says what became of an issue that was to be opened. The last line of a page and in a pipe is its address and nothing else.
func (v *View) Opened(doc jsonv1.Opened) error {
	doc = revealed(v, doc)
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"}, {Name: "Type", Field: "type"}, {Name: "Outcome", Field: "outcome"},
		{Name: "Title", Field: "title", Min: 20},
		{Field: "key"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.Ref), text(doc.Type), text(string(doc.Outcome)), secret(doc.Title, doc.Confidential, doc.Withheld),
		text(doc.Key), truth(doc.Confidential, "confidential"), truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	told := []line{opened(doc)}
	address := doc.WebURL
	if address == "" {
		address = doc.Ref
	}
	post := story{Head: told, Notes: doc.Notes}
	b := body{sheet: s, notes: doc.Notes, said: append(told, says(t(address))), post: post.Markdown()}
	return v.show(doc, b, func(p *page) {
		p.Lines(told)
		if !p.Quiet {
			for _, n := range layout.Notes(doc.Notes) {
				p.Sentence(n)
			}
		}
		p.Address(address)
	})
}

// opened is the sentence before the address.
func opened(doc jsonv1.Opened) line {
	issue := titled(doc.Ref, doc.Title, doc.Confidential, doc.Withheld).Spans
	name, title := issue[:1], issue[1:]
	if len(title) > 0 {
		title = append([]span{t(":")}, title...)
	}
	verb := as(good, "opened ")
	if doc.Type == "record" {
		verb = as(good, "recorded ")
	}
	if doc.Outcome == jsonv1.FoundExisting {
		return says(slices.Concat(name, []span{as(warn, " was there already")}, title)...)
	}
	return says(slices.Concat([]span{verb}, name, title)...)
}

// Event says what was told of an incident or a change.
func (v *View) Event(doc jsonv1.Event) error {
	doc = revealed(v, doc)
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"}, {Name: "Verb", Field: "verb"}, {Name: "When", Field: "at"}, {Name: "State", Field: "state"},
		{Name: "Outcome", Field: "outcome"}, {Name: "Title", Field: "title", Min: 20}, {Name: "Text", Field: "text", Min: 20},
		{Field: "type"}, {Field: "before"}, {Field: "since_start_minutes"}, {Field: "left_off"}, {Field: "next_step"}, {Field: "by"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.Ref), text(doc.Verb), both(words.Moment(doc.At), doc.At), text(doc.State),
		text(string(doc.Outcome)), secret(doc.Title, doc.Confidential, doc.Withheld), text(doc.Text),
		text(doc.Type), text(doc.Before), optional(doc.Minutes), text(doc.LeftOff), text(doc.NextStep), text(doc.By),
		truth(doc.Confidential, "confidential"),
		truth(doc.Withheld, "withheld"), text(doc.WebURL),
	}}}
	told := []line{v.event(doc)}
	facts := handedOn(doc)
	post := story{Head: told, Facts: facts, Notes: doc.Notes}
	return v.show(doc, body{sheet: s, notes: doc.Notes, said: []line{withFacts(told[0], facts)}, post: post.Markdown()}, func(p *page) {
		p.Lines(told)
		p.Facts(2, facts)
		p.Tail(layout.Notes(doc.Notes))
	})
}

// handedOn are the words that an issue is handed on with, for whoever has just taken it. Who has just written them knows them.
func handedOn(doc jsonv1.Event) []layout.Fact {
	if doc.LeftOff == "" || doc.Verb != "take" {
		return nil
	}
	return []layout.Fact{fact("Left off", t(doc.LeftOff)), fact("Next", t(doc.NextStep)), fact("Said by", t("@"+doc.By))}
}

// withFacts is a line with facts behind it, for a log.
func withFacts(l line, facts []layout.Fact) line {
	for _, f := range facts {
		l.Spans = append(slices.Concat(l.Spans, []span{t("; " + strings.ToLower(f.Name) + ": ")}), f.Value...)
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
	spans := append(titled(doc.Ref, "", doc.Confidential, doc.Withheld).Spans, t(" "))
	if doc.Outcome == jsonv1.OutcomeUnchanged {
		spans = append(spans, t("was "+done+" already"))
	} else {
		spans = append(spans, as(good, done))
	}
	if doc.At != "" {
		spans = append(spans, t(" at "+v.clock.Brief(doc.At)))
	}
	if doc.Minutes != nil {
		spans = append(spans, t(" ("+words.Lasting(*doc.Minutes)+" after the start)"))
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
