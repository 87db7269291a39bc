package html

import (
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// maxStrips is the number of rows in a shift's timeline.
const maxStrips = 24

// strip is a period of a shift, in minutes from its start. It may start before the shift, and end after it.
type strip struct {
	name, value string
	from, to    int
	ongoing     bool // not over
	planned     bool // a window in the future
}

// tick is a name on the axis of a shift, at minutes from its start.
type tick struct {
	at   int
	name string
}

// chartShift draws periods over the hours of a shift: solid while ongoing, hatched when over, outlined when planned. now is the time of
// the report; outside the shift it is not drawn.
func chartShift(id, desc string, units, minutes, now int, ticks []tick, list []strip) markup.Markup {
	const foot = 22
	list = list[:min(len(list), maxStrips)]
	minutes = max(minutes, 1)
	d := drawing{id: id, title: "Shift timeline", desc: desc, width: units, height: len(list)*svgRow + foot}
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

// strip draws one row. Even an instant is wide enough to be seen.
func (d *drawing) strip(top, left, right int, s strip) {
	const least = 4
	d.box("mask", 0, top+1, d.width, 18) // the lines of the hours continue below the text
	d.pair(top+14, s.name, s.value)
	if right-left < least {
		left = min(left, d.width-least)
		right = left + least
	}
	switch {
	case s.planned:
		d.box("outline", left+1, top+21, right-left-2, svgBar-2)
	case s.ongoing:
		d.box("solid", left, top+20, right-left, svgBar)
	default:
		d.hatch(left, top+20, right-left, svgBar)
	}
}
