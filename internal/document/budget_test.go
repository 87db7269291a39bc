package document

import (
	"math/big"
	"testing"
)

func TestOneDigit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, of int64
		want  string
	}{{0, 1, "0"}, {1, 3, "33.3"}, {1, 1, "100"}, {9996, 10000, "99.9"}, {99999999, 100000000, "99.9"}, {3, 2, "150"}} {
		if got := oneDigit(new(big.Rat).Mul(big.NewRat(c.n, c.of), big.NewRat(100, 1))); got != c.want {
			t.Errorf("%d of %d: %s %%, want %s", c.n, c.of, got, c.want)
		}
	}
}
