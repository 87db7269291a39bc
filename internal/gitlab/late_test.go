package gitlab

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// lateCreate is a create of one kind of object.
type lateCreate struct {
	name   string
	path   string // of the create
	create func(context.Context, *Client, issue.IdempotencyKey) (int64, error)
	count  func(*lab) int // of objects in sight
}

func lateCreates() []lateCreate {
	ref := issue.Ref{Project: "acme/infra", IID: 1}
	notes := func(l *lab) (n int) {
		for _, note := range l.Snapshot().Project("acme/infra").Issues[0].Notes {
			if !note.System {
				n++
			}
		}
		return n
	}
	return []lateCreate{
		{"issue", "/projects/*/issues", func(ctx context.Context, c *Client, o issue.IdempotencyKey) (int64, error) {
			o.Label = "incident"
			i, _, err := c.CreateIssue(ctx, "acme/infra", incident, o)
			return i.ID, err
		}, func(l *lab) int { return active(l, "acme/infra") }},
		{"closed record", "/projects/*/issues", func(ctx context.Context, c *Client, o issue.IdempotencyKey) (int64, error) {
			o.Label = "incident"
			i, _, err := c.CreateIssue(ctx, "acme/infra", incident, o)
			if err == nil {
				_, err = c.UpdateIssue(ctx, i.Ref, issue.Change{State: new(issue.Closed)})
			}
			return i.ID, err
		}, func(l *lab) int { return active(l, "acme/infra") }},
		{"note", "/projects/*/issues/*/notes", func(ctx context.Context, c *Client, o issue.IdempotencyKey) (int64, error) {
			n, _, err := c.CreateNote(ctx, ref, issue.NoteDraft{Body: "Failed over."}, o)
			return n.ID, err
		}, notes},
		{"upserted note", "/projects/*/issues/*/notes", func(ctx context.Context, c *Client, o issue.IdempotencyKey) (int64, error) {
			n, _, err := c.UpsertNote(ctx, ref, issue.NoteDraft{Body: "Shift."}, o)
			return n.ID, err
		}, notes},
	}
}

// active counts the issues with the label of incidents.
func active(l *lab, project string) (n int) {
	for _, i := range l.Snapshot().Project(project).Issues {
		if slices.Contains(i.Labels, "incident") {
			n++
		}
	}
	return n
}

// A create whose connection was given up, at once or after a while, may be carried out up to 70 seconds after it was sent. When the run has
// watched, one object is in sight; of one that came later than GitLab can carry it out the next run makes one. The address is known at most
// ten seconds after the answer was lost.
func TestLateDelivery(t *testing.T) {
	t.Parallel()
	for _, kind := range lateCreates() {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			for _, unique := range []bool{true, false} {
				for _, given := range []time.Duration{0, 2500 * time.Millisecond, 30 * time.Second} {
					for late := time.Second; late <= 70*time.Second; late += 1500 * time.Millisecond {
						testLateDelivery(t, kind, unique, given, late)
					}
				}
			}
		})
	}
}

func testLateDelivery(t *testing.T, kind lateCreate, unique bool, given, late time.Duration) {
	t.Helper()
	name := fmt.Sprintf("unique %v, given up after %v, carried out after %v", unique, given, late)
	var l *lab
	l = newLab(t, func(o *fakegitlab.Options) {
		o.Sleep = func(ctx context.Context, d time.Duration) { _ = l.clock.Sleep(ctx, d) }
	})
	if strings.Contains(kind.path, "notes") {
		l.create("/projects/acme%2Finfra/issues", "title=x")
	}
	l.fault(t, "POST "+kind.path+" nth=1 late="+late.String())
	if given > 0 {
		l.fault(t, "POST "+kind.path+" nth=1 delay="+given.String())
	}
	c, key, start := l.as(t, "developer", nil), issue.IdempotencyKey{Kind: "incident", Name: "k", Unique: unique}, l.clock.Now()
	posts := l.sent("POST")
	id, err := kind.create(t.Context(), c, key)
	if waited := l.clock.Now().Sub(start) - given; err != nil || id == 0 || waited > 10*time.Second {
		t.Fatalf("%s: %d, %v after %v", name, id, err, waited)
	}
	again := l.sent("POST") > posts+1
	if left := c.Watching(); (left > 0) != (again && l.clock.Now().Sub(start) < 65*time.Second) {
		t.Errorf("%s: %v left to watch", name, left)
	}
	if err := c.Watch(t.Context()); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if _, kept := c.Duplicates(); kept != nil {
		t.Errorf("%s: %v", name, kept)
	}
	if late <= 65*time.Second && kind.count(l) != 1 {
		t.Errorf("%s: %d in sight", name, kind.count(l))
	}
	_ = l.clock.Sleep(t.Context(), 2*time.Minute)
	key.Unique = false
	c = l.as(t, "developer", nil)
	second, err := kind.create(t.Context(), c, key)
	if err == nil {
		err = c.Watch(t.Context())
	}
	if err != nil || second != id || kind.count(l) != 1 {
		t.Errorf("%s, second run: %d instead of %d, %v; %d in sight", name, second, id, err, kind.count(l))
	}
	checkRetired(t, name, l, "acme/infra")
}

