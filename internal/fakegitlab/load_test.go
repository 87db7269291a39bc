package fakegitlab

import (
	"reflect"
	"runtime"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	s.Load(1000)
	p := s.store.FindProject("acme/infrastructure")
	if len(p.Issues) != 1000 || p.OpenIssues != 200 {
		t.Errorf("%d issues, %d open; want 1000 and 200", len(p.Issues), p.OpenIssues)
	}
	for _, i := range p.Issues {
		if problem := badHistory(i, at); problem != "" {
			t.Fatalf("#%d: %s", i.IID, problem)
		}
	}
	second := newTestServer(t, Options{})
	second.Load(1000)
	if !reflect.DeepEqual(s.Snapshot(), second.Snapshot()) {
		t.Error("two loads differ")
	}
}

// TestLoadedIssuesShareNoSlices changes one issue and checks its neighbours, which share memory with it.
func TestLoadedIssuesShareNoSlices(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{Edition: store.Ultimate})
	s.Load(10)
	before := s.Snapshot()
	base := "/projects/31/issues/4"
	s.MustDo("maria", "PUT", base, "add_labels=new&weight=4&assignee_ids[]=1&description=x&state_event=close&milestone_id=0")
	s.MustDo("maria", "POST", base+"/notes", "body=one more")
	s.MustDo("maria", "PUT", base, "remove_labels=Waiting,Planning,Ready&state_event=reopen")
	after := s.Snapshot()
	for n, i := range after.Project("acme/infrastructure").Issues {
		if same := reflect.DeepEqual(i, before.Project("acme/infrastructure").Issues[n]); same != (i.IID != 4) {
			t.Errorf("issue %d is as before: %v", i.IID, same)
		}
	}
}

func TestLoadOnTopOfASeed(t *testing.T) {
	t.Parallel()
	s := seeded(t, Options{}, seed.Handbook)
	had := len(s.store.FindProject("acme/infrastructure").Issues)
	s.Load(50)
	p := s.store.FindProject("acme/infrastructure")
	if len(p.Issues) != had+50 {
		t.Errorf("%d issues, want %d", len(p.Issues), had+50)
	}
	titles := map[string]bool{}
	for _, m := range p.Milestones {
		if titles[m.Title] {
			t.Errorf("milestone %s is there twice", m.Title)
		}
		titles[m.Title] = true
	}
}

// TestLoadMemory is not parallel: it reads the size of the heap.
func TestLoadMemory(t *testing.T) {
	const n, most = 20_000, 2048
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	s := New(Options{Now: func() time.Time { return at }})
	s.Load(n)
	if each := int(heap()-before) / n; each > most {
		t.Errorf("%d bytes an issue, want %d at most", each, most)
	} else {
		t.Logf("%d bytes an issue", each)
	}
	runtime.KeepAlive(s)
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		New(Options{Now: func() time.Time { return at }}).Load(100_000)
	}
}

func TestLoadQueue(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, Options{})
	s.LoadQueue(500)
	p := s.store.FindProject("acme/production")
	if len(p.Issues) != 500 || p.OpenIssues != 0 {
		t.Errorf("%d issues, %d open; want 500 and none", len(p.Issues), p.OpenIssues)
	}
	for _, i := range p.Issues {
		if i.UpdatedAt.After(at.Add(-60*24*time.Hour)) || i.UpdatedAt.Before(i.CreatedAt) {
			t.Fatalf("#%d was changed at %s", i.IID, i.UpdatedAt)
		}
	}
	second := newTestServer(t, Options{})
	second.LoadQueue(500)
	if !reflect.DeepEqual(s.Snapshot(), second.Snapshot()) {
		t.Error("two loads differ")
	}
}
