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

// world is an issue and its comments as GitLab keeps them, and those who write to it at once: each writes one entry and settles the issue, one
// request after the other, as a client does. Comments have the numbers of their places, but are seen in any order.
type world struct {
	issue   issue.Issue
	notes   []bool // whether each is there to be seen
	writers []writer
}

type writer struct {
	step   step
	seen   []bool
	change issue.Change
}

// step is what a writer does next.
type step string

const (
	commits step = "commits" // its comment, for others to see
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
		key += fmt.Sprint("|", o.step, o.seen, o.change.AddLabels, o.change.RemoveLabels)
		if o.change.Description != nil {
			key += *o.change.Description
		}
	}
	return key
}

func (w world) issueKey() string {
	return w.issue.Description + fmt.Sprint(w.issue.Labels, w.issue.State)
}

// client settles issues by the reconciler, and remembers what it was told.
type client struct {
	notes  []issue.Note
	answer map[string]issue.Change
}

func (c client) settle(w world, seen []bool) issue.Change {
	key := w.issueKey() + fmt.Sprint(seen)
	if known, ok := c.answer[key]; ok {
		return known
	}
	var notes []issue.Note
	for n, there := range seen {
		if there {
			notes = append(notes, c.notes[n])
		}
	}
	c.answer[key], _ = change.Reconciler{Labels: labels}.Reconcile(w.issue, notes)
	return c.answer[key]
}

// next lets one writer do its next step.
func (c client) next(w world, n int) world {
	w.notes, w.writers = slices.Clone(w.notes), slices.Clone(w.writers)
	o := &w.writers[n]
	switch o.step {
	case commits:
		w.notes[n], o.step = true, reads
	case reads:
		o.seen, o.step = slices.Clone(w.notes), looks
	case looks:
		if o.change, o.step = c.settle(w, o.seen), writes; o.change.Empty() {
			o.step = done
		}
		o.seen = nil
	case writes:
		w.issue, o.change, o.step = apply(w.issue, o.change), issue.Change{}, reads
	}
	return w
}

// ends are the issues that all orders of requests lead to.
func (c client) ends() map[string]issue.Issue {
	ends, met := map[string]issue.Issue{}, map[string]bool{}
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
			if then := c.next(w, n); !met[then.key()] {
				met[then.key()] = true
				todo = append(todo, then)
			}
		}
		if !active {
			ends[w.issueKey()] = w.issue
		}
	}
	return ends
}

// agrees demands that an issue says what all entries say in the order of their comments.
func agrees(t tester, got issue.Issue, notes ...issue.Note) {
	t.Helper()
	want := settle(t, opened(), notes...)
	settle(t, got, notes...)
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

// Two and three people who tell different things at once, in every order of their requests: in the end the issue says what the comments say.
func TestEveryOrderOfRequests(t *testing.T) {
	t.Parallel()
	for name, notes := range map[string][]issue.Note{
		"two approvals":             {eventKeys(1, "mara", change.Approve, "09:00"), eventKeys(2, "piet", change.Approve, "09:01", change.FieldEnough, "true")},
		"approved and aborted":      {eventKeys(1, "mara", change.Approve, "09:00", change.FieldEnough, "true"), eventKeys(2, "ada", change.Abort, "09:01")},
		"started and aborted":       {eventKeys(1, "ines", change.Start, "12:00"), eventKeys(2, "ada", change.Abort, "12:01", change.FieldOutcome, "failure")},
		"two starts":                {eventKeys(1, "ines", change.Start, "12:00", change.FieldExecutor, "ines"), eventKeys(2, "piet", change.Start, "12:01", change.FieldExecutor, "piet")},
		"two attempts":              {eventKeys(1, "robo", change.Recorded, "12:30", change.FieldOutcome, "failure"), eventKeys(2, "robo", change.Recorded, "12:31", change.FieldOutcome, "success")},
		"started and finished":      {eventKeys(1, "ines", change.Start, "12:00"), eventKeys(2, "ines", change.Finish, "12:01", change.FieldOutcome, "failure")},
		"an override and its start": {eventKeys(1, "mara", change.Override, "11:00", change.FieldOverride, "hot fix"), eventKeys(2, "ines", change.Start, "12:00")},
		"a life at once":            {eventKeys(1, "ines", change.Start, "12:00"), eventKeys(2, "ines", change.Finish, "12:30"), eventKeys(3, "ada", change.Abort, "12:31")},
		"approved, related, ended":  {eventKeys(1, "mara", change.Approve, "09:00", change.FieldEnough, "true"), eventKeys(2, "ada", change.Relate, "09:01", change.FieldRelated, "x/y#1"), eventKeys(3, "ada", change.Abort, "09:02")},
		"three attempts":            {eventKeys(1, "robo", change.Recorded, "12:30", change.FieldOutcome, "failure"), eventKeys(2, "robo", change.Recorded, "12:31", change.FieldOutcome, "success"), eventKeys(3, "robo", change.Recorded, "12:32", change.FieldOutcome, "failure")},
	} {
		ends := client{notes, map[string]issue.Change{}}.ends()
		if len(ends) == 0 {
			t.Errorf("%s: nobody came to an end", name)
		}
		for _, end := range ends {
			agrees(t, end, notes...)
		}
	}
}

// Many writers of anything, in orders drawn at random.
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