// checkRetired checks that each closed duplicate has exactly one comment, and that it names the one that stays.
func checkRetired(t *testing.T, name string, l *lab, project string) {
	t.Helper()
	for _, i := range l.Snapshot().Project(project).Issues {
		if i.State != "closed" || len(i.Labels) > 0 {
			continue
		}
		var comments []string
		for _, n := range i.Notes {
			if strings.Contains(n.Body, "Duplicate of "+project+"#") {
				comments = append(comments, n.Body)
			}
		}
		if len(comments) != 1 {
			t.Errorf("%s: issue %d has %d comments about the duplicate: %q", name, i.IID, len(comments), comments)
		}
	}
}

// Without a lost answer no request and no time is added, and nothing is watched.
func TestNothingIsWatchedInTheNormalCase(t *testing.T) {
	t.Parallel()
	for _, kind := range lateCreates() {
		l := newLab(t, nil)
		l.create("/projects/acme%2Finfra/issues", "title=x")
		c, start := l.as(t, "developer", nil), l.clock.Now()
		if _, err := kind.create(t.Context(), c, issue.IdempotencyKey{Kind: "incident", Name: "k", Unique: true}); err != nil {
			t.Fatal(err)
		}
		if c.Watching() != 0 || !l.clock.Now().Equal(start) {
			t.Errorf("%s: %v left to watch after %v", kind.name, c.Watching(), l.clock.Now().Sub(start))
		}
	}
}

// Several comments whose answers were lost are all watched to the end, one after the other.
func TestSeveralLateDeliveries(t *testing.T) {
	t.Parallel()
	for _, late := range []time.Duration{20 * time.Second, 64 * time.Second} {
		l := newLab(t, nil)
		l.create("/projects/acme%2Finfra/issues", "title=x")
		c := l.as(t, "developer", nil)
		for n := range 3 {
			l.fault(t, fmt.Sprintf("POST /projects/*/issues/*/notes nth=1 late=%v", late))
			draft := issue.NoteDraft{Body: fmt.Sprint("note ", n)}
			if _, _, err := c.CreateNote(t.Context(), issue.Ref{Project: "acme/infra", IID: 1}, draft, issue.IdempotencyKey{Kind: "note", Name: fmt.Sprint(n)}); err != nil {
				t.Fatal(err)
			}
			l.ClearFaults()
		}
		err := c.Watch(t.Context())
		if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; err != nil || len(notes) != 3 || c.Watching() != 0 {
			t.Errorf("%v: %d notes, %v, %v left to watch", late, len(notes), err, c.Watching())
		}
	}
}

