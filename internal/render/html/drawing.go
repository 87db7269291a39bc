package html

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// A drawing is measured in units of about one pixel. Text gets more room than the widest of the usual fonts needs, because the reader's
// font is unknown.
const (
	svgNarrow = 300 // a phone, or one column of a page
	svgWide   = 720 // the width of a page
	svgGap    = 16  // between two texts on a line
	svgRow    = 40  // a line of text and a bar below it
	svgBar    = 12
)

// drawing is a chart as inline SVG. All coordinates are whole numbers, and everything is kept inside the drawing, so that no input makes
// a chart that covers something else. It can be read without color: measured values are solid, what they are compared with is hatched,
// and every value is written.
type drawing struct {
	id            string // unique on the page
	title, desc   string // for readers who cannot see it
	width, height int
	parts         []markup.Part
}

// markup returns the element.
func (d *drawing) markup() markup.Markup {
	parts := []markup.Part{
		markup.Attribute("viewBox", fmt.Sprintf("0 0 %d %d", d.width, d.height)), markup.Attribute("role", "img"),
		markup.Attribute("aria-labelledby", d.id+"-title "+d.id+"-desc"),
		markup.Element("title", markup.Attribute("id", d.id+"-title"), markup.Text(layout.OneLine(d.title))),
		markup.Element("desc", markup.Attribute("id", d.id+"-desc"), markup.Text(layout.OneLine(d.desc))),
	}
	return markup.Element("svg", append(parts, d.parts...)...)
}

func (d *drawing) add(m markup.Markup) { d.parts = append(d.parts, m) }

// path adds an SVG path.
func (d *drawing) path(class, points string) {
	d.add(markup.Leaf("path", markup.Class(class), markup.Attribute("d", points)))
}

// clamp returns the number nearest to n from 0 to most.
func clamp(n, most int) int { return max(0, min(n, most)) }

// corners returns the part of a rectangle that is inside.
func (d *drawing) corners(x, y, w, h int) (left, top, right, bottom int) {
	left, top = clamp(x, d.width), clamp(y, d.height)
	return left, top, max(left, clamp(x+w, d.width)), max(top, clamp(y+h, d.height))
}

// box adds a filled rectangle.
func (d *drawing) box(class string, x, y, w, h int) {
	left, top, right, bottom := d.corners(x, y, w, h)
	if left < right && top < bottom {
		d.add(markup.Leaf("rect", markup.Class(class), markup.Number("x", left), markup.Number("y", top),
			markup.Number("width", right-left), markup.Number("height", bottom-top)))
	}
}

// rule adds a line.
func (d *drawing) rule(class string, x1, y1, x2, y2 int) {
	d.add(markup.Leaf("line", markup.Class(class), markup.Number("x1", clamp(x1, d.width)), markup.Number("y1", clamp(y1, d.height)),
		markup.Number("x2", clamp(x2, d.width)), markup.Number("y2", clamp(y2, d.height))))
}

// hatch adds a rectangle with slanted lines.
func (d *drawing) hatch(x, y, w, h int) {
	const step = 6
	left, top, right, bottom := d.corners(x, y, w, h)
	if left >= right || top >= bottom {
		return
	}
	var points strings.Builder
	fmt.Fprintf(&points, "M%d %dH%dV%dH%dZ", left, top, right, bottom, left)
	tall := bottom - top
	for foot := left - tall + step; foot < right; foot += step {
		below, above := max(0, left-foot), max(0, foot+tall-right)
		fmt.Fprintf(&points, "M%d %dL%d %d", foot+below, bottom-below, foot+tall-above, top+above)
	}
	d.path("hatch", points.String())
}

