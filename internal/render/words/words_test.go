package words_test

import (
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render/words"
)

// Percentages have no decimals from 10 on, one below that, and only all of it is 100 %.
func TestPercent(t *testing.T) {
	t.Parallel()
	for exact, want := range map[string]string{
		"0.0": "0 %", "0.1": "0.1 %", "4.0": "4 %", "9.9": "9.9 %", "9.96": "10 %", "10.0": "10 %", "66.7": "67 %", "99.6": "99 %", "100.0": "100 %", "": " %",
	} {
		if got := words.Percent(exact); got != want {
			t.Errorf("%q: %q, want %q", exact, got, want)
		}
	}
}

func TestSingularAndPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 issues", 1: "1 issue", 2: "2 issues"} {
		if got := words.Count(n, "issue"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := words.Count(6, "timebox"); got != "6 timeboxes" {
		t.Errorf("%q", got)
	}
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := words.List(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for missing, want := range map[int]string{0: "", 1: "no data for 1 incident", 2: "no data for 2 incidents"} {
		if got := words.NoData(missing); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
