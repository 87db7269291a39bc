package quickaction

import "gitlab.com/prodctl/prodctl/internal/fakegitlab/access"

// This file has the conditions under which actions can be used.

func (a *actions) mayEdit() bool { return !a.fresh && access.MayUpdateIssue(a.by, a.issue) }

func (a *actions) mayOpen() bool { return a.mayEdit() && a.issue.Closed }

func (a *actions) mayClose() bool {
	return access.MayUpdateIssue(a.by, a.issue) && !a.issue.Closed
}

func (a *actions) mayPlan() bool {
	return access.MayPlan(a.by, a.issue.Project) || a.fresh && access.MaySetMetadata(a.by, a.issue.Project)
}

func (a *actions) mayReplan() bool { return !a.fresh && a.mayPlan() }

func (a *actions) hasLabels() bool { return a.mayReplan() && len(a.issue.Labels) > 0 }

func (a *actions) hasAssignees() bool { return a.mayReplan() && len(a.issue.Assignees) > 0 }

func (a *actions) hasMilestone() bool { return a.mayReplan() && a.issue.Milestone != nil }

func (a *actions) hasDueDate() bool { return a.mayReplan() && a.issue.DueDate != "" }

func (a *actions) mayWeigh() bool { return a.s.Edition.Paid() && a.mayPlan() }

func (a *actions) isWeighed() bool { return a.mayWeigh() && !a.fresh && a.issue.Weight != nil }

func (a *actions) mayReassign() bool { return a.s.Edition.Paid() && a.mayReplan() }

func (a *actions) mayHide() bool {
	return !a.issue.Confidential && (access.MayPlan(a.by, a.issue.Project) || a.fresh)
}

func (a *actions) isLocked() bool {
	return a.issue.DiscussionLocked != nil && *a.issue.DiscussionLocked
}

func (a *actions) mayLock() bool { return a.mayReplan() && !a.isLocked() }

func (a *actions) mayUnlock() bool { return a.mayReplan() && a.isLocked() }

func (a *actions) mayAward() bool { return !a.fresh && access.MayComment(a.by, a.issue) }

func (a *actions) mayLink() bool { return !a.s.NoLinks && access.MayLink(a.by, a.issue.Project) }

func (a *actions) mayBlock() bool { return a.s.Edition.Paid() && a.mayLink() }

func (a *actions) isSubscribed() bool { return !a.fresh && a.issue.Subscribed(a.by) }

func (a *actions) isUnsubscribed() bool { return !a.fresh && !a.issue.Subscribed(a.by) }

func (a *actions) isNotIncident() bool { return a.mayPlan() && a.issue.Kind != "incident" }

func (a *actions) hasTodo() bool { return !a.fresh && a.s.PendingTodo(a.issue, a.by) != nil }

func (a *actions) hasNothingToDo() bool { return !a.fresh && a.s.PendingTodo(a.issue, a.by) == nil }
