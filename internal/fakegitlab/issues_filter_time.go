package fakegitlab

import "time"

// The filters of the issue lists that have to do with time.

// times are inclusive on both sides.
func (q *issueQuery) times(p *params) {
	bound := func(name string, field func(*issue) time.Time, before bool) {
		t := p.time(name)
		if !t.ok() {
			return
		}
		if before {
			q.add(func(i *issue) bool { return !field(i).After(t.v) }, false)
		} else {
			q.add(func(i *issue) bool { return !field(i).Before(t.v) }, false)
		}
	}
	created := func(i *issue) time.Time { return i.createdAt }
	updated := func(i *issue) time.Time { return i.updatedAt }
	bound("created_after", created, false)
	bound("created_before", created, true)
	bound("updated_after", updated, false)
	bound("updated_before", updated, true)
}

// due is not a date but a word: 0 has none, overdue is before today.
func (q *issueQuery) due(p *params, now time.Time) {
	word := p.enum("due_date", "0", "any", "today", "tomorrow", "overdue", "week", "month",
		"next_month_and_previous_two_weeks", "").v
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	between := func(from, to time.Time) {
		first, last := day(from), day(to)
		q.add(func(i *issue) bool { return i.dueDate != "" && first <= i.dueDate && i.dueDate <= last }, false)
	}
	firstOfMonth := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch word {
	case "0":
		q.add(func(i *issue) bool { return i.dueDate == "" }, false)
	case "any":
		q.add(func(i *issue) bool { return i.dueDate != "" }, false)
	case "today":
		between(now, now)
	case "tomorrow":
		between(now.AddDate(0, 0, 1), now.AddDate(0, 0, 1))
	case "overdue":
		today := day(now)
		q.add(func(i *issue) bool { return i.dueDate != "" && i.dueDate < today }, false)
	case "week":
		monday := now.AddDate(0, 0, -int(now.Weekday()+6)%7)
		between(monday, monday.AddDate(0, 0, 6))
	case "month":
		between(firstOfMonth, firstOfMonth.AddDate(0, 1, -1))
	case "next_month_and_previous_two_weeks":
		between(now.AddDate(0, 0, -14), firstOfMonth.AddDate(0, 2, -1))
	}
}

// upcoming holds for issues in their project's or group's next active milestone that is due after today.
func upcoming(today string) predicate {
	nextOf := map[parent]*milestone{}
	return func(i *issue) bool {
		if i.milestone == nil {
			return false
		}
		o := i.milestone.parent
		soonest, known := nextOf[o]
		if !known {
			for _, m := range o.milestones() {
				if !m.closed && m.dueDate > today && (soonest == nil || m.dueDate < soonest.dueDate) {
					soonest = m
				}
			}
			nextOf[o] = soonest
		}
		return i.milestone == soonest
	}
}
