package seed

import (
	"fmt"
	"slices"
	"time"
)

// The projects of the seeds.
const (
	groupPath      = "acme"
	infraPath      = "acme/infrastructure"
	productionPath = "acme/production"
)

// Empty is a new team: its people, the group and two projects with nothing in them.
func Empty(now time.Time) Seed {
	return Seed{
		Users: teamUsers(),
		Groups: []Group{{
			ID: 11, Path: groupPath, Name: "Acme", Description: "Runs the service", Members: teamMembers(),
		}},
		Projects: []Project{
			{
				ID: 31, Path: infraPath, Name: "Infrastructure", Description: "The team's work",
				Members: []Member{{"project_31_bot_5f2c9a1e", "maintainer"}},
			},
			{ID: 32, Path: productionPath, Name: "Production", Description: "Events in production: incidents and changes"},
		},
	}
}

// Handbook is a believable team at the end of a timebox: Current Milestone ends on the last Friday up to the date of
// now (in UTC), Next follows it, and six earlier ones are closed. Nothing in it happened after now. Some labels
// exist, some are missing, one has a different color and one its old name; the board lacks a column. Besides the
// two trackers there are two repositories with authentication changes under review, and the tracker of another team.
func Handbook(now time.Time) Seed {
	seed := Empty(now)
	h := timeline{now: now.UTC(), end: lastFriday(now.UTC())}
	seed.Users = append(seed.Users, backendUsers()...)
	seed.Groups = append(seed.Groups, teams()...)
	seed.Groups[0].Labels = []Label{
		{Name: "database", Color: "#1b4f72", Description: "Work on databases, merged from the database tracker"},
	}
	infra, production := &seed.Projects[0], &seed.Projects[1]
	infra.Labels, infra.Milestones = infraLabels(), h.milestones()
	infra.Issues = inOrder(slices.Concat(h.finished(), h.current(), h.ahead(), h.special(), h.hostile()))
	infra.Issues = append(infra.Issues, h.finishedDrill(len(infra.Issues)+1))
	linkIssues(infra.Issues, metaGoal, nightlyGoal)
	infra.Boards = []Board{{Name: "Team board", Lists: []string{"Planning", "Ready", "In Progress"}}}
	infra.MergeRequests = h.mergeRequests()
	infra.Deployments = h.deployments()
	infra.Approvals = Approvals{Required: 1, CommittersMayNot: true}
	infra.ApprovalRules = []ApprovalRule{
		{Name: "Authentication changes", Required: 1, Users: []string{"maria", "sven"}},
		{Name: "All members", Type: "any_approver", Required: 1},
	}
	production.Labels = productionLabels()
	production.Issues = h.production(infra.Issues)
	seed.Projects = append(append(seed.Projects, h.cookbooks()...), h.database())
	return seed
}

func teamUsers() []User {
	return []User{
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

// teamMembers are the people of the group: an owner, the manager, site reliability engineers of EMEA and then AMER,
// a security engineer, and one each of the smaller roles. oskar is not a member.
func teamMembers() []Member {
	return []Member{
		{"olga", "owner"}, {"maria", "maintainer"},
		{"ines", "developer"}, {"tomas", "developer"}, {"aisha", "developer"},
		{"diego", "developer"}, {"kate", "developer"}, {"liam", "developer"},
		{"sven", "developer"}, {"petra", "planner"}, {"rita", "reporter"}, {"gus", "guest"},
	}
}

func level(n int) *int { return &n }

func infraLabels() []Label {
	labels := []Label{
		{Name: "(perceived) data loss", Color: "#8b0000", Priority: level(0),
			Description: "Somebody believes that data was lost: worked on without a break and always handed over at shift change"},
		{Name: "unblocks others", Color: "#0b6e6e", Description: "Another team waits for this to deliver its own work", Priority: level(4)},
		{Name: "outage", Color: "#c4161c", Priority: level(5),
			Description: "Production is down or degraded; unscheduled by nature, a review is due"},
		{Name: "goal", Color: "#1f6b2e", Description: "Committed to in this timebox; with meta, a direction for the quarter"},
		{Name: "on-call", Color: "#8a5a00", Description: "For whoever is on call"},
		{Name: "toil", Color: "#428bca", Description: "Repetitive manual work that ought to be automated"},
		{Name: "unscheduled", Color: "#6b4226", Description: "Added after the timebox started"},
		{Name: "access request", Color: "#35608f", Description: "Somebody asks for access to a part of the infrastructure"},
		{Name: "Ready_to_Handoff", Color: "#00695c",
			Description: "Can be continued in another time zone: a note says where it was left off and what comes next"},
		{Name: "meta", Color: "#3b3b6d", Description: "Larger than a timebox: sliced into linked issues"},
		{Name: "carried-over", Color: "#795548", Description: "Not finished in an earlier timebox"},
		{Name: "Planning", Color: "#c5dcf5", Description: "Board: discussed, not yet ready to be worked on"},
		{Name: "Ready", Color: "#9cc4ee", Description: "Board: described, with a weight, and small enough to pick up"},
		{Name: "Waiting", Color: "#d9d9d9", Description: "Board: started, waiting for somebody outside the team"},
		{Name: "In Progress", Color: "#1f5fa8", Description: "Board: being worked on"},
		{Name: "Windows", Color: "#dddddd", Description: "Nobody remembers"},
	}
	for _, w := range weights {
		labels = append(labels, Label{Name: weightLabel(w), Color: "#ede7f6"})
	}
	return labels
}

// weights are the handbook's weights that the seed uses.
var weights = []int{1, 2, 3, 5, 8}

// weightLabel returns the label that replaces the weight on a Free instance.
func weightLabel(weight int) string { return fmt.Sprintf("weight::%d", weight) }
