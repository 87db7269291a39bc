package issue

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the time filters of the issue lists.

// times adds the time filters. Both bounds are inclusive.
func (q *query) times(p *param.Params) {
	bound := func(name string, field func(*store.Issue) time.Time, before bool) {
		t := p.Time(name)
		if !t.OK() {
			return
		}
		if before {
			q.add(func(i *store.Issue) bool { return !field(i).After(t.Value) }, false)
		} else {
			q.add(func(i *store.Issue) bool { return !field(i).Before(t.Value) }, false)
		}
	}
	created := func(i *store.Issue) time.Time { return i.CreatedAt }
	updated := func(i *store.Issue) time.Time { return i.UpdatedAt }
	bound("created_after", created, false)
	bound("created_before", created, true)
	bound("updated_after", updated, false)
	bound("updated_before", updated, true)
}

// due takes a word, not a date: 0 means no due date, overdue means before today.
func (q *query) due(p *param.Params, now time.Time) {
	word := p.Enum("due_date", "0", "any", "today", "tomorrow", "overdue", "week", "month",
		"next_month_and_previous_two_weeks", "").Value
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	between := func(from, to time.Time) {
		first, last := day(from), day(to)
		q.add(func(i *store.Issue) bool { return i.DueDate != "" && first <= i.DueDate && i.DueDate <= last }, false)
	}
	firstOfMonth := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch word {
	case "0":
		q.add(func(i *store.Issue) bool { return i.DueDate == "" }, false)
	case "any":
		q.add(func(i *store.Issue) bool { return i.DueDate != "" }, false)
	case "today":
		between(now, now)
	case "tomorrow":
		between(now.AddDate(0, 0, 1), now.AddDate(0, 0, 1))
	case "overdue":
		today := day(now)
		q.add(func(i *store.Issue) bool { return i.DueDate != "" && i.DueDate < today }, false)
	case "week":
		monday := now.AddDate(0, 0, -int(now.Weekday()+6)%7)
		between(monday, monday.AddDate(0, 0, 6))
	case "month":
		between(firstOfMonth, firstOfMonth.AddDate(0, 1, -1))
	case "next_month_and_previous_two_weeks":
		between(now.AddDate(0, 0, -14), firstOfMonth.AddDate(0, 2, -1))
	}
}
