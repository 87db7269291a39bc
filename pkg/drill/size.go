package drill

import (
	"fmt"
	"math/big"
	"strings"
)

// Size is a number of bytes; 0 is unknown.
type Size int64

// units are the units of sizes with their bytes, the binary ones first.
var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1},
}

// ParseSize parses a size such as 412GiB, 1.5 TB or 900 MB. A number alone is bytes. It is rounded down to whole bytes.
func ParseSize(s string) (Size, error) {
	text := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	if text == "" {
		return 0, nil
	}
	unit := int64(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, strings.ToUpper(u.name)); ok {
			text, unit = rest, u.bytes
			break
		}
	}
	invalid := fmt.Errorf("invalid size %q (use 412GiB, 1.5TB or bytes)", s)
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	if whole == "" || digits == "" || len(digits) > 18 || strings.Trim(digits, "0123456789") != "" || strings.HasSuffix(text, ".") {
		return 0, invalid
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, invalid
	}
	value.Mul(value, new(big.Rat).SetInt64(unit))
	bytes := new(big.Int).Quo(value.Num(), value.Denom())
	if !bytes.IsInt64() || bytes.Sign() <= 0 {
		return 0, invalid
	}
	return Size(bytes.Int64()), nil
}

// String returns the size in the largest unit that shows it exactly with at most one decimal; empty for an unknown one.
func (s Size) String() string {
	if s <= 0 {
		return ""
	}
	best := fmt.Sprintf("%d B", int64(s))
	for _, u := range units {
		tenths := new(big.Rat).SetFrac64(int64(s), u.bytes)
		tenths.Mul(tenths, new(big.Rat).SetInt64(10))
		if tenths.IsInt() && int64(s) >= u.bytes {
			text := strings.TrimSuffix(new(big.Rat).Quo(tenths, big.NewRat(10, 1)).FloatString(1), ".0") + " " + u.name
			if len(text) < len(best) {
				best = text
			}
		}
	}
	return best
}

// Short returns the size for a table, with at most three digits and a binary unit: 412 GiB, 1.5 TiB.
func (s Size) Short() string {
	if s <= 0 {
		return ""
	}
	for _, u := range units[:4] {
		if int64(s) < u.bytes {
			continue
		}
		value := new(big.Rat).SetFrac64(int64(s), u.bytes)
		digits := 1
		if value.Cmp(big.NewRat(10, 1)) >= 0 {
			digits = 0
		}
		return strings.TrimSuffix(value.FloatString(digits), ".0") + " " + u.name
	}
	return fmt.Sprintf("%d B", int64(s))
}

// Suspicious reports whether a restored size is less than half of what was expected.
func (s Size) Suspicious(expected Size) bool { return s > 0 && expected > 0 && s < expected/2 }
