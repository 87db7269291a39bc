package html

import (
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// stops are where the axis of a length of time has its marks, in minutes, at equal distances:
// each is some three to five times as long as the one before it, because some incidents take minutes and others days.
// Between two marks it is even.
var stops = []struct {
	minutes int64
	name    string
}{{0, "0"}, {10, "10 min"}, {30, "30 min"}, {120, "2 h"}, {480, "8 h"}, {2880, "2 d"}, {14400, "10 d"}, {144000, "100 d"}}

// promised is the place among the stops of what the team promises to mitigate within.
const promised = 2

// lastStop is the place of the first stop that no length is behind, and never one that leaves the promised time at the edge.
func lastStop(longest int64) int {
	last := promised + 1
	for last < len(stops)-1 && stops[last].minutes*1000 < longest {
		last++
	}
	return last
}

// along is how far a length of time, in thousandths of a minute, is along an axis that ends with a stop; what is longer is at the end.
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

// lengths are the spread of one length of time in thousandths of a minute; nil: there was no sample.
type lengths struct {
	name              string
	value             string // what is written
	median, mean, p90 *int64
}

// chartTimes draws medians, means and ninetieth percentiles as marks of three shapes, with a line at thirty minutes.
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
		if i == promised {
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

// tick is the name of a stop below its place.
func (d *drawing) tick(i, last, x, y int) {
	class := "soft"
	if i == promised {
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
