package idempotency

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// slowPlace is a place whose creates may be carried out late. Each create follows a delivery; creates beyond them are carried out at once
// and answered.
type slowPlace struct {
	place
	deliveries []delivery
	pending    []*thing // created is when it is carried out
	lookups    int
	pauses     []time.Duration
}

// delivery is what happens to a create whose answer is lost.
type delivery struct {
	lost    time.Duration // after this time the connection is given up
	carried time.Duration // after this time it is carried out; negative: never
}

type slowSession struct {
	session
	slow *slowPlace
}

func (p *slowPlace) as(user string) slowSession {
	return slowSession{session{place: &p.place, user: user}, p}
}

func (s slowSession) Create(_ context.Context, key Key) (*thing, error) {
	s.sent++
	created := &thing{text: Stamp("text", key), author: s.user, created: s.now}
	if s.sent > len(s.slow.deliveries) {
		s.add(created)
		return created, nil
	}
	d := s.slow.deliveries[s.sent-1]
	created.created = s.now.Add(d.carried)
	s.now = s.now.Add(d.lost)
	if d.carried >= 0 {
		s.slow.pending = append(s.slow.pending, created)
	}
	return nil, fmt.Errorf("lost: %w", fault.Unknown)
}

// deliver carries out what is due.
func (p *slowPlace) deliver() {
	for len(p.pending) > 0 {
		first := 0
		for n, t := range p.pending {
			if t.created.Before(p.pending[first].created) {
				first = n
			}
		}
		t := p.pending[first]
		if t.created.After(p.now) {
			return
		}
		p.add(t)
		p.pending = append(p.pending[:first:first], p.pending[first+1:]...)
	}
}

func (s slowSession) Find(ctx context.Context, key Key, mine, anybody bool) ([]*thing, error) {
	s.slow.deliver()
	s.slow.lookups++
	return s.session.Find(ctx, key, mine, anybody)
}

func (s slowSession) Pause(ctx context.Context, d time.Duration, look int) error {
	s.slow.pauses = append(s.slow.pauses, d)
	return s.session.Pause(ctx, d, look)
}

// Whenever a create whose answer was lost is carried out, and however late it is given up, there is one thing when the run ends. One that
// GitLab carries out later than it can is retired by the next run. Nobody waits more than ten seconds for the thing after a lost answer.
func TestLateDelivery(t *testing.T) {
	t.Parallel()
	cases := 0
	for _, unique := range []bool{true, false} {
		for _, lost := range []time.Duration{0, 3 * time.Second, 30 * time.Second, 65 * time.Second} {
			for carried := -time.Second; carried <= 70*time.Second; carried += 500 * time.Millisecond {
				cases++
				p := &slowPlace{deliveries: []delivery{{lost, carried}}}
				p.now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
				testLate(t, fmt.Sprintf("unique %v, lost after %v, carried out after %v", unique, lost, carried), p, unique, lost, carried)
			}
		}
	}
	t.Logf("%d cases", cases)
}

