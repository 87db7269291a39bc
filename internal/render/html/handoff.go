package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Handoff returns the hand-off report of a shift as a page, with burning issues first. The document is shown as it is, so withhold
// confidential issues before.
func Handoff(doc jsonv1.Handoff, in *time.Location) string {
	w := when{in}
	p := page{
		Kicker:  "Hand-off",
		Title:   append([]string{layout.OneLine(doc.Shift.Region) + ","}, w.day(doc.Shift.From)...),
		Lead:    handoffLead(doc, w),
		Verdict: handoffVerdict(doc),
	}
	if f := doc.First; f.Ref != "" {
		p.Lead = append(p.Lead, bits(stress("Look first at:"), quote(f.Ref), plain("· "+firstReason(f))))
	}
	if doc.Historical {
		p.Warning = "Rebuilt for a point in the past, from what GitLab still has."
	}
	p.Parts = append(handoffParts(doc, w), stripPart(doc, w), budgetPart(doc.Budget, w),
		part{ID: "unknown", Title: "Could not be read", Lines: sentences(doc.Unknown)})
	return p.with(doc.Notes).html()
}

// firstReason is why something is the first thing to look at.
func firstReason(f jsonv1.HandoffFirst) string {
	reason := strings.ReplaceAll(string(f.Rule), "_", " ")
	if f.LateMinutes != nil {
		reason += " by " + words.Lasting(*f.LateMinutes)
	}
	return reason
}

// handoffParts returns the sections, with the locks after the last section that is burning or at risk.
func handoffParts(doc jsonv1.Handoff, w when) []part {
	var parts []part
	at := 0
	for _, s := range doc.Sections {
		parts = append(parts, handoffPart(s, w))
		if s.Urgency == jsonv1.Burning || s.Urgency == jsonv1.AtRisk {
			at = len(parts)
		}
	}
	return slices.Insert(parts, at, lockPart(doc.Locks, w))
}

func handoffLead(doc jsonv1.Handoff, w when) [][]bit {
	lead := [][]bit{
		append(bits(stress("Ending:"), quote(doc.Shift.Region)),
			append(w.period(doc.Shift.From, doc.Shift.To), append(bits(plain("·")), peopleBits(doc.Shift.People)...)...)...),
		append(bits(stress("Next:"), quote(doc.Next.Region)),
			append(w.period(doc.Next.From, doc.Next.To), append(bits(plain("·")), peopleBits(doc.Next.People)...)...)...),
		bits(plain("As of"), w.moment(doc.At), plain("· times in "+w.zone())),
	}
	if doc.Log != nil {
		lead = append(lead, bits(plain("On-call log:"), link(doc.Log.Ref, doc.Log.WebURL)))
	}
	return lead
}

// urgencies maps urgencies to levels and words.
var urgencies = []struct {
	urgency jsonv1.Urgency
	level   level
	word    string
}{
	{jsonv1.Burning, levelBad, "burning"},
	{jsonv1.AtRisk, levelWarn, "at risk"},
	{jsonv1.CanWait, levelPlain, "can wait"},
}

func urgencyOf(u jsonv1.Urgency) (level, string) {
	for _, each := range urgencies {
		if each.urgency == u {
			return each.level, each.word
		}
	}
	return levelPlain, string(u)
}

// handoffTally counts by urgency, and returns the first section with entries for each urgency. Resolved issues need nobody, so they are
// not counted.
func handoffTally(doc jsonv1.Handoff) (found map[jsonv1.Urgency]int, first map[jsonv1.Urgency]string) {
	found, first = map[jsonv1.Urgency]int{}, map[jsonv1.Urgency]string{}
	add := func(u jsonv1.Urgency, part string, n int) {
		if first[u] == "" || found[u] == 0 && n > 0 {
			first[u] = part
		}
		found[u] += n
	}
	for _, s := range doc.Sections {
		if s.ID != jsonv1.SectionResolved {
			add(s.Urgency, anchor(s.ID), len(s.Entries))
		}
	}
	add(jsonv1.AtRisk, "locks", len(doc.Locks))
	return found, first
}

// handoffVerdict says whether anything is burning. If some data could not be read, it never says that nothing is.
func handoffVerdict(doc jsonv1.Handoff) verdict {
	found, first := handoffTally(doc)
	v := verdict{Level: levelGood, Text: "Nothing is burning."}
	switch n := found[jsonv1.Burning]; {
	case n == 1:
		v.Level, v.Text = levelBad, "1 issue is burning."
	case n > 1:
		v.Level, v.Text = levelBad, strconv.Itoa(n)+" issues are burning."
	case len(doc.Unknown) > 0:
		v.Level, v.Text = levelWarn, "Nothing known is burning, but some data could not be read."
	case found[jsonv1.AtRisk] == 1:
		v.Level, v.Text = levelWarn, "Nothing is burning, but 1 item is at risk."
	case found[jsonv1.AtRisk] > 1:
		v.Level, v.Text = levelWarn, fmt.Sprintf("Nothing is burning, but %d items are at risk.", found[jsonv1.AtRisk])
	}
	for _, u := range urgencies {
		if first[u.urgency] != "" {
			v.Counts = append(v.Counts, tally{Level: u.level, Number: found[u.urgency], What: u.word, Part: first[u.urgency]})
		}
	}
	return v
}

