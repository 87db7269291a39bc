package stable

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Sort and Sorted agree with the standard library, which the list of equal keys shows to be stable.
func TestLikeTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type element struct{ key, at int }
		keys := rapid.SliceOf(rapid.IntRange(0, 9)).Draw(t, "keys")
		var list []element
		for at, key := range keys {
			list = append(list, element{key, at})
		}
		byKey := func(a, b element) int { return a.key - b.key }
		want, before := slices.Clone(list), slices.Clone(list)
		slices.SortStableFunc(want, byKey)
		if got := Sorted(list, byKey); !slices.Equal(got, want) {
			t.Fatalf("Sorted(%v) = %v, want %v", list, got, want)
		}
		if !slices.Equal(list, before) {
			t.Fatalf("Sorted changed its argument to %v", list)
		}
		if Sort(list, byKey); !slices.Equal(list, want) {
			t.Fatalf("Sort(%v) = %v, want %v", before, list, want)
		}
	})
}

func TestNothingStaysNothing(t *testing.T) {
	t.Parallel()
	if got := Sorted(nil, func(a, b string) int { return 0 }); got != nil {
		t.Errorf("Sorted(nil) = %#v", got)
	}
}
