package seed

import (
	"fmt"
	"time"
)

// This file has the work of the handbook seed. All choices are made by counting, so that two seeds of the same
// moment are equal.

var verbs = []string{
	"Upgrade %s", "Add alerts for %s", "Document the failover of %s", "Automate restarts of %s",
	"Rotate the certificates of %s", "Move %s to the new network", "Write a runbook for %s", "Right-size %s",
	"Put %s under configuration management", "Measure the latency of %s", "Test the restore of %s", "Retire the old copy of %s",
}

var things = []string{
	"the connection pooler", "the registry nodes", "the Redis sentinels", "the storage fleet", "the mail relay",
	"the CI runners", "the load balancers", "the log pipeline", "the secrets store", "the metrics cluster", "the bastion hosts",
	"the backup jobs", "the status page",
}

// workTitle returns the n-th of 156 titles.
func workTitle(n int) string {
	return fmt.Sprintf(verbs[n%len(verbs)], things[n%len(things)])
}

var engineers = []string{"ines", "diego", "tomas", "kate", "aisha", "liam"}

func pick(from []string, n int) string { return from[n%len(from)] }

var comments = []string{
	"Rolled out to staging, looks good. Production tomorrow.",
	"The dashboard shows the difference: see the panel for the last 24 hours.",
	"Reviewed together; two small things to change, otherwise fine.",
	"Waiting for the vendor's answer, ticket is open.",
	"Done in the first region, the other follows after lunch.",
}

func workDescription(thing string) string {
	return "We have to look after " + thing + " before the quarter ends.\n\n" +
		"Done when:\n\n- [ ] the change is in configuration management\n- [ ] the runbook says how to undo it\n"
}

// doneIn returns the n-th issue closed in a timebox. Of five, three were planned, one of them for the timebox
// before; two were unscheduled, one of them toil.
func (h timeline) doneIn(box, n, title int) Issue {
	who, weight := pick(engineers, n+box+6), weights[(n+title)%len(weights)]
	if n%5 == 1 || n%5 == 3 {
		came := n * 2 % 6
		at := h.at(box, came, 8+n%8)
		t := h.newTask(title, at, "Ready")
		t.label(at, t.Author, "unscheduled")
		if n%5 == 1 {
			t.label(at, t.Author, "toil")
		}
		t.plan(at, t.Author, box)
		t.weigh(at, min(weight, 3))
		t.finish(who, at.Add(2*time.Hour), h.at(box, min(came+1+n%3, 8), 14))
		return t.Issue
	}
	t := h.newTask(title, h.at(box, -14-n, 9), "Planning")
	t.weigh(h.at(box, -8, 10), weight)
	t.move(h.at(box, -8, 11), "maria", "Planning", "Ready")
	if n%5 == 4 {
		t.plan(h.at(box, -12, 10), "maria", box-1)
		t.carry(box)
	} else {
		t.plan(h.at(box, -2, 13), "maria", box)
	}
	t.finish(who, h.at(box, n%5, 9), h.at(box, min(n%5+3+n%3, 8), 16))
	return t.Issue
}

// finished are the issues of the six closed timeboxes.
func (h timeline) finished() []Issue {
	var all []Issue
	for k, count := range []int{9, 11, 8, 12, 10, 13} {
		for n := range count {
			// The oldest timebox has no predecessor to carry from.
			if box := k - 6; box > -6 || n%5 != 4 {
				all = append(all, h.doneIn(box, n, len(all)))
			}
		}
	}
	return all
}

// current is what was done in the timebox that ends now, and four unfinished issues.
func (h timeline) current() []Issue {
	var all []Issue
	for n := range 12 {
		all = append(all, h.doneIn(0, n, 70+n))
	}
	for n, column := range []string{"In Progress", "In Progress", "Waiting", "In Progress"} {
		t := h.newTask(84+n, h.at(0, -9-n, 10), "Planning")
		t.weigh(h.at(0, -6, 10), []int{5, 3, 8, 2}[n])
		t.move(h.at(0, -6, 11), "maria", "Planning", "Ready")
		who := pick(engineers, n)
		if n == 2 {
			t.plan(h.at(0, -7, 12), "maria", -1)
			t.carry(0)
		} else {
			t.plan(h.at(0, -2, 13), "maria", 0)
		}
		t.Assignees = []string{who}
		t.move(h.at(0, 3+n, 9), who, "Ready", "In Progress")
		if column != "In Progress" {
			t.move(h.at(0, 7, 15), who, "In Progress", column)
		}
		t.comment(h.at(0, 8, 14), who, comments[n+1])
		all = append(all, t.Issue)
	}
	return all
}

// ahead is the open work outside Current: Next, and the board behind it.
func (h timeline) ahead() []Issue {
	var all []Issue
	for n := range 30 {
		at := h.at(0, -20+n*28/30, 8+n%9)
		t := h.newTask(90+n, at, []string{"Planning", "", "Planning", "Ready", "Planning", "Ready"}[n%6])
		switch n % 6 {
		case 3, 5:
			t.weigh(at.Add(time.Hour), weights[n%4])
			if n < 24 && n%6 == 3 {
				t.plan(at.Add(2*time.Hour), "maria", 1)
			}
		case 1:
			t.Description = ""
		}
		if n == 5 || n == 17 || n == 29 {
			who := pick(engineers, n)
			t.Assignees = []string{who}
			t.move(at.Add(3*time.Hour), who, "Ready", "Waiting")
			t.comment(at.Add(4*time.Hour), who, comments[3])
		}
		if n%10 == 4 {
			t.label(at, t.Author, "toil")
		}
		if n%10 == 8 {
			t.label(at, t.Author, "access request")
		}
		all = append(all, t.Issue)
	}
	return all
}
