package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/handoff"
	"gitlab.com/prodctl/prodctl/internal/render/html"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Handoff shows the report of a shift. Outside a terminal page, confidential issues appear by reference only unless the options reveal
// them. On a page and in Markdown a quiet shift is two lines and long lists are cut, unless all is set.
func (v *View) Handoff(doc jsonv1.Handoff, all bool) error {
	return show(v, doc, func(doc jsonv1.Handoff) (body, func(*page)) { return v.handoffForm(doc, shownOf(all)) })
}

// shownOf is how many entries of a list are shown; 0: all.
func shownOf(all bool) int {
	if all {
		return 0
	}
	return handoff.Limit
}

func (v *View) handoffForm(doc jsonv1.Handoff, most int) (body, func(*page)) {
	b := body{Sheet: handoffSheet(doc), Notes: slices.Concat([]string(doc.Unknown), []string(doc.Notes))}
	b.Also = v.asPage(func(in *time.Location) string { return html.Handoff(doc, in) })
	if v.o.Format == Markdown {
		b.Post = handoffPost(doc, most)
	}
	return b, func(p *page) { v.handoffPage(p, doc, most) }
}

// handoffSheet has a row for each entry, then for each lock and for the budget, so that programs get everything.
func handoffSheet(doc jsonv1.Handoff) sheet {
	s := sheet{None: "Nothing to hand over"}
	for _, field := range []string{"urgency", "section", "ref", "kind", "severity", "criticality", "state", "priority", "since",
		"age_minutes", "title", "next_step", "contingency", "left_off",
		"last_update_at", "last_update_by", "last_update_text", "services", "assignees", "start", "end", "resolved_at", "marked_by",
		"marked_at", "taken_by", "missing",
		"data_loss", "confidential", "withheld", "web_url"} {
		s.Columns = append(s.Columns, column{Field: field})
	}
	for _, section := range doc.Sections {
		for _, e := range section.Entries {
			s.Rows = append(s.Rows, handoffRow(section, e))
		}
	}
	for _, l := range doc.Locks {
		period := jsonv1.Period{From: l.From, To: l.To}
		if len(l.Next) > 0 {
			period = l.Next[0]
		}
		s.Rows = append(s.Rows, handoffRow(jsonv1.HandoffSection{ID: "locks", Urgency: jsonv1.AtRisk},
			jsonv1.HandoffEntry{Kind: "lock", State: l.Kind, Title: l.Name, Start: period.From, End: period.To}))
	}
	if doc.Budget != nil {
		s.Rows = append(s.Rows, handoffRow(jsonv1.HandoffSection{ID: "budget", Urgency: jsonv1.CanWait},
			jsonv1.HandoffEntry{Kind: "budget", Title: budgetLeft(*doc.Budget), Start: doc.Budget.From, End: doc.Budget.To}))
	}
	return s
}

func handoffRow(section jsonv1.HandoffSection, e jsonv1.HandoffEntry) []cell {
	update := lastUpdate(e.LastUpdate)
	return []cell{
		text(string(section.Urgency)), text(section.ID), text(e.Ref), text(e.Kind), text(e.Severity), text(e.Criticality), text(e.State),
		text(e.Priority),
		text(e.Since), optional(e.AgeMinutes), text(e.Title), text(e.NextStep), text(e.Contingency), text(e.LeftOff),
		text(update.At), text(update.By),
		text(update.Text), form.Listed(e.Services), form.People(e.Assignees), text(e.Start), text(e.End), text(e.ResolvedAt),
		text(e.MarkedBy), text(e.MarkedAt), text(e.TakenBy),
		text(strings.Join(e.Missing, "; ")), truth(e.DataLoss, ""), truth(e.Confidential, ""), truth(e.Withheld, ""), text(e.WebURL),
	}
}

// handoffSummary counts the entries and locks by urgency. Resolved issues do not count.
func handoffSummary(doc jsonv1.Handoff) string {
	n := map[jsonv1.Urgency]int{}
	for _, s := range doc.Sections {
		if s.ID != jsonv1.SectionResolved {
			n[s.Urgency] += len(s.Entries)
		}
	}
	n[jsonv1.AtRisk] += len(doc.Locks)
	return fmt.Sprintf("%d burning, %d at risk, %d can wait", n[jsonv1.Burning], n[jsonv1.AtRisk], n[jsonv1.CanWait])
}

