package manifest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseSpan reads a length of time that may be said in days of 24 hours too: 30m, 36h, 7d, 1d12h. Months and years are not known.
func ParseSpan(s string) (time.Duration, error) {
	wrong := fmt.Errorf("%s is no length of time: write it as 45m, 36h or 7d", quote(s))
	days, rest, said := strings.Cut(s, "d")
	if !said {
		days, rest = "0", s
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, wrong
	}
	var d time.Duration
	if rest != "" || !said {
		if d, err = time.ParseDuration(rest); err != nil || said && strings.ContainsAny(rest[:1], "+-") {
			return 0, wrong
		}
	}
	whole := time.Duration(n) * 24 * time.Hour
	switch {
	case d < 0:
		return 0, fmt.Errorf("%s is negative", quote(s))
	case d > math.MaxInt64-whole:
		return 0, wrong
	}
	return whole + d, nil
}

// ParseDays reads a number of days, such as 7d, for what is reckoned in dates.
func ParseDays(s string) (int, error) {
	const most = 3660
	days, said := strings.CutSuffix(s, "d")
	n, err := strconv.ParseUint(days, 10, 16)
	switch {
	case !said || err != nil:
		return 0, fmt.Errorf("%s is no number of days: write it as 7d", quote(s))
	case n == 0 || n > most:
		return 0, fmt.Errorf("%s: it can be 1d to %dd", quote(s), most)
	}
	return int(n), nil
}

// FormatDays writes a number of days as [ParseDays] reads it.
func FormatDays(n int) string { return strconv.Itoa(n) + "d" }
