package seed

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// timeline is the calendar of the handbook seed. Timeboxes are counted from Current, which is 0; Next is 1 and the
// last finished one -1.
type timeline struct {
	now time.Time
	end time.Time // midnight of Current's due date
}

func lastFriday(now time.Time) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -(int(day.Weekday()-time.Friday)+7)%7)
}

func (h timeline) due(box int) time.Time { return h.end.AddDate(0, 0, 14*box) }

func (h timeline) start(box int) time.Time { return h.due(box).AddDate(0, 0, -11) }

func (h timeline) title(box int) string {
	switch box {
	case 0:
		return "Current Milestone"
	case 1:
		return "Next Milestone"
	}
	return h.due(box).Format(time.DateOnly) + " Milestone"
}

// dated is the name by month: n counts the timeboxes that end in it.
func (h timeline) dated(box int) string {
	due, n := h.due(box), 1
	for due.AddDate(0, 0, -14*n).Month() == due.Month() {
		n++
	}
	return fmt.Sprintf("%s Milestone %d - ending %s", due.Month(), n, due.Format(time.DateOnly))
}

// at returns an hour of a working day of a timebox: 0 is its first Monday, 9 its last Friday; negative ones are in
// the weeks before.
func (h timeline) at(box, workday, hour int) time.Time {
	week, day := workday/5, workday%5
	if day < 0 {
		week, day = week-1, day+5
	}
	return h.start(box).AddDate(0, 0, 7*week+day).Add(time.Duration(hour) * time.Hour)
}

func (h timeline) milestones() []Milestone {
	var all []Milestone
	for box := -6; box <= 1; box++ {
		all = append(all, Milestone{
			Title: h.title(box), Description: h.dated(box), Closed: box < 0,
			StartDate: h.start(box).Format(time.DateOnly), DueDate: h.due(box).Format(time.DateOnly),
			CreatedAt: h.at(box-2, 9, 15),
		})
	}
	return all
}

// linkIssues links two issues of one project by title.
func linkIssues(issues []Issue, from, to string) {
	titled := func(title string) func(Issue) bool { return func(i Issue) bool { return i.Title == title } }
	a, b := slices.IndexFunc(issues, titled(from)), slices.IndexFunc(issues, titled(to))
	issues[a].Links = append(issues[a].Links, Link{IID: issues[b].IID})
}

// inOrder numbers the issues in order of creation.
func inOrder(issues []Issue) []Issue {
	slices.SortStableFunc(issues, func(a, b Issue) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Title, b.Title))
	})
	for n := range issues {
		issues[n].IID = n + 1
	}
	return issues
}

func (h timeline) issue(title string, at time.Time, author string, labels ...string) Issue {
	return Issue{Title: title, CreatedAt: at, Author: author, Labels: labels, Description: "See the runbook.\n"}
}