// urgencyHead returns the heading of one of the three parts.
func urgencyHead(u jsonv1.Urgency) span {
	switch u {
	case jsonv1.Burning:
		return as(bad, "BURNING")
	case jsonv1.AtRisk:
		return as(warn, "AT RISK")
	case jsonv1.CanWait:
		return t("CAN WAIT")
	}
	return span{}
}

// peopleOnCall lists the people on call in a shift.
func peopleOnCall(list []jsonv1.Person) string {
	if len(list) == 0 {
		return words.Unknown
	}
	var names []string
	for _, p := range list {
		name := by(p.User)
		if p.Name != "" && p.Name != p.User {
			name += " (" + p.Name + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func (v *View) handoffPage(p *page, doc jsonv1.Handoff, most int) {
	if most > 0 && handoff.Quiet(doc) {
		p.Line(0, as(strong, "Hand-off "+doc.Shift.Region+" to "+doc.Next.Region), t(", as of "+words.Moment(doc.At)+": "),
			as(good, "quiet"))
		p.Line(0, t(quietLine(doc)))
		p.Tail(layout.Notes(slices.Concat([]string(doc.Unknown), []string(doc.Notes))))
		return
	}
	p.Line(0, as(strong, "Hand-off "+doc.Shift.Region+" to "+doc.Next.Region), t(", as of "+words.Moment(doc.At)))
	p.Facts(2, []layout.Fact{
		fact("outgoing", t(peopleOnCall(doc.Shift.People)+", "+v.clock.Window(doc.Shift.From, doc.Shift.To))),
		fact("incoming", t(peopleOnCall(doc.Next.People)+", "+v.clock.Window(doc.Next.From, doc.Next.To))),
	})
	p.Line(2, handoff.First(doc)...)
	style := plain
	if !strings.HasPrefix(handoffSummary(doc), "0 burning") {
		style = bad
	}
	p.Line(2, as(style, handoffSummary(doc)))
	if doc.Historical {
		p.Line(2, as(warn, "rebuilt from GitLab's history"))
	}
	var part jsonv1.Urgency
	for _, s := range doc.Sections {
		if s.Urgency != part {
			if part == jsonv1.AtRisk {
				lockLines(p, v, doc.Locks)
			}
			part = s.Urgency
			p.Gap()
			p.Line(0, urgencyHead(part))
		}
		v.handoffSection(p, s, most, handoff.ToSeeAll(doc))
	}
	if doc.Budget != nil {
		p.Hang(2, []span{as(strong, "Error budget: ")}, 4, t(budgetLeft(*doc.Budget)))
		p.Hang(4, nil, 4, as(faint, strings.Join(budgetFacts(*doc.Budget), "; ")))
	}
	if len(doc.Unknown) > 0 {
		p.Gap()
		p.Line(0, as(warn, "UNKNOWN"))
		for _, s := range doc.Unknown {
			p.Line(2, t(s))
		}
	}
	p.Tail(layout.Notes(doc.Notes))
}

// quietLine is the second line of a quiet shift: who goes, who comes, and the rest of the budget.
func quietLine(doc jsonv1.Handoff) string {
	line := "Outgoing " + peopleOnCall(doc.Shift.People) + ", incoming " + peopleOnCall(doc.Next.People) + " until " +
		words.Moment(doc.Next.To)
	if doc.Historical {
		line += "; rebuilt from GitLab's history"
	}
	if doc.Budget != nil {
		line += "; error budget: " + budgetLeft(*doc.Budget)
	}
	return line
}

func (v *View) handoffSection(p *page, s jsonv1.HandoffSection, most int, all string) {
	if len(s.Entries) == 0 {
		p.Line(2, as(strong, s.Title+": "), as(faint, "none"))
		return
	}
	p.Line(2, as(strong, s.Title))
	shown, more := handoff.Cut(s.Entries, most)
	for _, e := range shown {
		p.Line(4, v.handoffHead(e)...)
		p.Facts(6, v.handoffFacts(e))
	}
	if more > 0 {
		p.Line(4, as(faint, words.More(more, all)))
	}
}

// handoffHead returns the first line of an entry: reference, severity, state, age and title.
func (v *View) handoffHead(e jsonv1.HandoffEntry) []span {
	spans := []span{as(strong, e.Ref)}
	if e.Confidential {
		spans = append(spans, t(" "), as(warn, words.HiddenTitle))
	}
	separator := " "
	add := func(s span) {
		if s.Text != "" {
			spans = append(spans, t(separator), s)
			separator = ", "
		}
	}
	if e.Severity != "" {
		add(words.Severity(e.Severity))
	} else if e.Kind == "incident" && !e.Withheld {
		add(as(warn, "severity unknown"))
	}
	add(as(warn, e.Criticality))
	switch e.Kind {
	case "incident":
		s := words.IncidentState(jsonv1.IncidentState(e.State))
		if s.Text == words.Unknown {
			s.Text = "state unknown"
		}
		add(s)
	case "outage":
		add(as(bad, "outage"))
	default:
		add(t(e.State))
	}
	if e.DataLoss {
		add(as(bad, "data loss"))
	} else if e.Kind == "issue" {
		add(as(warn, e.Priority))
	}
	if e.AgeMinutes != nil && e.ResolvedAt == "" {
		add(as(faint, words.Lasting(*e.AgeMinutes)))
	}
	if e.Title != "" {
		spans = append(spans, t(": "+e.Title))
	}
	return spans
}

// handoffFacts returns the details of an entry, starting with what is missing and what comes next.
func (v *View) handoffFacts(e jsonv1.HandoffEntry) []layout.Fact {
	if e.Withheld {
		return nil
	}
	window := ""
	if e.Start != "" {
		window = v.clock.Window(e.Start, e.End)
	}
	return []layout.Fact{
		fact("problems", as(bad, strings.Join(e.Missing, "; "))),
		fact("next", t(e.NextStep)),
		fact("contingency", t(e.Contingency)),
		fact("left off", v.leftOff(e)...),
		fact("taken by", t(by(e.TakenBy))),
		fact("last update", v.lastComment(e.LastUpdate)...),
		fact("window", t(window)),
		fact("resolved", t(v.clock.Brief(e.ResolvedAt))),
		fact("services", t(strings.Join(e.Services, ", "))),
		fact("assignees", t(words.Mentions(e.Assignees))),
	}
}

func (v *View) leftOff(e jsonv1.HandoffEntry) []span {
	if e.LeftOff == "" {
		return nil
	}
	spans := []span{t(e.LeftOff)}
	if e.MarkedBy != "" {
		spans = append(spans, as(faint, " ("+by(e.MarkedBy)+", "+v.clock.Brief(e.MarkedAt)+")"))
	}
	return spans
}

func (v *View) lastComment(u *jsonv1.Update) []span {
	switch {
	case u == nil:
		return nil
	case u.Internal && u.Text == "":
		return []span{as(faint, v.clock.Brief(u.At)+" "+by(u.By)+": "), t("an internal comment")}
	}
	return []span{as(faint, v.clock.Brief(u.At)+" "+by(u.By)+": "), t(u.Text)}
}

func lockLines(p *page, v *View, list []jsonv1.Lock) {
	if len(list) == 0 {
		p.Line(2, as(strong, "Locks: "), as(faint, "none"))
		return
	}
	p.Line(2, as(strong, "Locks"))
	for _, l := range list {
		p.Line(4, lockKind(l.Kind), t(" "), as(strong, l.Name), t(" "+v.lockPeriod(l)), t(reasoned(l.Reason)))
	}
}

func reasoned(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func (v *View) lockPeriod(l jsonv1.Lock) string {
	if len(l.Next) == 0 {
		return ""
	}
	return v.clock.Window(l.Next[0].From, l.Next[0].To)
}

// budgetLeft returns the summary line of the error budget.
func budgetLeft(b jsonv1.BudgetLeft) string {
	s := fmt.Sprintf("%s of %s left", minutes(b.Remaining), minutes(b.Allowed))
	if over, overspent := strings.CutPrefix(b.Remaining, "-"); overspent {
		s = fmt.Sprintf("overspent by %s (%s allowed)", minutes(over), minutes(b.Allowed))
	}
	if b.Percent != "" {
		s += ", " + words.Percent(b.Percent) + " spent"
	}
	return s
}

// minutes formats an exact decimal of minutes as a duration, rounded down to whole minutes.
func minutes(exact string) string {
	n, err := strconv.ParseFloat(exact, 64)
	switch {
	case err != nil:
		return exact + " minutes"
	case n > 0 && n < 1:
		return "less than 1m"
	}
	return words.Lasting(int(n))
}

// budgetFacts returns how the budget was computed.
func budgetFacts(b jsonv1.BudgetLeft) []string {
	list := []string{fmt.Sprintf("SLO %s %% since %s, from %s", b.SLO, words.Moment(b.From),
		words.Count(len(b.Charged), "incident"))}
	if len(b.Unknown) > 0 {
		list = append(list, "not counted (duration unknown): "+strings.Join(b.Unknown, ", "))
	}
	return list
}
