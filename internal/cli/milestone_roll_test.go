package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A roll without open issues takes two reads, one before each of the two writes of text, one to verify, and four writes. Each issue that is
// carried over takes one write, each eight of them one read, and each 100 one more.
func TestRollRequestCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		setup         setup
		now           string
		reads, writes int
	}{
		{"nothing in it", setup{}, "2018-08-24", 2 + 2 + 1, 4},
		{"nothing carried", setup{done: 40}, "2018-08-24", 2 + 2 + 1, 4},
		{"nothing carried, group", setup{done: 3, group: true}, "2018-08-24", 3 + 2 + 1, 4},
		{"three carried", setup{carried: 3, done: 3}, "2018-08-24", 2 + 2 + 1 + 1, 4 + 3},
		{"120 carried", setup{carried: 120}, "2018-08-24", 2 + 1 + 2 + 1 + 120/8, 4 + 120},
		{"not due", setup{carried: 3}, "2018-08-23", 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, c.setup)
			l.must(t, "milestone", "roll", "--yes", "--now", c.now)
			if reads, writes := l.count(); reads != c.reads || writes != c.writes {
				t.Errorf("%d reads and %d writes, want %d and %d:\n%s", reads, writes, c.reads, c.writes, strings.Join(l.requests(), "\n"))
			}
			after := l.picture()
			l.server.ResetRequests()
			l.must(t, "milestone", "roll", "--yes", "--now", c.now)
			if _, writes := l.count(); writes != 0 {
				t.Errorf("a roll of a roll writes:\n%s", strings.Join(l.requests(), "\n"))
			}
			if diff := cmp.Diff(after, l.picture()); diff != "" {
				t.Errorf("a roll of a roll changes (-want +got):\n%s", diff)
			}
		})
	}
}
