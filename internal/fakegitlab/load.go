package fakegitlab

import (
	"fmt"
	"time"
)

// load adds n issues to acme/infrastructure, with labels, milestones, notes
// and events, as a team might have made in three years up to now; a fifth of
// them is open. Where the project is missing, EmptySeed is applied first.
//
// It is for measuring, so it is fast and frugal: about a kilobyte an issue,
// with texts shared among them. The same instance and n give the same state.
func load(s *store, n int) {
	begin(s, seedInfra)
	newLoader(s, n).run()
}

// begin applies EmptySeed where the project is missing.
func begin(s *store, project string) {
	if s.findProject(project) != nil {
		return
	}
	if err := plant(s, EmptySeed(s.now())); err != nil {
		panic("fakegitlab: load on an instance that has other things under the names of EmptySeed: " + err.Error())
	}
}

// loadSpan is how far back the loaded issues go.
const loadSpan = 3 * 365 * 24 * time.Hour

// loader holds what the issues share and the slabs that they are cut from.
type loader struct {
	s          *store
	p          *project
	n          int
	now, begin time.Time
	people     []*user
	columns    []*label
	topics     []*label
	milestones []*milestone // oldest first, the last two are open
	sets       [][]*label

	issues     []issue
	notes      []note
	noted      []*note
	labelled   []labelEvent
	planned    []milestoneEvent
	closed     []stateEvent
	assignment []*user
}

func newLoader(s *store, n int) *loader {
	now := s.now()
	l := &loader{s: s, p: s.findProject(seedInfra), n: n, now: now, begin: now.Add(-loadSpan)}
	for _, m := range l.p.group.members {
		if m.level >= developer {
			l.people = append(l.people, m.user)
		}
	}
	for _, name := range []string{"Planning", "Ready", "Waiting", "In Progress"} {
		l.columns = append(l.columns, l.label(name))
	}
	for _, name := range []string{"toil", "unscheduled", "access request", "unblocks others", "goal", "outage", "blocked", "database"} {
		l.topics = append(l.topics, l.label(name))
	}
	for k := range 32 {
		l.sets = append(l.sets, []*label{l.columns[k%4], l.topics[k/4]})
	}
	l.plan()
	l.issues, l.notes, l.noted = make([]issue, n), make([]note, 2*n), make([]*note, 2*n)
	l.labelled, l.planned = make([]labelEvent, 2*n), make([]milestoneEvent, n)
	l.closed, l.assignment = make([]stateEvent, n), make([]*user, n)
	return l
}

func (l *loader) label(name string) *label {
	if found := l.p.labelNamed(name); found != nil {
		return found
	}
	return l.s.addLabel(&label{parent: parent{project: l.p}, name: name, color: defaultLabelColor, createdAt: l.begin})
}

// plan makes the milestones of three years, by the handbook's cadence. Those
// that are there already are used.
func (l *loader) plan() {
	h := story{now: l.now, end: lastFriday(l.now)}
	first := -int(loadSpan / (14 * 24 * time.Hour))
	for box := first; box <= 1; box++ {
		l.milestones = append(l.milestones, l.milestone(h, box))
	}
}

func (l *loader) milestone(h story, box int) *milestone {
	for _, m := range l.p.milestones {
		if m.title == h.title(box) {
			return m
		}
	}
	return l.s.addMilestone(&milestone{
		parent: parent{project: l.p}, title: h.title(box), description: h.dated(box), closed: box < 0,
		startDate: h.start(box).Format(time.DateOnly), dueDate: h.due(box).Format(time.DateOnly), createdAt: h.at(box-2, 9, 15),
	})
}

func (l *loader) run() {
	step := loadSpan / time.Duration(l.n+1)
	for k := range l.n {
		l.issue(k, l.begin.Add(time.Duration(k+1)*step).Truncate(time.Millisecond))
	}
}

// issue makes the k-th one. Slices are cut with their capacity, so that what
// is appended later does not run into the neighbour's.
func (l *loader) issue(k int, at time.Time) {
	author, assignee := l.people[k%len(l.people)], l.people[(k/3)%len(l.people)]
	i := &l.issues[k]
	*i = issue{
		project: l.p, title: workTitle(k), description: loadTexts[k%len(loadTexts)], author: author,
		labels: l.sets[k%len(l.sets)], createdAt: at, updatedAt: at, closed: k%5 != 0,
	}
	weight := weights[k%len(weights)]
	i.weight = &loadWeights[weight]
	l.assignment[k] = assignee
	i.assignees = l.assignment[k : k+1 : k+1]
	i.milestone = l.milestones[k*len(l.milestones)/l.n]
	l.s.addIssue(i)
	last := l.history(k, i, at, assignee)
	l.comments(k, i, at, assignee)
	i.updatedAt = last
}

// history gives the issue two label events, one for its milestone and one for
// its closing. It returns the time of the last.
func (l *loader) history(k int, i *issue, at time.Time, by *user) time.Time {
	for n, label := range i.labels {
		l.labelled[2*k+n] = labelEvent{next(&l.s.last.labelEvent), i.author, at, label, true}
	}
	i.labelEvents = l.labelled[2*k : 2*k+2 : 2*k+2]
	l.planned[k] = milestoneEvent{next(&l.s.last.milestoneEvent), i.author, at, i.milestone, true, false}
	i.milestoneEvents = l.planned[k : k+1 : k+1]
	if !i.closed {
		return l.sooner(at.Add(3 * time.Hour))
	}
	done := l.sooner(at.Add(time.Duration(3+k%240) * time.Hour))
	i.closedAt, i.closedBy = done, by
	l.closed[k] = stateEvent{next(&l.s.last.stateEvent), by, done, true}
	i.stateEvents = l.closed[k : k+1 : k+1]
	return done
}

// sooner keeps a time out of the future.
func (l *loader) sooner(t time.Time) time.Time {
	if t.After(l.now) {
		return l.now
	}
	return t
}

func (l *loader) comments(k int, i *issue, at time.Time, by *user) {
	for n := range 2 {
		when := l.sooner(at.Add(time.Duration(1+n) * time.Hour))
		l.notes[2*k+n] = note{
			id: next(&l.s.last.note), body: pick(seedComments, k+n), author: by, createdAt: when, updatedAt: when,
		}
		l.noted[2*k+n] = &l.notes[2*k+n]
	}
	i.notes = l.noted[2*k : 2*k+2 : 2*k+2]
}

// loadTexts are the descriptions, loadWeights what weights point at.
var (
	loadTexts   = buildLoadTexts()
	loadWeights = [...]int{0, 1, 2, 3, 4, 5, 6, 7, 8}
)

func buildLoadTexts() []string {
	texts := make([]string, len(seedThings))
	for n, thing := range seedThings {
		texts[n] = fmt.Sprintf("%s\nSeen %d times this year.\n", workDescription(thing), n+1)
	}
	return texts
}
