// Package change holds the rules for changes to production: what a plan must contain, how risky a change is, who may approve it, when it
// may start, and how its record follows from its event log.
//
// Start with [Request] for a planned change, [Automation] for one recorded by a pipeline, [Of] for an existing issue, [Judge] for
// approvals, [CheckStart] and [CheckGate] for what blocks a change, and [Reconciler] for the desired state of its issue. Nothing is
// fetched, written or printed here, and the current time is always an argument.
package change

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Change is a change as read from its issue.
type Change struct {
	Issue       issue.Issue
	Record      Record
	State       State
	Criticality Criticality // the higher one if label and record disagree
	Gaps        []string    // missing or contradictory data, as sentences
}

// Of reads a change from its issue. The state comes from the label, or else from the times in the record, but never from the issue being
// open or closed.
func Of(i issue.Issue, labels Labels) Change {
	c := Change{Issue: i, Record: Read(i.Description, i.CreatedAt)}
	c.State = labels.stateOf(i, c.Record)
	c.Criticality = Graver(labels.criticalityOf(i), c.Record.Criticality)
	c.Gaps = c.gaps(labels)
	return c
}

// Window returns the planned window of the change. Without an end in the record it is twice the estimate. The window is empty if it is
// unknown.
func (c Change) Window() lock.Period {
	r := c.Record
	switch {
	case r.Start.IsZero():
		return lock.Period{}
	case !r.WindowEnd.IsZero():
		return lock.Period{From: r.Start, To: r.WindowEnd}
	case r.Duration > 0:
		return slot(r.Start, r.Duration)
	}
	return lock.Period{}
}

// slot is the time a change may take: twice the worst-case estimate (handbook, change checklist).
func slot(start time.Time, estimate time.Duration) lock.Period {
	return lock.Period{From: start.UTC(), To: start.UTC().Add(2 * estimate)}
}

// ExecutedBy returns who carries out the change: whoever started it, or else the executor in the plan; empty if unknown.
func (r Record) ExecutedBy() string {
	if r.StartedBy != "" {
		return r.StartedBy
	}
	return r.Executor
}

// Executors returns everybody who carries out the change: the executor in the record, the assignees of the issue, and whoever started it.
// None of them may approve the change.
func (c Change) Executors(events []eventlog.Event) []string {
	names := append([]string{c.Record.Executor, c.Record.StartedBy}, c.Issue.Assignees...)
	for _, e := range events {
		if e.Kind == Kind && Verb(e.Verb) == Start && e.Trusted { // whoever has no role cannot take the approval of others away
			names = append(names, e.Fields[keyExecutor], e.Author)
		}
	}
	return people(names...)
}

// people returns user names without @ and without duplicates, in order.
func people(names ...string) []string {
	var list []string
	for _, n := range names {
		if n = userName(n); n != "" && !among(list, n) {
			list = append(list, n)
		}
	}
	return list
}

func userName(s string) string { return strings.TrimLeft(strings.TrimSpace(s), "@") }

// among reports whether a user is in a list. GitLab user names are case-insensitive.
func among(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(userName(s), userName(name)) })
}

// gaps lists missing and contradictory data, for planned changes and for those recorded by automation. A window is required only of
// planned C1 and C2 changes.
func (c Change) gaps(labels Labels) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	r := c.Record
	if on := labels.statesOn(c.Issue); len(on) == 0 && c.State == UnknownState {
		add("no state label")
	} else if text := c.doubtfulState(on); text != "" {
		add("%s", text)
	}
	byLabel := labels.criticalityOf(c.Issue)
	switch {
	case c.Criticality == UnknownCriticality:
		add("criticality unknown, treated as C1")
	case byLabel != "" && r.Criticality != "" && byLabel != r.Criticality:
		add("criticality is %s by label and %s in the record, treated as %s", byLabel, r.Criticality, c.Criticality)
	}
	planned := c.State == Scheduled || c.State == Approved || c.State == InProgress
	if w := c.Window(); planned && c.Criticality.Grave() && w.From.IsZero() {
		add("no window: start or duration is missing")
	} else if !w.From.IsZero() && !w.From.Before(w.To) {
		add("the window ends before it starts")
	}
	return append(list, r.gaps(c.State)...)
}

// doubtfulState says that a change has several state labels, or none although its record has a state; on are its labels.
func (c Change) doubtfulState(on []State) string {
	switch {
	case len(on) > 1:
		return fmt.Sprintf("several state labels (%s), treated as %s", strings.Join(words(on), ", "), c.State)
	case len(on) == 0 && c.State != UnknownState:
		return fmt.Sprintf("no state label: %s according to the record", c.State)
	}
	return ""
}

// Mismatch returns how state label and record disagree, in one sentence; empty if they agree, and if both have no state.
func (c Change) Mismatch(labels Labels) string {
	var list []string
	if text := c.doubtfulState(labels.statesOn(c.Issue)); text != "" {
		list = append(list, text)
	}
	return strings.Join(append(list, c.Record.gaps(c.State)...), "; ")
}

// gaps lists missing and contradictory times and outcomes.
func (r Record) gaps(s State) []string {
	var list []string
	if s == InProgress && r.StartedAt.IsZero() {
		list = append(list, "in progress, but the start time is unknown")
	}
	if s == Complete && r.FinishedAt.IsZero() {
		list = append(list, "complete, but the finish time is unknown")
	}
	if s == Complete && r.Outcome == UnknownOutcome {
		list = append(list, "complete, but the outcome is unknown")
	}
	if s == Aborted && r.AbortedAt.IsZero() {
		list = append(list, "aborted, but the time is unknown")
	}
	if s == Complete && !r.AbortedAt.IsZero() {
		list = append(list, "complete, but an abort was recorded too")
	}
	if s == Aborted && !r.FinishedAt.IsZero() {
		list = append(list, "aborted, but a finish was recorded too")
	}
	if !r.StartedAt.IsZero() && r.FinishedAt.Before(r.StartedAt) && !r.FinishedAt.IsZero() {
		list = append(list, "finished before it started")
	}
	return list
}

func words[T ~string](list []T) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}
