package fakegitlab

import (
	"html"
	"strconv"
)

// writeLabelDetails is a label inside another object.
func writeLabelDetails(e *enc, l *label) {
	e.open('{')
	e.num("id", l.id)
	e.str("name", l.name)
	e.strOrNull("description", l.description)
	e.str("description_html", htmlText(l.description))
	e.str("text_color", textColor(l.color))
	e.str("color", l.color)
	e.bool("archived", false)
	e.shut('}')
}

// htmlText is a description as HTML; label descriptions are one line without Markdown.
func htmlText(text string) string { return html.EscapeString(text) }

// textColor is white on dark colours and nearly black on light ones.
func textColor(color string) string {
	if len(color) != 7 {
		return "#FFFFFF"
	}
	rgb, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return "#FFFFFF"
	}
	if rgb>>16&255+rgb>>8&255+rgb&255 > 500 {
		return "#1F1E24"
	}
	return "#FFFFFF"
}
