package quickaction

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
)

func (a *actions) doEstimate(arg string) (string, bool) {
	seconds, ok := ParseDuration(arg)
	if !ok || seconds < 0 {
		return "", false
	}
	a.ch.TimeEstimate = param.Some(seconds)
	a.changed(func(e *jsonenc.Encoder) { e.Num("time_estimate", seconds) })
	return "Set time estimate to " + HumanTime(seconds) + ".", true
}

func (a *actions) doRemoveEstimate(string) (string, bool) {
	a.ch.TimeEstimate = param.Some(0)
	a.changed(func(e *jsonenc.Encoder) { e.Num("time_estimate", 0) })
	return "Removed time estimate.", true
}

func (a *actions) doSpend(arg string) (string, bool) {
	words := strings.Fields(arg)
	if n := len(words); n > 1 && param.CastDate(words[n-1]) != "" {
		arg = strings.Join(words[:n-1], " ") // the day it was spent on
	}
	seconds, ok := ParseDuration(arg)
	total := a.issue.TimeSpent
	if a.ch.TimeSpent.Set {
		total = a.ch.TimeSpent.Value
	}
	if !ok || seconds == 0 || total+seconds < 0 {
		return "", false
	}
	a.ch.TimeSpent = param.Some(total + seconds)
	a.changed(func(e *jsonenc.Encoder) {
		e.Key("spend_time")
		e.Open('{')
		e.Num("duration", seconds)
		e.Num("user_id", a.by.ID)
		e.Shut('}')
	})
	if seconds < 0 {
		return "Subtracted " + HumanTime(-seconds) + " spent time.", true
	}
	return "Added " + HumanTime(seconds) + " spent time.", true
}

func (a *actions) doRemoveTimeSpent(string) (string, bool) {
	a.ch.TimeSpent = param.Some(0)
	return "Removed spent time.", true
}
