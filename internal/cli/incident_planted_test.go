package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestPlantedOriginal lets somebody with the Developer role write the key and the title of a real incident into an own issue that is a bit
// older. It does not become the original: nothing is closed, and the same words still find the real one, whoever runs them. For a key that
// the caller chose nobody knows which issue had it first, so the run says which one it uses and whose it is.
func TestPlantedOriginal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key    []string
		before time.Duration // how much older the planted issue is
		used   string
	}{
		"a key of words":                       {nil, 5 * time.Minute, "/issues/2"},
		"a key of words, half an hour":         {nil, 30 * time.Minute, "/issues/2"},
		"a key of the caller, half an hour":    {[]string{"--key", "pager-1"}, 30 * time.Minute, "/issues/1"},
		"a key of the caller, with a long day": {[]string{"--key", "pager-1"}, 20 * time.Hour, "/issues/1"},
	} {
		for _, user := range []string{"mara", "rep", "dev"} {
			t.Run(name+" "+user, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{}).moving()
				l.web("dev", "POST", "/issues", `{"title": "Lunch"}`)
				l.clock.pass(c.before)
				args := append([]string{"incident", "open", "Registry returns 500s", "-s", "S2"}, c.key...)
				l.must(t, args...)
				real := l.incident(t, 2)
				l.clock.pass(5 * time.Minute)
				l.web("dev", "PUT", "/issues/1", `{"title": %q, "description": %q}`, real.Title, "Lunch.\n\n"+keyOf(real.Description))
				l.user = user
				for range 2 {
					r := l.run(args...)
					if !strings.Contains(r.out, c.used) || r.code == 3 != (c.key != nil) {
						t.Errorf("exit %d: %s%s", r.code, r.out, r.errors)
					}
					want := "acme/production#2 by @mara has the same key as acme/production#1 by @dev, which is older and is used"
					if strings.Contains(r.errors, want) != (c.key != nil) {
						t.Errorf("which one is used: %s", r.errors)
					}
				}
				if now := l.incident(t, 2); now.State != "opened" || fmt.Sprint(now.Labels) != fmt.Sprint(real.Labels) {
					t.Errorf("the real incident is %s with %v", now.State, now.Labels)
				}
			})
		}
	}
}
