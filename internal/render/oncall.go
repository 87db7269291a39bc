package render

import (
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Oncall says who is on call, and who comes after. It is also a calendar.
func (v *View) Oncall(doc jsonv1.Oncall) error {
	s := sheet{Columns: append([]column{{Name: "When", Field: "when"}}, dutyColumns()...)}
	duties := []jsonv1.Duty{doc.Duty}
	s.Rows = append(s.Rows, dutyRow(doc.Duty, text(doc.Asked)))
	if doc.After.Shift != "" { // somebody may have one more turn only
		duties = append(duties, doc.After)
		s.Rows = append(s.Rows, dutyRow(doc.After, text("after")))
	}
	b := body{sheet: s, notes: doc.Notes}
	b.also = map[Format]func() string{ICS: func() string { return v.calendarOf(duties) }}
	return v.show(doc, b, func(p *page) {
		p.Lines(v.oncallLines(doc))
		p.Tail(layout.Notes(doc.Notes))
	})
}

func (v *View) oncallLines(doc jsonv1.Oncall) []line {
	head := "On call now: "
	if doc.Asked != "now" {
		head = "On call next: "
	}
	lines := []line{says(t(head), as(strong, somebody(doc.Duty.Person)), t(", "+doc.Duty.Region))}
	lines = append(lines, v.dutyLines(doc.Duty, v.distance(doc))...)
	if doc.After.Shift == "" {
		return lines
	}
	lines = append(lines, says(t("After that: "), as(strong, somebody(doc.After.Person)), t(", "+doc.After.Region)))
	return append(lines, v.dutyLines(doc.After, "")...)
}

// dutyLines are when a duty is, and why it is not as the rotation has it.
func (v *View) dutyLines(d jsonv1.Duty, distance string) []line {
	when := []span{t(v.clock.Window(d.From, d.To))}
	if distance != "" {
		when = append(when, as(faint, " ("+distance+")"))
	}
	lines := []line{below(2, when...)}
	if d.Override {
		lines = append(lines, below(2, as(warn, "not by the rotation"), t(reasoned(d.Reason))))
	}
	return lines
}

// distance is how long it takes until the duty is over, or until it begins.
func (v *View) distance(doc jsonv1.Oncall) string {
	at, err := time.Parse(time.RFC3339, doc.At)
	from, to, ok := words.Ends(doc.Duty.From, doc.Duty.To)
	switch {
	case err != nil || !ok:
		return ""
	case at.Before(from):
		return "in " + words.Lasting(int(from.Sub(at).Minutes()))
	}
	return "for " + words.Lasting(int(to.Sub(at).Minutes())) + " more"
}

// somebody is a person as pages name them: Ana Ott (@ana).
func somebody(p *jsonv1.Person) string {
	switch {
	case p == nil || p.User == "":
		return "nobody is known"
	case p.Name == "" || p.Name == p.User:
		return "@" + p.User
	}
	return p.Name + " (@" + p.User + ")"
}

// called is a person's name alone; empty for nobody.
func called(p *jsonv1.Person) string {
	switch {
	case p == nil:
		return ""
	case p.Name == "":
		return p.User
	}
	return p.Name
}

// said are those of some texts that say anything.
func said(texts ...string) []string {
	var list []string
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}

func dutyColumns() []column {
	return []column{
		{Name: "Region", Field: "region"},
		{Name: "On call", Field: "user", Min: 12},
		{Field: "name"},
		{Name: "From", Field: "from"},
		{Name: "To", Field: "to", Drop: 2},
		{Name: "By", Field: "override", Drop: 3},
		{Name: "Reason", Field: "reason", Min: 10, Drop: 1},
		{Field: "shift"},
	}
}

func dutyRow(d jsonv1.Duty, before ...cell) []cell {
	who := both(somebody(d.Person), "")
	name := text("")
	if d.Person != nil {
		who.Data, name = d.Person.User, text(d.Person.Name)
	}
	way := both("", strconv.FormatBool(d.Override))
	if d.Override {
		way.Span = as(warn, "override")
	}
	return append(before, text(d.Region), who, name, both(words.Moment(d.From), d.From), both(words.Moment(d.To), d.To), way,
		text(d.Reason), text(d.Shift))
}

// OncallCheck says what is wrong with the schedule.
func (v *View) OncallCheck(doc jsonv1.OncallCheck) error {
	s := sheet{Columns: []column{{Name: "Fault", Field: "kind"}, {Name: "What", Field: "text", Min: 20}, {Field: "from"}, {Field: "to"},
		{Name: "Where", Field: "place", Drop: 1}},
		None: "the schedule is good: every instant from " + day(doc.From) + " to " + day(doc.To) + " belongs to one of " +
			strings.Join(doc.Regions, ", ")}
	for _, f := range doc.Faults {
		s.Rows = append(s.Rows, []cell{styled(bad, f.Kind), text(f.Text), text(f.From), text(f.To), text(f.Place)})
	}
	return v.show(doc, body{sheet: s, notes: doc.Notes}, func(p *page) {
		if len(doc.Faults) == 0 {
			p.Line(0, as(good, "good"),
				t(": every instant from "+day(doc.From)+" to "+day(doc.To)+" belongs to one of "+strings.Join(doc.Regions, ", ")))
		}
		for _, f := range doc.Faults {
			p.Line(0, as(bad, f.Kind), t(": "+f.Text))
			if f.Place != "" {
				p.Line(2, as(faint, f.Place))
			}
		}
		p.Tail(layout.Notes(doc.Notes))
	})
}

// day is the date of an instant in UTC.
func day(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return words.DayOf(at)
}
