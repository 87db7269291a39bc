package layout

import (
	"strings"
	"testing"
)

// No column disappears silently: the ones that do not fit are named below the table, also on a quiet page. A stacked table has all of them.
func TestColumnsLeftOutAreNamed(t *testing.T) {
	t.Parallel()
	s := Sheet{
		Columns: []Column{{Name: "Issue"}, {Name: "Weight", Drop: 2}, {Name: "Due", Drop: 1}, {Name: "Empty", Drop: 3}, {Name: "Title", Min: 15}, {Field: "web_url"}},
		Rows:    [][]Cell{{Text("acme/production#1"), Text("3"), Text("2018-08-24"), Text(""), Text("Registry returns 500s"), Text("https://gitlab.example.com")}},
	}
	for _, tt := range []struct {
		width   int
		compact bool
		want    string
	}{
		{0, false, ""}, {120, false, ""}, {80, false, ""}, {54, false, ""}, {40, false, ""},
		{53, false, "Columns left out: Weight (use a wider terminal or -o json)"},
		{40, true, "Columns left out: Weight, Due (use a wider terminal or -o json)"},
	} {
		for _, quiet := range []bool{false, true} {
			s.Compact = tt.compact
			p := NewPage(tt.width, false, quiet)
			p.Sheet(s)
			_, got, found := strings.Cut(p.String(), "\nColumns")
			if got = strings.Join(strings.Fields(got), " "); found {
				got = "Columns " + got
			}
			if got != tt.want {
				t.Errorf("%d columns, compact %t: %q, want %q in\n%s", tt.width, tt.compact, got, tt.want, p.String())
			}
			for _, value := range []string{"acme/production#1", "3", "2018-08-24", "Registry"} {
				if tt.want == "" && !strings.Contains(p.String(), value) {
					t.Errorf("%d columns: %s is missing in\n%s", tt.width, value, p.String())
				}
			}
		}
	}
}
