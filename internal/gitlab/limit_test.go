package gitlab

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// With both of GitLab's limits, which count per minute, every request is carried out in the end, and none twice.
func TestRateLimitsOfAnInstance(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*fakegitlab.Options){
		"throttle":    func(o *fakegitlab.Options) { o.RateLimit = 20 },
		"application": func(o *fakegitlab.Options) { o.NoteLimit = 20 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, edit)
			l.create("/projects/acme%2Finfra/issues", "title=x")
			started := l.clock.Now()
			c := l.as(t, "developer", nil)
			var all sync.WaitGroup
			for i := range 70 {
				all.Go(func() {
					if _, err := c.postNote(t.Context(), issue.Ref{Project: "acme/infra", IID: 1}, issue.NoteDraft{Body: strconv.Itoa(i)}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if notes := l.Snapshot().Project("acme/infra").Issues[0].Notes; len(notes) != 70 {
				t.Errorf("%d notes, want 70", len(notes))
			}
			if took := l.clock.Now().Sub(started); took < 2*time.Minute {
				t.Errorf("took %v: not rate limited", took)
			}
		})
	}
}
