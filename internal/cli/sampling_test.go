package cli_test

import (
	"fmt"
	"hash/fnv"
	"os"
	"testing"
)

// whole reports whether the fault matrices run whole, as in `.ci/run matrix`. go test runs a sample of them.
var whole = os.Getenv("PRODCTL_MATRIX") == "whole"

// sampled reports whether a case of a matrix is in the sample: one in n, and one in 7n under the race detector, which looks for other
// errors. It depends on nothing but what identifies the case, so every run tries the same ones.
func sampled(n uint64, name string, parts ...int) bool {
	if whole {
		return true
	}
	if raceEnabled {
		n *= 7
	}
	h := fnv.New64a()
	fmt.Fprint(h, name, parts)
	return h.Sum64()>>16%n == 0
}

// slow leaves a test to the whole matrix.
func slow(t *testing.T) {
	t.Helper()
	if !whole {
		t.Skip("runs in .ci/run matrix")
	}
}

// The sample of a matrix is a fair one: near its share of all cases, and some of every request and of every trouble.
func TestSampleIsFair(t *testing.T) {
	if whole || raceEnabled {
		t.Skip("no sample, or a smaller one")
	}
	const n, rows, columns = 6, 300, 18
	total, row, column := 0, map[int]int{}, map[int]int{}
	for i := range rows {
		for k := range columns {
			if sampled(n, "roll", i, k) {
				total, row[i], column[k] = total+1, row[i]+1, column[k]+1
			}
		}
	}
	if share := float64(rows*columns) / n; float64(total) < 0.85*share || float64(total) > 1.15*share {
		t.Errorf("%d of %d cases, want about one in %d", total, rows*columns, n)
	}
	for k := range columns {
		if column[k] < rows/n/2 {
			t.Errorf("trouble %d is met %d times", k, column[k])
		}
	}
	if len(row) < rows*9/10 {
		t.Errorf("only %d of %d requests meet a trouble", len(row), rows)
	}
}
