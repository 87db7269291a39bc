// Package sanitize makes text that somebody else wrote safe to show on a terminal.
//
// A title may hold escape sequences that recolour, move the cursor or retitle the window, marks that turn the
// direction of what follows, and characters that cannot be seen. Here each of these becomes something that can be
// read and does nothing: [Line] for a cell or a message of one line, [Text] for more lines.
// It is a package of its own because the terminal's streams and the views both need it and may not know each other.
// What is safe inside Markdown, CSV or GitLab's own text is not decided here.
package sanitize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line without anything that a terminal acts on. Controls become their pictures (␛ for escape,
// ␊ for a line feed), other characters that cannot be seen become their number (<U+202E>),
// and bytes that are no UTF-8 become U+FFFD. Joiners stay where they join: in emoji and in scripts that need them.
// A zero-width space right after an @ is left out: it changes nothing of what is seen,
// and is how GitLab is kept from taking a name for a mention. Private-use characters have no meaning outside one font and are shown as
// numbers too.
func Line(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	prev := rune(0)
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		next, _ := utf8.DecodeRuneInString(s)
		writeRune(&b, prev, r, next)
		prev = r
	}
	return b.String()
}

// Text is like [Line] for text of several lines: line feeds stay, the other line ends become line feeds,
// and a tab becomes four spaces.
func Text(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Line(line)
	}
	return strings.Join(lines, "\n")
}

// Hidden reports whether a terminal would act on r or show nothing for it, wherever it stands.
// Joiners count as hidden: whether one may stay depends on its neighbours, which [Line] looks at.
func Hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0xa0:
		return false
	case r == '\u034f', r >= 0xe0100 && r <= 0xe01ef: // grapheme joiner, variation selectors of the supplement
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// plain holds for printable ASCII, which is most of what there is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func writeRune(b *strings.Builder, prev, r, next rune) {
	switch {
	case prev == '@' && r == '\u200b': // by which prodctl itself keeps a name from being a mention
	case !Hidden(r) || joins(prev, r, next):
		b.WriteRune(r)
	case r < 0x20:
		b.WriteRune('\u2400' + r) // control pictures
	case r == 0x7f:
		b.WriteRune('\u2421')
	default:
		fmt.Fprintf(b, "<U+%04X>", r)
	}
}

// joins holds for a zero-width joiner or non-joiner between two characters that it can act on.
func joins(prev, r, next rune) bool {
	return (r == '\u200c' || r == '\u200d') && joinable(prev) && joinable(next)
}

// joinable holds for letters and marks beyond Latin, Greek and Cyrillic, and for emoji.
func joinable(r rune) bool {
	return r >= 0x0590 && r != utf8.RuneError && !Hidden(r) && !unicode.IsSpace(r)
}
