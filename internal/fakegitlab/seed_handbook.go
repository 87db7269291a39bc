package fakegitlab

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The projects of the seeds.
const (
	seedGroup      = "acme"
	seedInfra      = "acme/infrastructure"
	seedProduction = "acme/production"
)

// EmptySeed is a team that has not begun: its people, the group and two
// projects with nothing in them.
func EmptySeed(now time.Time) Seed {
	return Seed{
		Users: teamUsers(),
		Groups: []SeedGroup{{
			ID: 11, Path: seedGroup, Name: "Acme", Description: "Runs the service", Members: teamMembers(),
		}},
		Projects: []SeedProject{
			{
				ID: 31, Path: seedInfra, Name: "Infrastructure", Description: "The team's work",
				Members: []SeedMember{{"project_31_bot_5f2c9a1e", "maintainer"}},
			},
			{ID: 32, Path: seedProduction, Name: "Production", Description: "Events in production: incidents and changes"},
		},
	}
}

// HandbookSeed is a believable team at the end of a timebox: Current
// Milestone ends on the last Friday up to the date of now (in UTC), Next
// follows it, and six earlier ones are closed. Nothing in it happened later
// than now. Of the labels some are there, some are missing, one has another
// colour and one its old name; the board lacks a column. Beside the two
// trackers there are two repositories with changes of authentication under
// review.
func HandbookSeed(now time.Time) Seed {
	seed := EmptySeed(now)
	h := story{now: now.UTC(), end: lastFriday(now.UTC())}
	seed.Users = append(seed.Users, backendUsers()...)
	seed.Groups = append(seed.Groups, teams()...)
	seed.Groups[0].Labels = []SeedLabel{
		{Name: "database", Color: "#1b4f72", Description: "Work on databases, merged from the database tracker"},
	}
	infra, production := &seed.Projects[0], &seed.Projects[1]
	infra.Labels, infra.Milestones = infraLabels(), h.milestones()
	infra.Issues = inOrder(slices.Concat(h.finished(), h.current(), h.ahead(), h.special(), h.hostile()))
	linkSeeds(infra.Issues, metaGoal, nightlyGoal)
	infra.Boards = []SeedBoard{{Name: "Team board", Lists: []string{"Planning", "Ready", "In Progress"}}}
	infra.MergeRequests = h.mergeRequests()
	infra.Approvals = SeedApprovals{Required: 1, CommittersMayNot: true}
	infra.ApprovalRules = []SeedApprovalRule{
		{Name: "Authentication changes", Required: 1, Users: []string{"maria", "sven"}},
		{Name: "All members", Type: "any_approver", Required: 1},
	}
	production.Labels = productionLabels()
	production.Issues = h.production(infra.Issues)
	seed.Projects = append(seed.Projects, h.cookbooks()...)
	return seed
}

func teamUsers() []SeedUser {
	return []SeedUser{
		{Username: "olga", Name: "Olga Brandt"},
		{Username: "maria", Name: "Maria Lindqvist"},
		{Username: "ines", Name: "Ines Ott"},
		{Username: "tomas", Name: "Tomáš Novák"},
		{Username: "aisha", Name: "Aisha Bello"},
		{Username: "diego", Name: "Diego Ramos"},
		{Username: "kate", Name: "Kate Morrison"},
		{Username: "liam", Name: "Liam O'Connor"},
		{Username: "sven", Name: "Sven Dahl"},
		{Username: "petra", Name: "Petra Vogel"},
		{Username: "rita", Name: "Rita Okafor"},
		{Username: "gus", Name: "Gus Meyer"},
		{Username: "oskar", Name: "Oskar Stranger"},
		{Username: "project_31_bot_5f2c9a1e", Name: "prodctl", Token: "sandbox-bot", Bot: true},
	}
}

// teamMembers are the people of the group: an owner, the manager, site
// reliability engineers of EMEA and then AMER, somebody of security, and one
// each of the smaller roles. oskar is nobody here.
func teamMembers() []SeedMember {
	return []SeedMember{
		{"olga", "owner"}, {"maria", "maintainer"},
		{"ines", "developer"}, {"tomas", "developer"}, {"aisha", "developer"},
		{"diego", "developer"}, {"kate", "developer"}, {"liam", "developer"},
		{"sven", "developer"}, {"petra", "planner"}, {"rita", "reporter"}, {"gus", "guest"},
	}
}

func level(n int) *int { return &n }

