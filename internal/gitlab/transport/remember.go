package transport

import (
	"bytes"
	"net/http"
	"sync"
)

// maxRemembered is how many bytes of answers are remembered.
const maxRemembered = 16 << 20

// memory keeps answers to reads with their ETags, so that a read that is repeated costs no bytes if nothing changed. GitLab does the same
// work for it, and counts it. The methods may be called on nil, which remembers nothing.
type memory struct {
	mu    sync.Mutex
	by    map[string]*remembered
	bytes int
	round int
}

type remembered struct {
	tag    string
	header http.Header
	body   []byte
	round  int // in which it was last asked for
}

// ask makes a read conditional if its last answer is remembered.
func (m *memory) ask(req *http.Request) {
	if m == nil || req.Method != http.MethodGet {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.by[req.URL.String()]; old != nil {
		old.round = m.round
		req.Header.Set("If-None-Match", old.tag)
	}
}

// answer returns the remembered answer for one that says that nothing changed, and remembers others.
func (m *memory) answer(req *http.Request, got outcome) outcome {
	if m == nil || req.Method != http.MethodGet || got.err != nil {
		return got
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := req.URL.String()
	old := m.by[key]
	switch {
	case got.status == http.StatusNotModified && old != nil:
		return outcome{status: http.StatusOK, header: old.header.Clone(), body: bytes.Clone(old.body)}
	case got.status == http.StatusOK:
		m.forget(key)
		if tag := got.header.Get("ETag"); tag != "" && m.bytes+len(got.body) <= maxRemembered {
			m.by[key] = &remembered{tag, got.header.Clone(), bytes.Clone(got.body), m.round}
			m.bytes += len(got.body)
		}
	}
	return got
}

func (m *memory) forget(key string) {
	if old := m.by[key]; old != nil {
		m.bytes -= len(old.body)
		delete(m.by, key)
	}
}

// nextRound forgets what was not asked for since the last call.
func (m *memory) nextRound() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, old := range m.by {
		if old.round < m.round {
			m.forget(key)
		}
	}
	m.round++
}

// NextRound begins another round of the same reads: those that are repeated in it are conditional. What was not asked for in the last round
// is forgotten. Until the first call nothing is remembered.
func (t *Transport) NextRound() {
	t.starting.Do(func() { t.memory.Store(&memory{by: map[string]*remembered{}}) })
	t.memory.Load().nextRound()
}
