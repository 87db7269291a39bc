package change

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// gatePoll is the time between two checks of a closed gate.
const gatePoll = 30 * time.Second

// Waiting is how long to wait for a closed gate, and by which clock.
type Waiting struct {
	For    time.Duration // 0: check once
	Now    func() time.Time
	Sleep  func(time.Duration) error
	Closed func(reason string) // called before each pause
}

// Until checks until the gate is open or the time is up, and returns the last gate and the time waited. It also waits for GitLab to answer
// again; another error, and a queue that the token cannot see, end it.
func (w Waiting) Until(check func() (Gate, error)) (g Gate, waited time.Duration, err error) {
	start, slept := w.Now(), time.Duration(0)
	for {
		g, err = check()
		waited = max(slept, w.Now().Sub(start))
		lasting := g.Hidden || g.Unread != nil && fault.KindOf(g.Unread) != fault.Unreachable
		if err != nil || g.Open() || waited >= w.For || lasting {
			return g, waited, err
		}
		w.Closed(g.reason())
		pause := min(gatePoll, w.For-waited)
		if w.Sleep(pause) != nil { // interrupted: return the last gate
			return g, waited, err
		}
		slept += pause
	}
}

// reason returns the first reason why the gate is closed.
func (g Gate) reason() string {
	if g.Silent {
		return "GitLab did not answer"
	}
	return g.Reasons[0].Text
}
