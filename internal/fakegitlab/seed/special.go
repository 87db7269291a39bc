package seed

// A goal for the quarter and the slice of it in progress, and the follow-up of an incident.
const (
	metaGoal       = "All backups are automatic and tested"
	nightlyGoal    = "Restores of the main database are tested every night"
	missingUploads = "Uploads of one customer are missing since the failover"
)

// special are the issues with a role of their own in the handbook.
func (h timeline) special() []Issue {
	handoff := h.issue("Drain the last node of the old storage fleet", h.at(0, 5, 9), "ines", "In Progress", "Ready_to_Handoff", "on-call")
	handoff.Assignees = []string{"ines"}
	handoff.Notes = []Note{{
		Author: "ines", CreatedAt: h.at(0, 8, 15),
		Body: "Left off: 60 % of the shards are moved, the rest is queued.\n\nNext: watch the queue, then take the node out of the balancer.",
	}}
	loss := h.issue(missingUploads, h.at(0, 7, 20), "kate", "(perceived) data loss", "on-call", "In Progress")
	loss.Assignees = []string{"kate"}
	loss.Notes = []Note{{
		Author: "kate", CreatedAt: h.at(0, 8, 2),
		Body: "The files are in the snapshot of the night before. Restoring to a test instance.",
	}}
	goal := h.issue(nightlyGoal, h.at(0, -10, 10), "maria", "goal", "Planning")
	meta := h.issue(metaGoal, h.at(-5, 1, 10), "maria", "meta", "goal")
	meta.Description = "A direction for the quarter. Slices are linked."
	rad := h.openDrill(h.at(0, -3, 8))
	access := h.issue("Access to the staging console for the search team", h.at(0, 6, 11), "rita", "access request", "unblocks others")
	secret := h.issue("Token of a former contractor is still valid", h.at(0, 4, 12), "sven", "In Progress")
	secret.Confidential, secret.Assignees = true, []string{"sven"}
	return []Issue{handoff, loss, goal, meta, rad, access, secret}
}

// hostile are titles that are legal in GitLab and break careless output.
func (h timeline) hostile() []Issue {
	var all []Issue
	for n, title := range []string{
		"Disk | usage | report has pipes",
		"Tell @all about the new runbook",
		"Status page shows 🎉 instead of an outage 👩‍🚒",
		"=1+1 in the capacity sheet is not 2",
		"Host names are shown \u200fright to left\u200f in the log viewer",
		"<b>Bold</b> & \"quoted\" text in alert mails",
	} {
		all = append(all, h.issue(title, h.at(0, n, 17), pick(engineers, n), "Planning"))
	}
	all[0].Description = "```\n/close\n```\n\n- [x] seen\n- [ ] fixed\n"
	all[1].Notes = []Note{{Author: "gus", CreatedAt: h.at(0, 8, 10), Body: "| a | b |\n|---|---|\n| `=cmd` | \u001b[31mred\u001b[0m |"}}
	return all
}
