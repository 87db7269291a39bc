package layout

import (
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
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

// Whatever separator a spreadsheet takes, no cell of it is a formula.
func TestCSVIsInertForEverySeparator(t *testing.T) {
	t.Parallel()
	pieces := []string{"=1+1", "+1", "-1", "@x", "＝1", ";", "\t", ",", `"`, " ", "\u00a0", "a", "\n", "-", "5", "'"}
	draw := rand.New(rand.NewPCG(3, 5))
	for range 20000 {
		var row []Cell
		for range 3 {
			var text strings.Builder
			for range draw.IntN(6) {
				text.WriteString(pieces[draw.IntN(len(pieces))])
			}
			row = append(row, Text(text.String()))
		}
		out, err := Sheet{Columns: []Column{{Field: "a"}, {Field: "b"}, {Field: "c"}}, Rows: [][]Cell{row}}.CSV()
		if err != nil {
			t.Fatal(err)
		}
		_, out, _ = strings.Cut(out, "\r\n")
		for _, separator := range []rune{',', ';', '\t'} {
			r := csv.NewReader(strings.NewReader(out))
			r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
			records, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range slices.Concat(append(records, strings.Split(out, string(separator)))...) {
				start := strings.TrimLeft(cell, "\" \u00a0\t\r\n")
				if separator == ',' && !slices.Contains(slices.Concat(records...), cell) {
					continue // a comma within quotes separates nothing
				}
				if first, _ := utf8.DecodeRuneInString(start); start != "" && strings.ContainsRune("=+-@＝", first) && !isNumber(start) {
					t.Fatalf("%q: %q begins a formula in %q", separator, cell, out)
				}
			}
		}
	}
}

// isNumber reports whether a cell begins with a whole cell that is a number: a number may have a sign, and no formula can begin so.
func isNumber(s string) bool {
	s, _, _ = strings.Cut(s, ",")
	s = strings.TrimRight(s, "\" \u00a0\r\n")
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
