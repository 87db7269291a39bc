package fakegitlab

import (
	"net/http"
	"regexp"
	"strings"
)

// The lesser endpoints of an issue: subscriptions, time tracking, the merge requests that speak of it.

func (s *Server) issueExtraRoutes() []route {
	const one = "/projects/:id/issues/:issue_iid"
	return []route{
		post(one+"/subscribe", func(c *call) (reply, error) { return s.setSubscription(c, true) }),
		post(one+"/unsubscribe", func(c *call) (reply, error) { return s.setSubscription(c, false) }),
		get(one+"/time_stats", s.getTimeStats),
		post(one+"/time_estimate", s.setEstimate),
		post(one+"/reset_time_estimate", s.resetEstimate),
		post(one+"/add_spent_time", s.addSpentTime),
		post(one+"/reset_spent_time", s.resetSpentTime),
		get(one+"/related_merge_requests", s.relatedMergeRequests),
		get(one+"/closed_by", s.closingMergeRequests),
		get("/projects/:id/milestones/:milestone_id/merge_requests", s.milestoneMergeRequests),
		get("/groups/:id/milestones/:milestone_id/merge_requests", s.milestoneMergeRequests),
	}
}

// setSubscription answers 304 when it is so already.
func (s *Server) setSubscription(c *call, on bool) (reply, error) {
	i, err := c.issueOfPath()
	if err != nil {
		return reply{}, err
	}
	if i.subscribed(c.user) == on {
		return reply{status: http.StatusNotModified}, nil
	}
	i.subscribe(c.user, on)
	return s.issueReply(c, http.StatusCreated, i)
}

func (s *Server) getTimeStats(c *call) (reply, error) {
	i, err := c.issueOfPath()
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

func (s *Server) setEstimate(c *call) (reply, error) {
	c.p.require("duration")
	return s.track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		seconds, ok := parseDuration(c.p.str("duration").v)
		return issueChange{timeEstimate: some(seconds)}, ok && seconds >= 0
	})
}

func (s *Server) resetEstimate(c *call) (reply, error) {
	return s.track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		return issueChange{timeEstimate: some(0)}, true
	})
}

// addSpentTime adds up: a repeat counts again. A negative duration takes away, but not below nothing.
func (s *Server) addSpentTime(c *call) (reply, error) {
	c.p.require("duration")
	return s.track(c, http.StatusCreated, func(i *issue) (issueChange, bool) {
		seconds, ok := parseDuration(c.p.str("duration").v)
		total := i.timeSpent + seconds
		return issueChange{timeSpent: some(total)}, ok && total >= 0
	})
}

func (s *Server) resetSpentTime(c *call) (reply, error) {
	return s.track(c, http.StatusOK, func(*issue) (issueChange, bool) {
		return issueChange{timeSpent: some(0)}, true
	})
}

func (s *Server) track(c *call, status int, want func(i *issue) (issueChange, bool)) (reply, error) {
	i, err := c.issueOfPath()
	if err != nil {
		return reply{}, err
	}
	if !s.mayPlan(c.user, i.project) {
		return reply{}, errForbidden()
	}
	ch, ok := want(i)
	if !ok {
		return reply{}, errParam("duration is invalid")
	}
	if err := s.change(i, ch, c.user); err != nil {
		return reply{}, err
	}
	return timeReply(c, status, i)
}

var closingWords = regexp.MustCompile(`(?i)\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+$`)

// relatedMergeRequests lists those of the same project whose text has a reference to the issue.
func (s *Server) relatedMergeRequests(c *call) (reply, error) {
	return s.mentioning(c, func(*mergeRequest, string) bool { return true })
}

// closingMergeRequests lists those open ones that would close the issue when merged.
func (s *Server) closingMergeRequests(c *call) (reply, error) {
	return s.mentioning(c, func(mr *mergeRequest, before string) bool {
		return mr.state == "opened" && closingWords.MatchString(before)
	})
}

// mentioning asks fits with what stands before the reference.
func (s *Server) mentioning(c *call, fits func(mr *mergeRequest, before string) bool) (reply, error) {
	pg := c.paging()
	i, err := c.issueOfPath()
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
	return listReply(c, pg, found, func(e *enc, mr *mergeRequest) { s.writeMergeRequest(e, c, mr) })
}

func (s *Server) milestoneMergeRequests(c *call) (reply, error) {
	pg := c.paging()
	_, m, err := c.milestoneOfPath(false)
	if err != nil {
		return reply{}, err
	}
	var found []*mergeRequest
	for _, p := range s.projectsUsing(m) {
		if !s.mayReadProject(c.user, p) {
			continue
		}
		for _, mr := range p.mergeRequests {
			if mr.milestone == m {
				found = append(found, mr)
			}
		}
	}
	return listReply(c, pg, found, func(e *enc, mr *mergeRequest) { s.writeMergeRequest(e, c, mr) })
}
