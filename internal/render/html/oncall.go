package html

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// schedulePage is an on-call schedule as of an instant: a row for each day, a column for each region, week by week.
func schedulePage(doc jsonv1.OncallSchedule, at string, in *time.Location) page {
	w := when{in}
	p := page{Kicker: "On call", Period: scheduleDays(doc, in), Verdict: scheduleVerdict(doc, at, w),
		Lead: [][]bit{append(bits(plain("As of")), w.moment(at), plain("· times in "+w.zone()))}}
	if !slices.ContainsFunc(doc.Duties, func(d jsonv1.Duty) bool { return d.Person != nil }) {
		p.Parts = []part{{ID: "schedule", Title: "Schedule", Lines: [][]bit{bits(plain("No rotation is configured."))}}}
		return p.with(doc.Notes)
	}
	var regions []string
	var weeks []calendar.Date
	of := map[calendar.Date][]jsonv1.Duty{}
	for _, d := range doc.Duties {
		if d.From < doc.From { // on the day before
			continue
		}
		if !slices.Contains(regions, d.Region) {
			regions = append(regions, d.Region)
		}
		monday := mondayOf(d.From, in)
		if len(of[monday]) == 0 {
			weeks = append(weeks, monday)
		}
		of[monday] = append(of[monday], d)
	}
	stable.Sort(weeks, calendar.Date.Compare)
	for _, monday := range weeks {
		p.Parts = append(p.Parts, part{ID: "week-" + monday.String(), Title: "Week of " + monday.String(),
			Table: dutyGrid(of[monday], regions, w)})
	}
	return p.with(doc.Notes)
}

func scheduleDays(doc jsonv1.OncallSchedule, in *time.Location) []string {
	from, to, ok := words.Ends(doc.From, doc.To)
	if !ok {
		return nil
	}
	return dates(from.In(in).Format(time.DateOnly), to.Add(-time.Second).In(in).Format(time.DateOnly))
}

// scheduleVerdict says who is on call at an instant.
func scheduleVerdict(doc jsonv1.OncallSchedule, at string, w when) verdict {
	v := verdict{Level: levelWarn, Text: "Nobody is known to be on call."}
	for _, d := range doc.Duties {
		if d.Person != nil && d.From <= at && at < d.To { // instants in UTC sort by time
			v.Level, v.Text = levelPlain, layout.OneLine("On call: "+who(d)+", "+d.Region)
			v.More = "Until " + w.moment(d.To).Text
		}
	}
	return v
}

// who is a person on call, by display name if there is one.
func who(d jsonv1.Duty) string {
	if d.Person == nil {
		return words.Unknown
	}
	return cmp.Or(d.Person.Name, account.Name(d.Person.User))
}

func mondayOf(instant string, in *time.Location) calendar.Date {
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return calendar.Date{}
	}
	day := calendar.DateOf(at.In(in))
	return day.AddDays(-(int(day.Weekday()) + 6) % 7)
}

// dutyGrid has the people of each day, with the hour at which their duty begins.
func dutyGrid(list []jsonv1.Duty, regions []string, w when) *table {
	t := &table{Grid: true, Columns: []column{{Name: "Day"}}}
	for _, region := range regions {
		t.Columns = append(t.Columns, column{Name: layout.OneLine(region)})
	}
	day := ""
	var row [][]bit
	for _, d := range list {
		at, err := time.Parse(time.RFC3339, d.From)
		if err != nil {
			continue
		}
		if here := at.In(w.in).Format("Mon 01-02"); here != day {
			if row != nil {
				t.row(row...)
			}
			day, row = here, make([][]bit, len(t.Columns))
			row[0] = bits(plain(here))
		}
		n := 1 + slices.Index(regions, d.Region)
		row[n] = append(row[n], soft(at.In(w.in).Format("15:04")), quote(who(d)))
		if d.Override {
			row[n] = append(row[n], badge(levelWarn, "override"))
		}
		if d.Reason != "" {
			row[n] = append(row[n], quote(d.Reason))
		}
	}
	if row != nil {
		t.row(row...)
	}
	return t
}
