package fakegitlab

import "time"

// loadQueue adds n issues to acme/production that are over: resolved incidents, records of changes, closed on-call issues and outages, as a queue collects them
// in the three years before the last two months. They carry the labels that commands ask for, so that those have to ask for more than labels.
// Where the project is missing, EmptySeed is applied first. Like Load it is for measuring.
func loadQueue(s *store, n int) {
	begin(s, seedProduction)
	newQueueLoader(s, n).queue()
}

// queueRest is for how long nothing has happened to what is over.
const queueRest = 60 * 24 * time.Hour

// newQueueLoader has the slabs of the issues and their notes; of the loader's other parts the queue needs nothing.
func newQueueLoader(s *store, n int) *loader {
	now := s.now()
	l := &loader{s: s, p: s.findProject(seedProduction), n: n, now: now.Add(-queueRest), begin: now.Add(-loadSpan - queueRest)}
	for _, m := range l.p.group.members {
		if m.level >= developer {
			l.people = append(l.people, m.user)
		}
	}
	for _, names := range [][]string{{"incident", "Incident::Resolved"}, {"change", "change::complete"}, {"oncall", "toil"}, {"outage", "toil"}, {"change", "C4"}} {
		var set []*label
		for _, name := range names {
			set = append(set, l.label(name))
		}
		l.sets = append(l.sets, set)
	}
	l.issues, l.notes, l.noted = make([]issue, n), make([]note, 2*n), make([]*note, 2*n)
	return l
}

func (l *loader) queue() {
	step := loadSpan / time.Duration(l.n+1)
	for k := range l.n {
		at := l.begin.Add(time.Duration(k+1) * step).Truncate(time.Millisecond)
		done := l.sooner(at.Add(time.Duration(3+k%240) * time.Hour))
		by := l.people[k%len(l.people)]
		i := &l.issues[k]
		*i = issue{project: l.p, title: workTitle(k), description: loadTexts[k%len(loadTexts)], author: by, labels: l.sets[k%len(l.sets)],
			createdAt: at, updatedAt: done, closed: true, closedAt: done, closedBy: by}
		l.s.addIssue(i)
		l.comments(k, i, at, by)
		i.updatedAt = done
	}
}