// anchor returns the ID of a section on the page.
func anchor(id string) string { return strings.ReplaceAll(layout.OneLine(id), "_", "-") }

func handoffPart(s jsonv1.HandoffSection, w when) part {
	l, word := urgencyOf(s.Urgency)
	p := part{ID: anchor(s.ID), Title: layout.OneLine(s.Title), Badge: bits(badge(l, word))}
	if s.ID == jsonv1.SectionResolved { // resolved incidents need nobody
		l = levelGood
	}
	for _, e := range s.Entries {
		p.Cards = append(p.Cards, handoffCard(e, l, w))
	}
	return p
}

func handoffCard(e jsonv1.HandoffEntry, l level, w when) card {
	c := card{Level: l, Head: bits(link(e.Ref, e.WebURL)), Title: titleBits(e.Title, e.Confidential, e.Withheld)}
	add := func(l level, s string) {
		if s != "" {
			c.Head = append(c.Head, badge(l, s))
		}
	}
	if e.Kind == "outage" {
		add(levelBad, e.Kind)
	} else {
		c.Head = append(c.Head, soft(e.Kind))
	}
	if e.Severity != "" || e.Kind == "incident" && !e.Withheld {
		c.Head = append(c.Head, severityBadge(e.Severity))
	}
	add(criticalityLevel(e.Criticality), e.Criticality)
	add(stateLevel(e.State), e.State)
	if e.DataLoss {
		add(levelBad, "data loss")
	} else {
		add(levelPlain, e.Priority)
	}
	if e.Withheld {
		return c
	}
	c.Facts, c.Alerts = handoffFacts(e, w), sanitizedLines(e.Missing)
	return c
}

// handoffFacts returns the facts of an entry, the next step first.
func handoffFacts(e jsonv1.HandoffEntry, w when) []fact {
	var facts []fact
	add := func(name string, value []bit) {
		if len(value) > 0 {
			facts = append(facts, fact{Name: name, Value: value})
		}
	}
	addText := func(name string, who []bit, text string) {
		if text != "" {
			facts = append(facts, fact{Name: name, Value: who, Text: paragraph(text)})
		}
	}
	addText("Next step", nil, e.NextStep)
	addText("Contingency", nil, e.Contingency)
	addText("Left off", markedBits(e, w), e.LeftOff)
	if u := e.LastUpdate; u != nil {
		who := bits(w.moment(u.At))
		if u.By != "" {
			who = append(who, quote(account.Name(u.By)))
		}
		if u.Internal {
			who = append(who, soft("internal comment"))
		}
		if u.Text == "" {
			add("Last update", who)
		}
		addText("Last update", who, u.Text)
	}
	if e.Start != "" {
		add("Window", w.period(e.Start, e.End))
	}
	if e.Since != "" {
		began := bits(w.moment(e.Since))
		if e.AgeMinutes != nil {
			began = append(began, soft("("+words.Lasting(*e.AgeMinutes)+")"))
		}
		add("Since", began)
	}
	if e.ResolvedAt != "" {
		add("Resolved", bits(w.moment(e.ResolvedAt)))
	}
	add("Services", joinedBits(e.Services))
	add("Assignees", mentionBits(e.Assignees))
	if e.TakenBy != "" {
		add("Taken by", mentionBits([]string{e.TakenBy}))
	}
	return facts
}

func markedBits(e jsonv1.HandoffEntry, w when) []bit {
	var who []bit
	if e.MarkedAt != "" {
		who = append(who, w.moment(e.MarkedAt))
	}
	if e.MarkedBy != "" {
		who = append(who, quote(account.Name(e.MarkedBy)))
	}
	return who
}

// sanitizedLines returns texts from elsewhere, one per line.
func sanitizedLines(list []string) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, layout.OneLine(s))
	}
	return lines
}

// lockPart lists the current and upcoming locks.
func lockPart(list []jsonv1.Lock, w when) part {
	p := part{ID: "locks", Title: "Locks"}
	for _, l := range list {
		kind := badge(levelWarn, l.Kind)
		if l.Kind == "hard" {
			kind = badge(levelBad, l.Kind)
		}
		line := bits(kind, stress(l.Name))
		if l.Active {
			line = append(line, plain("active now"))
		}
		for _, next := range l.Next {
			line = append(line, w.period(next.From, next.To)...)
		}
		if l.Reason != "" {
			line = append(line, plain("·"), quote(l.Reason))
		}
		if len(l.Exempt) > 0 {
			line = append(line, soft("· exempt: "+strings.Join(l.Exempt, ", ")))
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}
