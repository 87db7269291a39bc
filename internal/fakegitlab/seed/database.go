package seed

import "time"

// databasePath is the tracker of the database team, whose work the team takes over.
const databasePath = "acme/database"

// database is a tracker to be merged into the other one: some of its labels and milestones exist there, some do not, and some are called
// otherwise. Two issues are linked, one is confidential, one is a task.
func (h timeline) database() Project {
	p := Project{
		Path: databasePath, Name: "Database", Description: "The work of the database team, which joins the infrastructure team",
		Labels: []Label{
			{Name: "db on-call", Color: "#8a5a00", Description: "For whoever is on call for the databases"},
			{Name: "Outage", Color: "#c4161c", Description: "A database is down"},
			{Name: "postgres", Color: "#336791", Description: "PostgreSQL itself"},
			{Name: "replication", Color: "#0b6e6e", Description: "Replicas and their lag"},
			{Name: "toil", Color: "#428bca", Description: "Repetitive manual work"},
			{Name: "wip", Color: "#dddddd", Description: "Somebody works on it"},
		},
		Milestones: []Milestone{
			{Title: "Current Milestone", StartDate: h.start(0).Format(time.DateOnly), DueDate: h.due(0).Format(time.DateOnly),
				CreatedAt: h.at(-2, 9, 15)},
			{Title: "Database sprint 34", StartDate: h.start(0).Format(time.DateOnly), DueDate: h.due(1).Format(time.DateOnly),
				CreatedAt: h.at(-1, 1, 9)},
		},
	}
	p.Issues = inOrder(h.databaseIssues())
	linkIssues(p.Issues, partmanUpgrade, partitions)
	return p
}

// Two issues of the database team that belong together.
const (
	partitions     = "Partition the table of events by month"
	partmanUpgrade = "Upgrade the partition manager"
)

func (h timeline) databaseIssues() []Issue {
	lag := h.issue("Replication lag of the second replica grows at night", h.at(-1, 2, 9), "ines", "replication", "db on-call")
	lag.Assignees, lag.Milestone = []string{"ines"}, "Current Milestone"
	lag.Notes = []Note{
		{Author: "ines", CreatedAt: h.at(-1, 3, 8), Body: "It begins with the nightly export. See #2."},
		{Author: "diego", CreatedAt: h.at(-1, 4, 17), Body: "Moved the export to the first replica: better, not gone."},
	}
	partition := h.issue(partitions, h.at(-2, 6, 10), "tomas", "postgres", "wip")
	partition.Milestone, partition.Assignees = "Database sprint 34", []string{"tomas"}
	partition.Description = "Deletes of old events take hours. Follows from #1.\n\n- [x] find the queries\n- [ ] try it on a copy\n"
	upgrade := h.issue(partmanUpgrade, h.at(-2, 7, 11), "kate", "postgres", "toil")
	upgrade.Milestone = "Database sprint 34"
	pooler := h.issue("The pooler refuses connections after a failover", h.at(0, 3, 22), "diego", "Outage", "db on-call")
	pooler.Assignees = []string{"diego"}
	vacuum := h.issue("Vacuum of the largest table never ends", h.at(-3, 2, 14), "aisha", "postgres", "toil")
	disk := h.issue("Ask @infra for larger disks | second quarter", h.at(-3, 8, 9), "rita")
	secret := h.issue("Password of the reporting user is in a dump", h.at(-1, 8, 13), "sven", "postgres")
	secret.Confidential, secret.Assignees = true, []string{"sven"}
	task := Issue{Title: "Try it on a copy", Type: "task", Author: "tomas", CreatedAt: h.at(-2, 8, 10)}
	done := h.issue("Alert on long transactions", h.at(-4, 1, 10), "kate", "postgres")
	done.Closed, done.ClosedAt = true, h.at(-3, 1, 10)
	return []Issue{lag, partition, upgrade, pooler, vacuum, disk, secret, task, done}
}
