package milestone_test

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Ids are added to the hidden line, whatever people wrote around it, and nothing else changes.
func TestWritePlanned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		description string
		ids         []int64
		want        string
	}{
		{"", []int64{7, 3}, "<!-- prodctl:planned 3 7 -->"},
		{"Our goal.\n", []int64{3}, "Our goal.\n\n<!-- prodctl:planned 3 -->"},
		{"a\r\n<!-- prodctl:planned 3 -->\r\nb", []int64{1}, "a\r\n<!-- prodctl:planned 1 3 -->\nb"},
		{"<!-- prodctl:planned 3 9 -->\nb", []int64{9}, "<!-- prodctl:planned 3 9 -->\nb"},
		{"<!-- prodctl:planned 3 -->\n<!-- prodctl:planned 4 -->", []int64{5}, "<!-- prodctl:planned 3 4 5 -->\n<!-- prodctl:planned 4 -->"},
		{"see <!-- prodctl:planned 3 -->", []int64{4}, "see <!-- prodctl:planned 3 -->\n\n<!-- prodctl:planned 4 -->"},
		{"x", nil, "x"},
	} {
		got := milestone.WritePlanned(c.description, c.ids)
		if got != c.want {
			t.Errorf("%q with %v: %q, want %q", c.description, c.ids, got, c.want)
		}
		if again := milestone.WritePlanned(got, c.ids); again != got {
			t.Errorf("%q changes again: %q", got, again)
		}
		for _, id := range c.ids {
			if !slices.Contains(milestone.ReadPlanned(got), id) {
				t.Errorf("%q has no %d", got, id)
			}
		}
	}
	if ids := milestone.ReadPlanned("<!-- prodctl:planned 99999999999999999999 x -->"); ids != nil {
		t.Errorf("an invalid line: %v", ids)
	}
}