// dot adds a mark with a shape of its own: a full circle, a cross or an open diamond. A mark that would stick out is moved inside.
func (d *drawing) dot(shape string, x, y int) {
	const r = 7
	x, y = max(r, min(x, d.width-r)), max(r, min(y, d.height-r))
	switch shape {
	case "median":
		d.add(markup.Leaf("circle", markup.Class("solid"), markup.Number("cx", x), markup.Number("cy", y), markup.Number("r", 4)))
	case "mean":
		d.path("stroke", fmt.Sprintf("M%d %dL%d %dM%d %dL%d %d", x-5, y-5, x+5, y+5, x-5, y+5, x+5, y-5))
	case "p90":
		d.path("open", fmt.Sprintf("M%d %dL%d %dL%d %dL%d %dZ", x-r, y, x, y-r, x+r, y, x, y+r))
	}
}

// side is where a text is from its point.
type side string

// The sides: the text starts at its point, is centred on it, or ends at it.
const (
	begins side = "start"
	middle side = "middle"
	closes side = "end"
)

// words adds a text with its base line at y. What does not fit between the edges is replaced by an ellipsis.
func (d *drawing) words(class string, at side, x, y int, s string) {
	room := d.width - x
	switch at {
	case closes:
		room = x
	case middle:
		room = 2 * min(x, d.width-x)
	}
	d.label(class, at, x, y, s, room)
}

// label adds a text that fills at most room units.
func (d *drawing) label(class string, at side, x, y int, s string, room int) {
	s = fitted(layout.OneLine(s), room)
	if s == "" || x < 0 || x > d.width || y < svgBar || y > d.height {
		return
	}
	d.add(markup.Element("text", markup.Class(class), markup.Attribute("text-anchor", string(at)), markup.Number("x", x),
		markup.Number("y", y), markup.Text(s)))
}

// pair adds the subject of a row at its left and the value at its right. The value is written in full if that is possible. A reference
// that is too long loses its group first.
func (d *drawing) pair(y int, name, value string) {
	value = fitted(layout.OneLine(value), d.width)
	if slash := strings.LastIndex(name, "/"); room(name) > d.width-room(value)-svgGap {
		name = name[slash+1:]
	}
	d.label("name", begins, 0, y, name, d.width-room(value)-svgGap)
	d.words("value", closes, d.width, y, value)
}

// ends names the ends of an axis that is wide units long. If it is too short for both names, the second one ends beyond it.
func (d *drawing) ends(wide, y int, from, to string) {
	right := clamp(max(wide, room(from)+svgGap+room(to)), d.width)
	d.label("soft", begins, 0, y, from, right/2)
	d.label("soft", closes, right, y, to, right/2)
}

// room returns how many units a text needs in the widest of the usual fonts, in bold.
func room(s string) int {
	n := 0
	for g := displaywidth.StringGraphemes(s); g.Next(); {
		n += advance(g.Value(), g.Width())
	}
	return n
}

func advance(cluster string, cells int) int {
	switch {
	case len(cluster) > 1:
		return 14 * max(cells, 1) // letters of other scripts, and emoji
	case strings.Contains("iljtfr.,:;/'|! ()[]-", cluster):
		return 6
	case strings.Contains("mwMW@%", cluster):
		return 14
	case cluster >= "A" && cluster <= "Z" || strings.Contains("#+<>=~&", cluster):
		return 11
	}
	return 9
}

// fitted cuts a text to a number of units, with an ellipsis where something is left out.
func fitted(s string, units int) string {
	const ellipsis = 14
	if room(s) <= units {
		return s
	}
	filled, end := 0, 0
	for g := displaywidth.StringGraphemes(s); g.Next(); end += len(g.Value()) {
		filled += advance(g.Value(), g.Width())
		if filled+ellipsis > units {
			break
		}
	}
	if end == 0 {
		return ""
	}
	return s[:end] + "…"
}

// share returns part/whole of room. Both may have any value; without a whole it is 0.
func share(part, whole int64, room int) int {
	switch {
	case part <= 0 || whole <= 0 || room <= 0:
		return 0
	case part >= whole:
		return room
	}
	grain := int64(1)
	for whole/grain > 1<<31 { // prevents an overflow, and is far finer than a unit
		grain *= 2
	}
	return int(part / grain * int64(room) / (whole / grain))
}
