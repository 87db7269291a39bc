package fakegitlab

import (
	"net/http"
	"regexp"
	"strings"
)

// The lesser endpoints of an issue: subscriptions, time tracking, the merge requests that speak of it.

func trackingRows() []route {
	const one = "/projects/:id/issues/:issue_iid"
	return []route{
		post(one+"/subscribe", func(c *call) (reply, error) { return setSubscription(c, true) }),
		post(one+"/unsubscribe", func(c *call) (reply, error) { return setSubscription(c, false) }),
		get(one+"/time_stats", getTimeStats),
		post(one+"/time_estimate", setEstimate),
		post(one+"/reset_time_estimate", resetEstimate),
		post(one+"/add_spent_time", addSpentTime),
		post(one+"/reset_spent_time", resetSpentTime),
		get(one+"/related_merge_requests", relatedMergeRequests),
		get(one+"/closed_by", closingMergeRequests),
	}
}

// setSubscription answers 304 when it is so already.
func setSubscription(c *call, on bool) (reply, error) {
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if i.subscribed(c.user) == on {
		return reply{status: http.StatusNotModified}, nil
	}
	i.subscribe(c.user, on)
	return issueReply(c, http.StatusCreated, i)
}

func getTimeStats(c *call) (reply, error) {
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return timeReply(c, http.StatusOK, i)
}

func timeReply(c *call, status int, i *issue) (reply, error) {
	return c.json(status, func(e *enc) {
		e.open('{')
		timeFields(e, i)
		e.shut('}')
	})
}

func setEstimate(c *call) (reply, error) {
	c.p.require("duration")
	return track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		seconds, ok := parseDuration(c.p.str("duration").v)
		return issueChange{timeEstimate: some(seconds)}, ok && seconds >= 0
	})
}

func resetEstimate(c *call) (reply, error) {
	return track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		return issueChange{timeEstimate: some(0)}, true
	})
}

// addSpentTime adds up: a repeat counts again. A negative duration takes away, but not below nothing.
func addSpentTime(c *call) (reply, error) {
	c.p.require("duration")
	return track(c, http.StatusCreated, func(i *issue) (issueChange, bool) {
		seconds, ok := parseDuration(c.p.str("duration").v)
		total := i.timeSpent + seconds
		return issueChange{timeSpent: some(total)}, ok && total >= 0
	})
}

func resetSpentTime(c *call) (reply, error) {
	return track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		return issueChange{timeSpent: some(0)}, true
	})
}

func track(c *call, status int, want func(i *issue) (issueChange, bool)) (reply, error) {
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if !mayPlan(c.user, i.project) {
		return reply{}, errForbidden()
	}
	ch, ok := want(i)
	if !ok {
		return reply{}, errParam("duration is invalid")
	}
	if err := change(c.s, i, ch, c.user); err != nil {
		return reply{}, err
	}
	return timeReply(c, status, i)
}

var closingWords = regexp.MustCompile(`(?i)\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+$`)

// relatedMergeRequests lists those of the same project whose text has a reference to the issue.
func relatedMergeRequests(c *call) (reply, error) {
	return mentioning(c, func(*mergeRequest, string) bool { return true })
}

// closingMergeRequests lists those open ones that would close the issue when merged.
func closingMergeRequests(c *call) (reply, error) {
	return mentioning(c, func(mr *mergeRequest, before string) bool {
		return mr.state == "opened" && closingWords.MatchString(before)
	})
}

// mentioning asks fits with what stands before the reference.
func mentioning(c *call, fits func(mr *mergeRequest, before string) bool) (reply, error) {
	pg := c.paging()
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	var found []*mergeRequest
	for _, mr := range i.project.mergeRequests {
		before, after, ok := strings.Cut(mr.title+"\n"+mr.description+"\n", i.reference(i.project))
		if ok && strings.Trim(after[:1], "0123456789") != "" && fits(mr, before) {
			found = append(found, mr)
		}
	}
	return listReply(c, pg, found, func(e *enc, mr *mergeRequest) { writeMergeRequest(e, c, mr) })
}

func milestoneMergeRequests(c *call) (reply, error) {
	pg := c.paging()
	_, m, err := milestoneOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	var found []*mergeRequest
	for _, p := range c.s.projectsUsing(m) {
		if !mayReadProject(c.user, p) {
			continue
		}
		for _, mr := range p.mergeRequests {
			if mr.milestone == m {
				found = append(found, mr)
			}
		}
	}
	return listReply(c, pg, found, func(e *enc, mr *mergeRequest) { writeMergeRequest(e, c, mr) })
}
