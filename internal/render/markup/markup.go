// Package markup builds HTML and SVG in which text from elsewhere stays text.
//
// Start with [Element] and [Block]. Names of elements and attributes are constants of the program, which the compiler checks:
// text that is read cannot become one. Each value is escaped for the place where it stands:
// [Text] between tags, [Attribute] in quotes, [Link] as an address that may be followed, [Fragment] as a place on the same page.
// There is no constructor for a script, an event handler or a style attribute, and none that takes markup as text but [Constant],
// which takes constants alone, and [StyleSheet], which reads files that are part of the program. Nothing here knows what a page is about.
package markup

import (
	"embed"
	"html"
	"strconv"
	"strings"
)

// constant is a text that stands in the source: an untyped constant converts to it, and outside of this package nothing else does.
type constant string

// Markup is a piece of a page. The zero value is nothing.
type Markup struct{ text string }

// String is the piece as it stands in a file.
func (m Markup) String() string { return m.text }

// Attr is an attribute of an element. The zero value is none.
type Attr struct{ text string }

// Part is what an element is made of: attributes and content, in any order; attributes keep theirs.
type Part interface{ part() }

func (Markup) part() {}
func (Attr) part()   {}

// Text is text as content.
func Text(s string) Markup { return Markup{escaped(s)} }

// Constant is markup that is written in the program.
func Constant(s constant) Markup { return Markup{string(s)} }

// escaped is a text with nothing in it that ends a text or an attribute in double quotes. A null character is none of HTML's.
func escaped(s string) string {
	return html.EscapeString(strings.ReplaceAll(s, "\x00", "\uFFFD"))
}

// Inline are pieces one after the other.
func Inline(list ...Markup) Markup { return join("", list) }

// Words are pieces with a blank between them.
func Words(list ...Markup) Markup { return join(" ", list) }

// Lines are pieces on lines of their own. A [Block] has lines; this is for those of which there may be any number.
func Lines(list ...Markup) Markup { return join("\n", list) }

func join(separator string, list []Markup) Markup {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.text
	}
	return Markup{strings.Join(texts, separator)}
}

// Each makes a piece of each thing of a list.
func Each[T any](list []T, piece func(T) Markup) []Markup {
	pieces := make([]Markup, len(list))
	for i, each := range list {
		pieces[i] = piece(each)
	}
	return pieces
}

// When is the piece where something holds, and nothing elsewhere.
func When(holds bool, piece Markup) Markup {
	if holds {
		return piece
	}
	return Markup{}
}

// Element is an element with its content on one line.
func Element(name constant, parts ...Part) Markup {
	attributes, content := split(parts)
	return Markup{"<" + tag(name) + attributes + ">" + join("", content).text + "</" + string(name) + ">"}
}

// Block is an element with each piece of its content on a line of its own; those that are nothing have none.
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

// Leaf is an element of SVG without content.
func Leaf(name constant, parts ...Part) Markup {
	attributes, _ := split(parts)
	return Markup{"<" + tag(name) + attributes + "/>"}
}

// tag is the name of an element whose content is escaped as text is. In scripts and style sheets it is not, so that they are none.
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

// StyleSheet is a style element with a file of the program.
func StyleSheet(files embed.FS, path constant) Markup {
	text, err := files.ReadFile(string(path))
	if err != nil || strings.Contains(string(text), "</") {
		panic("markup: no style sheet is in " + string(path))
	}
	return Markup{"<style>\n" + string(text) + "</style>"}
}

// Attribute is an attribute whose value is text and nothing else: not an address, a style or a script.
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

// Number is an attribute whose value is a whole number.
func Number(name constant, n int) Attr { return Attribute(name, strconv.Itoa(n)) }

// Class is the attribute of that name, with those classes that are not empty. Without any there is no attribute.
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

// Link is the address that an element leads to. What is no address of the web leads nowhere: there is no attribute.
func Link(to string) Attr {
	if !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
		return Attr{}
	}
	return Attr{` href="` + escaped(encoded(to, "!#$&*+,/:;=?@[]")) + `"`}
}

// Fragment leads to an element of the same page by its id.
func Fragment(id string) Attr { return Attr{` href="#` + encoded(id, "") + `"`} }

// encoded has what is no part of an address in percent-encoding: all but letters, digits, -._~ and the characters of reserved.
// With those, what is encoded already stays as it is.
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
