// Package change holds the rules of changes of production: what a request has to say, how grave it is, who may approve it, when it may be
// started, and what its record and its journal say of it.
//
// Start with [Request] for a change that is planned, [Automation] for one that a pipeline tells of, [Of] for one that is there,
// [Judge] for its approvals, [CheckStart] and [CheckGate] for what stands against it,
// and [Reconciler] for how its issue follows from its journal. Nothing is fetched, written or printed here, and now is an argument.
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

// Change is a change as its issue tells of it.
type Change struct {
	Issue       issue.Issue
	Record      Record
	State       State
	Criticality Criticality // the graver one where label and record disagree
	Gaps        []string    // sentences: what should be there and is not, what contradicts what
}

// Of reads a change from its issue. The state comes from the label, else from the times of the record, and never from the
// issue being open or closed.
func Of(i issue.Issue, labels Labels) Change {
	c := Change{Issue: i, Record: Read(i.Description, i.CreatedAt)}
	c.State = labels.stateOf(i, c.Record)
	c.Criticality = Graver(labels.criticalityOf(i), c.Record.Criticality)
	c.Gaps = c.gaps(labels)
	return c
}

// Window is the slot of the change: from its planned start up to its end, which is twice the estimate later where the record does not
// say it. It is empty where that is not known.
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

// slot is how long a change may take: twice the worst estimate (handbook, change checklist).
func slot(start time.Time, estimate time.Duration) lock.Period {
	return lock.Period{From: start.UTC(), To: start.UTC().Add(2 * estimate)}
}

// Executors are those who carry the change out, by all that is known: the record, the assignees of the issue, and who has started it.
// None of them may approve it.
func (c Change) Executors(entries []eventlog.Event) []string {
	names := append([]string{c.Record.Executor}, c.Issue.Assignees...)
	for _, e := range entries {
		if e.Kind == Kind && Verb(e.Verb) == Start {
			names = append(names, e.Fields[keyExecutor], e.Author)
		}
	}
	return people(names...)
}

// people are user names without @, each once, in their order.
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

// among reports whether somebody is in a list of people: GitLab's user names are the same in every letter case.
func among(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(userName(s), userName(name)) })
}

// gaps are told of a change that people planned as well as of one that automation recorded; what is asked of the first only is asked
// of those that need a window.
func (c Change) gaps(labels Labels) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	r := c.Record
	if on := labels.statesOn(c.Issue); len(on) > 1 {
		add("it carries several state labels (%s): it counts as %s", strings.Join(words(on), ", "), c.State)
	} else if len(on) == 0 && c.State == UnknownState {
		add("no state label")
	} else if len(on) == 0 {
		add("no state label: the record says %s", c.State)
	}
	byLabel := labels.criticalityOf(c.Issue)
	switch {
	case c.Criticality == UnknownCriticality:
		add("criticality unknown: it counts as C1")
	case byLabel != "" && r.Criticality != "" && byLabel != r.Criticality:
		add("the label says %s and the record %s: the graver one counts", byLabel, r.Criticality)
	}
	planned := c.State == Scheduled || c.State == Approved || c.State == InProgress
	if w := c.Window(); planned && c.Criticality.Grave() && w.From.IsZero() {
		add("no window: the record lacks start and duration")
	} else if !w.From.IsZero() && !w.From.Before(w.To) {
		add("its window ends before it starts")
	}
	return append(list, r.gaps(c.State)...)
}

// gaps of the times of what happened.
func (r Record) gaps(s State) []string {
	var list []string
	if s == InProgress && r.StartedAt.IsZero() {
		list = append(list, "in progress, and nobody has said since when")
	}
	if s == Complete && r.FinishedAt.IsZero() {
		list = append(list, "complete, and nobody has said since when")
	}
	if s == Complete && r.Outcome == UnknownOutcome {
		list = append(list, "complete, and nobody has said whether it succeeded")
	}
	if s == Aborted && r.AbortedAt.IsZero() {
		list = append(list, "aborted, and nobody has said when")
	}
	if !r.StartedAt.IsZero() && r.FinishedAt.Before(r.StartedAt) && !r.FinishedAt.IsZero() {
		list = append(list, "it was finished before it was started")
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
