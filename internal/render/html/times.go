package html

import (
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// stops are the marks on the axis of durations, at equal distances. Each is three to five times as long as the one before, because some
// incidents take minutes and others days. Between two marks the axis is linear.
var stops = []struct {
	minutes int64
	name    string
}{{0, "0"}, {10, "10m"}, {30, "30m"}, {120, "2h"}, {480, "8h"}, {2880, "2d"}, {14400, "10d"}, {144000, "100d"}}

// target is the index of the stop at the target time to mitigate.
const target = 2

// lastStop returns the index of the first stop that is at least the longest duration. It never leaves the target at the edge.
func lastStop(longest int64) int {
	last := target + 1
	for last < len(stops)-1 && stops[last].minutes*1000 < longest {
		last++
	}
	return last
}

// along returns how far a duration, in thousandths of a minute, is along an axis that ends at a stop. Longer ones are at the end.
func along(length int64, last, room int) int {
	for i := range last {
		from, to := stops[i].minutes*1000, stops[i+1].minutes*1000
		if length < to {
			begin, end := i*room/last, (i+1)*room/last
			return begin + share(length-from, to-from, end-begin)
		}
	}
	return room
}

// lengths holds the spread of one duration in thousandths of a minute; nil without a sample.
type lengths struct {
	name              string
	value             string // the text
	median, mean, p90 *int64
}

// chartTimes draws medians, means and 90th percentiles as marks of three shapes, with a line at 30 minutes.
func chartTimes(id, title, desc string, list []lengths) markup.Markup {
	const inset, foot = 8, 24
	longest := int64(0)
	for _, l := range list {
		for _, at := range []*int64{l.median, l.mean, l.p90} {
			if at != nil {
				longest = max(longest, *at)
			}
		}
	}
	d := drawing{id: id, title: title, desc: desc, width: svgNarrow, height: len(list)*svgRow + foot}
	last, room := lastStop(longest), d.width-2*inset
	for i := range last + 1 {
		x, class := inset+i*room/last, "grid"
		if i == target {
			class = "limit"
		}
		for row := range list {
			d.rule(class, x, row*svgRow+20, x, row*svgRow+36)
		}
		d.tick(i, last, x, len(list)*svgRow+14)
	}
	for i, l := range list {
		top := i * svgRow
		d.pair(top+14, l.name, l.value)
		d.rule("axis", inset, top+28, inset+room, top+28)
		for _, mark := range []struct {
			shape string
			at    *int64
		}{{"p90", l.p90}, {"mean", l.mean}, {"median", l.median}} {
			if mark.at != nil {
				d.dot(mark.shape, inset+along(*mark.at, last, room), top+28)
			}
		}
	}
	return d.markup()
}

// tick writes the name of a stop below its place.
func (d *drawing) tick(i, last, x, y int) {
	class := "soft"
	if i == target {
		class = "name"
	}
	switch i {
	case 0:
		d.words(class, begins, 0, y, stops[i].name)
	case last:
		d.words(class, closes, d.width, y, stops[i].name)
	default:
		d.words(class, middle, x, y, stops[i].name)
	}
}
