// Package activity serves the events of a project: who opened, closed and commented on what. It derives them from the
// issues, merge requests and milestones, so what was deleted has none. Start with Routes. It keeps no state and records nothing.
package activity

import (
	"cmp"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the route for the events of a project.
func Routes() []rest.Route {
	return []rest.Route{rest.Get("/projects/:id/events", list).Anonymous().Needs("read_event")}
}

// event is one thing that somebody did.
type event struct {
	kind   int // with the number it makes an id of its own
	number int
	action string // as a request asks for it
	at     time.Time
	by     *store.User
	target target
	note   *store.Note // of a comment
}

// target is what an event is about.
type target struct {
	project *store.Project
	kind    string
	id, iid int
	title   string
}

// The actions that a request can ask for, and what the events call them.
var actions = [...]struct{ param, name string }{
	{"approved", "approved"}, {"closed", "closed"}, {"commented", "commented on"}, {"created", "opened"}, {"destroyed", "destroyed"},
	{"expired", "expired"}, {"joined", "joined"}, {"left", "left"}, {"merged", "accepted"}, {"pushed", "pushed to"},
	{"reopened", "opened"}, {"updated", "updated"},
}

// kinds are the targets that a request can ask for, and what the events call them.
var kinds = [...]struct{ param, name string }{
	{"issue", "Issue"}, {"milestone", "Milestone"}, {"merge_request", "MergeRequest"}, {"note", "Note"}, {"project", "Project"},
	{"snippet", "Snippet"}, {"user", "User"}, {"wiki", "WikiPage::Meta"}, {"design", "DesignManagement::Design"},
}

// filter holds the filters of a list of events.
type filter struct {
	action, kind  param.Opt[string]
	before, after param.Opt[string] // days that do not count themselves
	sort          string
}

func filterOf(p *param.Params) filter {
	var actionNames, kindNames []string
	for _, a := range actions {
		actionNames = append(actionNames, a.param)
	}
	for _, k := range kinds {
		kindNames = append(kindNames, k.param)
	}
	return filter{
		action: p.Enum("action", actionNames...), kind: p.Enum("target_type", kindNames...),
		before: p.Date("before"), after: p.Date("after"), sort: p.EnumOr("sort", "desc", "asc", "desc"),
	}
}

func (f filter) fits(ev event) bool {
	day := ev.at.UTC().Format(time.DateOnly)
	switch {
	case f.before.OK() && day >= f.before.Value, f.after.OK() && day <= f.after.Value:
		return false
	}
	if f.action.OK() && f.action.Value != ev.action {
		return false
	}
	for _, k := range kinds {
		if f.kind.Value == k.param && ev.kindName() != k.name {
			return false
		}
	}
	return true
}

// list keeps no more events than the pages up to the requested one have.
func list(c *rest.Call) (rest.Reply, error) {
	pg, f := c.Paging(), filterOf(c.Params)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	best, total := first(pg.Page*pg.Per, f, func(yield func(event)) { each(c.User, p, yield) })
	from, to := pg.Bounds(len(best))
	return rest.Page(c, pg, best[from:to], total, func(e *jsonenc.Encoder, ev event) { ev.write(e, c) })
}

// first returns the first n events in order, and how many there are.
func first(n int, f filter, each func(yield func(event))) (best []event, total int) {
	trim := func() {
		slices.SortFunc(best, f.compare)
		best = best[:min(n, len(best))]
	}
	each(func(ev event) {
		if !f.fits(ev) {
			return
		}
		total++
		if best = append(best, ev); len(best) >= 2*n {
			trim()
		}
	})
	trim()
	return best, total
}

func (f filter) compare(a, b event) int {
	order := cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id(), b.id()))
	if f.sort == "asc" {
		return order
	}
	return -order
}

// The kinds of events.
const (
	milestoneOpened = iota + 1
	milestoneChanged
	mergeRequestOpened
	mergeRequestEnded
	issueOpened
	issueChanged
	commented
)

// each calls yield for every event of the project that the user may see.
func each(u *store.User, p *store.Project, yield func(event)) {
	for _, m := range p.Milestones {
		t := target{p, "Milestone", m.ID, m.IID, m.Title}
		yield(event{kind: milestoneOpened, number: m.ID, action: "created", at: m.CreatedAt, by: m.CreatedBy, target: t})
		ofStates(milestoneChanged, m.StateEvents, t, yield)
	}
	for _, i := range p.Issues {
		if access.MayReadIssue(u, i) {
			ofIssue(u, i, yield)
		}
	}
	if access.MayReadMergeRequests(u, p) {
		for _, mr := range p.MergeRequests {
			ofMergeRequest(mr, yield)
		}
	}
}

func ofIssue(u *store.User, i *store.Issue, yield func(event)) {
	t := target{i.Project, "Issue", i.ID, i.IID, i.Title}
	yield(event{kind: issueOpened, number: i.ID, action: "created", at: i.CreatedAt, by: i.Author, target: t})
	ofStates(issueChanged, i.StateEvents, t, yield)
	for _, n := range i.Notes {
		if !n.System && (!n.Internal || access.MayReadInternal(u, i.Project)) {
			yield(event{kind: commented, number: n.ID, action: "commented", at: n.CreatedAt, by: n.Author, target: t, note: n})
		}
	}
}

// ofStates has the events of closing and reopening.
func ofStates(kind int, states []store.StateEvent, t target, yield func(event)) {
	for _, s := range states {
		action := "reopened"
		if s.Closed {
			action = "closed"
		}
		yield(event{kind: kind, number: s.ID, action: action, at: s.At, by: s.User, target: t})
	}
}

func ofMergeRequest(mr *store.MergeRequest, yield func(event)) {
	t := target{mr.Project, "MergeRequest", mr.ID, mr.IID, mr.Title}
	yield(event{kind: mergeRequestOpened, number: mr.ID, action: "created", at: mr.CreatedAt, by: mr.Author, target: t})
	switch mr.State {
	case "merged":
		yield(event{kind: mergeRequestEnded, number: mr.ID, action: "merged", at: mr.MergedAt, by: mr.MergedBy, target: t})
	case "closed":
		yield(event{kind: mergeRequestEnded, number: mr.ID, action: "closed", at: mr.ClosedAt, by: mr.ClosedBy, target: t})
	}
	for _, n := range mr.Notes {
		if !n.System && !n.Internal {
			yield(event{kind: commented, number: n.ID, action: "commented", at: n.CreatedAt, by: n.Author, target: t, note: n})
		}
	}
}
