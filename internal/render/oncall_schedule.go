package render

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// OncallSchedule shows who is on call in some weeks: a strip of hours for each day on a terminal, a table elsewhere. It is also a calendar.
func (v *View) OncallSchedule(doc jsonv1.OncallSchedule) error {
	s := sheet{Columns: dutyColumns(), None: "nobody is on call in this time"}
	if doc.Person != "" {
		s.None = "@" + doc.Person + " is not on call in this time"
	}
	for _, d := range doc.Duties {
		s.Rows = append(s.Rows, dutyRow(d))
	}
	b := body{sheet: s, notes: doc.Notes}
	b.also = map[Format]func() string{ICS: func() string { return v.calendarOf(doc.Duties) }}
	return v.show(doc, b, func(p *page) { v.strip(p, doc, s.None) })
}

// strip draws a line for each day on the reader's clock.
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

// chart is how a strip is drawn.
type chart struct {
	v      *View
	duties []duty
	people []string // of the letters, as a legend has them
	perDay int      // cells of a day
	label  int      // cells before them
	short  bool     // days without the name of their weekday
}

// duty is one with its instants, and whose letter it has.
type duty struct {
	jsonv1.Duty
	from, to time.Time
	who      int
}

// chart gives each person a letter, and a region of which nobody is known too.
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
		key, who := "region "+d.Region, d.Region+": nobody is known"
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

// regions adds to the legend for which regions people are on call.
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

// letter is the nth person's. Those beyond the alphabet share a sign, and have to be looked up in another form.
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

// day is the strip of a day on the reader's clock: an hour that the clock leaves out is empty,
// and of one that it shows twice the first is drawn.
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
			line[last].Text += one.Text // neighbours of one style are one span
		} else {
			line = append(line, one)
		}
	}
	p.Put(0, line)
	if today {
		at := (now.Hour()*60 + now.Minute()) * c.perDay / (24 * 60)
		told := "^ now, " + now.Format("15:04")
		if room := c.label + at + 1 - len(told); room > 0 && !p.Fits(c.label+at+len(told)) {
			p.Put(room, []span{as(strong, "now, "+now.Format("15:04")+" ^")})
		} else {
			p.Put(c.label+at, []span{as(strong, told)})
		}
	}
	if jump := c.jump(d); jump != "" {
		p.Line(c.label, as(warn, jump))
	}
}

// cell is who is on call in the middle of the nth part of a day; a small letter where it is not by the rotation.
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
		sign := letter(one.who)
		if one.Override {
			sign = strings.ToLower(sign)
		}
		return as(layout.HueOf(one.who), sign)
	}
	return as(faint, ".")
}

// jump tells that the reader's clock is put forward or back on a day.
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

// overrides lists what is not by the rotation, one line for what goes on over several shifts.
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
		p.Line(0, t("Small letters are not by the rotation:"))
	}
	for _, d := range list {
		p.Hang(0, []span{as(layout.HueOf(d.who), strings.ToLower(letter(d.who))), t("  ")}, 3,
			t(displayName(d.Person)+" for "+d.Region+", "+words.WindowUTC(d.From, d.To)+reasoned(d.Reason)))
	}
}
