package change_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// world is an issue with its comments in GitLab, and several concurrent writers. Like a client, each writes one event and reconciles the issue, one
// request after the other. Comments have ids in their order, but become visible in any order.
type world struct {
	issue   issue.Issue
	notes   []bool // whether each is visible
	writers []writer
}

type writer struct {
	step     step
	observed []bool
	change   issue.Change
}

// step is what a writer does next.
type step string

const (
	commits step = "commits" // its comment
	reads   step = "reads"   // the comments
	looks   step = "looks"   // at the issue
	writes  step = "writes"  // the change
	done    step = "done"
)

func newWorld(writers int) world {
	w := world{issue: opened(), notes: make([]bool, writers), writers: make([]writer, writers)}
	for n := range w.writers {
		w.writers[n].step = commits
	}
	return w
}

func (w world) key() string {
	key := w.issueKey() + fmt.Sprint(w.notes)
	for _, o := range w.writers {
		key += fmt.Sprint("|", o.step, o.observed, o.change.AddLabels, o.change.RemoveLabels)
		if o.change.Description != nil {
			key += *o.change.Description
		}
	}
	return key
}

func (w world) issueKey() string {
	return w.issue.Description + fmt.Sprint(w.issue.Labels, w.issue.State)
}

// client reconciles issues and caches the answers of the reconciler.
type client struct {
	notes  []issue.Note
	answer map[string]issue.Change
}

func (c client) reconcile(w world, observed []bool) issue.Change {
	key := w.issueKey() + fmt.Sprint(observed)
	if known, ok := c.answer[key]; ok {
		return known
	}
	var notes []issue.Note
	for n, there := range observed {
		if there {
			notes = append(notes, c.notes[n])
		}
	}
	c.answer[key], _ = change.Reconciler{Labels: labels}.Reconcile(w.issue, notes)
	return c.answer[key]
}

// next runs the next step of one writer.
func (c client) next(w world, n int) world {
	w.notes, w.writers = slices.Clone(w.notes), slices.Clone(w.writers)
	o := &w.writers[n]
	switch o.step {
	case commits:
		w.notes[n], o.step = true, reads
	case reads:
		o.observed, o.step = slices.Clone(w.notes), looks
	case looks:
		if o.change, o.step = c.reconcile(w, o.observed), writes; o.change.Empty() {
			o.step = done
		}
		o.observed = nil
	case writes:
		w.issue, o.change, o.step = apply(w.issue, o.change), issue.Change{}, reads
	}
	return w
}

// ends returns the final issue of every order of requests.
func (c client) ends() map[string]issue.Issue {
	ends, visited := map[string]issue.Issue{}, map[string]bool{}
	todo := []world{newWorld(len(c.notes))}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		active := false
		for n := range w.writers {
			if w.writers[n].step == done {
				continue
			}
			active = true
			if then := c.next(w, n); !visited[then.key()] {
				visited[then.key()] = true
				todo = append(todo, then)
			}
		}
		if !active {
			ends[w.issueKey()] = w.issue
		}
	}
	return ends
}

// agrees checks that an issue has the state of all events in the order of their comments.
func agrees(t tester, got issue.Issue, notes ...issue.Note) {
	t.Helper()
	want := reconcile(t, opened(), notes...)
	reconcile(t, got, notes...)
	g, w := change.Read(got.Description, day), change.Read(want.Description, day)
	for _, r := range []*change.Record{&g, &w} {
		slices.Sort(r.ApprovedBy)
		slices.Sort(r.Overrides)
		slices.Sort(r.Related)
	}
	if !reflect.DeepEqual(g, w) || !slices.Equal(got.Labels, want.Labels) || got.State != want.State {
		t.Fatalf("labels %q, %s, want %q, %s\n%+v\nwant\n%+v", got.Labels, got.State, want.Labels, want.State, g, w)
	}
}

// Two or three people record different events at once, in every order of their requests: in the end the issue agrees with its comments.
func TestEveryOrderOfRequests(t *testing.T) {
	t.Parallel()
	for name, notes := range map[string][]issue.Note{
		"two approvals":             {eventNote(1, "mara", change.Approve, "09:00"), eventNote(2, "piet", change.Approve, "09:01", change.FieldEnough, "true")},
		"approved and aborted":      {eventNote(1, "mara", change.Approve, "09:00", change.FieldEnough, "true"), eventNote(2, "ada", change.Abort, "09:01")},
		"started and aborted":       {eventNote(1, "ines", change.Start, "12:00"), eventNote(2, "ada", change.Abort, "12:01", change.FieldOutcome, "failure")},
		"two starts":                {eventNote(1, "ines", change.Start, "12:00", change.FieldExecutor, "ines"), eventNote(2, "piet", change.Start, "12:01", change.FieldExecutor, "piet")},
		"two attempts":              {eventNote(1, "robo", change.Recorded, "12:30", change.FieldOutcome, "failure"), eventNote(2, "robo", change.Recorded, "12:31", change.FieldOutcome, "success")},
		"started and finished":      {eventNote(1, "ines", change.Start, "12:00"), eventNote(2, "ines", change.Finish, "12:01", change.FieldOutcome, "failure")},
		"an override and its start": {eventNote(1, "mara", change.Override, "11:00", change.FieldOverride, "hot fix"), eventNote(2, "ines", change.Start, "12:00")},
		"a life at once":            {eventNote(1, "ines", change.Start, "12:00"), eventNote(2, "ines", change.Finish, "12:30"), eventNote(3, "ada", change.Abort, "12:31")},
		"approved, related, ended":  {eventNote(1, "mara", change.Approve, "09:00", change.FieldEnough, "true"), eventNote(2, "ada", change.Relate, "09:01", change.FieldRelated, "x/y#1"), eventNote(3, "ada", change.Abort, "09:02")},
		"three attempts":            {eventNote(1, "robo", change.Recorded, "12:30", change.FieldOutcome, "failure"), eventNote(2, "robo", change.Recorded, "12:31", change.FieldOutcome, "success"), eventNote(3, "robo", change.Recorded, "12:32", change.FieldOutcome, "failure")},
	} {
		ends := client{notes, map[string]issue.Change{}}.ends()
		if len(ends) == 0 {
			t.Errorf("%s: no order of requests ends", name)
		}
		for _, end := range ends {
			agrees(t, end, notes...)
		}
	}
}

// Many writers of any events, in random orders.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var notes []issue.Note
		for id := int64(1); id <= int64(rapid.IntRange(2, 6).Draw(t, "writers")); id++ {
			notes = append(notes, aNote(t, id))
		}
		c, w := client{notes, map[string]issue.Change{}}, newWorld(len(notes))
		for {
			var active []int
			for n := range w.writers {
				if w.writers[n].step != done {
					active = append(active, n)
				}
			}
			if len(active) == 0 {
				break
			}
			w = c.next(w, rapid.SampledFrom(active).Draw(t, "next"))
		}
		agrees(t, w.issue, notes...)
	})
}
