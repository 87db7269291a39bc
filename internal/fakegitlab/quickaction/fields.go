package quickaction

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func (a *actions) doClose(string) (string, bool) {
	a.ch.State = "close"
	a.changedStr("state_event", "close")
	return "Closed this issue.", true
}

func (a *actions) doReopen(string) (string, bool) {
	a.ch.State = "reopen"
	a.changedStr("state_event", "reopen")
	return "Reopened this issue.", true
}

func (a *actions) doTitle(arg string) (string, bool) {
	if arg == "" {
		return "", false
	}
	a.ch.Title = param.Some(arg)
	a.changedStr("title", arg)
	return `Changed the title to "` + arg + `".`, true
}

func (a *actions) doConfidential(string) (string, bool) {
	a.ch.Confidential = param.Some(true)
	a.changed(func(e *jsonenc.Encoder) { e.Bool("confidential", true) })
	return "Made this issue confidential.", true
}

func (a *actions) doDue(arg string) (string, bool) {
	day, ok := parseDay(arg, a.s.Now())
	if !ok {
		return "Failed to set due date because the date format is invalid.", false
	}
	a.ch.DueDate = param.Some(day.Format(time.DateOnly))
	a.changedStr("due_date", day.Format(time.DateOnly))
	return "Set the due date to " + day.Format("Jan 2, 2006") + ".", true
}

func (a *actions) doRemoveDueDate(string) (string, bool) {
	a.ch.DueDate = param.Null[string]()
	a.changed(func(e *jsonenc.Encoder) { e.Null("due_date") })
	return "Removed the due date.", true
}

func (a *actions) doWeight(arg string) (string, bool) {
	n, _, ok := param.AsInt(arg)
	if !ok || arg == "" || n < 0 {
		return "", false
	}
	a.ch.Weight = param.Some(n)
	a.changed(func(e *jsonenc.Encoder) { e.Num("weight", n) })
	return fmt.Sprintf("Set weight to %d.", n), true
}

func (a *actions) doClearWeight(string) (string, bool) {
	a.ch.Weight = param.Null[int]()
	a.changed(func(e *jsonenc.Encoder) { e.Null("weight") })
	return "Cleared weight.", true
}

func (a *actions) doLock(string) (string, bool) {
	a.ch.Locked = param.Some(true)
	a.changed(func(e *jsonenc.Encoder) { e.Bool("discussion_locked", true) })
	return "Locked the discussion.", true
}

func (a *actions) doUnlock(string) (string, bool) {
	a.ch.Locked = param.Some(false)
	a.changed(func(e *jsonenc.Encoder) { e.Bool("discussion_locked", false) })
	return "Unlocked the discussion.", true
}

func (a *actions) doPromote(string) (string, bool) {
	a.ch.Kind, a.ch.Promote = param.Some("incident"), true
	return "Issue has been promoted to incident", true
}

func (a *actions) doTodo(string) (string, bool) {
	a.effects = append(a.effects, func(at time.Time) {
		a.s.AddTodo(&store.Todo{Issue: a.issue, User: a.by, Author: a.by, Action: "marked", CreatedAt: at})
	})
	a.changedStr("todo_event", "add")
	return "Added a to-do item.", true
}

func (a *actions) doDone(string) (string, bool) {
	a.effects = append(a.effects, func(at time.Time) { a.s.FinishTodos(a.issue, a.by, at) })
	a.changedStr("todo_event", "done")
	return "Marked to-do item as done.", true
}
