package seed

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// LoadQueue adds n finished issues to acme/production: resolved incidents, change records, closed on-call issues and
// outages, as a queue collects them in the three years before the last two months. They carry the labels that
// commands query, so a command that filters by labels alone reads all of them. If the project is missing, Empty is
// planted first. Like Load it is for benchmarks.
func LoadQueue(s *store.Store, n int) {
	ensureProject(s, productionPath)
	newQueueLoader(s, n).queue()
}

// queueRest is how long the finished issues have been unchanged.
const queueRest = 60 * 24 * time.Hour

// newQueueLoader has slabs for the issues and their notes only; the queue needs nothing else.
func newQueueLoader(s *store.Store, n int) *loader {
	now := s.Now()
	l := &loader{s: s, p: s.FindProject(productionPath), n: n, texts: loadTexts()}
	l.now, l.begin = now.Add(-queueRest), now.Add(-loadSpan-queueRest)
	for _, m := range l.p.Group.Members {
		if m.Level >= store.Developer {
			l.people = append(l.people, m.User)
		}
	}
	for _, names := range [][]string{
		{"incident", "Incident::Resolved"}, {"change", "change::complete"}, {"oncall", "toil"}, {"outage", "toil"}, {"change", "C4"},
	} {
		var set []*store.Label
		for _, name := range names {
			set = append(set, l.label(name))
		}
		l.sets = append(l.sets, set)
	}
	l.issues, l.notes, l.noted = make([]store.Issue, n), make([]store.Note, 2*n), make([]*store.Note, 2*n)
	return l
}

func (l *loader) queue() {
	step := loadSpan / time.Duration(l.n+1)
	for k := range l.n {
		at := l.begin.Add(time.Duration(k+1) * step).Truncate(time.Millisecond)
		done := l.notAfterNow(at.Add(time.Duration(3+k%240) * time.Hour))
		by := l.people[k%len(l.people)]
		i := &l.issues[k]
		*i = store.Issue{Project: l.p, Title: workTitle(k), Description: l.texts[k%len(l.texts)], Author: by, Labels: l.sets[k%len(l.sets)],
			CreatedAt: at, UpdatedAt: done, Closed: true, ClosedAt: done, ClosedBy: by}
		l.s.AddIssue(i)
		l.comments(k, i, at, by)
		i.UpdatedAt = done
	}
}
