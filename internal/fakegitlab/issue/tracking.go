package issue

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/quickaction"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func writeTimeStats(e *jsonenc.Encoder, i *store.Issue) {
	e.Key("time_stats")
	e.Open('{')
	timeFields(e, i)
	e.Shut('}')
}

func timeFields(e *jsonenc.Encoder, i *store.Issue) {
	e.Num("time_estimate", i.TimeEstimate)
	e.Num("total_time_spent", i.TimeSpent)
	e.StrOrNull("human_time_estimate", quickaction.HumanTime(i.TimeEstimate))
	e.StrOrNull("human_total_time_spent", quickaction.HumanTime(i.TimeSpent))
}

// This file has the smaller endpoints of an issue: subscriptions and time tracking.

func trackingRows() []rest.Route {
	const one = "/projects/:id/issues/:issue_iid"
	return []rest.Route{
		rest.Post(one+"/subscribe", func(c *rest.Call) (rest.Reply, error) { return setSubscription(c, true) }).NoPermission(),
		rest.Post(one+"/unsubscribe", func(c *rest.Call) (rest.Reply, error) { return setSubscription(c, false) }).NoPermission(),
		rest.Get(one+"/time_stats", getTimeStats).Anonymous().Needs("read_issue_time_statistic"),
		rest.Post(one+"/time_estimate", setEstimate).Needs("create_issue_time_estimate"),
		rest.Post(one+"/reset_time_estimate", resetEstimate).Needs("reset_issue_time_estimate"),
		rest.Post(one+"/add_spent_time", addSpentTime).Needs("add_issue_spent_time"),
		rest.Post(one+"/reset_spent_time", resetSpentTime).Needs("reset_issue_spent_time"),
		rest.Get(one+"/related_merge_requests", relatedMergeRequests).Anonymous().Needs("read_issue_merge_request"),
		rest.Get(one+"/closed_by", closingMergeRequests).Anonymous().Needs("read_issue_closing_merge_request"),
	}
}

// setSubscription answers 304 if nothing changes.
func setSubscription(c *rest.Call, on bool) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if i.Subscribed(c.User) == on {
		return rest.Reply{Status: http.StatusNotModified}, nil
	}
	i.Subscribe(c.User, on)
	return answer(c, http.StatusCreated, i)
}

func getTimeStats(c *rest.Call) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return timeReply(c, http.StatusOK, i)
}

func timeReply(c *rest.Call, status int, i *store.Issue) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) {
		e.Open('{')
		timeFields(e, i)
		e.Shut('}')
	})
}

func setEstimate(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("duration")
	return track(c, http.StatusOK, func(*store.Issue) (edit.Change, bool) {
		seconds, ok := quickaction.ParseDuration(c.Params.Str("duration").Value)
		return edit.Change{TimeEstimate: param.Some(seconds)}, ok && seconds >= 0
	})
}

func resetEstimate(c *rest.Call) (rest.Reply, error) {
	return track(c, http.StatusOK, func(*store.Issue) (edit.Change, bool) {
		return edit.Change{TimeEstimate: param.Some(0)}, true
	})
}

// addSpentTime adds up: a repeated request counts twice. A negative duration subtracts, but not below zero.
func addSpentTime(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("duration")
	return track(c, http.StatusCreated, func(i *store.Issue) (edit.Change, bool) {
		seconds, ok := quickaction.ParseDuration(c.Params.Str("duration").Value)
		total := i.TimeSpent + seconds
		return edit.Change{TimeSpent: param.Some(total)}, ok && total >= 0
	})
}

func resetSpentTime(c *rest.Call) (rest.Reply, error) {
	return track(c, http.StatusOK, func(*store.Issue) (edit.Change, bool) {
		return edit.Change{TimeSpent: param.Some(0)}, true
	})
}

func track(c *rest.Call, status int, want func(i *store.Issue) (edit.Change, bool)) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayPlan(c.User, i.Project) {
		return rest.Reply{}, failure.Forbidden()
	}
	ch, ok := want(i)
	if !ok {
		return rest.Reply{}, failure.Param("duration is invalid")
	}
	if err := edit.Apply(c.Store, i, ch, c.User); err != nil {
		return rest.Reply{}, err
	}
	return timeReply(c, status, i)
}
