package milestone_test

import (
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

func TestPercent(t *testing.T) {
	t.Parallel()
	for in, want := range map[[2]int]int{{0, 0}: 0, {0, 3}: 0, {3, 3}: 100, {1, 3}: 33, {2, 3}: 67, {1, 8}: 12, {7, 8}: 88, {3, 8}: 38, {5, 8}: 62, {34, 41}: 83} {
		if got := milestone.Percent(in[0], in[1]); got != want {
			t.Errorf("%d of %d is %d %%, want %d", in[0], in[1], got, want)
		}
	}
}

// The shares of two parts of one whole add up to 100.
func TestPercentAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part, rest := rapid.IntRange(0, 1000).Draw(t, "part"), rapid.IntRange(0, 1000).Draw(t, "rest")
		if a, b := milestone.Percent(part, part+rest), milestone.Percent(rest, part+rest); part+rest > 0 && a+b != 100 {
			t.Fatalf("%d and %d of %d: %d %% and %d %%", part, rest, part+rest, a, b)
		}
	})
}
