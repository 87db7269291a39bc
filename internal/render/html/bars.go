package html

import (
	"fmt"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// maxBars is the number of rows in a chart. More cannot be compared by eye, and are in the table beside it.
const maxBars = 16

// amount is a named number, and what it is compared with.
type amount struct {
	name     string
	number   int
	value    string // the text; empty: the number
	compared *int64 // in tenths; nil: not compared
}

func (b amount) written() string {
	if b.value != "" {
		return b.value
	}
	return strconv.Itoa(b.number)
}

// chartBars draws numbers as bars below each other, and what each is compared with as a hatched bar below it.
func chartBars(id, title, desc string, list []amount) markup.Markup {
	return bars(id, title, desc, 1, list)
}

// chartShares draws percentages: a full bar is 100.
func chartShares(id, title, desc string, list []amount) markup.Markup {
	return bars(id, title, desc, 1000, list)
}

// bars draws numbers; the longest bar is the largest of them, but at least most, in tenths.
func bars(id, title, desc string, most int64, list []amount) markup.Markup {
	list = list[:min(len(list), maxBars)]
	for _, b := range list {
		most = max(most, int64(b.number)*10)
		if b.compared != nil {
			most = max(most, *b.compared)
		}
	}
	d := drawing{id: id, title: title, desc: desc, width: svgNarrow, height: max(len(list), 1) * svgRow}
	for i, b := range list {
		top := i * svgRow
		d.pair(top+14, b.name, b.written())
		thick := svgBar
		if b.compared != nil {
			thick = svgBar / 2
			d.hatch(0, top+20+thick, share(*b.compared, most, d.width), thick+2)
		}
		d.box("solid", 0, top+20, share(int64(b.number)*10, most, d.width), thick)
		d.rule("axis", 0, top+18, 0, top+20+svgBar+4)
	}
	return d.markup()
}

// point is a number in a series, with the name of its place.
type point struct {
	name   string
	number int
}

// chartColumns draws a series. It writes values if there is room for each, and leaves out names that would touch.
func chartColumns(id, title, desc string, units int, series []point) markup.Markup {
	most := 1
	for _, c := range series {
		most = max(most, c.number)
	}
	return columns(id, title, desc, units, most, series)
}

// unknownPoint is the number of a place in a series of percentages where nothing is known.
const unknownPoint = -1

// chartPercents draws a series of percentages: 100 is the full height, and a place where nothing is known has a dash.
func chartPercents(id, title, desc string, units int, series []point) markup.Markup {
	return columns(id, title, desc, units, 100, series)
}

func columns(id, title, desc string, units, most int, series []point) markup.Markup {
	const top, tall = 24, 100
	d := drawing{id: id, title: title, desc: desc, width: units, height: top + tall + 22}
	after := 0
	for i, c := range series {
		left, right := i*d.width/len(series), (i+1)*d.width/len(series)
		center, gap := (left+right)/2, (right-left)/5
		high, value := share(int64(max(c.number, 0)), int64(most), tall), strconv.Itoa(c.number)
		if c.number == unknownPoint {
			value = "–"
		}
		d.box("solid", left+gap, top+tall-high, max(right-left-2*gap, 1), high)
		if room(value) <= right-left {
			d.label("value", middle, center, top+tall-high-6, value, right-left)
		}
		after = d.name(after, center, c.name, top+tall+16)
	}
	d.rule("axis", 0, top+tall, d.width, top+tall)
	return d.markup()
}

// name writes a name below a place, or as near to it as the edges allow, unless it would begin before after. It returns where the next
// name may begin.
func (d *drawing) name(after, center int, s string, y int) int {
	s = fitted(layout.OneLine(s), d.width)
	wide := room(s)
	left := max(0, min(center-wide/2, d.width-wide))
	if left < after {
		return after
	}
	d.label("soft", middle, left+wide/2, y, s, wide)
	return left + wide + svgGap/2
}

// chartBudget draws how much of an error budget is spent, in thousandths of a minute: hatched is spent. If the budget is overspent, a
// line shows where it ended.
func chartBudget(id, desc string, units int, allowed, spent int64) markup.Markup {
	const top, tall = 6, 22
	d := drawing{id: id, title: "Error budget", desc: desc, width: units, height: top + tall + 26}
	whole := max(allowed, spent, 1)
	gone, edge := share(spent, whole, d.width), share(allowed, whole, d.width)
	d.hatch(0, top, gone, tall)
	d.box("rest", gone, top, edge-gone-1, tall)
	d.rule("axis", 0, top-4, 0, top+tall+4)
	d.rule("limit", edge, top-6, edge, top+tall+6)
	if edge >= svgGap {
		d.words("soft", begins, 0, top+tall+18, "0")
	}
	end := fmt.Sprintf("allowed: %s min", formatThousandths(allowed))
	if edge < d.width/2 {
		d.words("soft", begins, edge+4, top+tall+18, end)
	} else {
		d.words("soft", closes, edge, top+tall+18, end)
	}
	return d.markup()
}

// formatThousandths formats a number of thousandths as an exact decimal.
func formatThousandths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
