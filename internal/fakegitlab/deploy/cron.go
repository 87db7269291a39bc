package deploy

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// column is one of the columns of a cron expression: its range, and the names of
// its numbers from the first on.
type column struct {
	low, high int
	names     string
}

// columns are those of a cron expression, from the minute to the day of the week.
var columns = [...]column{
	{0, 59, ""},
	{0, 24, ""},
	{1, 31, ""},
	{1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
	{0, 7, "sun mon tue wed thu fri sat"},
}

// shorthands are the words for a whole expression.
const shorthands = "@yearly @annually @monthly @weekly @daily @midnight @noon @hourly"

// validCron reports whether a text is a cron expression: five columns, or six with seconds first.
func validCron(text string) bool {
	if slices.Contains(strings.Fields(shorthands), text) {
		return true
	}
	parts := strings.Fields(text)
	if len(parts) == len(columns)+1 {
		if !(column{0, 59, ""}).holds(parts[0]) {
			return false
		}
		parts = parts[1:]
	}
	if len(parts) != len(columns) {
		return false
	}
	for n, part := range parts {
		if !columns[n].holds(part) {
			return false
		}
	}
	return true
}

// holds reports whether a list of numbers, ranges and steps fits the column.
func (col column) holds(text string) bool {
	for item := range strings.SplitSeq(text, ",") {
		span, step, stepped := strings.Cut(item, "/")
		if stepped {
			if n, err := strconv.Atoi(step); err != nil || n < 1 {
				return false
			}
		}
		if span != "*" && !col.spans(span) {
			return false
		}
	}
	return true
}

// spans reports whether the text is a number or two of them with a dash between.
func (col column) spans(text string) bool {
	from, to, two := strings.Cut(text, "-")
	return col.number(from) && (!two || col.number(to))
}

func (col column) number(text string) bool {
	if slices.Contains(strings.Fields(col.names), strings.ToLower(text)) || text == "L" && col.high == 31 {
		return true
	}
	n, err := strconv.Atoi(text)
	return err == nil && n >= col.low && n <= col.high
}

// validZone reports whether there is such a time zone.
func validZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}
