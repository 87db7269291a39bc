package html

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// layer is one band of a stacked chart, from left to right. The first layer is at the bottom.
type layer struct {
	name    string
	numbers []int
}

// shades is how many bands differ clearly without color. Further ones repeat them.
const shades = 4

// chartAreas draws layers on top of each other over time, such as a cumulative flow diagram. The name and the last number of each layer
// are written beside its end, from the top down. from and to name the ends of the time.
func chartAreas(id, title, desc string, units int, from, to string, layers []layer) markup.Markup {
	const top, tall, foot = 8, 160, 22
	names := max(130, units/4)
	label := func(l layer) string {
		last := 0
		if len(l.numbers) > 0 {
			last = l.numbers[len(l.numbers)-1]
		}
		return fmt.Sprintf("%d %s", last, l.name)
	}
	for _, l := range layers {
		names = max(names, min(24+room(label(l)), units/2))
	}
	d := drawing{id: id, title: title, desc: desc, width: units, height: top + tall + foot}
	wide := d.width - names
	most, points := 1, 0
	for _, l := range layers {
		points = max(points, len(l.numbers))
	}
	sums := make([]int, points)
	for _, l := range layers {
		for n, number := range l.numbers {
			sums[n] += clamp(number, 1<<30)
			most = max(most, sums[n])
		}
	}
	below := make([]int, points)
	for at, l := range layers {
		above := make([]int, points)
		for n := range above {
			above[n] = below[n]
			if n < len(l.numbers) {
				above[n] += clamp(l.numbers[n], 1<<30)
			}
		}
		d.area(fmt.Sprintf("band%d", at%shades), wide, top+tall, tall, most, below, above)
		below = above
	}
	for n, l := range layers {
		row := top + 14 + (len(layers)-1-n)*18
		d.box(fmt.Sprintf("band%d", n%shades), wide+8, row-10, 10, 10)
		d.label("value", begins, wide+24, row, label(l), names-24)
	}
	d.rule("axis", 0, top+tall, wide, top+tall)
	d.ends(wide, top+tall+16, from, to)
	return d.markup()
}

// area fills the space between two lines over the same places, measured up from foot. most is at the height tall.
func (d *drawing) area(class string, wide, foot, tall, most int, below, above []int) {
	if len(above) == 0 {
		return
	}
	var points strings.Builder
	place := func(n, number int) {
		letter := "L"
		if points.Len() == 0 {
			letter = "M"
		}
		x := share(int64(n), int64(max(len(above)-1, 1)), wide)
		fmt.Fprintf(&points, "%s%d %d", letter, x, clamp(foot-share(int64(number), int64(most), tall), d.height))
	}
	for n, number := range above {
		place(n, number)
	}
	if len(above) == 1 {
		fmt.Fprintf(&points, "H%d", wide)
	}
	for n := len(below) - 1; n >= 0; n-- {
		place(n, below[n])
	}
	points.WriteByte('Z')
	d.path(class, points.String())
}

// spot is a point of a scatter plot: minutes from the left end, and a length in minutes.
type spot struct{ at, length int }

// limit is a named line across a scatter plot.
type limit struct {
	name   string
	length int
}

// chartScatter draws lengths over the time at which they ended, with lines that most of them are below.
func chartScatter(id, title, desc string, units, minutes int, from, to string, spots []spot, limits []limit) markup.Markup {
	const top, tall, foot, names = 12, 160, 22, 110
	d := drawing{id: id, title: title, desc: desc, width: units, height: top + tall + foot}
	wide, longest := d.width-names, 1
	for _, s := range spots {
		longest = max(longest, s.length)
	}
	for _, l := range limits {
		longest = max(longest, l.length)
	}
	height := func(length int) int { return top + tall - share(int64(length), int64(longest), tall) }
	after := d.height
	for _, l := range limits {
		y := height(l.length)
		d.rule("limit", 0, y, wide, y)
		if at := min(y+4, after-14); at > top {
			d.label("value", begins, wide+8, at, l.name, names-8)
			after = at
		}
	}
	for _, s := range spots {
		d.dot("median", min(share(int64(s.at), int64(max(minutes, 1)), wide), wide), height(s.length))
	}
	d.rule("axis", 0, top+tall, wide, top+tall)
	d.ends(wide, top+tall+16, from, to)
	return d.markup()
}
