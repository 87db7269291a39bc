package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// states are those from which a command was already run again. In the same state it does the same, so it runs once.
type states struct {
	known   map[[32]byte]bool
	visited int
}

// add reports whether the state is new.
func (s *states) add(l *lab) bool {
	if s.known == nil {
		s.known = map[[32]byte]bool{}
	}
	key := l.server.Digest()
	before := s.known[key]
	s.known[key] = true
	s.visited++
	return !before
}

// matrix counts cases.
type matrix struct {
	mu                               sync.Mutex
	cases, rolls, equal, ends, alike int
	scenarios                        int
	troubles                         map[string]int // by "read" or "write" and the trouble's name
}

func (m *matrix) add(scenario, trouble, method string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cases++
	if strings.HasPrefix(scenario, "roll") {
		m.rolls++
	}
	if m.troubles == nil {
		m.troubles = map[string]int{}
	}
	kind := "write"
	if method == http.MethodGet {
		kind = "read"
	}
	m.troubles[kind+": "+trouble]++
}

// skip counts a skipped case: it is equivalent to one that runs, or as random as one.
func (m *matrix) skip() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.equal++
}

// done counts a scenario, and the states in which its cases ended.
func (m *matrix) done(s states) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.scenarios++
	m.ends += len(s.known)
	m.alike += s.visited - len(s.known)
}

// report logs the counts. If all scenarios ran, every trouble must have occurred.
func (m *matrix) report(t *testing.T) {
	t.Logf("%d cases, %d of them of milestone roll; %d not tried beside them; %d states to go on from, which %d more have come to", m.cases, m.rolls, m.equal, m.ends, m.alike)
	if m.scenarios < len(scenarios()) || raceEnabled {
		return
	}
	least := 5
	if whole {
		least = 100
	}
	for n, kind := range troubles() {
		if m.troubles["write: "+kind.name] < least {
			t.Errorf("%s: %d writes met it", kind.name, m.troubles["write: "+kind.name])
		}
		if met := m.troubles["read: "+kind.name]; met < least && (kind.name == "killed before" || slices.Contains(passingReads(), n)) {
			t.Errorf("%s: %d reads met it", kind.name, met)
		}
	}
}