func testLate(t *testing.T, name string, p *slowPlace, unique bool, lost, carried time.Duration) {
	t.Helper()
	k, start := key(t, "incident", "k"), p.now
	got, _, err := FindOrCreate(t.Context(), k, unique, p.as("me"))
	if err != nil || got == nil || got.retired {
		t.Errorf("%s: %+v, %v", name, got, err)
		return
	}
	if waited := p.now.Sub(start) - lost; waited > 10*time.Second {
		t.Errorf("%s: waited %v for the address", name, waited)
	}
	for _, w := range p.watches {
		if w.Left() <= 0 || w.Left() > lateWindow {
			t.Errorf("%s: %v left to watch", name, w.Left())
		}
		if err := w.Run(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if end := max(lost+10*time.Second, lateWindow); p.now.Sub(start) > end+authorsTurn {
		t.Errorf("%s: ended after %v", name, p.now.Sub(start))
	}
	p.deliver()
	if carried <= lateWindow && (p.inSight() != 1 || got.retired) {
		t.Errorf("%s: %d in sight, %+v returned", name, p.inSight(), got)
	}
	p.now = start.Add(2 * time.Minute)
	p.deliver()
	if p.inSight() > 2 {
		t.Errorf("%s: %d in sight", name, p.inSight())
	}
	p.watches = nil
	second, outcome, err := FindOrCreate(t.Context(), k, false, p.as("me"))
	p.finish(t)
	if err != nil || outcome != Existed || second.retired || p.inSight() != 1 {
		t.Errorf("%s, second run: %+v, %v, %v; %d in sight", name, second, outcome, err, p.inSight())
	}
}

// If the answers of all creates are lost, the run looks until none can be carried out any more. It either finds the thing, and retires the
// others, or ends with an error that says that it may have been created.
func TestAllAnswersLost(t *testing.T) {
	t.Parallel()
	delays := []time.Duration{-1, 0, time.Second, 5 * time.Second, 9 * time.Second, 12 * time.Second, 33 * time.Second, 60 * time.Second}
	for _, lost := range []time.Duration{0, 30 * time.Second, 65 * time.Second} {
		for _, first := range delays {
			for _, second := range delays {
				for _, third := range delays {
					p := &slowPlace{deliveries: []delivery{{lost, first}, {lost, second}, {lost, third}}}
					p.now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
					name := fmt.Sprintf("lost after %v, carried out after %v, %v and %v", lost, first, second, third)
					got, _, err := FindOrCreate(t.Context(), key(t, "incident", "k"), true, p.as("me"))
					for _, w := range p.watches {
						if err := w.Run(t.Context()); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
					p.deliver()
					switch {
					case len(p.pending) > 0:
						t.Errorf("%s: ended too early", name)
					case err == nil && (p.inSight() != 1 || got.retired):
						t.Errorf("%s: %d in sight, %+v returned", name, p.inSight(), got)
					case err != nil && (p.inSight() != 0 || !strings.Contains(fault.HintOf(err), "--key k")):
						t.Errorf("%s: %v; %d in sight", name, err, p.inSight())
					}
				}
			}
		}
	}
}

// Without a lost answer nothing is watched, and no lookup or pause is added.
func TestNothingIsWatchedWithoutALostAnswer(t *testing.T) {
	t.Parallel()
	for unique, lookups := range map[bool]int{true: 0, false: 2} {
		p := &slowPlace{}
		if _, _, err := FindOrCreate(t.Context(), key(t, "incident", "k"), unique, p.as("me")); err != nil || len(p.watches)+len(p.pauses) != 0 || p.lookups != lookups {
			t.Errorf("unique %v: %v; %d watches, pauses %v, %d lookups", unique, err, len(p.watches), p.pauses, p.lookups)
		}
	}
}

// The pauses of a lost create that is never carried out: at once, after two and after ten seconds, then it is sent again.
func TestLooksAfterALostAnswer(t *testing.T) {
	t.Parallel()
	p := &slowPlace{deliveries: []delivery{{0, -1}}}
	p.now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if _, _, err := FindOrCreate(t.Context(), key(t, "note", "k"), true, p.as("me")); err != nil || fmt.Sprint(p.pauses) != "[0s 2s 8s]" || p.sent != 2 {
		t.Errorf("%v; pauses %v, %d sent", err, p.pauses, p.sent)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if len(p.watches) != 1 || p.watches[0].Run(ctx) == nil || p.watches[0].Left() != lateWindow-10*time.Second {
		t.Errorf("watches: %v", p.watches)
	}
}

// Of a run with a clock that stands still everything ends too.
func TestLateWithAStandingClock(t *testing.T) {
	t.Parallel()
	p := &place{creates: "nnn"}
	got, _, err := FindOrCreate(t.Context(), key(t, "incident", "k"), true, standing{session{place: p, user: "me"}})
	if err == nil || p.sent != maxTries {
		t.Errorf("%+v, %v; %d sent", got, err, p.sent)
	}
	p = &place{creates: "n"}
	if _, _, err := FindOrCreate(t.Context(), key(t, "incident", "k"), true, standing{session{place: p, user: "me"}}); err != nil || len(p.watches) != 1 {
		t.Fatalf("%v, %d watches", err, len(p.watches))
	}
	if err := p.watches[0].Run(t.Context()); err != nil || p.watches[0].Left() > 0 {
		t.Errorf("%v, %v left", err, p.watches[0].Left())
	}
}

// standing is a session whose clock does not move.
type standing struct{ session }

func (standing) Pause(ctx context.Context, _ time.Duration, _ int) error { return ctx.Err() }
