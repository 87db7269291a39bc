package fault

import "sync"

// Set holds the armed faults. The zero value is empty and ready.
type Set struct {
	mu    sync.Mutex
	armed []*armed
}

type armed struct {
	Fault
	matched int
}

// Add arms a fault.
func (fs *Set) Add(f Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.armed = append(fs.armed, &armed{Fault: f})
}

// Clear disarms all faults.
func (fs *Set) Clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.armed = nil
}

// Pick counts a request with every fault that matches it and returns what happens to the request. path is escaped
// and relative to /api/v4; query is the part of the URL after "?".
func (fs *Set) Pick(method, path, query string) Injection {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var s Injection
	for _, f := range fs.armed {
		if !f.matches(method, path, query) {
			continue
		}
		f.matched++
		switch {
		case f.Nth != 0 && f.matched != f.Nth, f.Every != 0 && f.matched%f.Every != 0:
		case f.Kind == Delay:
			s.delay += f.Delay
			s.names = append(s.names, f.effect())
		case s.kind == "":
			s.kind, s.status = f.Kind, f.Status
			if f.Kind == Late || f.Kind == Again {
				s.later = f.Delay
			}
			s.names = append(s.names, f.effect())
		}
	}
	return s
}
