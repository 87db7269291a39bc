package idempotency

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// thing is an object.
type thing struct {
	id      int64
	text    string
	author  string
	created time.Time
	retired bool
	other   bool // its content is not that of the thing to create
	closed  bool
}

// place is where things are created, following scripts: one letter for each Create, and one for each Find.
//
//	o  carried out and answered          l  carried out, answer lost
//	n  not carried out, answer lost      r  refused
//	d  carried out with a part missing   w  carried out after the next Find, answer lost
//	b  not carried out, because of a simultaneous request
//
// A Find is o (finds all) or f (fails). Calls beyond the script are o.
type place struct {
	things  []*thing
	late    []*thing
	unseen  int // things created after the last Find, which no procedure can see
	creates string
	finds   string
	sent    int
	retires int
	kept    []error
	refused map[int64]error // of Retire, by the id of the duplicate
	watches []Watch
	asked   []string // authors that Trusted was called for
	trusted map[string]bool
	now     time.Time
}

var errRefused = errors.New("refused")

// session is one run of a user in the place.
type session struct {
	*place
	user string
	turn func() // waits for the run's turn; may be nil

	watches *[]Watch // of this run; nil: of the place
}

func (s session) wait() {
	if s.turn != nil {
		s.turn()
	}
}

func next(script *string) byte {
	if *script == "" {
		return 'o'
	}
	c := (*script)[0]
	*script = (*script)[1:]
	return c
}

func (s session) Create(_ context.Context, key Key) (*thing, error) {
	s.wait()
	s.sent++
	created := &thing{text: Stamp("text", key), author: s.user, created: s.now}
	unknown := fmt.Errorf("lost: %w", fault.Unknown)
	switch next(&s.creates) {
	case 'n':
		return nil, unknown
	case 'r':
		return nil, errRefused
	case 'b':
		s.sent--
		return nil, fmt.Errorf("409: %w", fault.Busy)
	case 'w':
		s.late = append(s.late, created)
		return nil, unknown
	case 'l':
		s.add(created)
		return nil, unknown
	case 'd':
		s.add(created)
		return created, fault.Dropped
	}
	s.add(created)
	return created, nil
}

func (p *place) add(t *thing) {
	t.id = int64(len(p.things) + 1)
	p.things = append(p.things, t)
}

func (s session) Find(_ context.Context, key Key, mine, anybody bool) (found []*thing, err error) {
	s.wait()
	s.unseen = 0
	defer func() {
		for _, t := range s.late {
			s.add(t)
			s.unseen++
		}
		s.late = nil
	}()
	if next(&s.finds) == 'f' {
		return nil, errors.New("search unavailable")
	}
	for _, t := range s.things {
		if k, ok := Read(t.text); (strings.Contains(t.text, key.Marker()) || ok && k.Near(key)) && (anybody || mine && t.author == s.user) {
			found = append(found, t, t) // found twice, as by two queries
		}
	}
	return found, nil
}

func (s session) About(t *thing) Object {
	if t == nil {
		return Object{}
	}
	return Object{ID: t.id, AuthorID: int64(slices.Index(users, t.author)), Text: t.text, CreatedAt: t.created, Retired: t.retired, Closed: t.closed}
}

// users are all authors; their ids are their indexes.
var users = []string{"", "me", "stranger", "colleague", "bot", "ines", "olav"}

func (s session) Own(_ context.Context, authorID int64) (bool, error) {
	return users[authorID] == s.user, nil
}

func (s session) Trusted(_ context.Context, authorID int64) (bool, error) {
	s.asked = append(s.asked, users[authorID])
	return s.trusted[users[authorID]], nil
}

func (s session) Same(_ context.Context, t *thing) (bool, error) { return !t.other, nil }

func (s session) Original(context.Context, *thing) (bool, error) { return true, nil }

func (s session) Several(*thing, *thing) {}

func (s session) Retire(_ context.Context, duplicate, _ *thing) error {
	s.wait()
	s.retires++
	if err := s.refused[duplicate.id]; err != nil {
		return err
	}
	duplicate.retired = true
	return nil
}

func (s session) Pause(ctx context.Context, d time.Duration, _ int) error {
	if ctx.Err() == nil {
		s.now = s.now.Add(d)
	}
	return ctx.Err()
}

func (s session) Busy(ctx context.Context, _ int) error { return ctx.Err() }

func (s session) Kept(err error) { s.kept = append(s.kept, err) }

func (s session) Watch(w Watch) {
	if s.watches == nil {
		s.watches = &s.place.watches
	}
	*s.watches = append(*s.watches, w)
}

func (s session) Now() time.Time { return s.now }