// A create that was carried out twice, a moment apart, leaves one object in sight after the next run.
func TestDuplicateDelivery(t *testing.T) {
	t.Parallel()
	for _, kind := range lateCreates() {
		for _, again := range []time.Duration{time.Nanosecond, time.Second, 40 * time.Second} {
			l := newLab(t, nil)
			if strings.Contains(kind.path, "notes") {
				l.create("/projects/acme%2Finfra/issues", "title=x")
			}
			l.fault(t, "POST "+kind.path+" nth=1 again="+again.String())
			key := issue.IdempotencyKey{Kind: "incident", Name: "k"}
			id, err := kind.create(t.Context(), l.as(t, "developer", nil), key)
			if err != nil {
				t.Fatal(err)
			}
			_ = l.clock.Sleep(t.Context(), time.Minute)
			c := l.as(t, "developer", nil)
			second, err := kind.create(t.Context(), c, key)
			if err == nil {
				err = c.Watch(t.Context())
			}
			if err != nil || second != id || kind.count(l) != 1 {
				t.Errorf("%s, again after %v: %d and %d, %v; %d in sight", kind.name, again, id, second, err, kind.count(l))
			}
			checkRetired(t, kind.name, l, "acme/infra")
		}
	}
}

// Of many people who open one incident at the same moment, with one token or each with their own, all get the same one, and each duplicate
// has one comment. Their requests arrive in the order that the latencies give.
func TestCrowdOpensOneIncident(t *testing.T) {
	t.Parallel()
	const crowd = 10
	for _, shared := range []bool{true, false} {
		for seed := range 12 {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, func(o *fakegitlab.Options) { o.Now, o.RateLimit = time.Now, 0 })
				l.members(t, crowd)
				late := !shared && seed%2 == 1
				for n := range crowd {
					if late { // every first create
						l.fault(t, fmt.Sprintf("POST /projects/*/issues nth=%d late=%ds", n+1, 5+seed*5))
					}
				}
				ids, errs := make([]int64, crowd), make([]error, crowd)
				var runs sync.WaitGroup
				for n := range crowd {
					runs.Go(func() {
						user := "member0"
						if !shared {
							user = fmt.Sprint("member", n)
						}
						c := l.as(t, user, func(o *Options) { l.latency(o, seed, n) })
						i, _, err := c.CreateIssue(t.Context(), "crowd/infra", incident, issue.IdempotencyKey{Kind: "incident", Name: "k", Label: "incident"})
						if err == nil {
							err = c.Watch(t.Context())
						}
						ids[n], errs[n] = i.ID, err
					})
				}
				runs.Wait()
				for n := range crowd {
					if errs[n] != nil || ids[n] != ids[0] || ids[n] == 0 {
						t.Errorf("shared %v, seed %d: run %d got %d, not %d; %v", shared, seed, n, ids[n], ids[0], errs[n])
					}
				}
				if n := active(l, "crowd/infra"); n != 1 {
					t.Errorf("shared %v, seed %d: %d active incidents", shared, seed, n)
				}
				checkRetired(t, fmt.Sprintf("shared %v, seed %d", shared, seed), l, "crowd/infra")
				comments := 0
				for _, e := range l.Requests() {
					if e.Method == "POST" && strings.HasSuffix(e.Path, "/notes") {
						comments++
					}
				}
				if all := len(l.Snapshot().Project("crowd/infra").Issues); comments != all-1 || late && all < crowd {
					t.Errorf("shared %v, seed %d: %d comments were sent for %d duplicates", shared, seed, comments, all-1)
				}
			})
		}
	}
}

// members adds a project with developers.
func (l *lab) members(t *testing.T, n int) {
	t.Helper()
	seed := fakegitlab.Seed{Groups: []fakegitlab.SeedGroup{{Path: "crowd"}}}
	for i := range n {
		name := fmt.Sprint("member", i)
		seed.Users = append(seed.Users, fakegitlab.SeedUser{Username: name, Token: "sandbox-" + name})
		seed.Groups[0].Members = append(seed.Groups[0].Members, fakegitlab.SeedMember{User: name, Role: "developer"})
	}
	seed.Projects = []fakegitlab.SeedProject{{Path: "crowd/infra"}}
	if err := l.Apply(seed); err != nil {
		t.Fatal(err)
	}
}

// latency gives a client the bubble's clock, and requests a latency of up to 200 milliseconds.
func (l *lab) latency(o *Options, seed, n int) {
	state := uint32(seed*1000 + n + 1)
	o.Now = time.Now
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	wire := o.Transport
	o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		state = state*1664525 + 1013904223
		time.Sleep(time.Duration(state>>24) * time.Millisecond)
		return wire.RoundTrip(r)
	})
}