func infraLabels() []SeedLabel {
	labels := []SeedLabel{
		{Name: "(perceived) data loss", Color: "#8b0000", Priority: level(0),
			Description: "Somebody believes that data was lost: worked on without a break and always handed over at shift change"},
		{Name: "unblocks others", Color: "#0b6e6e", Description: "Another team waits for this to deliver its own work", Priority: level(4)},
		{Name: "outage", Color: "#c4161c", Description: "Production is down or degraded; unscheduled by nature, a review is due", Priority: level(5)},
		{Name: "goal", Color: "#1f6b2e", Description: "Committed to in this timebox; with meta, a direction for the quarter"},
		{Name: "on-call", Color: "#8a5a00", Description: "For whoever is on call"},
		{Name: "toil", Color: "#428bca", Description: "Repetitive manual work that ought to be automated"},
		{Name: "unscheduled", Color: "#6b4226", Description: "Came in after the timebox had begun"},
		{Name: "access request", Color: "#35608f", Description: "Somebody asks for access to a part of the infrastructure"},
		{Name: "Ready_to_Handoff", Color: "#00695c",
			Description: "Can go on in another time zone: a note says where it was left off and what comes next"},
		{Name: "meta", Color: "#3b3b6d", Description: "Larger than a timebox: sliced into linked issues"},
		{Name: "carried-over", Color: "#795548", Description: "Not finished in an earlier timebox"},
		{Name: "Planning", Color: "#c5dcf5", Description: "Board: talked about, to be refined until it can be acted on"},
		{Name: "Ready", Color: "#9cc4ee", Description: "Board: weighed, described and small enough to be pulled"},
		{Name: "Waiting", Color: "#d9d9d9", Description: "Board: begun, waiting for somebody outside the team"},
		{Name: "In Progress", Color: "#1f5fa8", Description: "Board: being worked on"},
		{Name: "Windows", Color: "#dddddd", Description: "Nobody remembers"},
	}
	for _, w := range weights {
		labels = append(labels, SeedLabel{Name: weightLabel(w), Color: "#ede7f6"})
	}
	return labels
}

// weights are those of the handbook that occur.
var weights = []int{1, 2, 3, 5, 8}

// weightLabel stands in for the weight on a Free instance.
func weightLabel(weight int) string { return fmt.Sprintf("weight::%d", weight) }

// story is the calendar of the handbook seed. Timeboxes are counted from
// Current, which is 0; Next is 1 and the last finished one -1.
type story struct {
	now time.Time
	end time.Time // midnight of Current's due date
}

func lastFriday(now time.Time) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -(int(day.Weekday()-time.Friday)+7)%7)
}

func (h story) due(box int) time.Time { return h.end.AddDate(0, 0, 14*box) }

func (h story) start(box int) time.Time { return h.due(box).AddDate(0, 0, -11) }

func (h story) title(box int) string {
	switch box {
	case 0:
		return "Current Milestone"
	case 1:
		return "Next Milestone"
	}
	return h.due(box).Format(time.DateOnly) + " Milestone"
}

// dated is the name by month: n counts the timeboxes that end in it.
func (h story) dated(box int) string {
	due, n := h.due(box), 1
	for due.AddDate(0, 0, -14*n).Month() == due.Month() {
		n++
	}
	return fmt.Sprintf("%s Milestone %d - ending %s", due.Month(), n, due.Format(time.DateOnly))
}

// at is an hour of a working day of a timebox: 0 is its first Monday, 9 its
// last Friday; negative ones lie in the weeks before.
func (h story) at(box, workday, hour int) time.Time {
	week, day := workday/5, workday%5
	if day < 0 {
		week, day = week-1, day+5
	}
	return h.start(box).AddDate(0, 0, 7*week+day).Add(time.Duration(hour) * time.Hour)
}

func (h story) milestones() []SeedMilestone {
	var all []SeedMilestone
	for box := -6; box <= 1; box++ {
		all = append(all, SeedMilestone{
			Title: h.title(box), Description: h.dated(box), Closed: box < 0,
			StartDate: h.start(box).Format(time.DateOnly), DueDate: h.due(box).Format(time.DateOnly),
			CreatedAt: h.at(box-2, 9, 15),
		})
	}
	return all
}

// linkSeeds links two issues of one project, which are named by their titles.
func linkSeeds(issues []SeedIssue, from, to string) {
	titled := func(title string) func(SeedIssue) bool { return func(i SeedIssue) bool { return i.Title == title } }
	a, b := slices.IndexFunc(issues, titled(from)), slices.IndexFunc(issues, titled(to))
	issues[a].Links = append(issues[a].Links, SeedLink{IID: issues[b].IID})
}

// inOrder numbers the issues by their creation.
func inOrder(issues []SeedIssue) []SeedIssue {
	slices.SortStableFunc(issues, func(a, b SeedIssue) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Title, b.Title))
	})
	for n := range issues {
		issues[n].IID = n + 1
	}
	return issues
}