func (s session) Age(at time.Time) time.Duration { return s.now.Sub(at) }

// finish does what a run has to do at its end.
func (p *place) finish(t *testing.T) {
	t.Helper()
	watches := p.watches
	p.watches = nil
	for _, w := range watches {
		if err := w.Run(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// inSight counts the things that are not retired.
func (p *place) inSight() (n int) {
	for _, t := range p.things {
		if !t.retired {
			n++
		}
	}
	return n
}

// scripts are all strings of the letters up to the length.
func scripts(letters string, length int) []string {
	all := []string{""}
	for from := 0; length > 0; length-- {
		to := len(all)
		for _, s := range all[from:to] {
			for _, l := range letters {
				all = append(all, s+string(l))
			}
		}
		from = to
	}
	return all
}

// In every course of a run, whatever is lost, refused or late, at most one thing is in sight. Without an error exactly one is,
// and it is the one returned. After a second run there is exactly one.
func TestEveryCourseOfARun(t *testing.T) {
	t.Parallel()
	cases := 0
	for _, creates := range scripts("olnrdwb", 3) {
		for _, finds := range scripts("of", 3) {
			for _, unique := range []bool{true, false} {
				cases++
				name := fmt.Sprintf("creates %q, finds %q, unique %v", creates, finds, unique)
				p := &place{creates: creates, finds: finds}
				k := key(t, "incident", "k")
				got, outcome, err := FindOrCreate(t.Context(), k, unique, session{place: p, user: "me"})
				checkRun(t, name, p, got, outcome, err)

				p.creates, p.finds, p.watches = "", "", nil
				second, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"})
				p.finish(t)
				if err != nil || p.inSight() != 1 || second.id != 1 || outcome == Recovered {
					t.Errorf("%s, second run: %+v, outcome %v, %v; %d in sight", name, second, outcome, err, p.inSight())
				}
			}
		}
	}
	t.Logf("%d courses", cases)
}

func checkRun(t *testing.T, name string, p *place, got *thing, outcome Outcome, err error) {
	t.Helper()
	var failed *Error
	switch {
	case err == nil || errors.Is(err, fault.Dropped) && !errors.As(err, &failed):
		if got == nil || got.retired || p.inSight() != 1+p.unseen {
			t.Errorf("%s: returned %+v, %d in sight", name, got, p.inSight())
		}
		if outcome == Existed && p.sent == 0 {
			t.Errorf("%s: found an object that nobody created", name)
		}
	case errors.Is(err, errRefused):
		// An object created before the refusal may remain; a later run with the key finds it.
	case errors.As(err, &failed):
		if !strings.Contains(fault.HintOf(err), "--key "+failed.Key.Name()) || strings.Contains(err.Error(), failed.Key.String()) || failed.Sent != (p.sent > 0) {
			t.Errorf("%s: the error or its hint is incomplete: %v", name, err)
		}
		if errors.Is(err, fault.Unknown) != (failed.Sent && !failed.Created) || failed.Created != (got != nil) {
			t.Errorf("%s: class and result disagree: %+v, %v", name, got, err)
		}
	default:
		t.Errorf("%s: %v", name, err)
	}
	if p.sent > maxTries {
		t.Errorf("%s: sent %d times", name, p.sent)
	}
}

func TestRequestsOfUsualRuns(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	p := &place{finds: "ffff"}
	if _, outcome, err := FindOrCreate(t.Context(), k, true, session{place: p, user: "me"}); err != nil || outcome != Created || p.finds != "ffff" {
		t.Errorf("a unique key must not be looked up before the create: %v, %v", outcome, err)
	}
	if _, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err == nil || p.sent != 1 || outcome != Existed && outcome != Created {
		t.Errorf("a create was sent after a failed lookup: %v", err)
	}
	p = &place{}
	for i, want := range []Outcome{Created, Existed, Existed} {
		if _, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil || outcome != want || p.sent != 1 {
			t.Errorf("run %d: %v, %v after %d creates", i+1, outcome, err, p.sent)
		}
	}
	p = &place{creates: "l"}
	if _, outcome, err := FindOrCreate(t.Context(), k, true, session{place: p, user: "me"}); err != nil || outcome != Recovered || p.sent != 1 {
		t.Errorf("lost: %v, %v after %d creates", outcome, err, p.sent)
	}
}

// A create whose answer was lost may be carried out after the first lookup.
func TestLateCreateIsFoundInTheEnd(t *testing.T) {
	t.Parallel()
	for _, unique := range []bool{true, false} {
		p := &place{creates: "w"}
		got, outcome, err := FindOrCreate(t.Context(), key(t, "incident", "k"), unique, session{place: p, user: "me"})
		if err != nil || outcome != Recovered || got.id != 1 || p.sent != 1 || p.inSight() != 1 {
			t.Errorf("unique %v: %+v, %v, %v; %d sent, %d in sight", unique, got, outcome, err, p.sent, p.inSight())
		}
	}
}

// While GitLab is busy with somebody else's request, nothing exists: the create is sent again, but not for ever, and not if a simultaneous
// run was faster.
func TestBusyGitLab(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	for _, unique := range []bool{true, false} {
		p := &place{creates: "bbb"}
		if got, outcome, err := FindOrCreate(t.Context(), k, unique, session{place: p, user: "me"}); err != nil || outcome != Created || got.id != 1 || p.inSight() != 1 {
			t.Errorf("unique %v: %v, %v; %d in sight", unique, outcome, err, p.inSight())
		}
		p = &place{creates: strings.Repeat("b", maxBusy)}
		if _, _, err := FindOrCreate(t.Context(), k, unique, session{place: p, user: "me"}); !errors.Is(err, fault.Busy) || errors.Is(err, fault.Unknown) || len(p.things) != 0 {
			t.Errorf("unique %v: %v after %d creates", unique, err, len(p.things))
		}
	}
	p := &place{creates: "b", trusted: map[string]bool{"colleague": true}}
	other := session{place: p, user: "colleague"}
	faster := session{place: p, user: "me", turn: func() {
		if p.creates == "" && len(p.things) == 0 {
			p.add(&thing{text: Stamp("text", k), author: other.user})
		}
	}}
	if got, outcome, err := FindOrCreate(t.Context(), k, false, faster); err != nil || outcome != Existed || got.author != "colleague" || p.inSight() != 1 {
		t.Errorf("somebody was faster: %+v, %v, %v", got, outcome, err)
	}
}

func TestInterruptedWhileUncertain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := &place{creates: "l"}
	_, _, err := FindOrCreate(ctx, key(t, "note", "k"), true, session{place: p, user: "me"})
	if failed, ok := errors.AsType[*Error](err); !ok || !failed.Sent || !errors.Is(err, fault.Unknown) || p.sent != 1 {
		t.Errorf("got %v", err)
	}
}

// A marker that somebody without a role pasted does not count; one of a Developer does.
// The hint stays on one line, because a caller may put a command line for the retry in its place.
func TestHintAfterRefusedToken(t *testing.T) {
	t.Parallel()
	err := &Error{Key: Key{"incident", "disk"}, Sent: true, Err: fault.New(fault.Auth, "Log in: prodctl auth login", "401 Unauthorized")}
	want := "Log in: prodctl auth login, then run the same command again with --key " + err.Key.Name() + " (safe to repeat)"
	if got := fault.HintOf(err); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMarkersCountByAuthor(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	pasted := func(author string) *place {
		return &place{trusted: map[string]bool{"colleague": true}, things: []*thing{{id: 1, text: Stamp("x", k), author: author}}}
	}
	p := pasted("stranger")
	got, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"})
	if err != nil || outcome != Created || got.id != 2 || p.things[0].retired {
		t.Errorf("a stranger's marker: %+v, %v, %v", got, outcome, err)
	}
	p = pasted("colleague")
	got, outcome, err = FindOrCreate(t.Context(), k, false, session{place: p, user: "me"})
	if err != nil || outcome != Existed || got.id != 1 {
		t.Errorf("a colleague's marker: %+v, %v, %v", got, outcome, err)
	}
	p = pasted("me")
	if _, outcome, err = FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil || outcome != Existed || len(p.asked) != 0 {
		t.Errorf("own marker: %v, %v; roles asked for %v", outcome, err, p.asked)
	}
	p = &place{things: []*thing{
		{id: 1, text: "> x\n>\n> " + k.Marker() + "\n\nyes", author: "me"},
		{id: 2, text: Stamp("x", key(t, "change", "k")), author: "me"},
		{id: 3, text: k.Marker() + "\n\n" + key(t, "incident", "k2").Marker(), author: "me"},
	}}
	if got, _, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil || got.id != 4 {
		t.Errorf("a quotation, another kind and another key: %+v, %v", got, err)
	}
	for _, author := range []string{"me", "colleague"} {
		p = &place{trusted: map[string]bool{"colleague": true}, things: []*thing{{id: 1, text: Stamp("x", k), author: author, other: true}}}
		for n, want := range []Outcome{Created, Existed} {
			if got, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil || outcome != want || got.id != 2 || p.things[0].retired {
				t.Errorf("run %d, the key in something else of %s: %+v, %v, %v", n+1, author, got, outcome, err)
			}
		}
	}
	p = &place{things: []*thing{{id: 1, text: Stamp("x", k) + "\n\nadded below", author: "me"}}}
	if _, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil || outcome != Existed {
		t.Errorf("text after the marker: %v, %v", outcome, err)
	}
}

// Other people's objects, closed ones and a copy from another day are left alone.
func TestOnlyOwnOpenDuplicatesAreRetired(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	text := Stamp("x", k)
	p := &place{trusted: map[string]bool{"colleague": true}, things: []*thing{
		{id: 1, text: text, author: "me", created: at},
		{id: 2, text: text, author: "me", created: at.Add(26 * time.Hour)},
		{id: 3, text: text, author: "colleague", created: at},
		{id: 4, text: text, author: "me", created: at.Add(time.Minute)},
		{id: 5, text: text, author: "me", created: at, retired: true},
	}}
	got, _, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"})
	p.finish(t)
	if err != nil || got.id != 1 || p.things[1].retired || p.things[2].retired || !p.things[3].retired || p.retires != 1 {
		t.Errorf("%+v, %v; %+v %+v %+v", got, err, p.things[1], p.things[2], p.things[3])
	}
}

// Two runs with one key, in every order of their requests, end with one thing, and both return it. When the runs have
// different users, each retires its own duplicate.
func TestTwoRunsInEveryOrder(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	orders := 0
	for _, users := range [][2]string{{"bot", "bot"}, {"ines", "olav"}} {
		for _, creates := range []string{"", "l", "ol", "ll", "n", "on", "ln"} {
			for order := range 1 << 10 {
				orders++
				p := &place{creates: creates, trusted: map[string]bool{"ines": true, "olav": true}}
				var got [2]*thing
				var errs [2]error
				interleave(order, func(i int, turn func()) {
					var own []Watch
					got[i], _, errs[i] = FindOrCreate(t.Context(), k, false, session{place: p, user: users[i], turn: turn, watches: &own})
					for _, w := range own {
						errs[i] = errors.Join(errs[i], w.Run(t.Context()))
					}
				})
				if errs[0] != nil || errs[1] != nil || p.inSight() != 1 || got[0] != got[1] || got[0].retired {
					t.Fatalf("users %v, creates %q, order %010b: %+v %+v, %v %v, %d in sight", users, creates, order, got[0], got[1], errs[0], errs[1], p.inSight())
				}
			}
		}
	}
	t.Logf("%d orders", orders)
}

// interleave runs two functions one step at a time; the bits of order decide whose turn it is.
func interleave(order int, run func(i int, turn func())) {
	ready, finished := [2]chan struct{}{}, [2]bool{}
	grant := [2]chan struct{}{}
	for i := range 2 {
		ready[i], grant[i] = make(chan struct{}), make(chan struct{})
		go func() {
			run(i, func() { ready[i] <- struct{}{}; <-grant[i] })
			close(ready[i])
		}()
	}
	arrive := func(i int) { // waits until the run asks for its next turn, or ends
		_, asks := <-ready[i]
		finished[i] = !asks
	}
	arrive(0)
	arrive(1)
	for ; !finished[0] || !finished[1]; order >>= 1 {
		i := order & 1
		if finished[i] {
			i = 1 - i
		}
		grant[i] <- struct{}{}
		arrive(i)
	}
}

// A thing that this run created is retired even when the original is old: it is not a copy, and would else remain as a duplicate.
func TestNewDuplicateOfAnOldOriginalIsRetired(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k")
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, creates := range []string{"o", "d"} {
		p := &place{creates: creates, now: at.Add(26 * time.Hour), things: []*thing{{id: 1, text: Stamp("x", k), author: "me", created: at}}}
		got, outcome, err := Create(t.Context(), k, false, session{place: p, user: "me"})
		if err != nil || outcome != Existed || got.id != 1 || len(p.things) != 2 || !p.things[1].retired {
			t.Errorf("%s: %+v, %v, %v; %d things, %d retired", creates, got, outcome, err, len(p.things), p.retires)
		}
	}
}

// Only commands that take --key are retried with it.
func TestHintOfDerivedKey(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"drill": "Run the same command again (safe to repeat)", "merged": "Run the same command again (safe to repeat)",
		"handoff-take": "Run the same command again (safe to repeat)", "oncall-log": "Run the same command again (safe to repeat)",
		"handoff-mark": "Run the same command again with --key k (safe to repeat), or with --new to create it without a lookup",
		"incident":     "Run the same command again with --key k (safe to repeat), or with --new to create it without a lookup",
	} {
		if got := fault.HintOf(&Error{Key: Key{kind, "k"}, Err: fault.New(fault.Unreachable, "", "no answer")}); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
