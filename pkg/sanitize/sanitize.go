// Package sanitize makes text from other people safe to show on a terminal.
//
// A title may contain escape sequences that recolor text, move the cursor or set the window title, marks that change the direction of
// what follows, and invisible characters. Each becomes something readable that does nothing: [Line] for a cell or a message of one line,
// [Text] for several lines. It is a package of its own because the terminal's streams and the views both need it and may not import each
// other. What is safe in Markdown, CSV or text for GitLab is not decided here.
package sanitize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line without anything that a terminal acts on. Control characters become their pictures (␛ for escape, ␊ for a
// line feed), other invisible characters their number (<U+202E>), and invalid UTF-8 becomes U+FFFD. Joiners stay where they join: in
// emoji and in scripts that need them. A zero-width space right after an @ is dropped: it is invisible, and prodctl uses it to keep
// GitLab from reading a mention. Private-use characters mean nothing outside one font and are shown as numbers too.
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

// Text is like [Line] for several lines: line feeds stay, other line ends become line feeds, and a tab becomes four spaces.
func Text(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Line(line)
	}
	return strings.Join(lines, "\n")
}

// Hidden reports whether a terminal would act on r or show nothing for it, wherever it is. Joiners count as hidden: whether one may stay
// depends on its neighbours, which [Line] looks at.
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

// plain reports whether s is printable ASCII, which is the common case.
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
	case prev == '@' && r == '\u200b': // prodctl's own protection against mentions
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

// joins reports whether r is a zero-width joiner or non-joiner between two characters that it can act on.
func joins(prev, r, next rune) bool {
	return (r == '\u200c' || r == '\u200d') && joinable(prev) && joinable(next)
}

// joinable reports whether r is a letter or mark beyond Latin, Greek and Cyrillic, or an emoji.
func joinable(r rune) bool {
	return r >= 0x0590 && r != utf8.RuneError && !Hidden(r) && !unicode.IsSpace(r)
}
