package html

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/markup"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// burndown is a chart of the minutes that remain of an error budget. Places are minutes after the start of the window, heights thousandths
// of a minute.
type burndown struct {
	points  []place // straight between them; the last one is now
	reaches place   // the end of the projection; equal to the last point: none
	whole   int     // minutes from the left to the right end
	end     string  // the instant of the right end
}

type place struct {
	at   int
	left int64
}

// newBurndown reads the steps of an account. ok is false if one of them cannot be read.
func newBurndown(doc jsonv1.Budget, a jsonv1.BudgetAccount) (c burndown, ok bool) {
	c.end = doc.To
	for _, s := range a.Steps {
		at, known := minutesBetween(doc.From, s.At)
		left, number := parseThousandths(s.Remaining)
		if !known || !number {
			return c, false
		}
		c.points = append(c.points, place{at, left})
	}
	if len(c.points) == 0 {
		return c, false
	}
	now := c.points[len(c.points)-1]
	c.reaches = now
	if at, known := minutesBetween(doc.From, a.SpentAt); known && a.Projected {
		c.reaches = place{at, 0}
	} else if end, known := minutesBetween(doc.From, doc.To); known && now.at > 0 && doc.Window != "" && !rolling(doc.Window) {
		c.reaches = place{end, now.left - (c.points[0].left-now.left)*int64(end-now.at)/int64(now.at)}
	}
	c.whole, _ = minutesBetween(doc.From, doc.To)
	if c.reaches.at > c.whole {
		c.whole, c.end = c.reaches.at, a.SpentAt
	}
	return c, c.whole > 0
}

// rolling reports whether a window is a number of days.
func rolling(window string) bool { return strings.HasSuffix(window, "d") }

// draw draws the chart. from and to name its ends.
func (c burndown) draw(id, desc string, units int, from, to string) markup.Markup {
	const top, tall, foot = 18, 170, 22
	d := drawing{id: id, title: "Burn-down of the error budget", desc: desc, width: units, height: top + tall + foot}
	now := c.points[len(c.points)-1]
	label := formatThousandths(now.left) + " left"
	if now.left < 0 {
		label = formatThousandths(-now.left) + " over"
		if room(label) > units/2-8 {
			label = formatThousandths(-now.left/1000*1000) + " over" // the exact number is below the chart
		}
	}
	names := max(100, units/6, min(room(label)+8, units/2))
	wide := d.width - names
	most, least := max(c.points[0].left, 1), int64(0)
	for _, p := range append(c.points, c.reaches) {
		most, least = max(most, p.left), min(least, p.left)
	}
	x := func(p place) int { return share(int64(p.at), int64(c.whole), wide) }
	y := func(left int64) int { return top + share(most-left, most-least, tall) }
	var line, below strings.Builder
	for n, p := range c.points {
		letter := "L"
		if n == 0 {
			letter = "M"
			fmt.Fprintf(&below, "M%d %d", x(p), y(0))
		}
		fmt.Fprintf(&line, "%s%d %d", letter, x(p), y(p.left))
		fmt.Fprintf(&below, "L%d %d", x(p), y(max(p.left, 0)))
	}
	fmt.Fprintf(&below, "L%d %dZ", x(now), y(0))
	d.path("band3", below.String())
	d.path("stroke", line.String())
	if c.reaches != now {
		d.path("outline", fmt.Sprintf("M%d %dL%d %d", x(now), y(now.left), x(c.reaches), y(c.reaches.left)))
	}
	d.rule("limit", 0, y(0), wide, y(0))
	d.rule("axis", 0, top, 0, top+tall)
	d.dot("median", x(now), y(now.left))
	d.label("soft", begins, 4, top-5, formatThousandths(c.points[0].left)+" min", wide)
	if rest := y(now.left) + 4; rest < y(0)-10 || rest > y(0)+18 || now.left <= 0 {
		d.label("soft", begins, wide+8, y(0)+4, "0", names-8)
	}
	beside := y(now.left) + 4
	if now.left <= 0 && beside < y(0)+18 {
		beside = y(0) + 18
	}
	d.label("value", begins, wide+8, min(beside, top+tall+4), label, names-8)
	d.ends(wide, top+tall+16, from, to)
	return d.markup()
}
