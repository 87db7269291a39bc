// Package markup builds HTML and SVG in which text from elsewhere stays text.
//
// Start with [Element] and [Block]. Names of elements and attributes are constants of the program, which the compiler enforces, so text
// that was read can never become one. Each value is escaped for its place: [Text] between tags, [Attribute] in quotes, [Link] as a web
// address, [Fragment] as a place on the same page. No constructor makes a script, an event handler or a style attribute. The only
// ones that take markup as text are [Constant], for constants of the program, and [StyleSheet], for files of the program. What a page is
// about does not belong here.
package markup

import (
	"embed"
	"html"
	"strconv"
	"strings"
)

// constant is a text in the source code: only an untyped constant converts to it outside of this package.
type constant string

// Markup is a piece of a page. The zero value is empty.
type Markup struct{ text string }

// String returns the piece as it is in a file.
func (m Markup) String() string { return m.text }

// Attr is an attribute of an element. The zero value adds nothing.
type Attr struct{ text string }

// Part is an attribute or content of an element. Attributes may come in any place among the content; each group keeps its order.
type Part interface{ part() }

func (Markup) part() {}
func (Attr) part()   {}

// Text returns text as content.
func Text(s string) Markup { return Markup{escaped(s)} }

// Constant returns markup that is written in the program.
func Constant(s constant) Markup { return Markup{string(s)} }

// escaped escapes everything that could end a text or an attribute in double quotes. NUL is not allowed in HTML, so it is replaced.
func escaped(s string) string {
	return html.EscapeString(strings.ReplaceAll(s, "\x00", "\uFFFD"))
}

// Inline joins pieces without a separator.
func Inline(list ...Markup) Markup { return join("", list) }

// Words joins pieces with blanks.
func Words(list ...Markup) Markup { return join(" ", list) }

// Lines joins pieces with line feeds. Use it for any number of pieces; the pieces of a [Block] are on lines of their own anyway.
func Lines(list ...Markup) Markup { return join("\n", list) }

func join(separator string, list []Markup) Markup {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.text
	}
	return Markup{strings.Join(texts, separator)}
}

// Each builds a piece for each item of a list.
func Each[T any](list []T, piece func(T) Markup) []Markup {
	pieces := make([]Markup, len(list))
	for i, each := range list {
		pieces[i] = piece(each)
	}
	return pieces
}

// When returns the piece if holds is true, and nothing otherwise.
func When(holds bool, piece Markup) Markup {
	if holds {
		return piece
	}
	return Markup{}
}

// Element returns an element with its content on one line.
func Element(name constant, parts ...Part) Markup {
	attributes, content := split(parts)
	return Markup{"<" + tag(name) + attributes + ">" + join("", content).text + "</" + string(name) + ">"}
}

// Block returns an element with each piece of its content on a line of its own. Empty pieces get no line.
func Block(name constant, parts ...Part) Markup {
	attributes, content := split(parts)
	var b strings.Builder
	b.WriteString("<" + tag(name) + attributes + ">\n")
	for _, m := range content {
		if m.text != "" {
			b.WriteString(m.text + "\n")
		}
	}
	b.WriteString("</" + string(name) + ">")
	return Markup{b.String()}
}

// Leaf returns an SVG element without content.
func Leaf(name constant, parts ...Part) Markup {
	attributes, _ := split(parts)
	return Markup{"<" + tag(name) + attributes + "/>"}
}

// tag returns the name of an element whose content is escaped like text. That is not enough in scripts and style sheets, so those panic.
func tag(name constant) string {
	switch name {
	case "script", "style", "iframe", "noscript", "template", "textarea", "object", "embed", "plaintext", "xmp", "foreignObject":
		panic("markup: no text is safe in " + string(name))
	}
	return string(name)
}

func split(parts []Part) (attributes string, content []Markup) {
	for _, p := range parts {
		switch p := p.(type) {
		case Attr:
			attributes += p.text
		case Markup:
			content = append(content, p)
		}
	}
	return attributes, content
}

// StyleSheet returns a style element with a file of the program.
func StyleSheet(files embed.FS, path constant) Markup {
	text, err := files.ReadFile(string(path))
	if err != nil || strings.Contains(string(text), "</") {
		panic("markup: no style sheet is in " + string(path))
	}
	return Markup{"<style>\n" + string(text) + "</style>"}
}

// Attribute returns an attribute whose value is plain text, never an address, a style or a script.
func Attribute(name constant, value string) Attr {
	switch name {
	case "class", "id", "dir", "lang", "role", "scope", "datetime", "rel", "tabindex", // HTML's
		"viewBox", "d", "text-anchor", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height": // SVG's
	default:
		if !strings.HasPrefix(string(name), "aria-") && !strings.HasPrefix(string(name), "data-") {
			panic("markup: no text is safe in the attribute " + string(name))
		}
	}
	return Attr{" " + string(name) + `="` + escaped(value) + `"`}
}

// Number returns an attribute whose value is a whole number.
func Number(name constant, n int) Attr { return Attribute(name, strconv.Itoa(n)) }

// Class returns the class attribute with the names that are not empty, or no attribute without any.
func Class(names ...string) Attr {
	var list []string
	for _, n := range names {
		if n != "" {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return Attr{}
	}
	return Attribute("class", strings.Join(list, " "))
}

// Link returns the href attribute for a web address, or no attribute for anything else.
func Link(to string) Attr {
	if !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
		return Attr{}
	}
	return Attr{` href="` + escaped(encoded(to, "!#$&*+,/:;=?@[]")) + `"`}
}

// File returns the href attribute for another file of the same folder, or no attribute for anything but its plain name.
func File(name string) Attr {
	if name == "" || name[0] == '.' || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return Attr{}
	}
	return Attr{` href="` + name + `"`}
}

// Fragment returns the href attribute for an element of the same page by its ID.
func Fragment(id string) Attr { return Attr{` href="#` + encoded(id, "") + `"`} }

// encoded percent-encodes all but letters, digits, -._~ and the reserved characters. If there are reserved characters, existing
// percent-encoding stays.
func encoded(s, reserved string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', strings.IndexByte("-._~", c) >= 0,
			strings.IndexByte(reserved, c) >= 0,
			c == '%' && reserved != "" && isHex(s, i+1) && isHex(s, i+2):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func isHex(s string, i int) bool {
	return i < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[i]) >= 0
}
