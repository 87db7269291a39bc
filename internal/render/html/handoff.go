package html

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Handoff is the report of a shift as a page of its own: what burns first. The document is shown as it is,
// so that what is confidential has to be withheld before.
func Handoff(doc jsonv1.Handoff, in *time.Location) string {
	w := when{in}
	p := page{
		Kicker:  "Hand-off",
		Title:   append([]string{layout.OneLine(doc.Shift.Region) + ","}, w.day(doc.Shift.From)...),
		Lead:    handoffLead(doc, w),
		Verdict: handoffVerdict(doc),
	}
	if doc.Historical {
		p.Warning = "This is rebuilt for a moment that is over, from what GitLab still knows of it."
	}
	p.Parts = append(handoffParts(doc, w), stripPart(doc, w), budgetPart(doc.Budget, w),
		part{ID: "unknown", Title: "Could not be found out", Lines: sentences(doc.Unknown)})
	return p.with(doc.Notes).html()
}

// handoffParts are the sections, with the locks behind the last of those that may burn.
func handoffParts(doc jsonv1.Handoff, w when) []part {
	var parts []part
	at := 0
	for _, s := range doc.Sections {
		parts = append(parts, handoffPart(s, w))
		if s.Urgency == jsonv1.Burning || s.Urgency == jsonv1.MayBurn {
			at = len(parts)
		}
	}
	return slices.Insert(parts, at, lockPart(doc.Locks, w))
}

func handoffLead(doc jsonv1.Handoff, w when) [][]bit {
	lead := [][]bit{
		append(bits(stress("Ends:"), quote(doc.Shift.Region)),
			append(w.period(doc.Shift.From, doc.Shift.To), append(bits(say("·")), staff(doc.Shift.People)...)...)...),
		append(bits(stress("Comes:"), quote(doc.Next.Region)),
			append(w.period(doc.Next.From, doc.Next.To), append(bits(say("·")), staff(doc.Next.People)...)...)...),
		bits(say("As of"), w.moment(doc.At), say("· times in "+w.zone())),
	}
	if doc.Log != nil {
		lead = append(lead, bits(say("On-call log:"), link(doc.Log.Ref, doc.Log.WebURL)))
	}
	return lead
}

// urgencies say in words and levels how soon somebody has to look.
var urgencies = []struct {
	urgency jsonv1.Urgency
	level   level
	word    string
}{
	{jsonv1.Burning, levelBad, "burning"},
	{jsonv1.MayBurn, levelWarn, "may burn"},
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

// handoffTally counts by how soon somebody has to look, and gives for each the first section that has something.
// What is resolved needs nobody.
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
	add(jsonv1.MayBurn, "locks", len(doc.Locks))
	return found, first
}

// handoffVerdict says whether anything burns. Where not everything could be read, it does not say that nothing does.
func handoffVerdict(doc jsonv1.Handoff) verdict {
	found, first := handoffTally(doc)
	v := verdict{Level: levelGood, Text: "Nothing is burning."}
	switch n := found[jsonv1.Burning]; {
	case n == 1:
		v.Level, v.Text = levelBad, "1 issue is burning."
	case n > 1:
		v.Level, v.Text = levelBad, strconv.Itoa(n)+" issues are burning."
	case len(doc.Unknown) > 0:
		v.Level, v.Text = levelWarn, "Nothing that is known is burning, but not everything could be found out."
	case found[jsonv1.MayBurn] > 0:
		v.Level, v.Text = levelWarn, "Nothing is burning, but something may."
	}
	for _, u := range urgencies {
		if first[u.urgency] != "" {
			v.Counts = append(v.Counts, tally{u.level, found[u.urgency], u.word, first[u.urgency]})
		}
	}
	return v
}

// anchor is the name of a section in the page's own addresses.
func anchor(id string) string { return strings.ReplaceAll(layout.OneLine(id), "_", "-") }

func handoffPart(s jsonv1.HandoffSection, w when) part {
	l, word := urgencyOf(s.Urgency)
	p := part{ID: anchor(s.ID), Title: layout.OneLine(s.Title), Badge: bits(badge(l, word))}
	if s.ID == jsonv1.SectionResolved { // it says where to look last
		l = levelGood
	}
	for _, e := range s.Entries {
		p.Cards = append(p.Cards, handoffCard(e, l, w))
	}
	return p
}

func handoffCard(e jsonv1.HandoffEntry, l level, w when) card {
	c := card{Level: l, Head: bits(link(e.Ref, e.WebURL)), Title: entitled(e.Title, e.Confidential, e.Withheld)}
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
	c.Facts, c.Alerts = handoffFacts(e, w), harmlessLines(e.Missing)
	return c
}

// handoffFacts are what is known of an entry, what is to be done first.
func handoffFacts(e jsonv1.HandoffEntry, w when) []fact {
	var facts []fact
	add := func(name string, value []bit) {
		if len(value) > 0 {
			facts = append(facts, fact{Name: name, Value: value})
		}
	}
	said := func(name string, who []bit, text string) {
		if text != "" {
			facts = append(facts, fact{Name: name, Value: who, Said: paragraph(text)})
		}
	}
	said("Next step", nil, e.NextStep)
	said("Left off", marked(e, w), e.LeftOff)
	if u := e.LastUpdate; u != nil {
		who := bits(w.moment(u.At))
		if u.By != "" {
			who = append(who, quote("@"+u.By))
		}
		if u.Internal {
			who = append(who, soft("an internal comment"))
		}
		if u.Text == "" {
			add("Last update", who)
		}
		said("Last update", who, u.Text)
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
	add("Services", listing(e.Services))
	add("Assignees", naming(e.Assignees))
	if e.TakenBy != "" {
		add("Taken by", naming([]string{e.TakenBy}))
	}
	return facts
}

func marked(e jsonv1.HandoffEntry, w when) []bit {
	var who []bit
	if e.MarkedAt != "" {
		who = append(who, w.moment(e.MarkedAt))
	}
	if e.MarkedBy != "" {
		who = append(who, quote("@"+e.MarkedBy))
	}
	return who
}

// harmlessLines are texts of others, each on its line.
func harmlessLines(list []string) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, layout.OneLine(s))
	}
	return lines
}

// lockPart are the locks of the time to come.
func lockPart(list []jsonv1.Lock, w when) part {
	p := part{ID: "locks", Title: "Locks"}
	for _, l := range list {
		kind := badge(levelWarn, l.Kind)
		if l.Kind == "hard" {
			kind = badge(levelBad, l.Kind)
		}
		told := bits(kind, stress(l.Name))
		if l.Active {
			told = append(told, say("holds now"))
		}
		for _, next := range l.Next {
			told = append(told, w.period(next.From, next.To)...)
		}
		if l.Reason != "" {
			told = append(told, say("·"), quote(l.Reason))
		}
		if len(l.Exempt) > 0 {
			told = append(told, soft("· not for "+strings.Join(l.Exempt, ", ")))
		}
		p.Lines = append(p.Lines, told)
	}
	return p
}
