package render

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/icalendar"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// OncallSchedule shows who is on call in some weeks: a row of hours per day on a terminal, else a table. It is also a calendar.
func (v *View) OncallSchedule(doc jsonv1.OncallSchedule) error {
	return show(v, doc, v.oncallScheduleForm)
}

func (v *View) oncallScheduleForm(doc jsonv1.OncallSchedule) (body, func(*page)) {
	s := sheet{Columns: dutyColumns(), None: "Nobody is on call in this period"}
	if doc.Person != "" {
		s.None = by(doc.Person) + " is not on call in this period"
	}
	for _, d := range doc.Duties {
		s.Rows = append(s.Rows, dutyRow(d))
	}
	b := body{Sheet: s, Notes: doc.Notes}
	b.Also = map[Format]func() string{ICS: func() string { return icalendar.Of(doc.Duties, v.clock.Now) }}
	return b, func(p *page) { v.strip(p, doc, s.None) }
}

// strip draws a line for each day in the reader's time zone.
func (v *View) strip(p *page, doc jsonv1.OncallSchedule, none string) {
	from, to, ok := words.Ends(doc.From, doc.To)
	if !ok || len(doc.Duties) == 0 {
		p.Sheet(sheet{None: none})
		p.Tail(layout.Notes(doc.Notes))
		return
	}
	c := v.chart(p, doc.Duties)
	p.Line(0, as(strong, "On call"),
		t(" "+from.In(v.clock.In).Format(time.DateOnly)+" to "+to.Add(-time.Second).In(v.clock.In).Format(time.DateOnly)),
		as(faint, ", hours of the day in "+v.clock.Place(from)))
	p.Gap()
	p.Put(0, []span{t(strings.Repeat(" ", c.label)), as(faint, c.ruler())})
	for d := calendar.DateOf(from.In(v.clock.In)); d.Midnight(v.clock.In).Before(to); d = d.AddDays(1) {
		if d.Weekday() == time.Monday && d.Midnight(v.clock.In).After(from) {
			p.Gap()
		}
		c.day(p, d)
	}
	p.Gap()
	for i, who := range c.people {
		p.Hang(0, []span{as(layout.HueOf(i), letter(i)), t("  ")}, 3, t(who))
	}
	c.overrides(p)
	p.Tail(layout.Notes(doc.Notes))
}

// chart is the layout of a strip.
type chart struct {
	v      *View
	duties []duty
	people []string // the legend, by letter
	perDay int      // cells per day
	label  int      // cells of the date before them
	short  bool     // dates without the weekday
}

// duty is a duty with parsed times and the index of its letter.
type duty struct {
	jsonv1.Duty
	from, to time.Time
	who      int
}

// chart assigns a letter to each person, and to each region where nobody is known.
func (v *View) chart(p *page, list []jsonv1.Duty) *chart {
	c := &chart{v: v, perDay: 24, label: 12}
	switch {
	case p.Fits(c.label + 96):
		c.perDay = 96
	case p.Fits(c.label + 48):
		c.perDay = 48
	case !p.Fits(c.label + 24):
		c.perDay, c.label, c.short = 12, 8, true
	}
	known := map[string]int{}
	for _, d := range list {
		from, to, ok := words.Ends(d.From, d.To)
		if !ok {
			continue
		}
		key, who := "region "+d.Region, words.Unknown+", "+d.Region
		if d.Person != nil {
			key, who = "person "+d.Person.User, personText(d.Person)
		}
		if _, ok := known[key]; !ok {
			known[key] = len(c.people)
			c.people = append(c.people, who)
		}
		c.duties = append(c.duties, duty{d, from, to, known[key]})
	}
	c.regions(known)
	return c
}

// regions adds the regions of each person to the legend.
func (c *chart) regions(known map[string]int) {
	of := make([][]string, len(c.people))
	for _, d := range c.duties {
		if d.Person != nil && !slices.Contains(of[d.who], d.Region) {
			of[d.who] = append(of[d.who], d.Region)
		}
	}
	for i, list := range of {
		if len(list) > 0 {
			c.people[i] += ", " + strings.Join(list, ", ")
		}
	}
}

