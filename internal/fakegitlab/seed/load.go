package seed

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Load adds n issues to acme/infrastructure, with labels, milestones, notes and events, as a team might create in
// the three years up to now; a fifth of them is open. If the project is missing, Empty is planted first.
//
// Load is for benchmarks, so it is fast and frugal: about a kilobyte an issue, with shared texts. The same instance
// and n give the same state.
func Load(s *store.Store, n int) {
	ensureProject(s, infraPath)
	newLoader(s, n).run()
}

// ensureProject plants Empty if the project is missing.
func ensureProject(s *store.Store, project string) {
	if s.FindProject(project) != nil {
		return
	}
	if err := Plant(s, Empty(s.Now())); err != nil {
		panic("fakegitlab: Load: the instance has other objects with names of EmptySeed: " + err.Error())
	}
}

// loadSpan is how far back the loaded issues go.
const loadSpan = 3 * 365 * 24 * time.Hour

// loader holds what the issues share and the slabs from which they are allocated.
type loader struct {
	s          *store.Store
	p          *store.Project
	n          int
	now, begin time.Time
	people     []*store.User
	columns    []*store.Label
	topics     []*store.Label
	milestones []*store.Milestone // oldest first; the last two are open
	sets       [][]*store.Label
	texts      []string

	issues     []store.Issue
	notes      []store.Note
	noted      []*store.Note
	labelled   []store.LabelEvent
	planned    []store.MilestoneEvent
	closed     []store.StateEvent
	assignment []*store.User
}

func newLoader(s *store.Store, n int) *loader {
	now := s.Now()
	l := &loader{s: s, p: s.FindProject(infraPath), n: n, now: now, begin: now.Add(-loadSpan), texts: loadTexts()}
	for _, m := range l.p.Group.Members {
		if m.Level >= store.Developer {
			l.people = append(l.people, m.User)
		}
	}
	for _, name := range []string{"Planning", "Ready", "Waiting", "In Progress"} {
		l.columns = append(l.columns, l.label(name))
	}
	for _, name := range []string{"toil", "unscheduled", "access request", "unblocks others", "goal", "outage", "blocked", "database"} {
		l.topics = append(l.topics, l.label(name))
	}
	for k := range 32 {
		l.sets = append(l.sets, []*store.Label{l.columns[k%4], l.topics[k/4]})
	}
	l.plan()
	l.issues, l.notes, l.noted = make([]store.Issue, n), make([]store.Note, 2*n), make([]*store.Note, 2*n)
	l.labelled, l.planned = make([]store.LabelEvent, 2*n), make([]store.MilestoneEvent, n)
	l.closed, l.assignment = make([]store.StateEvent, n), make([]*store.User, n)
	return l
}

func (l *loader) label(name string) *store.Label {
	if found := l.p.LabelNamed(name); found != nil {
		return found
	}
	return l.s.AddLabel(&store.Label{Parent: store.Parent{Project: l.p}, Name: name, Color: store.DefaultLabelColor, CreatedAt: l.begin})
}

// plan creates the milestones of three years, at the handbook's cadence. It uses existing ones.
func (l *loader) plan() {
	h := timeline{now: l.now, end: lastFriday(l.now)}
	first := -int(loadSpan / (14 * 24 * time.Hour))
	for box := first; box <= 1; box++ {
		l.milestones = append(l.milestones, l.milestone(h, box))
	}
}

func (l *loader) milestone(h timeline, box int) *store.Milestone {
	for _, m := range l.p.Milestones {
		if m.Title == h.title(box) {
			return m
		}
	}
	return l.s.AddMilestone(&store.Milestone{
		Parent: store.Parent{Project: l.p}, CreatedBy: l.s.Users[0], Title: h.title(box), Description: h.dated(box), Closed: box < 0,
		StartDate: h.start(box).Format(time.DateOnly), DueDate: h.due(box).Format(time.DateOnly), CreatedAt: h.at(box-2, 9, 15),
	})
}

func (l *loader) run() {
	step := loadSpan / time.Duration(l.n+1)
	for k := range l.n {
		l.issue(k, l.begin.Add(time.Duration(k+1)*step).Truncate(time.Millisecond))
	}
}

// issue creates the k-th issue. Slices are cut with their capacity, so that a later append does not overwrite the
// next issue's.
func (l *loader) issue(k int, at time.Time) {
	author, assignee := l.people[k%len(l.people)], l.people[(k/3)%len(l.people)]
	i := &l.issues[k]
	*i = store.Issue{
		Project: l.p, Title: workTitle(k), Description: l.texts[k%len(l.texts)], Author: author,
		Labels: l.sets[k%len(l.sets)], CreatedAt: at, UpdatedAt: at, Closed: k%5 != 0,
	}
	weight := weights[k%len(weights)]
	i.Weight = &loadWeights[weight]
	l.assignment[k] = assignee
	i.Assignees = l.assignment[k : k+1 : k+1]
	i.Milestone = l.milestones[k*len(l.milestones)/l.n]
	l.s.AddIssue(i)
	last := l.history(k, i, at, assignee)
	l.comments(k, i, at, assignee)
	i.UpdatedAt = last
}

// history gives the issue two label events, one milestone event and one closing event. It returns the time of the
// last.
func (l *loader) history(k int, i *store.Issue, at time.Time, by *store.User) time.Time {
	for n, label := range i.Labels {
		l.labelled[2*k+n] = store.LabelEvent{ID: store.Next(&l.s.Last.LabelEvent), User: i.Author, At: at, Label: label, Added: true}
	}
	i.LabelEvents = l.labelled[2*k : 2*k+2 : 2*k+2]
	l.planned[k] = store.MilestoneEvent{
		ID: store.Next(&l.s.Last.MilestoneEvent), User: i.Author, At: at, Milestone: i.Milestone, Added: true,
	}
	i.MilestoneEvents = l.planned[k : k+1 : k+1]
	if !i.Closed {
		return l.notAfterNow(at.Add(3 * time.Hour))
	}
	done := l.notAfterNow(at.Add(time.Duration(3+k%240) * time.Hour))
	i.ClosedAt, i.ClosedBy = done, by
	l.closed[k] = store.StateEvent{ID: store.Next(&l.s.Last.StateEvent), User: by, At: done, Closed: true}
	i.StateEvents = l.closed[k : k+1 : k+1]
	return done
}

// notAfterNow keeps a time out of the future.
func (l *loader) notAfterNow(t time.Time) time.Time {
	if t.After(l.now) {
		return l.now
	}
	return t
}

func (l *loader) comments(k int, i *store.Issue, at time.Time, by *store.User) {
	for n := range 2 {
		when := l.notAfterNow(at.Add(time.Duration(1+n) * time.Hour))
		l.notes[2*k+n] = store.Note{
			ID: store.Next(&l.s.Last.Note), Body: pick(comments, k+n), Author: by, CreatedAt: when, UpdatedAt: when,
		}
		l.noted[2*k+n] = &l.notes[2*k+n]
	}
	i.Notes = l.noted[2*k : 2*k+2 : 2*k+2]
}

// loadWeights are the values that the issues' weights point to.
var loadWeights = [...]int{0, 1, 2, 3, 4, 5, 6, 7, 8}

// loadTexts returns the descriptions.
func loadTexts() []string {
	texts := make([]string, len(things))
	for n, thing := range things {
		texts[n] = fmt.Sprintf("%s\nSeen %d times this year.\n", workDescription(thing), n+1)
	}
	return texts
}
