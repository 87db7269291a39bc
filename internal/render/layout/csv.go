package layout

import (
	"encoding/csv"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// CSV returns the table for spreadsheets, by RFC 4180: with a header of field names and CR LF at line ends.
func (s Sheet) CSV() (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	record := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		record[i] = c.Field
	}
	err := w.Write(record)
	for _, row := range s.Rows {
		for i, c := range row {
			record[i] = inert(sanitize.Line(c.Data))
		}
		if err == nil {
			err = w.Write(record)
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	return b.String(), err
}

var (
	formula = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\s\p{Z}"]*[=+\-@＝＋－＠]`) })
	cells   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[;\t][\s\p{Z}"]*[=+\-@＝＋－＠]`) })
	numeral = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`) })
)

// inert puts an apostrophe before text that a spreadsheet would run as a formula, also within a cell: where a comma is the decimal sign,
// spreadsheets begin a new cell at each semicolon. Numbers stay as they are.
func inert(s string) string {
	s = cells().ReplaceAllStringFunc(s, func(m string) string { return m[:1] + "'" + m[1:] })
	if formula().MatchString(s) && !numeral().MatchString(s) {
		return "'" + s
	}
	return s
}