// letter returns the letter of the nth person. People beyond the alphabet share a sign; other formats show them.
func letter(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return "#"
}

// ruler marks every sixth hour.
func (c *chart) ruler() string {
	quarter := c.perDay / 4
	var b strings.Builder
	for hour := 0; hour < 24; hour += 6 {
		b.WriteString(fmt.Sprintf("%-*s", quarter, fmt.Sprintf("%02d", hour)))
	}
	return strings.TrimRight(b.String(), " ")
}

// day draws the row of a day in the reader's time zone. An hour that a clock change skips is empty; of a repeated hour the first is drawn.
func (c *chart) day(p *page, d calendar.Date) {
	now := c.v.clock.Now.In(c.v.clock.In)
	today := calendar.DateOf(now) == d
	mark, form := t("  "), "Mon 01-02"
	if c.short {
		form = "01-02"
	}
	if today {
		mark = as(strong, "> ")
	}
	st := plain
	if day := d.Weekday(); day == time.Saturday || day == time.Sunday {
		st = faint
	}
	if today {
		st = strong
	}
	line := []span{mark, as(st, d.Midnight(time.UTC).Format(form)), t(" ")}
	for n := range c.perDay {
		if last, one := len(line)-1, c.cell(d, n); n > 0 && line[last].Style == one.Style {
			line[last].Text += one.Text // join neighbors of the same style
		} else {
			line = append(line, one)
		}
	}
	p.Put(0, line)
	if today {
		at := (now.Hour()*60 + now.Minute()) * c.perDay / (24 * 60)
		label := "^ now, " + now.Format("15:04")
		if room := c.label + at + 1 - len(label); room > 0 && !p.Fits(c.label+at+len(label)) {
			p.Put(room, []span{as(strong, "now, "+now.Format("15:04")+" ^")})
		} else {
			p.Put(c.label+at, []span{as(strong, label)})
		}
	}
	if jump := c.jump(d); jump != "" {
		p.Line(c.label, as(warn, jump))
	}
}

// cell returns the letter of the person on call in the middle of the nth part of a day, in lower case for an override or a swap.
func (c *chart) cell(d calendar.Date, n int) span {
	step := 24 * 60 / c.perDay
	minute := n*step + step/2
	at, _ := d.Clock(minute, c.v.clock.In)
	if local := at.In(c.v.clock.In); local.Hour()*60+local.Minute() != minute {
		return t(" ")
	}
	for _, one := range c.duties {
		if at.Before(one.from) || !at.Before(one.to) {
			continue
		}
		who := letter(one.who)
		if one.Override {
			who = strings.ToLower(who)
		}
		return as(layout.HueOf(one.who), who)
	}
	return as(faint, ".")
}

// jump returns a line about a clock change on a day in the reader's time zone; empty if there is none.
func (c *chart) jump(d calendar.Date) string {
	loc := c.v.clock.In
	_, before := d.Midnight(loc).Zone()
	_, after := d.AddDays(1).Midnight(loc).Zone()
	minutes := (after - before) / 60
	switch {
	case minutes > 0:
		return "clocks go forward by " + words.Lasting(minutes)
	case minutes < 0:
		return "clocks go back by " + words.Lasting(-minutes)
	}
	return ""
}

// overrides lists overrides and swaps, with one line for those over several shifts.
func (c *chart) overrides(p *page) {
	var list []duty
	for _, d := range c.duties {
		if !d.Override {
			continue
		}
		merged := false
		for i := range list {
			if list[i].who == d.who && list[i].Region == d.Region && list[i].Reason == d.Reason && d.from.Sub(list[i].to) < 24*time.Hour {
				list[i].to, list[i].To, merged = d.to, d.To, true
			}
		}
		if !merged {
			list = append(list, d)
		}
	}
	if len(list) > 0 {
		p.Gap()
		p.Line(0, t("Lower-case letters are overrides or swaps:"))
	}
	for _, d := range list {
		p.Hang(0, []span{as(layout.HueOf(d.who), strings.ToLower(letter(d.who))), t("  ")}, 3,
			t(words.DisplayName(d.Person)+" for "+d.Region+", "+words.WindowUTC(d.From, d.To)+reasoned(d.Reason)))
	}
}
