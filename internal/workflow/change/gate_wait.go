package change

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// gatePoll is how long is waited between two looks at a closed gate.
const gatePoll = 30 * time.Second

// Waiting is how long a closed gate is waited for, and by which clock.
type Waiting struct {
	For    time.Duration // 0: one look
	Now    func() time.Time
	Sleep  func(time.Duration) error
	Closed func(why string) // told before each pause
}

// Until looks until the gate is open or the time is over, and returns what was seen last and how long was waited. That GitLab cannot be
// reached may pass, and is waited for likewise; any other error ends it.
func (w Waiting) Until(look func() (Gate, error)) (g Gate, waited time.Duration, err error) {
	begun, slept := w.Now(), time.Duration(0)
	for {
		g, err = look()
		waited = max(slept, w.Now().Sub(begun))
		passing := err == nil || fault.KindOf(err) == fault.Unreachable
		if err == nil && g.Open() || waited >= w.For || !passing {
			return g, waited, err
		}
		w.Closed(g.reason(err))
		pause := min(gatePoll, w.For-waited)
		if w.Sleep(pause) != nil { // interrupted: what was seen last stands
			return g, waited, err
		}
		slept += pause
	}
}

// why is the first thing that keeps the gate closed.
func (g Gate) reason(err error) string {
	if err != nil {
		return "GitLab cannot be reached"
	}
	return g.Reasons[0].Text
}
