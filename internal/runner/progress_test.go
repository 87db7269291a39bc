package runner

import (
	"testing"
	"time"
)

func TestProgressText(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		done, all int
		taken     time.Duration
	}{
		"1 of 1 step done":                               {1, 1, time.Minute},
		"2 of 300 steps done":                            {2, 300, time.Minute},
		"30 of 300 steps done":                           {30, 300, time.Second},
		"30 of 300 steps done, about 9m left":            {30, 300, time.Minute},
		"150 of 4000 steps done, about 2h 8m left":       {150, 4000, 5 * time.Minute},
		"290 of 300 steps done, less than a minute left": {290, 300, 5 * time.Minute},
		"300 of 300 steps done":                          {301, 300, 5 * time.Minute},
	} {
		if got := progressText(c.done, c.all, c.taken); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
