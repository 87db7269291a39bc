package html

import (
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// mostStrips is how many rows the strip of a shift has.
const mostStrips = 24

// strip is a time in a shift, in minutes from its beginning. It may begin before the shift, and end after it.
type strip struct {
	name, value string
	from, to    int
	goesOn      bool // it has not ended
	planned     bool // it is a window and has not happened
}

// tick is a name on the axis of a shift, at minutes from its beginning.
type tick struct {
	at   int
	name string
}

// chartShift draws times over the hours of a shift of some minutes: solid while something goes on, hatched when it is over,
// outlined when it is planned. now is where the report was made; outside of the shift it is not drawn.
func chartShift(id, desc string, units, minutes, now int, ticks []tick, list []strip) markup.Markup {
	const foot = 22
	list = list[:min(len(list), mostStrips)]
	minutes = max(minutes, 1)
	d := drawing{id: id, title: "The shift by the hour", desc: desc, width: units, height: len(list)*svgRow + foot}
	at := func(minute int) int { return share(int64(minute), int64(minutes), d.width) }
	after := 0
	for _, t := range ticks {
		d.rule("grid", at(t.at), 0, at(t.at), len(list)*svgRow+4)
		after = d.name(after, at(t.at), t.name, len(list)*svgRow+18)
	}
	if now > 0 && now < minutes {
		d.rule("limit", at(now), 0, at(now), len(list)*svgRow+4)
	}
	for i, s := range list {
		d.strip(i*svgRow, at(s.from), at(s.to), s)
	}
	d.rule("axis", 0, len(list)*svgRow+4, d.width, len(list)*svgRow+4)
	return d.markup()
}

// strip is one row. Even a moment is wide enough to be seen.
func (d *drawing) strip(top, left, right int, s strip) {
	const least = 4
	d.box("mask", 0, top+1, d.width, 18) // the lines of the hours go on below the text
	d.pair(top+14, s.name, s.value)
	if right-left < least {
		left = min(left, d.width-least)
		right = left + least
	}
	switch {
	case s.planned:
		d.box("outline", left+1, top+21, right-left-2, svgBar-2)
	case s.goesOn:
		d.box("solid", left, top+20, right-left, svgBar)
	default:
		d.hatch(left, top+20, right-left, svgBar)
	}
}
